"""A child whom words would let somebody find."""

from bisect import bisect_left
from collections.abc import Iterator

from forum.moderation.screening.children import CHILDREN
from forum.moderation.screening.coming_of_age import number_at
from forum.moderation.screening.names import STREETS
from forum.moderation.screening.places import is_city, is_told_apart
from forum.moderation.screening.reading import Reading, listed
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries
from forum.moderation.screening.whereabouts import DAYS

_MOST_PLACES = 120  # of a text that are looked at; a reply has no room for more
_REACH = 12  # tokens between a child and the place where it can be found
_WHERE = Vocabulary(
    entries(
        None,
        "school*, gymnasium, lyceum, kindergarten, orphanage, boarding school, bus stop, dormitory, children's home, "
        "sports school, music school, "
        "школ*, гимнази*, лице*, детский сад, детского сада, детском саду, садик*, детский дом, детского дома, "
        "детдом*, "
        "детском доме, интернат*, остановк*, общежити*, кружок, секци*, колледж*, "
        "мектеп*, мектеб*, гимнази*, лице*, балабақша*, балалар үйі*, интернат*, аялдама*, жатақхана*",
    )
)
_FOR_CHILDREN = (
    "школ",
    "садик",
    "детск",
    "сад",
    "гимнази",
    "лице",
    "интернат",
    "school",
    "kindergarten",
    "gymnasium",
    "lyceum",
    "мектеп",
    "балабақша",
)
_HOMES = ("orphanage", "boarding", "children", "детдом", "детск", "интернат", "балалар")
_UNWATCHED = frozenset(
    """alone without unattended themselves одни одна один сами без жалғыз өздері тәрбиешісіз қараусыз бақылаусыз
    until till evening evenings night nights вечером вечерам вечера темноты ночью кешке түнде дейін түскенше""".split()
)
_OF_AN_AGE = listed(("year", "жасар", "лет", "летняя", "летний", "жастағы", "летнюю", "years"))
_FOUND_WORDS = frozenset(
    """waits stands walks goes alone every стоит ходит ждет возвращается гуляет каждый күнде тұрады барады жүреді
    жалғыз күн сайын оқиды оқитын учится studies attends""".split()
)


