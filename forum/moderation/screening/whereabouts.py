"""A child of a certain age or class, and the place where it could be met: a pool, a stop, a numbered school."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice, pairwise

from forum.moderation.screening.children import CHILDREN, ages_in_other_forms, children_by_age, children_by_class
from forum.moderation.screening.coming_of_age import number_at
from forum.moderation.screening.given_names import is_given_name
from forum.moderation.screening.memories import is_memory
from forum.moderation.screening.names import STREETS
from forum.moderation.screening.numerals import VALUES
from forum.moderation.screening.places import is_of_a_town, is_told_apart, named_places
from forum.moderation.screening.reading import Reading, trait
from forum.moderation.screening.school_life import class_number
from forum.moderation.screening.schools import GRADES, grade_at
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries

_REACH = 20  # tokens on each side of an age, at most, in which child and place stand
_YOUNGEST, _ADULT = 3, 18
_NO_CLASS, _A_CLASS, _LETTERED = range(3)  # of a stretch: an age, grade 8, 8B
_INSTITUTIONS = Vocabulary(
    entries(
        None,
        "house of culture, дом культуры, мәдениет үйі*, мәдениет сарай*, подъезд*, кіреберіс*, "
        "entrance, bazaar, базар*, "
        "mosque*, мечет*, мешіт*, church, церк*, hookah, кальян*, заправк*, жанармай*, "
        "спорткомплекс*, complex, кешен*, приют*, shelter, "
        "баспана*, метро, metro, "
        "college*, school*, gymnasium, lyceum, kindergarten, orphanage, boarding, bus stop, stop, "
        "dormitory, pool, gym, "
        "club, stadium, court, library, dance, ballet, judo, karate, boxing, chess, music, art, tutor, centre, "
        "center, shop, cinema*, flat, apartment, corner, углу, квартир*, пәтер*, қиылысы*, hotel*, station, "
        "bridge, sauna, bar, cafe, car wash, market, playground, park, mall, bus, tram, trolleybus, minibus, "
        "street, avenue, entrance, yard, кинотеатр*, гостиниц*, отел*, вокзал*, мост, мосту, саун*, бар, баре, "
        "көпір*, қонақүй*, школ*, гимнази*, лице*, ниш, ктл, рфмш, детск*, садик*, детсад*, детдом*, интернат*, "
        "остановк*, общежити*, кружок, кружк*, секци*, колледж*, бассейн*, спортзал*, сауда үй*, сауда орталы*, "
        "стадион*, клуб*, библиотек*, танц*, балет*, дзюдо, карате, бокс*, шахмат*, музыкалк*, художк*, "
        "репетитор*, центр*, магазин*, кафе, мойк*, машины, рынк*, площадк*, парк*, автобус*, трамва*, "
        "троллейбус*, маршрутк*, улиц*, проспект*, подъезд*, двор*, мектеп*, мектеб*, нзм, балабақша*, "
        "палас, palace of, дворец, дворце, сарай*, вокзал*, бургер*, burger, "
        "балалар үйі*, аялдама*, жатақхана*, кітапхана*, би үйірме*, үйірме*, музыка*, орталық*, орталығы*, "
        "дүкен*, кафе*, көлік жуу*, базар*, саябақ*, трамвай*, көше*, даңғыл*, кіреберіс*, аула*",
    )
)
_YEARS = frozenset("лет годик годика годиков годочков жас жаста жасар жастағы жасқа жасында".split())
_BEFORE_AN_AGE = frozenset(
    """is are s по turned turns aged age only just , ( — – - ей ему им силы most maybe кетсе
    ' ’ всего уже только исполнилось стукнуло небәрі енді
    биыл қазір жасы бар""".split()
)
_AFTER_AN_AGE = frozenset(
    """, . at or ; ) ! ? and but he she who и а но из в она он оттуда ол және бірақ""".split()
) | {""}
_PRONOUNS = ("моему", "моей", "нашему", "нашей", "младшему", "младшей", "she", "he", "ей", "ему", "ол")
_TEACHERS = frozenset(
    """teacher teaches taught teach учитель учительница учителя преподает преподаю веду мұғалім мұғалімі береді оқытады
    директор headmaster principal""".split()
)
_LINES = ("перв", "втор", "трет", "четв", "пят", "шест", "седьм", "восьм", "девят", "десят", "одиннадцат", "двенадцат")
_DAILY = frozenset("күнде сайын".split())
_EVERY = frozenset("every each каждый каждое каждую".split())
_TIMES = ("day", "morning", "evening", "night", "afternoon", "вечер", "утр", "ден", "ноч", "божий")
_STAIRS = ("подъезд", "кіреберіс")
_SCHOOLS = ("школ", "колледж", "гимнази", "лице", "мектеп", "мектеб", "садик", "school")
DAYS = (
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "понедельник", "вторник", "четверг"),
    *("пятниц", "суббот", "вторникам", "дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "сенбі", "жұма"),
)
_I_WAS = {("i", "was"), ("we", "were"), ("я", "была"), ("я", "был"), ("мы", "были")}
_I_LEARNT = frozenset("училась учился учились оқығанымда оқығанда оқыдым оқыдық".split())
_BEFORE_AGE = 6  # tokens between a name and the age or class of who bears it
_SCHOOL_YEARS = 11  # ago whoever went to school has left it
_IN_TOWN = 3  # tokens between an institution and its town
_DURATIONS = frozenset("for за last past over about last through in последние более около почти сағат".split())
_AT_AN_AGE = ("да", "де", "та", "те", "дағы", "дегі", "тағы", "тегі")
_IF_IN_KAZAKH = ("са", "се", "сам", "сем", "сақ", "сек")
_KAZAKH_THERE = frozenset("да де та те".split())


def whereabouts(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield (first, last token) of a child with its age or class, and where it could be met."""
    ages = sorted({*_ages(reading), *_classes(reading)})
    called = [*children_by_age(reading), *children_by_class(reading)]
    others = ages_in_other_forms(reading)
    ages = sorted({*ages, *((*one, _NO_CLASS) for one in (*called, *others))})
    if not ages:
        return
    children = sorted([first for first, _, _ in CHILDREN.find(reading)] + _mine(reading) + [last for _, last in called])
    named = _named(reading)
    towns = named_places(reading)
    spots = _spots(reading, towns)
    for first, last, is_class in islice(ages, MOST):
        low, high = _around(reading, first)
        name = _within(named, low, high)
        is_first = first == 0 or reading.ends_sentence(first - 1)
        child = _within(children, low, high)
        if not child and not _TEACHERS & set(reading.words[low : high + 1]):
            child = _within(named, first - _BEFORE_AGE, first)
        if not child and is_first and reading.word(last + 1) == "жаста":
            child = [first]  # он екі жаста, сәрсенбі сайын … барады: nobody but a child is spoken of
        firm = [place for place in _within(spots, low, high) if not first <= place <= last]
        loose = [place for place in _within(towns, low, high) if place not in name and not first <= place <= last]
        told = name or is_class or _is_scheduled(reading, first)
        if child and (firm or (loose and told) or (name and is_class == _LETTERED)):
            stretch = [first, last, child[0], *(firm or loose)[:1]]
            yield min(stretch), max(stretch)


