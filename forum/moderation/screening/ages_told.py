"""The own age told beside a name, between two numbers, or as what happens at it: I'm Dana, 12; нам по 15-16."""

from collections.abc import Iterator

from forum.moderation.screening.coming_of_age import number_at
from forum.moderation.screening.growing_up import sentence_around
from forum.moderation.screening.memories import is_memory
from forum.moderation.screening.reading import Reading, listed, trait
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries

Span = tuple[int, int]

_YOUNGEST, _ADULT = 6, 18
_NEAR = 6  # tokens between "we" and an age
_NAMES_ME = listed(("i", "im", "я", "мен", "зовут", "name", "атым", "есімім"))
_TO_ME_IN_KAZAKH = listed(("мен", "маған"))
_FOR_AN_AGE = listed(("for", "для", "жасқа"))
_TO_BE = frozenset("am m ' ’ is - – —".split())
_PAUSES = frozenset(", ( - – —".split())
_BEHIND_AGE = frozenset(", ) . ; ! and years year yo лет года жас жаста жастамын и және from из".split()) | {""}
_US = listed(("we", "i", "мы", "нам", "біз", "бізге", "екеуіміз"))
_BEFORE_AGES = frozenset("по are all both лет only just between".split())
_COUPLES = frozenset("- – — or to and пен мен бен and или и немесе".split())
_COUNTED = frozenset("percent процентов женщин women people человек адам пайыз минут minutes дней days".split())
_MY_AGE = Vocabulary(
    entries(None, "at my age, my age, моем возрасте, мой возраст, моего возраста, менің жасымда, менің жасым")
)
_YOUNGEST_HERE = Vocabulary(
    entries(
        None,
        "youngest here, youngest one here, youngest of you, youngest in this, самая младшая, самый младший, "
        "младше всех, ең кішісі мен, ең кішісімін, ең кіші мен",
    )
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november"),
    *("december", "январ", "феврал", "март", "апрел", "мае", "июн", "июл", "август", "сентябр", "октябр", "ноябр"),
    *("декабр", "қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым", "шілде", "тамыз", "қыркүйек", "қазан"),
)
_NEARLY = frozenset("таяп жақындап қарадым келіп таядым жақындадым аяқ".split())
_ME = frozenset("i i'm my me я мне мой меня мен маған".split())
_WELL = ("well", "good", "smart", "mature", "clever", "хорошо", "умн", "взросл", "неплохо", "жақсы", "ақылды")
_PRESENT = ("ады", "еді", "йды", "йді")


def ages_told(reading: Reading) -> Iterator[Span]:
    """Yield (first, last token) where somebody says in one of these ways that they are under eighteen."""
    yield from _named_and_aged(reading)
    yield from _between_two_ages(reading)
    yield from _at_my_age(reading)
    yield from _beside_my_age(reading)
    yield from _in_a_month(reading)
    yield from _close_to(reading)
    yield from _and_a_half(reading)
    yield from _for_my_age(reading)
    yield from _here(reading)


def _is_young(number: int) -> bool:
    return _YOUNGEST <= number < _ADULT


def _named_and_aged(reading: Reading) -> Iterator[Span]:
    """Yield "I'm Dana, 12", "я Дана, 12 лет", "мен Дана, 12 жас", "меня зовут Дана (12)"."""
    for _word, places in reading.places_of(_NAMES_ME):
        for index in places[:MOST]:
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
    for _word, places in reading.places_of(_US):
        for index in places[:MOST]:
            near = range(index + 1, min(index + _NEAR, len(reading.words)))
            place = next((place for place in near if number_at(reading, place)[0] >= 0), None)
            last = None if place is None else _second_age(reading, place)
            if last is not None:
                yield index, last


def _second_age(reading: Reading, place: int) -> int | None:
    """Return the last token of a pair of ages that begins at a token, if it is one."""
    number, end = number_at(reading, place)
    other, last = number_at(reading, end + 2)
    before = reading.words[place - 1]
    is_age = (
        before in _BEFORE_AGES
        or (before == "," and reading.word(end + 1) in _COUPLES - {"-", "–", "—"})
        or reading.word(last + 1).startswith("жас")
    )
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


