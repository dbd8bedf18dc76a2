"""A private person named together with a place or an employer."""

from bisect import bisect_left, bisect_right

from forum.moderation.screening.flags import Flag, Severity
from forum.moderation.screening.latin import skeleton
from forum.moderation.screening.names import ARTICLE_FIRST, ARTICLE_LAST, CITIES, FIRST_NAMES
from forum.moderation.screening.public_people import PublicPeople
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.trades import BONDS, EMPLOYERS, TITLES
from forum.moderation.screening.vocabulary import MOST

_NEAR = 9  # tokens between a name and a trade
_REACH = 16  # tokens between a name and what binds it to a place

_FROM = frozenset("from из с of at near из-под".split())
_KAZAKH_PLACE_ENDINGS = (
    "дан",
    "ден",
    "тан",
    "тен",
    "нан",
    "нен",
    "да",
    "де",
    "та",
    "те",
    "дағы",
    "дегі",
    "тағы",
    "тегі",
    "лық",
    "лік",
    "дық",
    "дік",
)


def person(reading: Reading) -> list[Flag]:
    """Find a private person's name that is bound to a place or an employer.

    People whom the article names are none, nor is anybody named with a public office or out of a book.

    Code `person`, severity WARN.

    >>> [flag.code for flag in person(Reading("Гульнара Ахметова работает в школе №15"))]
    ['person']
    """
    names = _names(reading)
    if not names:
        return []
    public = PublicPeople(reading)
    places = _places(reading)
    bonds = [(first, last) for first, last, _ in BONDS.find(reading)]
    titles = [(first, last) for first, last, _ in TITLES.find(reading)]
    flags: list[Flag] = []
    for first, last, is_full in names[:MOST]:
        low, high = _sentence(reading, first, last)
        if public.include(first, last, low, high):
            continue
        here = [one for one in _between(bonds, low, high) if _distance(one, (first, last)) <= _REACH]
        jobs = [one for one in _between(titles, low, high) if _distance(one, (first, last)) <= _NEAR]
        spots = [
            place
            for place in places[bisect_left(places, low) : bisect_right(places, high)]
            if _distance((place, place), (first, last)) <= _REACH
        ]
        from_there = is_full and any(
            _FROM.intersection(reading.words[max(last, place - 3) : place])
            or reading.words[place].endswith(_KAZAKH_PLACE_ENDINGS)
            for place in spots
        )
        spots += [end + 1 for _, end in here if is_full and _names_a_place(reading, end)]
        spots = sorted(place for place in spots if not first <= place <= last)
        if spots and (
            here
            or (jobs and is_full)
            or (from_there and min(_distance((spot, spot), (first, last)) for spot in spots) <= 4)
        ):
            stretch = [first, last, spots[-1], *(one[0] for one in here[:1])]
            flags.append(reading.flag_words("person", Severity.WARN, min(stretch), max(stretch)))
    return flags


def _names_a_place(reading: Reading, bond: int) -> bool:
    """Say whether a noun follows "works at", "живет в": whatever it is, somebody can be found there."""
    following = reading.word(bond + 1)
    return (
        reading.words[bond] in {"at", "in", "for", "near", "в", "на", "во", "у"}
        and len(following) > 3
        and following.isalpha()
    )


def _between(found: list[tuple[int, int]], low: int, high: int) -> list[tuple[int, int]]:
    """Return those of the stretches, which are in order, that begin between two tokens."""
    return found[bisect_left(found, (low, -1)) : bisect_left(found, (high + 1, -1))]


def _names(reading: Reading) -> list[tuple[int, int, bool]]:
    """Return (first token, last token, with a surname) of the names of people who are not in the article."""
    names = []
    for word, places in reading.places.items():
        if not _is_first_name(word):
            continue
        for index in places:
            if not reading.is_capital(index):
                continue
            last = index
            while last - index < 2 and _is_surname(reading, last + 1):
                last += 1
            first = index
            if (
                last == index
                and _is_surname(reading, index - 1)
                and reading.words[index - 1].endswith(_SURNAME_ENDINGS)
            ):
                first -= 1
            others = [reading.words[one] for one in range(first, last + 1) if one != index]
            if word.startswith(ARTICLE_FIRST) and (
                not others or any(other.startswith(ARTICLE_LAST) for other in others)
            ):
                continue
            names.append((first, last, first != last))
    return sorted({*names, *_by_surname(reading, names)})


