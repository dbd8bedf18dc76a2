"""A small ad in one breath: goods with a condition, a call or an offer, and hardly a word besides.

Arguments name the same things, but with verbs that tell, words that reason, and the words of the debate between them.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import groupby

from forum.moderation.screening.ad_forms import forms
from forum.moderation.screening.goods import CONDITIONS, GOODS
from forum.moderation.screening.offer_words import Found, Part
from forum.moderation.screening.offers import YOU_DO
from forum.moderation.screening.reading import Reading, trait
from forum.moderation.screening.reasons import belongs_to_debate
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries
from forum.moderation.screening.wording import apart, is_stranger, is_word, reckons

_WEIGHT = {
    Part.VOICE: 2,
    Part.TRADE: 1,
    Part.TERMS: 1,
    Part.CALL: 2,
    Part.READER: 1,
    Part.DOING: 1,
    Part.GOODS: 2,
    Part.FIGURE: 1,
}
_ENOUGH = 3  # points
_ENOUGH_OF_TERMS = 5  # if only conditions stand beside a trade: easy work for girls, payment every day
_FIGURES = 2  # that count; arguments reckon as well
_ENOUGH_WITHOUT_GOODS = 4  # if somebody offers: workers wanted in Poland, 4000 zloty in hand
_NEVER = 1000
_SHORT = 10  # words of a breath that goes on in the next one
_LONGEST = 26  # words of a small ad
_DENSE = 0.5  # of the points and words of a small ad are points
_DENSE_IN_LIST = 0.4  # between commas
_OFFERED = 0.15  # less of them are enough if somebody offers or calls
_LISTED = 2  # commas of a list
_GOODS = Vocabulary({**entries(Part.TERMS, CONDITIONS), **entries(Part.GOODS, GOODS)})
_WITHOUT = ("without", "no", "без")  # exams, agents, questions: whatever it is, it is a condition
_WITHOUT_IN_KAZAKH = ("сыз", "сіз")
_DEBTS = (
    *("debt", "credit", "loan", "microloan", "casino", "crypto", "bet", "gambl", "долг", "кредит", "займ", "микрозайм"),
    *("крипт", "казино", "ставк", "ипотек", "қарыз", "несие", "ойын", "микронесие", "ломбард"),
)
_MONEY = frozenset(
    """zloty злотых злотый евро вон won $ % € ₸ тг тенге теңге руб рублей usd доллар долларов euro eur kzt тыс
    мың к k""".split()
)
Breath = tuple[int, int]


def parts_of_adverts(reading: Reading, words: list[Found], quoted: Callable[[int], bool]) -> list[Found]:
    """Return what adverts are made of, in the order of the text.

    `words` are the words of adverts in the text; `quoted` says of a token whether it is only quoted.
    """
    parts = (*_GOODS.find(reading), *words, *_conditions(reading), *forms(reading))
    return sorted(
        (one for one in parts if not quoted(one[0])), key=lambda one: (one[0], -_WEIGHT[one[2]], one[0] - one[1])
    )


def small_ads(reading: Reading, parts: list[Found]) -> list[Breath]:
    """Return (first, last token) of the small ads among the parts of adverts."""
    if not parts:
        return []
    spans = (_advert(reading, low, high, here) for low, high, here in _breaths(reading, parts))
    return [span for span in spans if span is not None]


@trait
def _is_a_condition(word: str) -> bool:
    return word in _MONEY or (len(word) > 5 and word.endswith(_WITHOUT_IN_KAZAKH) and not word.endswith(YOU_DO))


def _conditions(reading: Reading) -> Iterator[Found]:
    """Yield "without exams", of words that end so, and of sums of money."""
    for word in _WITHOUT:
        yield from ((index, index + 1, Part.TERMS) for index in reading.places.get(word, [])[:MOST])
    for word, indices in reading.places_of(_is_a_condition):
        if word not in _MONEY:
            yield from ((index, index, Part.TERMS) for index in indices[:MOST])
        else:
            yield from ((index - 1, index, Part.TERMS) for index in indices[:MOST] if reading.word(index - 1).isdigit())
            yield from ((index, index + 1, Part.TERMS) for index in indices[:MOST] if reading.word(index + 1).isdigit())


def _breaths(reading: Reading, found: list[Found]) -> Iterator[tuple[int, int, list[Found]]]:
    """Yield (first token, last token, parts) of each breath with parts, and of each two short ones in a row."""
    ends = reading.ends_of_breath
    before: tuple[int, int, list[Found]] | None = None
    for number, group in groupby(found, lambda one: bisect_left(ends, one[0])):
        low, high = ends[number - 1] + 1 if number else 0, ends[number]
        here = list(group)
        if high - low < 2 * _LONGEST:
            yield low, high, here
        asked = before is not None and reading.words[before[1]] == "?"
        if before is not None and before[1] + 1 == low and high - before[0] < (_LONGEST if asked else 2 * _SHORT):
            yield before[0], high, before[2] + here
        before = low, high, here


def _advert(reading: Reading, low: int, high: int, found: list[Found]) -> Breath | None:
    """Return the stretch of an advert in a breath, if it is one."""
    parts = apart(reading, found)
    kinds = [part for _, _, part in parts.values()]
    points = sum(_WEIGHT[part] for part in kinds) - max(0, kinds.count(Part.FIGURE) - _FIGURES)
    if len(parts) < 2 or points < _enough(kinds) or reading.words[high] == "?" or _only_debts(reading, parts):
        return None
    if not {Part.VOICE, Part.CALL} & set(kinds) and reckons(reading, low, high):
        return None
    matched = {place for first, last, _ in parts.values() for place in range(first, last + 1) if place <= high}
    others = [place for place in range(low, high + 1) if place not in matched and is_word(reading.words[place])]
    if len(matched) + len(others) > _LONGEST or belongs_to_debate(reading, others):
        return None
    strangers = sum(is_stranger(reading.words[place]) for place in others)
    listed = reading.words[low : high + 1].count(",") >= _LISTED and points > _ENOUGH_WITHOUT_GOODS
    if points < _density(kinds, listed) * (points + strangers):
        return None
    return min(matched), max(matched)


def _only_debts(reading: Reading, parts: dict[str, Found]) -> bool:
    """Say whether only ways to lose money are named, as arguments do: debts, loans, crypto."""
    return all(reading.words[first].startswith(_DEBTS) for first, _, _ in parts.values())


def _density(kinds: list[Part], listed: bool) -> float:
    """Return the share of points among points and other words that makes an advert."""
    offered = bool({Part.VOICE, Part.CALL, Part.DOING} & set(kinds))
    return (_DENSE_IN_LIST if listed else _DENSE) - offered * _OFFERED


def _enough(kinds: list[Part]) -> int:
    """Return how many points parts of these kinds need: without goods more, without an offer or a call too many."""
    if Part.GOODS in kinds:
        return _ENOUGH
    if {Part.VOICE, Part.CALL} & set(kinds):
        return _ENOUGH_WITHOUT_GOODS
    return _ENOUGH_OF_TERMS if Part.TRADE in kinds and kinds.count(Part.TERMS) > 2 else _NEVER
