"""What the pages of a debate ask: each function loads all that its page needs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.sql.elements import ColumnElement

from forum.db import db
from forum.debates import mentions
from forum.debates import order as orders
from forum.debates.models import (
    SIDES,
    ArticleRevision,
    Debate,
    Outcome,
    Passage,
    Reply,
    ReplyMarks,
    ReplyStatus,
    Revision,
    Stance,
)
from forum.debates.order import Order
from forum.debates.places import IS_SHOWN, places_of
from forum.debates.vote_models import Vote

PER_PAGE = 25  # of each side
WORDINGS = 50  # of one reply, on the page of its history


@dataclass
class Shown:
    """A reply as one reader sees it; `revision` is the wording, None for a tombstone."""

    reply: Reply
    revision: Revision | None
    is_own: bool = False
    answered: Reply | None = None  # the public reply beside it that it answers
    named: list[Reply] = field(default_factory=list)  # public ones whose addresses stand in its text
    new_wording: Revision | None = None  # of an own public reply: it waits, and nobody else sees it
    vote: bool | None = None  # what this reader answered: is it well argued?
    answers: list["Shown"] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many answers this reader sees below it."""
        return sum(1 + answer.count for answer in self.answers)

    @property
    def is_unpublished(self) -> bool:
        """Whether only its author sees it."""
        return not self.reply.is_public and not self.reply.is_tombstone

    @property
    def marks(self) -> ReplyMarks | None:
        """The public counts, if they are of this wording."""
        marks = self.reply.marks
        return marks if marks and self.revision and marks.revision_id == self.revision.id else None


@dataclass
class Tally:
    """How many replies a debate has: public ones at top level, by side and by passage; answers apart."""

    replies: dict[Stance, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))
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


def by_slug(slug: str) -> Debate | None:
    """Return the debate at this address."""
    return db.session.scalar(select(Debate).where(Debate.slug == slug))


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
        select(Reply.stance, Reply.stands_at, published, func.sum(Reply.public_answers))
        .where(Reply.debate_id == debate.id, Reply.parent_id.is_(None), IS_SHOWN, *where)
        .group_by(Reply.stance, Reply.stands_at)
    )
    result = Tally()
    for stance, passage, public, answers in db.session.execute(query):
        result.replies[stance] += public
        result.answers += answers or 0
        if passage is not None and public:
            result.passages.setdefault(passage, dict.fromkeys(SIDES, 0))[stance] = public
    return result


