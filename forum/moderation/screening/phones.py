"""Telephone numbers, however they are written.

Numbering plans: the metadata of `phonenumberslite` (ITU E.164; Kazakhstan and Russia share +7).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

import phonenumbers

from forum.moderation.screening.flags import Flag, Severity
from forum.moderation.screening.numerals import HUNDRED, LOOKALIKES, TIMES, VALUES, Piece, add_word
from forum.moderation.screening.reading import Reading, trait
from forum.moderation.screening.telling import (
    COUNTS,
    FILLERS,
    LAST,
    ONLY_WORDS,
    TELLING,
)
from forum.moderation.screening.vocabulary import Vocabulary, entries

_SEPARATORS = frozenset("-./()[]{}_*~,:;|\\·•+=><'\"«»^#&…")
_MAX_SIGNS = 5  # separators in one gap; more is a line, not a gap
_MAX_PIECES = 16  # pieces of one number: every digit by itself, and a country code
_MAX_TOLD = 9  # tokens between two parts of a number that is told
_MAX_STRANGERS = 4  # other words between two parts of a number
_MOST_STRANGERS = 8  # other words inside of one number
_MIN_DIGITS, _MAX_DIGITS = 10, 15  # E.164; shorter ones only after a word such as "phone"
_FEWEST_DIGITS = 5  # that are no letters in the place of digits
_MOST_IN_WORD = 6  # digits that a numeral stands for: трижды семьсот … and doubled ones
_CUE_DISTANCE = 6  # tokens between "phone" and the number
_MOST_PIECES = 4000  # of a text
_MAX_TRIES = 200  # places of a text where a number could begin; a reply has no room for more
_MAX_LOOKUPS = 40  # numbers of one text that are looked up in the plans; beyond, their form alone counts


_CUES = Vocabulary(
    entries(
        None,
        "phone, phones, telephone, tel, mob, cell, cellphone, mobile, call me, call us, text me, ring me, "
        "sms, whatsapp, viber, "
        "rung on, ring on, rung at, reached at, reached on, be reached, my number, his number, her number, "
        "our number, their number, number is, reach me, contact me, dial, "
        "тел, телефон*, моб, сот, мобильн*, звони*, позвони*, перезвони*, набери*, наберите, мой номер, "
        "номер мой, его номер, ее номер, "
        "моего номера, мой номерок, номерок, номер для, смс, вотсап*, ватсап*, уотсап*, вацап*, вайбер*, "
        "нөмірім, нөмірі, телефоным, қоңырау*, хабарлас*, ұялы*, звондау*, ұялы тел",
    )
)
_DATE = re.compile(
    r"\b(?:[0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[./-][0-9]{1,2}[./-][0-9]{1,2})\b"
)
_PLUSES = frozenset({"+", "плюс", "plus", "қосу"})
_SIZES = frozenset({"13322", "4322", "1334", "137", "3322", "434", "133211", "13331"})
_OPENING = VALUES.keys() - {"oh", "раз", "un", "он"}  # words that also mean something else open no number
_YEAR = re.compile(r"(?:1[5-9]|20)[0-9]{2}")
_LOCAL = re.compile(r"[78]?(?:7[0-9]{2}|9[0-9]{2}|[348][0-9]{2})[0-9]{7}")
_MOBILE = re.compile(r"(?:[78](?:7[0-9]{2}|9[0-9]{2})|7(?:0[0-9]|4[07]|7[0-9]|6[0-4]))[0-9]{7}")
_NEIGHBOURS = re.compile(r"(?:99[2-6]|998|380|37[45])[0-9]{8,9}")


@dataclass
class Spent:
    """What has been spent on one text, so that no text can cost more than a reply is worth."""

    tries: int = 0
    lookups: int = 0


def phone(reading: Reading) -> list[Flag]:
    """Find telephone numbers, also in words, in other digits or with letters in the place of digits.

    Code `phone`, severity WARN.

    >>> [flag.code for flag in phone(Reading("Пишите: восемь 7O1 сто двадцать три 45 б7"))]
    ['phone']
    """
    if not _has_digits(reading):
        return []
    flags: list[Flag] = []
    cues = {last for _, last, _ in _CUES.find(reading)}
    dates = _date_tokens(reading)
    spent = Spent()
    for run in _runs(reading, dates):
        flags += [
            reading.flag_words("phone", Severity.WARN, first, last)
            for first, last in _numbers(reading, run, cues, spent)
        ]
    return flags


def _has_digits(reading: Reading) -> bool:
    """Say whether the digits and numerals of a text are enough for the shortest number."""
    total = 0
    for word, places in reading.places_of(_is_a_number):
        total += (len(word) if word.isdigit() else _MOST_IN_WORD) * len(places)
        if total >= _FEWEST_DIGITS:
            return True
    return False


@trait
def _is_a_number(word: str) -> bool:
    return word.isdigit() or word in VALUES


def _date_tokens(reading: Reading) -> set[int]:
    tokens: set[int] = set()
    for match in _DATE.finditer(reading.plain):
        tokens.update(range(reading.token_at(match.start()), reading.token_at(match.end() - 1) + 1))
    return tokens


def _runs(reading: Reading, dates: set[int]) -> Iterator[list[Piece]]:
    """Yield the stretches of a text that could hold a number: pieces of digits with small gaps between them."""
    pieces: list[Piece] = []
    signs = strangers = 0  # since the last piece
    times = 1
    total = 0
    for index, word in enumerate(reading.words):
        before = len(pieces)
        said = None if word in _SEPARATORS or index in dates else _said(reading, index, bool(pieces))
        if said is not None:
            total += 1
            if total > _MOST_PIECES:
                break
            if said == "word":
                add_word(pieces, word, index)
                if times > 1 and len(pieces) > before:
                    pieces[-1].digits *= times
            else:
                pieces.append(Piece(said, index, index, "digits" if word.isdigit() else "letters"))
            signs, strangers, times = 0, 0, 1
        elif word in TIMES:
            times = TIMES[word]
        elif pieces:
            signs += word in _SEPARATORS
            is_stranger = word not in _SEPARATORS and word not in FILLERS and word not in TELLING
            strangers += is_stranger
            is_far = strangers > _MAX_STRANGERS or index - pieces[-1].last > _MAX_TOLD
            if signs > _MAX_SIGNS or index in dates or is_far:
                yield pieces
                pieces, signs, strangers = [], 0, 0
    if pieces:
        yield pieces


def _said(reading: Reading, index: int, inside: bool) -> str | None:
    """Return the digits that a token stands for, "word" for a numeral, nothing for any other token."""
    word = reading.words[index]
    if word.isdigit():
        return word
    if inside and word in COUNTS and reading.word(index - 1) in LAST:  # the last four are 01 23
        return None
    if word in (VALUES if inside else _OPENING) or (inside and word in HUNDRED):
        return "word"
    if word == "а" and _is_between_digits(reading, index):
        return "4"
    lookalike = _lookalike(word)
    if lookalike is None:
        return None
    following = reading.word(index + 1).isdigit() and reading.is_joined(index + 1)
    joined = following or (inside and reading.is_joined(index) and reading.words[index - 1].isdigit())
    if not joined and len(word) > 3 and word.endswith("s"):  # gets, sells, tells
        return None
    if joined or (inside and (len(word) > 1 or reading.is_capital(index) or word in "oоlз")):
        return lookalike
    return None


def _is_between_digits(reading: Reading, index: int) -> bool:
    """Say whether a letter is joined to digits on both sides: 8-7А7."""
    before, after = reading.word(index - 1), reading.word(index + 1)
    return before.isdigit() and after.isdigit() and reading.is_joined(index) and reading.is_joined(index + 1)


@lru_cache(maxsize=4096)
def _lookalike(word: str) -> str | None:
    """Return the digits that the letters of a word look like, if all of them do."""
    if len(word) > 6 or word in ONLY_WORDS or not all(char in LOOKALIKES for char in word):
        return None
    return "".join(LOOKALIKES[char] for char in word)


def _numbers(reading: Reading, run: list[Piece], cues: set[int], spent: Spent) -> Iterator[tuple[int, int]]:
    """Yield (first token, last token) of each number in a run."""
    digits = "".join(piece.digits for piece in run)
    offsets = list(accumulate((len(piece.digits) for piece in run), initial=0))
    ends = {offset: piece for piece, offset in enumerate(offsets)}
    position = 0
    signed = bool(_PLUSES & reading.places.keys())
    while position < len(run) and spent.tries < _MAX_TRIES:
        length = 0
        if (
            digits[offsets[position]] in "789"
            or digits.startswith("00", offsets[position])
            or len(run[position].digits) == 3
            or (signed and _has_plus(reading, run[position]))
        ):
            spent.tries += 1
            length = _length_of_number(reading, run, position, (digits, offsets[position], ends), spent)
        length = length or (_after_cue(reading, run, position, cues) if cues else 0)
        if length:
            yield _with_signs(reading, run[position].first), run[position + length - 1].last
        position += length or 1


def _with_signs(reading: Reading, first: int) -> int:
    """Return the first token of a number with the plus or bracket before it."""
    while reading.word(first - 1) in _PLUSES or reading.word(first - 1) == "(":
        first -= 1
    return first


def _has_plus(reading: Reading, piece: Piece) -> bool:
    return reading.word(_with_signs(reading, piece.first)) in _PLUSES


def _length_of_number(
    reading: Reading, run: list[Piece], position: int, place: tuple[str, int, dict[int, int]], spent: Spent
) -> int:
    """Return how many pieces from `position` on are a number; 0 if none are.

    `place`: all digits of the run, where this piece begins in them, and the offsets at which pieces end.
    """
    all_digits, start, ends = place
    has_plus = _has_plus(reading, run[position])
    is_international = has_plus or all_digits.startswith("00", start)
    sizes = (12, 11, 13, 10, 14, 15, 9, 8) if is_international else (11, 10, 12)
    for size in sizes:
        count = ends.get(start + size, 0) - position
        if not 0 < count <= _MAX_PIECES:
            continue
        digits = all_digits[start : start + size]
        if _is_number(reading, run[position : position + count], digits, has_plus, spent):
            return count
    return 0


def _is_number(reading: Reading, pieces: list[Piece], digits: str, has_plus: bool, spent: Spent) -> bool:
    international = digits[2:] if digits.startswith("00") else digits if has_plus else ""
    if international.startswith("0"):  # no country has such a code
        return False
    if not international and _NEIGHBOURS.fullmatch(digits) and len(pieces) <= 5:
        international = digits
    is_american = len(pieces) == 3 and [len(piece.digits) for piece in pieces] == [3, 3, 4]
    if not international and not is_american and not _LOCAL.fullmatch(digits):
        return False
    if len(pieces) > 8 and not international and not _MOBILE.fullmatch(digits):  # digit by digit
        return False
    if (_is_amount(pieces) and not has_plus) or _is_years(pieces) or _is_part_of_more(reading, pieces):
        return False
    gaps, strangers, told = _gaps(reading, pieces)
    written = sum(len(piece.digits) for piece in pieces if piece.kind != "letters")
    if written < 5 or (gaps > 5 * len(pieces) and not told):  # letters alone are words
        return False
    if strangers + told:
        grouped = _is_grouped_like_a_number(pieces) or (_is_aligned(pieces) and strangers <= _MOST_STRANGERS)
        if not grouped or not (_MOBILE.fullmatch(digits) or (has_plus and not told)):
            return False
    spent.lookups += 1
    if spent.lookups > _MAX_LOOKUPS:
        return bool(_MOBILE.fullmatch(digits)) or has_plus
    return _is_valid(international, digits, is_american)


def _is_grouped_like_a_number(pieces: list[Piece]) -> bool:
    """Say whether the groups have the sizes in which numbers are said, so that other words may stand between."""
    sizes = "".join(str(len(piece.digits)) for piece in pieces)
    return sizes.count("1") >= 8 or sizes in _SIZES


@lru_cache(maxsize=512)
def _is_valid(international: str, digits: str, american: bool) -> bool:
    if international and _fits("+" + international, None):
        return True
    if american and len(digits) == _MIN_DIGITS and _fits(digits, "US"):
        return True
    if _MOBILE.fullmatch(digits):
        return True
    if not _LOCAL.fullmatch(digits):
        return False
    ten = len(digits) == _MIN_DIGITS
    return not (ten and digits[0] not in "79") and (_fits(digits, "KZ") or _fits(digits, "RU"))


def _fits(number: str, region: str | None) -> bool:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(parsed) or (region is None and phonenumbers.is_possible_number(parsed))


def _is_aligned(pieces: list[Piece]) -> bool:
    """Say whether the operator's code and the next three digits are a piece each, or said digit by digit."""
    sizes = [len(piece.digits) for piece in pieces]
    ends = list(accumulate(sizes, initial=0))
    code, middle, last = max(ends[-1] - 10, 0), ends[-1] - 7, ends[-1] - 4
    if not {middle, last} <= set(ends):
        return False
    start = code if code in ends else 0
    parts = [sizes[ends.index(start) : ends.index(middle)], sizes[ends.index(middle) : ends.index(last)]]
    return all(len(part) == 1 or set(part) == {1} for part in parts)


