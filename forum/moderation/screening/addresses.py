"""Where somebody can be found: street addresses, coordinates, links to maps."""

import re
from collections.abc import Iterator

from forum.moderation.screening.buildings import buildings
from forum.moderation.screening.doors import doors
from forum.moderation.screening.flags import Flag, Severity, merged
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.vocabulary import Vocabulary, entries

_BEFORE_NAME = Vocabulary(  # улица Абая 15
    entries(
        None,
        "ул, улица, улице, улицы, улицу, ули, пр, пр-т, просп, проспект, проспекте, проспекта, пер, "
        "переулок, переулке, переулку, переулка, бульвар, бульваре, бульвару, бул, проспекту, улицей, проезду, тупику, "
        "мкр, мкрн, мкр-н, микр, микрорайон, микрорайоне, микрорайона, шоссе, наб, набережная, набережной, "
        "площадь, проезд, тупик, тупике, жк, "
        "ықшамауданы, ықшам аудан, шағынаудан*, шағын аудан*, ықшамаудан*, көш, даң, мөлтек аудан*, "
        "мөлтекаудан*, ul, ulica, ulitsa, pr, prospekt, mkr, mikrorayon, microdistrict, kosh",
    )
)
_CUES = Vocabulary(  # a name with a number after these is a street: живёт на Абая 15
    entries(
        None,
        "адрес, адресу, адрес мой, адрес ее, мекенжай*, address, address is, addr, lives at, live at, "
        "living at, lives on, live on, живет на, живу на, живем на, живут на, живет по, живу по, "
        "проживает на, проживает по, проживаю, проживает, прописан*, жду на, приходи на, приезжай на, "
        "приезжайте на, находится на, работает на, сидит на, стоит на, flat is at, house is at, come to, "
        "тұрады, тұрамын",
    )
)
_AFTER_NAME = Vocabulary(  # Abay street 15, Абай көшесі 15, 12 Baker Street
    entries(
        None,
        "street, st, str, avenue, ave, av, road, rd, lane, ln, boulevard, blvd, drive, dr, square, sq, "
        "close, court, terrace, highway, way, crescent, place, "
        "көшесі, көшесінде, көшесіндегі, көшесінің, көшесiнде, көш, даңғылы, даңғылында, даңғылындағы, "
        "бульвары, бульварында, тұйығы, кошеси, кошесинде, даңғылының, "
        "мкр, мкрн, микрорайон, шағынауданы, шағын ауданы, ықшамауданы, ықшамауданында, шағын ауданында, "
        "шағынауданында, мөлтекауданы, "
        "к сі, д лы, "
        "улица, ул, улице, проспект, проспекте, переулок, переулке, бульвар, бульваре, шоссе, koshesi",
    )
)
_HOUSES = Vocabulary(
    {
        **entries(
            "quarter",
            "mcr, mkr, mkrn, ш а, мкр, мкрн, микрорайон, микрорайоне, ықшамаудан*, шағынаудан*, ықшам аудан, "
            "шағын аудан",
        ),
        **entries(
            "house",
            "дом, дома, доме, д, house, building, bldg, bld, блок, block, корпус, корп, здание, "
            "строение, үй, үйі, үйінде, үйде, үйдің, no",
        ),
        **entries(
            "flat",
            "кв, квартира, квартире, квартиры, квартиру, apt, apartment, flat, "
            "unit, suite, пәтер, пәтері, пәтерде, пәтерінде, пәтерінің, пәт, ",
            "подъезд, подъезде, кіреберіс*, подьезд, этаж, этаже, офис, офисе, қабат, қабатта, комната, ком, "
            "room, домофон, entrance, floor, кабинет, каб",
        ),
    }
)
_UNITS = frozenset(
    """лет год года году годов процентов процента тысяч тыс млн миллионов человек женщин девушек раз минут часов дней
    тенге тг руб рублей долларов месяцев случаев недель years year percent women people men times months days hours
    minutes weeks thousand million girls workers cases арест жыл жылы жылдан жылдың адам әйел қыз пайыз мың миллион
    теңге рет
    km км метров метрах meters м st nd rd th % am pm проституток проститутки борделей притонов и""".split()
)
_STOP = frozenset(
    """the a an of in on and or to from by with for at is are was were be been not more than about only per
    each every no
    в на с и у о за из от до по не что это как было была были есть стоят стоит работают работает около более менее
    при для
    где или но а мен және бар жоқ бойынша да де та те one two street streets their his her our my some any down up
    into same
    percent between while after before since until which who that this these those most least""".split()
)
_BEFORE_NUMBER = frozenset(
    """
    , . - № # дом д house no number apt үй building bld корпус номер н кв flat apartment unit квартира d dom :
    """.split()
)
_DOOR_WORDS = frozenset(
    """
        ,
        . - / № # дом д кв квартира house apt apartment flat building корпус к корп подъезд этаж
        floor үй пәтер кіреберіс unit no
    """.split()
)
_ALSO_VERBS = frozenset("close court way drive place square highway terrace crescent".split())
_NUMBER = re.compile(r"[0-9]{1,4}")
_COORDINATES = re.compile(
    r"(?<![0-9.])-?[0-9]{1,2}(?:\.[0-9]{3,8}|,[0-9]{4,8})\s?[°n]?\s{0,2}[,; /]\s{0,2}"
    r"[ew]?-?[0-9]{1,3}(?:\.[0-9]{3,8}|,[0-9]{4,8})(?![0-9])"
    r"|[0-9]{1,3}°\s?[0-9]{1,2}[′'’]"
)
_MAPS = re.compile(
    r"(?:maps\.google\.|google\.[a-z]{2,3}/maps|goo\.gl/maps|maps\.app\.goo\.gl|maps\.apple\.com|2gis\.|"
    r"yandex\.[a-z]{2,3}/(?:maps|navi)|maps\.yandex\.|openstreetmap\.org|osm\.org|waze\.com|what3words\.com|"
    r"maps\.me|ya\.cc/maps)[^\s<>)]{0,200}"
)


