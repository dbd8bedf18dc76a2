"""Numbers that belong to one person: identification numbers, passports, cards, accounts.

Check digits: the Kazakh IIN (rules of the registry of individual numbers), Luhn (ISO/IEC 7812), IBAN (ISO 13616).
"""

import re
from collections.abc import Iterator
from itertools import islice

from forum.moderation.screening.flags import Flag, Severity
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries

_GROUPS = re.compile(r"(?<![0-9])[0-9]{1,20}(?:[ .\-/_]{1,3}[0-9]{1,8}){0,8}(?![0-9])")
_BANK = 4  # letters of a bank in an IBAN; longer ones are a word: in 2021 again 1 300
_IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2} ?[0-9]{2}(?:[ \-]?[a-z0-9]){11,30}(?![a-z0-9])")
_KZ_ACCOUNT = re.compile(r"(?<![a-z0-9])kz ?[0-9]{2}(?:[ \-]?[a-z0-9]){16}(?![a-z0-9])")
_DOCUMENT = re.compile(
    r"(?<![a-z0-9])(?:[a-z]{1,2} ?[0-9]{6,9}|[0-9]{2} ?[0-9]{2} ?№? ?[0-9]{6}|[0-9]{6,10})(?![a-z0-9])"
)
_SOCIAL = re.compile(
    r"(?<![0-9\-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9\-])|(?<![0-9\-])[0-9]{3}-[0-9]{3}-[0-9]{3}[ \-][0-9]{2}(?![0-9])"
)
_SPACED = re.compile(
    r"(?<![a-z0-9])(?:n ?)?[0-9]{1,9}(?:[ .\-/]{1,2}[0-9]{1,6}){1,11}(?![0-9])"
)  # 000 000 321, 77 05 09 …
_DIGITS = re.compile(r"[0-9]+")
_ID_AFTER_CUE = re.compile(r"[0-9]{3}[ .\-]?[0-9]{3}[ .\-]?[0-9]{3}")
_AMOUNTS = frozenset(
    """тенге тг рублей долларов человек tenge dollars people теңге адам euro euros women % ₸ $ €""".split()
)
_MAX_GROUPS = 6
_MAX_NUMBERS = 150  # of a text that are looked at; a reply has no room for more
_IIN_GROUPS = {(12,), (6, 6), (6, 3, 3), (6, 2, 4), (2, 2, 2, 6), (6, 1, 5), (6, 4, 2)}
_CUE_CHARACTERS = 40  # how far before a number its name may stand

_ID_CUES = "иин, жсн, iin, инн, снилс, inn, снилсі, individual identification number, национальный номер"
_DOCUMENT_CUES = (
    "загранпаспорт*, passport, passport no, id card, id number, identity card, паспорт*, удостоверени*, "
    "уд личности, удостоверка, удв, "
    "төлқұжат*, жеке куәлі*, куәлігім*, куәлігі, driver's license, driving licence, водительск*, серия, "
    "social security, ssn"
)
_CARD_CUES = (
    "card, cards, visa, mastercard, карта, карту, карты, карте, карточк*, картой, картам*, картасы*, карт, "
    "kaspi, каспи, "
    "cvv, cvc, account, счет, счёт, счета, реквизиты, шот, шоты*, iban, ибан"
)
_CUES = Vocabulary({**entries("id", _ID_CUES), **entries("document", _DOCUMENT_CUES), **entries("card", _CARD_CUES)})


def id_number(reading: Reading) -> list[Flag]:
    """Find identification numbers and passports: an IIN by its date and check digit, others after their name.

    Code `id_number`, severity HOLD.

    >>> [flag.code for flag in id_number(Reading("This is 900101 300 123, look her up"))]
    ['id_number']
    """
    if not reading.has_digits:
        return []
    cues = _cue_ends(reading)
    flags = [
        reading.flag("id_number", Severity.HOLD, *span) for span, groups in _digit_groups(reading) if _is_iin(groups)
    ]
    for match in _SOCIAL.finditer(reading.plain):
        flags.append(reading.flag("id_number", Severity.HOLD, *match.span()))
    for kind, end in cues:
        if kind == "card":
            continue
        near = _DOCUMENT.search(reading.plain, end, end + _CUE_CHARACTERS + 12)
        if kind == "id":
            near = near or _ID_AFTER_CUE.search(reading.plain, end, end + _CUE_CHARACTERS)
        if near is not None and near.start() - end <= _CUE_CHARACTERS and sum(c.isdigit() for c in near[0]) >= 6:
            flags.append(reading.flag("id_number", Severity.HOLD, *near.span()))
        else:
            flags += _in_groups(reading, kind, end)
    return flags