def findable_children(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield (first, last token) of a child together with a numbered school, or an age and a place to wait for it."""
    wheres = [(first, last, _numbered(reading, first, last)) for first, last, _ in _WHERE.find(reading)[:_MOST_PLACES]]
    if not wheres:
        return
    yield from _children_of_homes(reading, [(first, last) for first, last, _ in wheres])
    children = [(first, last) for first, last, _ in CHILDREN.find(reading)]
    aged = sorted(_aged_children(reading, children))
    for first, last, numbered in wheres:
        for begin, end in _beside(children, first):
            near = _gap(begin, end, first, last) <= _REACH and not _crosses(reading, begin, end, first, last)
            if near and (numbered or _is_watched(reading, begin, end, first, last)):
                yield min(begin, first), max(end, last, numbered or 0)
                break
            if near and _is_called(reading, last) and reading.words[first].startswith(_FOR_CHILDREN):
                yield min(begin, first), max(end, last)
                break
        for begin, end in [*_beside(aged, first), *_named_with_age(reading, first, last)]:
            if _gap(begin, end, first, last) <= _REACH and (numbered or _is_watched(reading, begin, end, first, last)):
                yield min(begin, first), max(end, last, numbered or 0)
                break


def _children_of_homes(reading: Reading, wheres: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield children of a home that is told apart, and when nobody looks after them."""
    homes = [(first, last) for first, last in wheres if reading.words[first].startswith(_HOMES)]
    if not homes:
        return
    hours = sorted((index, index) for word in _hours(reading) for index in reading.places[word][:MOST])
    children = [(first, last) for first, last, _ in CHILDREN.find(reading)]
    for first, last in homes:
        near = [
            one
            for one in _beside(children, first)
            if _gap(*one, first, last) <= _REACH and not _crosses(reading, *one, first, last)
        ]
        if near and _beside(hours, first) and _is_told_apart(reading, first, last):
            yield min(near[0][0], first), max(near[0][1], last)


def _hours(reading: Reading) -> list[str]:
    return [word for word in reading.places if word in _UNWATCHED or word.startswith(DAYS)]


def _beside(found: list[tuple[int, int]], place: int) -> list[tuple[int, int]]:
    """Return those of the stretches, which are in order, that begin near a place."""
    low = bisect_left(found, (place - _REACH - 8, 0))
    return found[low : bisect_left(found, (place + _REACH + 8, 0), low)]


def _gap(begin: int, end: int, first: int, last: int) -> int:
    return max(begin - last, first - end, 0)


def _is_told_apart(reading: Reading, first: int, last: int) -> bool:
    """Say whether a number, a street or a town tells which home is meant."""
    near = range(max(0, first - 3), min(last + 4, len(reading.words)))
    return is_told_apart(reading, first, last) or any(
        reading.words[place] in STREETS or is_city(reading.words[place]) for place in near if reading.is_capital(place)
    )


def _is_called(reading: Reading, last: int) -> bool:
    """Say whether a name follows an institution: садик «Балапан», kindergarten Balapan."""
    place = last + 1 + (reading.word(last + 1) in {"«", '"', "“"})
    word = reading.word(place)
    return word.isalpha() and reading.is_capital(place) and not is_city(word)


def _crosses(reading: Reading, begin: int, end: int, first: int, last: int) -> bool:
    """Say whether more than one sentence's end lies between a child and a place."""
    return sum(reading.ends_sentence(place) for place in range(min(end, last), max(begin, first))) > 1


def _is_watched(reading: Reading, begin: int, end: int, first: int, last: int) -> bool:
    """Say whether a child with a name or an age stands, waits or walks there."""
    stretch = range(min(begin, first), min(max(end, last) + 4, len(reading.words)))
    verbs = any(reading.words[place] in _FOUND_WORDS for place in stretch)
    named = any(
        reading.is_capital(place) and place > 0 and not reading.ends_sentence(place - 1)
        for place in range(begin + 1, end + 4)
        if place < len(reading.words)
    )
    aged = any(6 <= number_at(reading, place)[0] < 18 for place in stretch)
    return verbs and (named or aged)


def _numbered(reading: Reading, first: int, last: int) -> int | None:
    """Return the token of an institution's number: школа № 27, 40-й школы, gymnasium No. 9, №27 мектеп."""
    for place in (last + 1, last + 2, last + 3, last + 4):
        word = reading.word(place)
        if word.isdigit():
            return (
                place
                if len(word) <= 3 and reading.word(place + 1) not in {"лет", "years", "жыл", "процентов", "percent"}
                else None
            )
        if word not in {"№", "-", "no", ".", "#", "number", "номер", "n", "нөмірі", "нөмірлі"}:
            break
    for place in (first - 1, first - 2, first - 3):
        word = reading.word(place)
        if word.isdigit():
            marked = reading.word(place - 1) in {"№", "#", "no"} or reading.word(place + 1) in {"-", "нөмірлі"}
            return place if marked and len(word) <= 3 else None
        if word not in {
            "-",
            "й",
            "я",
            "ой",
            "ей",
            "ую",
            "орта",
            "ші",
            "шы",
            "нші",
            "ыншы",
            "інші",
            "нөмірлі",
            "жалпы",
            "музыкальн",
            "st",
            "nd",
            "rd",
            "th",
        }:
            break
    return None


def _named_with_age(reading: Reading, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield "Камила, тринадцать", "Kamila (13)" near a place."""
    for place in range(max(1, first - _REACH), min(last + _REACH, len(reading.words) - 1)):
        if (
            reading.words[place] in {",", "(", "-", "—"}
            and reading.words[place - 1].isalpha()
            and reading.is_capital(place - 1)
        ):
            number, end = number_at(reading, place + 1)
            if (
                6 <= number < 18
                and end > place
                and reading.word(end + 1) in {"лет", "жаста", "жасар", ",", ")", "year", "years", "-", "."}
            ):
                yield place - 1, end


def _aged_children(reading: Reading, children: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield "15-year-old girl", "15 жасар қыз", "девочка 12 лет", "daughter, 12"."""
    for word, places in reading.places_of(_OF_AN_AGE):
        for index in places[:MOST]:
            for back in (index - 1, index - 2):
                number, end = number_at(reading, back)
                is_child = word not in {"лет", "years"} or any(
                    _gap(*child, back, index) <= 4 for child in _beside(children, index)
                )
                if 6 <= number < 18 and end < index and is_child:
                    yield back, index
                    break
