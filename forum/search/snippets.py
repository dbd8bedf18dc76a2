"""The part of a text that shows why it was found, cut from its own words."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from forum.words import WORD, key_of, stems_of

LENGTH = 260  # characters; two or three lines beside the mark of a side
BEFORE = 60  # of them before the first word that was found
# What makes a word longer at either end, as `WORD` reads it.
_JOINED, _JOINING = re.compile(r"[^\W_]['’]?$"), re.compile(r"['’]?[^\W_]")

Hit = tuple[int, int, frozenset[int]]  # where a word stands, and which of the question it answers


class Part(NamedTuple):
    """A piece of a text; `is_hit`: a word that was looked for."""

    text: str
    is_hit: bool = False


class Cutter:
    """Cuts the parts out of texts that show why they were found; `groups`: the stems of each word of the question."""

    def __init__(self, groups: Sequence[frozenset[str]]) -> None:
        self._groups = groups
        self._stems = frozenset[str]().union(*groups)
        self._asked: dict[str, dict[str, frozenset[int]]] = {}  # by language and word: which of the question it answers
        self._known: dict[str, set[str]] = {}  # by language: what was looked at of all texts, between two spaces

    def cut(self, text: str, language: str) -> list[Part]:
        """Return the part of `text` with the most different words that were looked for, in pieces.

        Where none of them occurs, it is the beginning of the text.
        """
        hits = self._hits(text, language)
        begin = self._first_place(hits)
        start = _word_start(text, begin - BEFORE) if begin > BEFORE else 0
        stop = min(len(text), start + LENGTH)
        if stop < len(text):
            stop = max(text.rfind(" ", 0, stop), start + LENGTH // 2)
        parts, at = [Part("… ")] if start else [], start
        for first, last, _numbers in hits:
            if start <= first and last <= stop:
                parts += [Part(text[at:first]), Part(text[first:last], True)]
                at = last
        parts += [Part(text[at:stop]), Part(" …" if stop < len(text) else "")]
        return [part for part in parts if part.text]

    def _hits(self, text: str, language: str) -> list[Hit]:
        """Return where words of the question stand in a text, and which."""
        asked, known = self._asked.setdefault(language, {}), self._known.setdefault(language, set())
        new = set(text.split()) - known  # texts share most of their words: what is known is not read again
        known |= new
        for word in set(WORD.findall(" ".join(new))) - asked.keys():
            stems = stems_of(key, language) if (key := key_of(word)) else frozenset[str]()
            if not self._stems.isdisjoint(stems):
                asked[word] = frozenset(n for n, group in enumerate(self._groups) if not group.isdisjoint(stems))
        hits = [(at, at + len(word), numbers) for word, numbers in asked.items() for at in _places(text, word)]
        return sorted(hits, key=itemgetter(0))

    def _first_place(self, hits: Sequence[Hit]) -> int:
        """Return where the stretch begins that answers the most words of the question; the first of equal ones."""
        best, begin = 0, 0
        for number, (first, _last, _numbers) in enumerate(hits):
            together: set[int] = set()
            for _first, last, numbers in islice(hits, number, None):
                if last > first + LENGTH - BEFORE:
                    break
                together |= numbers
            if len(together) > best:
                best, begin = len(together), first
        return begin


def _word_start(text: str, at: int) -> int:
    """Return where the next word begins."""
    return text.find(" ", at) + 1 or at


def _places(text: str, word: str) -> Iterator[int]:
    """Yield where a word begins in a text, and is no part of a longer one."""
    at = text.find(word)
    while at >= 0:
        if not _JOINED.search(text[max(0, at - 2) : at]) and not _JOINING.match(text[at + len(word) :][:2]):
            yield at
        at = text.find(word, at + 1)
