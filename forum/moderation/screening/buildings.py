"""Addresses without a word for street: a room of a named building, a house in a village, a town's postcode."""

from collections.abc import Iterator

from forum.moderation.screening.names import STREETS
from forum.moderation.screening.papers import PAPERS
from forum.moderation.screening.reading import Reading, trait
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries

_REACH = 12  # tokens between a building and the number of a room
_FEW = 9  # tokens between a village and a house's number
_ROOMS = Vocabulary(
    entries(
        None,
        "room, office, apt, apartment, flat, suite, unit, floor, комната, комнате, ком, офис, офисе, квартира, "
        "квартире, кв, кабинет, кабинете, каб, этаж, этаже, секция, пәтер*, кеңсе*, бөлме*, қабат*, кабинет*",
    )
)
_BUILDINGS = Vocabulary(
    entries(
        None,
        "business centre, business center, shopping centre, shopping center, tower, hostel, dormitory, hotel, "
        "residential complex, бизнес центр*, бц, тц, трц, тд, торговый дом, торговом доме, торговый центр, "
        "торговом центре, жк, жилой комплекс, хостел*, общежити*, гостиниц*, отел*, башня, башне, бизнес орталы*, "
        "сауда үй*, сауда орталы*, тұрғын үй кешен*, жатақхана*, қонақүй*, қонақ үй*",
    )
)
_CLOSE = 8  # tokens between a house's number and its door
_DOORS = frozenset(
    """entrance door yard bell gate gates basement вход дверь двора двор звонок домофон ворота калитка подвал
    есік ауладан аулада кіреді қоңырау қақпа жертөле""".split()
)
_TITLES = frozenset("би бия хана хан батыра батыр ата bi khan batyr".split())
_VILLAGES = frozenset(
    """village settlement село селе поселок поселке аул ауле деревня деревне станция станции ауылы ауылында
    кенті кентінде қаласы""".split()
)
_SKIPPED = frozenset("- , . № # no номер нөмірі th st nd rd -шы -ші шы ші".split())
_ORDINALS = ("перв", "втор", "трет", "четв", "пят", "шест", "седьм", "восьм", "девят", "десят")
_IN_KAZAKH = ("інші", "ыншы", "ншы", "нші")
_IN_ENGLISH = frozenset("first second third fourth fifth sixth seventh eighth ninth tenth ground top".split())
_COUNTED = frozenset(
    """people women girls years percent тенге теңге tenge лет человек женщин девушек домов семей жителей адам әйел қыз
    үй отбасы тұрғын год года лет жыл жылы мың тысяч km км houses families % раз рет times""".split()
)


