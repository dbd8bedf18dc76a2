"""Giving an address for letters, confirming it, and stopping them.

The address is sealed: the database alone does not tell it. Links in letters are signed, and whoever holds one may use
it; nothing of them is stored.
"""

import secrets
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from itsdangerous import BadData, URLSafeSerializer, URLSafeTimedSerializer
from sqlalchemy import delete, func, select

from forum import jobs, seals
from forum.accounts import limits
from forum.accounts.locks import lock
from forum.accounts.models import User
from forum.db import db, now, writing
from forum.errors import Overtaken, Refused, TooMany
from forum.events import AuditEntry, Event, record
from forum.jobs import Kind
from forum.notifications.mail_models import Frequency, MailAddress

LIFETIME = timedelta(hours=72)  # of a link that confirms
A_DAY = timedelta(days=1)
PER_HOUR = 5  # addresses of one member; the same to one address, whoever gives it


def of(user: User) -> MailAddress | None:
    """Return where `user` wants letters."""
    return db.session.scalar(select(MailAddress).where(MailAddress.user_id == user.id))


def opened(row: MailAddress) -> str | None:
    """Return the address itself; None under another secret than the one it was sealed with."""
    found = _seals().open(row.sealed, _about(row.user_id))
    return found.decode() if found else None


def clean(address: str) -> str:
    """Return an address as mail servers write it, or refuse it by name."""
    try:
        return str(validate_email(address.strip(), check_deliverability=False, allow_smtputf8=False).ascii_email)
    except EmailNotValidError as error:
        raise Refused(
            _("This is no mail address that letters can be sent to, like name@example.org."), "address"
        ) from error


def give(user: User, address: str, frequency: Frequency) -> MailAddress:
    """Let `user` have letters sent to `address`, a clean one, once it is confirmed; a former one is forgotten."""
    lock(user)
    _refuse_many(user, address)
    forget(user)
    row = MailAddress(
        user_id=user.id,
        sealed=_seals().seal(address.encode(), _about(user.id)),
        mark=secrets.token_hex(16),
        frequency=frequency,
    )
    db.session.add(row)
    record(Event.MAIL_ADDRESS_GIVEN, row, by=user)
    jobs.put(Kind.ASK_TO_CONFIRM, row.id)
    return row


def confirm(row: MailAddress) -> None:
    """Let letters be sent to an address; done twice it is done once."""
    if row.confirmed_at is None:
        row.confirmed_at, row.digest_at = now(), now() + A_DAY
        record(Event.MAIL_ADDRESS_CONFIRMED, row)


def choose(user: User, frequency: Frequency, *, tells_waiting: bool) -> None:
    """Change how often `user` gets letters."""
    lock(user)
    row = of(user)
    if row is None:
        raise Overtaken(_("No address is kept any more. Give one first."))
    if row.confirmed_at and row.frequency is Frequency.OFF:
        row.digest_at = now() + A_DAY  # what was new while no letters were wanted is told in none
    row.frequency, row.tells_waiting = frequency, tells_waiting and user.is_staff
    record(Event.MAIL_CHOSEN, row, by=user, frequency=frequency.value)


def stop(row: MailAddress) -> None:
    """Send no more letters to an address; one that was never confirmed is forgotten. Done twice it is done once."""
    if row.confirmed_at and row.frequency is Frequency.OFF:
        return
    record(Event.MAIL_STOPPED, row)
    if row.confirmed_at is None:
        db.session.delete(row)
    else:
        row.frequency = Frequency.OFF


def remove(user: User) -> None:
    """Forget the address of `user`, who asks for it."""
    lock(user)
    row = of(user)
    if row is not None:
        record(Event.MAIL_ADDRESS_REMOVED, row, by=user)
        db.session.delete(row)


def forget(user: User) -> None:
    """Delete the address of a member, if one is kept."""
    row = of(user)
    if row is not None:
        db.session.delete(row)
        db.session.flush()


def forget_unconfirmed() -> None:
    """Delete the addresses whose owners have not confirmed them while they could."""
    too_old = (MailAddress.confirmed_at.is_(None), MailAddress.created_at < now() - LIFETIME)
    if db.session.scalar(select(MailAddress.id).where(*too_old).limit(1)) is not None:
        with writing():
            db.session.execute(delete(MailAddress).where(*too_old))


def confirmation(row: MailAddress) -> str:
    """Return the secret part of the link that confirms an address."""
    return str(_confirming().dumps(row.mark))


def unsubscription(row: MailAddress) -> str:
    """Return the secret part of the link that stops letters to an address, for as long as it is kept."""
    return str(_stopping().dumps(row.mark))


def to_confirm(token: str) -> MailAddress | None:
    """Return the address whose link this is, for 72 hours."""
    try:
        return _marked(_confirming().loads(token, max_age=int(LIFETIME.total_seconds())))
    except BadData:
        return None


def to_stop(token: str) -> MailAddress | None:
    """Return the address whose link this is."""
    try:
        return _marked(_stopping().loads(token))
    except BadData:
        return None


def _marked(mark: str) -> MailAddress | None:
    return db.session.scalar(select(MailAddress).where(MailAddress.mark == mark))


def _confirming() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="confirm mail")


def _stopping() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="stop mail")


def _refuse_many(user: User, address: str) -> None:
    """Refuse letters to many addresses, or many to one: nobody floods a stranger's mailbox from here."""
    an_hour_ago = now() - timedelta(hours=1)
    given = (AuditEntry.actor_id == user.id, AuditEntry.event == Event.MAIL_ADDRESS_GIVEN)
    query = select(func.count()).select_from(AuditEntry).where(*given, AuditEntry.created_at > an_hour_ago)
    if (db.session.scalar(query) or 0) >= PER_HOUR:
        raise TooMany(_too_often(3600), 3600)
    limits.refuse_too_many("mail", PER_HOUR, _too_often, whose=address.lower())
    limits.count("mail", PER_HOUR, whose=address.lower())


def _too_often(seconds: int) -> str:
    return ngettext(
        "Too many letters were asked for. Please try again in %(num)d minute.",
        "Too many letters were asked for. Please try again in %(num)d minutes.",
        -(-seconds // 60),
    )


def _seals() -> seals.Seals:
    return seals.of("mail addresses")


def _about(user_id: int) -> bytes:
    return b"%d" % user_id