def _within(found: list[int], low: int, high: int) -> list[int]:
    return found[bisect_left(found, low) : bisect_left(found, high + 1)]


def _around(reading: Reading, place: int) -> tuple[int, int]:
    """Return the bounds of the sentence around a token."""
    low = high = place
    while low > 0 and place - low < _REACH and not reading.ends_sentence(low - 1):
        low -= 1
    while high + 1 < len(reading.words) and high - place < _REACH and not reading.ends_sentence(high):
        high += 1
    return low, high


def _mine(reading: Reading) -> list[int]:
    """Return the tokens of "моему 9", "she is only 12", "ол он бесте": a child without a noun."""
    return [
        index
        for word in _PRONOUNS
        for index in reading.places.get(word, [])[:MOST]
        for place in range(index + 1, index + 4)
        if _YOUNGEST <= number_at(reading, place)[0] < _ADULT
        and not set(reading.words[index + 1 : place]) - _BEFORE_AN_AGE
    ]


def _named(reading: Reading) -> list[int]:
    """Return the tokens of given names, in order."""
    return sorted(
        index
        for _word, indices in reading.places_of(is_given_name)
        for index in indices[:MOST]
        if reading.is_capital(index)
    )


@trait
def _may_be_a_class(word: str) -> bool:
    if word.isdigit():
        return len(word) < 3 and 1 <= int(word) <= 11
    return word in GRADES or word.startswith(("сынып", "сыныб"))


