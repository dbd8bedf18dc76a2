"""Delays that grow with each failed try: none, none, none, 2 s, 4 s … 15 min. Nobody sleeps in a thread.

Each purpose counts by itself. Who is not there is counted like who is, so that a delay tells nothing of a name; and
what a stranger does under a name at the sign-in page holds up nobody who is signed in already.

The audit log has a line for each step of the delay, until it grows no more, and for a few of an address prefix in an
hour: who fails on purpose fills no disk with lines.
"""

from datetime import timedelta
from enum import StrEnum

from flask import current_app
from flask_babel import ngettext
from sqlalchemy import Select, delete, select

from forum.accounts import limits, passwords
from forum.accounts.models import SignInDelay
from forum.db import db, insert_into, now
from forum.errors import TooMany
from forum.events import Event, record
from forum.text import fold

FREE_TRIES = 3  # before the first delay
LONGEST = timedelta(minutes=15)
LAST_STEP = 10  # of the delay: 2 ** 10 seconds are more than the longest one
FORGOTTEN_AFTER = timedelta(days=1)
NOTED_PER_HOUR = 60  # failed tries from one address prefix that leave a line in the audit log


class Purpose(StrEnum):
    """What was tried."""

    SIGN_IN = "sign-in"
    RECOVERY = "recovery"
    CODE = "second-factor"
    CONFIRMATION = "confirmation"  # by somebody who is signed in that it is they


def refuse_too_early(name: str, purpose: Purpose = Purpose.SIGN_IN, *, holds: bool = True) -> None:
    """Refuse a try under `name` before its delay is over.

    `holds`: other tries wait until this one has written; a first look, before the hashing, lets them pass.
    """
    row = db.session.scalar(_asked(name, purpose, holds=holds))
    if row and row.next_try_at > now():
        seconds = int((row.next_try_at - now()).total_seconds()) + 1
        message = ngettext(
            "Too many tries under this name. Please wait %(num)d second and try again.",
            "Too many tries under this name. Please wait %(num)d seconds and try again.",
            seconds,
        )
        raise TooMany(message, seconds)


def failed(name: str, purpose: Purpose = Purpose.SIGN_IN) -> None:
    """Record a failed try under `name` and let the delay grow."""
    forget_old()
    if db.session.scalar(_asked(name, purpose)) is None:
        facts = {"name_digest": digest_of(name, purpose), "failures": 0, "next_try_at": now()}
        beside = insert_into(SignInDelay).values(facts).on_conflict_do_nothing()  # another first guess may be faster
        db.session.execute(beside)
    row = db.session.scalars(_asked(name, purpose)).one()
    row.failures += 1
    step = row.failures - FREE_TRIES
    if step > 0:
        row.next_try_at = now() + min(timedelta(seconds=2 ** min(step, LAST_STEP)), LONGEST)
    if step <= LAST_STEP and limits.is_worth_noting("failed", NOTED_PER_HOUR):
        record(Event.SIGN_IN_FAILED, row, purpose=purpose.name.lower())


def forget(name: str, *purposes: Purpose) -> None:
    """Forget the failed tries under `name`, after a good one."""
    digests = [digest_of(name, purpose) for purpose in purposes]
    db.session.execute(delete(SignInDelay).where(SignInDelay.name_digest.in_(digests)))


def forget_old() -> None:
    """Forget the failed tries of more than a day ago, under whatever name."""
    db.session.execute(delete(SignInDelay).where(SignInDelay.next_try_at < now() - FORGOTTEN_AFTER))


def _asked(name: str, purpose: Purpose, *, holds: bool = True) -> Select[SignInDelay]:
    asked = select(SignInDelay).where(SignInDelay.name_digest == digest_of(name, purpose))
    return asked.with_for_update() if holds else asked


def digest_of(name: str, purpose: Purpose) -> str:
    """Return under what the failed tries of a purpose under a name are counted."""
    return passwords.keyed_digest(current_app.config["SECRET_KEY"], purpose.value, fold(name.strip()))
