"""Doors of accounts: join, sign in and out, recover, settings."""

from contextlib import suppress
from datetime import UTC, datetime

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts import carrying, delays, fresh, links, names, passwords, sessions, signin, signup
from forum.accounts.delays import Purpose
from forum.accounts.doors import SAFE, open_to
from forum.accounts.entering import admit, ask_second_step, enter, onward, present
from forum.accounts.forms import (
    CarryingForm,
    CodesForm,
    LanguageForm,
    LinkForm,
    PasswordForm,
    RecoverForm,
    SignInForm,
    SignUpForm,
    TitlesForm,
)
from forum.accounts.limits import refuse_many_sign_ups, take_sign_up
from forum.accounts.models import User
from forum.accounts.policy import everyone, lacks_second_factor, members
from forum.db import OUT_OF_ORDER, now, writing
from forum.errors import Refused, page
from forum.extensions import language, login_manager
from forum.forms import answered
from forum.web import clear_site, inner, own_language_name

bp = Blueprint("accounts", __name__, url_prefix="/accounts")


@login_manager.user_loader
def load_user(user_id: str) -> User | None:
    """Return whose session this browser has, unless it has ended or been idle for too long."""
    moment = int(now().timestamp())
    seen = session.get("seen", 0)
    found = sessions.find(session.get("sid", ""), datetime.fromtimestamp(seen, UTC))
    if found is None or str(found[0].id) != user_id:
        return None
    if moment - seen > sessions.RENEW_AFTER.total_seconds():
        session["seen"] = moment
    user, g.here = found
    return user


def note_act(response: Response) -> Response:
    """Note that something was done in the session of this request."""
    if request.method not in SAFE and response.status_code < 400 and "here" in g:
        with suppress(*OUT_OF_ORDER):  # what was asked for is done; an hour that is not noted does no harm
            sessions.note_act(g.here)
    return response


def ask_to_sign_in(carry: bool) -> Response:
    """Answer 401 with the sign-in page; `carry`: what was sent rides along in it."""
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    data = {"carried": carrying.pack() if carry else "", "next": request.script_root + back if back else ""}
    return make_response(render_template("accounts/sign_in.html", form=SignInForm(data, fresh=True)), 401)


@bp.route("/sign-up", methods=["GET", "POST"])
@open_to(everyone, keeps_text=True)
def sign_up() -> AnyResponse:
    """Make an account; the answer shows the recovery codes, this once."""
    if current_user.is_authenticated:
        return redirect(url_for("debates.index"))
    form = SignUpForm(_handed_on(), fresh=_begins())
    if not _begins() and form.is_sent():
        try:
            refuse_many_sign_ups()
            names.refuse_taken(names.clean(form.name.data))  # before the hashing, which is slow on purpose
            kept = signup.Secrets(form.password.data)
            take_sign_up()
            with writing():
                user = signup.join(form.name.data, kept, language=language())
                token = signin.sign_in(user, instead_of=present())
            return _codes_page(user, token, kept.codes, form)
        except Refused as error:
            form.take(error)
    return _form_page("accounts/sign_up.html", form)


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to(everyone, keeps_text=True)
def sign_in() -> AnyResponse:
    """Sign in, then go back to where one came from, with what one had typed."""
    form = SignInForm(_handed_on(), fresh=_begins())
    if request.method == "GET":
        session.pop("step", None)  # somebody else may sit here now
    if not _begins() and form.is_sent():
        try:
            user, token = _verified(form.name.data, form.password.data)
            return admit(user, token, form, stay=form.stay.data)
        except Refused as error:
            form.take(error)
    return _form_page("accounts/sign_in.html", form)


@bp.route("/recover", methods=["GET", "POST"])
@open_to(everyone, keeps_text=True)
def recover() -> AnyResponse:
    """Set a new password with a recovery code."""
    form = RecoverForm(_handed_on(), fresh=_begins())
    if not _begins() and form.is_sent():
        try:
            user, token, left = _recovered(form)
            if not token:
                return ask_second_step(user, form, said=_("The password is changed. Now the second factor:"))
            enter(user, token)
            return make_response(render_template("accounts/recovered.html", left=left, form=form))
        except Refused as error:
            form.take(error)
    return _form_page("accounts/recover.html", form)


@bp.post("/sign-out")
@open_to(members)
def sign_out() -> AnyResponse:
    """End this session."""
    with writing():
        signin.sign_out(current_user, session.get("sid", ""))
    return signed_out()


def signed_out() -> AnyResponse:
    """Answer somebody whose session has just ended: nothing of it stays in the browser."""
    session.clear()
    answer = redirect(url_for("debates.index"))
    clear_site(answer)
    return answer


@bp.post("/resume")
@open_to(members)
def resume() -> AnyResponse:
    """Go on to where the person came from; a form typed there is shown, filled in."""
    return onward(request.form.get("carried"), request.form.get("next"))


