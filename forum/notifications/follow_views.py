"""Doors of following."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.doors import open_to
from forum.accounts.policy import members
from forum.db import writing
from forum.debates.queries import by_slug, reply_by_id
from forum.errors import Refused
from forum.notifications import follows

bp = Blueprint("follows", __name__)


@bp.post("/debates/<slug:slug>/follow")
@open_to(members)
def debate(slug: str) -> AnyResponse:
    """Follow a debate, or no longer."""
    found = by_slug(slug)
    if found is None:
        abort(404)
    with writing():
        if _wanted():
            follows.follow(current_user, found)
        else:
            follows.unfollow(current_user, found)
    _say()
    return redirect(url_for("debates.show", slug=slug), 303)


@bp.post("/replies/<id:reply_id>/follow")
@open_to(members)
def thread(reply_id: int) -> AnyResponse:
    """Follow the thread below a reply, or no longer."""
    root = reply_by_id(reply_id)
    if root is None or root.parent_id is not None or not (root.is_public or root.is_tombstone):
        abort(404)
    place = url_for("debates.show_reply", slug=root.debate.slug, reply_id=reply_id)
    with writing():
        if _wanted():
            follows.follow(current_user, root.debate, root)
        else:
            follows.unfollow(current_user, root.debate, root)
    _say()
    return redirect(place, 303)


def _wanted() -> bool:
    wish = request.form.get("follow")
    if wish not in {"1", "0"}:
        raise Refused(_("The form does not say what you want. Please go back and press its button."))
    return wish == "1"


def _say() -> None:
    flash(_("You follow it; what is new stands under Notices.") if _wanted() else _("You follow it no longer."))
