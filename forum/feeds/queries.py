"""What the feeds and the map of the site ask: public facts only."""

from datetime import datetime

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import joinedload

from forum.db import db
from forum.debates.member_queries import newest as newest_of
from forum.debates.models import NAMED, ArticleRevision, Byline, Debate, Reply, is_counted

ENTRIES = 50  # of a feed
IN_MAP = 40_000  # debates; the protocol of site maps allows 50,000 addresses in a file


def debates(most: int = ENTRIES) -> list[Row[Debate, datetime]]:
    """Return the newest debates, each with when its article changed last."""
    changed = select(func.max(ArticleRevision.created_at)).where(ArticleRevision.debate_id == Debate.id)
    query = select(Debate, changed.scalar_subquery()).order_by(Debate.id.desc()).limit(most)
    return list(db.session.execute(query).all())


def replies_in(debate: Debate) -> list[Reply]:
    """Return the replies and answers of a debate that were published last, whatever their side."""
    return list(db.session.scalars(newest_in(debate)))


def newest_in(debate: Debate) -> Select[Reply]:
    """Return the query for them."""
    query = select(Reply).where(Reply.debate_id == debate.id, is_counted(Reply))
    parts = (joinedload(part) for part in (Reply.shown_revision, *NAMED))
    return query.order_by(Reply.published_at.desc(), Reply.id.desc()).options(*parts).limit(ENTRIES)


def replies_of(byline: Byline) -> list[Reply]:
    """Return the newest public replies under a name with their debates."""
    return list(db.session.scalars(newest_of(byline).limit(ENTRIES)))
