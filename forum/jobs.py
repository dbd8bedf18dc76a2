"""What can wait: a job is a row, written in the transaction from which it follows and done soon after by a worker.

A worker claims a row for a time by an UPDATE, so several may run; one that dies loses its claim with that time, and the
job is done again. So every job can be done twice: it looks at what is there and puts it right.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from traceback import extract_tb
from typing import Any

from flask import current_app
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    Select,
    UniqueConstraint,
    and_,
    case,
    delete,
    event,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from forum.db import Base, choices, db, insert_into, now, writing

LEASE = timedelta(minutes=10)  # a job that takes longer is taken for dead
FIRST_DELAY = timedelta(seconds=10)  # after a failure; twice as long after each further one
LONGEST_DELAY = timedelta(hours=6)


class Kind(StrEnum):
    """Everything that is done later."""

    SCORE_DEBATE = "score_debate"
    SCORE_DEBATES = "score_debates"
    COUNT_VOTES = "count_votes"
    REFRESH_SHIFTS = "refresh_shifts"
    START_LETTERS = "start_letters"
    SEND_LETTER = "send_letter"
    ASK_TO_CONFIRM = "ask_to_confirm"
    DELETE_ACCOUNT = "delete_account"
    WIPE = "wipe"
    MAKE_EXPORT = "make_export"
    FORGET_EXPORTS = "forget_exports"
    FORGET_EXPIRED = "forget_expired"
    SCREEN_WAITING = "screen_waiting"


# What is done again and again.
EVERY: Mapping[Kind, timedelta] = {
    Kind.SCORE_DEBATES: timedelta(hours=1),
    Kind.REFRESH_SHIFTS: timedelta(hours=1),
    Kind.START_LETTERS: timedelta(minutes=1),
    Kind.FORGET_EXPORTS: timedelta(hours=1),
    Kind.FORGET_EXPIRED: timedelta(hours=1),
}
# What fails for no reason of its own, and is promised soon: it is tried again after the same time.
SOON: Mapping[Kind, timedelta] = {Kind.WIPE: timedelta(minutes=1)}

Handler = Callable[[int], None]


class Job(Base):
    """Something to be done to one row, 0 where it concerns no row; asked for again before it is done, it is one job."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        Index(None, "run_at", "id"),
        CheckConstraint("attempts >= 0 AND requests >= 1", name="counted"),
    )

    kind: Mapped[Kind] = mapped_column(choices(Kind, checked=False))
    subject_id: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime] = mapped_column(default=now)
    requests: Mapped[int] = mapped_column(default=1)  # grows when it is asked for while it is being done
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]


@dataclass(frozen=True)
class Claim:
    """What a worker has taken on; `until` is also what tells its claim from a later one."""

    job_id: int
    kind: Kind
    subject_id: int
    requests: int
    attempts: int
    until: datetime


def put(kind: Kind, subject_id: int = 0, *, at: datetime | None = None) -> None:
    """Ask in the running transaction for something to be done, now or `at` a later time."""
    moment = now()
    values = {"kind": kind, "subject_id": subject_id, "run_at": at or moment, "created_at": moment}
    new = insert_into(Job).values(requests=1, attempts=0, **values)
    sooner = case((new.excluded.run_at < Job.run_at, new.excluded.run_at), else_=Job.run_at)
    again = {"requests": Job.requests + 1, "run_at": sooner}
    db.session.execute(new.on_conflict_do_update(index_elements=["kind", "subject_id"], set_=again))
    db.session.info["has_jobs"] = True


def put_if_new(kind: Kind, subject_id: int = 0) -> None:
    """Ask for something unless it is asked for already: what has failed waits until its delay is over."""
    values = {"kind": kind, "subject_id": subject_id, "run_at": now(), "created_at": now()}
    db.session.execute(insert_into(Job).values(requests=1, attempts=0, **values).on_conflict_do_nothing())
    db.session.info["has_jobs"] = True


