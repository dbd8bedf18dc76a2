"""What changed between two wordings, word by word; pure, and never slower than a page can bear."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import takewhile

MOST = 700  # words on either side that are compared one by one; a longer change is shown as a whole


class Change(StrEnum):
    """What became of some words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """Some words in a row, with the spaces behind them, that share their fate."""

    change: Change
    text: str


def differences(old: str, new: str) -> list[Piece]:
    """Return `new` in pieces, with what stood in `old` only before what took its place.

    Spaces alone are no difference. Joined without what is gone, the pieces are `new` again.

    >>> [(str(piece.change), piece.text) for piece in differences("One word.", "One other word.")]
    [('same', 'One '), ('new', 'other '), ('same', 'word.')]
    """
    before, after = _words(old), _words(new)
    one, two = _keys(before), _keys(after)
    head = _shared(one, two)
    tail = _shared(one[head:][::-1], two[head:][::-1])
    middle = _changed(before[head : len(before) - tail], after[head : len(after) - tail])
    found = [(Change.SAME, after[:head]), *middle, (Change.SAME, after[len(after) - tail :])]
    return [Piece(change, "".join(words)) for change, words in found if words]


def _changed(before: list[str], after: list[str]) -> Iterator[tuple[Change, list[str]]]:
    """Give the words of two stretches that begin and end differently."""
    if max(len(before), len(after)) > MOST:
        yield from ((Change.GONE, before), (Change.NEW, after))
        return
    # Words that are everywhere (of 200 and more, above one in a hundred) tie nothing together, and cost the most.
    matcher = SequenceMatcher(None, _keys(before), _keys(after), autojunk=True)
    for kind, begin, end, other_begin, other_end in matcher.get_opcodes():
        if kind == "equal":
            yield Change.SAME, after[other_begin:other_end]
        else:
            yield Change.GONE, before[begin:end]
            yield Change.NEW, after[other_begin:other_end]


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*|^\s+", text)


def _keys(words: Sequence[str]) -> list[str]:
    return [word.rstrip() for word in words]


def _shared(one: Sequence[str], two: Sequence[str]) -> int:
    """Return how many words two stretches have in common from their beginning."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False)))