def address(reading: Reading) -> list[Flag]:
    """Find street addresses in English, Russian and Kazakh, coordinates, and links to maps.

    Code `address`, severity WARN.

    >>> [flag.code for flag in address(Reading("Она живёт: ул. Абая, дом 15"))]
    ['address']
    """
    patterns = [_COORDINATES] * reading.has_digits + [_MAPS] * ("/" in reading.places)
    spans = [match.span() for pattern in patterns for match in pattern.finditer(reading.plain)]
    spans += [(reading.starts[first], reading.ends[_to_the_door(reading, last)]) for first, last in _streets(reading)]
    spans += [(reading.starts[first], reading.ends[last]) for first, last in _houses_with_flats(reading)]
    spans += [(reading.starts[first], reading.ends[last]) for first, last in (*doors(reading), *buildings(reading))]
    return merged(reading.flag("address", Severity.WARN, start, end) for start, end in spans)


def _to_the_door(reading: Reading, last: int) -> int:
    """Return the last token of an address that goes on after the house's number: -2, дом 33, кв. 5."""
    end = last
    for place in range(last + 1, min(last + 9, len(reading.words))):
        word = reading.words[place]
        if _NUMBER.fullmatch(word):
            if reading.word(place + 1) in _UNITS or (len(word) == 4 and word[:2] in {"19", "20"}):
                break
            end = place
        elif word not in _DOOR_WORDS:
            break
    return (
        end
        + (reading.word(end + 1) in {"үй", "пәтер"})
        + 2 * (reading.words[end + 1 : end + 3] in (["-", "үй"], ["-", "пәтер"]))
    )