def is_asked_for(kind: Kind, subject_id: int = 0) -> bool:
    """Say whether something has yet to be done, or to be done again."""
    return bool(db.session.scalar(select(exists().where(Job.kind == kind, Job.subject_id == subject_id))))


def take_back(kind: Kind, subject_id: int = 0) -> None:
    """Ask for something no longer; what is being done meanwhile finds that it is not wanted by looking."""
    db.session.execute(delete(Job).where(Job.kind == kind, Job.subject_id == subject_id))


def has_failed(kind: Kind, subject_id: int) -> bool:
    """Say whether something that was asked for was tried in vain, and is tried again."""
    is_between = and_(Job.attempts > 0, Job.claimed_until.is_(None))
    is_asked = (Job.kind == kind, Job.subject_id == subject_id)
    return bool(db.session.scalar(select(exists().where(*is_asked, or_(is_between, Job.attempts > 1)))))


def plan() -> None:
    """Write the rows of what is done again and again, where they are missing."""
    for kind in EVERY:
        put_if_new(kind)


def work() -> int:
    """Do all that is due, one after the other, and return how many were tried."""
    tried = 0
    while (claim := _claim()) is not None:
        _do(claim)
        tried += 1
    return tried


def _due() -> Select[Job]:
    moment = now()
    is_free = or_(Job.claimed_until.is_(None), Job.claimed_until <= moment)
    return select(Job).where(Job.run_at <= moment, is_free).order_by(Job.run_at, Job.id).limit(1)


def _claim() -> Claim | None:
    """Take the job that has been due longest. Nothing is written, and no writer kept waiting, where none is due."""
    if db.session.scalar(_due().with_only_columns(Job.id)) is None:
        db.session.rollback()
        return None
    with writing():
        job = db.session.scalar(_due().with_for_update(skip_locked=True))
        if job is None:
            return None
        job.claimed_until = now() + LEASE
        job.attempts += 1
        return Claim(job.id, job.kind, job.subject_id, job.requests, job.attempts, job.claimed_until)


def _do(claim: Claim) -> None:
    handlers: Mapping[Kind, Handler] = current_app.extensions["jobs"]
    try:
        handlers[claim.kind](claim.subject_id)
    except Exception as error:
        db.session.rollback()
        # Where and what it was, without its message, which may quote what a person wrote.
        place = extract_tb(error.__traceback__)[-1]
        told = (claim.kind.value, claim.subject_id, claim.attempts, type(error).__name__, place.filename, place.lineno)
        current_app.logger.error("job %s of row %d failed for the %d. time: %s in %s, line %s", *told)
        delay = SOON.get(claim.kind) or min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(claim.attempts - 1, 20))
        with writing():
            _free(claim, run_at=now() + delay)
    else:
        with writing():
            _finish(claim)


def _finish(claim: Claim) -> None:
    """End a job; one that was asked for while it was being done, or comes back by itself, waits for its next time."""
    if claim.kind in EVERY:
        _free(claim, run_at=now() + EVERY[claim.kind], attempts=0)
        return
    job = db.session.scalar(select(Job).where(*_is_held(claim)).with_for_update())
    if job is not None and job.requests == claim.requests:
        db.session.delete(job)
    elif job is not None:
        job.claimed_until, job.attempts = None, 0
        db.session.info["has_jobs"] = True


def _free(claim: Claim, **values: Any) -> None:
    db.session.execute(update(Job).where(*_is_held(claim)).values(claimed_until=None, **values))


def _is_held(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a job that this claim still holds."""
    return (Job.id == claim.job_id, Job.claimed_until == claim.until)


@event.listens_for(db.session, "after_commit")
def _wake(session: Session) -> None:
    """Wake a worker once the rows can be seen; without one, or if that fails, they are found at the next round."""
    wake = current_app.extensions.get("wake")
    if session.info.pop("has_jobs", False) and wake is not None:
        wake()


@event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("has_jobs", None)
