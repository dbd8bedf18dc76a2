"""Addresses put together from their parts: street, house, flat, with numbers also in words; corners and boxes."""

from collections.abc import Iterator

from forum.moderation.screening.numerals import VALUES
from forum.moderation.screening.papers import PAPERS
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries

_WINDOW = 14  # tokens in which the parts of one address stand
_PARTS = Vocabulary(
    {
        **entries(
            "street",
            "street, st, avenue, ave, lane, boulevard, blvd, road, rd, ulitsa, ulica, prospekt, ул, улица, улице, "
            "улицы, "
            "улицу, проспект*, пр-т, просп, переул*, пер, бульвар*, шоссе, набережн*, тупик*, проезд*, аллея, аллее, "
            "көше*, к сі, көш, даңғыл*, бульвары*, тұйығы*, koshesi, kosesi, dangyly",
        ),
        **entries(
            "quarter",
            "mcr, mkr, mkrn, ш а, microdistrict*, micro-district, district no, block, quarter, мкр, мкрн, м н, "
            "микрорайон*, квартал*, "
            "массив*, жк, "
            "жилой комплекс, шағын аудан*, шағынаудан*, ықшам аудан*, ықшамаудан*, мөлтек аудан*, мөлтекаудан*, "
            "тұрғын үй кешен*",
        ),
        **entries(
            "house",
            "house, building, bldg, дом, дома, доме, дому, корпус*, строение, үй, үйде, үйге, үйдің, "
            "үйден, үйді, үйі, үйінде, үйіне, үйінің",
        ),
        **entries(
            "flat",
            "apartment, apt, flat, unit, room, floor, entrance, кв, квартир*, подъезд*, этаж*, комнат*, офис, "
            "офисе, кабинет, "
            "пәтер*, кіреберіс*, қабат*, бөлме*, подвал*",
        ),
    }
)
_CUES = Vocabulary(
    entries(
        None,
        "address, the address is, адрес, адресу, адрес такой, мекенжай*, мекен-жай*, живет, живут, проживает, "
        "приходите, "
        "приезжайте, приходи, приезжай, ищите, сидит, находится, тұрады, тұрамын, келіңіз*, lives at, live at, "
        "come to, "
        "come by, find her at, find him at, find them at",
    )
)
_CORNERS = Vocabulary(
    entries(
        None,
        "p . o . box, p . o box, crossing, junction, intersection, corner of, intersection of, crossing of, "
        "на углу, угол улиц, на пересечении, "
        "пересечение улиц, перекресток, "
        "на перекрестке, қиылысы*, бұрышында*, po box, p o box, post box, post office box, а я, абонентский ящик, "
        "почтовый ящик, абонент жәшігі, пошта жәшігі",
    )
)
_AMOUNTS = frozenset(
    """percent процентов процента пайыз лет years year года год году жыл жылы people человек адам women женщин әйел
    тысяч
    thousand мың миллион миллионов million тенге теңге tenge раз рет times квартир квартиры домов этажей этажа комнат
    комнаты rooms houses floors flats apartments метров meters km км минут minutes %""".split()
)
_TOLD_BEFORE = 20  # tokens before a corner in which a year makes it a memory
_LONG_AGO = 16  # years
_BEFORE_STREETS = frozenset("to at on in into from на по в с около возле near behind opposite".split())
_SKIPPED = frozenset("-.,№#: no номер нөмірі n".split())


