"""How a text is written: too short, shouting, the same again."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import compress, pairwise
from operator import and_
from string import ascii_uppercase

from forum.moderation.screening.flags import Flag, Severity
from forum.moderation.screening.reading import Reading, trait

_SHORT_LETTERS = 18  # fewer letters and digits hold no argument
_SHORT_WORDS = 4
_CAPITALS = 14  # letters of a run of capitals; shorter ones are names of offices
_CAPITAL_WORDS = 3
_MANY_CAPITALS = 24  # letters of such a run in a text that mostly has none
_MAY_BE_CAPITAL = re.compile(r"[^\W\d_a-zа-яёәғқңөұүһі]|[Ⓐ-Ⓩ🄰-🅉🅐-🅩🅰-🆉]")  # quicker than to ask each character
_SIGNS = re.compile(r"[!?]{3,100}|(?:[.…]){6,100}")
_TWO_SIGNS = ("!!", "??", "!?", "?!", "..", "…")  # without any of them there is no such row
_FEW_SIGNS = 6  # in a text without capitals: a temper, no shouting
_SAME_SYLLABLE = re.compile(r"([^\W\d_]{2,3})\1{5,60}")
_SYLLABLES = 12  # letters of the shortest such word
_SAME_LETTER = re.compile(r"([^\W\d_])\1{4,60}")
_SAME_WORDS = 5  # one word so often in a row
_SAME_SENTENCES = 3
_SAME_CLAUSES = 4  # between commas
_SAME_SHORT = 6  # clauses of fewer characters
_PHRASES = ((5, 3, 0.0), (4, 3, 0.35), (3, 4, 0.35), (2, 4, 0.4))  # words, how often, their share of the text
_PHRASE_MIN, _PHRASE_LONG = 8, 14  # letters, the second where the share does not matter
_MOST_TOKENS = 2000  # in which such phrases are looked for; a reply has no room for more
_ROUND = (2, 3, 4)  # words that go round and round: vote no vote no vote no
_ROUNDS = 4
_FEWEST = 3  # times that a word of such a phrase comes
_SENTENCE_MIN = 12  # characters; shorter sentences may come again
_SENTENCE = re.compile(r"[^.!?\n]{12,2000}")
_CLAUSE = re.compile(r"[^.!?,;:\n]{5,2000}")
_NEAR = 10  # of 64 bits differ at most in near-repeats (Manku, Jain, Das Sarma 2007 use 3 for whole pages)
_FINGERPRINT_WORDS = 600  # of a text count; the limit of a reply is lower
_TOO_FEW_WORDS = 8  # a fingerprint of fewer words says nothing
_LANE = 16  # bits of a counter
_ONES = sum(1 << (_LANE * bit) for bit in range(64))
_IS_HIGH = b"0" * 128 + b"1" * 128
_SPREAD = [sum(1 << (_LANE * bit) for bit in range(8) if byte >> bit & 1) for byte in range(256)]


def short(reading: Reading) -> list[Flag]:
    """Find texts too short to argue anything.

    Code `short`, severity NOTE.

    >>> [flag.code for flag in short(Reading("Nonsense."))]
    ['short']
    """
    words = letters = 0
    for word in reading.words:
        words += word.isalpha()
        letters += len(word) * word.isalnum()
        if words >= _SHORT_WORDS and letters >= _SHORT_LETTERS:
            return []
    return [reading.flag("short", Severity.NOTE, 0, len(reading.plain))] if reading.plain else []


def shouting(reading: Reading) -> list[Flag]:
    """Find runs of capitals, repeated signs, and letters drawn out.

    Code `shouting`, severity NOTE.

    >>> [flag.code for flag in shouting(Reading("THIS IS AN OUTRAGE!!!"))]
    ['shouting', 'shouting']
    """
    plain = reading.plain
    signs = [match.span() for match in _SIGNS.finditer(plain)] if any(map(plain.__contains__, _TWO_SIGNS)) else []
    drawn = [match.span() for match in _SAME_LETTER.finditer(plain)] if any(reading.places_of(_is_drawn)) else []
    runs = _runs_of_capitals(reading) if _capitals(reading.text) >= _CAPITALS else []
    if not runs and sum(end - start for start, end in signs) <= _FEW_SIGNS:
        signs = []
    return [reading.flag("shouting", Severity.NOTE, *span) for span in (*signs, *drawn)] + [
        reading.flag_words("shouting", Severity.NOTE, first, last) for first, last in runs
    ]


def _capitals(text: str) -> int:
    """Return how many capitals there can be in a text at most."""
    if text.isascii():
        return len(text) - len(text.encode().translate(None, ascii_uppercase.encode()))
    return len(_MAY_BE_CAPITAL.findall(text))


@trait
def _is_drawn(word: str) -> bool:
    return _SAME_LETTER.search(word) is not None


@trait
def _has_syllables(word: str) -> bool:
    return len(word) >= _SYLLABLES


def _runs_of_capitals(reading: Reading) -> list[tuple[int, int]]:
    """Return (first, last token) of the runs of words in capitals that are long, or most of their text."""
    runs: list[tuple[int, int]] = []
    run: list[int] = []
    most = sum(map(str.isalpha, reading.plain)) / 2
    for index in [*range(len(reading.words)), -1]:
        word = reading.words[index] if index >= 0 else ""
        if index >= 0 and not word.isalpha():
            continue
        if index >= 0 and reading.text[slice(*reading.original(reading.starts[index], reading.ends[index]))].isupper():
            run.append(index)
            continue
        letters = sum(len(reading.words[one]) for one in run)
        if len(run) >= _CAPITAL_WORDS and letters >= _CAPITALS and letters >= min(most, _MANY_CAPITALS):
            runs.append((run[0], run[-1]))
        run = []
    return runs


def repeat(reading: Reading) -> list[Flag]:
    """Find a word five times in a row, a sentence or its core three times, or a text close to one of the recent ones.

    Code `repeat`, severity NOTE; WARN for a text that was there before.

    >>> [flag.code for flag in repeat(Reading("no no no no no no"))]
    ['repeat']
    """
    flags = [reading.flag_words("repeat", Severity.NOTE, first, last) for first, last in _same_words(reading)]
    flags += [reading.flag_words("repeat", Severity.NOTE, first, last) for first, last in _same_phrases(reading)]
    if any(reading.places_of(_has_syllables)):
        drawn = _SAME_SYLLABLE.finditer(reading.plain)
        flags += [reading.flag("repeat", Severity.NOTE, *match.span()) for match in drawn]
    for pattern, often, often_if_short in ((_SENTENCE, _SAME_SENTENCES, 0), (_CLAUSE, _SAME_CLAUSES, _SAME_SHORT)):
        found = list(map(str.strip, pattern.findall(reading.plain)))
        if len(found) - len(set(found)) < often - 1:  # none comes so often
            continue
        seen: dict[str, int] = {}
        for match in pattern.finditer(reading.plain):
            words = match[0].strip()
            seen[words] = count = seen.get(words, 0) + 1
            if count == (often if len(words) >= _SENTENCE_MIN else often_if_short):
                flags.append(reading.flag("repeat", Severity.NOTE, *match.span()))
    if reading.recent and len(reading.words) >= _TOO_FEW_WORDS:
        own = fingerprint_of_words(reading.words)
        if any((own ^ other).bit_count() <= _NEAR for other in reading.recent):
            flags.append(reading.flag("repeat", Severity.WARN, 0, len(reading.plain)))
    return flags


def _same_words(reading: Reading) -> list[tuple[int, int]]:
    found = []
    for word, places in reading.places.items():
        if len(places) < _SAME_WORDS or not word.isalpha():
            continue
        first = last = places[0]
        for place in (*places[1:], -1):
            if place != last + 1:
                if last - first + 1 >= _SAME_WORDS:
                    found.append((first, last))
                first = place
            last = place
    return found


def _same_phrases(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield a few words that come again and again, whatever stands around them, or that go round and round."""
    often = {word for word, places in reading.places.items() if len(places) >= _FEWEST and word.isalpha()}
    if len(often) < _ROUND[0]:
        return
    words = list(filter(str.isalpha, reading.words[:_MOST_TOKENS]))
    comes_often = list(map(often.__contains__, words))
    pairs = compress(pairwise(words), map(and_, comes_often, comes_often[1:]))
    if max(Counter(pairs).values(), default=0) < _FEWEST:  # without two words of it there is no phrase
        return
    places = [index for index, word in enumerate(reading.words[:_MOST_TOKENS]) if word.isalpha()]
    runs: list[int] = []  # how many words in a row, up to each, come often
    for comes in comes_often:
        runs.append((runs[-1] if runs else 0) + 1 if comes else 0)
    for size, times, share in _PHRASES:
        ends = [place for place, run in enumerate(runs) if run >= size]
        found = next(_same_runs(words, ends, size, times, share), None)
        if found is not None:
            yield places[found[0]], places[found[1]]
            return  # one is enough to tell
    for size in _ROUND:
        run = 0
        for place in range(size, len(words)):
            run = run + 1 if words[place] == words[place - size] else 0
            if run == size * (_ROUNDS - 1):
                yield places[place - run - size + 1], places[place]


