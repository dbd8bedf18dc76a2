"""Every route says to whom it is open; one that does not is closed."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, abort, current_app, request
from flask_babel import gettext as _
from flask_login import current_user

from forum.accounts import limits
from forum.accounts.policy import everyone, lacks_second_factor, leads, moderators
from forum.db import writing
from forum.errors import NotAllowed
from forum.events import Event, record
from forum.extensions import csrf

Permission = Callable[[Any], bool]
SAFE = {"GET", "HEAD", "OPTIONS"}
NOTED_PER_HOUR = 5  # refusals of one member


def open_to(
    permission: Permission,
    *,
    keeps_text: bool = False,
    in_vain: Callable[..., Response | None] | None = None,
    from_elsewhere: bool = False,
    is_kept: bool = False,
) -> Callable[[Any], Any]:
    """Mark a view as open to those whom `permission` lets in.

    `keeps_text`: the view's own form checks the token, so that an old page is shown again with
    what was typed; and a form sent by somebody signed out is carried through sign-in. `in_vain`, called
    like the view, answers instead where signing in would not help them. `from_elsewhere`: other sites may send
    its form, as mail programs do. `is_kept`: what it answers to somebody without a session is the same
    for everybody, and depends only on what `versions` knows of.
    """

    def mark(view: Any) -> Any:
        view.door, view.keeps_text, view.in_vain, view.from_elsewhere = permission, keeps_text, in_vain, from_elsewhere
        view.is_kept = is_kept
        return view

    return mark


def init_app(app: Flask) -> None:
    """Guard every request to `app`."""
    app.before_request(_guard)


def _guard() -> Response | None:
    view: Any = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static":
        return None  # 404, 405 and files that are for all
    door: Permission | None = getattr(view, "door", None)
    if door is None:
        abort(403)
    keeps_text = view.keeps_text
    if door is not everyone and not door(current_user):
        if door in {moderators, leads} and lacks_second_factor(current_user):
            set_up: Callable[[bool], Response] = current_app.extensions["ask_to_set_up"]
            return set_up(keeps_text and request.method not in SAFE)
        if current_user.is_authenticated:
            _note_refusal()
            raise NotAllowed(_("This page is for other people than you."))
        answer: Response | None = view.in_vain(**(request.view_args or {})) if view.in_vain else None
        ask: Callable[[bool], Response] = current_app.extensions["ask_to_sign_in"]
        return answer or ask(keeps_text and request.method not in SAFE)
    if request.method not in SAFE and not keeps_text:
        csrf.protect()
    return None


def _note_refusal() -> None:
    """Note who has sent something to a door that is shut to them; a few an hour, so that nobody fills the table.

    Who only looks leaves no row: that a page was refused stands in the log of requests, without the person.
    """
    if request.method not in SAFE and limits.count_of_member(current_user.id, "refused", NOTED_PER_HOUR) == 0:
        with writing():
            record(Event.ACCESS_REFUSED, current_user, by=current_user, room=request.blueprint)
