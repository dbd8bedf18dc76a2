"""Kazakh words without their endings.

Kazakh strings its endings one after the other: plural, owner, case; of verbs: negation, tense, person. What they are
and in which shapes they come: R. Muhamedowa, Kazakh: A Comprehensive Grammar (2016), parts 3 and 9. The longest ending
is taken off as long as one is there, so that a word and the same word with one ending more come to the same stem. The
stem need not be a word.
"""

VOWELS = frozenset("аәеёиоөуұүыіэюя")
FINAL = str.maketrans("бғг", "пқк")  # кітап, but кітабы; жүрек, but жүрегі

# `A` stands for а or е, `I` for ы or і: vowels follow those of the word.
_CASES = "нIң дIң тIң ға ге қа ке на не нI дI тI дA тA ндA дAн тAн нAн мен бен пен"
_OWNERS = "I сI Iн сIн IмIз мIз IңIз ңIз Iм Iң"
_PLURALS = "лAр дAр тAр"
_PLACES = "дағы дегі тағы тегі ндағы ндегі"
_TENSES = "ған ген қан кен атын етін йтын йтін ады еді йды йді Iп сA у"
_NEGATIONS = "мAйдI бAйдI пAйдI маған меген мAй бAй пAй мAу бAу пAу"
_PERSONS = "сIң дIм дIң дIк дық тIм тIң тық тік"
_DERIVED = "лIқ лік сIз"


def _shapes(endings: str) -> set[str]:
    """Return each ending with its back vowels and with its front ones."""
    back = {ending.replace("A", "а").replace("I", "ы") for ending in endings.split()}
    return back | {ending.replace("A", "е").replace("I", "і") for ending in endings.split()}


_ALL = _shapes(" ".join((_CASES, _OWNERS, _PLURALS, _PLACES, _TENSES, _NEGATIONS, _PERSONS, _DERIVED)))
_LONGEST = max(map(len, _ALL))
_AFTER_CONSONANTS = tuple("тқкп")  # how endings begin that follow a consonant only
_AFTER_VOWELS = _shapes("нI на не ндA ндағы ндегі")
_AFTER_WIDE_VOWELS = _shapes("сI сIн")  # in жұмысы and тісі the с belongs to the word


def stem(word: str) -> str:
    """Return a word in small letters without its endings."""
    while (shorter := _without_last(word)) != word:
        word = shorter
    return word


def _without_last(word: str) -> str:
    for length in range(min(_LONGEST, len(word) - 2), 0, -1):
        rest, ending = word[:-length], word[-length:]
        if ending in _ALL and _can_stand(rest) and _fits(ending, rest[-1]):
            return rest[:-1] + rest[-1].translate(FINAL)
    return word


def _can_stand(rest: str) -> bool:
    """Say whether this much can be a stem: three letters with a vowel, or two that end in a consonant, like ел."""
    has_vowel = not VOWELS.isdisjoint(rest)
    return has_vowel and (len(rest) > 2 or rest[-1] not in VOWELS)


def _fits(ending: str, last: str) -> bool:
    """Say whether an ending can follow a letter."""
    if ending in _AFTER_WIDE_VOWELS:
        return last in VOWELS and last not in "ыі"
    if ending in _AFTER_VOWELS:
        return last in VOWELS
    return last not in VOWELS or not ending.startswith(_AFTER_CONSONANTS)
