"""Where a quotation stands in the article: picked by its words and their neighbours, found again after a revision.

A selector is the TextQuoteSelector of the W3C Web Annotation Data Model: the exact words, and up to CONTEXT characters
before and after them. It is found again only where one can be sure that it is the same place; otherwise it counts as
no longer in the text. Pure; texts are those of the passages, by number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

CONTEXT = 32  # characters kept on each side
CLEARLY = 6  # more of them must fit on one side than beside any other place where the same words stood


@dataclass(frozen=True)
class Selector:
    """Words picked in passage `passage`, and what stands around them there."""

    passage: int
    exact: str
    prefix: str
    suffix: str


@dataclass(frozen=True)
class Place:
    """A stretch of the text of a passage: code points, `end` excluded."""

    passage: int
    start: int
    end: int


def pick(texts: Mapping[int, str], place: Place) -> Selector:
    """Return the selector of the words at `place`."""
    text, start, end = texts[place.passage], place.start, place.end
    return Selector(place.passage, text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def find(selector: Selector, former: Mapping[int, str], texts: Mapping[int, str]) -> Place | None:
    """Return where the words picked in the `former` texts stand in the new `texts`; None where one cannot be sure.

    Words that occur once in both are the same words wherever they stand now. Others are known by their neighbours: on
    one side CLEARLY more of them must stand there than beside any other place where the same words stood.
    """
    places = list(_occurrences(selector.exact, texts))
    rivals = [_fit(selector, former, place) for place in _occurrences(selector.exact, former)]
    rivals.remove(_Fit(len(selector.prefix), len(selector.suffix)))
    if len(places) == 1 and not rivals:
        return places[0]
    fits = sorted(
        ((_fit(selector, texts, place), place) for place in places), key=lambda fit: fit[0].both, reverse=True
    )
    if not fits or (len(fits) > 1 and fits[1][0].both == fits[0][0].both):
        return None
    best, place = fits[0]
    before = max((rival.before for rival in rivals), default=0) + CLEARLY
    after = max((rival.after for rival in rivals), default=0) + CLEARLY
    return place if best.before >= before or best.after >= after else None


@dataclass(frozen=True)
class _Fit:
    """How many characters before and after a place are those of the selector."""

    before: int
    after: int

    @property
    def both(self) -> int:
        return self.before + self.after


def _fit(selector: Selector, texts: Mapping[int, str], place: Place) -> _Fit:
    here = pick(texts, place)
    return _Fit(_common(selector.prefix[::-1], here.prefix[::-1]), _common(selector.suffix, here.suffix))


def _occurrences(exact: str, texts: Mapping[int, str]) -> Iterator[Place]:
    for passage, text in texts.items():
        start = text.find(exact) if exact else -1
        while start >= 0:
            yield Place(passage, start, start + len(exact))
            start = text.find(exact, start + 1)


def _common(one: str, other: str) -> int:
    """Return how many characters the beginnings have in common."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
