"""Lists of words and phrases, found in a text in time that does not depend on the length of the list."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from forum.moderation.screening.reading import Reading

V = TypeVar("V")
_KEY = 3  # stems are looked up by their first letters; shorter stems are not allowed
_SKIPPED = frozenset("-–—'’\"«»“”„,*_/")  # may stand between the words of a phrase


class Vocabulary(Generic[V]):
    """Words (`займ`), stems (`предлага*`) and phrases (`call me`), each with a value.

    `find` yields (first token, last token, value) in the order of the text.
    """

    def __init__(self, entries: Mapping[str, V]) -> None:
        self._exact: dict[str, list[tuple[list[str], V]]] = {}
        self._stems: dict[str, list[tuple[str, list[str], V]]] = {}
        for entry, value in entries.items():
            first, *rest = entry.split()
            if first.endswith("*") and len(first) > _KEY:
                self._stems.setdefault(first[:_KEY], []).append((first[:-1], rest, value))
            else:
                self._exact.setdefault(first.rstrip("*"), []).append((rest, value))

    def get(self, word: str) -> V | None:
        """Return the value of a single word, or nothing."""
        for rest, value in self._candidates(word):
            if not rest:
                return value
        return None

    def find(self, reading: Reading) -> list[tuple[int, int, V]]:
        """Return what occurs in the text: (index of the first token, of the last one, value)."""
        found = []
        for word, places in reading.places.items():
            for rest, value in self._candidates(word):
                for place in places:
                    last = _follow(reading, place, rest)
                    if last is not None:
                        found.append((place, last, value))
        return sorted(found, key=lambda one: one[:2])

    def _candidates(self, word: str) -> Iterator[tuple[list[str], V]]:
        if word in self._exact:
            yield from self._exact[word]
        if word[:_KEY] in self._stems:
            for stem, rest, value in self._stems[word[:_KEY]]:
                if word.startswith(stem):
                    yield rest, value


def _follow(reading: Reading, place: int, rest: list[str]) -> int | None:
    """Return the index of the phrase's last token if the words of `rest` follow, else nothing."""
    for pattern in rest:
        place += 1
        if reading.word(place) in _SKIPPED:
            place += 1
        word = reading.word(place)
        if not (word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern):
            return None
    return place


def entries(value: V, *lists: str) -> dict[str, V]:
    """Return a vocabulary's entries: comma-separated phrases, all with the same value."""
    return {phrase.strip(): value for text in lists for phrase in _split(text) if phrase.strip()}


def _split(text: str) -> Iterable[str]:
    return text.replace("\n", " ").lower().replace("ё", "е").split(",")
