"""The own age told beside a name, between two numbers, or as what happens at it: I'm Dana, 12; нам по 15-16."""

from collections.abc import Iterator

from forum.moderation.screening.coming_of_age import number_at
from forum.moderation.screening.growing_up import sentence_around
from forum.moderation.screening.memories import is_memory
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.vocabulary import MOST

Span = tuple[int, int]

_YOUNGEST, _ADULT = 6, 18
_NEAR = 6  # tokens between "we" and an age
_NAMES_ME = ("i", "im", "я", "мен", "зовут", "name", "атым", "есімім")
_TO_BE = frozenset("am m ' ’ is - – —".split())
_PAUSES = frozenset(", ( - – —".split())
_BEHIND_AGE = frozenset(", ) . ; ! and years year yo лет года жас жаста жастамын и және from из".split()) | {""}
_US = ("we", "i", "мы", "нам", "біз", "бізге", "екеуіміз")
_BEFORE_AGES = frozenset("по are all both лет only just between".split())
_COUPLES = frozenset("- – — or to and или и немесе".split())
_COUNTED = frozenset("percent процентов женщин women people человек адам пайыз минут minutes дней days".split())
_PRESENT = ("ады", "еді", "йды", "йді")


def ages_told(reading: Reading) -> Iterator[Span]:
    """Yield (first, last token) where somebody says in one of these ways that they are under eighteen."""
    yield from _named_and_aged(reading)
    yield from _between_two_ages(reading)
    yield from _at_my_age(reading)


def _is_young(number: int) -> bool:
    return _YOUNGEST <= number < _ADULT


def _named_and_aged(reading: Reading) -> Iterator[Span]:
    """Yield "I'm Dana, 12", "я Дана, 12 лет", "мен Дана, 12 жас", "меня зовут Дана (12)"."""
    for word in _NAMES_ME:
        for index in reading.places.get(word, [])[:MOST]:
            place = index + 1
            while reading.word(place) in _TO_BE and place - index < 4:
                place += 1
            if not (reading.word(place).isalpha() and reading.is_capital(place)):
                continue
            number, end = number_at(reading, place + 2)
            told = reading.word(place + 1) in _PAUSES and reading.word(end + 1) in _BEHIND_AGE
            if told and _is_young(number) and not is_memory(reading, index, end):
                yield index, end


def _between_two_ages(reading: Reading) -> Iterator[Span]:
    """Yield "my friends and I are all 15 or 16", "нам с подругами по 15-16"."""
    for word in _US:
        for index in reading.places.get(word, [])[:MOST]:
            near = range(index + 1, min(index + _NEAR, len(reading.words)))
            place = next((place for place in near if number_at(reading, place)[0] >= 0), None)
            last = None if place is None else _second_age(reading, place)
            if last is not None:
                yield index, last


def _second_age(reading: Reading, place: int) -> int | None:
    """Return the last token of a pair of ages that begins at a token, if it is one."""
    number, end = number_at(reading, place)
    other, last = number_at(reading, end + 2)
    is_age = reading.words[place - 1] in _BEFORE_AGES or reading.word(last + 1).startswith("жас")
    coupled = reading.word(end + 1) in _COUPLES and reading.word(last + 1) not in _COUNTED
    return last if is_age and coupled and _is_young(number) and _is_young(other) else None


def _at_my_age(reading: Reading) -> Iterator[Span]:
    """Yield "он алты жасымда … ысқырады": at my age of sixteen, told as of now."""
    for index in reading.places.get("жасымда", [])[:MOST]:
        _, high = sentence_around(reading, index)
        verb = reading.words[high] if reading.words[high].isalpha() else reading.word(high - 1)
        number, end = number_at(reading, index - 1 - (reading.word(index - 2) == "он"))
        if _is_young(number) and end == index - 1 and verb.endswith(_PRESENT) and verb != "еді":
            yield index - 1, index
