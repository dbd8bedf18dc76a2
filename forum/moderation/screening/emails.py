"""E-mail addresses, plain and written out."""

import re
from collections.abc import Iterator
from itertools import islice

from forum.moderation.screening.flags import Flag, Severity, merged
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.spelled_mails import spelled_mails
from forum.moderation.screening.vocabulary import MOST

_AT_WORDS = frozenset(
    "at ат эт собака собачка собакой собаку sobaka sobachka арроба әт айқұлақ dog ет себя ит гав".split()
)
_SURE_AT = frozenset("собака собачка собакой собаку sobaka sobachka арроба айқұлақ".split())
_DOT_WORDS = frozenset("dot точка нүкте тчк tochka period дот point точко punkt ponto nokta ноқат".split())
_SIGN_WORDS = frozenset({"underscore", "подчеркивание", "тире", "dash", "дефис"})
_PROVIDERS = frozenset(
    """gmail mail yandex ya inbox bk list hotmail outlook yahoo proton protonmail icloud rambler internet ukr tutanota
    tuta gmx live zoho джимейл гмейл гмаил жмейл мейл майл меил яндекс инбокс рамблер хотмейл аутлук бк протон
    протонмейл
    айклауд gmal googlemail aol mailbox vk""".split()
)
_ENDINGS = frozenset(
    "com ru kz net org info me kg uz su рф қаз ру ком кз нет орг edu io ua by ком de fr uk eu pl cz tr cn it".split()
)
_ADDRESS_LEFT = re.compile(r"[\w.+\-%]{1,64}")
_ADDRESS_RIGHT = re.compile(r"\s?[^\W_][\w\-]{0,62}(?:\s?[.,]\s?[^\W_][\w\-]{0,62}){1,4}")
_PART_OF_HOST = re.compile(r"(\s?)([.,])(\s?)([^\W_][\w\-]{0,62})")
_BRACKETS = frozenset("()[]{}<>«»\"'*_-/|~, ") | {
    *"белгісі таңбасы sign символ and then и потом затем дальше сосын кейін".split()
}
_LETTER_AT = re.compile(r"\s?[(\[{]\s?[aа]\s?[)\]}]\s?(?=([\w\-]{2,62}(?:\.[\w\-]{2,30}){1,3}))")  # name(a)mail.ru


def email(reading: Reading) -> list[Flag]:
    """Find e-mail addresses, also with words for their signs.

    Code `email`, severity WARN.

    >>> [flag.code for flag in email(Reading("aigerim собака mail точка ru"))]
    ['email']
    """
    spans = [*_plain_addresses(reading), *_written_addresses(reading), *spelled_mails(reading)]
    if not reading.places.keys().isdisjoint("([{") and not reading.places.keys().isdisjoint("aа"):
        spans += _bracketed_letters(reading.plain)
    return merged(reading.flag("email", Severity.WARN, start, end) for start, end in spans)


def _plain_addresses(reading: Reading) -> Iterator[tuple[int, int]]:
    for index in reading.places.get("@", [])[:MOST]:
        at = reading.starts[index]
        right = _ADDRESS_RIGHT.match(reading.plain, at + 1)
        before = reading.plain[max(0, at - 65) : at].rstrip(" ([<")
        left = _ADDRESS_LEFT.match(before[::-1])
        if right is not None and left is not None and "." in right[0].replace(",", "."):
            start = max(0, at - 65) + len(before) - left.end()
            end = _end_of_host(right[0])
            is_inside_link = reading.plain[max(0, start - 3) : start] == "://"  # https://user@host
            if end and not is_inside_link:
                yield start, at + 1 + end


def _end_of_host(right: str) -> int:
    """Return how much of "mail.ru, they" is a host's name: parts that are joined, or a known ending."""
    end = 0
    for part in _PART_OF_HOST.finditer(right):
        name = part[4]
        if name.isdigit() or ((part[1] or part[3] or part[2] == ",") and (end or name not in _ENDINGS)):
            break
        end = part.end()
    return end