@bp.route("/links/<token>", methods=["GET", "POST"])
@open_to(everyone, keeps_text=True)
def link(token: str) -> AnyResponse:
    """Set a password with a one-time link; the first of them makes the lead moderator."""
    found = links.find(token)
    if found is None:
        return page(
            404, _("This link no longer works"), _("It has been used or is older than 72 hours. Ask for a new one.")
        )
    form = LinkForm()
    known = found.user.name if found.user else None
    if form.is_sent():
        try:
            if known is None:
                names.refuse_taken(names.clean(form.name.data or ""))
            kept = signup.Secrets(form.password.data)
            with writing():
                user = links.redeem(token, form.name.data or "", kept, language=language())
                session_token = signin.sign_in(user, instead_of=present())
            return _codes_page(user, session_token, kept.codes, form)
        except Refused as error:
            form.take(error)
    return _form_page("accounts/link.html", form, known=known)


@bp.route("/settings", methods=["GET", "POST"])
@open_to(members, keeps_text=True)
def settings() -> AnyResponse:
    """Change the password, make new recovery codes, choose the language and what tabs say."""
    sent = g.get("resumed", request.form).get("change", "")
    forms = {
        "password": PasswordForm(fresh=sent != "password"),
        "codes": CodesForm(fresh=sent != "codes"),
        "language": LanguageForm({"language": current_user.language}, fresh=sent != "language"),
        "titles": TitlesForm({"plain": current_user.has_plain_titles}, fresh=sent != "titles"),
    }
    spoken = current_app.extensions["languages"]
    forms["language"].language.choices = [(code, own_language_name(code)) for code in spoken]
    form = forms.get(sent)
    if form is not None and form.is_sent():
        try:
            return _change(form)
        except Refused as error:
            form.take(error)
    page = render_template("accounts/settings.html", forms=forms, left=signup.codes_left(current_user))
    if form is not None:
        return answered(form, page)
    return make_response(page, 200 if request.method == "GET" else 422)


def _change(form: CodesForm | PasswordForm | LanguageForm | TitlesForm) -> AnyResponse:
    """Carry out one of the changes of the settings page."""
    user = current_user._get_current_object()
    if isinstance(form, LanguageForm):
        with writing():
            user.language = form.language.data
        return redirect(url_for("accounts.settings"), 303)
    if isinstance(form, TitlesForm):
        with writing():
            user.has_plain_titles = form.plain.data
        return redirect(url_for("accounts.settings", _anchor="titles"), 303)
    if user.second_factor_at and not fresh.is_fresh():
        return fresh.ask()
    proven = signin.prove(user, form.current.data)
    if isinstance(form, PasswordForm):
        password_hash = passwords.new_hash(form.password.data)
        with writing():
            token = signin.replace_password(user, present(), proven, password_hash)
        enter(user, token, stay=session.permanent)
        return make_response(render_template("accounts/password_changed.html"))
    kept = signup.Secrets(form.current.data)
    with writing():
        token = signin.replace_password(user, present(), proven, kept.password_hash)
        signup.renew_codes(user, kept)
    return _codes_page(user, token, kept.codes, form, stay=session.permanent)


def _verified(name: str, password: str) -> tuple[User, str]:
    """Return who has this name and password, and the token of a new session, if there is no second step."""
    delays.refuse_too_early(name, holds=False)
    user = signin.find(name)
    hashed = user.password_hash if user else None
    right = passwords.matches(password, hashed)
    with writing():
        delays.refuse_too_early(name)  # somebody else may have guessed meanwhile
        if right and user is not None and user.password_hash == hashed:
            return user, signin.pass_first_step(user, instead_of=present())
        delays.failed(name)
    raise Refused(_("Name and password do not belong together."), "password")


def _recovered(form: RecoverForm) -> tuple[User, str, int]:
    """Return who had this recovery code, the token of a new session or nothing, and how many codes are left.

    A right code is taken whatever others have tried under the name: it cannot be guessed, and nobody shall be locked
    out by strangers. Wrong ones are delayed.
    """
    name = form.name.data
    password_hash = passwords.new_hash(form.password.data)
    user = signin.find(name)
    number = user.id if user else 0  # known before the transaction, in which a row is read anew when it is touched
    digest = passwords.code_digest(form.code.data, signin.code_salt(name))
    with writing():
        if signup.has_code(number, digest) and user is not None:
            left = signin.recover(user, digest, password_hash)
            return user, signin.pass_first_step(user, instead_of=present()), left
        delays.refuse_too_early(name, Purpose.RECOVERY)
        delays.failed(name, Purpose.RECOVERY)
    raise Refused(signin.unknown_code_message(), "code")


def _codes_page(user: User, token: str, codes: list[str], form: object, *, stay: bool = False) -> Response:
    """Sign in and show the recovery codes, this once."""
    enter(user, token, stay=stay)
    carried, address = (form.carried.data, inner(form.next.data)) if isinstance(form, CarryingForm) else ("", "")
    if lacks_second_factor(user):
        address = url_for("second_factor.show")
    return make_response(render_template("accounts/codes.html", codes=codes, carried=carried, onward=address))


def _form_page(template: str, form: CarryingForm | LinkForm, **facts: object) -> Response:
    return answered(form, render_template(template, form=form, **facts))


def _begins() -> bool:
    """Say whether a button on the sign-in page led here, with what was typed there."""
    return request.method == "POST" and "begin" in request.form


def _handed_on() -> dict[str, str]:
    return {name: request.form.get(name, "") for name in ("name", "carried", "next")} if _begins() else {}
