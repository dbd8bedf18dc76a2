"""A private person named together with a place or an employer."""

from bisect import bisect_left, bisect_right

from forum.moderation.screening.flags import Flag, Severity
from forum.moderation.screening.full_names import names
from forum.moderation.screening.places import is_told_apart, named_places
from forum.moderation.screening.public_people import PublicPeople
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.trades import BONDS, EMPLOYERS, TITLES
from forum.moderation.screening.vocabulary import MOST

_NEAR = 9  # tokens between a name and a trade
_BESIDE = 3  # tokens between a given name alone and its trade: Kanat, the barber
_CLOSE = 4  # tokens between a name and the place that it is from
_REACH = 16  # tokens between a name and what binds it to a place

_KAZAKH_OF = ("ның", "нің", "дың", "дің", "тың", "тің")
_IN = frozenset("in at on в на у by".split())
_FROM = frozenset("from из с со of at near".split())
_KAZAKH_PLACE_ENDINGS = (
    *("дан", "ден", "тан", "тен", "нан", "нен", "да", "де", "та", "те"),
    *("дағы", "дегі", "тағы", "тегі", "лық", "лік", "дық", "дік"),
)


def person(reading: Reading) -> list[Flag]:
    """Find a private person's name that is bound to a place or an employer.

    People whom the article names are none, nor is anybody named with a public office or out of a book.

    Code `person`, severity WARN.

    >>> [flag.code for flag in person(Reading("Гульнара Ахметова работает в школе №15"))]
    ['person']
    """
    people = names(reading)
    if not people:
        return []
    public = PublicPeople(reading)
    employers = [first for first, _, _ in EMPLOYERS.find(reading)]
    everywhere = sorted({*named_places(reading), *employers})
    bonds = [(first, last) for first, last, _ in BONDS.find(reading)]
    titles = [(first, last) for first, last, _ in TITLES.find(reading)]
    flags: list[Flag] = []
    for first, last, is_full in people[:MOST]:
        low, high = _sentence(reading, first, last)
        if public.include(first, last, low, high):
            continue
        name = (first, last)
        here = [one for one in _between(bonds, low, high) if _distance(one, name) <= _REACH]
        jobs = [one for one in _between(titles, low, high) if _distance(one, name) <= _NEAR]
        spots = [
            place
            for place in everywhere[bisect_left(everywhere, low) : bisect_right(everywhere, high)]
            if _distance((place, place), name) <= _REACH
        ]
        spots += [end + 1 for _, end in here if is_full and _names_a_place(reading, end)]
        spots = sorted(place for place in spots if not first <= place <= last)
        if spots and (
            here
            or (jobs and is_full)
            or any(_distance(job, name) <= _BESIDE for job in jobs)
            or _is_from(reading, name, spots, employers)
            or (is_full and _acts(reading, last))
            or _is_apposed(reading, name, is_full, spots)
            or _is_met(reading, name, is_full or bool(jobs), employers)
        ):
            stretch = [first, last, spots[-1], *(one[0] for one in here[:1])]
            flags.append(reading.flag_words("person", Severity.WARN, min(stretch), max(stretch)))
    return flags


def _is_from(reading: Reading, name: tuple[int, int], spots: list[int], employers: list[int]) -> bool:
    """Say whether somebody is from a place close by: Марина из аптеки, Риддердегі Марина."""
    is_full = name[0] < name[1]
    near = [spot for spot in spots if _distance((spot, spot), name) <= (_CLOSE + 4 if is_full else _CLOSE)]
    if is_full and near and reading.word(name[1] + 1) in _FROM:
        return True
    return any(
        (spot in employers and _IN.intersection(reading.words[max(name[1], spot - 2) : spot]))
        or _FROM.intersection(reading.words[max(name[1], spot - 3) : spot])
        or (spot < name[0] and reading.words[spot].endswith(_KAZAKH_PLACE_ENDINGS))
        or (is_full and reading.words[spot].endswith(_KAZAKH_PLACE_ENDINGS))
        for spot in near
    )


def _acts(reading: Reading, last: int) -> bool:
    """Say whether a verb of the present stands behind a name: keeps pigs, пускает, who irons."""
    place = last + 1 + (reading.word(last + 1) == ",")
    place += reading.word(place) in {"who", "который", "которая", "что"}
    word = reading.word(place)
    if word.isascii():
        return len(word) > 3 and word.endswith("s") and not word.endswith("ss") and not reading.is_capital(place)
    return len(word) > 4 and word.endswith(("ет", "ит", "ют", "ят", "ется", "ится", "йды", "йді", "ады", "еді"))


def _is_apposed(reading: Reading, name: tuple[int, int], is_full: bool, spots: list[int]) -> bool:
    """Say whether what somebody is stands behind the name: Yana Tsoy, optician at the mall; or before it in Kazakh."""
    behind = reading.word(name[1] + 1) in {",", "-", "("} and not _is_hyphen(reading, name[1] + 1)
    reach = _NEAR if is_full else _CLOSE + 2
    if behind and any(0 < spot - name[1] <= reach for spot in spots):
        between = reading.words[name[1] + 2 : min(spot for spot in spots if spot > name[1])]
        return is_full or bool((_FROM | _IN).intersection(between))
    before = reading.words[max(0, name[0] - 3) : name[0]]
    is_theirs = bool(before) and len(before[-1]) > 4 and before[-1].endswith(("сі", "сы", "гі", "гы", "шы", "ші"))
    return is_theirs and any(word.endswith(_KAZAKH_OF) for word in before[:-1])


def _is_hyphen(reading: Reading, place: int) -> bool:
    """Say whether a dash joins two halves of a surname."""
    return reading.words[place] == "-" and reading.is_joined(place) and reading.is_joined(place + 1)


def _is_met(reading: Reading, name: tuple[int, int], is_known: bool, employers: list[int]) -> bool:
    """Say whether the place is told apart from all others, and the name or what its bearer does is known, too."""
    reach = _NEAR if is_known else _BESIDE + 1
    near = employers[bisect_left(employers, name[0] - reach) : bisect_right(employers, name[1] + reach)]
    return any(not name[0] <= spot <= name[1] and is_told_apart(reading, spot, spot, name) for spot in near)


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
