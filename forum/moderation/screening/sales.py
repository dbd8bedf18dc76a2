"""Whether the words of an advert sell: an argument has the same words, but speaks about them to nobody.

An advert speaks to a reader or says what somebody offers, and names what, or for how much; or it is a list of goods and
conditions with hardly a word besides. One such sign alone is an argument about prices, trades and what is free.
"""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from forum.moderation.screening.offer_words import Found, Part
from forum.moderation.screening.offers import breath
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.reasons import arguing_among
from forum.moderation.screening.spoken_to import is_call
from forum.moderation.screening.wording import OURS, apart, is_stranger, is_word, reckons

_MOST_STRANGERS = 2  # in a list of goods that needs no price
_FEW_STRANGERS = 3  # more than signs, in a list
_MANY_TERMS = 4  # of whom even a word of the debate may be said: for women, after violence
_WARES = 2  # more of them are a list of what is for sale
_SIGNS = 3  # of different kinds, or two of one, if the text argues
# Stems of what is also spoken of where people argue about this trade: who helps, who works, where, what is paid.
_HELPERS = (
    *("юрист", "адвокат", "психолог", "врач", "анализ", "справк", "клиник", "документ", "паспорт", "налог"),
    *("lawyer", "doctor", "psycholog", "clinic", "test", "documents", "passport", "заңгер", "дәрігер", "талдау"),
    *("анықтама", "құжат", "клиника"),
)
_SUBJECT = (
    *_HELPERS,
    *("девуш", "девоч", "мужчин", "работ", "деньг", "зарплат", "квартир", "комнат", "сауна", "сауну", "гостиниц"),
    *("такси", "водител", "girl", "women", "men", "man", "job", "work", "money", "cash", "income", "salar", "wage"),
    *("flat", "room", "apartment", "sauna", "hotel", "taxi", "driver", "қыз", "еркек", "ер", "жұмыс", "ақша"),
    *("айлы", "жалақы", "табыс", "пәтер", "бөлме", "сауна", "монша", "қонақ"),
)
_NEEDS = frozenset("нужен нужна нужны нужно need needed керек wanted".split())  # wishes of those who argue as well
_COMMAS = frozenset({",", ";", "/", "•", "+", ":"})


@dataclass(frozen=True)
class _Signs:
    """What speaks for an advert in a breath, each word once."""

    voice: int  # somebody offers or seeks
    call: int  # the reader is told to do something
    own: int  # our, your, we do: 1 or 0
    goods: int
    conditions: int
    figures: int

    @property
    def terms(self) -> int:
        return self.conditions + self.figures

    @property
    def weight(self) -> int:
        return self.goods + self.terms + self.own


def sells(reading: Reading, span: tuple[int, int], parts: list[Found], argues: list[int]) -> bool:
    """Say whether a stretch with words of adverts offers something to somebody.

    `parts` are the parts of adverts in the text, in order; `argues` the tokens that belong to a debate, in order.
    In a text that argues the signs must stand in one sentence.
    """
    low, high = breath(reading, *span)
    inside, outside = _Stretch(reading, low, high, parts), len(argues)
    outside -= bisect_left(argues, high + 1) - bisect_left(argues, low)
    if not inside.argues and not outside:
        return inside.sells(argued=False)
    ends = reading.ends_of_breath
    bounds = [low - 1, *ends[bisect_left(ends, low) : bisect_left(ends, high)], high]
    return any(_Stretch(reading, first + 1, last, parts).sells(argued=True) for first, last in pairwise(bounds))


