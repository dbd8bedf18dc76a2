"""Somebody's own class at school, and the numbered school of a child."""

from bisect import bisect_left
from collections.abc import Iterator

from forum.moderation.screening.memories import is_memory, speaks_of_others
from forum.moderation.screening.numerals import VALUES
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries

PAST = frozenset(
    "was were had when was'nt была было был когда тогда едім болғанда едi кезімде кезде if если since".split()
)
_ORDINALS = {
    word: number
    for number, words in {
        5: "fifth пятом пятый пятого бесінші",
        6: "sixth шестом шестой шестого алтыншы",
        7: "seventh седьмом седьмой седьмого жетінші",
        8: "eighth восьмом восьмой восьмого сегізінші",
        9: "ninth девятом девятый девятого тоғызыншы",
        10: "tenth десятом десятый десятого оныншы",
        11: "eleventh одиннадцатом одиннадцатый одиннадцатого",
    }.items()
    for word in words.split()
}
GRADES = frozenset(
    """
        grade grader form class year класс классе класса классница классник сынып сыныпта сыныптың
        сыныпқа сыныбында сыныбынан 'сынып
    """.split()
)
_OWN_GRADE = frozenset(
    """i im my учусь перешла перешел перехожу хожу я мой моем моём окончила заканчиваю оқимын оқимыз барамын
    көштім жүрмін мен оқушысымын we мы біз
    менің оқушымын аяқтадым бітірдім закончила закончил""".split()
)
_GOES_ON = frozenset(  # behind "я" or "мен", before one's own class
    """в из иду перешла перешел ученица ученик тоже сейчас пока еще только всего сама сам
    0 1 2 3 4 5 6 7 8 9 10 11 қазір биыл әлі""".split()
)
_BEFORE_NUMBERS = frozenset("year grade form class".split())
_SCHOOLS = Vocabulary(
    entries(
        None,
        "school, школа, школе, школы, школу, школой, сш, лицей, лицее, лицея, гимназия, гимназии, гимназию, "
        "мектеп, мектепте, мектебі, мектебінде, мектебінің, мектептің, лицейі, лицейінде, гимназиясы, "
        "гимназиясында, lyceum, gymnasium, kindergarten, детский сад, садик, балабақша*",
    )
)
_CHILDREN = Vocabulary(
    entries(
        None,
        "daughter, son, sister, brother, girl, boy, pupil, child, niece, schoolgirl, student, kid, дочь, "
        "дочка, дочери, дочку, доченька, сын, сына, сестра, сестренка, сестры, брат, братишка, племянни*, "
        "девочк*, мальчик*, ученица, ученик, ученицы, ребенок, "
        "қызым, қызы, ұлым, ұлы, сіңлім, сіңлісі, інім, қарындасым, оқушысы, баласы, балам, бала, оқиды, "
        "учится, ходит, goes, attends, studies, i go, i study, учусь, хожу, оқимын, барамын",
    )
)


def grades(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield (first, last token) of "I am in 9th grade", "учусь в девятом классе", "9-сыныпта оқимын"."""
    for word in GRADES & reading.places.keys():
        for place in reading.places[word][:MOST]:
            number = grade_at(reading, place)
            if number is None:
                continue
            low, high = max(0, min(number, place) - 5), min(len(reading.words), max(number, place) + 5)
            own = [
                index
                for index in range(low, high)
                if reading.words[index] in _OWN_GRADE and not speaks_of_others(reading, index)
            ]
            past = PAST & set(reading.words[low:high]) or is_memory(reading, min(number, place), max(number, place))
            if own and not past and not _is_only_i(reading, own, place):
                yield min(number, place, *own), max(number, place)


def _is_only_i(reading: Reading, own: list[int], place: int) -> bool:
    """Say whether "I" has another verb than to be: "I teach grade 9"."""
    words = {reading.words[index] for index in own}
    if words <= {"my"}:
        return False
    if words <= {"i", "im", "my"}:
        verb = reading.word(own[0] + 1)
        verb = reading.word(own[0] + 2) if verb in "'’" else verb
        return reading.words[own[0]] == "i" and verb not in {"am", "m", "go", "study", "started", "just"}
    if words <= {"we", "our"}:
        return reading.word(own[0] + 1) not in {"are", "re", "'", "’", "go", "study", "both"}
    if words <= {"я", "мен", "мы", "біз"}:
        return reading.word(own[0] + 1) not in _GOES_ON
    return False


def grade_at(reading: Reading, place: int) -> int | None:
    """Return the token of a class's number, 1 to 12, beside the word for class; its letter may stand between."""
    for index in (place - 1, place - 2, place - 3, place + 1, place + 2):
        word = reading.word(index)
        if word in _ORDINALS:
            return index
        if word.isdigit():
            return index if 1 <= int(word[:3]) <= 12 else None
        if (
            index == place + 1
            and reading.words[place] in {"year", "grade", "form", "class"}
            and 3 < VALUES.get(word, 0) < 13
        ):
            return index
        if index > place and word not in {"№", "-"}:
            return None
        if index < place and len(word) > 2 and word not in _ORDINALS:
            return place + 1 if reading.word(place + 1).isdigit() and int(reading.word(place + 1)[:3]) <= 12 else None
    return None


def schools(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield (first, last token) of a numbered school beside a child, a class or a town."""
    schools = []
    for first, last, _ in _SCHOOLS.find(reading):
        number = _school_number(reading, first, last)
        if number is not None:
            schools.append((first, number))
    if not schools:
        return
    children = [first for first, _, _ in _CHILDREN.find(reading)]
    classes = [
        place
        for word in GRADES & reading.places.keys()
        for place in reading.places[word][:MOST]
        if grade_at(reading, place) is not None
    ]
    signs = sorted((*children, *classes))
    for school, number in schools:
        at = bisect_left(signs, school - 12)
        if at < len(signs) and signs[at] <= max(school, number) + 12:
            yield min(school, number), max(school, number)


def _school_number(reading: Reading, first: int, last: int) -> int | None:
    """Return the token of a school's number: школа №12, school No. 12, 12-мектеп."""
    for place in (last + 1, last + 2, last + 3):
        word = reading.word(place)
        if word.isdigit():
            is_number = len(word) <= 3 and reading.word(place + 1) not in {"лет", "years", "жыл"}
            return place if is_number else None
        if word not in {"№", "-", "no", ".", "#", "number", "номер", "имени"}:
            break
    for place in (first - 1, first - 2, first - 3):
        word = reading.word(place)
        if word.isdigit() and reading.words[first][0] in "млгs":
            is_marked = reading.word(place - 1) in {"№", "#", "no"} or reading.word(first - 1) == "-"
            return place if len(word) <= 3 and (is_marked or reading.words[first].startswith("м")) else None
        if word not in {"-", "орта", "жалпы", "ші", "шы", "нші"}:
            break
    return None
