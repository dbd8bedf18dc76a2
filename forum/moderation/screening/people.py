"""A private person named together with a place or an employer."""

from bisect import bisect_left, bisect_right

from forum.moderation.screening.flags import Flag, Severity
from forum.moderation.screening.full_names import Name, names
from forum.moderation.screening.places import named_places
from forum.moderation.screening.public_people import PublicPeople
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.ties import Around, Span, between, distance, is_tied, jobs_near
from forum.moderation.screening.trades import BONDS, EMPLOYERS, TITLES
from forum.moderation.screening.vocabulary import Vocabulary

_MOST_PEOPLE = 150  # of a text that are looked at; a reply has no room for more
_REACH = 16  # tokens between a name and what binds it to a place
_IN_KAZAKH = frozenset("де да те та дегі дағы тегі тағы".split())
_QUOTES = frozenset('»”"')
_STREETS = frozenset(  # after a name: nobody is meant
    "street avenue road lane square улица проспект көшесі даңғылы көшесінде даңғылында көшесінің алаңы".split()
)
_BEFORE, _BEHIND = 20, 24  # tokens of a name's sentence on its two sides


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
    surroundings = _Surroundings(reading)
    flags: list[Flag] = []
    for one in people[:_MOST_PEOPLE]:
        if _is_a_street(reading, one[0], one[1]):
            continue
        low, high = _sentence(reading, one[0], one[1])
        if public.include(one[0], one[1], low, high):
            continue
        around = surroundings.of(one, low, high)
        if is_tied(reading, around):
            stretch = [*around.name, around.spots[-1], *(first for first, _ in around.bonds[:1])]
            flags.append(reading.flag_words("person", Severity.WARN, min(stretch), max(stretch)))
    return flags


class _Surroundings:
    """The places, jobs and bonds of a text, looked up once for all its names."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._employers = [first for first, _, _ in EMPLOYERS.find(reading)]
        self._places = sorted({*named_places(reading), *self._employers, *_quoted_places(reading)})
        self._bonds = _spans(reading, BONDS)
        self._jobs = _spans(reading, TITLES)

    def of(self, one: Name, low: int, high: int) -> Around:
        """Return what stands around a name between two tokens."""
        name, is_full = (one[0], one[1]), one[2]
        bonds = [bond for bond in between(self._bonds, low, high) if distance(bond, name) <= _REACH]
        spots = [
            place
            for place in self._places[bisect_left(self._places, low) : bisect_right(self._places, high)]
            if distance((place, place), name) <= _REACH
        ]
        spots += [end + 1 for _, end in bonds if is_full and _names_a_place(self._reading, end)]
        spots = sorted(place for place in spots if not name[0] <= place <= name[1])
        return Around(name, is_full, bonds, jobs_near(between(self._jobs, low, high), name), spots, self._employers)


def _quoted_places(reading: Reading) -> list[int]:
    """Return the last word of each name in quotation marks that has an ending of place: "Аққу"да."""
    return [
        index - 2
        for ending in _IN_KAZAKH & reading.places.keys()
        for index in reading.places[ending][:_MOST_PEOPLE]
        if reading.word(index - 1) in _QUOTES and reading.is_joined(index) and reading.word(index - 2).isalpha()
    ]


def _spans(reading: Reading, vocabulary: Vocabulary[None]) -> list[Span]:
    return [(first, last) for first, last, _ in vocabulary.find(reading)]


def _names_a_place(reading: Reading, bond: int) -> bool:
    """Say whether a noun follows "works at", "живет в": whatever it is, somebody can be found there."""
    following = reading.word(bond + 1)
    return (
        reading.words[bond] in {"at", "in", "for", "near", "to", "в", "на", "во", "у"}
        and len(following) > 3
        and following.isalpha()
    )


def _is_a_street(reading: Reading, first: int, last: int) -> bool:
    """Say whether a single name is that of a street: Raiymbek avenue."""
    if reading.words[last] in _STREETS:
        last -= 1
    return last <= first and reading.word(last + 1) in _STREETS


_PRONOUNS = frozenset("she he her his they она он ее его у ол оның the".split())


def _sentence(reading: Reading, first: int, last: int) -> tuple[int, int]:
    """Return the bounds of the sentence around a name, with the next one if that goes on with "she" or "he"."""
    low = first
    while low > 0 and first - low < _BEFORE and not reading.ends_sentence(low - 1):
        low -= 1
    high = last
    crossed = 0
    while high + 1 < len(reading.words) and high - last < _BEHIND:
        if reading.ends_sentence(high):
            following = high + 1
            if crossed or reading.words[following] not in _PRONOUNS:
                break
            crossed = 1
        high += 1
    return low, high
