"""What the page of the search asks: the best entries of each side by itself, each list in the same order everywhere.

An entry that answers more words of the question comes first; among equals the newer one (`places`). It answers at least
half of them. Of a long question the rarest words count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, literal, select, union_all
from sqlalchemy.orm import joinedload

from forum.db import db
from forum.debates.models import ArticleRevision, Debate, Passage, Reply, Revision, Stance
from forum.search import places, postgres, sqlite, vocabulary
from forum.search.expressions import Groups, exactly, filter_of
from forum.search.index import ARTICLE
from forum.search.models import SearchEntry
from forum.search.snippets import Part, cut
from forum.text import fold, plain
from forum.words import words

PER_LIST = {ARTICLE: 5, Stance.PRO.value: 10, Stance.ANTI.value: 10, Stance.NEITHER.value: 5}
WORDS = 5  # of a question that count; with more of them the ways to answer half grow beyond reason
END = (0, 0)  # of a list


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


Cursor = tuple[int, int]  # how many words the last one shown answers, and its place


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
    ranked = _ranked(found.groups, wanted, after)
    for name, entries in ranked.items():
        page = entries[: PER_LIST[name]]
        found.next[name] = page[-1] if len(entries) > len(page) else END
    _load(found, {name: [place for _count, place in entries[: PER_LIST[name]]] for name, entries in ranked.items()})
    return found


def debates() -> list[Debate]:
    """Return all debates, the newest first."""
    return list(db.session.scalars(select(Debate).order_by(Debate.opens_at.desc(), Debate.id.desc())))


def titled(some: Sequence[Debate], groups: Groups) -> list[Debate]:
    """Return the debates whose title and motion answer the whole question."""
    return [debate for debate in some if _answers_all(f"{debate.title} {debate.motion}", debate.language, groups)]


def _answers_all(text: str, language: str, groups: Groups) -> bool:
    stems = {stem for word in words(text, language) for stem in word.stems}
    return all(not stems.isdisjoint(group) for group in groups)


def ranked_places(keys: Sequence[str], wanted: Wanted) -> dict[str, list[Cursor]]:
    """Return the first places of each list, without the texts."""
    rated, _unknown = vocabulary.groups_of(keys)
    return _ranked([stems for _frequency, stems in rated[:WORDS]], wanted, {})


def _ranked(groups: Groups, wanted: Wanted, after: Mapping[str, Cursor]) -> dict[str, list[Cursor]]:
    """Return the first entries of each list after its cursor, one more than a page has.

    First those that answer the most words are looked for, the others only where they do not fill the page.
    """
    most, least = len(groups), -(-len(groups) // 2)
    lists = {name: after.get(name, (most, 2**62)) for name in wanted.lists}
    ranked: dict[str, list[Cursor]] = {name: [] for name in lists}
    first = [(name, count) for name, (count, _place) in lists.items() if least <= count <= most]
    later = [(name, count) for name, top in first for count in range(top - 1, least - 1, -1)]
    for tiers in (first, later):
        open_tiers = [(name, count) for name, count in tiers if len(ranked[name]) <= PER_LIST[name]]
        queries = [_tier(name, count, lists[name], groups, wanted) for name, count in open_tiers]
        for name, count, place in db.session.execute(union_all(*queries)) if queries else ():
            ranked[name].append((count, place))
    return {name: sorted(found, reverse=True)[: PER_LIST[name] + 1] for name, found in ranked.items()}


def _tier(name: str, count: int, cursor: Cursor, groups: Groups, wanted: Wanted) -> Select[str, int, int]:
    """Return the query for the entries of a list that answer exactly `count` words."""
    engine = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgres
    told = {"s": name, "d": wanted.debate, "l": wanted.language, "n": wanted.person and fold(wanted.person)}
    filters = [filter_of(kind, value) for kind, value in told.items() if value]
    query, place = engine.matching(exactly(count, groups, filters, engine.SYNTAX))
    if count == cursor[0]:
        query = query.where(place < cursor[1])
    if wanted.since or wanted.until:
        begin, end = places.between(wanted.since, wanted.until)
        query = query.where(place > begin, place < end)
    tier = query.order_by(place.desc()).limit(PER_LIST[name] + 1).subquery()
    return select(literal(name), literal(count), tier.c.place)


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
        query = query.options(joinedload(Reply.author), joinedload(Reply.debate))
        for reply, html, place in db.session.execute(query.where(SearchEntry.place.in_(of_replies))):
            hits[place] = Hit(cut(plain(html), reply.language, found.groups), reply.debate_id, reply)
    if of_passages := wanted.get(ARTICLE):
        texts = select(Passage, Debate, SearchEntry.place).join_from(SearchEntry, Passage)
        texts = texts.join(ArticleRevision).join(Debate)
        for passage, debate, place in db.session.execute(texts.where(SearchEntry.place.in_(of_passages))):
            snippet = cut(plain(passage.html), debate.language, found.groups)
            hits[place] = Hit(snippet, debate.id, passage=passage)
    found.hits = {name: [hits[place] for place in some if place in hits] for name, some in wanted.items()}
