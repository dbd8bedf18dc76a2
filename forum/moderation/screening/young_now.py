"""A minor who says so by the way: greetings from 9B, "I am that age", parents who will take the phone away."""

from collections.abc import Iterator

from forum.moderation.screening.coming_of_age import number_at
from forum.moderation.screening.memories import is_memory
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.school_life import class_number
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries

Span = tuple[int, int]

_YOUNGEST, _ADULT = 9, 18
_NEAR = 6  # tokens between a greeting and a class
_FAR = 22  # tokens between an age and "I am that old"
_GREETINGS = frozenset("hi hello hey greetings привет приветы сәлем салем сәлемдеме салам".split())
_FROM = frozenset(
    'from из дан ден тан тен - « » " “ ” to all you everybody everyone всем бәріңе барлығыңа a the'.split()
)
_THAT_OLD = (
    "well i am, i am that age, i m that age, i am that old, i am exactly that, that is my age, "
    "мне столько, мне как раз столько, мне ровно столько, мне именно столько, мне примерно столько, "
    "это мой возраст, сол жастамын, дәл сол жастамын, мен сол жаста*, бұл менің жасым"
)
_TAKEN_AWAY = (  # by parents; procurers take telephones, too
    "take my phone, takes my phone, take away my phone, lose my phone, no phone for, ground me, be grounded, "
    "отберут телефон, отберет телефон, заберут телефон, заберет телефон, телефон отберут, телефон заберут, "
    "останусь без телефона, накажут меня, телефонымды алып, телефонымды тартып"
)
_PARENTS = (
    *("parent", "mum", "mom", "dad", "mother", "father", "родител", "мам", "мать", "пап", "отец", "предки", "бабушк"),
    *("ата-ана", "анам", "әкем", "мамам", "папам", "әжем", "анама", "ана"),
)
_TOO_YOUNG = (
    "not old enough to buy, too young to buy, not old enough to vote, not old enough to drive, "
    "not old enough to marry, мне еще не продают, мне не продают еще, мне пока не продают, мне еще не продадут, "
    "маған сатпайды, маған әлі сатпайды, маған энергетик сатпайды, маған темекі сатпайды, маған сыра сатпайды, "
    "маған шарап сатпайды, freshman in high school, sophomore in high school, "
    "junior in high school, senior in high school, high school freshman, high school sophomore, "
    "high school junior, high school senior, boys in my year, girls in my year, kids in my year, "
    "boys in our year, girls in our year, на нашей параллели, в нашей параллели, нашей параллели, "
    "у нас в параллели, біздің параллель*"
)
_AFTER_NINTH = (
    "колледже после девятого, колледж после девятого, после девятого в колледж*, после 9 го в колледж*, "
    "колледже после 9, колледж после 9, тоғыздан кейін колледж*, тоғызыншыдан кейін колледж*, "
    "9 дан кейін колледж*, college after ninth grade, college after 9th grade, college after the ninth grade"
)
_COURSES = ("курс", "год", "year", "пар", "жыл")
_FINALLY = frozenset("finally last наконец ақыры да".split())
_PAPERS = ("id", "паспорт", "удостовер", "куәлі", "passport")
_GOT = frozenset("got get getting получила получил получаю дали алдым алып берді".split())
_THEN = frozenset("was were had when ago used был была были когда тогда едім болғанда кезде бұрын".split())
_AN_ADULTS = frozenset(
    "daughter son my_son дочь дочери дочке сын сыну сына қызым қызыма ұлым ұлыма балам балама".split()
)


_PHRASES = Vocabulary(
    {
        **entries("age", _THAT_OLD),
        **entries("parents", _TAKEN_AWAY),
        **entries("young", _TOO_YOUNG),
        **entries("college", _AFTER_NINTH),
    }
)

_WITH = {"parents": _PARENTS, "college": _COURSES, "young": ("",)}  # what has to stand near