class _Stretch:
    """A sentence or a few, the parts of adverts in them, and the words between those."""

    def __init__(self, reading: Reading, low: int, high: int, parts: list[Found]) -> None:
        self._reading, self._low, self._high = reading, low, high
        begin, end = (bisect_left(parts, place, key=lambda one: one[0]) for place in (low, high + 1))
        self._found = list(apart(reading, [one for one in parts[begin:end] if one[1] <= high]).values())
        matched = {place for first, last, _ in self._found for place in range(first, last + 1)}
        others = [place for place in range(low, high + 1) if place not in matched and is_word(reading.words[place])]
        self.argues = len(arguing_among(reading, others))
        self._strangers = sum(is_stranger(reading.words[place]) for place in others)

    def sells(self, *, argued: bool) -> bool:
        """Say whether what stands here offers something."""
        signs = _signs(self._reading, self._found)
        speaks = bool(signs.voice or signs.call)
        if not speaks and reckons(self._reading, self._low, self._high):
            return False
        commas = sum(word in _COMMAS for word in self._reading.words[self._low : self._high + 1])
        is_list = self.argues < _SIGNS - 1 and commas > 1 and self._strangers <= _MOST_STRANGERS
        if is_list and _is_wares(self._reading, self._found):
            return True
        if argued and not (signs.voice and signs.call):
            signs = _signs(self._reading, [one for one in self._found if not _is_of_the_debate(self._reading, one)])
        if signs.voice or signs.call:
            whole = self._low == 0 and self._high + 1 == len(self._reading.words)
            return _speaks(signs, argued=argued or not whole)
        return _lists(signs, self.argues, self._strangers, commas, argued=argued)


def _speaks(signs: _Signs, *, argued: bool) -> bool:
    """Say whether somebody who offers or calls also says what, or on which terms."""
    if not argued:
        return bool(signs.goods or signs.terms > 1 or (signs.voice and signs.call))
    return min(2, signs.goods) + min(2, signs.terms) + min(2, signs.voice) + min(2, signs.call) >= _SIGNS


def _lists(signs: _Signs, inside: int, strangers: int, commas: int, *, argued: bool) -> bool:
    """Say whether goods and conditions are listed, as they are in a small ad that speaks to nobody."""
    if inside > 1 + (signs.terms >= _MANY_TERMS):
        return False
    if not argued:
        room = signs.weight + (_FEW_STRANGERS if commas else 1)
        return signs.weight >= _SIGNS and bool(signs.terms or commas) and strangers <= room
    listed = signs.conditions > 1 and commas > 0 and strangers <= signs.weight
    return bool(signs.goods or signs.own or signs.terms >= _MANY_TERMS) and listed


def _is_wares(reading: Reading, found: list[Found]) -> bool:
    """Say whether several goods stand beside a condition, none of them somebody who helps."""
    goods = [first for first, _, kind in found if kind in {Part.TRADE, Part.GOODS}]
    helping = any(reading.words[first].startswith(_HELPERS) for first in goods)
    return len(goods) > _WARES and not helping and any(kind is Part.TERMS for _, _, kind in found)


def _is_of_the_debate(reading: Reading, part: Found) -> bool:
    """Say whether a part is only a word that an argument about this trade needs itself."""
    first, last, kind = part
    word = reading.words[first]
    if kind in {Part.TRADE, Part.GOODS}:
        return word.startswith(_SUBJECT)
    return kind is Part.VOICE and first == last and word in _NEEDS


def _signs(reading: Reading, parts: list[Found]) -> _Signs:
    kinds = [_kind(reading, one) for one in parts]
    return _Signs(
        voice=kinds.count(Part.VOICE),
        call=kinds.count(Part.CALL),
        own=int(bool({Part.DOING, Part.READER} & set(kinds))),
        goods=kinds.count(Part.TRADE) + kinds.count(Part.GOODS),
        conditions=kinds.count(Part.TERMS),
        figures=kinds.count(Part.FIGURE),
    )


def _kind(reading: Reading, part: Found) -> Part:
    """Return what a part does: "our" alone offers nothing, "order" within a clause calls nobody."""
    first, last, kind = part
    if kind is Part.VOICE and first == last and reading.words[first] in OURS:
        return Part.DOING
    if kind is Part.CALL and not is_call(reading, first):
        return Part.READER
    return kind