def _in_groups(reading: Reading, kind: str, end: int) -> Iterator[Flag]:
    """Yield the number behind the name of a paper that is written in groups, if it is neither years nor money."""
    match = _SPACED.search(reading.plain, end, end + _CUE_CHARACTERS + 30)
    if match is None or match.start() - end > _CUE_CHARACTERS:
        return
    groups = _DIGITS.findall(match[0])
    total = sum(map(len, groups))
    years = any(len(group) == 4 and group[:2] in {"18", "19", "20"} for group in groups)
    behind = reading.word(reading.token_at(match.end()))
    if total in ((12,) if kind == "id" else (7, 8, 9, 10)) and not years and behind not in _AMOUNTS:
        yield reading.flag("id_number", Severity.HOLD, *match.span())


def card(reading: Reading) -> list[Flag]:
    """Find numbers of bank cards (Luhn, or after the word "card") and accounts (IBAN).

    Code `card`, severity HOLD.

    >>> [flag.code for flag in card(Reading("Скиньте на карту 4400 4301 2345 6789"))]
    ['card']
    """
    if not reading.has_digits:
        return []
    cues = [end for kind, end in _cue_ends(reading) if kind == "card"]
    flags = [
        reading.flag("card", Severity.HOLD, *span)
        for span, groups in _digit_groups(reading)
        if _is_card(groups, any(0 <= span[0] - end <= _CUE_CHARACTERS for end in cues))
    ]
    for match in islice(_IBAN.finditer(reading.plain), MOST):
        text = match[0].replace(" ", "").replace("-", "")
        short = _KZ_ACCOUNT.match(reading.plain, match.start())
        if short is not None:
            flags.append(reading.flag("card", Severity.HOLD, *short.span()))
        elif _is_iban(text) and not any(group.isalpha() and len(group) > _BANK for group in match[0].split()):
            flags.append(reading.flag("card", Severity.HOLD, *match.span()))
    return flags


def _cue_ends(reading: Reading) -> list[tuple[str, int]]:
    return [(kind, reading.ends[last]) for _, last, kind in _CUES.find(reading)]


def _digit_groups(reading: Reading) -> Iterator[tuple[tuple[int, int], list[str]]]:
    """Yield ((start, end), groups) of each number of 12 to 20 digits written in up to six groups."""
    for match in islice(_GROUPS.finditer(reading.plain), _MAX_NUMBERS):
        if sum(map(str.isdigit, match[0])) < 12:
            continue
        groups = [(group.start(), group.end(), group[0]) for group in _DIGITS.finditer(reading.plain, *match.span())]
        for first in range(len(groups)):
            total = 0
            for last in range(first, min(first + _MAX_GROUPS, len(groups))):
                total += len(groups[last][2])
                if 12 <= total <= 20:
                    yield (groups[first][0], groups[last][1]), [group[2] for group in groups[first : last + 1]]


def _is_iin(groups: list[str]) -> bool:
    """Say whether 12 digits begin with a date of birth, then sex and century; the check digit need not be right.

    Someone who mistypes one digit of an IIN still publishes a person's date of birth.
    """
    digits = "".join(groups)
    if tuple(map(len, groups)) not in _IIN_GROUPS or not "1" <= digits[6] <= "6":
        return False
    return 1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:6]) <= 31


def _is_card(groups: list[str], after_cue: bool) -> bool:
    digits = "".join(groups)
    if not 13 <= len(digits) <= 19 and not (after_cue and len(digits) == 20):
        return False
    if len(groups) > 1 and sum(len(group) == 4 and group[:2] in {"18", "19", "20"} for group in groups) > 1:
        return False
    in_fours = len(digits) == 16 and (len(groups) == 1 or all(len(group) == 4 for group in groups))
    return after_cue or in_fours or (digits[0] in "23456" and len(groups) <= 6 and _luhn(digits))


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 * (number > 9) for number in doubled) % 10 == 0


def _is_iban(text: str) -> bool:
    moved = text[4:] + text[:4]
    if sum(char.isdigit() for char in text) < 8 or not moved.isascii():
        return False
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1
