"""Letters to members: what is new, told so that a mailbox which others read gives nothing away.

A notice is its own outbox: the row is written in the transaction of the act, and goes with what it tells of. A letter
is made from what is there when it is sent: it names no debate, no pseudonym and no word of anybody. It can be sent
twice, if the machine stops between sending and noting that; then both have the same Message-ID.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from smtplib import SMTPDataError, SMTPRecipientsRefused

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select, update
from sqlalchemy.orm import joinedload

from forum import jobs, mail
from forum.accounts.models import Role, User
from forum.accounts.policy import moderators
from forum.db import db, now, writing
from forum.debates.models import Outcome, Revision
from forum.events import Event
from forum.extensions import speaking
from forum.jobs import Kind
from forum.moderation.models import UNDO_WITHIN
from forum.notifications.follow_queries import news_since
from forum.notifications.mail_models import Frequency, MailAddress
from forum.notifications.mailboxes import A_DAY, confirmation, forget_unconfirmed, opened, unsubscription
from forum.notifications.models import Notification

AN_HOUR = timedelta(hours=1)
GIVES_UP = timedelta(days=2)  # after so long of being refused; at the end there are six hours between two tries
NOT_FOR_US = b"5.7."  # how the words of a server begin that knows nothing of the address, but will not take our mail


@dataclass
class Told:
    """What a letter tells: numbers of notices by what happened, replies in what is followed, replies that wait."""

    notices: Sequence[Row[int, Event]]
    news: int
    waiting: int

    def __bool__(self) -> bool:
        """Say whether there is anything to tell."""
        return bool(self.notices or self.news or self.waiting)


def start_round() -> None:
    """Ask for a letter to everybody for whom one is due, and forget addresses that nobody has confirmed."""
    forget_unconfirmed()
    due = list(db.session.scalars(select(MailAddress.user_id).where(_is_due()))) if mail.is_set_up() else []
    if due:
        with writing():
            for user_id in due:
                jobs.put_if_new(Kind.SEND_LETTER, user_id)


def send_letter(user_id: int) -> None:
    """Send one person what is due, if anything is."""
    query = select(MailAddress).where(MailAddress.user_id == user_id, _is_due()).options(joinedload(MailAddress.user))
    row = db.session.scalar(query) if mail.is_set_up() else None
    if row is None:
        return
    told, moment, address, mark = _due_now(row), now(), opened(row), row.mark
    if told and address:
        with speaking(row.user.language) as language:
            subject, text = _words(row.user, told)
            about = [*(str(n.id) for n in told.notices), str(row.digest_at), str(row.waiting_at)]
            is_taken = _send(row, address, subject, text + _foot(row), language, about)
    else:
        is_taken = True
    with writing():
        row = db.session.scalar(select(MailAddress).where(MailAddress.mark == mark).with_for_update())
        if row is None:  # deleted while the server answered
            return
        row.refused_at, row.failing_since = (None, None) if is_taken else (moment, row.failing_since)
        row.digest_at = moment + A_DAY if _has_come(row.digest_at, moment) else row.digest_at
        row.waiting_at = moment + AN_HOUR if told.waiting else row.waiting_at
        numbers = [notice.id for notice in told.notices]
        db.session.execute(update(Notification).where(Notification.id.in_(numbers)).values(mailed_at=moment))


def ask_to_confirm(address_id: int) -> None:
    """Send the letter that asks whether an address is right; it tells nothing but the name of the forum."""
    row = db.session.get(MailAddress, address_id, options=[joinedload(MailAddress.user)]) if mail.is_set_up() else None
    address = opened(row) if row else None
    if row is None or address is None or row.confirmed_at:
        return
    mark = row.mark  # its number may be that of another address afterwards
    with speaking(row.user.language) as language:
        site = current_app.config["SITE_NAME"]
        text = _(
            "Somebody asked %(site)s to send letters to this address. If that was you, open this link within "
            "72 hours and press the button there:",
            site=site,
        )
        place = mail.link("mail.confirm", confirmation=confirmation(row))
        otherwise = _("If it was not you, do nothing: the address is forgotten after three days.")
        subject = _("%(site)s: is this your address?", site=site)
        is_taken = _send(row, address, subject, f"{text}\n\n{place}\n\n{otherwise}\n", language, ["confirm"])
    if not is_taken:
        with writing():
            db.session.execute(update(MailAddress).where(MailAddress.mark == mark).values(refused_at=now()))


def _is_due() -> ColumnElement[bool]:
    """Return the condition of an address to which something may have to be sent."""
    is_told_at_once = and_(MailAddress.frequency == Frequency.IMMEDIATE, exists().where(*_untold()))
    something_waits = exists().where(Revision.outcome == Outcome.WAITING)
    is_time = or_(MailAddress.waiting_at.is_(None), MailAddress.waiting_at <= now())
    is_theirs = User.id == MailAddress.user_id
    moderates = exists().where(is_theirs, User.role != Role.MEMBER, User.second_factor_at.is_not(None))
    is_told_what_waits = and_(MailAddress.tells_waiting, is_time, moderates, something_waits)
    return and_(
        MailAddress.confirmed_at.is_not(None),
        MailAddress.refused_at.is_(None),
        MailAddress.frequency != Frequency.OFF,
        or_(is_told_at_once, MailAddress.digest_at <= now(), is_told_what_waits),
    )


def _untold() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a notice that a letter to this address can tell of: nobody can undo it any more."""
    return (
        Notification.user_id == MailAddress.user_id,
        Notification.read_at.is_(None),
        Notification.mailed_at.is_(None),
        Notification.created_at > MailAddress.confirmed_at,
        Notification.created_at <= now() - UNDO_WITHIN,
    )


