"""How a browser comes in: at once, or by a second step for which the first one is remembered for ten minutes."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Response, current_app, g, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts import carrying, passwords, second_factor, sessions
from forum.accounts.forms import CarryingForm, SignInForm, StepForm
from forum.accounts.models import User
from forum.accounts.passkeys import Site
from forum.db import db, now
from forum.forms import answered
from forum.web import inner

STEP_WITHIN = timedelta(minutes=10)  # to find the device with the app


def present() -> str:
    """Return the token of the session that this browser still has, whosever it is."""
    return str(session.get("sid", ""))


def enter(user: User, token: str, *, stay: bool = False) -> None:
    """Give this browser a new session; `stay`: it outlives the browser's window."""
    session.clear()
    g.pop("csrf_token", None)  # made for the former session
    login_user(user)
    session.pop("_id", None)  # Flask-Login's digest of address and browser: nothing of either is kept
    session["sid"] = token
    session["seen"] = int(now().timestamp())
    session.permanent = stay
    generate_csrf()  # in the same cookie: two pages that are opened at once do not each bring a token of their own
    found = sessions.find(token, now())
    if found is not None:
        g.here = found[1]


def onward(carried: str | None, address: str | None) -> AnyResponse:
    """Go on with the carried form, else where the person came from, else to the debates."""
    return carrying.resume(carried or "") or redirect(inner(address) or url_for("debates.index"), 303)


def site() -> Site:
    """Return for whom devices make passkeys: the public address, or on this machine that of the request."""
    address = urlsplit(current_app.config["URL"] or request.host_url)
    return Site(address.hostname or "", f"{address.scheme}://{address.netloc}", current_app.config["SITE_NAME"])


def admit(user: User, token: str, form: CarryingForm, *, stay: bool = False) -> AnyResponse:
    """Let `user` in with the token of a new session, or ask for the second step where there is none yet."""
    if not token:
        return ask_second_step(user, form, stay=stay)
    enter(user, token, stay=stay)
    return onward(form.carried.data, form.next.data)


def ask_second_step(user: User, form: CarryingForm, *, stay: bool = False, said: str = "") -> Response:
    """Answer with the page of the second step, after `user` has passed the first one in this browser.

    `said`: what has been done already.
    """
    session["step"] = {"user": user.id, "of": _proof(user), "at": int(now().timestamp()), "stay": stay}
    return step_page(StepForm({"carried": form.carried.data, "next": form.next.data}, fresh=True), user, said=said)


def who_steps() -> tuple[User, bool] | None:
    """Return who has passed the first step in this browser, and whether to stay; None: nobody, or too long ago."""
    step = session.get("step")
    if not step or int(now().timestamp()) - step["at"] > STEP_WITHIN.total_seconds():
        return None
    user = db.session.get(User, step["user"])
    return (user, bool(step["stay"])) if user is not None and step["of"] == _proof(user) else None


def step_page(form: StepForm, user: User, **facts: object) -> Response:
    """Return the page of the second step."""
    factors = second_factor.factors_of(user)
    return answered(form, render_template("accounts/step.html", form=form, factors=factors, **facts))


def sign_in_again(form: CarryingForm) -> Response:
    """Answer with the sign-in page: the first step was too long ago, or never taken."""
    session.pop("step", None)
    page = SignInForm({"carried": form.carried.data, "next": form.next.data}, fresh=True)
    page.problems.append(_("The password was entered more than ten minutes ago, or has changed. Please begin anew."))
    return make_response(render_template("accounts/sign_in.html", form=page), 422)


def _proof(user: User) -> str:
    """Return what binds the second step to the password of the first one."""
    return passwords.keyed_digest(current_app.config["SECRET_KEY"], "second-step", f"{user.id} {user.password_hash}")
