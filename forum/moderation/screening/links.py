"""Links: addresses of the web, also without http, written out, or hidden behind other words."""

import re
from collections.abc import Iterator
from itertools import islice

from forum.moderation.screening.flags import Flag, Severity
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.vocabulary import MOST

_TLDS = frozenset(
    """com ru kz net org info biz рф қаз каз ру ком орг онлайн сайт москва дети бел укр su ua uz kg tm az ge cc
    ws app dev
    site online shop store xyz top club vip icu pw website tech fun click link live tv eu de uk fr nl cn tr pl
    cz jp il
    gle page to be ht st ms pm cat video email chat agency center team systems studio media network win bid
    download stream
    edu gov int mil name mobi asia ly gl gd gg ai pro space world life today news blog page bio co io sh ph gs
    vc fm la
    money loan bet casino sex xxx porn adult dating girls chat social me""".split()
)
# Words of a language: after a full stop without a space they mean nothing; with a path they are an address.
_WORDS_TOO = frozenset(
    """
        to be page st ms pm cat video email team media network win bid center
        me pro space world life today news page bio name money loan sex chat social top fun click
        link live int la co sh
    """.split()
)
_PLAIN_ENDINGS = frozenset(
    "com ru kz net org info biz рф қаз кз ру ком орг нет инфо онлайн сайт su ua uz kg online site xyz shop".split()
)
_SHORTENERS = frozenset(
    """
        bit.ly goo.gl t.co tinyurl.com is.gd clck.ru cutt.ly ow.ly rb.gy u.to vk.cc shorturl.at
        tiny.cc lnkd.in surl.li
    """.split()
)
_SCHEME = re.compile(r"(?:https?|hxxps?|ftp)\s?(?::|\[:\])\s?//\s?\S{1,300}|www\s?\.\s?\S{2,300}")
_SCHEMES = ("//", "www")  # without either there is none
_ENDING = re.compile(r"\.(xn--[a-z0-9\-]{1,30}|[^\W\d_]{2,8})(?![^\W_])(?=([/?:#]?))")
_HOST_BACKWARDS = re.compile(r"[\w.\-]*")
_LABEL = re.compile(r"[^\W_]")
_HTML = re.compile(r"<a\s{1,3}href\s{0,3}=\s{0,3}[\"']?[^\"'\s<>]{3,300}")  # is shown as it is written
_MARKDOWN = re.compile(r"\]\(\s?<?([^\s()<>]{1,300})")
_OTHER_SCHEME = re.compile(r"(?:javascript|data|vbscript|file|mailto|tel|sms|intent|tg|viber|whatsapp):")
_CYRILLIC = re.compile(r"[а-яә-ӿ][^a-z0-9]{0,12}$")  # before a host's name: a Latin word in a Cyrillic sentence
_DOTS = frozenset({"dot", "точка", "нүкте", "тчк", "tochka", "точко"})
_TRAILING = ".,;:!?)]}>»”\"'*"
_MAX_LABELS = 80  # characters of a host's name before its ending


def link(reading: Reading) -> list[Flag]:
    """Find links: with http, bare domains, punycode, a dot written out, shorteners, hidden Markdown targets.

    Code `link`, severity NOTE; WARN if the target is hidden: a shortener, punycode, or other words shown.

    >>> [flag.severity.name for flag in link(Reading("See [stat.gov.kz](https://casino.example)"))]
    ['WARN']
    """
    found: list[tuple[int, int, Severity]] = []
    for start, end in _addresses(reading):
        host = _host(reading.plain[start:end])
        hidden = host in _SHORTENERS or "xn--" in host or "@" in host
        found.append((start, end, Severity.WARN if hidden else Severity.NOTE))
    found += [(start, end, Severity.WARN) for start, end in _hidden_targets(reading)]
    return [reading.flag("link", severity, start, end) for start, end, severity in _merged(found)]


def _merged(found: list[tuple[int, int, Severity]]) -> list[tuple[int, int, Severity]]:
    """Return the stretches without overlaps, each with the gravest severity of what it swallowed."""
    merged: list[tuple[int, int, Severity]] = []
    for start, end, severity in sorted(found):
        if merged and start < merged[-1][1]:
            first, last, former = merged[-1]
            merged[-1] = (first, max(last, end), max(former, severity))
        else:
            merged.append((start, end, severity))
    return merged


