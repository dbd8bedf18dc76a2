"""Digits as people write them to be read by people: words in three languages, look-alike letters.

The words were collected from the numerals of English, Russian and Kazakh, with common misspellings and
transliterations.
"""

from dataclasses import dataclass

_UNITS = (
    "zero oh nought ноль нуль нол нуля нулей нолик нолика ноликов nol nul нөл нольь",
    "one один адин одна раз единица единичка единицы odin бір бир bir un",
    "two два две двойка двойки dva екі еки eki",
    "three три тройка тройки tri үш уш ush",
    "four четыре четыри четверка четверки chetyre chetire төрт торт tort",
    "five пять пят пятерка пятерки pyat piat бес bes",
    "six шесть шест шестерка шестерки shest алты alty",
    "seven семь сем семерка семерки sem жеті жети zheti jeti",
    "eight восемь восем восимь восьмерка восьмерки vosem восмь сегіз сегиз segiz",
    "nine девять девят девятка девятки devyat тоғыз тогыз togyz",
)
_TEENS = (
    "ten десять desyat",
    "eleven одиннадцать одинадцать odinnadcat",
    "twelve двенадцать двенацать dvenadcat",
    "thirteen тринадцать тринацать trinadcat",
    "fourteen четырнадцать четырнацать chetyrnadcat",
    "fifteen пятнадцать пятнацать pyatnadcat",
    "sixteen шестнадцать шеснадцать шестнацать shestnadcat",
    "seventeen семнадцать семнацать semnadcat",
    "eighteen восемнадцать восемнацать vosemnadcat",
    "nineteen девятнадцать девятнацать devyatnadcat",
)
_TENS = {
    10: "он",
    20: "twenty двадцать двацать dvadcat жиырма жыйырма",
    30: "thirty тридцать трицать tridcat отыз",
    40: "forty fourty сорок sorok қырық кырык",
    50: "fifty пятьдесят писят пядесят pyatdesyat елу",
    60: "sixty шестьдесят шисят шестьдесят shestdesyat алпыс",
    70: "seventy семьдесят семдесят semdesyat жетпіс жетпис",
    80: "eighty восемьдесят восемдесят vosemdesyat сексен",
    90: "ninety девяносто devyanosto тоқсан токсан",
}
_HUNDREDS = {
    100: "сто sto",
    200: "двести dvesti",
    300: "триста trista",
    400: "четыреста chetyresta",
    500: "пятьсот пятсот pyatsot",
    600: "шестьсот шестсот shestsot",
    700: "семьсот семсот семьсотт semsot",
    800: "восемьсот восемсот vosemsot",
    900: "девятьсот девятсот devyatsot",
}
_PLURALS = frozenset(
    "нуля нулей нолика ноликов двойки тройки четверки пятерки шестерки семерки восьмерки девятки".split()
)

VALUES: dict[str, int] = {
    **{word: value for value, words in enumerate(_UNITS) for word in words.split()},
    **{word: 10 + value for value, words in enumerate(_TEENS) for word in words.split()},
    **{word: value for value, words in {**_TENS, **_HUNDREDS}.items() for word in words.split()},
}
_OPEN_TENS = frozenset(word for words in _TENS.values() for word in words.split())  # a unit may follow: forty five
HUNDRED = frozenset({"hundred", "жүз", "жуз"})  # multiplies the unit before it
TIMES = {"double": 2, "triple": 3, "дважды": 2, "трижды": 3}

# Letters that are put in the place of digits, in their lower case.
_LOOKALIKES = {
    "0": "oоөdдq",
    "1": "liіıɩӏ",
    "2": "z",
    "3": "зэe",
    "4": "чa",
    "5": "s",
    "6": "б",
    "7": "t",
    "8": "bв",
    "9": "g",
}
LOOKALIKES = {letter: digit for digit, letters in _LOOKALIKES.items() for letter in letters}


@dataclass
class Piece:
    """Digits that belong together: what tokens say them, and how they were written."""

    digits: str
    first: int
    last: int
    kind: str  # digits, word, letters
    is_open: bool = False  # a word that the next one may complete: forty (five), seven hundred (seven)


def add_word(pieces: list[Piece], word: str, index: int) -> None:
    """Add a numeral to the pieces of a run: the next digits, or the completion of the last composite number."""
    last = pieces[-1] if pieces and pieces[-1].kind == "word" and index - pieces[-1].last <= 2 else None
    if word in HUNDRED:
        if last is not None and len(last.digits) == 1 and last.digits != "0":
            last.digits, last.last, last.is_open = last.digits + "00", index, True
        else:
            pieces.append(Piece("100", index, index, "word", True))
        return
    value = VALUES[word]
    if last is not None and word in _PLURALS and last.digits in {"2", "3", "4"}:  # три семёрки
        last.digits, last.last, last.is_open = str(value) * int(last.digits), index, False
    elif last is not None and last.is_open and _completes(int(last.digits), value):
        last.digits, last.last = str(int(last.digits) + value), index
        last.is_open = word in _OPEN_TENS
    elif last is not None and last.is_open and value == 0 and len(last.digits) > 2:  # семьсот ноль один is 701
        last.digits, last.last, last.is_open = last.digits[:-1], index, False
    else:
        pieces.append(Piece(str(value), index, index, "word", word in _OPEN_TENS or value >= 100))


def _completes(number: int, value: int) -> bool:
    """Say whether a value fits into the empty places of a round number: 700 + 7, 700 + 45, 40 + 5."""
    if number % 100 == 0:
        return 0 < value < 100
    return number % 10 == 0 and 0 < value < 10
