"""What an entry has to hold, in the language of an engine. Stems are letters and digits: nothing has to be escaped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

LONGEST = 60  # characters of what a filter names; no pseudonym is so long, and engines take no word without end
Groups = Sequence[frozenset[str]]  # of each word of a question the stems that answer it


@dataclass(frozen=True)
class Syntax:
    """How an engine writes a word and ties words together."""

    word: str
    both: str
    either: str
    without: str


def exactly(count: int, groups: Groups, filters: Sequence[str], syntax: Syntax) -> str:
    """Return the expression for entries that answer `count` words of the question and pass all `filters`."""
    found = [_stems(stems, syntax) for stems in groups]
    ways = []
    for chosen in combinations(range(len(found)), count):
        way = syntax.both.join(found[number] for number in chosen)
        others = [part for number, part in enumerate(found) if number not in chosen]
        ways.append(f"(({way}){syntax.without}({syntax.either.join(others)}))" if others else f"({way})")
    return syntax.both.join([*(syntax.word % word for word in filters), f"({syntax.either.join(ways)})"])


def filter_of(kind: str, value: object) -> str:
    """Return the word by which entries of one debate, side … are told apart; nobody can write it into a text."""
    return f"§{kind}{str(value)[:LONGEST].encode().hex()}"


def _stems(stems: Iterable[str], syntax: Syntax) -> str:
    return f"({syntax.either.join(syntax.word % stem for stem in sorted(stems))})"
