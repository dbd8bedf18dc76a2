"""The reader as adverts speak to them: told to come, asked what they need, told what we do for them."""

from collections.abc import Iterator
from itertools import pairwise

from forum.moderation.screening.offer_words import REASONING, Found, Part
from forum.moderation.screening.reading import Reading, trait
from forum.moderation.screening.vocabulary import MOST

_CALLS_EN = frozenset(  # what adverts ask for, at the beginning of a clause
    """open get come try order write ask call join visit relax enjoy choose learn lose save buy rent win start become
    improve send book bring grab claim subscribe register download treat pamper refresh double earn message text pick
    discover hurry contact""".split()
)
_ASKED = tuple(  # what members ask of each other: no call to buy
    """спроси спраш подума посмотр смотр предста вспомн скаж объясн прочт чита перечит дайт дава постав повер докаж
    назов сравн призна учт замет покаж ответ послуша переста остав извин прост пуст уч соглас обрат пойм легализ
    накаж запрет помн счит посчит умнож слож раздел вычт подел прибав көбейт есепте қос бөл говор суд избавь
    введ узакон верьт вчит загугл погугл повтор начн начин сұра ойла
    қара айт елестет түсіндір оқы оқып көрсет салыстыр кешір таста тоқтат деңіз деңіздер кешір бер қой тыңда мойында
    жазала көр біл дәлелде сен ұмыт реттең зер""".split()
)
_POLITE = ("йте", "йтесь", "ите", "итесь", "ңыз", "ңіз", "ыңыздар", "іңіздер", "ңыздар", "ңіздер")
_NOT_POLITE = (
    *("рождите", "элите", "защите", "карантите", "сіз", "қыз"),
    *("саңыз", "сеңіз", "маңыз", "меңіз", "баңыз", "беңіз", "паңыз", "пеңіз"),  # if you do, do not
    *("ғыңыз", "гіңіз", "ларыңыз", "леріңіз", "дарыңыз", "деріңіз"),  # your tax, your friends
)
_POLITE_ALL_THE_SAME = ("жасаңыз", "жасаңыздар")  # the stem ends like a condition
_HALF = 9  # tokens of a thought's first half
_DASHES = frozenset("-–—")
_THINKING = ("ставить", "думать", "образить", "понять", "ответить", "елестетіп", "ойлап")
_DOES = (
    "ываю",
    "иваю",
    "ирую",
    "аем",
    "яем",
    "уем",
    "имыз",
    "иміз",
    "имын",
    "имін",
    "амыз",
    "еміз",
    "ймыз",
    "йміз",
    "амын",
    "емін",
    "ймын",
    "ймін",
)
_IS = ("рмін", "рмын", "лмын", "лмін", "ғамын", "кемін")  # Kazakh: I am
_THINKS = tuple(  # what people do who argue
    """дейм ойла білем айтам айта сенем түсін көрем қалайм сұрайм сезем қолда қарсы дума счита счита понима зна обсужда
    наказыва называ спрашива дела теря голосу шығар тұрам жүрем отырам барам келем болам қорқ ұялам мақтан естим
    оқим""".split()
)
_LONG = 5
_SHORT_QUESTION = 7  # tokens
_YOU = ("ете", "ите", "аете", "яете", "сыз", "сіз", "ңыз", "ңіз", "елі", "шаршадыңыз")
_WANTS = frozenset(
    """want need tired lonely bored moving looking lost нужен нужна нужны надо надоело хочешь одиноко керек
    устал устали""".split()
)


def addresses_to_readers(reading: Reading) -> Iterator[Found]:
    """Yield (first token, last token, part) of calls, short questions, and what I or we do."""
    yield from _calls(reading)
    yield from _questions(reading)
    yield from _first_person(reading)


@trait
def _is_a_call(word: str) -> bool:
    return word in _CALLS_EN or _is_polite_call(word)


def _calls(reading: Reading) -> Iterator[Found]:
    """Yield what the reader is told to do: -йте, -ңыз, or an English verb that opens a clause."""
    for word, places in reading.places_of(_is_a_call):
        if word not in _CALLS_EN:
            yield from ((i, i, Part.CALL) for i in places[:MOST] if not _is_a_condition(reading, i))
        else:
            yield from ((i, i, Part.CALL) for i in places[:MOST] if _opens_a_clause(reading, i))


def _is_a_condition(reading: Reading, index: int) -> bool:
    """Say whether a call is forbidden, or is only the first half of a thought: уберите долг — и половина уйдёт."""
    if reading.word(index - 1) in {"не", "бы", "ни"} or reading.word(index + 1).endswith(_THINKING):
        return True
    if reading.word(index + 1) in _DASHES:
        return True
    behind = reading.words[index + 1 : index + _HALF]
    return any(pair[0] in _DASHES and pair[1] in {"и", "ал", "сонда"} for pair in pairwise(behind))


def _is_polite_call(word: str) -> bool:
    """Say whether an ending makes a word a call to the reader that no argument makes."""
    if word in _POLITE_ALL_THE_SAME:
        return True
    if len(word) < 6 or not word.endswith(_POLITE) or word.endswith(_NOT_POLITE):
        return False
    return not word.startswith(_ASKED)


def is_call(reading: Reading, index: int) -> bool:
    """Say whether a word that could call calls: an English one opens its clause."""
    return reading.words[index] not in _CALLS_EN or _opens_a_clause(reading, index)


def _opens_a_clause(reading: Reading, index: int) -> bool:
    """Say whether nothing, a comma or "and" stands before a word."""
    before = reading.word(index - 1)
    return index == 0 or before in {",", "-", ":", "and", "then", "please"} or reading.ends_sentence(index - 1)


def _first_person(reading: Reading) -> Iterator[Found]:
    """Yield what I or we do: вяжу, чиним, тоқимын, жөндейміз."""
    for _word, places in reading.places_of(_is_done_by_us):
        yield from ((index, index, Part.DOING) for index in places[:MOST])


@trait
def _is_done_by_us(word: str) -> bool:
    return len(word) > _LONG and word.endswith(_DOES) and not word.endswith(_IS) and not word.startswith(_THINKS)


def _questions(reading: Reading) -> Iterator[Found]:
    """Yield a short question to the reader, such as Moving or Переезжаете with its sign."""
    for index in reading.places.get("?", [])[:MOST]:
        low = index
        while low > 0 and index - low < _SHORT_QUESTION and not reading.ends_sentence(low - 1):
            low -= 1
        words = reading.words[low:index]
        asked = any(word.endswith(_YOU) or word in _WANTS for word in words)
        if asked and index - low < _SHORT_QUESTION and not any(word in REASONING for word in words):
            yield low, low, Part.VOICE
