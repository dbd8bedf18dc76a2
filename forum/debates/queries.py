"""What the pages of a debate ask: each function loads all that its page needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import zip_longest
from sys import getsizeof
from typing import Any, NamedTuple

from flask import g
from sqlalchemy import ScalarSelect, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.sql.elements import ColumnElement

from forum import versions
from forum.db import db, loaded, now, rows
from forum.debates import order as orders
from forum.debates import places
from forum.debates.models import (
    NAMED,
    SIDES,
    ArticleRevision,
    Debate,
    Note,
    Outcome,
    Passage,
    Reply,
    ReplyStatus,
    Revision,
    Stance,
    Voice,
)
from forum.debates.order import Order
from forum.debates.places import PER_PAGE, REPLIES, Tally
from forum.debates.thread_queries import Facts, Shown, facts_of, own_unpublished, put_votes, with_answers, with_words
from forum.fragments import kept, once
from forum.memory import BESIDE

WORDINGS = 25  # of one reply, on a page of its history
LISTED = 20  # debates on a page of their list
Listed = tuple[Debate, dict[Stance, int]]


class OnPages(NamedTuple):
    """What everybody sees on a page of both sides: the counts of the debate, and its replies with their answers."""

    tally: Tally
    ids: list[int]
    facts: list[Facts]


@dataclass
class Columns:
    """One page of both sides: a single list in which the sides alternate."""

    tally: Tally
    pairs: list[Shown]
    pages: dict[Stance, int]
    last: dict[Stance, int]
    kept_under: tuple[Any, ...] | None  # by which this page is known in this process, with what everybody sees of it

    @property
    def facts(self) -> tuple[int, ...]:
        """Which pages they are, of how many."""
        return *(self.pages[side] for side in SIDES), *(self.last[side] for side in SIDES)

    def has(self, side: Stance) -> bool:
        """Say whether anything of a side is on the page."""
        return any(item.reply.stance is side for item in self.pairs)


@dataclass(frozen=True)
class ArticleRead:
    """The shown wording of an article with what stands beside it; `facts`: by which it differs from any other one."""

    facts: tuple[Any, ...]
    number: int
    passages: list[Passage]
    notes: list[Note]
    voices: list[Voice]


class DebateList(NamedTuple):
    """A page of the list of debates; `until`: when one of them opens or closes next, by which also `facts` differ."""

    debates: list[Listed]
    has_next: bool
    until: datetime | None
    facts: tuple[Any, ...]


class DebatePage(NamedTuple):
    """A debate as it is read, with what its page has to know of its article, and the versions of the page."""

    debate: Debate
    article: tuple[Any, ...]
    versions: tuple[int, ...]


def by_slug(slug: str) -> Debate | None:
    """Return the debate at this address."""
    return db.session.scalar(select(Debate).where(Debate.slug == slug))


def with_versions(slug: str) -> tuple[Debate, list[int]] | None:
    """Return the debate at this address, and beside it the versions of its pages."""
    row = rows(_WITH_VERSIONS, {"slug": slug}).mappings().first()
    if row is None:
        return None
    values = dict(row)
    found = [values.pop(part.name) for part in _VERSIONS]
    return loaded(Debate, values), found


def page_of(slug: str) -> DebatePage | None:
    """Return what the page of the debate at this address begins with."""
    row = rows(_PAGE, {"slug": slug}).first()
    if row is None:
        return None
    width, versions_at = len(_DEBATES.c), len(row) - len(_VERSIONS)
    return DebatePage(_as_read(row._mapping, row[:width]), tuple(row[width:versions_at]), tuple(row[versions_at:]))


def all_debates() -> list[Listed]:
    """Return every debate with its public replies by side: open ones first, the newest of each kind first."""
    return _listed(_LISTED)


def listed(page: int) -> DebateList:
    """Return a page of the same, kept in this process until a debate changes, opens or closes."""
    found = versions.read(db.engine, [versions.SITE, versions.LISTS])
    g.page_versions = found
    key = ("list", found[versions.SITE].stamp, found[versions.LISTS].stamp, page)
    known: DebateList | None = kept().get(key)
    if known is None or (known.until is not None and known.until <= now()):
        turns = [turn for turn in rows(_TURNS, {"now": now()}).one() if turn is not None]
        debates = _listed(_LISTED_PAGE, skipped=(page - 1) * LISTED)
        until = min(turns, default=None)
        known = DebateList(debates[:LISTED], len(debates) > LISTED, until, (*key, until))
        kept().put(key, known, BESIDE * (1 + len(debates)))
    return known


def _listed(query: Select[Any], **values: int) -> list[Listed]:
    debates = rows(query, {"now": now(), **values}).all()
    counts = public_by_side([row.id for row in debates])
    return [(_as_read(row._mapping, row), counts[row.id]) for row in debates]


def public_by_side(numbers: Sequence[int]) -> dict[int, dict[Stance, int]]:
    """Return how many public replies at top level debates have, by side; of each kept in this process until it changes.

    Else a list of debates would take the longer the more has been written in any of them.
    """
    keys = {number: ("sides", number, stamp) for number, stamp in versions.of_debates(numbers).items()}
    found = dict(zip(keys, kept().get_all(keys.values()), strict=True))
    missing = {number: dict.fromkeys(SIDES, 0) for number, counts in found.items() if counts is None}
    if missing:
        for debate_id, stance, count in rows(_PUBLIC_BY_SIDE, {"debates": list(missing)}):
            missing[debate_id][stance] = count
    for number, counts in missing.items():
        kept().put(keys[number], counts, 0)
    return found | missing


def _as_read(named: Any, row: Sequence[Any]) -> Debate:
    """Return a debate by its row, kept in this process; it belongs to no session, and is only read."""
    key = ("debate", *row)
    found: Debate | None = kept().get(key)
    if found is None:
        found = Debate(**{column.name: named[column.name] for column in _DEBATES.c})
        kept().put(key, found, 2 * BESIDE)
    return found


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


def kept_article(debate: Debate, facts: tuple[Any, ...]) -> ArticleRead:
    """Return the same, kept in this process: a wording never changes, voices and notes are only ever replaced."""
    key = ("article", facts)
    found: ArticleRead | None = kept().get(key)
    if found is None:
        shown = article(debate)
        for row in (*shown.passages, *shown.notes, *shown.voices):
            db.session.expunge(row)
        found = ArticleRead(facts, shown.number, shown.passages, shown.notes, shown.voices)
        kept().put(key, found, sum(BESIDE + getsizeof(part.text) + getsizeof(part.html) for part in found.passages))
    return found


def shown_number(debate_id: int) -> ScalarSelect[int]:
    """Return the number of the shown wording of the article."""
    return select(func.max(ArticleRevision.number)).where(ArticleRevision.debate_id == debate_id).scalar_subquery()


_DEBATES: Any = Debate.__table__
_VERSIONS = [part.label(f"version_{n}") for n, part in enumerate(versions.beside(_DEBATES.c.id))]


def _page() -> Select[Any]:
    """Ask for a debate, by which its article differs from any other (wording, notes and voices), and its versions."""
    articles: Any = ArticleRevision.__table__.alias()
    last: Any = ArticleRevision.__table__
    number = select(func.max(last.c.number)).where(last.c.debate_id == _DEBATES.c.id).scalar_subquery()
    facts = [articles.c.id.label("article"), articles.c.created_at.label("saved")]
    tables: tuple[Any, ...] = (Note.__table__, Voice.__table__)
    for table in tables:
        for fact in (func.count(), func.max(table.c.id), func.max(table.c.created_at)):
            of_it = select(fact).where(table.c.revision_id == articles.c.id).scalar_subquery()
            facts.append(of_it.label(f"{table.name}_{len(facts)}"))
    query = select(_DEBATES, *facts, *_VERSIONS).where(_DEBATES.c.slug == bindparam("slug"))
    return query.join(articles, and_(articles.c.debate_id == _DEBATES.c.id, articles.c.number == number))


_PAGE = _page()
_WITH_VERSIONS = select(_DEBATES, *_VERSIONS).where(_DEBATES.c.slug == bindparam("slug"))
_NOW = bindparam("now", type_=_DEBATES.c.opens_at.type)
_OPEN = and_(
    _DEBATES.c.opens_at <= _NOW,
    _DEBATES.c.closed_at.is_(None),
    or_(_DEBATES.c.closes_at.is_(None), _DEBATES.c.closes_at > _NOW),
)
_LISTED = select(_DEBATES).order_by(case((_OPEN, 0), else_=1), _DEBATES.c.opens_at.desc(), _DEBATES.c.id.desc())
_LISTED_PAGE = _LISTED.limit(LISTED + 1).offset(bindparam("skipped"))
_TURNS = select(
    select(func.min(_DEBATES.c.opens_at)).where(_DEBATES.c.opens_at > _NOW).scalar_subquery(),
    select(func.min(_DEBATES.c.closes_at)).where(_DEBATES.c.closes_at > _NOW).scalar_subquery(),
)
_PUBLIC_BY_SIDE = (
    select(REPLIES.debate_id, REPLIES.stance, func.count())
    .where(REPLIES.debate_id.in_(bindparam("debates", expanding=True)))
    .where(REPLIES.parent_id.is_(None), REPLIES.status == ReplyStatus.PUBLISHED)
    .group_by(REPLIES.debate_id, REPLIES.stance)
)


def columns(
    debate: Debate,
    pages: dict[Stance, int],
    order: Order,
    reader: Any,
    *where: ColumnElement[bool],
    version: tuple[int, ...] | None = None,
) -> Columns | None:
    """Return a page of both sides with all answers; None if a page lies beyond the last one.

    `where` narrows both columns alike, to the replies about one passage, say. `version` is that of the page: what
    everybody sees there is then asked for once in this process.
    """
    ask = partial(_facts_on_pages, debate, pages, order, where)
    key = ("columns", debate.id, version, order.sort, order.hour, order.language, *pages.values())
    on_pages = ask() if version is None else once(key, ask, _size_of)
    count = on_pages.tally.places_in(order.language)
    last = {side: max(1, -(-count[side] // PER_PAGE)) for side in SIDES}
    if any(pages[side] > last[side] for side in SIDES):
        return None
    own = own_unpublished(debate, reader, (*where, *places.in_language(order)))
    shown = with_answers(on_pages.ids, on_pages.facts, own)
    put_votes(shown, reader)
    unseen = [item for item in own if item.is_unpublished]
    heads = [item for item in unseen if item.reply.parent_id is None and pages[item.reply.stance] == 1]
    by_side = {side: [item for item in [*heads, *shown] if item.reply.stance is side] for side in SIDES}
    kept_under = None if version is None else key
    return Columns(on_pages.tally, alternating(by_side, order.hour), pages, last, kept_under)


def _facts_on_pages(
    debate: Debate, pages: dict[Stance, int], order: Order, where: tuple[ColumnElement[bool], ...]
) -> OnPages:
    counts, ids = places.both(debate, order, pages, where)
    return OnPages(counts, ids, facts_of(ids))


def _size_of(found: OnPages) -> int:
    return BESIDE * (1 + len(found.facts))


def reply_by_id(reply_id: int) -> Reply | None:
    """Return a reply with its debate, its author and the wording that is public."""
    parts = [joinedload(part) for part in (Reply.debate, *NAMED, Reply.shown_revision)]
    return db.session.scalar(select(Reply).where(Reply.id == reply_id).options(*parts))


def parent(reply_id: int) -> Reply | None:
    """Return a reply with its words, to be answered."""
    return db.session.scalar(with_words(select(Reply).where(Reply.id == reply_id)))


def reply_with_wordings(reply_id: int) -> Reply | None:
    """Return a reply with all that its page and its verbs judge."""
    parts = [joinedload(part) for part in (Reply.debate, *NAMED, Reply.shown_revision, Reply.quote)]
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


def voices_in_turn(voices: Iterable[Voice], hour: datetime) -> list[Voice]:
    """Return the voices of an article so that the sides alternate."""
    return alternating({side: [voice for voice in voices if voice.stance is side] for side in SIDES}, hour)


def alternating(by_side: dict[Stance, list[Any]], hour: datetime) -> list[Any]:
    """Return one list in which the sides alternate; which one opens it changes with the hour."""
    first, second = SIDES if orders.opens_with_first(hour) else SIDES[::-1]
    pairs = zip_longest(by_side[first], by_side[second])
    return [item for pair in pairs for item in pair if item is not None]
