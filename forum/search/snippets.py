"""The part of a text that shows why it was found, cut from its own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from forum.words import Word, words

LENGTH = 260  # characters; two or three lines beside the mark of a side
BEFORE = 60  # of them before the first word that was found


@dataclass(frozen=True)
class Part:
    """A piece of a text; `is_hit`: a word that was looked for."""

    text: str
    is_hit: bool = False


def cut(text: str, language: str, groups: Sequence[frozenset[str]]) -> list[Part]:
    """Return the part of `text` with the most different words that were looked for, in pieces.

    `groups`: the stems of each word of the question. Where none of them occurs, it is the beginning of the text.
    """
    hits = [(word, _asked(word, groups)) for word in words(text, language, frozenset().union(*groups))]
    begin = _first_place(hits)
    start = _word_start(text, begin - BEFORE) if begin > BEFORE else 0
    stop = min(len(text), start + LENGTH)
    if stop < len(text):
        stop = max(text.rfind(" ", 0, stop), start + LENGTH // 2)
    parts, at = [Part("… ")] if start else [], start
    for word in (word for word, _asked_for in hits if start <= word.start and word.stop <= stop):
        parts += [Part(text[at : word.start]), Part(text[word.start : word.stop], True)]
        at = word.stop
    parts += [Part(text[at:stop]), Part(" …" if stop < len(text) else "")]
    return [part for part in parts if part.text]


def _asked(word: Word, groups: Sequence[frozenset[str]]) -> frozenset[int]:
    """Return which words of the question a word of the text answers."""
    return frozenset(number for number, stems in enumerate(groups) if not stems.isdisjoint(word.stems))


def _first_place(hits: list[tuple[Word, frozenset[int]]]) -> int:
    """Return where the stretch begins that answers the most words of the question; the first of equal ones."""
    best, begin = 0, 0
    for number, (first, _asked_for) in enumerate(hits):
        reach = first.start + LENGTH - BEFORE
        together = takewhile(lambda hit, reach=reach: hit[0].stop <= reach, hits[number:])  # type: ignore[misc]
        count = len(frozenset().union(*(asked for _word, asked in together)))
        if count > best:
            best, begin = count, first.start
    return begin


def _word_start(text: str, at: int) -> int:
    """Return where the next word begins."""
    return text.find(" ", at) + 1 or at