def young_now(reading: Reading) -> Iterator[Span]:
    """Yield (first, last token) where somebody lets on that they are under eighteen."""
    yield from _greetings(reading)
    yield from _with_first_papers(reading)
    yield from _in_a_class(reading)
    for first, last, kind in _PHRASES.find(reading):
        span = (first, last)
        if kind == "age":
            yield from _that_old(reading, span)
        elif _is_own(reading, first - 10, last + 8) and _has(reading, span, _WITH[kind]):
            yield span


def _has(reading: Reading, span: Span, beginnings: tuple[str, ...]) -> bool:
    return any(word.startswith(beginnings) for word in reading.words[max(0, span[0] - 10) : span[1] + 8])


def _greetings(reading: Reading) -> Iterator[Span]:
    """Yield "hi from 9B", "привет из 9 «Б»", "9 «Б»-дан сәлем"."""
    for word in _GREETINGS & reading.places.keys():
        for index in reading.places[word][:MOST]:
            for place in range(max(0, index - _NEAR), min(index + _NEAR, len(reading.words))):
                letter = place + 1 + (reading.word(place + 1) in {"«", '"', "-", "“"})
                between = reading.words[min(index, letter) + 1 : max(index, place)]
                is_class = reading.words[place].isdigit() and 1 <= int(reading.words[place][:3]) <= 11
                lettered = len(reading.word(letter)) == 1 and reading.word(letter).isalpha()
                if is_class and lettered and reading.is_capital(letter) and not set(between) - _FROM:
                    yield min(index, place), max(index, letter)


def _in_a_class(reading: Reading) -> Iterator[Span]:
    """Yield "I'm only in year eleven", "я только в одиннадцатом классе", "мен он бірінші сыныптамын"."""
    for word in ("year", "grade", "form", "классе"):
        for index in reading.places.get(word, [])[:MOST]:
            class_at = class_number(reading, index) if word == "классе" else index + 1
            if class_at is None or (word != "классе" and not 6 <= number_at(reading, class_at)[0] <= 13):
                continue
            place = min(index, class_at) - 1
            if reading.word(place) not in {"in", "в"}:
                continue
            while place > 0 and reading.words[place - 1] in _ONLY:
                place -= 1
            span = place - 1, max(index, class_at)
            own = reading.word(span[0]) in _I and _is_own(reading, place - 6, index + 6)
            if own and not is_memory(reading, *span):
                yield span


_ONLY = frozenset("' ’ m am re are only just still merely currently now только пока еще сейчас лишь всего".split())
_I = frozenset("i im we я мы".split())


def _that_old(reading: Reading, span: Span) -> Iterator[Span]:
    """Yield "they say that at fourteen … Well, I am": an age of others that is the speaker's."""
    for place in range(span[0] - 1, max(span[0] - _FAR, -1), -1):
        number, end = number_at(reading, place)
        young = _YOUNGEST <= number < _ADULT and reading.word(place - 1) != "он"
        if young and reading.word(end + 1) not in {"%", "percent"}:
            yield place, span[1]
            break


def _with_first_papers(reading: Reading) -> Iterator[Span]:
    """Yield "got my ID card last month, sixteen finally": at that age one gets it."""
    for word in _GOT & reading.places.keys():
        for index in reading.places[word][:MOST]:
            low, high = max(0, index - 7), min(len(reading.words), index + 12)
            if not any(near.startswith(_PAPERS) for near in reading.words[low:high]):
                continue
            for place in range(low, high):
                number, end = number_at(reading, place)
                around = {reading.word(place - 1), reading.word(end + 1)}
                if 14 <= number < _ADULT and around & _FINALLY and _is_own(reading, low, high):
                    yield min(index, place), max(index, end)
                    break


def _is_own(reading: Reading, low: int, high: int) -> bool:
    """Say whether a stretch speaks neither of former times nor of a child."""
    words = set(reading.words[max(0, low) : high])
    years = any(len(word) == 4 and word.isdigit() and 1900 < int(word) < reading.on.year - 10 for word in words)
    return not words & (_THEN | _AN_ADULTS) and not years
