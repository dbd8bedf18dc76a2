"""Doors of sessions: where one is signed in, ending it there, and confirming that one is who one is."""

from dataclasses import replace

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, session, url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts import carrying, fresh, second_factor, sessions, signin
from forum.accounts.doors import open_to
from forum.accounts.forms import CarryingForm, ConfirmForm
from forum.accounts.policy import members
from forum.accounts.views import signed_out
from forum.db import now, writing
from forum.errors import Refused
from forum.events import Event, record
from forum.forms import Form, answered, is_number
from forum.web import inner

bp = Blueprint("sessions", __name__, url_prefix="/accounts")


@bp.route("/sessions", methods=["GET", "POST"])
@open_to(members, keeps_text=True)
@fresh.needed("POST")
def index() -> AnyResponse:
    """List where one is signed in; end one session, all others, or all."""
    form = Form()
    if form.is_ours():
        try:
            return _end(request.form.get("end", ""))
        except Refused as error:
            form.take(error)
    limits = sessions.limits_of(current_user)
    page = render_template(
        "accounts/sessions.html",
        form=form,
        rows=sessions.open_of(current_user),
        here=g.here.id,
        idle=format_timedelta(limits.idle, threshold=1),
        absolute=format_timedelta(limits.absolute, threshold=1),
    )
    return make_response(page, form.status)


@bp.route("/confirm", methods=["GET", "POST"])
@open_to(members, keeps_text=True)
def confirm() -> AnyResponse:
    """Prove that it is still oneself, then go on to what was asked for."""
    form = ConfirmForm()
    if form.is_sent():
        try:
            _prove(form)
            return onward(form)
        except Refused as error:
            form.take(error)
    return answered(form, fresh.page(form))


def _end(which: str) -> AnyResponse:
    """End what a button says."""
    token = session["sid"]
    if which not in {"all", "others"} and not is_number(which):
        raise Refused(_("The form does not say what you want. Please go back and press its button."))
    with writing():
        if which == "all":
            sessions.end_all(current_user)
        elif which == "others":
            sessions.end_others(current_user, token)
        else:
            sessions.end_one(current_user, int(which))
        record(Event.SESSION_ENDED, current_user, by=current_user)
    if which in {"all", str(g.here.id)}:
        return signed_out()
    flash(_("Signed out there."))
    return redirect(url_for("sessions.index"), 303)


def _prove(form: ConfirmForm) -> None:
    """Take the password, and the code of who has an app."""
    user = current_user._get_current_object()
    if user.second_factor_at and not form.code.data:
        raise Refused(_("Please fill this in."), "code")
    proven = signin.prove(user, form.current.data)
    with writing():
        token = signin.confirm(user, session["sid"], proven, form.code.data)
    if not token:
        raise Refused(second_factor.wrong_code_message(), "code")
    go_on(token)


def go_on(token: str) -> None:
    """Let this session, whose person has just proven who they are, go on under another token."""
    session["sid"] = token
    session["seen"] = int(now().timestamp())
    g.here = replace(g.here, confirmed_at=now())


def onward(form: CarryingForm) -> AnyResponse:
    """Show the form that was sent, filled in, else what was to be read."""
    shown: Response | None = None
    if form.carried.data:
        flash(_("Confirmed. Nothing has been done yet: please press the button once more."))
        shown = carrying.resume(form.carried.data)
    return shown or redirect(inner(form.next.data) or url_for("accounts.settings"), 303)