def _by_surname(reading: Reading, names: list[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    """Return names whose first part is on no list, but whose second part ends as surnames do."""
    known = {index for first, last, _ in names for index in range(first, last + 1)}
    found = []
    for word, places in reading.places.items():
        if len(word) < 5 or not word.endswith(_SURE_SURNAMES) or word.startswith(ARTICLE_LAST) or is_city(word):
            continue
        for index in places:
            first = index - 1
            if index in known or first < 0 or not reading.is_capital(index) or not _is_surname(reading, first):
                continue
            if not reading.words[first].startswith(ARTICLE_FIRST) and len(reading.words[first]) > 2:
                found.append((first, index, True))
    return found


_SURE_SURNAMES = (
    "ова",
    "ева",
    "овой",
    "евой",
    "қызы",
    "ұлы",
    "ova",
    "eva",
    "kyzy",
    "uly",
    "баев",
    "беков",
    "bekov",
    "bayev",
    "baev",
    "ов",
    "ев",
    "ov",
    "ev",
    "енко",
    "enko",
    "ский",
    "ская",
    "sky",
    "skaya",
)


def _is_first_name(word: str) -> bool:
    if word in FIRST_NAMES or (len(word) > 4 and (word[:-1] in FIRST_NAMES or word[:-2] in FIRST_NAMES)):
        return True
    if word.endswith(("ой", "ей", "у", "ы", "е")) and word.rstrip("ойеуы")[:20] + "а" in FIRST_NAMES:  # с Ириной
        return True
    return len(word) > 3 and word.isascii() and skeleton(word) in _NAMES_IN_LATIN


_NAMES_IN_LATIN = frozenset(skeleton(name) for name in FIRST_NAMES if len(name) > 3 and not name.isascii())


_SURNAME_ENDINGS = (
    "ова",
    "ева",
    "ина",
    "ов",
    "ев",
    "ин",
    "ова",
    "ко",
    "ая",
    "ий",
    "ова",
    "ovа",
    "ova",
    "eva",
    "ov",
    "ev",
    "ина",
    "қызы",
    "ұлы",
    "бек",
    "бай",
    "овой",
    "евой",
)


def _is_surname(reading: Reading, index: int) -> bool:
    word = reading.word(index)
    if len(word) < 2 or not word.isalpha() or not reading.is_capital(index):
        return False
    return not is_city(word) and word not in {
        "the",
        "она",
        "его",
        "her",
        "she",
        "ол",
        "this",
        "моя",
        "наша",
        "our",
        "my",
    }


def _places(reading: Reading) -> list[int]:
    places = [first for first, _, _ in EMPLOYERS.find(reading)]
    for word, indices in reading.places.items():
        if is_city(word):
            places += [index for index in indices if reading.is_capital(index)]
    for word in ("at", "in", "for", "в", "на", "во", "from", "из", "near"):
        places += [
            index + 1
            for index in reading.places.get(word, [])
            if reading.word(index + 1)[:1].isalpha()
            and reading.is_capital(index + 1)
            and not _is_first_name(reading.words[index + 1])
        ]
    return sorted(set(places))


def is_city(word: str) -> bool:
    """Say whether a word is a town of the list, in any case of Russian or Kazakh."""
    return word in CITIES or any(word[:-cut] in CITIES for cut in (1, 2, 3, 4) if len(word) - cut > 3)


def _distance(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)


_PRONOUNS = frozenset("she he her his they она он ее его у ол оның the".split())


def _sentence(reading: Reading, first: int, last: int) -> tuple[int, int]:
    """Return the bounds of the sentence around a name, with the next one if that goes on with "she" or "he"."""
    low = first
    while low > 0 and first - low < 20 and not reading.ends_sentence(low - 1):
        low -= 1
    high = last
    crossed = 0
    while high + 1 < len(reading.words) and high - last < 24:
        if reading.ends_sentence(high):
            following = high + 1
            if crossed or reading.words[following] not in _PRONOUNS:
                break
            crossed = 1
        high += 1
    return low, high
