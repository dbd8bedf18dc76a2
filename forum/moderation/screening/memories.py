"""An adult's memory of school, as against a pupil who speaks of now: в девятом классе прочёл Куприна."""

from collections.abc import Iterable
from itertools import takewhile

from forum.moderation.screening.reading import Reading

_NEAR = 4  # tokens between a class and the verb that belongs to it
_PAST_VERBS = ("л", "ла", "ли", "лся", "лась", "лись")
_KAZAKH_PAST = ("дым", "дім", "тым", "тім", "генде", "ғанда", "генімде", "ғанымда", "кенде", "қанда", "кенімде")
_ENGLISH_PAST = frozenset(
    """read told heard saw had thought knew met said sat fell went came learned learnt believed understood wrote
    lost found began left loved hated""".split()
)
_OF_NOW = frozenset(
    """перешла перешел перешли пошла пошел пошли недавно вчера сегодня сейчас уже только
    now already just today yesterday recently қазір биыл кеше""".split()
)
_PEOPLE = frozenset(
    """father mother dad mum mom parents brother sister son daughter grandson granddaughter niece nephew cousin uncle
    aunt teacher teachers pupils pupil students student children child kids kid friend husband wife
    отец папа мать мама родители брат сестра сын дочь внук внучка племянник племянница учитель учительница ученики
    ученик студенты дети ребенок подруга друг муж жена
    әкем анам апам ағам інім сіңлім ұлым қызым балам немерем мұғалімім оқушыларым шәкірттерім""".split()
)
_PAUSES = frozenset(", . ; : — – - ( ) и and және но but".split())


def speaks_of_others(reading: Reading, own: int) -> bool:
    """Say whether "my", "мой" at a token belongs to a person: my father, not my class."""
    return reading.word(own + 1) in _PEOPLE


def is_memory(reading: Reading, first: int, last: int) -> bool:
    """Say whether what happened in a class, which stands from one token to the other, is told as past."""
    behind = _until_a_pause(reading.words[last + 1 : last + 1 + _NEAR])
    before = _until_a_pause(reversed(reading.words[max(0, first - _NEAR) : first]))
    return not _OF_NOW & {*before, *behind} and any(map(_is_past, (*before, *behind)))


def _until_a_pause(words: Iterable[str]) -> list[str]:
    return list(takewhile(lambda word: word not in _PAUSES, words))


def _is_past(word: str) -> bool:
    if word in _ENGLISH_PAST or (len(word) > 4 and word.isascii() and word.endswith("ed")):
        return True
    return len(word) > 3 and word.endswith(_PAST_VERBS + _KAZAKH_PAST)
