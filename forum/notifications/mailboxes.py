"""Giving an address for letters, confirming it, and stopping them.

The address is sealed: the database alone does not tell it. Links in letters are signed, and whoever holds one may use
it; nothing of them is stored.
"""

import secrets
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from itsdangerous import BadData, URLSafeSerializer, URLSafeTimedSerializer
from sqlalchemy import delete, exists, func, or_, select

from forum import jobs, seals
from forum.accounts.locks import lock
from forum.accounts.models import User
from forum.accounts.passwords import keyed_digest
from forum.db import db, insert_into, now, writing
from forum.errors import Overtaken, Refused, TooMany
from forum.events import AuditEntry, Event, record
from forum.jobs import Kind
from forum.notifications.mail_models import AskedAddress, Frequency, MailAddress

LIFETIME = timedelta(hours=72)  # of a link that confirms
A_DAY = timedelta(days=1)
PER_HOUR = 5  # addresses of one member
ASKED_AGAIN = LIFETIME  # an address that nobody confirms gets one letter in this time, whoever gives it
LEFT_ALONE = timedelta(days=365)  # the same, once somebody has pressed the button there that stops letters


def of(user: User) -> MailAddress | None:
    """Return where `user` wants letters."""
    return db.session.scalar(select(MailAddress).where(MailAddress.user_id == user.id))


def opened(row: MailAddress) -> str | None:
    """Return the address itself; None under another secret than the one it was sealed with."""
    found = _seals().open(row.sealed, _about(row.user_id))
    return found.decode() if found else None


def clean(address: str) -> str:
    """Return an address as mail servers write it, or refuse it by name."""
    from email_validator import EmailNotValidError, validate_email  # 15 ms of each start, for the few who give one

    try:
        return str(validate_email(address.strip(), check_deliverability=False, allow_smtputf8=False).ascii_email)
    except EmailNotValidError as error:
        raise Refused(
            _("This is no mail address that letters can be sent to, like name@example.org."), "address"
        ) from error


def give(user: User, address: str, frequency: Frequency) -> MailAddress:
    """Let `user` have letters sent to `address`, a clean one, once it is confirmed; a former one is forgotten.

    Given again before it is confirmed, it stays as it is, so that the link in the letter works. Whether a letter goes
    out is not told: it would say that somebody else has given the same address.
    """
    lock(user)
    _refuse_many(user)
    former = of(user)
    is_asked = former is not None and former.confirmed_at is None and former.refused_at is None
    if former and is_asked and (opened(former) or "").lower() == address.lower():
        former.frequency = frequency
        record(Event.MAIL_ADDRESS_GIVEN, former, by=user)
        return former
    forget(user)
    row = MailAddress(
        user_id=user.id,
        sealed=_seals().seal(address.encode(), _about(user.id)),
        mark=secrets.token_hex(16),
        frequency=frequency,
    )
    db.session.add(row)
    record(Event.MAIL_ADDRESS_GIVEN, row, by=user)
    if _may_be_asked(address):
        _leave_alone(address, ASKED_AGAIN)
        jobs.put(Kind.ASK_TO_CONFIRM, row.id)
    return row


def confirm(row: MailAddress) -> None:
    """Let letters be sent to an address; done twice it is done once."""
    if row.confirmed_at is None:
        row.confirmed_at, row.digest_at = now(), now() + A_DAY
        db.session.execute(delete(AskedAddress).where(AskedAddress.digest == _digest(opened(row) or "")))
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
        _leave_alone(opened(row) or "", LEFT_ALONE)
        db.session.delete(row)
        jobs.put(Kind.WIPE)
    else:
        row.frequency = Frequency.OFF


def remove(user: User) -> None:
    """Forget the address of `user`, who asks for it."""
    lock(user)
    row = of(user)
    if row is not None:
        record(Event.MAIL_ADDRESS_REMOVED, row, by=user)
        _delete(row)


def forget(user: User) -> None:
    """Delete the address of a member, if one is kept."""
    row = of(user)
    if row is not None:
        _delete(row)


def forget_unconfirmed() -> None:
    """Delete the addresses whose owners have not confirmed them in time, and the marks of those asked long ago."""
    too_old = (MailAddress.confirmed_at.is_(None), MailAddress.created_at < now() - LIFETIME)
    is_over = AskedAddress.until <= now()
    some = exists().where(*too_old), exists().where(is_over)
    if db.session.scalar(select(or_(*some))):
        with writing():
            db.session.execute(delete(MailAddress).where(*too_old))
            jobs.put(Kind.WIPE)
            db.session.execute(delete(AskedAddress).where(is_over))


def is_delayed(row: MailAddress) -> bool:
    """Say whether a letter to an address could not be sent yet and is tried again."""
    which = (Kind.SEND_LETTER, row.user_id) if row.confirmed_at else (Kind.ASK_TO_CONFIRM, row.id)
    return jobs.has_failed(*which)


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


def _delete(row: MailAddress) -> None:
    """Delete an address, its bytes too; one whose letter has not gone out yet was not asked, and can be given again."""
    if row.confirmed_at is None and jobs.is_asked_for(Kind.ASK_TO_CONFIRM, row.id):
        jobs.take_back(Kind.ASK_TO_CONFIRM, row.id)
        db.session.execute(delete(AskedAddress).where(AskedAddress.digest == _digest(opened(row) or "")))
    db.session.delete(row)
    jobs.put(Kind.WIPE)
    db.session.flush()


def _may_be_asked(address: str) -> bool:
    asked = exists().where(AskedAddress.digest == _digest(address), AskedAddress.until > now())
    return not db.session.scalar(select(asked))


def _leave_alone(address: str, time: timedelta) -> None:
    """Send no further letter that asks to confirm an address, whoever gives it: nobody pesters a stranger from here."""
    new = insert_into(AskedAddress).values(digest=_digest(address), until=now() + time)
    longer = {"until": new.excluded.until}
    db.session.execute(new.on_conflict_do_update(index_elements=["digest"], set_=longer))


def _digest(address: str) -> str:
    return keyed_digest(current_app.config["SECRET_KEY"], "mail asked", address.lower())


def _refuse_many(user: User) -> None:
    """Refuse letters to many addresses."""
    an_hour_ago = now() - timedelta(hours=1)
    given = (AuditEntry.actor_id == user.id, AuditEntry.event == Event.MAIL_ADDRESS_GIVEN)
    query = select(func.count()).select_from(AuditEntry).where(*given, AuditEntry.created_at > an_hour_ago)
    if (db.session.scalar(query) or 0) >= PER_HOUR:
        raise TooMany(_too_often(3600), 3600)


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
