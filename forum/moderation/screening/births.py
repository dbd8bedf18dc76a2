"""Somebody's own year of birth, held against the day on which the text was written."""

from collections.abc import Iterator

from forum.moderation.screening.reading import Reading
from forum.moderation.screening.vocabulary import MOST

_ADULT = 18
_YOUNGEST = 4  # years; nobody younger writes
_YEAR_NEAR = 6  # tokens between "born" and the year


def births(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "I was born in 2012", "я 2011 года рождения", "2010 жылы туғанмын"."""
    for word in ("born", "родилась", "родился", "рождения", "туғанмын", "туылғанмын", "туыппын", "жылғымын", "туылдым"):
        for index in reading.places.get(word, [])[:MOST]:
            low, high = max(0, index - _YEAR_NEAR), min(len(reading.words), index + _YEAR_NEAR)
            own = word.endswith(("мын", "пын", "дым")) or bool({"i", "я", "мен"} & set(reading.words[low:index]))
            if word.startswith("родил") and not own:
                own = reading.word(index + 1) in {"в", "я"} and index > 0 and reading.ends_sentence(index - 1)
            for place in range(low, high):
                if own and _is_young_since(reading, place):
                    yield min(place, index), max(place, index)
    yield from _of_birth(reading)
    yield from _of_the_year(reading)


def _is_young_since(reading: Reading, place: int) -> bool:
    """Say whether who was born in the year at a token, or on its day, was under age when the text was written."""
    year = reading.words[place]
    if not (len(year) == 4 and year.isdecimal()):
        return False
    age = reading.on.year - int(year)  # in the course of the year
    if age != _ADULT:
        return _YOUNGEST <= age < _ADULT
    day, dot, month, stop = reading.words[max(0, place - 4) : place] if place >= 4 else ("", "", "", "")
    if not (day.isdecimal() and month.isdecimal() and dot == stop == "."):
        return False  # the day is not told: most of that year's children are of age
    return (int(month), int(day)) > (reading.on.month, reading.on.day)


def _of_birth(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "2010 г.р." where nobody else is named before it."""
    for index in reading.places.get("р", [])[:MOST]:
        year = index - 3
        if year < 0 or reading.words[year + 1 : index] != ["г", "."] or not _is_young_since(reading, year):
            continue
        if year == 0 or reading.ends_sentence(year - 1) or reading.word(year - 1) in {"я", "мне", ","}:
            yield year, index


def _of_the_year(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "я 2011 года", "я с 2012 года": that is how Russian tells a year of birth; "я с 2015 года живу" goes on."""
    for index in reading.places.get("я", [])[:MOST]:
        year = index + 1 + (reading.word(index + 1) in {"с", "-"})
        closes = reading.word(year + 2) in {"", ",", ".", "!", ")"}
        if reading.word(year + 1) in {"года", "г"} and closes and _is_young_since(reading, year):
            yield index, year + 1
