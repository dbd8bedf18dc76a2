"""The words of a text, each with its place and the stems under which it is found."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from Stemmer import Stemmer

from forum import kazakh
from forum.text import fold

STEMMER = 1  # raise it when the same text would give other stems; stored beside each entry of the index
REMEMBERED = 2**14  # words of which a process knows what was found out about them; all that texts hold would be many
LONGEST = 40  # letters of a word that are looked at: what is longer is an address or noise
KAZAKH = frozenset("әғқңөұүһі")
# Kazakh is often typed on a Russian keyboard; ё is mostly written е.
TYPED = str.maketrans("әғқңөұүһіё", "агкноуухие")

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BRITISH = re.compile(r"(?<=...)is(?=(?:e|es|ed|ing|ation|ations)$)")  # legalise is found by legalize
_own = threading.local()  # stemmers of this thread: one keeps the word that it works on in itself


class Word(NamedTuple):
    """A word of a text: `key` is how it counts, whatever its capitals and accents; `stems` find it."""

    start: int
    stop: int
    key: str
    stems: frozenset[str]


def words(text: str, language: str = "") -> Iterator[Word]:
    """Yield the words of a text in `language`; without one, as somebody types them who is looking for something."""
    for match in WORD.finditer(text):
        if key := key_of(match[0]):
            yield Word(match.start(), match.end(), key, stems_of(key, language))


def keys_in(text: str) -> set[str]:
    """Return the different words of a text, as they count."""
    return {key for word in set(WORD.findall(text)) if (key := key_of(word))}


def prepared(text: str) -> str:
    """Return the different words of a text with their stems, whatever its language, as `read` takes them apart.

    Who stores a text does this before the transaction begins, and stores it, too.
    """
    return " ".join(map(_with_stems, sorted(keys_in(text))))


@lru_cache(REMEMBERED)
def _with_stems(key: str) -> str:
    return "/".join([key, *_forms(key)])


def read(prepared_words: str, language: str) -> tuple[dict[str, str], set[str]]:
    """Return the different words of a text in `language`, each with its main stem, and all stems of them."""
    mains: dict[str, str] = {}
    stems: set[str] = set()
    for item in prepared_words.split():
        key, main, *others = item.split("/")
        mains[key] = main
        stems.update([main] if language == "ru" else [main, *others])
    return mains, stems


@lru_cache(REMEMBERED)
def key_of(word: str) -> str:
    """Return the form under which a word counts: small letters, Latin ones without accents."""
    plain = unicodedata.normalize("NFKD", fold(word)).replace("’", "'")
    bare = "".join(c for c in plain if not unicodedata.combining(c)) if plain[:1].isascii() else fold(word)
    return "".join(c for c in bare if c.isalnum() or c == "'")[:LONGEST].strip("'")


@lru_cache(REMEMBERED)
def stems_of(key: str, language: str = "") -> frozenset[str]:
    """Return the stems of a word: of a Cyrillic one that can be Kazakh or Russian both, unless the text is Russian."""
    forms = _forms(key)
    return frozenset(forms[:1] if language == "ru" else forms)


def _forms(key: str) -> list[str]:
    """Return the stems of a word in any language, first the one that it has in a Russian text."""
    if not _is_cyrillic(key):
        return [main_stem(key)]
    bare = kazakh.stem(key)
    return list(dict.fromkeys((main_stem(key), main_stem(bare), _plain(bare))))  # полицияға is found by полицией, too


@lru_cache(REMEMBERED)
def main_stem(key: str) -> str:
    """Return one stem of a word, the same in every language: the Russian one of what can be Russian."""
    if key[0].isascii():
        return _plain(_stemmer("english").stemWord(_BRITISH.sub("iz", key)))
    if not _is_cyrillic(key):
        return _plain(key)
    is_kazakh = not KAZAKH.isdisjoint(key)
    return _plain(kazakh.stem(key) if is_kazakh else _stemmer("russian").stemWord(key.replace("ё", "е")))


def _stemmer(language: str) -> Any:
    if not hasattr(_own, language):
        setattr(_own, language, Stemmer(language, 0))  # what it has found is remembered here, for all threads
    return getattr(_own, language)


def _is_cyrillic(key: str) -> bool:
    return "\u0400" <= key[0] <= "\u04ff"


def _plain(stem: str) -> str:
    """Return a stem in letters and digits alone, as one types them on a Russian keyboard."""
    return stem.translate(TYPED).replace("'", "")
