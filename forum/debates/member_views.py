"""Doors of a name: everything that is public under it, and muting it for oneself."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.doors import open_to
from forum.accounts.policy import everyone, members
from forum.db import writing
from forum.debates import member_queries, mutes
from forum.debates.bylines import find
from forum.errors import there
from forum.forms import LARGEST_ID, number_in_address, wish
from forum.web import inner

bp = Blueprint("members", __name__)


@bp.get("/people/<name:name>")
@open_to(everyone, is_kept=True)
def show(name: str) -> str | AnyResponse:
    """Show what was published under a name; a name that nothing is published under is no page."""
    page = there(member_queries.page(name, number_in_address("before", LARGEST_ID)))
    if page.byline.name != name:
        return redirect(url_for("members.show", name=page.byline.name))
    return render_template("debates/member.html", page=page, member=page.byline)


@bp.post("/people/<name:name>/mute")
@open_to(members)
def mute(name: str) -> AnyResponse:
    """Fold the words under a name for the one who asks, or unfold them."""
    byline, is_to_fold = there(find(name)), wish("mute")
    with writing():
        (mutes.mute if is_to_fold else mutes.unmute)(byline, by=current_user)
    if is_to_fold:
        flash(_("What %(name)s writes is folded for you.", name=byline.name))
    else:
        flash(_("What %(name)s writes is shown again.", name=byline.name))
    return redirect(inner(request.form.get("next")) or url_for("accounts.settings"), 303)
