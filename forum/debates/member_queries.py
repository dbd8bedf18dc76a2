"""What the page of a member asks: what is public under their name."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.accounts.signin import find
from forum.db import db
from forum.debates.models import Reply, ReplyStatus

PER_PAGE = 25


@dataclass
class MemberPage:
    """A page of what a member wrote, the newest first, of `count` replies in `debates` debates."""

    member: User
    replies: list[Reply]
    has_older: bool
    count: int
    debates: int


def page(name: str, before: int) -> MemberPage | None:
    """Return the replies of a member with smaller numbers than `before`.

    None where nothing is public under that name: whether somebody has it is not told.
    """
    member = find(name)
    if member is None:
        return None
    rows = list(db.session.scalars(newest(member).where(Reply.id < before).limit(PER_PAGE + 1)))
    totals = select(func.count(), func.count(Reply.debate_id.distinct())).where(*_public(member))
    count, debates = db.session.execute(totals).one()
    return MemberPage(member, rows[:PER_PAGE], len(rows) > PER_PAGE, count, debates) if rows else None


def newest(member: User) -> Select[Reply]:
    """Return the query for the public replies of a member with their words and debates, the newest first."""
    parts = (joinedload(part) for part in (Reply.shown_revision, Reply.author, Reply.debate, Reply.quote))
    return select(Reply).where(*_public(member)).order_by(Reply.id.desc()).options(*parts)


def _public(member: User) -> tuple[ColumnElement[bool], ...]:
    return (Reply.author_id == member.id, Reply.status == ReplyStatus.PUBLISHED)