def _same_runs(words: list[str], ends: list[int], size: int, times: int, share: float) -> Iterator[tuple[int, int]]:
    """Yield the places in `words` between which as many words in a row have come often enough."""
    seen: dict[tuple[str, ...], tuple[int, int]] = {}
    shortest = _PHRASE_MIN if share else _PHRASE_LONG
    for end in ends:
        phrase = tuple(words[end - size + 1 : end + 1])
        count, last = seen.get(phrase, (0, -size))
        if end - last < size:
            continue
        count += 1
        seen[phrase] = count, end
        if count >= times and size * count >= share * len(words) and sum(map(len, phrase)) >= shortest:
            yield end - size + 1, end


def fingerprint(text: str) -> int:
    """Return the 64-bit simhash of a text: near-repeats differ in few bits (Charikar 2002)."""
    return fingerprint_of_words(Reading(text).words)


@lru_cache(2**13)
def _lanes(word: str) -> int:
    """Return one in each counter whose bit is set in the digest of a word."""
    digest = blake2b(word.encode("utf-8", "replace"), digest_size=8).digest()
    return sum(_SPREAD[byte] << (8 * _LANE * number) for number, byte in enumerate(digest))


def fingerprint_of_words(words: Sequence[str]) -> int:
    """Return the simhash of a text's words; 64 counters are added up in one number. Without a word it is 0.

    Of single words: pairs of them change too much when one word of a short text does.
    """
    counted = list(filter(str.isalnum, words[:_FINGERPRINT_WORDS]))
    total = sum(map(_lanes, counted))
    # A counter above half of all comes to the highest bit of its lane, and that to a bit of the fingerprint.
    raised = 2 * total + _ONES * ((1 << _LANE - 1) - 1 - len(counted))
    highest = raised.to_bytes(64 * _LANE // 8, "big")[:: _LANE // 8]
    return int(highest.translate(_IS_HIGH), 2)