def _gaps(reading: Reading, pieces: list[Piece]) -> tuple[int, int, int]:
    """Return how many tokens, how many other words, and how many words of telling stand between the pieces."""
    tokens = strangers = told = 0
    for former, piece in pairwise(pieces):
        between = reading.words[former.last + 1 : piece.first]
        tokens += len(between)
        others = [word for word in between if word not in _SEPARATORS and word not in FILLERS]
        told += sum(word in TELLING for word in others)
        strangers += sum(word not in TELLING for word in others)
    return tokens, strangers, told


def _is_amount(pieces: list[Piece]) -> bool:
    """Say whether the pieces are one number in thousands: 1 250 000 000."""
    if len(pieces) < 3 or any(piece.kind != "digits" for piece in pieces):
        return False
    sizes = [len(piece.digits) for piece in pieces]
    return sizes[0] <= 3 and set(sizes[1:]) == {3} and pieces[0].digits not in {"8", "7"}


def _is_years(pieces: list[Piece]) -> bool:
    """Say whether two or more of the pieces are years: 1998, 2005."""
    years = [bool(_YEAR.fullmatch(piece.digits)) and piece.kind == "digits" for piece in pieces]
    return sum(years) >= 2 or (len(pieces) > 1 and years[0])


def _is_part_of_more(reading: Reading, pieces: list[Piece]) -> bool:
    """Say whether the number is the tail of a word or of a longer number: an ISBN, a DOI, a decimal fraction."""
    first, last = pieces[0].first, pieces[-1].last
    before, after = reading.word(first - 1), reading.word(last + 1)
    books = {"isbn", "issn", "doi"}
    if before in books or (before in {".", ":"} and reading.word(first - 2) in books | {"0"}):
        return True
    return after in {"%", "$", "€", "₸"}