def buildings(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield (first, last token) of each such address."""
    rooms = [
        (first, last, *numbers) for first, last, _ in _ROOMS.find(reading) if (numbers := _number(reading, first, last))
    ]
    yield from _rooms_of_buildings(reading, rooms)
    yield from _rooms_of_houses(reading, rooms)
    yield from _houses_of_villages(reading)
    yield from _postcodes(reading)
    yield from _doors_behind(reading)
    yield from _quarters(reading)
    yield from _known_streets(reading)


def _number(reading: Reading, first: int, last: int) -> tuple[int, int] | None:
    """Return the stretch of a room with its number: офис 702, 311 бөлме, third floor."""
    place = last + 1 + (reading.word(last + 1) in {".", "№", ":"})
    if _is_small(reading.word(place)) and reading.word(place + 1) not in _COUNTED:
        return first, place
    place = first - 1 - (reading.word(first - 1) == "-")
    return (place, last) if _is_small(reading.word(place)) else None


def _is_small(word: str) -> bool:
    return word.isdigit() and len(word) < 5


def _rooms_of_buildings(reading: Reading, rooms: list[tuple[int, int, int, int]]) -> Iterator[tuple[int, int]]:
    """Yield "business centre Nurly Tau, office 702": a building with a name, and a numbered room."""
    if not rooms:
        return
    for first, last, _ in _BUILDINGS.find(reading)[:MOST]:
        near = [room for room in rooms if 0 < room[2] - last <= _REACH]
        names = any(_is_name(reading, place) for place in (*range(last + 1, last + 4), first - 1, first - 2))
        if near and names:
            yield first, near[0][3]


def _rooms_of_houses(reading: Reading, rooms: list[tuple[int, int, int, int]]) -> Iterator[tuple[int, int]]:
    """Yield "на Макатаева 126, третий этаж, комната 311": a name with a number, and floors or rooms behind it."""
    for _, _, begin, end in rooms[:MOST]:
        for place in range(begin - 1, max(begin - _REACH, 0), -1):
            word = reading.words[place]
            if word.isdigit():
                name = place - 1 - (reading.word(place - 1) == ",")
                if len(word) < 4 and _is_name(reading, name) and len(reading.words[name]) > 3:
                    yield name, end
                break
            if not (word in _SKIPPED or _is_of_a_house(word) or (len(word) == 1 and word.isalpha())):
                break


def _is_of_a_house(word: str) -> bool:
    """Say whether a word may stand between a house and a room: third floor, жатақханасының үшінші қабаты."""
    return word.startswith((*_ORDINALS, "этаж", "қабат", "жатақхана", "подъезд", "кіреберіс", "блок")) or (
        word.endswith(_IN_KAZAKH) or word in _IN_ENGLISH or word in {"floor", "entrance", "hostel", "block", "house"}
    )


def _houses_of_villages(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "село Кабылсай, Жибек жолы 5": a village, a name, a house's number."""
    for word in _VILLAGES & reading.places.keys():
        for index in reading.places[word][:MOST]:
            names = 0
            for place in range(index + 1, min(index + _FEW, len(reading.words))):
                here = reading.words[place]
                if here.isdigit():
                    if names and len(here) < 4 and reading.word(place + 1) not in _COUNTED:
                        yield index, place
                    break
                if here not in {",", "-", ".", "«", "»"} and not (here.isalpha() and len(here) > 2):
                    break
                is_name = _is_name(reading, place)
                if here.isalpha() and not is_name and not (names and reading.word(place + 1).isdigit()):
                    break
                names += is_name


def _postcodes(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "010000, Астана, Мангилик Ел 55": the postcode of a town before its name."""
    for _word, places in reading.places_of(_is_a_postcode):
        for index in places[:MOST]:
            name = index + 1 + (reading.word(index + 1) == ",")
            if _is_name(reading, name):
                near = range(name + 1, min(name + _FEW, len(reading.words)))
                yield index, max((place for place in near if _is_small(reading.words[place])), default=name)


@trait
def _is_a_postcode(word: str) -> bool:
    return len(word) == 6 and word.isdigit() and word.startswith("0")


def _doors_behind(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "Гагарина 40, вход со двора": a name with a number, and behind it how to get in."""
    for word in _DOORS & reading.places.keys():
        for index in reading.places[word][:MOST]:
            for place in range(index - 1, max(index - _CLOSE, 0), -1):
                here = reading.words[place]
                if here.isdigit() and len(here) < 4:
                    name = place - 1 - (reading.word(place - 1) == ",")
                    is_paper = reading.word(name).startswith(PAPERS)
                    if _is_name(reading, name) and len(reading.words[name]) > 3 and not is_paper:
                        yield name, index
                    break
                if reading.ends_sentence(place):
                    break


def _quarters(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "Коктем-2, 14, 33", "в Орбите-3, дом 28", "Орбита-3-тегі 28-үй": a quarter with a number, and a house."""
    for index in reading.places.get("-", [])[:MOST]:
        number = reading.word(index + 1)
        joined = reading.is_joined(index) and reading.is_joined(index + 1)
        if not (joined and number.isdigit() and len(number) < 3 and _is_name(reading, index - 1)):
            continue
        if len(reading.words[index - 1]) < 4 or reading.words[index - 1] in {"covid", "ковид"}:
            continue
        skipped = 0
        for place in range(index + 2, min(index + 7, len(reading.words))):
            here = reading.words[place]
            if here.isdigit() and len(here) < 4:
                house = _is_house(reading.word(place + 1 + (reading.word(place + 1) == "-"))) or skipped
                if house or (reading.word(place + 1) in {",", "-", "/"} and reading.word(place + 2).isdigit()):
                    yield index - 1, place
                break
            skipped += _is_house(here)
            if not (here in {",", "-", ".", "№", "тегі", "дегі", "дағы", "тағы"} or _is_house(here)):
                break


def _known_streets(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "на Толе би, 71": a street that everybody knows, and a house's number."""
    for word in STREETS & reading.places.keys():
        for index in reading.places[word][:MOST]:
            place = index + 1 + (reading.word(index + 1) in _TITLES)
            place += reading.word(place) == ","
            number = reading.word(place)
            is_house = number.isdigit() and len(number) < 4 and reading.word(place + 1) not in _COUNTED
            if is_house and reading.is_capital(index):
                yield index, place


def _is_house(word: str) -> bool:
    return word.startswith(("дом", "үй", "house", "building", "number", "пәтер")) or word in {"д", "no"}


def _is_name(reading: Reading, place: int) -> bool:
    word = reading.word(place) if place >= 0 else ""
    return len(word) > 1 and word.isalpha() and reading.is_capital(place)
