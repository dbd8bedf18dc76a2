"""What an entry has to hold, in the language of an engine. Stems are letters and digits: nothing has to be escaped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST = 60  # characters of what a filter names; no pseudonym is so long, and engines take no word without end
Groups = Sequence[frozenset[str]]  # of each word of a question the stems that answer it


@dataclass(frozen=True)
class Syntax:
    """How an engine writes a word and ties words together."""

    word: str
    both: str
    either: str
    without: str


def at_least(count: int, groups: Groups, filters: Sequence[str], syntax: Syntax) -> str:
    """Return the expression for entries that answer `count` words of the question or more, and pass all `filters`."""
    return _filtered(_some(count, [_stems(stems, syntax) for stems in groups], syntax), filters, syntax)


def exactly(count: int, groups: Groups, filters: Sequence[str], syntax: Syntax) -> str:
    """Return the expression for entries that answer `count` words of the question, and pass all `filters`."""
    found = [_stems(stems, syntax) for stems in groups]
    some = _some(count, found, syntax)
    if count < len(found):
        some = f"({some}{syntax.without}{_some(count + 1, found, syntax)})"
    return _filtered(some, filters, syntax)


def _some(count: int, words: Sequence[str], syntax: Syntax) -> str:
    """Return the expression for `count` of these words: the last and one less of the others, or that many of those.

    The rarest ones come first: these are written more than once, so that an engine walks less.
    """
    if count == len(words) or count == 1:
        return f"({(syntax.both if count > 1 else syntax.either).join(words)})"
    *others, last = words
    with_last = f"({last}{syntax.both}{_some(count - 1, others, syntax)})"
    return f"({with_last}{syntax.either}{_some(count, others, syntax)})"


def _filtered(expression: str, filters: Sequence[str], syntax: Syntax) -> str:
    return syntax.both.join([*(syntax.word % word for word in filters), expression])


def filter_of(kind: str, value: object) -> str:
    """Return the word by which entries of one debate, side … are told apart; nobody can write it into a text."""
    return f"§{kind}{str(value)[:LONGEST].encode().hex()}"


def _stems(stems: Iterable[str], syntax: Syntax) -> str:
    return f"({syntax.either.join(syntax.word % stem for stem in sorted(stems))})"
