"""Doors of the notices."""

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.doors import open_to
from forum.accounts.policy import members
from forum.db import writing
from forum.errors import NotHere
from forum.forms import number_in_address
from forum.moderation import statements
from forum.notifications import follow_queries, follows, queries
from forum.notifications.notices import mark_read

bp = Blueprint("notifications", __name__, url_prefix="/notifications")


@bp.get("")
@open_to(members)
def index() -> str:
    """Show what a member was told."""
    page = number_in_address("page", 1)
    notices, has_next = queries.notices(current_user, page)
    if page > 1 and not notices:
        raise NotHere
    followed = follow_queries.followed(current_user) if page == 1 else []
    told = statements.of_all(notice.decision for notice in notices if notice.decision)
    return render_template(
        "notifications/index.html",
        notices=notices,
        followed=followed,
        statements=told,
        page=page,
        has_next=has_next,
    )


@bp.post("/read")
@open_to(members)
def read() -> AnyResponse:
    """Mark all notices as read."""
    with writing():
        mark_read(current_user)
        follows.mark_seen(current_user)
    return redirect(url_for("notifications.index"), 303)
