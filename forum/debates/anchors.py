"""Where a quotation stands in the article: picked by its words and their neighbours, found again after a revision.

A selector is the TextQuoteSelector of the W3C Web Annotation Data Model: the exact words, and up to CONTEXT characters
before and after them. It is found again only where one can be sure that it is the same place; otherwise it counts as
no longer in the text. Pure; texts are those of the passages, by number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

CONTEXT = 32  # characters kept on each side
CLEARLY = 6  # more of them must fit on each side than beside any other place where the same words stand or stood
LONG = CONTEXT // 2  # more than a name or two; a sentence seldom makes way for another one with as many the same
EDGE = "\n" * CLEARLY  # where a passage begins or ends, which is as much as a short word


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

    That the same letters stand somewhere proves little, even if nowhere else: a name may go from here and come up
    there, and where a sentence goes, the next one may begin alike. So all that stood around them stands around one
    place alone; or on both sides CLEARLY more of it than beside any other place of these letters, then or now. For
    LONG words that stood nowhere else one side is enough, and very long ones prove themselves.
    """
    whole = _Fit(len(_before(selector.prefix)), len(_after(selector.suffix)))
    rivals = [_fit(selector, former, place) for place in _occurrences(selector.exact, former)]
    rivals.remove(whole)
    fits = [(_fit(selector, texts, place), place) for place in _occurrences(selector.exact, texts)]
    if not fits:
        return None
    best, place = max(fits, key=lambda fit: fit[0].both)
    others = rivals + [fit for fit, other in fits if other != place]
    if best == whole:
        return None if whole in others else place
    if not others and len(selector.exact) >= LONG:
        return place if best.both >= min(CONTEXT, 2 * CONTEXT - len(selector.exact)) else None
    before = max((fit.before for fit in others), default=0) + CLEARLY
    after = max((fit.after for fit in others), default=0) + CLEARLY
    return place if best.before >= before and best.after >= after and best.both >= CONTEXT else None


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
    return _Fit(
        _common(_before(selector.prefix), _before(here.prefix)), _common(_after(selector.suffix), _after(here.suffix))
    )


def _before(prefix: str) -> str:
    """Return what stands before a place, the nearest first, and the edge of the passage if it is as near."""
    return (EDGE + prefix)[-CONTEXT:][::-1]


def _after(suffix: str) -> str:
    return (suffix + EDGE)[:CONTEXT]


def _occurrences(exact: str, texts: Mapping[int, str]) -> Iterator[Place]:
    for passage, text in texts.items():
        start = text.find(exact) if exact else -1
        while start >= 0:
            yield Place(passage, start, start + len(exact))
            start = text.find(exact, start + 1)


def _common(one: str, other: str) -> int:
    """Return how many characters the beginnings have in common."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