def _classes(reading: Reading) -> Iterator[tuple[int, int, int]]:
    """Yield (first, last token) of classes at school: 8B, 7 «А», второй класс."""
    for word, indices in reading.places_of(_may_be_a_class):
        if not word.isdigit():
            for place in indices[:MOST]:
                number = class_number(reading, place)
                number = grade_at(reading, place) if number is None else number
                if number is not None and not _is_remembered(reading, min(number, place), max(number, place)):
                    yield min(number, place), max(number, place), _A_CLASS
        else:
            for place in indices[:MOST]:
                letter = place + 1 + (reading.word(place + 1) in {"«", '"', "-", "“"})
                if len(reading.word(letter)) == 1 and reading.word(letter).isalpha() and reading.is_capital(letter):
                    yield place, letter, _LETTERED


def _is_remembered(reading: Reading, first: int, last: int) -> bool:
    """Say whether somebody tells of an own class of long ago."""
    low, high = _around(reading, first)
    words = reading.words[low : high + 1]
    own = any(pair in _I_WAS for pair in pairwise(words)) or bool(_I_LEARNT & set(words))
    return own or is_memory(reading, first, last) or any(_is_long_ago(reading, word) for word in words)


def _is_long_ago(reading: Reading, word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and 1940 < int(word) < reading.on.year - _SCHOOL_YEARS


@trait
def _may_be_an_age(word: str) -> bool:
    return word in VALUES or (word.isdigit() and len(word) < 3)


def _ages(reading: Reading) -> Iterator[tuple[int, int, int]]:
    """Yield (first, last token, kind) of ages under eighteen, said of somebody else."""
    for _word, indices in reading.places_of(_may_be_an_age):
        for index in indices[:MOST]:
            number, end = number_at(reading, index)
            if _YOUNGEST <= number < _ADULT and reading.word(index - 1) != "он" and _is_age(reading, index, end):
                yield index, end, _NO_CLASS


def _is_age(reading: Reading, index: int, end: int) -> bool:
    """Say whether a number is the age of somebody else, by what stands around it."""
    before, after = reading.word(index - 1), reading.word(end + 1)
    behind = reading.words[end + 1 : end + 5]
    if before in _DURATIONS:
        return False
    if after.startswith("шама"):  # он бестер шамасындағы: about fifteen
        return True
    if after in _YEARS and behind[1:2] and behind[1].endswith(_IF_IN_KAZAKH):
        return False  # он төрт жасында сұраса: if she asked at fourteen
    if after in _YEARS:
        return before in _BEFORE_AN_AGE or after.startswith("жас") or _is_somebody(reading, index - 1)
    if {"year", "years"} & set(behind[:2]) and "old" in behind:
        return True
    if after == "-" and reading.word(end + 2) in _KAZAKH_THERE:
        return reading.word(end + 3) != "класс"
    if not reading.words[end].isdigit() and end > index and reading.words[end].endswith(_AT_AN_AGE):
        return True  # он төртте
    return after in _AFTER_AN_AGE and (before in _BEFORE_AN_AGE - {"-"} or _is_somebody(reading, index - 1))


def _is_somebody(reading: Reading, index: int) -> bool:
    """Say whether a child or a name stands at a token, to whom an age belongs: сыну Алихану 11."""
    word = reading.word(index)
    return word in {
        "моему",
        "моей",
        "нашему",
        "нашей",
        "сыну",
        "дочери",
        "дочке",
        "внуку",
        "внучке",
        "брату",
        "сестре",
        *("мальчик", "девочка", "девчонка", "сын", "дочь", "дочка", "внук", "внучка", "брат", "братик", "сестра"),
        *("сестренка", "племянник", "племянница", "ребенок", "пацан", "подросток", "девчушка", "мальчишка"),
        *("девочке", "мальчику", "ребенку", "братишке", "сестренке", "племяннице", "племяннику"),
    } or (index >= 0 and is_given_name(word) and reading.is_capital(index))


def _spots(reading: Reading, towns: list[int]) -> list[int]:
    """Return the tokens of institutions, stops and lines that a number, a name, a town or a time tells apart."""
    return sorted(
        first
        for first, last, _ in _INSTITUTIONS.find(reading)[:MOST]
        if is_told_apart(reading, first, last)
        or _is_a_line(reading, first)
        or is_counted(reading, first)
        or is_of_a_town(reading, first)
        or _within(towns, first - _IN_TOWN, last + _IN_TOWN)
        or _is_scheduled(reading, first)
    ) + sorted({*_streets(reading), *_houses(reading), *_quoted(reading)})


def _quoted(reading: Reading) -> Iterator[int]:
    """Yield the names in quotation marks: «Оазис»."""
    yield from (
        index + 1
        for index in reading.places.get("«", [])[:MOST]
        if reading.word(index + 1).isalpha() and reading.is_capital(index + 1) and len(reading.words[index + 1]) > 2
    )


def _houses(reading: Reading) -> Iterator[int]:
    """Yield the names before a house's number: на Саина, 4; Әуезов 12."""
    for word, indices in reading.places.items():
        if word.isdigit() and len(word) < 4:
            for index in indices[:MOST]:
                place = index - 1 - (reading.word(index - 1) == ",")
                is_name = reading.word(place).isalpha() and len(reading.word(place)) > 3 and reading.is_capital(place)
                if is_name and not is_given_name(reading.words[place]) and reading.word(index + 1) not in _YEARS:
                    yield place


def is_counted(reading: Reading, first: int) -> bool:
    """Say whether an ordinal stands before a school or a stairwell: в восьмую школу, сегізінші мектеп."""
    before = reading.word(first - 1)
    return reading.words[first].startswith(_SCHOOLS + _STAIRS) and (
        before.startswith(_LINES) or before.endswith(("інші", "ыншы"))
    )


def _is_scheduled(reading: Reading, first: int) -> bool:
    """Say whether a day of the week or an hour tells when somebody is there."""
    low, high = _around(reading, first)
    return any(
        reading.words[place].startswith(DAYS)
        or reading.words[place] in _DAILY
        or (reading.words[place] in _EVERY and reading.word(place + 1).startswith(_TIMES))
        for place in range(low, high + 1)
    )


def _streets(reading: Reading) -> list[int]:
    """Return the tokens of streets that are known by name."""
    return [
        index
        for word in STREETS & reading.places.keys()
        for index in reading.places[word][:MOST]
        if reading.is_capital(index)
    ]


def _is_a_line(reading: Reading, first: int) -> bool:
    """Say whether a bus has a number in words: на тридцать седьмом автобусе."""
    if not reading.words[first].startswith(("автобус", "трамва", "маршрут", "троллей", "квартир")):
        return False
    before = range(max(0, first - 3), first)
    return any(number_at(reading, place)[0] > 0 or reading.words[place].startswith(_LINES) for place in before)
