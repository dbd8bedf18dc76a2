"""How long replies wait: the longest now, and the usual wait of each side in the last seven days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import func, literal, null, select, union_all

from forum.db import db, now
from forum.debates.models import SIDES, Outcome, Reply, Revision, Stance
from forum.moderation.models import Action, Decision

WINDOW = timedelta(days=7)
LATEST = 200  # decisions; more would hardly move a median, and took a fifth of the page
ENOUGH = 5  # of one side; fewer say nothing
LONG = timedelta(hours=6)  # the desk marks what waits longer
_ON_WAITING = (Action.PUBLISH, Action.RETURN, Action.REJECT)


@dataclass
class Waits:
    """The longest wait of now, None if nothing waits; the usual one of each side, None where too few say."""

    longest: timedelta | None
    usual: dict[Stance, timedelta | None]


def measure() -> Waits:
    """Return the waits of now: of each wording from its arrival to the first decision on it."""
    newest = select(func.max(Decision.id)).scalar_subquery()
    # Asked for one by one, by their numbers: a thousand look-ups are fewer rows than two whole tables.
    arrived = select(Revision.created_at).where(Revision.id == Decision.revision_id).scalar_subquery()
    side = select(Reply.stance).where(Reply.id == Decision.reply_id).scalar_subquery()
    latest = (
        select(Decision.revision_id, side.label("stance"), arrived.label("arrived"), Decision.created_at)
        # The bound makes it a short walk at the end of the table, whatever the database thinks of the limit.
        .where(Decision.id > newest - LATEST, Decision.action.in_(_ON_WAITING), ~Decision.undone.has())
        .order_by(Decision.id.desc())
        .limit(LATEST)
        .subquery()
    )
    decided = select(latest).where(latest.c.created_at > now() - WINDOW)
    oldest = select(Revision.created_at).where(Revision.outcome == Outcome.WAITING)
    oldest = oldest.order_by(Revision.created_at, Revision.id).limit(1)
    found = db.session.execute(
        union_all(
            decided,
            select(literal(0), null(), oldest.scalar_subquery(), null()),
        )
    )
    first: dict[int, tuple[Stance, datetime, datetime]] = {}
    longest = None
    for number, stance, arrived, decided_at in found:
        if not number:
            longest = now() - arrived if arrived else None
        elif number not in first or decided_at < first[number][2]:
            first[number] = (stance, arrived, decided_at)
    waits = {side: [end - begin for stance, begin, end in first.values() if stance is side] for side in SIDES}
    return Waits(longest, {side: _usual(found) for side, found in waits.items()})


def _usual(waits: list[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(wait.total_seconds() for wait in waits)) if len(waits) >= ENOUGH else None
