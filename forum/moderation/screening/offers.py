"""What adverts are made of: somebody who offers, a trade, conditions, a call to the reader.

None of these words is an advert by itself, and all of them occur in arguments; their combination in one breath,
without
the words with which people reason, is what adverts have in common. The words were collected by what they do, not from
adverts.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator

from forum.moderation.screening.offer_words import (
    REASONING,
    Found,
    Part,
)
from forum.moderation.screening.reading import Reading, trait
from forum.moderation.screening.telling_verbs import is_telling
from forum.moderation.screening.vocabulary import MOST

_WEIGHT = {Part.VOICE: 2, Part.TRADE: 1, Part.TERMS: 1, Part.CALL: 2, Part.READER: 1, Part.DOING: 1}
_ENOUGH = 4  # points of different words
_ENOUGH_IF_REASONED = 7  # words such as "because" and "they" between them
_ENOUGH_IN_LIST = 3  # in a sentence of fragments, as small ads are written
_ENOUGH_WITHOUT_VOICE = 4  # a list of goods and conditions, as small ads are written
_FEWEST = 3  # different words
_WINDOW = 22  # tokens
_BREATH = 20  # tokens on each side of a stretch

_DOES = ("аем", "яем", "уем", "еем", "амыз", "еміз", "ймыз", "йміз", "амын", "емін", "ймын", "ймін")  # we do, I will
_WITHOUT = ("сыз", "сіз")  # құжатсыз: without papers
YOU_DO = ("псыз", "псіз", "ғансыз", "генсіз", "қансыз", "кенсіз", "йсыз", "йсіз", "рсыз", "рсіз")  # көргенсіз: you saw
_LONG = 6  # letters of a word whose ending says something


def offers(reading: Reading, words: list[Found], quoted: Callable[[int], bool]) -> list[tuple[int, int]]:
    """Return (first, last token) of each stretch in which enough parts of an advert stand together.

    `words` are the words of adverts in the text; `quoted` says of a token whether it is only quoted.
    """
    parts = (one for one in (*words, *_by_ending(reading)) if not quoted(one[0]))
    found = sorted(parts, key=lambda one: (one[0], -one[1]))
    spans: list[tuple[int, int]] = []
    window: list[tuple[int, int, Part]] = []
    for first, last, part in found:
        if window and first <= window[-1][1]:
            continue
        window = [one for one in window[-11:] if first - one[0] <= _WINDOW]
        window.append((first, last, part))
        if len(window) < _FEWEST:
            continue
        start, _ = breath(reading, first, last)
        if _is_offer(reading, window):
            begin = window[0][0]
        elif _is_offer(reading, here := [one for one in window if one[0] >= start]):
            begin = here[0][0]
        else:
            begin = -1
        if begin >= 0:
            if spans and begin <= spans[-1][1] + 8:
                begin = spans.pop()[0]
            spans.append((begin, last))
    return spans


def _by_ending(reading: Reading) -> Iterator[tuple[int, int, Part]]:
    """Yield the words whose ending says that somebody does something, or that something is not asked for."""
    for word, places in reading.places_of(_ends_in_an_offer):
        part = Part.TERMS if word.endswith(_WITHOUT) else Part.DOING
        yield from ((place, place, part) for place in places[:MOST])


@trait
def _ends_in_an_offer(word: str) -> bool:
    return (
        len(word) >= _LONG
        and word.endswith(_DOES + _WITHOUT)
        and not word.endswith(YOU_DO)
        and word not in REASONING
        and word != "бірдемін"
    )


def _is_offer(reading: Reading, window: list[tuple[int, int, Part]]) -> bool:
    """Say whether the words of a window make an advert together."""
    parts: dict[str, Part] = {reading.words[first][:6]: part for first, _, part in window}
    kinds = set(parts.values())
    if len(parts) < _FEWEST or len(kinds) < 2 or not kinds & {Part.TRADE, Part.TERMS}:
        return False
    begin, end = breath(reading, window[0][0], window[-1][1])
    reasoned = reasons(reading, window[0][0], window[-1][1])
    points = sum(_WEIGHT[part] for part in parts.values())
    terms = sum(part is Part.TERMS for part in parts.values())
    if (
        not reasoned
        and not _tells(reading, begin, end)
        and points >= _ENOUGH_IN_LIST
        and terms > 1
        and Part.TRADE in kinds
        and _is_list(reading, begin, end)
    ):
        return True
    if not kinds & {Part.TRADE} and points < _ENOUGH + 1:
        return False
    if not kinds & {Part.VOICE, Part.CALL, Part.DOING}:
        return (
            not reasoned
            and {Part.TRADE, Part.TERMS} <= kinds
            and points >= _ENOUGH_WITHOUT_VOICE
            and _is_list(reading, begin, end)
        )
    return points >= (_ENOUGH_IF_REASONED if reasoned else _ENOUGH) + max(0, reasoned - 1)


def reasons(reading: Reading, first: int, last: int) -> int:
    """Return how many words of reasoning stand in the sentences of a stretch."""
    begin, end = breath(reading, first, last)
    words = reading.words
    return sum(words[place] in REASONING and not _is_code(reading, place) for place in range(begin, end + 1))


def _is_code(reading: Reading, place: int) -> bool:
    """Say whether a word stands alone in quotation marks: a discount for the word "law"."""
    return reading.word(place - 1) in {'"', "«", "“"} and reading.word(place + 1) in {'"', "»", "”"}


def _tells(reading: Reading, begin: int, end: int) -> bool:
    return any(is_telling(word) for word in reading.words[begin : end + 1])


def _is_list(reading: Reading, begin: int, end: int) -> bool:
    """Say whether commas part a sentence every few words, as in a small ad."""
    commas = sum(word in {",", ";", "/", "•", "+"} for word in reading.words[begin : end + 1])
    return commas * 10 >= end - begin


def breath(reading: Reading, first: int, last: int) -> tuple[int, int]:
    """Return the bounds of the sentences that a stretch lies in, at most a few tokens more on each side."""
    ends = reading.ends_of_breath
    before, after = bisect_left(ends, first) - 1, bisect_left(ends, last)
    begin = ends[before] + 1 if before >= 0 else 0
    end = ends[after] if after < len(ends) else len(reading.words) - 1
    return max(begin, first - _BREATH), min(end, last + _BREATH)
