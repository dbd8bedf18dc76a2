"""Doors of following."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.doors import open_to
from forum.accounts.policy import members
from forum.db import writing
from forum.debates.addresses import debate_at
from forum.debates.queries import reply_by_id
from forum.errors import NotHere, there
from forum.forms import wish
from forum.notifications import follows
from forum.web import inner

bp = Blueprint("follows", __name__)


@bp.post("/debates/<slug:slug>/follow")
@open_to(members)
def debate(slug: str) -> AnyResponse:
    """Follow a debate, or no longer."""
    found, is_wanted = debate_at(slug), wish("follow")
    with writing():
        if is_wanted:
            follows.follow(current_user, found)
        else:
            follows.unfollow(current_user, found)
    return _back(url_for("debates.show", slug=slug), is_wanted)


@bp.post("/replies/<id:reply_id>/follow")
@open_to(members)
def thread(reply_id: int) -> AnyResponse:
    """Follow the thread below a reply, or no longer; what is followed can be let go of when it is public no more."""
    root, is_wanted = there(reply_by_id(reply_id)), wish("follow")
    is_there = root.parent_id is None and (root.is_public or root.is_tombstone)
    with writing():
        if is_wanted and is_there:
            follows.follow(current_user, root.debate, root)
        elif is_wanted or not (follows.unfollow(current_user, root.debate, root) or is_there):
            raise NotHere
    return _back(url_for("debates.show_reply", slug=root.debate.slug, reply_id=reply_id), is_wanted)


def _back(place: str, is_wanted: bool) -> AnyResponse:
    """Return to the page on which the button stood."""
    flash(_("You follow it; what is new stands under Notices.") if is_wanted else _("You follow it no longer."))
    return redirect(inner(request.form.get("next")) or place, 303)
