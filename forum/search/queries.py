"""What the page of the search asks: the best entries of each side by itself, each list in the same order everywhere.

An entry that answers more words of the question comes first; among equals the newer one (`places`). It answers at least
half of them. Of a long question the rarest words count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, select

from forum import versions
from forum.accounts.models import User
from forum.db import db, rows
from forum.debates.models import ArticleRevision, Debate, DebateName, Passage, Reply, Revision, Stance
from forum.debates.models.names import MutedAs, muted_as
from forum.debates.thread_queries import shown_as
from forum.debates.titles import Title, Titles
from forum.fragments import once
from forum.memory import BESIDE
from forum.search import postgres, sqlite, vocabulary
from forum.search.expressions import Groups, filter_of
from forum.search.index import ARTICLE
from forum.search.models import SearchEntry
from forum.search.places import BEYOND
from forum.search.ranking import END, PER_LIST, Cursor, Question, Wanted, place_of, ranked
from forum.search.snippets import Cutter, Part
from forum.text import fold, plain
from forum.words import words

TITLED = 20  # debates that are named for their title
WORDS = 5  # of a question that count; with more of them the ways to answer half grow beyond reason


class Written(NamedTuple):
    """What is shown of a public reply beside its words."""

    id: int
    debate_id: int
    author_id: int
    debate_name_id: int | None  # of the name for this debate alone, if its author has one
    author_name: str  # under which it appears; "": the account is deleted
    stance: Stance
    language: str
    published_at: datetime

    @property
    def shown_name(self) -> str:
        """The name under which it appears."""
        return shown_as(self.author_name)

    @property
    def page_name(self) -> str | None:
        """The name under which more of its author can be read; None: there is no such page."""
        return self.author_name or None

    @property
    def muted_as(self) -> MutedAs:
        """What is muted where it is folded."""
        return muted_as(self.author_id, self.debate_name_id)


@dataclass
class Hit:
    """A reply, or a passage by its number, with the part of it that shows why it was found."""

    parts: list[Part]
    debate_id: int
    reply: Written | None = None
    passage: int | None = None


@dataclass
class Found:
    """A page of each list, and where the next page begins; `unknown`: words for which others were taken, if any."""

    groups: Groups
    unknown: list[str]
    is_shortened: bool
    hits: dict[str, list[Hit]] = field(default_factory=dict)
    next: dict[str, Cursor] = field(default_factory=dict)

    @property
    def has_more(self) -> bool:
        """Whether any list goes on."""
        return any(cursor != END for cursor in self.next.values())

    @property
    def is_empty(self) -> bool:
        """Whether no list has anything."""
        return not any(self.hits.values())


def search(keys: Sequence[str], wanted: Wanted, after: Mapping[str, Cursor]) -> Found:
    """Return what answers the words `keys` best, of each list what comes after its cursor.

    It is found once, until something changes that is public.
    """
    key = ("found", versions.of_lists(), tuple(keys), wanted, tuple(after.items()))
    return once(key, partial(_search, keys, wanted, after), _size_of)


def _size_of(found: Found) -> int:
    return 2 * BESIDE * sum(map(len, found.hits.values()))  # of a hit: its parts, its facts


def _search(keys: Sequence[str], wanted: Wanted, after: Mapping[str, Cursor]) -> Found:
    rated, unknown = vocabulary.groups_of(keys)
    rarest = sorted(rated, key=lambda item: (item[0] == 0, item[0]))[:WORDS]
    found = Found([stems for _frequency, stems in rarest], unknown, len(rated) > WORDS)
    entries = ranked(question_of(rarest), wanted, after)
    for name, some in entries.items():
        page = some[: PER_LIST[name]]
        found.next[name] = page[-1] if len(some) > len(page) else END
    shown = {name: [place_of(name, it) for it in some[: PER_LIST[name]]] for name, some in entries.items()}
    _load(found, shown)
    return found


def question_of(rated: Sequence[tuple[int, frozenset[str]]]) -> Question:
    """Return what is asked of the engine: words with their frequencies, the rarest first, but none that nobody says.

    A Cyrillic word of no known frequency may still be said: only the main stem of each word is counted.
    """
    ordered = sorted(rated, key=lambda item: item[0])
    said = [(frequency, stems) for frequency, stems in ordered if frequency or not "".join(stems).isascii()]
    least = max(1, -(-len(rated) // 2))
    return Question([stems for _frequency, stems in said], [frequency for frequency, _stems in said], least)


def has_published(person: str) -> bool:
    """Say whether anything public here stands under a pseudonym."""
    engine = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgres
    of_person = engine.SYNTAX.word % filter_of("n", fold(person))
    values = {"expression": of_person, "begin": 0, "end": BEYOND, "most": 1}
    return rows(engine.largest(0), values).first() is not None


def titled(some: Titles, groups: Groups) -> list[Title]:
    """Return the newest debates whose title and motion answer the whole question."""
    by_stem = once(("stems of titles", some.stamp), partial(_by_stem, some), lambda found: BESIDE * len(some.by_id))
    answering = [set[int]().union(*(by_stem.get(stem, ()) for stem in group)) for group in groups]
    numbers = set.intersection(*answering) if answering else set[int]()
    return list(islice((it for it in some.by_id.values() if it.id in numbers), TITLED)) if numbers else []


def _by_stem(some: Titles) -> dict[str, set[int]]:
    """Return in which debates each stem of titles and motions stands; asked once as long as none of them changes."""
    found: dict[str, set[int]] = {}
    for it in some.by_id.values():
        for word in words(f"{it.title} {it.motion}", it.language):
            for stem in word.stems:
                found.setdefault(stem, set()).add(it.id)
    return found


_E, _R, _N = SearchEntry.__table__.c, Reply.__table__.c, DebateName.__table__.c
_THESE = _E.place.in_(bindparam("places", expanding=True))
_NAME = func.coalesce(_N.name, User.__table__.c.name)
_REPLIES = (
    select(_E.place, Revision.__table__.c.html, _R.id, _R.debate_id, _R.author_id, _N.id.label("debate_name_id"))
    .add_columns(_NAME.label("author_name"), _R.stance, _R.language, _R.published_at)
    .join_from(SearchEntry.__table__, Reply.__table__, _R.id == _E.reply_id)
    .join(Revision.__table__, Revision.__table__.c.id == _E.revision_id)
    .join(User.__table__, User.__table__.c.id == _R.author_id)
    .outerjoin(DebateName.__table__, and_(_N.debate_id == _R.debate_id, _N.user_id == _R.author_id))
    .where(_THESE)
)
_PASSAGES = (
    select(_E.place, Passage.html, Passage.number, ArticleRevision.debate_id, Debate.language)
    .join_from(SearchEntry.__table__, Passage, Passage.id == _E.passage_id)
    .join(ArticleRevision)
    .join(Debate)
    .where(_THESE)
)


def _load(found: Found, wanted: Mapping[str, Sequence[int]]) -> None:
    """Put the replies and passages at these places into their lists."""
    of_replies = [place for name, some in wanted.items() if name != ARTICLE for place in some]
    hits: dict[int, Hit] = {}
    cutter = Cutter(found.groups)
    if of_replies:
        for place, html, *facts in rows(_REPLIES, {"places": of_replies}).all():
            it = Written(*facts)
            hits[place] = Hit(cutter.cut(plain(html), it.language), it.debate_id, it)
    if of_passages := wanted.get(ARTICLE):
        for place, html, number, debate_id, language in rows(_PASSAGES, {"places": of_passages}).all():
            hits[place] = Hit(cutter.cut(plain(html), language), debate_id, passage=number)
    found.hits = {name: [hits[place] for place in some if place in hits] for name, some in wanted.items()}
