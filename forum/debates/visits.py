"""When a member was last in a debate: kept in the cookie of their browser, never in the database.

Within a visit the mark stays where the one before ended, so that new replies are marked on every page of it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import session
from sqlalchemy import Select, bindparam, func, select

from forum.accounts.models import User
from forum.db import now
from forum.debates.models import SIDES, Debate, Stance, is_counted
from forum.debates.places import REPLIES, Tally

PAUSE = 30 * 60  # seconds without a look after which a new visit begins
RENEW_AFTER = 10 * 60  # seconds; how exactly the last look is known
MOST = 30  # debates whose last visits are known; the cookie has to stay small


def last_visit(debate_id: int) -> datetime | None:
    """Return when the visit before this one ended, None at the first one, and note that the member is here now."""
    visits: dict[str, list[int]] = session.get("visits", {})
    moment, name = int(now().timestamp()), str(debate_id)
    before, last = visits.get(name, [0, 0])
    if moment - last > PAUSE:
        before = last
    if moment - last > RENEW_AFTER:
        others = {key: value for key, value in visits.items() if key != name}
        kept = sorted(others, key=lambda key: -others[key][1])[: MOST - 1]
        session["visits"] = {key: others[key] for key in kept} | {name: [before, moment]}
    return datetime.fromtimestamp(before, UTC) if before else None


def since_then(debate: Debate, moment: datetime, reader: User) -> dict[str, Any]:
    """Return what `NEWS` asks for: what others published in a debate after a moment."""
    return {"debate": debate.id, "since": moment, "reader": reader.id}


def news(counts: Sequence[int]) -> Tally:
    """Return what the answer to `NEWS` says."""
    pro, anti, answers = counts
    return Tally(replies={Stance.PRO: pro, Stance.ANTI: anti}, answers=answers)


def _news() -> Select[Any]:
    is_reply = REPLIES.parent_id.is_(None)
    of_sides = (func.count().filter(is_reply, REPLIES.stance == side).label(side.value) for side in SIDES)
    query: Any = select(*of_sides, func.count().filter(~is_reply).label("answers"))
    return query.where(
        REPLIES.debate_id == bindparam("debate"),
        is_counted(REPLIES),
        REPLIES.published_at > bindparam("since", type_=REPLIES.published_at.type),
        REPLIES.author_id != bindparam("reader"),
    )


NEWS = _news()
