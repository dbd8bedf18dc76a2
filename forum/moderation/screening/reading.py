"""How a text is read for screening: a plain form, its words, and the way back to the original offsets.

The plain form is lower case and compatibility-composed; digits of every script, in circles or on keycaps are
ASCII digits; what cannot be seen is left out; ё is е. Every step is one pass over the text.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from itertools import accumulate, chain, islice, pairwise
from operator import add
from typing import Any

from forum.moderation.screening.flags import NO_WORDS, Flag, OperatorWords, Severity

BEGINNING = 3  # letters by which stems are looked up; shorter stems are not allowed
# Letters, digits, or one sign, and the white space behind: one character class at a time, so the scan never goes back.
_TOKEN = re.compile(r"(?:[^\W\d_]+|[0-9]+|\S)\s*")
_ASCII_TOKEN = re.compile(r"(?:[a-z]+|[0-9]+|\S)\s*")  # the same of a plain form in ASCII, in half the time
_MIXED = re.compile(r"[a-z][а-яә-ӿ]|[а-яә-ӿ][a-z]")
_CYRILLIC = "аеорсухкмтнвіԁһјѕԛԝ"
_LATIN = "aeopcyxkmthbidhjsqw"
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_SPECIAL = {"ё": "е", "Ё": "е", "🔟": "10", "\u2024": ".", "。": ".", "·": ".", "•": ".", "№": "№", "…": "…"}
_HAN_DIGITS = {**dict(zip("〇一二三四五六七八九", "0123456789", strict=True)), "零": "0"}
_SPACED = re.compile(  # four letters in a row, each by itself
    r"(?<![^\W_])[^\W\d_]"
    r"(?:(?:[ \-]{1,3}|[ \-]{1,3}[@._][ \-]{0,3}|[@._][ \-]{1,3})[^\W\d_](?![^\W_])){3}"
)
_BETWEEN_LETTERS = frozenset({"at", "et", "ot"})  # words that stand for a sign
_LONGEST = 4  # characters that one character may become
_DIGITS = frozenset("0123456789")
_QUOTES = frozenset('"»”)')
_SHORT = 3  # letters of what may be shortened
_SPACED_LETTERS = 4  # in a row; fewer are initials
_LONGEST_SPACED = 8000  # characters in which such rows are looked for; a reply has no room for more
_LONGEST_ROW = 8 * (_SPACED_LETTERS - 1)  # tokens of so many letters with signs between them
_NEAR = 3  # characters between two letters of a row


class _Plain(dict[str, str]):
    """Character -> its plain form, worked out when it is first met."""

    def __missing__(self, char: str) -> str:
        self[char] = plain = _plain(char)
        return plain


def _plain(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    if char in _HAN_DIGITS:
        return _HAN_DIGITS[char]
    category = unicodedata.category(char)
    if category in {"Cf", "Mn", "Me"}:
        return ""
    if category in {"Nd", "No"}:
        value = unicodedata.numeric(char)
        if value == int(value) and value < 100:  # ⑳ is 20; thousands are no digit
            return str(int(value))
    if category in {"Pd", "Zs"}:
        return "-" if category == "Pd" else " "
    plain = unicodedata.normalize("NFKC", char).lower()
    plain = "".join(part for part in plain if unicodedata.category(part) != "Mn")  # İ becomes an i and a dot
    return plain if len(plain) <= _LONGEST else char  # a sign that stands for a whole sentence is no hidden word


_PLAIN = _Plain()


Trait = Callable[[str], bool]
_TRAITS: list[Trait] = []
_LISTED: dict[str, list[Trait]] = {}  # word -> the lists in which it stands


def trait(test: Trait) -> Trait:
    """Let a property of single words be looked for in all words of a text at once: `Reading.places_of` finds them."""
    _TRAITS.append(test)
    _traits_of.cache_clear()
    return test


def listed(words: Iterable[str]) -> Trait:
    """Return the property of standing in a list, which is asked for as quickly for all lists as for one."""
    test = frozenset(words).__contains__
    for word in words:
        _LISTED.setdefault(word, []).append(test)
    _traits_of.cache_clear()
    return test


@lru_cache(2**14)
def _traits_of(word: str) -> tuple[Trait, ...]:
    return (*_LISTED.get(word, ()), *(test for test in _TRAITS if test(word)))


@trait
def _is_a_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


class Reading:
    """A text with what the phases look at.

    `plain` is the plain form; `words`, `starts`, `ends` are its tokens (words, digits, single signs) and their
    offsets in `plain`. `recent` holds fingerprints of texts to compare with, `operator_words` the operator's lists,
    `on` is the day on which the text was written, today if nobody says it: whoever speaks of an age speaks as of then.
    """

    def __init__(
        self,
        text: str,
        language: str | None = None,
        operator_words: OperatorWords = NO_WORDS,
        recent: Sequence[int] = (),
        on: date | None = None,
    ) -> None:
        self.text = text
        self.language = language
        self.operator_words = operator_words
        self.recent = recent
        self.openings: tuple[int, Any] | None = None  # kept here by the vocabularies
        self.on = on or datetime.now(UTC).date()
        self.plain, self._origin = _plain_form(text)
        self._pieces: list[str] = (_ASCII_TOKEN if self.plain.isascii() else _TOKEN).findall(self.plain)
        self.words: list[str] = list(map(str.rstrip, self._pieces))
        if not self.plain.isascii() and _MIXED.search(self.plain):
            self.words = [_one_script(word) for word in self.words]  # each as long as before

    @cached_property
    def starts(self) -> list[int]:
        """Return where each token begins in `plain`."""
        indented = len(self.plain) - len(self.plain.lstrip())
        return list(accumulate(map(len, self._pieces), initial=indented))[:-1]

    @cached_property
    def ends(self) -> list[int]:
        """Return where each token ends in `plain`."""
        return list(map(add, self.starts, map(len, map(str.rstrip, self._pieces))))

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Return each word -> the indices at which it stands, in order."""
        places: dict[str, list[int]] = {}
        for index, word in enumerate(self.words):
            if word in places:
                places[word].append(index)
            else:
                places[word] = [index]
        return places

    @cached_property
    def has_digits(self) -> bool:
        """Say whether there is a digit: without one, no number of any kind has to be looked for."""
        return any(word[0] in _DIGITS for word in self.places)

    @cached_property
    def _has_spaced_letters(self) -> bool:
        alone = sorted(chain.from_iterable(places for _letter, places in self.places_of(_is_a_letter)))
        rows = zip(alone, alone[_SPACED_LETTERS - 1 :], strict=False)
        return any(last - first <= _LONGEST_ROW for first, last in rows) and _SPACED.search(self.plain) is not None

    @cached_property
    def _by_trait(self) -> dict[Trait, list[tuple[str, list[int]]]]:
        found: dict[Trait, list[tuple[str, list[int]]]] = {}
        for word, places in self.places.items():
            for test in _traits_of(word):
                found.setdefault(test, []).append((word, places))
        return found

    def places_of(self, test: Trait) -> Sequence[tuple[str, list[int]]]:
        """Return the different words with a property, each with the indices at which it stands."""
        return self._by_trait.get(test, ())

    @cached_property
    def ends_of_sentences(self) -> frozenset[int]:
        """Return the tokens at which a sentence ends: a full stop or a line's end before the next one, or the end."""
        lines = (index for index, piece in enumerate(self._pieces) if "\n" in piece) if "\n" in self.plain else ()
        signs = chain.from_iterable(self.places.get(sign, ()) for sign in "!?…")
        stops = filter(self._is_end, self.places.get(".", ()))
        return frozenset({*lines, *signs, *stops, len(self.words) - 1} - {-1})

    @cached_property
    def ends_in_order(self) -> list[int]:
        """Return the tokens at which a sentence ends, in order."""
        return sorted(self.ends_of_sentences)

    @cached_property
    def ends_of_breath(self) -> list[int]:
        """Return the tokens at which a sentence ends, also behind a short word before a capital, in order."""
        quotes = chain.from_iterable(self.places.get(sign, ()) for sign in _QUOTES)
        stops = [*self.places.get(".", ()), *(i for i in quotes if self.word(i - 1) in {".", "!", "?"})]
        before_capitals = (i for i in stops if i + 1 < len(self.words) and self.is_capital(i + 1))
        return sorted({*self.ends_of_sentences, *before_capitals})

    def _is_end(self, stop: int) -> bool:
        """Say whether a full stop ends a sentence: ул. and г. end none, nor does that of a number."""
        long_before = stop > 0 and len(self.words[stop - 1]) > _SHORT
        return long_before and self._pieces[stop][-1].isspace() and not self.word(stop + 1).isdigit()

    @cached_property
    def closed_up(self) -> "Reading | None":
        """Return the reading with spaced letters joined (g m a i l . c o m), nothing if there are none."""
        gaps = _gaps_between_letters(self) if self._has_spaced_letters else []
        if not gaps:
            return None
        bounds = pairwise([0, *chain.from_iterable(gaps), min(len(self.plain), _LONGEST_SPACED)])
        stretches = list(islice(bounds, 0, None, 2))  # between two gaps
        kept = list(chain.from_iterable(range(*stretch) for stretch in stretches))
        joined = Reading("".join(self.plain[start:end] for start, end in stretches), self.language, on=self.on)
        inner = joined._origin
        places = kept if inner is None else [kept[place] for place in inner]
        joined.text = self.text
        joined._origin = places if self._origin is None else [self._origin[place] for place in places]
        return joined

    def with_words(self, words: list[str]) -> "Reading":
        """Return the same reading with other words in the places of its own."""
        other = copy(self)
        for found in ("places", "_by_trait", "ends_of_breath", "ends_of_sentences", "ends_in_order"):
            other.__dict__.pop(found, None)
        other.words, other.openings = words, None
        return other

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the original offsets of a stretch of the plain form (end excluded)."""
        if self._origin is None:
            return start, end
        first = self._origin[start]
        last = self._origin[end - 1] + 1
        while last < len(self.text) and _PLAIN[self.text[last]] == "" and last < first + 100_000:
            last += 1  # what cannot be seen belongs to the character before it: the frame of a keycap
        return first, last

    def flag(self, code: str, severity: Severity, start: int, end: int) -> Flag:
        """Return a flag over a stretch of the plain form."""
        return Flag(*self.original(start, end), code, severity)

    def flag_words(self, code: str, severity: Severity, first: int, last: int) -> Flag:
        """Return a flag from the token `first` to the token `last`, both included."""
        return self.flag(code, severity, self.starts[first], self.ends[last])

    def token_at(self, offset: int) -> int:
        """Return the index of the first token that ends behind the offset in `plain`."""
        return min(bisect_left(self.ends, offset + 1), len(self.words))

    def is_capital(self, index: int) -> bool:
        """Say whether the original word at this index begins with a capital letter."""
        start = self.starts[index]
        return self.text[start if self._origin is None else self._origin[start]].isupper()

    def is_joined(self, index: int) -> bool:
        """Say whether nothing stands between this token and the one before it."""
        return 0 < index < len(self.words) and self.ends[index - 1] == self.starts[index]

    def word(self, index: int) -> str:
        """Return the word at this index, or nothing beyond either end."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def ends_sentence(self, index: int) -> bool:
        """Say whether a sentence ends at this token."""
        return index in self.ends_of_sentences


