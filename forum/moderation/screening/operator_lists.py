"""The operator's own word lists."""

from collections.abc import Sequence
from functools import lru_cache

from forum.moderation.screening.flags import Flag, Severity
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.vocabulary import Vocabulary, entries
from forum.text import fold


def word(reading: Reading) -> list[Flag]:
    """Find the operator's words: of the text's language and of the lists for all languages.

    Code `word`, severity HOLD for words to hold, NOTE for words to mention.

    >>> from forum.moderation.screening import OperatorWords
    >>> words = OperatorWords(hold={"ru": ["сутен*"]})
    >>> [flag.severity.name for flag in word(Reading("Сутенёры правят всем", "ru", words))]
    ['HOLD']
    """
    flags: list[Flag] = []
    lists = ((reading.operator_words.hold, Severity.HOLD), (reading.operator_words.mention, Severity.NOTE))
    for by_language, severity in lists:
        chosen = (
            by_language.values()
            if reading.language is None
            else [by_language.get(key, ()) for key in ("", reading.language)]
        )
        for words in chosen:
            flags += [
                reading.flag_words("word", severity, first, last)
                for first, last, _ in _vocabulary(tuple(words)).find(reading)
            ]
    return flags


@lru_cache(maxsize=64)
def _vocabulary(words: Sequence[str]) -> Vocabulary[None]:
    return Vocabulary(entries(None, *(fold(one) for one in words)))
