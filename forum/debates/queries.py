"""What the pages of a debate ask: each function loads all that its page needs."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.sql.elements import ColumnElement

from forum import versions
from forum.db import db
from forum.debates import order as orders
from forum.debates.models import (
    SIDES,
    ArticleRevision,
    Debate,
    Outcome,
    Passage,
    Reply,
    ReplyStatus,
    Revision,
    Stance,
)
from forum.debates.order import Order
from forum.debates.places import IS_SHOWN, PER_PAGE, on_pages
from forum.debates.thread_queries import Shown, own_unpublished, put_votes, with_answers, with_words

WORDINGS = 25  # of one reply, on a page of its history


@dataclass
class Tally:
    """How many replies a debate has: public ones at top level, by side and by passage; answers apart."""

    replies: dict[Stance, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))
    places: dict[Stance, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))  # tombstones have one too
    passages: dict[int, dict[Stance, int]] = field(default_factory=dict)
    answers: int = 0

    @property
    def largest(self) -> int:
        """The largest count of either side at any passage: one scale for all bars."""
        return max((n for sides in self.passages.values() for n in sides.values()), default=1)


@dataclass
class Columns:
    """One page of both sides: a single list in which the sides alternate."""

    pairs: list[Shown]
    pages: dict[Stance, int]
    last: dict[Stance, int]

    def has(self, side: Stance) -> bool:
        """Say whether anything of a side is on the page."""
        return any(item.reply.stance is side for item in self.pairs)


def by_slug(slug: str) -> Debate | None:
    """Return the debate at this address."""
    return db.session.scalar(select(Debate).where(Debate.slug == slug))


def with_versions(slug: str) -> tuple[Debate, list[int]] | None:
    """Return the debate at this address, and beside it the versions of its pages."""
    found: Any = db.session.execute(select(Debate, *versions.beside(Debate.id)).where(Debate.slug == slug)).first()
    return (found[0], found[1:]) if found else None


def all_debates() -> list[tuple[Debate, dict[Stance, int]]]:
    """Return every debate with its public replies by side: open ones first, the newest of each kind first."""
    debates = list(db.session.scalars(select(Debate).order_by(Debate.opens_at.desc(), Debate.id.desc())))
    counts: dict[int, dict[Stance, int]] = defaultdict(lambda: dict.fromkeys(SIDES, 0))
    query = select(Reply.debate_id, Reply.stance, func.count()).where(
        Reply.parent_id.is_(None), Reply.status == ReplyStatus.PUBLISHED
    )
    for debate_id, stance, count in db.session.execute(query.group_by(Reply.debate_id, Reply.stance)):
        counts[debate_id][stance] = count
    return [(debate, counts[debate.id]) for debate in sorted(debates, key=lambda debate: not debate.is_open)]


def article(debate: Debate) -> ArticleRevision:
    """Return the shown wording of the article with its passages, notes and voices."""
    query = (
        select(ArticleRevision)
        .join(Passage)
        .where(ArticleRevision.debate_id == debate.id, ArticleRevision.number == shown_number(debate.id))
        .order_by(Passage.position)
        .options(
            contains_eager(ArticleRevision.passages),
            selectinload(ArticleRevision.notes),
            selectinload(ArticleRevision.voices),
        )
    )
    return db.session.scalars(query).unique().one()


def shown_number(debate_id: int) -> ScalarSelect[int]:
    """Return the number of the shown wording of the article."""
    return select(func.max(ArticleRevision.number)).where(ArticleRevision.debate_id == debate_id).scalar_subquery()


def tally(debate: Debate, *where: ColumnElement[bool]) -> Tally:
    """Count the public replies of a debate, or those that `where` narrows them to."""
    published = func.count().filter(Reply.status == ReplyStatus.PUBLISHED)
    query = (
        select(Reply.stance, Reply.stands_at, func.count(), published, func.sum(Reply.public_answers))
        .where(Reply.debate_id == debate.id, Reply.parent_id.is_(None), IS_SHOWN, *where)
        .group_by(Reply.stance, Reply.stands_at)
    )
    result = Tally()
    for stance, passage, places, public, answers in db.session.execute(query):
        result.places[stance] += places
        result.replies[stance] += public
        result.answers += answers or 0
        if passage is not None and public:
            result.passages.setdefault(passage, dict.fromkeys(SIDES, 0))[stance] = public
    return result


def columns(
    debate: Debate, counts: Tally, pages: dict[Stance, int], order: Order, reader: Any, *where: ColumnElement[bool]
) -> Columns | None:
    """Return a page of both sides with all answers; None if a page lies beyond the last one.

    `where` narrows both columns alike, to the replies about one passage, say; `counts` are those of the same replies.
    """
    last = {side: max(1, -(-counts.places[side] // PER_PAGE)) for side in SIDES}
    if any(pages[side] > last[side] for side in SIDES):
        return None
    ids = on_pages(debate, order, pages, where)
    own = own_unpublished(debate, reader, where)
    shown = with_answers(ids, own)
    put_votes(shown, reader)
    unseen = [item for item in own if item.is_unpublished]
    heads = [item for item in unseen if item.reply.parent_id is None and pages[item.reply.stance] == 1]
    by_side = {side: [item for item in [*heads, *shown] if item.reply.stance is side] for side in SIDES}
    return Columns(alternating(by_side, order.hour), pages, last)


def reply_by_id(reply_id: int) -> Reply | None:
    """Return a reply with its debate, its author and the wording that is public."""
    parts = [joinedload(part) for part in (Reply.debate, Reply.author, Reply.shown_revision)]
    return db.session.scalar(select(Reply).where(Reply.id == reply_id).options(*parts))


def parent(reply_id: int) -> Reply | None:
    """Return a reply with its words, to be answered."""
    return db.session.scalar(with_words(select(Reply).where(Reply.id == reply_id)))


def reply_with_wordings(reply_id: int) -> Reply | None:
    """Return a reply with all that its page and its verbs judge."""
    parts = [joinedload(part) for part in (Reply.debate, Reply.author, Reply.shown_revision, Reply.quote)]
    query = select(Reply).where(Reply.id == reply_id).options(selectinload(Reply.revisions), *parts)
    return db.session.scalar(query)


def public_wordings(reply: Reply, before: int) -> list[Revision]:
    """Return what was public of a reply and has a smaller number than `before`, the newest first.

    The page shows `WORDINGS` of them; one more is what the last of them replaced. Those are among them that a
    moderator has taken out of the history: only that they were there is told.
    """
    query = select(Revision).where(Revision.reply_id == reply.id, Revision.outcome == Outcome.PUBLISHED)
    query = query.where(Revision.number < before).order_by(Revision.number.desc())
    return list(db.session.scalars(query.limit(WORDINGS + 1)))


def reply_to_change(reply_id: int) -> Reply | None:
    """Return the same, locked until the transaction ends and read anew."""
    parts = (Reply.revisions, Reply.debate, Reply.author, Reply.shown_revision)
    query = select(Reply).where(Reply.id == reply_id).options(*(selectinload(part) for part in parts))
    return db.session.scalar(query.with_for_update(of=Reply).execution_options(populate_existing=True))


def alternating(by_side: dict[Stance, list[Any]], hour: datetime) -> list[Any]:
    """Return one list in which the sides alternate; which one opens it changes with the hour."""
    first, second = SIDES if orders.opens_with_first(hour) else SIDES[::-1]
    pairs = zip_longest(by_side[first], by_side[second])
    return [item for pair in pairs for item in pair if item is not None]
