"""Adverts that an argument only quotes: "cheap loans, free visas" – my nephew fell for it."""

from bisect import bisect_right
from collections.abc import Callable
from itertools import islice

from forum.moderation.screening.offer_words import REASONING
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.telling_verbs import is_telling

_CLOSING = {"«": "»", "“": "”", "„": "“”", '"': '"', "'": "'", "‘": "’"}
_MOST = 200  # quotations of a text that are looked at; a reply has no room for more
_LONGEST = 60  # tokens of a quotation
_WORDS_INSIDE = 3  # fewer are a name: salon "Lotus"
_WORDS_AROUND = 3  # fewer are no argument
_REACH = 20  # tokens of the sentence around a quotation
_ABOUT_ADVERTS = ("advert", "объявлен", "реклам", "жарнама", "хабарландыру")
_TELLING = frozenset(
    """advert adverts ad ads advertisement leaflet leaflets sign pole poles poster posters text wall walls banner
    реклама рекламу рекламе рекламы объявление объявления объявлении столбе столбах пишут пишет висит заборе листовка
    how write как қалай жазады жазатынын
    жарнама жарнамасы жарнаманы жарнамаға хабарландыру хабарландыруды хабарландыруы бағанда дейді деген""".split()
)


def is_quoted(reading: Reading) -> Callable[[int], bool]:
    """Return what says of a token whether it lies in a quotation that an argument speaks about."""
    quotations = _quotations(reading)
    begins = [first for first, _ in quotations]

    def inside(token: int) -> bool:
        place = bisect_right(begins, token) - 1
        return place >= 0 and token <= quotations[place][1]

    return inside


def _quotations(reading: Reading) -> list[tuple[int, int]]:
    """Return (first, last token) of the quotations with an argument around them, in order."""
    found: list[tuple[int, int]] = []
    openings = sorted(place for sign in _CLOSING for place in reading.places.get(sign, []))
    for first in islice(openings, _MOST):
        if (found and first <= found[-1][1]) or not _opens(reading, first):
            continue
        last = _closing(reading, first)
        if last and _is_spoken_about(reading, first, last):
            found.append((first, last))
    return found


def _opens(reading: Reading, place: int) -> bool:
    """Say whether a sign opens a quotation: nothing, or a gap, or a bracket before it."""
    before = reading.word(place - 1)
    return not reading.is_joined(place) or not (before.isalnum() or before in ".,!?")


def _closing(reading: Reading, first: int) -> int | None:
    """Return the token that closes a quotation; an apostrophe inside of a word does not."""
    signs = _CLOSING[reading.words[first]]
    for place in range(first + 1, min(first + _LONGEST, len(reading.words))):
        inside_a_word = reading.is_joined(place + 1) and reading.words[place + 1].isalnum()
        if reading.words[place] in signs and not inside_a_word:
            return place
    return None


def _words(reading: Reading, first: int, last: int) -> int:
    return sum(reading.words[place].isalpha() for place in range(first, last + 1))


def _is_spoken_about(reading: Reading, first: int, last: int) -> bool:
    """Say whether the sentence around a quotation, or behind it, tells or reasons."""
    low, high = first, last
    if low > 1 and reading.ends_sentence(low - 1):
        low -= 1  # do you know how recruiters write? "Pretty girls, Bahrain …"
    while low > 0 and first - low < _REACH and not reading.ends_sentence(low - 1):
        low -= 1
    while high + 1 < len(reading.words) and high - last < _REACH:
        if high > last + 2 and reading.ends_sentence(high):
            break
        high += 1
    around = [word for word in (*reading.words[low:first], *reading.words[last + 1 : high + 1]) if word.isalpha()]
    return len(around) >= _WORDS_AROUND and any(
        word in REASONING or word in _TELLING or is_telling(word) for word in around
    )