def _due_now(row: MailAddress) -> Told:
    moment = now()
    is_daily = _has_come(row.digest_at, moment)
    query = select(Notification.id, Notification.event).join(MailAddress, MailAddress.id == row.id).where(*_untold())
    notices = db.session.execute(query.order_by(Notification.id)).all()
    is_told_now = is_daily or row.frequency is Frequency.IMMEDIATE
    news = news_since(row.user, row.digest_at - A_DAY) if is_daily and row.digest_at else 0
    tells = row.tells_waiting and moderators(row.user) and (row.waiting_at is None or row.waiting_at <= moment)
    count = select(func.count()).select_from(Revision).where(Revision.outcome == Outcome.WAITING)
    return Told(notices if is_told_now else [], news, (db.session.scalar(count) or 0) if tells else 0)


def _has_come(due: datetime | None, moment: datetime) -> bool:
    return due is not None and due <= moment


def _words(user: User, told: Told) -> tuple[str, str]:
    """Return the subject of a letter and what it says."""
    site = current_app.config["SITE_NAME"]
    happened = Counter(_sentence(notice.event) for notice in told.notices)
    lines = [f"- {sentence}" + (f" ({count})" if count > 1 else "") for sentence, count in happened.items()]
    if told.news:
        new = ngettext("%(num)d new reply in what you follow", "%(num)d new replies in what you follow", told.news)
        lines.append(f"- {new}")
    if lines:
        lines = [_("New for you at %(site)s:", site=site), "", *lines, "", mail.link("notifications.index"), ""]
    if told.waiting:
        waiting = ngettext(
            "%(num)d reply waits for a moderator.", "%(num)d replies wait for a moderator.", told.waiting
        )
        lines += [waiting, mail.link("moderation.queue"), ""]
    is_news = told.notices or told.news
    subject = _("%(site)s: there is news for you", site=site) if is_news else _("%(site)s: the desk", site=site)
    return subject, "\n".join(lines)


def _sentence(event: Event) -> str:
    """Return what a letter says of a notice: enough to know whether to look now, and nothing that names anybody."""
    sentences = {
        Event.DECISION_MADE: _("A moderator decided about a reply of yours."),
        Event.DECISION_UNDONE: _("A decision about a reply of yours was taken back."),
        Event.REPLY_ANSWERED: _("Somebody answered you."),
        Event.REPLY_TRANSLATED: _("Somebody translated a reply of yours."),
        Event.APPEAL_DECIDED: _("An appeal that concerns you was decided."),
        Event.APPEAL_ENDED: _("An appeal that concerns you has ended."),
        Event.REPORT_ANSWERED: _("A report of yours was answered."),
        Event.SANCTION_MADE: _("A moderator has restricted or warned you."),
        Event.SANCTION_ENDED: _("A restriction of yours has ended early."),
        Event.PROPOSAL_MADE: _("Another lead proposes something that needs two."),
        Event.EXPORT_READ: _("A lead of the forum has read what you wrote."),
        Event.EXPORT_MADE: _("The archive that you asked for is ready."),
        Event.LEAVING_CALLED_OFF: _("Something that you had asked for could not be done."),
        Event.WORDS_ERASED: _("Leads of the forum have erased what you wrote."),
        Event.SANCTION_JUDGED: _("An appeal against a restriction was decided."),
    }
    return sentences.get(event, _("Something else happened that concerns you."))


def _foot(row: MailAddress) -> str:
    lines = [
        _("This letter tells no more on purpose, because others may read a mailbox."),
        _("Other letters, or none: %(address)s", address=mail.link("mail.wishes")),
        _("No more letters, without signing in: %(address)s", address=_unsubscribe(row)),
    ]
    return "\n-- \n" + "\n".join(lines) + "\n"


def _unsubscribe(row: MailAddress) -> str:
    return mail.link("mail.unsubscribe", unsubscription=unsubscription(row))


def _send(row: MailAddress, address: str, subject: str, text: str, language: str, about: list[str]) -> bool:
    """Send one letter; return False where the server will not take it, now or later.

    That nobody is there it says once. Any other refusal may be a mistake that somebody mends, so it is tried again, as
    every job, for `GIVES_UP`.
    """
    name = blake2b(" ".join([row.mark, subject, *about]).encode(), digest_size=16).hexdigest()
    headers = {"List_Unsubscribe": f"<{_unsubscribe(row)}>", "List_Unsubscribe_Post": "List-Unsubscribe=One-Click"}
    letter = mail.message(address, subject, text, name=name, language=language, **headers)
    mark = row.mark
    db.session.rollback()  # nothing is held while the server answers
    try:
        mail.send(letter)
    except (SMTPRecipientsRefused, SMTPDataError) as error:
        answers = _answers(error)
        if not all(500 <= code < 600 for code, _words in answers):
            raise
        is_of_us = isinstance(error, SMTPDataError) or any(words.startswith(NOT_FOR_US) for _code, words in answers)
        if not is_of_us or _has_failed_long(mark):
            return False
        raise
    return True


def _answers(error: SMTPRecipientsRefused | SMTPDataError) -> list[tuple[int, bytes]]:
    """Return what the server said: a code and its words."""
    if isinstance(error, SMTPRecipientsRefused):
        return list(error.recipients.values())
    said = error.smtp_error
    return [(error.smtp_code, said if isinstance(said, bytes) else said.encode())]


def _has_failed_long(mark: str) -> bool:
    """Note that the server refuses letters to an address, and say whether it has done so for too long."""
    with writing():
        row = db.session.scalar(select(MailAddress).where(MailAddress.mark == mark).with_for_update())
        if row is None:
            return True
        row.failing_since = row.failing_since or now()
        return now() - row.failing_since >= GIVES_UP