def doors(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield (first, last token) of each address that its parts make."""
    yield from _parts_together(reading)
    yield from _corners(reading)
    yield from _after_cues(reading)
    yield from _with_fractions(reading)


def _parts_together(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield stretches with two different parts of an address, one of them a house or a flat with its number."""
    window: list[tuple[int, int, str, bool]] = []
    for first, last, kind in _PARTS.find(reading):
        numbers = _numbers_beside(reading, first, last)
        begin, end = min([first, *numbers]), max([last, *numbers])
        named = kind == "street" and (
            _is_name(reading, first - 1) or _is_name(reading, last + 1) or _is_name(reading, last + 2)
        )
        if not numbers and not named:
            continue
        window = [one for one in window if begin - one[1] <= _WINDOW]
        window.append((begin, end, kind, bool(numbers)))
        kinds = {one[2] for one in window}
        numbered = {one[2] for one in window if one[3]}
        if (
            len(kinds) > 1
            and numbered & {"house", "flat"}
            and kinds & {"street", "quarter", "flat"}
            and len(kinds | numbered) > 1
        ):
            yield min(one[0] for one in window), max(one[1] for one in window)


def _is_name(reading: Reading, index: int) -> bool:
    return 0 <= index < len(reading.words) and reading.words[index].isalpha() and reading.is_capital(index)


def _numbers_beside(reading: Reading, first: int, last: int) -> list[int]:
    """Return the tokens of the number that belongs to a part: дом 5, квартира пять, 9-үйде, жиырма жеті үй."""
    for step in (last + 1, last + 2, last + 3):
        word = reading.word(step)
        if _is_number(word):
            end = step
            while _is_number(reading.word(end + 1)) and end - step < 2 and not word.isdigit():
                end += 1
            return [step, end] if reading.word(end + 1) not in _AMOUNTS else []
        if word not in _SKIPPED and not _is_name(reading, step):
            break
    for step in (first - 1, first - 2):
        word = reading.word(step)
        if len(word) == 1 and word.isalpha() and reading.is_joined(step) and _is_number(reading.word(step - 1)):
            return [step - 1]  # 40б үй
        if _is_number(word):
            return [step] if reading.words[first] not in _AMOUNTS else []
        if word not in {"-", "th", "st", "nd", "rd"}:
            break
    return []


def _is_number(word: str) -> bool:
    return (word.isdigit() and len(word) <= 3) or (word in VALUES and word not in {"он", "раз", "бір", "oh"})


def _corners(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "on the corner of Abay and Furmanov", "P.O. Box 112"."""
    for first, last, _ in _CORNERS.find(reading):
        if any(_is_long_ago(reading, word) for word in reading.words[max(0, first - _TOLD_BEFORE) : last]):
            continue  # until 1994 she sold cigarettes on the corner of …
        near = range(last + 1, min(last + 6, len(reading.words)))
        names = [place for place in near if _is_name(reading, place)]
        behind = reading.words[last].startswith(("қиылыс", "бұрыш", "crossing", "junction", "intersection"))
        before = [place for place in range(max(0, first - 5), first) if behind and _is_name(reading, place)]
        numbers = [place for place in near if reading.words[place].isdigit() and place - last <= 3]
        is_box = reading.words[last] in {"box", "я", "ящик", "жәшігі"}
        if (is_box and numbers) or (not is_box and len(names) + len(before) > 1):
            yield min([first, *before]), max([last, *names, *numbers])


def _after_cues(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "адрес: Бухар-Жырау 56-18": a name and the numbers of a house and a flat behind a word for address."""
    for _, last, _ in _CUES.find(reading)[:MOST]:
        names = 0
        for place in range(last + 1, min(last + 9, len(reading.words))):
            word = reading.words[place]
            if word.isdigit() and names:
                pair = reading.word(place + 1) in {"-", "/"} and reading.word(place + 2).isdigit()
                if (
                    pair
                    and len(word) <= 3
                    and len(reading.word(place + 2)) <= 3
                    and reading.word(place + 3) not in _AMOUNTS
                ):
                    yield last + 1, place + 2
                break
            names += _is_name(reading, place)
            if not word.isalpha() and word not in '-.,:«»"':
                break


def _is_long_ago(reading: Reading, word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and 1900 < int(word) < reading.on.year - _LONG_AGO


def _with_fractions(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "на Желтоксан 88/2": a name behind a preposition, and a house's number with a fraction."""
    for index in reading.places.get("/", [])[:MOST]:
        house, part = reading.word(index - 1), reading.word(index + 1)
        name = index - 2 - (reading.word(index - 2) == ",")
        joined = reading.is_joined(index) and reading.is_joined(index + 1) and reading.word(index + 2) != "/"
        numbers = house.isdigit() and part.isdigit() and len(house) < 4 and len(part) < 3 and house != part
        if not (joined and numbers and _is_name(reading, name) and len(reading.words[name]) > 3):
            continue
        first = name - 1 if _is_name(reading, name - 1) else name
        is_paper = any(reading.words[place].startswith(PAPERS) for place in (first, name))
        if reading.word(first - 1) in _BEFORE_STREETS and not is_paper and reading.word(index + 2) not in _AMOUNTS:
            yield first, index + 1
