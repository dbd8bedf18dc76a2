"""E-mail addresses whose signs are spelled out letter by letter, or hidden in brackets: a t gmail d o t com, [ät]."""

import re
from collections.abc import Iterator
from itertools import islice

from forum.moderation.screening.reading import Reading
from forum.moderation.screening.vocabulary import MOST

_ENDINGS = frozenset("com ru kz net org me info su kg uz de eu by ua рф".split())
_LOOK_BACK = 120  # characters of an address before its ending
_BRACKETED_ENDING = re.compile(r"[\])}>] ?(?:com|ru|kz|net|org|me|info|su|kg|uz|de|eu|by|ua|рф)(?!\w)")
_IN_BRACKETS = re.compile(
    r"[\w.+\-]{1,40} ?[\[({<] ?[^\s\[\](){}<>]{1,10} ?[\])}>] ?[\w\-]{2,40} ?[\[({<] ?[^\s\[\](){}<>]{1,10} ?$"
)
_SPELLED_DOTS = (("d", "o", "t"), ("т", "о", "ч", "к", "а"), ("н", "ү", "к", "т", "е"))
_SPELLED_AT = (("a", "t"), ("э", "т"), ("и", "т"), ("с", "о", "б", "а", "к", "а"))
_HOST = 4  # tokens of a host's name between its signs


def spelled_mails(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield (start, end) in the plain form."""
    if not reading.places.keys().isdisjoint("])}>"):
        yield from _in_brackets(reading.plain)
    for dot in _SPELLED_DOTS:
        for index in reading.places.get(dot[0], [])[:MOST]:
            end = index + len(dot)
            if tuple(reading.words[index:end]) == dot and reading.word(end) in _ENDINGS:
                at = _at_before(reading, index)
                if at:
                    yield reading.starts[at - 1], reading.ends[end]


def _in_brackets(plain: str) -> Iterator[tuple[int, int]]:
    """Yield addresses with something in brackets in the places of both signs, whatever it is."""
    for match in islice(_BRACKETED_ENDING.finditer(plain), MOST):
        low = max(0, match.start() - _LOOK_BACK)
        found = _IN_BRACKETS.search(plain, low, match.start())
        if found is not None:
            yield found.start(), match.end()


def _at_before(reading: Reading, dot: int) -> int | None:
    """Return the first token of a spelled "at" with a name before it, near before a spelled dot."""
    for at in _SPELLED_AT:
        for place in range(dot - len(at) - 1, max(dot - len(at) - _HOST - 1, 0), -1):
            if tuple(reading.words[place : place + len(at)]) == at and reading.word(place - 1).isalnum():
                return place
    return None