def columns(
    debate: Debate, pages: dict[Stance, int], order: Order, reader: Any, *where: ColumnElement[bool]
) -> Columns | None:
    """Return a page of both sides with all answers; None if a page lies beyond the last one.

    `where` narrows both columns alike, to the replies about one passage, say.
    """
    places = places_of(debate, order, where)
    last = {side: max(1, -(-len(places[side]) // PER_PAGE)) for side in SIDES}
    if any(pages[side] > last[side] for side in SIDES):
        return None
    ids = [number for side in SIDES for number in places[side][(pages[side] - 1) * PER_PAGE :][:PER_PAGE]]
    roots = {reply.id: reply for reply in db.session.scalars(_with_words(select(Reply).where(Reply.id.in_(ids))))}
    own = _own_unpublished(debate, reader, where)
    shown = _threads([roots[number] for number in ids if number in roots], own)
    _put_votes(shown, reader)
    unseen = [item for item in own if item.is_unpublished]
    heads = [item for item in unseen if item.reply.parent_id is None and pages[item.reply.stance] == 1]
    by_side = {side: [item for item in [*heads, *shown] if item.reply.stance is side] for side in SIDES}
    return Columns(alternating(by_side, order.hour), pages, last)


def thread(reply: Reply, reader: Any) -> Shown | None:
    """Return the whole thread in which `reply` stands, if this reader may see `reply`."""
    own = _own_unpublished(reply.debate, reader)
    root = db.session.scalar(_with_words(select(Reply).where(Reply.id == (reply.root_id or reply.id))))
    if root is None:
        return None
    top = next((item for item in own if item.reply is root and item.is_unpublished), None)
    if top is None and not (root.is_public or root.is_tombstone):
        return None
    threads = [top] if top else _threads([root], own)
    _put_votes(threads, reader)
    return threads[0] if any(item.reply is reply for item in _walk(threads)) else None


def reply_by_id(reply_id: int) -> Reply | None:
    """Return a reply with its debate and author."""
    return db.session.scalar(
        select(Reply).where(Reply.id == reply_id).options(joinedload(Reply.debate), joinedload(Reply.author))
    )


def parent(reply_id: int) -> Reply | None:
    """Return a reply with its words, to be answered."""
    return db.session.scalar(_with_words(select(Reply).where(Reply.id == reply_id)))


def reply_with_wordings(reply_id: int) -> Reply | None:
    """Return a reply with all that its page and its verbs judge."""
    parts = [joinedload(part) for part in (Reply.debate, Reply.author, Reply.shown_revision, Reply.quote)]
    query = select(Reply).where(Reply.id == reply_id).options(selectinload(Reply.revisions), *parts)
    return db.session.scalar(query)


def public_wordings(reply: Reply) -> list[Revision]:
    """Return what was public of a reply, the newest first."""
    query = select(Revision).where(Revision.reply_id == reply.id, Revision.outcome == Outcome.PUBLISHED)
    return list(db.session.scalars(query.order_by(Revision.number.desc()).limit(WORDINGS)))


def reply_to_change(reply_id: int) -> Reply | None:
    """Return the same, locked until the transaction ends and read anew."""
    parts = (Reply.revisions, Reply.debate, Reply.author, Reply.shown_revision)
    query = select(Reply).where(Reply.id == reply_id).options(*(selectinload(part) for part in parts))
    return db.session.scalar(query.with_for_update(of=Reply).execution_options(populate_existing=True))


def _with_words(query: Select[Reply]) -> Select[Reply]:
    parts = (Reply.shown_revision, Reply.author, Reply.marks, Reply.quote)
    return query.options(*(joinedload(part) for part in parts))


def _own_unpublished(debate: Debate, reader: Any, where: Iterable[ColumnElement[bool]] = ()) -> list[Shown]:
    """Return what the reader wrote here that waits or was returned, the oldest first; `where`: not for answers."""
    if not reader.is_authenticated:
        return []
    stands = or_(
        and_(Reply.status == ReplyStatus.PENDING, Revision.outcome == Outcome.WAITING),
        and_(Reply.status == ReplyStatus.RETURNED, Revision.outcome == Outcome.RETURNED),
        and_(Reply.status == ReplyStatus.PUBLISHED, Revision.outcome == Outcome.WAITING),
    )
    parts = [joinedload(part) for part in (Reply.author, Reply.marks, Reply.quote)]
    query = (
        select(Revision)
        .join(Revision.reply)
        .where(Reply.debate_id == debate.id, Reply.author_id == reader.id, stands)
        .where(or_(Reply.parent_id.is_not(None), and_(true(), *where)))
        .options(contains_eager(Revision.reply).options(*parts))
        .order_by(Reply.id, Revision.number)
    )
    latest = {revision.reply_id: revision for revision in db.session.scalars(query)}
    return [Shown(revision.reply, revision, is_own=True) for revision in latest.values()]


def _threads(roots: Sequence[Reply], own: Iterable[Shown]) -> list[Shown]:
    """Return each root with its answers below it, the oldest first, and the reader's own waiting ones last."""
    query = _with_words(select(Reply).where(Reply.root_id.in_([root.id for root in roots]), IS_SHOWN))
    answers = list(db.session.scalars(query.order_by(Reply.published_at, Reply.id))) if roots else []
    places = {reply.id: Shown(reply, reply.shown_revision if reply.is_public else None) for reply in [*roots, *answers]}
    for item in own:
        if item.reply.is_public and item.reply.id in places:
            places[item.reply.id].new_wording = item.revision
    for item in [*(places[answer.id] for answer in answers), *(item for item in own if item.is_unpublished)]:
        above, answered = places.get(item.reply.parent_id or 0), places.get(item.reply.in_answer_to_id or 0)
        item.answered = answered.reply if answered and answered.reply.is_public else None
        if above:
            above.answers.append(item)
    return [places[root.id] for root in roots]


def _put_votes(threads: Iterable[Shown], reader: Any) -> None:
    """Put beside each reply what the reader has answered about this wording of it."""
    if not reader.is_authenticated:
        return
    items = {item.revision.id: item for item in _walk(threads) if item.revision and item.reply.is_public}
    query = select(Vote.revision_id, Vote.well_argued).where(
        Vote.voter_id == reader.id, Vote.reply_id.in_([item.reply.id for item in items.values()])
    )
    for revision_id, well_argued in db.session.execute(query) if items else ():
        if revision_id in items:
            items[revision_id].vote = well_argued


def alternating(by_side: dict[Stance, list[Any]], hour: datetime) -> list[Any]:
    """Return one list in which the sides alternate; which one opens it changes with the hour."""
    first, second = SIDES if orders.opens_with_first(hour) else SIDES[::-1]
    pairs = zip_longest(by_side[first], by_side[second])
    return [item for pair in pairs for item in pair if item is not None]


def add_named(debate: Debate, items: Iterable[Shown], sites: Sequence[str]) -> None:
    """Give each shown reply the public ones of its debate that it names by their addresses, as they are now."""
    every = [item for item in _walk(items) if item.revision]
    found = {item.reply.id: mentions.named(item.revision.text, debate.slug, sites) for item in every if item.revision}
    numbers = {number for named in found.values() for number in named}
    if not numbers:
        return
    public = (Reply.debate_id == debate.id, Reply.status == ReplyStatus.PUBLISHED, Reply.id.in_(numbers))
    rows = {reply.id: reply for reply in db.session.scalars(_with_words(select(Reply).where(*public)))}
    for item in every:
        item.named = [rows[number] for number in found[item.reply.id] if number in rows]


def _walk(items: Iterable[Shown]) -> Iterable[Shown]:
    for item in items:
        yield item
        yield from _walk(item.answers)
