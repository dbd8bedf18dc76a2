"""The places of a debate: how many replies it has, and their numbers in their order, without a word of them.

Of a column that is drawn all numbers are needed. They come as one string for all that are equal before the lot: a row
for each of them took most of the time of a page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    CompoundSelect,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from forum.db import db
from forum.debates import order as orders
from forum.debates import published_scores
from forum.debates.models import SIDES, Debate, Reply, ReplyStatus, Stance
from forum.debates.order import Order
from forum.debates.published_scores import Scoring

PER_PAGE = 25  # of each side

# Columns of the table: to the database these statements are the same, but they are told to it in a third of the time.
REPLIES: Any = Reply.__table__.c


def is_shown(replies: Any) -> ColumnElement[bool]:
    """Say of a reply whether it has a place that everybody sees: a public one, or one that is kept for its answers.

    Of a translation, too: at top level there is none, in a thread it has to be told apart.
    """
    is_kept = and_(replies.status.in_([ReplyStatus.REMOVED, ReplyStatus.WITHDRAWN]), replies.public_answers > 0)
    return or_(replies.status == ReplyStatus.PUBLISHED, is_kept)


IS_SHOWN = is_shown(Reply)


@dataclass
class Tally:
    """How many replies a debate has: public ones at top level, by side and by passage; answers apart."""

    replies: dict[Stance, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))
    places: dict[Stance, int] = field(default_factory=lambda: dict.fromkeys(SIDES, 0))  # tombstones have one too
    passages: dict[int, dict[Stance, int]] = field(default_factory=dict)
    languages: dict[str, dict[Stance, int]] = field(default_factory=dict)  # the places, by language
    answers: int = 0

    def places_in(self, language: str | None) -> dict[Stance, int]:
        """Return how many places each side has, in one language or, where none is named, in all."""
        return self.places if language is None else self.languages.get(language, dict.fromkeys(SIDES, 0))

    @property
    def facts(self) -> tuple[Any, ...]:
        """All that pages show of it."""
        places = tuple((number, *sides.values()) for number, sides in sorted(self.passages.items()))
        return *self.replies.values(), self.answers, places, tuple(sorted(self.languages))

    @property
    def largest(self) -> int:
        """The largest count of either side at any passage: one scale for all bars."""
        return max((n for sides in self.passages.values() for n in sides.values()), default=1)


def tally(debate: Debate, *where: ColumnElement[bool]) -> Tally:
    """Count the public replies of a debate, or those that `where` narrows them to."""
    return _counted(db.session.execute(_with(_counts, *where), {"debate": debate.id}).all())


def both(
    debate: Debate, order: Order, pages: dict[Stance, int], where: tuple[ColumnElement[bool], ...] = ()
) -> tuple[Tally, list[int]]:
    """Return the counts and the numbers of the replies on a page of each side; those of one side stand in their order.

    The counts are those of all languages, the numbers those of one if `order` names it. Where the lot decides, it
    takes one question.
    """
    if not order.is_drawn:
        return tally(debate, *where), _by_date(debate, order, pages, where)
    query = _with(_drawn_fair if order.is_fair else _drawn_scored, *where)
    rows = db.session.execute(query, {"debate": debate.id, "hour": order.hour}).all()
    wanted = [row for row in rows if order.language in {None, row.language}]
    published = None if order.is_fair else published_scores.in_use(debate, order.hour)
    columns = {
        side: _placed(
            debate, order, [row for row in wanted if row.stance is side], published.of(side) if published else None
        )
        for side in SIDES
    }
    return _counted(rows), [
        number for side in SIDES for number in columns[side][_first(pages[side]) :][:PER_PAGE].tolist()
    ]


def _with(build: Any, *where: ColumnElement[bool]) -> Any:
    """Return a statement about all replies of a debate, put together once, or about some of them."""
    return build(*where) if where else _of_all(build)


@cache
def _of_all(build: Any) -> Any:
    return build()


def _at(where: Sequence[ColumnElement[bool]]) -> tuple[ColumnElement[bool], ...]:
    return REPLIES.debate_id == bindparam("debate"), REPLIES.parent_id.is_(None), is_shown(REPLIES), *where


def in_language(order: Order) -> tuple[ColumnElement[bool], ...]:
    """Say of a reply whether it is in the language that is asked for, if one is."""
    return (REPLIES.language == order.language,) if order.language else ()


def _counts(*where: ColumnElement[bool]) -> Select[Any]:
    published = func.count().filter(REPLIES.status == ReplyStatus.PUBLISHED)
    sums = (func.count().label("places"), published.label("public"), func.sum(REPLIES.public_answers).label("answers"))
    query = select(REPLIES.stance, REPLIES.stands_at, REPLIES.language, *sums).where(*_at(where))
    return query.group_by(REPLIES.stance, REPLIES.stands_at, REPLIES.language)


def _drawn_fair(*where: ColumnElement[bool]) -> CompoundSelect[Any]:
    return _drawn(cast(REPLIES.id, String), where)


def _drawn_scored(*where: ColumnElement[bool]) -> CompoundSelect[Any]:
    wording = cast(func.coalesce(REPLIES.shown_revision_id, 0), String)
    return _drawn(cast(REPLIES.id, String) + "," + wording, where)


def _drawn(facts: ColumnElement[str], where: Sequence[ColumnElement[bool]]) -> CompoundSelect[Any]:
    """Ask for the replies of before the hour, strung together, and for each newer one, with the counts of both."""
    since, at = REPLIES.published_at >= bindparam("hour", type_=REPLIES.published_at.type), _at(where)
    older = _counts(*where).add_columns(null().label("date"), func.aggregate_strings(facts, ",").label("facts"))
    is_public = case((REPLIES.status == ReplyStatus.PUBLISHED, 1), else_=0)
    newer = select(
        *(REPLIES.stance, REPLIES.stands_at, REPLIES.language, literal(1), is_public, REPLIES.public_answers),
        *(REPLIES.published_at.label("date"), facts.label("facts")),
    )
    return union_all(newer.where(since, *at), older.where(~since))


def _counted(rows: Iterable[Any]) -> Tally:
    result = Tally()
    for stance, passage, language, places, public, answers, *_drawn_of_it in rows:
        result.places[stance] += places
        result.languages.setdefault(language, dict.fromkeys(SIDES, 0))[stance] += places
        result.replies[stance] += public
        result.answers += answers or 0
        if passage is not None and public:
            result.passages.setdefault(passage, dict.fromkeys(SIDES, 0))[stance] += public
    return result


def _first(page: int) -> int:
    return (page - 1) * PER_PAGE


def _by_date(debate: Debate, order: Order, pages: dict[Stance, int], where: Sequence[ColumnElement[bool]]) -> list[int]:
    """Return the same by date: as many rows of the index are read as stand on the page, and before it."""
    backwards = order.sort == orders.NEWEST
    parts = (REPLIES.published_at, REPLIES.id)
    of_sides = []
    for side in SIDES:
        query = select(*parts).where(REPLIES.stance == side, *_at((*where, *in_language(order))))
        query = query.order_by(*(part.desc() if backwards else part for part in parts))
        of_sides.append(select(query.limit(PER_PAGE).offset(_first(pages[side])).subquery()))
    found = db.session.execute(union_all(*of_sides), {"debate": debate.id})
    return [number for _date, number in sorted(found.all(), reverse=backwards)]


def _placed(debate: Debate, order: Order, rows: list[Any], scores: Scoring | None) -> NDArray[np.int64]:
    """Return a column in its order. What was published within the hour stands at the end, so that it moves nobody."""
    older = _facts([row.facts for row in rows if row.date is None], 2 if scores else 1)
    since = sorted((row for row in rows if row.date is not None), key=_by_moment)
    newer = _facts([row.facts for row in since], older.shape[1])
    drawn = orders.drawn(debate.id, order.hour, older[:, 0])
    if scores:
        older = older[older[:, 0].argsort()]
        wordings = older[np.searchsorted(older[:, 0], drawn), 1]
        drawn = drawn[np.argsort(-scores(wordings), kind="stable")]  # between equals the lot decides
    return np.concatenate([drawn, newer[:, 0]])


def _by_moment(row: Any) -> tuple[Any, int]:
    return row.date, int(row.facts.partition(",")[0])


def _facts(parts: list[str], width: int) -> NDArray[np.int64]:
    """Return rows of numbers from what the database has strung together: replies, and their wordings beside them."""
    return np.fromstring(",".join(parts), np.int64, sep=",").reshape(-1, width)
