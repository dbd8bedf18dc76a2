"""What the page of the search asks: the best entries of each side by itself, each list in the same order everywhere.

An entry that answers more words of the question comes first; among equals the newer one (`places`). It answers at least
half of them. Of a long question the rarest words count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from forum.db import db
from forum.debates.models import NAMED, ArticleRevision, Debate, Passage, Reply, Revision
from forum.debates.titles import Title
from forum.search import postgres, sqlite, vocabulary
from forum.search.expressions import Groups, filter_of
from forum.search.index import ARTICLE
from forum.search.models import SearchEntry
from forum.search.ranking import BEYOND, END, PER_LIST, Cursor, Question, Wanted, ranked
from forum.search.snippets import Part, cut
from forum.text import fold, plain
from forum.words import words

WORDS = 5  # of a question that count; with more of them the ways to answer half grow beyond reason


@dataclass
class Hit:
    """A reply or a passage, with the part of it that shows why it was found."""

    parts: list[Part]
    debate_id: int
    reply: Reply | None = None
    passage: Passage | None = None


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
    """Return what answers the words `keys` best, of each list what comes after its cursor."""
    rated, unknown = vocabulary.groups_of(keys)
    rarest = sorted(rated, key=lambda item: (item[0] == 0, item[0]))[:WORDS]
    found = Found([stems for _frequency, stems in rarest], unknown, len(rated) > WORDS)
    entries = ranked(question_of(rarest), wanted, after)
    for name, some in entries.items():
        page = some[: PER_LIST[name]]
        found.next[name] = page[-1] if len(some) > len(page) else END
    _load(found, {name: [place for _count, place in some[: PER_LIST[name]]] for name, some in entries.items()})
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
    return db.session.scalar(engine.newest(of_person, 0, BEYOND, 1, 0)) is not None


def titled(some: Iterable[Title], groups: Groups) -> list[Title]:
    """Return the debates whose title and motion answer the whole question."""
    return [it for it in some if all(not _stems(it).isdisjoint(group) for group in groups)]


@lru_cache(maxsize=5000)  # of each debate once: they took a quarter of a search in a thousand debates
def _stems(it: Title) -> frozenset[str]:
    return frozenset(stem for word in words(f"{it.title} {it.motion}", it.language) for stem in word.stems)


def _load(found: Found, wanted: Mapping[str, Sequence[int]]) -> None:
    """Put the replies and passages at these places into their lists."""
    of_replies = [place for name, some in wanted.items() if name != ARTICLE for place in some]
    hits: dict[int, Hit] = {}
    if of_replies:
        query = (
            select(Reply, Revision.html, SearchEntry.place)
            .join_from(SearchEntry, Reply)
            .join(Revision, Revision.id == SearchEntry.revision_id)
        )
        query = query.options(*map(joinedload, (*NAMED, Reply.debate)))
        for reply, html, place in db.session.execute(query.where(SearchEntry.place.in_(of_replies))):
            hits[place] = Hit(cut(plain(html), reply.language, found.groups), reply.debate_id, reply)
    if of_passages := wanted.get(ARTICLE):
        texts = select(Passage, Debate, SearchEntry.place).join_from(SearchEntry, Passage)
        texts = texts.join(ArticleRevision).join(Debate)
        for passage, debate, place in db.session.execute(texts.where(SearchEntry.place.in_(of_passages))):
            snippet = cut(plain(passage.html), debate.language, found.groups)
            hits[place] = Hit(snippet, debate.id, passage=passage)
    found.hits = {name: [hits[place] for place in some if place in hits] for name, some in wanted.items()}
