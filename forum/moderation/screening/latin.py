"""Russian and Kazakh in Latin letters, read as if they were written in Cyrillic.

There are many ways to do so (zhas, jas; men, меn; on bes jastamyn, on bes zhastamin), so both alphabets are
reduced to
a skeleton in which they agree, and only words that the phases know are looked for.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import chain

from forum.moderation.screening.numerals import VALUES
from forum.moderation.screening.reading import Reading, trait
from forum.moderation.screening.vocabulary import known_words

_CYRILLIC = dict(
    zip(
        "абвгғдежзийклмнңоөпрстуұүфхһцчшщыіэәқ",
        "a b v g g d e J z i i k l m n n o o p r s t u u u f h h c C S S i i e a k".split(),
        strict=True,
    )
) | {"я": "ia", "ю": "iu", "ь": "", "ъ": ""}
_LETTERS = str.maketrans(_CYRILLIC)
_MARKED = str.maketrans({"ş": "sh", "ś": "sh", "ı": "i", "ə": "a", "ý": "u", "ç": "ch", "’": "", "'": ""})
_LATIN = (
    ("shch", "S"), ("sh", "S"), ("ch", "C"), ("zh", "J"), ("dzh", "J"), ("j", "J"), ("kh", "h"), ("gh", "g"),
    ("ng", "n"),
    ("ts", "c"), ("x", "h"), ("q", "k"), ("w", "u"), ("ya", "ia"), ("yu", "iu"), ("yo", "e"), ("ye", "e"), ("y", "i"),
)  # fmt: skip
_TWICE = re.compile(r"(.)\1")
_MIN_STEM = 4
_LONGEST = 41  # tokens that are read as one sentence
_ENGLISH = frozenset(
    """the and of is was were are that this have has had with for from they their she his her you your not would should
    will can be been it as at by an or if who what when which because there about into than my we our""".split()
)
_MESSENGERS = frozenset("telegram whatsapp instagram viber facebook".split())  # the same in both alphabets
# Words of everyday speech, only there to tell the language; men, bar, on and let are English as well.
_EVERYDAY = """
мен менің маған сен сіз біз олар бұл осы және бірақ үшін керек жоқ емес қазір әлі тек ғана деп еді болды болады туралы
сыныпта сыныбында оқимын жүрмін тұрамын жастамын жасым толдым толмаған мектепте мектеп қыз қызы көшесі көше үй
үйде пәтер
нөмірім нөмірі телефоным хабарласыңыз жазыңыз келіңіз арзан қызмет мұғалім мұғалімі жұмыс істейді тұрады қалада
жас жаста жасар да де жүз бірінші екінші үшінші төртінші бесінші алтыншы жетінші сегізінші тоғызыншы оныншы анам
әкем апам жыл жылы келесі
бітіремін оқушымын көремін білмейді бәрін түсінемін мұғалім қызмет хабарлас нөмір
пятом шестом седьмом восьмом девятом десятом пятый шестой восьмой девятый десятый класс школьница ученица вижу
живем зовут сто
мне меня мой моя мои тебе вам нам нас есть нет это что как или если уже еще только тоже потому где когда живу
живет учусь
классе класс школе школа улица дом квартира номер телефон звоните пишите лет года недорого услуги адрес работает
"""


@lru_cache(maxsize=256)  # several look at a word that is new, one after the other
def skeleton(word: str) -> str:
    """Return what a word has in common in both alphabets.

    >>> skeleton("жастамын") == skeleton("jastamyn") == skeleton("zhastamin")
    True
    """
    if word.isascii() or not any(char in _CYRILLIC for char in word):
        word = "".join(char for char in unicodedata.normalize("NFKD", word.translate(_MARKED)) if char.isascii())
        for letters, one in _LATIN:
            word = word.replace(letters, one)
    else:
        word = word.translate(_LETTERS).replace("ng", "n")
    return _TWICE.sub(r"\1", word.replace("ii", "i"))


@cache
def _lexicon() -> tuple[dict[str, str], dict[str, str]]:
    """Return skeleton -> word, and skeleton -> stem, of all words that the phases look for."""
    exact: dict[str, str] = {}
    stems: dict[str, str] = {}
    for word in (*_EVERYDAY.split(), *VALUES, *_sorted(known_words())):
        bare = word.rstrip("*")
        if not bare or not all(char in _CYRILLIC for char in bare):
            continue
        if word.endswith("*") and len(skeleton(bare)) >= _MIN_STEM:
            stems.setdefault(skeleton(bare), bare)
        else:
            exact.setdefault(skeleton(bare), bare)
    return exact, stems


def _sorted(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda word: (word.endswith("*"), word))


def in_cyrillic(reading: Reading) -> Reading | None:
    """Return the reading with the words of such sentences in Cyrillic, nothing if there are none."""
    sure = reading.places_of(_is_sure)
    if not sure:
        return None
    words, changed, read_to = list(reading.words), False, 0
    for place in sorted(chain.from_iterable(places for _word, places in sure)):
        if place >= read_to:
            first, read_to = _stretch(reading, place)
            known = _known(words[first:read_to])
            for at, word in known.items():
                words[first + at] = word
            changed = changed or bool(known)
    return reading.with_words(words) if changed else None


def _stretch(reading: Reading, place: int) -> tuple[int, int]:
    """Return where the sentence around a token begins and where it has ended; of a long one, the part around it."""
    ends = reading.ends_in_order
    number = bisect_left(ends, place)
    first, last = ends[number - 1] + 1 if number else 0, ends[number]
    first += (place - first) // _LONGEST * _LONGEST
    return first, min(first + _LONGEST, last + 1)


@trait
def _is_sure(word: str) -> bool:
    """Say whether a word tells more than that it could be another one in Cyrillic."""
    return len(word) > 3 and _cyrillic(word) is not None


def _is_latin(word: str) -> bool:
    return "a" <= word[0] <= "ɏ" and word.isalpha()


def _known(words: list[str]) -> dict[int, str]:
    """Return place -> word in Cyrillic of a sentence with a sure word, if it is Russian or Kazakh in Latin letters."""
    if not _ENGLISH.isdisjoint(words):
        return {}
    meant = enumerate(map(_cyrillic, words))
    known = {place: cyrillic for place, cyrillic in meant if cyrillic is not None}
    return known if len(known) > 1 and 2 * len(known) >= sum(map(_is_latin, words)) else {}


@lru_cache(maxsize=16_384)
def _cyrillic(word: str) -> str | None:
    """Return the word that is meant by one in Latin letters, if the phases know it."""
    if len(word) > 24 or word in _MESSENGERS or not _is_latin(word):
        return None
    exact, stems = _lexicon()
    bones = skeleton(word)
    if bones in exact:
        return exact[bones]
    for length in range(len(bones), _MIN_STEM - 1, -1):
        if bones[:length] in stems:
            return stems[bones[:length]]
    return None
