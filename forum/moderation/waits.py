"""How long replies wait: the longest now, and the usual wait of each side in the last seven days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from statistics import median
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import bindparam, func, select

from forum.ages import written
from forum.db import now, rows
from forum.debates.models import SIDES, WAITS, Reply, Revision, Stance
from forum.fragments import once
from forum.moderation.models import Action, Decision, Undo

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


_NOW = select(
    select(func.max(Decision.id)).scalar_subquery(),
    select(func.max(Undo.id)).scalar_subquery(),
    select(Revision.created_at).where(WAITS).order_by(Revision.created_at, Revision.id).limit(1).scalar_subquery(),
)
_NEWEST: Any = bindparam("newest")
# Asked for one by one, by their numbers: a thousand look-ups are fewer rows than two whole tables.
_ARRIVED = select(Revision.created_at).where(Revision.id == Decision.revision_id).scalar_subquery()
_SIDE = select(Reply.stance).where(Reply.id == Decision.reply_id).scalar_subquery()
_DECIDED = (
    select(Decision.revision_id, _SIDE, _ARRIVED, Decision.created_at)
    # The bound makes it a short walk at the end of the table, whatever the database thinks of the limit.
    .where(Decision.id > _NEWEST - LATEST, Decision.action.in_(_ON_WAITING), ~Decision.undone.has())
    .order_by(Decision.id.desc())
    .limit(LATEST)
)


@lru_cache(maxsize=4096)
def waited(spoken: str, minutes: int) -> str:
    """Return how long a reply waits, as the queue shows it, in the language that is spoken, which is named."""
    age, is_long = written(spoken, minutes), minutes >= LONG.total_seconds() // 60
    words = _("%(age)s, over 6 h", age=age) if is_long else age
    return Markup('<span class="n{}">{}</span>').format(" over" if is_long else "", words)


def measure() -> Waits:
    """Return the waits of now: of each wording from its arrival to the first decision on it."""
    newest, undone, oldest = rows(_NOW, {}).one()
    # Between two decisions the usual wait changes only by what leaves the window: looked at again every minute.
    key = ("usual waits", newest, undone, int(now().timestamp()) // 60)
    usual = once(key, lambda: _usual_of_sides(newest), lambda _found: 0)
    return Waits(now() - oldest if oldest else None, usual)


def _usual_of_sides(newest: int | None) -> dict[Stance, timedelta | None]:
    first: dict[int, tuple[Stance, datetime, datetime]] = {}
    for number, stance, arrived, decided_at in rows(_DECIDED, {"newest": newest or 0}):
        if decided_at > now() - WINDOW and (number not in first or decided_at < first[number][2]):
            first[number] = (stance, arrived, decided_at)
    waits = {side: [end - begin for stance, begin, end in first.values() if stance is side] for side in SIDES}
    return {side: _usual(found) for side, found in waits.items()}


def _usual(waits: list[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(wait.total_seconds() for wait in waits)) if len(waits) >= ENOUGH else None
