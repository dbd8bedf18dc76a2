"""Doors of a member: everything that is public under their name, and muting it for oneself."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts import mutes
from forum.accounts.doors import open_to
from forum.accounts.policy import everyone, members
from forum.accounts.signin import find
from forum.db import writing
from forum.debates import member_queries
from forum.errors import there
from forum.forms import LARGEST_ID, number_in_address, wish
from forum.web import inner

bp = Blueprint("members", __name__)


@bp.get("/people/<name:name>")
@open_to(everyone, is_kept=True)
def show(name: str) -> str | AnyResponse:
    """Show what a member has published; a name that nothing is published under is no page."""
    page = there(member_queries.page(name, number_in_address("before", LARGEST_ID)))
    if page.member.name != name:
        return redirect(url_for("members.show", name=page.member.name))
    return render_template("debates/member.html", page=page, member=page.member)


@bp.post("/people/<name:name>/mute")
@open_to(members)
def mute(name: str) -> AnyResponse:
    """Fold a member's words for the one who asks, or unfold them."""
    person, is_to_fold = there(find(name)), wish("mute")
    with writing():
        (mutes.mute if is_to_fold else mutes.unmute)(person, by=current_user)
    if is_to_fold:
        flash(_("What %(name)s writes is folded for you.", name=person.name))
    else:
        flash(_("What %(name)s writes is shown again.", name=person.name))
    return redirect(inner(request.form.get("next")) or url_for("accounts.settings"), 303)