def _bracketed_letters(plain: str) -> Iterator[tuple[int, int]]:
    """Yield addresses with a letter in brackets for the sign: name(a)mail.ru."""
    for match in islice(_LETTER_AT.finditer(plain), MOST):
        left = _ADDRESS_LEFT.match(plain[max(0, match.start() - 64) : match.start()][::-1])
        if left is not None:
            yield match.start() - left.end(), match.end(1)


def _written_addresses(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield addresses around a word for "at"."""
    for word in (_AT_WORDS | {"@", "на"}) & reading.places.keys():
        for index in reading.places[word][:MOST]:
            if word == "на" and not (reading.word(index - 1).isascii() and reading.word(index + 1).isascii()):
                continue
            first, right = _over(reading, index, -1), _over(reading, index, 1)
            end = _domain(reading, right, word)
            if end is None and word in _SURE_AT and reading.word(right).isalpha() and reading.word(right + 1).isalpha():
                end = _domain(reading, right + 1, word)  # собака гугл почта точка ком
            if end is not None and first >= 0 and (reading.words[first].isalnum() or reading.words[first] == "_"):
                yield reading.starts[_local_part(reading, first)], reading.ends[end]
    yield from _provider_addresses(reading)


def _provider_addresses(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield addresses without any sign for "at": aika1990 gmail com, ivanov.gmail.com, "a95 (gmail)"."""
    for provider in _PROVIDERS & reading.places.keys():
        for index in reading.places[provider][:MOST]:
            first = _over(reading, index, -1)
            word = reading.word(first)
            if first < 0 or not word.isalnum() or word in _AT_WORDS or word in {"www", "http", "https"}:
                continue
            start = _local_part(reading, first)
            local = reading.plain[reading.starts[start] : reading.ends[first]]
            has_sign = any(char.isdigit() or char in "._" for char in local)
            end = _domain(reading, index, "")
            if (
                end is not None
                and provider not in {"mail", "ya", "list", "live", "vk"}
                and (has_sign or "." not in reading.words[index:end])
            ):
                yield reading.starts[start], reading.ends[end]
            elif (
                has_sign
                and local.isascii()
                and not local.isdigit()
                and reading.words[first + 1] in "(["
                and provider != "vk"
            ):
                yield reading.starts[start], reading.ends[index]


def _over(reading: Reading, index: int, step: int) -> int:
    """Return the index of the next token beyond brackets in the direction of `step`."""
    place = index + step
    for _ in range(4):
        if not reading.word(place) or reading.word(place) not in _BRACKETS:
            return place
        place += step
    return place


def _domain(reading: Reading, index: int, at: str) -> int | None:
    """Return the last token of a host's name that begins at `index`, if one is there."""
    host = reading.word(index)
    if not host or not host[0].isalnum():
        return None
    place = index
    for _ in range(4):
        dot, after = _over(reading, place, 1), _over(reading, _over(reading, place, 1), 1)
        sign, name = reading.word(dot), reading.word(after)
        if _is_inner_hyphen(reading, place) or (sign in _SIGN_WORDS and at != "at" and name.isalnum()):
            place = place + 2 if _is_inner_hyphen(reading, place) else after
            continue
        is_dot = sign in _DOT_WORDS or sign in {".", ","}
        known = host in _PROVIDERS
        if not is_dot and known and sign in _ENDINGS and place == index:
            return dot  # gmail com
        if not is_dot or not name.isalnum():
            return place if known and at in _SURE_AT | {"@"} else None
        plain_at = sign in {".", ","} and at not in _SURE_AT | {"@"} and not known
        if name in _ENDINGS and not plain_at:
            return after
        if plain_at or name in _ENDINGS:
            return None
        place = after
    return None


def _is_inner_hyphen(reading: Reading, place: int) -> bool:
    """Say whether a hyphen joins this token to the next one: steppe-law."""
    return reading.word(place + 1) == "-" and reading.is_joined(place + 1) and reading.is_joined(place + 2)


def _local_part(reading: Reading, first: int) -> int:
    """Return the first token of the name before the "at", to the left of `first`."""
    for _ in range(8):
        before = reading.word(first - 1)
        if before and (before.isalnum() or before in "._-+") and reading.is_joined(first) and first > 0:
            first -= 1
        elif first > 1 and before in _DOT_WORDS | _SIGN_WORDS:
            first -= 2
        else:
            break
    return first
