"""When a member was last in a debate: kept in the cookie of their browser, never in the database.

Within a visit the mark stays where the one before ended, so that new replies are marked on every page of it.
"""

from datetime import UTC, datetime

from flask import session
from sqlalchemy import func, select

from forum.accounts.models import User
from forum.db import db, now
from forum.debates.models import Debate, Reply, ReplyStatus
from forum.debates.queries import Tally

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


def news(debate: Debate, since: datetime, reader: User) -> Tally:
    """Count what others published in a debate after a moment."""
    is_reply = Reply.parent_id.is_(None)
    query = (
        select(is_reply, Reply.stance, func.count())
        .where(Reply.debate_id == debate.id, Reply.status == ReplyStatus.PUBLISHED, Reply.published_at > since)
        .where(Reply.author_id != reader.id)
        .group_by(is_reply, Reply.stance)
    )
    found = Tally()
    for of_debate, stance, count in db.session.execute(query):
        if of_debate:
            found.replies[stance] = count
        else:
            found.answers += count
    return found
