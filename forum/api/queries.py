"""What the API asks: public facts only, each list by a key that does not move."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select, tuple_
from sqlalchemy.orm import joinedload

from forum.db import db
from forum.debates.models import NAMED, Debate, Reply, Stance, is_counted

WORDS = (Reply.shown_revision, *NAMED, Reply.marks, Reply.quote, Reply.debate)


def debates(after: int | None, limit: int) -> list[Debate]:
    """Return debates in the order in which they were made."""
    return list(db.session.scalars(select(Debate).where(Debate.id > (after or 0)).order_by(Debate.id).limit(limit)))


def place_of(debate: Debate, reply_id: int) -> Row[datetime | None, int] | None:
    """Return where a reply stands or stood in the list of its debate; None if it was never in it."""
    query = select(Reply.published_at, Reply.id).where(Reply.id == reply_id, Reply.debate_id == debate.id)
    return db.session.execute(query.where(Reply.published_at.is_not(None), Reply.original_id.is_(None))).first()


def replies(
    debate: Debate, after: Sequence[Any] | None, limit: int, side: Stance | None = None, language: str | None = None
) -> list[Reply]:
    """Return public replies and answers of a debate, those published first first; `after` is a place in that order."""
    return list(db.session.scalars(replies_after(debate, after, limit, side, language)))


def replies_after(
    debate: Debate, after: Sequence[Any] | None, limit: int, side: Stance | None = None, language: str | None = None
) -> Select[Reply]:
    """Return the query for them."""
    query = select(Reply).where(Reply.debate_id == debate.id, is_counted(Reply))
    if side is not None:
        query = query.where(Reply.stance == side)
    if language is not None:
        query = query.where(Reply.language == language)
    if after is not None:
        query = query.where(tuple_(Reply.published_at, Reply.id) > tuple_(*after))
    return query.order_by(Reply.published_at, Reply.id).limit(limit).options(*map(joinedload, WORDS))


def reply(reply_id: int) -> Reply | None:
    """Return a reply that everybody sees, or the kept place of one."""
    found = db.session.scalar(select(Reply).where(Reply.id == reply_id).options(*map(joinedload, WORDS)))
    return found if found and not found.is_translation and (found.is_public or found.is_tombstone) else None