def _after_cue(reading: Reading, run: list[Piece], position: int, cues: set[int]) -> int:
    """Return how many pieces after a word such as "phone" are a short number; 0 if none are."""
    first = run[position].first
    if not any(index in cues for index in range(first - _CUE_DISTANCE, first)):
        return 0
    pieces: list[Piece] = []
    for piece in run[position : position + _MAX_PIECES]:
        if pieces and any(_gaps(reading, [pieces[-1], piece])[1:]):
            break
        pieces.append(piece)
    digits = "".join(piece.digits for piece in pieces)
    plain = [piece for piece in pieces if piece.kind == "digits"]
    thousands = len(pieces) > 1 and len(pieces[0].digits) <= 3 and all(p.digits[-3:] == "000" for p in plain[1:])
    money = reading.word(pieces[-1].last + 1) in _UNITS
    if all(piece.kind == "letters" for piece in pieces):  # a phone number and a little heart
        return 0
    if 5 <= len(digits) <= _MAX_DIGITS and not thousands and not money and not _is_years(pieces):
        return len(pieces)
    return 0


_UNITS = frozenset(
    """% $ € ₸ тенге тг руб рублей долларов человек раз лет минут звонков women men people times tenge dollars years
    calls users пользователей адам теңге рет жыл млн тыс million thousand миллионов тысяч""".split()
)
