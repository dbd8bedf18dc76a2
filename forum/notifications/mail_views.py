"""Doors of letters: an address, how often, and the links in letters, which work without signing in."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum import mail
from forum.accounts import fresh
from forum.accounts.doors import open_to
from forum.accounts.policy import everyone, members
from forum.db import writing
from forum.errors import NotHere, Refused, page
from forum.forms import Form, answered
from forum.notifications import mailboxes
from forum.notifications.mail_forms import AddressForm, RemoveForm, WishesForm
from forum.notifications.mail_models import Frequency, MailAddress

bp = Blueprint("mail", __name__)


@bp.route("/notifications/mail", methods=["GET", "POST"])
@open_to(members, keeps_text=True)
def wishes() -> AnyResponse:
    """Give an address, choose how often letters come, or have it forgotten."""
    if not mail.is_set_up():
        raise NotHere
    row = mailboxes.of(current_user)
    sent = g.get("resumed", request.form).get("change", "")
    usual = {"frequency": row.frequency.value if row else "", "tells_waiting": bool(row and row.tells_waiting)}
    forms: dict[str, Form] = {
        "address": AddressForm({"frequency": Frequency.DAILY.value}, fresh=sent != "address"),
        "wishes": WishesForm(usual, fresh=sent != "wishes"),
        "remove": RemoveForm(fresh=sent != "remove"),
    }
    form = forms.get(sent)
    if form is not None and form.is_sent():
        if not isinstance(form, WishesForm) and not fresh.is_fresh():
            return fresh.ask()
        try:
            _change(form)
            return redirect(url_for("mail.wishes"), 303)
        except Refused as error:
            form.take(error)
            row = mailboxes.of(current_user)
    is_delayed = row is not None and row.refused_at is None and mailboxes.is_delayed(row)
    text = render_template("notifications/mail.html", forms=forms, row=row, masked=_masked(row), is_delayed=is_delayed)
    if form is not None:
        return answered(form, text)
    return make_response(text, 200 if request.method == "GET" else 422)


@bp.route("/mail/confirm/<confirmation>", methods=["GET", "POST"])
@open_to(everyone, keeps_text=True)
def confirm(confirmation: str) -> AnyResponse:
    """Confirm an address. The link is the authority; the button is there because programs open links in letters too."""
    row = mailboxes.to_confirm(confirmation)
    if row is None:
        advice = _("It is older than 72 hours, or another address was given since. Ask for a new one in your settings.")
        return page(404, _("This link no longer works"), advice)
    return _pressed("confirm", mailboxes.to_confirm, mailboxes.confirm, confirmation)


@bp.route("/mail/unsubscribe/<unsubscription>", methods=["GET", "POST"])
@open_to(everyone, keeps_text=True, from_elsewhere=True)
def unsubscribe(unsubscription: str) -> AnyResponse:
    """Send no more letters. Mail programs press the button themselves (RFC 8058), so it needs nothing but the link."""
    if mailboxes.to_stop(unsubscription) is None:
        return page(
            404, _("This link no longer works"), _("The address is not kept here any more. It gets no letters.")
        )
    return _pressed("unsubscribe", mailboxes.to_stop, mailboxes.stop, unsubscription)


def _pressed(
    what: str, find: Callable[[str], MailAddress | None], act: Callable[[MailAddress], None], token: str
) -> Response:
    """Act if the button was pressed; the page says whether it was."""
    is_pressed = request.method == "POST" and "resumed" not in g
    if is_pressed:
        with writing():
            row = find(token)
            if row is not None:
                act(row)
    return make_response(render_template("notifications/mail_link.html", what=what, is_done=is_pressed))


def _change(form: Form) -> None:
    """Carry out one of the changes of the page."""
    user = current_user._get_current_object()
    if isinstance(form, AddressForm):
        address = mailboxes.clean(form.address.data)
        with writing():
            mailboxes.give(user, address, Frequency(form.frequency.data))
        flash(_("A letter is on its way to this address. Open the link in it within 72 hours."))
    elif isinstance(form, WishesForm):
        with writing():
            mailboxes.choose(user, Frequency(form.frequency.data), tells_waiting=form.tells_waiting.data)
        flash(_("Kept."))
    else:
        with writing():
            mailboxes.remove(user)
        flash(_("The address is deleted here. No letters will come."))


def _masked(row: MailAddress | None) -> str:
    """Return an address as its page shows it: known again by its owner, of no use to who looks over a shoulder."""
    name, _at, domain = (mailboxes.opened(row) or "" if row else "").partition("@")
    return f"{name[:1]}…@{domain}" if domain else ""
