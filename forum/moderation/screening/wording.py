"""How densely the words of adverts stand in a breath, and which other words stand between them."""

from forum.moderation.screening.ad_forms import is_neutral
from forum.moderation.screening.offer_words import Found
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.reasons import BOTH_WAYS

OURS = frozenset(
    "төлейміз оплачиваем платим our наш наша наше наши нашего нашей нашему нашим наших нашу біздің қабылдау".split()
)
_SUMS = 2
_INCOMES = (
    *("salary", "salaries", "wage", "pension", "earns", "income", "зарплат", "оклад", "пенси", "пособи", "доход"),
    *("получа", "зарабат", "алады", "earn", "makes"),
    *("жалақ", "айлығ", "зейнетақ", "жәрдемақ", "табыс"),
)
_SMALL_WORDS = frozenset(
    """the and with for our from you your into per more all one who
    для или все при под над вам вас нас наш мы от до по из
    және мен үшін бар ең бір сіз біз""".split()
)


def apart(reading: Reading, found: list[Found]) -> dict[str, Found]:
    """Return the parts that do not lie upon each other, each word once."""
    parts: dict[str, Found] = {}
    done = -1
    for first, last, part in found:
        if first > done:
            parts.setdefault(reading.words[first][:6], (first, last, part))
            done = last
    return parts


def reckons(reading: Reading, low: int, high: int) -> bool:
    """Say whether somebody sets an income against its costs: my salary is 250,000, the rent 180,000."""
    words = reading.words[low : high + 1]
    sums = sum(word.isdigit() and len(word) > 2 for word in words)
    return sums >= _SUMS and any(word.startswith(_INCOMES) for word in words)


def is_word(word: str) -> bool:
    """Say whether a token is a word that could be counted."""
    return word.isalpha() and len(word) > 2


def is_stranger(word: str) -> bool:
    """Say whether a word is neither of those that stand everywhere nor a number, a town, a day."""
    return not (word in BOTH_WAYS or word in _SMALL_WORDS or is_neutral(word))
