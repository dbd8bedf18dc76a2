"""Doors of taking away: delete the account, have everything as an archive."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, session, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts import fresh
from forum.accounts.doors import open_to
from forum.accounts.models import User
from forum.accounts.policy import members
from forum.accounts.standing import WITH_YEAR
from forum.db import writing
from forum.errors import Refused
from forum.forms import answered
from forum.privacy import erasure, exports, leaving, wiping
from forum.privacy.forms import ExportForm, LeavingForm
from forum.privacy.models import Erased
from forum.web import clear_site

bp = Blueprint("privacy", __name__, url_prefix="/accounts")


@bp.route("/delete", methods=["GET", "POST"])
@open_to(members, keeps_text=True)
@fresh.needed("POST")
def delete() -> AnyResponse:
    """Say what goes and what stays; delete the account at once, when asked twice, or ask for it in a day."""
    form = LeavingForm()
    if form.is_sent() and form.sure.data != "back":
        try:
            if form.when.data == "now" and form.sure.data != "yes":
                erasure.refuse_last_lead(current_user)
                return answered(form, render_template("privacy/delete_sure.html", form=form))
            return _leave(current_user._get_current_object(), Erased(form.replies.data), form.when.data)
        except Refused as error:
            form.take(error)
    wish, is_prompt = leaving.of(current_user), wiping.is_prompt()
    return answered(form, render_template("privacy/delete.html", form=form, wish=wish, is_prompt=is_prompt))


@bp.post("/delete/off")
@open_to(members)
def call_off() -> AnyResponse:
    """Let the account stay."""
    with writing():
        leaving.call_off(current_user)
    flash(_("Your account stays as it is."))
    return redirect(url_for("accounts.settings"), 303)


@bp.route("/export", methods=["GET", "POST"])
@open_to(members, keeps_text=True)
@fresh.needed("POST")
def export() -> AnyResponse:
    """Let an archive be made of all that the forum holds about the member, and give it out."""
    form = ExportForm()
    if form.is_sent():
        if form.do.data == "fetch":
            return _archive(current_user)
        with writing():
            exports.forget_own(current_user) if form.do.data == "forget" else exports.ask(current_user)
        return redirect(url_for("privacy.export"), 303)
    found = exports.of(current_user)
    until = found.made_at + exports.KEPT if found and found.made_at else None
    return answered(form, render_template("privacy/export.html", form=form, export=found, until=until))


def _archive(person: User) -> AnyResponse:
    """Give out the archive; where it is gone meanwhile, the page that says so."""
    with writing():
        content = exports.fetch(person)
    if content is None:
        return redirect(url_for("privacy.export"), 303)
    return packed(content, "everything.zip")


def packed(archive: bytes, name: str) -> Response:
    """Return an archive as a file to save."""
    answer = make_response(archive)
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _leave(person: User, erases: Erased, when: str) -> AnyResponse:
    if when == "later":
        with writing():
            due_at = leaving.ask(person, erases).due_at
        moment = format_datetime(due_at, WITH_YEAR)
        flash(_("Your account will be deleted on %(moment)s. Until then you can call it off here.", moment=moment))
        return redirect(url_for("privacy.delete"), 303)
    with writing():
        erasure.delete_account(person, erases, by=person)
    return _farewell(erases)


def _farewell(erases: Erased) -> Response:
    """Sign this browser out and say what was done."""
    logout_user()
    session.clear()
    answer = make_response(render_template("privacy/deleted.html", erases=erases, is_prompt=wiping.is_prompt()))
    clear_site(answer, cache=True)
    return answer