def _beside_my_age(reading: Reading) -> Iterator[Span]:
    """Yield "at my age, fifteen", "в моём возрасте, в пятнадцать", "the youngest here, sixteen"."""
    for first, last, _ in (*_MY_AGE.find(reading), *_YOUNGEST_HERE.find(reading)):
        for place in range(last + 1, min(last + _NEAR, len(reading.words))):
            number, end = number_at(reading, place)
            if _is_young(number) and reading.word(end + 1) not in _COUNTED and not is_memory(reading, first, end):
                yield first, end
                break
            if reading.ends_sentence(place):
                break


def _in_a_month(reading: Reading) -> Iterator[Span]:
    """Yield "sixteen in May", "в мае шестнадцать" at a clause's end: who says it of nobody says it of themself."""
    for _word, places in reading.places_of(_is_a_month):
        for index in places[:MOST]:
            span = _age_before(reading, index) or _age_behind(reading, index)
            if span is not None:
                yield span


@trait
def _is_a_month(word: str) -> bool:
    return word.startswith(_MONTHS)


def _age_before(reading: Reading, month: int) -> Span | None:
    """Return "sixteen in May" around a month."""
    number, end = number_at(reading, month - 2)
    told = reading.word(month - 1) == "in" and end == month - 2 and _is_young(number)
    return (month - 2, month) if told and _closes(reading, month) else None


def _age_behind(reading: Reading, month: int) -> Span | None:
    """Return "в мае шестнадцать"; digits are the day of the month."""
    number, end = number_at(reading, month + 1)
    told = reading.word(month - 1) == "в" and _is_young(number) and not reading.words[end].isdigit()
    return (month - 1, end) if told and _closes(reading, end) else None


def _closes(reading: Reading, place: int) -> bool:
    return reading.ends_sentence(place) or reading.word(place + 1) in {".", ",", ")", ""}


def _close_to(reading: Reading) -> Iterator[Span]:
    """Yield "мен он жетіге таяп қалдым": I am close to seventeen."""
    for _word, places in reading.places_of(_TO_ME_IN_KAZAKH):
        for index in places[:MOST]:
            number, end = number_at(reading, index + 1)
            if _is_young(number) and _NEARLY & set(reading.words[end + 1 : end + 3]):
                yield index, end


def _and_a_half(reading: Reading) -> Iterator[Span]:
    """Yield "он бес жарымдамын": I am fifteen and a half."""
    for index in reading.places.get("жарымдамын", [])[:MOST]:
        number, end = number_at(reading, index - 1 - (reading.word(index - 2) == "он"))
        if _is_young(number) and end == index - 1:
            yield index - 1, index


def _for_my_age(reading: Reading) -> Iterator[Span]:
    """Yield "I write well for a thirteen year old", "для тринадцати лет я хорошо пишу", "он үш жасқа жақсы жазасың"."""
    for word, places in reading.places_of(_FOR_AN_AGE):
        for index in places[:MOST]:
            back = index - 1 - (reading.word(index - 2) == "он")
            place = back if word == "жасқа" else index + 1 + (reading.word(index + 1) == "a")
            number, end = number_at(reading, place)
            years = word == "жасқа" or reading.word(end + 1) in {"year", "-", "лет"}
            low, high = sentence_around(reading, index)
            own = bool(_ME & set(reading.words[low : high + 1])) or reading.words[high - 1].endswith(_PRESENT)
            if _is_young(number) and years and own and any(one.startswith(_WELL) for one in reading.words[low:high]):
                yield min(place, index), max(end, index)


def _here(reading: Reading) -> Iterator[Span]:
    """Yield "14 here", at a sentence's beginning."""
    for index in reading.places.get("here", [])[:MOST]:
        number, end = number_at(reading, index - 1)
        opens = index == 1 or (index > 1 and reading.ends_sentence(index - 2))
        if _is_young(number) and end == index - 1 and opens:
            yield end, index
