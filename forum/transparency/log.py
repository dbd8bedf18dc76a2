"""The public log is written here and nowhere else: one verb, and what it says of each happening."""

import secrets

from sqlalchemy import Select, func, select

from forum import versions
from forum.accounts.models import User
from forum.db import Base, db, now
from forum.debates.models import Debate, Reply, Revision, Stance
from forum.moderation.appeal_models import Appeal
from forum.moderation.models import UNDO_WITHIN, Decision
from forum.moderation.sanction_models import Sanction, SanctionAppeal
from forum.transparency.chain import GENESIS, commitment, digest
from forum.transparency.models import HOUR, LogAction, LogEntry, LogSalt

LOCK = 20261125  # on PostgreSQL: who holds it adds the next entry; on SQLite there is one writer anyway


def append(
    action: LogAction,
    *,
    staff: int | None,
    debate: str | None = None,
    side: Stance | None = None,
    rule: str | None = None,
    text: str | None = None,
    about: Base | None = None,
) -> LogEntry:
    """Add an entry to the public log, in the running transaction.

    `staff` is the staff number of who acted, None where nobody did; `debate` a slug; `text` the wording that was
    judged, of which only a salted commitment is kept. `about` is the row of the decision or sanction: a later
    entry about the same row names the first one.
    """
    db.session.flush()  # nothing else may wait while the next in the queue is kept waiting
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    last = db.session.scalar(select(LogEntry).order_by(LogEntry.id.desc()).limit(1))
    moment, salt = now(), secrets.token_hex(32)
    kind, number = (about.__tablename__, about.id) if about is not None else (None, None)
    entry = LogEntry(
        id=last.id + 1 if last else 1,
        hour=moment.strftime(HOUR),
        debate=debate,
        side=side,
        rule=rule,
        action=action,
        moderator=staff,
        commitment=None if text is None else commitment(salt, text),
        about_id=_first_entry(kind, number) if kind else None,
        previous_hash=last.hash if last else GENESIS,
    )
    entry.hash = digest(entry.facts)
    db.session.add(entry)
    db.session.flush()
    db.session.add(LogSalt(entry_id=entry.id, salt=salt, created_at=moment, subject_kind=kind, subject_id=number))
    db.session.flush()
    versions.change_site(settles_in=UNDO_WITHIN)
    return entry


def forget(about: Base) -> None:
    """Destroy the salts of all entries about a row: nobody can tie them to a text or a person any more."""
    for salt in db.session.scalars(_salts(about.__tablename__, about.id)):
        db.session.delete(salt)


def decision_made(decision: Decision) -> None:
    """Enter a decision; one on a new wording of a published reply is named so."""
    name = f"{decision.action}_wording" if decision.is_of_rewording else decision.action.value
    _enter(decision, LogAction(name), by=decision.moderator_id, rule=decision.rule)


def decision_undone(decision: Decision) -> None:
    """Enter that a decision was undone: the entry of the decision stays."""
    _enter(decision, LogAction.UNDONE, by=decision.moderator_id, rule=decision.rule)


def appeal_decided(appeal: Appeal) -> None:
    """Enter how an appeal was decided; it names the entry of the decision."""
    if appeal.decided_by_id is not None:
        _enter(appeal.decision, LogAction(str(appeal.outcome)), by=appeal.decided_by_id, rule=appeal.rule)


def appeal_ended(appeal: Appeal) -> None:
    """Enter that an appeal ended because nothing was left to decide: nobody judged it."""
    _enter(appeal.decision, LogAction.APPEAL_ENDED, by=None, rule=None)


def sanction_made(sanction: Sanction) -> None:
    """Enter a sanction: its kind and its rule, never on whom."""
    _enter_sanction(sanction, LogAction(sanction.kind.value), by=sanction.moderator_id, rule=sanction.rule)


def sanction_ended(sanction: Sanction) -> None:
    """Enter that a sanction was ended before its time; it names the entry of the sanction."""
    if sanction.ended_by_id is not None:
        _enter_sanction(sanction, LogAction.SANCTION_ENDED, by=sanction.ended_by_id)


def sanction_judged(appeal: SanctionAppeal) -> None:
    """Enter how an appeal against a sanction was decided; it names the entry of the sanction."""
    if appeal.decided_by_id is not None:
        _enter_sanction(appeal.sanction, LogAction(str(appeal.outcome)), by=appeal.decided_by_id)


def _enter_sanction(sanction: Sanction, action: LogAction, *, by: int, rule: str | None = None) -> None:
    staff = db.session.scalar(select(User.staff_number).where(User.id == by))
    append(action, staff=staff, rule=rule, about=sanction)


def _enter(decision: Decision, action: LogAction, *, by: int | None, rule: str | None) -> None:
    slug, side, text, staff = db.session.execute(
        select(Debate.slug, Reply.stance, Revision.text, User.staff_number)
        .join_from(Reply, Debate, Reply.debate_id == Debate.id)
        .join(Revision, Revision.id == decision.revision_id)
        .outerjoin(User, User.id == by)
        .where(Reply.id == decision.reply_id)
    ).one()
    append(action, staff=staff, debate=slug, side=side, rule=rule, text=text, about=decision)


def _salts(kind: str, number: int | None) -> Select[LogSalt]:
    return select(LogSalt).where(LogSalt.subject_kind == kind, LogSalt.subject_id == number).order_by(LogSalt.id)


def _first_entry(kind: str, number: int | None) -> int | None:
    first = db.session.scalar(_salts(kind, number).limit(1))
    return first.entry_id if first else None