def _addresses(reading: Reading) -> Iterator[tuple[int, int]]:
    if any(map(reading.plain.__contains__, _SCHEMES)):
        for match in islice(_SCHEME.finditer(reading.plain), MOST):
            yield match.start(), match.start() + len(match[0].rstrip(_TRAILING))
    for match in islice(_ENDING.finditer(reading.plain), MOST):
        if span := _bare_domain(reading.plain, match):
            yield span
    yield from _written_out(reading)


def _bare_domain(plain: str, match: re.Match[str]) -> tuple[int, int] | None:
    """Return the stretch of a host's name without http that ends with this match, and its path."""
    ending = match[1]
    if ending not in _TLDS and not ending.startswith("xn--"):
        return None
    low = max(0, match.start() - _MAX_LABELS)
    backwards = _HOST_BACKWARDS.match(plain[low : match.start()][::-1])
    start = match.start() - (backwards.end() if backwards else 0)
    label = plain[start : match.start()].strip("-._")
    if not label or not _LABEL.search(label) or plain[start - 1 : start] == "@" or start == low > 0:
        return None
    if not any(char.isalpha() for char in label) and ending not in {"com", "ru", "kz"}:
        return None
    is_name = label.isascii() and (
        any(char.isdigit() for char in label)
        or "-" in label
        or "." in label
        or (len(label) > 3 and bool(_CYRILLIC.search(plain[max(0, start - 14) : start])))
    )
    if ending in _WORDS_TOO and match[2] != "/" and not is_name and label not in {"t", "telegram"}:
        return None
    end = match.end()
    if match[2]:
        while end < len(plain) and end - start < 300 and not plain[end].isspace():
            end += 1
    return start + len(plain[start : match.start()]) - len(plain[start : match.start()].lstrip("-._")), start + len(
        plain[start:end].rstrip(_TRAILING)
    )


def _written_out(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield addresses whose dot is a word or stands alone: name dot com, имя точка кз, name [.] ru."""
    words = reading.words
    for ending in _PLAIN_ENDINGS & reading.places.keys():
        for last in reading.places[ending][:MOST]:
            place = last - 1
            while place > 0 and last - place < 3 and words[place] in "()[]{}<> ":
                place -= 1
            spaced = words[place] == "." and place > 0
            if words[place] not in _DOTS and not spaced:
                continue
            first = place - 1
            while first > 0 and place - first < 3 and words[first] in "()[]{}<>":
                first -= 1
            if first < 0 or not words[first].isalnum():
                continue
            if spaced and (reading.is_capital(last) or not words[first].isascii() or reading.is_capital(first)):
                continue
            yield reading.starts[_first_label(reading, first)], reading.ends[last]


def _first_label(reading: Reading, first: int) -> int:
    """Return the first token of a host's name that goes on to the left: sub точка имя точка кз, my-site."""
    steps = 0
    while first >= 2 and steps < 8:
        steps += 1
        before = reading.words[first - 1]
        joined = reading.is_joined(first) and reading.is_joined(first - 1)
        if before in _DOTS or (before in "-_." and joined):
            first -= 2
        elif before.isalnum() and reading.is_joined(first):
            first -= 1
        else:
            break
    return first


def _hidden_targets(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield links in HTML, and Markdown links whose words are, or contain, another domain than their target."""
    yield from (match.span() for match in islice(_HTML.finditer(reading.plain), MOST))
    for match in islice(_MARKDOWN.finditer(reading.plain), MOST):
        opening = reading.plain.rfind("[", max(0, match.start() - 200), match.start())
        if opening < 0:
            continue
        if _OTHER_SCHEME.match(match[1]):  # runs, calls or writes instead of showing a page
            yield opening, match.end()
            continue
        if "." not in reading.plain[opening : match.start()]:
            continue
        target = _host(match[1])
        shown = [
            _host(reading.plain[start:end]) for start, end in _plain_addresses(reading.plain[opening : match.start()])
        ]
        end = match.end() + (reading.plain[match.end() : match.end() + 1] == ")")
        if any(name not in {target, "www." + target} and "www." + name != target for name in shown):
            yield opening, end


def _plain_addresses(text: str) -> Iterator[tuple[int, int]]:
    for match in _ENDING.finditer(text):
        if span := _bare_domain(text, match):
            yield span


def _host(address: str) -> str:
    """Return the host's name of an address."""
    return address.split("://")[-1].strip("/ <(").split("/")[0].split("?")[0].split(":")[0].removeprefix("www.")
