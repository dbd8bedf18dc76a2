"""Where members stand on the motion, before and after reading.

Nothing of it is recorded in the audit log: its lines carry the member and the time, and so would tell whose position
is whose. No page shows a position to anybody but the member themself, and the desk cannot import this module.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, Table, and_, bindparam, delete, func, insert, select, tuple_

from forum.accounts.models import User
from forum.db import db, rows
from forum.debates.models import Debate, Stance
from forum.debates.policy import may_take_position
from forum.debates.position_models import SCALE, Position, Reading
from forum.debates.position_tags import tags
from forum.debates.replies import closed_message
from forum.errors import Overtaken, Refused

ANSWERS = ("before", "before_later", "after", "after_later")
BATCH = 5000  # values in one statement; SQLite takes 32,766


def answer(debate: Debate, position: int, reading: Reading, *, by: User) -> None:
    """Keep where a member stands; the same answer twice is one.

    The first answer stays, a later one is kept beside it (`Position`). Whoever has answered after reading can no
    longer answer before it.
    """
    lock(debate)
    if not may_take_position(by, debate):
        raise Refused(closed_message(debate))
    if position not in SCALE:
        raise Refused(_("Choose one of the five points."), "position")
    kept = own(debate, by)
    if kept is None:
        kept = Position(debate_id=debate.id, tag=_tag(debate, by))
        db.session.add(kept)
    first, later = reading.value, f"{reading.value}_later"
    answers = (getattr(kept, later), getattr(kept, first))
    if position == next((said for said in answers if said is not None), None):
        return
    if reading is Reading.BEFORE and kept.after is not None:
        raise Overtaken(_("You have answered after reading, so the answer before reading can no longer change."))
    setattr(kept, later if getattr(kept, first) is not None else first, position)


def declare(debate_id: int, before: Mapping[int, int]) -> None:
    """Keep where many members stand before reading, at once: for synthetic content."""
    rows = [{"tag": tag, "before": before[member]} for (_debate, member), tag in tags([debate_id], before).items()]
    for batch in _batches(sorted(rows, key=lambda row: row["tag"])):
        db.session.execute(insert(Position), [{"debate_id": debate_id, **row} for row in batch])


def own(debate: Debate, member: User) -> Position | None:
    """Return what a member has answered, for nobody but that member."""
    return db.session.get(Position, (debate.id, _tag(debate, member)))


def own_beside(
    debate: Debate, member: User, counts: Select[Any] | None, values: Mapping[str, Any]
) -> tuple[Position | None, Any]:
    """Return the same and, in one question, a row of counts about the debate; the position is only read."""
    found = rows(_beside(counts), {"in_debate": debate.id, "tag": _tag(debate, member), **values}).first()
    answers = found and found[-len(ANSWERS) :]
    is_there = answers and any(answer is not None for answer in answers)
    return Position(**dict(zip(ANSWERS, answers, strict=True))) if is_there else None, found


@cache
def _beside(counts: Select[Any] | None) -> Select[Any]:
    kept: Any = Position.__table__
    answers, mine = (
        [kept.c[name] for name in ANSWERS],
        (kept.c.debate_id == bindparam("in_debate"), kept.c.tag == bindparam("tag")),
    )
    if counts is None:
        return select(*answers).where(*mine)
    asked = counts.subquery()
    return select(*asked.c, *answers).select_from(asked.outerjoin(kept, and_(*mine)))


def of(member: User) -> list[dict[str, Any]]:
    """Return all that a member has answered, for nobody but that member."""
    known = db.session.execute(select(Debate.id, Debate.slug).order_by(Debate.id)).all()
    told: list[dict[str, Any]] = []
    for number, slug in known:
        kept = db.session.get(Position, (number, tags([number], [member.id])[number, member.id]))
        if kept is not None:
            told.append({"debate": slug, **{name: getattr(kept, name) for name in ANSWERS}})
    return told


def sides(debate: Debate, member_ids: Iterable[int]) -> dict[int, Stance]:
    """Return the side that members declared before reading; the undecided and those who did not say have none.

    For the arithmetic of a job only: what comes of it is shown for five answers or more at a time.
    """
    members = {tag: member for (_debate, member), tag in tags([debate.id], member_ids).items()}
    query = select(Position.tag, Position.before).where(Position.debate_id == debate.id, Position.before != 0)
    found: dict[int, Stance] = {}
    for batch in _batches(list(members)):
        for tag, before in db.session.execute(query.where(Position.tag.in_(batch))):
            found[members[tag]] = Stance.PRO if before is not None and before > 0 else Stance.ANTI
    return found


def pairs(debate: Debate) -> list[tuple[int, int]]:
    """Return the positions before and after of all who answered both times, in no order of theirs."""
    after = func.coalesce(Position.after_later, Position.after)
    query = select(Position.before, after).where(Position.debate_id == debate.id)
    found = db.session.execute(query)
    return [(first, last) for first, last in found if first is not None and last is not None]


def shuffle(debate: Debate) -> None:
    """Write all rows of a debate anew, in the order of their tags and in this one transaction.

    On PostgreSQL the place of a row and the number of the transaction that wrote it are columns that can be asked
    for; both would tell in which order members answered.
    """
    table = Position.__table__
    assert isinstance(table, Table)  # noqa: S101
    db.session.flush()
    rows = db.session.execute(select(table).where(table.c.debate_id == debate.id).order_by(table.c.tag)).mappings()
    written = [dict(row) for row in rows]
    db.session.execute(delete(table).where(table.c.debate_id == debate.id))
    for start in range(0, len(written), BATCH):
        db.session.execute(insert(table), written[start : start + BATCH])


def forget(member: User) -> None:
    """Delete all positions of a member; shown figures lose them with the next step of five answers."""
    # Locked like for an answer, or rows that are just being written anew (`shuffle`) would bring these back.
    keys = [(debate, tag) for (debate, _member), tag in tags(lock_all(), [member.id]).items()]
    for batch in _batches(keys):
        db.session.execute(delete(Position).where(tuple_(Position.debate_id, Position.tag).in_(batch)))


def lock(debate: Debate) -> None:
    """Let the answers of a debate come one after the other; rows that only name the debate pass."""
    db.session.refresh(debate, ["closed_at", "closes_at"], with_for_update={"key_share": True})


def lock_all() -> list[int]:
    """Let the answers of all debates wait, and return their numbers; before any reply is held."""
    return list(db.session.scalars(select(Debate.id).order_by(Debate.id).with_for_update(key_share=True)))


def _tag(debate: Debate, member: User) -> bytes:
    return tags([debate.id], [member.id])[debate.id, member.id]


def _batches(values: list[Any]) -> Iterator[list[Any]]:
    return (values[start : start + BATCH] for start in range(0, len(values), BATCH))