def _streets(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield (first, last token) of a street with a house's number."""
    if not reading.has_digits:
        return
    for first, last, _ in _BEFORE_NAME.find(reading):
        end = _house_after_name(reading, last + 1)
        if end is not None:
            yield first, end
    for first, last, _ in _CUES.find(reading):
        end = _house_after_name(reading, last + 1)
        if end is not None and any(reading.is_capital(index) for index in range(last + 1, end)):
            yield first, end
    for first, last, _ in _AFTER_NAME.find(reading):
        start = _name_before(reading, first - 1)
        if start is None:
            continue
        end = _house_at(reading, last + 1)
        number = _number_before(reading, start)
        if end is not None:
            yield start, end
        elif number is not None and _is_end(reading, last, start):
            yield number, last


def _house_after_name(reading: Reading, place: int) -> int | None:
    """Return the last token of "Абая, дом 15" from `place` on, or nothing."""
    if reading.word(place) == ".":
        place += 1
    names = 0
    is_proper = False
    for index in range(place, min(place + 7, len(reading.words))):
        word = reading.words[index]
        if word.isdigit():
            end = _house_at(reading, index, is_proper) if names or _is_block(reading, index) else None
            if end is not None:
                return end
            names += 1
        elif word in ',.-«»"№/':
            continue
        elif word in _STOP or not word.isalpha():
            return None
        elif reading.is_capital(index) or names < 2:
            is_proper = is_proper or reading.is_capital(index)
            names += word not in {"дом", "д", "house", "үй", "no"}
    return None


def _is_block(reading: Reading, index: int) -> bool:
    """Say whether a quarter's number is followed by a house's: мкр 5, дом 12."""
    return any(reading.word(index + step).isdigit() for step in (2, 3, 4)) or reading.word(index + 2) in {
        "дом",
        "д",
        "үй",
    }


def _house_at(reading: Reading, place: int, is_proper: bool = True) -> int | None:
    """Return the last token of a house's number that begins at `place`, with its flat, or nothing."""
    for _ in range(4):
        if reading.word(place) in _BEFORE_NUMBER:
            place += 1
    if not _NUMBER.fullmatch(reading.word(place)):
        return None
    following = reading.word(place + 1)
    if following in _UNITS or (
        following == "-" and reading.word(place + 2) in {"летн", "летняя", "летние", "летних", "летний", "year"}
    ):
        return None
    if len(reading.words[place]) == 4 and reading.words[place][:2] in {"19", "20"}:  # a year
        return None
    is_letter = len(following) == 1 and following.isalpha() and reading.is_joined(place + 1)
    rest = reading.word(place + 1 + is_letter)
    if (
        not is_proper
        and rest.isalpha()
        and rest not in {"кв", "квартира", "дом", "подъезд", "үй", "apt", "flat", "корпус"}
    ):
        return None
    return place + is_letter


def _name_before(reading: Reading, place: int) -> int | None:
    """Return the first token of a street's name that ends at `place`: one to three words, capitals or not."""
    first = None
    for index in range(place, max(place - 4, -1), -1):
        word = reading.words[index]
        if word in '«»"-.' and index < place:
            continue
        if not word.isalpha() and word not in {"th", "nd", "rd", "st"}:
            break
        if word in _STOP or (first is not None and not reading.is_capital(index) and reading.is_capital(first)):
            break
        first = index
    return first


def _number_before(reading: Reading, start: int) -> int | None:
    """Return the token of a house's number just before a street's name: 12 Baker, 221b Baker."""
    for back in (1, 2, 3):
        word = reading.word(start - back)
        if _NUMBER.fullmatch(word):
            is_year = len(word) == 4 and word[:2] in {"19", "20"}
            return None if is_year or reading.word(start) in _UNITS else start - back
        if word != "," and not (len(word) == 1 and word.isalpha()):
            return None
    return None


def _is_end(reading: Reading, last: int, start: int) -> bool:
    """Say whether a street's name in capitals, or its end at a comma or full stop, makes it an address."""
    if reading.is_capital(start) and reading.words[start] not in _STOP:
        return True
    if reading.words[last] in _ALSO_VERBS:
        return False
    return reading.word(last + 1) in {"", ",", ".", "!", ";", "apt", "flat"}


def _houses_with_flats(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "дом 5, кв. 12" and its like, which are addresses without a street too."""
    house: tuple[int, int] | None = None
    closes = {"flat"}
    for first, last, kind in _HOUSES.find(reading):
        number = _number_beside(reading, first, last)
        if number is None:
            continue
        before = _street_before(reading, first) if kind == "flat" else None
        if before is not None:
            yield before, max(last, number)
        elif (
            kind in closes
            and house is not None
            and min(first, number) - house[1] <= 6
            and reading.words[first] not in reading.words[house[0] : house[1] + 1]  # from floor 3 to floor 5
        ):
            yield house[0], max(last, number)
            house = None
        else:
            house = (min(first, number), max(last, number))
            closes = {"flat", "house"} if kind == "quarter" else {"flat"}


def _street_before(reading: Reading, flat: int) -> int | None:
    """Return the token of a name in capitals that stands with a number before a flat: Dostyk 5, apt 12."""
    for index in range(flat - 1, max(flat - 5, 0), -1):
        if reading.words[index].isdigit():
            place = index - 1 - (reading.words[index - 1] == ",")
            place -= reading.words[place].isalpha() and not reading.is_capital(place)  # Толе би
            is_name = place >= 0 and len(reading.words[place]) > 2 and reading.is_capital(place)
            return place if is_name else None
        if reading.words[index] not in {",", "-", "/", ".", "no"}:
            return None
    return None


def _number_beside(reading: Reading, first: int, last: int) -> int | None:
    for place in (last + 1, last + 2):
        if _NUMBER.fullmatch(reading.word(place)) and reading.word(place + 1) not in _UNITS:
            return place
        if reading.word(place) not in {".", "№", "-", ":"}:
            break
    for place in (first - 1, first - 2):
        if _NUMBER.fullmatch(reading.word(place)) and (
            reading.words[first][0] in "үпқкмшы" or reading.words[first] == "дом"
        ):
            return place
        if reading.word(place) != "-":
            break
    return None
