"""Lists of words and phrases, found in a text in time that does not depend on the length of the list."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, Generic, TypeVar

from forum.moderation.screening.reading import BEGINNING, Reading

V = TypeVar("V")
MOST = 200  # matches of one kind that are looked at; a reply has no room for more
_KNOWN: set[str] = set()
# Word, or first letters of a stem -> the vocabularies of which an entry begins so: of most lists, a text has nothing.
_WITH_WORD: dict[str, list["Vocabulary[Any]"]] = {}
_WITH_STEM: dict[str, list["Vocabulary[Any]"]] = {}
_ALL: list["Vocabulary[Any]"] = []
_NOTHING: dict[str, Any] = {}
_SKIPPED = frozenset("-–—'’\"«»“”„,*_/")  # may stand between the words of a phrase


class _Node(Generic[V]):
    """What may follow after the words so far: exact words, stems, and the value if nothing more is needed.

    After most, nothing does; three empty containers in each of them would be 2 MB.
    """

    __slots__ = ("exact", "stems", "values")

    def __init__(self) -> None:
        self.exact: dict[str, _Node[V]] = _NOTHING
        self.stems: dict[str, list[tuple[str, _Node[V]]]] = _NOTHING
        self.values: tuple[V, ...] = ()

    def add(self, word: str) -> "_Node[V]":
        """Return the node behind a word or stem, made if it was not there."""
        if not word.endswith("*") or len(word) <= BEGINNING:
            self.exact = self.exact or {}
            return self.exact.setdefault(word.rstrip("*"), _Node())
        self.stems = self.stems or {}
        known = self.stems.setdefault(word[:BEGINNING], [])
        for stem, node in known:
            if stem == word[:-1]:
                return node
        known.append((word[:-1], _Node()))
        return known[-1][1]

    def after(self, word: str) -> "Sequence[_Node[V]]":
        """Return the nodes that this word leads to."""
        exact, stems = self.exact.get(word), self.stems.get(word[:BEGINNING])
        if stems is None:
            return () if exact is None else (exact,)
        nodes = [node for stem, node in stems if word.startswith(stem)]
        return nodes if exact is None else [exact, *nodes]


class Vocabulary(Generic[V]):
    """Words (`займ`), stems (`предлага*`) and phrases (`call me`), each with a value."""

    def __init__(self, entries: Mapping[str, V]) -> None:
        self.root: _Node[V] = _Node()
        for entry, value in entries.items():
            node = self.root
            for word in entry.split():
                _KNOWN.add(word)
                node = node.add(word)
            node.values += (value,)
        _ALL.append(self)
        for word in self.root.exact:
            _WITH_WORD.setdefault(word, []).append(self)
        for beginning in self.root.stems:
            _WITH_STEM.setdefault(beginning, []).append(self)

    def find(self, reading: Reading) -> list[tuple[int, int, V]]:
        """Return what occurs in the text, in its order: (index of the first token, of the last one, value)."""
        openings = reading.openings
        may_begin = (_openings(reading) if openings is None or openings[0] != len(_ALL) else openings[1]).get(self)
        if may_begin is None:
            return []
        found: list[tuple[int, int, V]] = []
        words, last = reading.words, len(reading.words) - 1
        for node, places in may_begin:
            is_whole, exact, stems = node.values, node.exact, node.stems
            for place in places[: MOST - len(found)]:
                following = words[place + 1] if place < last else ""  # a look ahead: most beginnings lead nowhere
                if is_whole or following in exact or following[:BEGINNING] in stems or following in _SKIPPED:
                    _follow(reading, place, place, node, found)
        return sorted(found, key=itemgetter(0, 1)) if len(found) > 1 else found


def _openings(reading: Reading) -> "dict[Vocabulary[Any], list[tuple[_Node[Any], list[int]]]]":
    """Return with what something of a vocabulary may begin, and where, in the order of the text; kept with it."""
    known = len(_ALL)
    found: dict[Vocabulary[Any], list[tuple[_Node[Any], list[int]]]] = {}
    for word, places in reading.places.items():
        for vocabulary, node in _opened_by(word, known):
            if vocabulary in found:
                found[vocabulary].append((node, places))
            else:
                found[vocabulary] = [(node, places)]
    reading.openings = known, found
    return found


@lru_cache(2**14)
def _opened_by(word: str, _known: int) -> "tuple[tuple[Vocabulary[Any], _Node[Any]], ...]":
    """Return the vocabularies of which something begins with a word, each with what may follow."""
    some = {id(one): one for one in (*_WITH_WORD.get(word, ()), *_WITH_STEM.get(word[:BEGINNING], ()))}
    return tuple((one, node) for one in some.values() for node in one.root.after(word))


def known_words() -> frozenset[str]:
    """Return every word and stem of every vocabulary that was made so far."""
    return frozenset(_KNOWN)


def _follow(reading: Reading, first: int, place: int, node: _Node[V], found: list[tuple[int, int, V]]) -> None:
    """Add what ends at this token, then what goes on with the next words."""
    for value in node.values:
        found.append((first, place, value))
    if node.exact or node.stems:
        following = place + 1 + (reading.word(place + 1) in _SKIPPED)
        for further in node.after(reading.word(following)):
            _follow(reading, first, following, further, found)


def entries(value: V, *lists: str) -> dict[str, V]:
    """Return a vocabulary's entries: comma-separated phrases, all with the same value."""
    return {phrase.strip(): value for text in lists for phrase in _split(text) if phrase.strip()}


def _split(text: str) -> Iterable[str]:
    return text.replace("\n", " ").replace("-", " ").lower().replace("ё", "е").split(",")
