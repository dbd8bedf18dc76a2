"""Leaving: at once, or after a day within which it can be called off."""

from datetime import timedelta

from sqlalchemy import select

from forum import jobs
from forum.accounts.locks import lock
from forum.accounts.models import User
from forum.db import db, now, writing
from forum.events import Event, record
from forum.jobs import Kind
from forum.notifications.models import Notification
from forum.privacy import erasure
from forum.privacy.models import Erased, Leaving

LATER = timedelta(hours=24)  # time for second thoughts


def of(person: User) -> Leaving | None:
    """Return the wish of a member to leave, if there is one."""
    return db.session.scalar(select(Leaving).where(Leaving.user_id == person.id))


def ask(person: User, erases: Erased) -> Leaving:
    """Let the account of a member be deleted in 24 hours; asked again, the new wish is the one that counts."""
    lock(person)
    erasure.refuse_last_lead(person)
    _forget(person)
    wish = Leaving(user_id=person.id, erases=erases, due_at=now() + LATER)
    db.session.add(wish)
    record(Event.LEAVING_ASKED, wish, by=person, erases=erases.value)
    jobs.put(Kind.DELETE_ACCOUNT, person.id, at=wish.due_at)
    return wish


def call_off(person: User) -> None:
    """Let the account stay. Done twice it is done once."""
    lock(person)
    wish = of(person)
    if wish is not None:
        record(Event.LEAVING_CALLED_OFF, wish, by=person)
        _forget(person)


def carry_out(user_id: int) -> None:
    """Delete the account of a member whose day is over; a job. The last lead stays, and is told."""
    with writing():
        person = db.session.get(User, user_id)
        if person is None or of(person) is None:
            return
        erasure.lock_to_delete(person)
        wish = of(person)
        if wish is None or wish.due_at > now():
            return
        if erasure.is_last_lead(person):
            record(Event.LEAVING_CALLED_OFF, wish)
            db.session.add(Notification(user_id=person.id, event=Event.LEAVING_CALLED_OFF))
            _forget(person)
        else:
            erasure.delete_account(person, wish.erases, by=person)


def _forget(person: User) -> None:
    wish = of(person)
    if wish is not None:
        db.session.delete(wish)
        db.session.flush()
    jobs.take_back(Kind.DELETE_ACCOUNT, person.id)
