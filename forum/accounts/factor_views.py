"""Doors of the second factor: the second step of signing in, and the page on which one sets it up."""

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts import carrying, delays, fresh, second_factor, sessions, signin
from forum.accounts.delays import Purpose
from forum.accounts.doors import open_to
from forum.accounts.entering import enter, onward, present, sign_in_again, site, step_page, who_steps
from forum.accounts.forms import AppForm, CarryingForm, PasskeyForm, StepForm
from forum.accounts.locks import lock
from forum.accounts.models import User
from forum.accounts.policy import everyone, members
from forum.db import writing
from forum.errors import Refused
from forum.forms import answered

bp = Blueprint("second_factor", __name__, url_prefix="/accounts")


@bp.route("/sign-in/code", methods=["GET", "POST"])
@open_to(everyone, keeps_text=True)
def step() -> AnyResponse:
    """Take the code of an app, after the password."""
    form = StepForm()
    found = who_steps()
    if found is None:
        return sign_in_again(form) if request.method == "POST" else redirect(url_for("accounts.sign_in"))
    user, stay = found
    if form.is_sent():
        try:
            token = _with_code(user, form.code.data)
            enter(user, token, stay=stay)
            return onward(form.carried.data, form.next.data)
        except Refused as error:
            form.take(error)
    return step_page(form, user)


def _with_code(user: User, code: str) -> str:
    """Return the token of a new session for who typed the code of this moment."""
    with writing():
        lock(user)  # guesses come one after the other
        if who_steps() is None:
            raise Refused(_("The password has changed meanwhile. Please begin anew."), "code")
        delays.refuse_too_early(user.name, Purpose.CODE)
        if second_factor.take_code(user, code):
            return signin.sign_in(user, instead_of=present())
        delays.failed(user.name, Purpose.CODE)
    raise Refused(second_factor.wrong_code_message(), "code")


@bp.route("/second-factor", methods=["GET", "POST"])
@open_to(members, keeps_text=True)
@fresh.needed("POST")
def show() -> AnyResponse:
    """Show the second factor and the passkeys of a member, and set up an app that makes codes."""
    form = AppForm({"next": request.args.get("next", "")})
    if form.is_sent():
        try:
            return _set_up(form)
        except Refused as error:
            form.take(error)
    return answered(form, set_up_page(form))


@bp.post("/second-factor/removal")
@open_to(members, keeps_text=True)
@fresh.needed("POST")
def remove_app() -> AnyResponse:
    """Take the app away."""
    form = CarryingForm()
    if form.is_sent():
        try:
            with writing():
                second_factor.remove_app(current_user)
            flash(_("The app is no longer a second factor here. You can delete its entry in the app."))
            return redirect(url_for("second_factor.show"), 303)
        except Refused as error:
            form.take(error)
    return removal_refused(form)


def removal_refused(form: CarryingForm) -> Response:
    """Show the page again, with why a second factor was not removed."""
    page = AppForm(fresh=True)
    page.status = form.status
    page.problems = form.problems
    return answered(page, set_up_page(page))


def ask_to_set_up(carry: bool) -> Response:
    """Answer 403 with the page that sets up a second factor; `carry`: what was sent rides along in it."""
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    data = {"carried": carrying.pack() if carry else "", "next": request.script_root + back if back else ""}
    return make_response(set_up_page(AppForm(data, fresh=True)), 403)


def set_up_page(form: AppForm, passkey_form: PasskeyForm | None = None) -> str:
    """Return the page with all that somebody has, and with a secret for a new app, stored nowhere yet."""
    import segno  # 10 ms of each start, and 1 MB, for the few who set an app up

    user = current_user._get_current_object()
    is_replacing = "replace" in request.args or bool(form.sealed.data)
    secret = second_factor.open_from_form(form.sealed.data, user) or second_factor.new_secret()
    form.sealed.data = second_factor.seal_for_form(secret, user)
    address = second_factor.address_for_app(secret, user, current_app.config["SITE_NAME"])
    picture = segno.make(address, error="m").svg_inline(omitsize=True, light="#fff", svgclass="qr", lineclass=None)
    return render_template(
        "accounts/second_factor.html",
        form=form,
        passkey_form=passkey_form or PasskeyForm(fresh=True),
        site=site(),
        factors=second_factor.factors_of(user),
        secret=secret,
        address=address,
        picture=Markup(picture),  # noqa: S704 (drawn by segno)
        is_replacing=is_replacing,
    )


def _set_up(form: AppForm) -> AnyResponse:
    user = current_user._get_current_object()
    secret = second_factor.open_from_form(form.sealed.data, user)
    if secret is None:
        raise Refused(_("That page was not whole. Here is a new square: please let the app scan it."), "code")
    with writing():
        second_factor.add_app(user, secret, form.code.data, here=present())
        token = sessions.renew(present())
    enter(user, token, stay=session.permanent)
    flash(_("The app is set up. From now on the forum asks for its code after the password."))
    return onward(form.carried.data, form.next.data or url_for("second_factor.show"))
