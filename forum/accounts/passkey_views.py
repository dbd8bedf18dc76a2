"""Doors of passkeys: to sign in with one, to add and to remove them. All need a script, and nothing else does."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts import fresh, passkeys, session_views, sessions, signin
from forum.accounts.doors import open_to
from forum.accounts.entering import enter, onward, present, site, step_page, who_steps
from forum.accounts.factor_views import removal_refused, set_up_page
from forum.accounts.forms import AppForm, CarryingForm, ConfirmForm, PasskeyForm, SignInForm, StepForm
from forum.accounts.models import User
from forum.accounts.passkeys import Challenge
from forum.accounts.policy import everyone, members
from forum.db import writing
from forum.errors import Refused
from forum.forms import answered

bp = Blueprint("passkeys", __name__, url_prefix="/accounts")


@bp.post("/sign-in/passkey/options")
@open_to(everyone)
def sign_in_options() -> Response:
    """Give the browser what it needs to ask for a passkey: of who has passed the first step, else of anybody."""
    found = who_steps()
    return _json(passkeys.options_to_sign_in(_new_challenge(), site(), found[0] if found else None))


@bp.post("/sign-in/passkey")
@open_to(everyone, keeps_text=True)
def sign_in() -> AnyResponse:
    """Sign in with a passkey, alone or as the second step."""
    form = PasskeyForm()
    found = who_steps()
    if form.is_sent():
        try:
            user, token = _with_passkey(form.credential.data, found[0] if found else None)
            enter(user, token, stay=found[1] if found else bool(form.stay.data))
            return onward(form.carried.data, form.next.data)
        except Refused as error:
            form.take(error)
    return _again(form, found[0] if found else None)


@bp.post("/confirm/passkey/options")
@open_to(members)
def confirm_options() -> Response:
    """Give the browser what it needs to ask for a passkey of who is signed in."""
    return _json(passkeys.options_to_sign_in(_new_challenge(), site(), current_user))


@bp.post("/confirm/passkey")
@open_to(members, keeps_text=True)
def confirm() -> AnyResponse:
    """Take a passkey as the proof that it is still oneself."""
    form = PasskeyForm()
    if form.is_sent():
        try:
            session_views.go_on(_confirmed(form.credential.data))
            return session_views.onward(form)
        except Refused as error:
            form.take(error)
    again = ConfirmForm({"carried": form.carried.data, "next": form.next.data}, fresh=True)
    again.problems, again.status = [*form.problems, *form.credential.errors], form.status
    return answered(again, fresh.page(again))


@bp.post("/passkeys/options")
@open_to(members)
@fresh.needed("POST")
def options() -> Response:
    """Give the browser what it needs to make a new passkey."""
    return _json(passkeys.options_to_add(current_user, _new_challenge(), site()))


@bp.post("/passkeys")
@open_to(members, keeps_text=True)
@fresh.needed("POST")
def add() -> AnyResponse:
    """Add the passkey that the browser has made."""
    form = PasskeyForm()
    if form.is_sent():
        try:
            return _added(form)
        except Refused as error:
            form.take(error)
    app_form = AppForm({"carried": form.carried.data, "next": form.next.data}, fresh=True)
    return answered(form, set_up_page(app_form, form))


@bp.post("/passkeys/<id:passkey_id>/removal")
@open_to(members, keeps_text=True)
@fresh.needed("POST")
def remove(passkey_id: int) -> AnyResponse:
    """Remove a passkey of one's own."""
    form = CarryingForm()
    if form.is_sent():
        try:
            with writing():
                name = passkeys.remove(current_user, passkey_id)
            flash(_("“%(name)s” opens nothing here any more. You can delete it on its device.", name=name))
            return redirect(url_for("second_factor.show"), 303)
        except Refused as error:
            form.take(error)
    return removal_refused(form)


def _with_passkey(credential: str, stepping: User | None) -> tuple[User, str]:
    """Return whose passkey has answered, and the token of a new session; `stepping`: it has to be theirs."""
    signed = passkeys.checked(credential, _challenge(), site())
    if stepping is not None and signed.user_id != stepping.id:
        raise Refused(_("This passkey belongs to another name. Choose one of this name, or begin anew."))
    with writing():
        user = passkeys.use(signed)
        return user, signin.sign_in(user, instead_of=present())


def _confirmed(credential: str) -> str:
    """Return the token under which this session goes on, after a passkey of its person has answered."""
    signed = passkeys.checked(credential, _challenge(), site())
    if signed.user_id != current_user.id:
        raise Refused(_("This passkey belongs to another name. Choose one of this name."))
    with writing():
        return signin.confirmed(passkeys.use(signed), present())


def _added(form: PasskeyForm) -> AnyResponse:
    user = current_user._get_current_object()
    passkey = passkeys.checked_new(form.credential.data, _challenge(), site())
    with writing():
        passkeys.add(user, passkey, form.label.data or "", here=present())
        token = sessions.renew(present())
    enter(user, token, stay=session.permanent)
    flash(_("The passkey is added. It signs you in by itself, or after the password."))
    return onward(form.carried.data, form.next.data or url_for("second_factor.show"))


def _again(form: PasskeyForm, stepping: User | None) -> Response:
    """Show the page again on which a passkey did not sign anybody in."""
    data = {"carried": form.carried.data, "next": form.next.data}
    page: CarryingForm = StepForm(data, fresh=True) if stepping else SignInForm(data, fresh=True)
    page.problems, page.status = [*form.problems, *form.credential.errors], form.status
    if stepping and isinstance(page, StepForm):
        return step_page(page, stepping)
    return answered(page, render_template("accounts/sign_in.html", form=page))


def _new_challenge() -> Challenge:
    challenge = Challenge.new()
    session["challenge"] = challenge.keep()
    return challenge


def _challenge() -> Challenge | None:
    """Return the challenge that this browser was given, once."""
    return Challenge.kept(session.pop("challenge", None))


def _json(options: str) -> Response:
    answer = make_response(options)
    answer.mimetype = "application/json"
    return answer