def _gaps_between_letters(reading: Reading) -> list[tuple[int, int]]:
    """Return the spaces and hyphens (start, end) in runs of single letters and signs: n i g h t @ m a i l . r u."""
    letters = {word for word in reading.places if len(word) == 1 and word.isalnum()}
    counted = ((run, sum(reading.words[index] in letters for index in run)) for run in _runs_of_letters(reading))
    runs = [(run, count) for run, count in counted if count > 1]
    if all(count < _SPACED_LETTERS for _, count in runs):
        return []
    gaps = ((reading.ends[former], reading.starts[later]) for run, _ in runs for former, later in pairwise(run))
    return [(start, end) for start, end in gaps if start < end]


def _runs_of_letters(reading: Reading) -> Iterator[list[int]]:
    """Yield the tokens of each stretch of letters, pairs of letters and signs with little between them."""
    parts = {word for word in reading.places if _is_part_of_run(word)}
    starts, ends = reading.starts, reading.ends
    run: list[int] = []
    for index, word in enumerate(reading.words[: reading.token_at(_LONGEST_SPACED)]):
        if word in parts:
            if not run or starts[index] - ends[run[-1]] <= _NEAR:
                run.append(index)
            else:
                yield run
                run = [index]
        elif run and word != "-":
            yield run
            run = []
    yield run


