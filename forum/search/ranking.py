"""The best entries of each list, and their order: those with more words of the question, among equals the newer ones.

All lists of replies are walked at once, from those that have every word down to those that have half of them, each time
the newest `BAND`. As long as that is all there is, the next step needs only what is new. A list that is not full when
the band was, because others have filled it, is walked on by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import select

from forum.db import db, rows
from forum.debates.models import Reply, Stance
from forum.search import places, postgres, sqlite
from forum.search.expressions import Groups, at_least, exactly, filter_of
from forum.search.index import ARTICLE
from forum.search.models import SearchEntry
from forum.search.places import BEYOND
from forum.text import fold

PER_LIST = {ARTICLE: 5, Stance.PRO.value: 10, Stance.ANTI.value: 10, Stance.NEITHER.value: 5}
BAND = 60  # entries of all lists together; nearly always enough to fill the page of both sides
END = (0, 0)  # of a list

Cursor = tuple[int, int]  # how many words the last one shown answers, and its place, of a passage without the sign


@dataclass(frozen=True)
class Wanted:
    """What narrows a search."""

    debate: int | None = None
    side: str = ""
    person: str = ""
    language: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def lists(self) -> list[str]:
        """Which lists there are: passages have no side, author or day."""
        if self.side:
            return [self.side]
        return [name for name in PER_LIST if name != ARTICLE or not (self.person or self.since or self.until)]


@dataclass(frozen=True)
class Question:
    """The stems of each word of a question, the rarest first; in how many entries each stands, as far as is known.

    `least`: how many of them an entry answers at least.
    """

    groups: Groups
    frequencies: Sequence[int]
    least: int

    def most_hits(self, count: int) -> int:
        """Return how many entries can answer `count` words: each has one of the rarest that are left without them."""
        return sum(self.frequencies[: len(self.groups) - count + 1])


def place_of(name: str, entry: Cursor) -> int:
    """Return the place of an entry as it is stored: that of a passage is below zero."""
    return -entry[1] if name == ARTICLE else entry[1]


def ranked(question: Question, wanted: Wanted, after: Mapping[str, Cursor]) -> dict[str, list[Cursor]]:
    """Return the first entries of each list after its cursor, one more than a page has."""
    start = (len(question.groups), BEYOND)
    cursors = {name: min(after.get(name, start), start) for name in wanted.lists}
    begun = {name: cursor for name, cursor in cursors.items() if cursor[0] >= question.least}
    of_replies = [name for name in begun if name != ARTICLE]
    found: dict[str, list[Cursor]] = {name: [] for name in cursors}
    for names in ([name for name in begun if name == ARTICLE], of_replies):
        if names:
            found |= _walk(question, wanted, {name: begun[name] for name in names})
    return found


def _walk(question: Question, wanted: Wanted, cursors: Mapping[str, Cursor]) -> dict[str, list[Cursor]]:
    """Return the first entries of some lists after their cursors; where there are several, none is of passages."""
    found: dict[str, list[Cursor]] = {name: [] for name in cursors}
    top = max(count for count, _place in cursors.values())
    band = BAND if len(cursors) > 1 else PER_LIST[next(iter(cursors))] + 1
    known: set[int] | None = set() if top == len(question.groups) else None  # all that have more words than `count`
    for count in range(top, question.least - 1, -1):
        bound = max(BEYOND if count < at else place for at, place in cursors.values() if count <= at)
        limit = band + len(known or ())
        found_here = _band(question, wanted, list(cursors), count, bound, known is None, limit)
        for place, name in found_here:
            if (count, place) < cursors.get(name, END) and place not in (known or ()) and not _is_full(found, name):
                found[name].append((count, place))
        if all(_is_full(found, name) for name in cursors):
            return found
        if len(found_here) == limit:
            return _walk_on(question, wanted, cursors, found, count)
        known = {place for place, _name in found_here} if known is not None and bound == BEYOND else None
    return found


def _walk_on(
    question: Question, wanted: Wanted, cursors: Mapping[str, Cursor], found: dict[str, list[Cursor]], count: int
) -> dict[str, list[Cursor]]:
    """Fill each list that is not full by itself, from the last of its entries on that was found."""
    for name, entries in found.items():
        if not _is_full(found, name):
            last = entries[-1] if entries else min(cursors[name], (count, BEYOND))
            more = _walk(question, wanted, {name: last})[name]
            found[name] = [*entries, *more][: PER_LIST[name] + 1]
    return found


def _is_full(found: Mapping[str, Sequence[Cursor]], name: str) -> bool:
    return len(found[name]) > PER_LIST[name]


def _band(
    question: Question, wanted: Wanted, names: Sequence[str], count: int, bound: int, is_exact: bool, limit: int
) -> list[tuple[int, str]]:
    """Return the newest entries below `bound` with `count` words, each with its list; if not `is_exact`, with more."""
    engine = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgres
    only = names[0] if len(names) == 1 else ""
    told = {"s": only, "d": wanted.debate, "l": wanted.language, "n": wanted.person and fold(wanted.person)}
    filters = [filter_of(kind, value) for kind, value in told.items() if value]
    expression = (exactly if is_exact else at_least)(count, question.groups, filters, engine.SYNTAX)
    most_hits = question.most_hits(count)
    if only == ARTICLE:
        values = {"expression": expression, "begin": -bound, "end": 0, "most": limit}
        return [(-place, only) for (place,) in rows(engine.smallest(most_hits), values).all()]
    begin, end = places.between(wanted.since, wanted.until)
    values = {"expression": expression, "begin": begin, "end": min(bound, end), "most": limit}
    query = engine.largest(most_hits)
    if only:
        return [(place, only) for (place,) in rows(query, values).all()]
    return [(place, stance.value) for place, stance in rows(_with_side(query), values).all()]


@cache
def _with_side(query: Any) -> Any:
    """Ask for the side of each reply, too."""
    band, entries, replies = query.subquery(), SearchEntry.__table__, Reply.__table__
    told = select(band.c.place, replies.c.stance).join_from(band, entries, entries.c.place == band.c.place)
    return told.join(replies, replies.c.id == entries.c.reply_id).order_by(band.c.place.desc())
