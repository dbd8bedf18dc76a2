"""What the page of a name asks: what is public under it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from forum.db import db
from forum.debates.bylines import find, written_under
from forum.debates.models import NAMED, Byline, Reply, is_counted

PER_PAGE = 25


@dataclass
class MemberPage:
    """A page of what stands under a name, the newest first, of `count` replies in `debates` debates."""

    byline: Byline
    replies: list[Reply]
    has_older: bool
    count: int
    debates: int


def page(name: str, before: int) -> MemberPage | None:
    """Return the replies under a name with smaller numbers than `before`.

    None where nothing is public under that name: whether somebody has it is not told.
    """
    byline = find(name)
    if byline is None:
        return None
    rows = list(db.session.scalars(newest(byline).where(Reply.id < before).limit(PER_PAGE + 1)))
    totals = select(func.count(), func.count(Reply.debate_id.distinct())).where(*_public(byline))
    count, debates = db.session.execute(totals).one()
    return MemberPage(byline, rows[:PER_PAGE], len(rows) > PER_PAGE, count, debates) if rows else None


def newest(byline: Byline) -> Select[Reply]:
    """Return the query for the public replies under a name with their words and debates, the newest first."""
    parts = (joinedload(part) for part in (Reply.shown_revision, *NAMED, Reply.debate, Reply.quote))
    return select(Reply).where(*_public(byline)).order_by(Reply.id.desc()).options(*parts)


def _public(byline: Byline) -> tuple[ColumnElement[bool], ...]:
    return (*written_under(byline), is_counted(Reply))