def _is_part_of_run(word: str) -> bool:
    """Say whether a word is a letter, a sign of an address, or two letters that stand for no sign."""
    if len(word) == 1:
        return word.isalnum() or word in "@._"
    return len(word) == 2 and word not in _BETWEEN_LETTERS and word.isascii() and word.isalpha()


def _plain_form(text: str) -> tuple[str, list[int] | None]:
    """Return the plain form and, unless offsets are the same, the original index of each of its characters."""
    if text.isascii():
        return text.lower(), None
    pieces = list(map(_PLAIN.__getitem__, text))
    plain = "".join(pieces)
    lengths = list(map(len, pieces))
    if min(lengths) == max(lengths) == 1:
        return plain, None
    origin = [index for index, length in enumerate(lengths) for _ in range(length)]
    if "\u0306" in text or "\u0308" in text:  # й and ё written as two characters
        characters = list(plain)
        for place, index in enumerate(origin):
            if plain[place] == "и" and text[index + 1 : index + 2] == "\u0306":
                characters[place] = "й"
        plain = "".join(characters)
    return plain, origin


def _one_script(word: str) -> str:
    """Return a word of mixed Latin and Cyrillic look-alikes in the script of most of its letters."""
    if not _MIXED.search(word):
        return word
    latin = sum(char < "\u0100" for char in word.translate(_TO_LATIN))
    return word.translate(_TO_LATIN) if latin == len(word) else word.translate(_TO_CYRILLIC)
