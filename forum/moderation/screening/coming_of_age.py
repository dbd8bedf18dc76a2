"""Somebody's own age said without a plain "I am 15": turned, both, not yet eighteen, born in, thirteen-year-old."""

from collections.abc import Iterator

from forum.moderation.screening.births import births
from forum.moderation.screening.numerals import VALUES
from forum.moderation.screening.reading import Reading, listed, trait
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries

_YOUNGEST, _ADULT = 6, 18
_FIRST_AT_SCHOOL = 12  # years ago, at most, somebody under age went to school
_NEAR = 4  # tokens between "I" and the number

_OPENINGS = Vocabulary(  # the next number is the speaker's age
    entries(
        None,
        "i turned, i just turned, i have just turned, i ve just turned, i have turned, i recently turned, "
        "i am turning, "
        "i m turning, im turning, i turn, i will be, i ll be, i will turn, i ll turn, my age is, my age, "
        "my age now is, "
        "we are both, we re both, both of us are, we are all, we re all, we are only, we re only, we are, we re, "
        "i am only, i m only, i am just, i m just, i am still, i m still, i am barely, i m barely, i am almost, "
        "i m almost, i am nearly, i m nearly, me and my friend are, my friend and i are, my sister and i are, "
        "my brother and i are, even though i am, although i am, though i m, i am a, i m a, i am, i m, im, i'm, "
        "being, "
        "мне, нам, нам по, нам с подругой, нам с подругой по, нам с сестрой, нам с сестрой по, нам с другом, "
        "нам с другом по, нам обеим, нам обоим, нам обеим по, нам обоим по, нам всем, нам всем по, мой возраст, "
        "возраст мой, мне недавно исполнилось, мне исполнилось, мне только исполнилось, мне скоро, мне скоро будет, "
        "мне скоро исполнится, мне будет, мне всего, мне всего лишь, мне только, мне сейчас, мне пока, "
        "мне пока только, "
        "мне еще только, мне вчера исполнилось, мне на днях исполнилось, мне стукнуло, мне едва, "
        "мне едва исполнилось, "
        "маған, маған қазір, маған әлі, маған небәрі, маған енді, маған бар болғаны, бізге, екеуімізге, жасым, "
        "жасым қазір, "
        "жасым небәрі, менің жасым, менің жасым қазір, менің жасым әлі, біздің жасымыз, жасымыз, жасым әлі, "
        "жасым енді",
    )
)
_NOT_AGES = frozenset(
    """percent % people women men girls kilometres km metres meters m years_ago minutes hours days weeks months times
    thousand million tenge dollars euros points pages and_a of to into ago from
    процентов процента человек женщин раз раза минут часов дней недель месяцев тысяч тенге рублей долларов страниц
    сантиметров метров километров штук классов класса дня часа из
    пайыз адам әйел рет минут сағат күн апта ай мың теңге доллар бет шақырым метр""".split()
)
_YEARS = frozenset("year years yrs yr yo old лет годиков года год полных жас жаста жасқа жастамын y o".split())
_CLOSING = frozenset(
    """. , ! ? ; : ) ( - … — and but so yet too now already btw here or last this yesterday today recently because which
    и но а да же тоже уже вообще скоро только хотя поэтому если как
    та те да де ға ге қа ке және бірақ ғой сондықтан қазір болды толды толады болады""".split()
) | {""}
_TIME_AGO = frozenset(
    """when was were had if once until till когда тогда была был были едім болғанда кезде кезімде""".split()
)
_OTHERS = frozenset("дочери сыну брату сестре ей ему им her his their daughter son қызыма ұлыма балама".split())
_FUTURE = frozenset("be turn turns turning be_turning будет исполнится стукнет толамын толам боламын толады".split())
_AHEAD = frozenset(
    """in next after through через соң следующем будущем только кейін келесі келер жылы тек only until till""".split()
)
_MONTHS = (
    *("января", "январе", "феврал", "марте", "апрел", "мае", "июне", "июле", "август", "сентябр", "октябр", "ноябр"),
    *("декабр", "қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым", "шілде", "тамыз", "қыркүйек", "желтоқсан"),
)
_MY_TURN = frozenset("i i'll ill me мне мен маған".split())
_ADVERBS = frozenset(
    """на днях стукнуло стукнет исполнилось исполнится вчера сегодня завтра скоро уже только всего лишь пока еще где то
    примерно жаңа ғана
    почти недавно месяц неделю назад будет через этой весной летом осенью зимой - қазір әлі небәрі енді
    биыл кеше жақында""".split()
)
_STEMS_OF_AGES = (
    *("шести", "семи", "восьми", "девяти", "десяти", "одиннадцати", "двенадцати"),
    *("тринадцати", "четырнадцати", "пятнадцати", "шестнадцати", "семнадцати"),
)
_GENITIVES = {stem: number for number, stem in enumerate(("пяти", *_STEMS_OF_AGES), start=5)}  # лет десяти
AGED = tuple(stem + "летн" for stem in _STEMS_OF_AGES)
_ME = frozenset("мне меня мной мною нам нас нами".split())
_MY_MOTHER = frozenset("анам әкем мен маған мені менің апам әжем".split())
_IN_KAZAKH = ("да", "де", "та", "те", "ға", "ге", "қа", "ке", "ні", "мін", "мын")
_COUNTED_IN_KAZAKH = (
    "доллар",
    "теңге",
    "адам",
    "сағат",
    "минут",
    "күн",
    "рет",
    "сом",
    "рубл",
    "еуро",
    "кісі",
    "шақырым",
)
_FILLED = ("толдым", "толдық", "толамын", "толғам", "толғанмын", "толып", "толам", "толғалы", "шықтым", "келдім")
_NOT_FILLED = ("толмад", "толмай", "толмаған", "толғам жоқ", "жетпед", "жетпей", "жетпеген")
_NOT_YET = Vocabulary(
    entries(
        None,
        "мне восемнадцать только, мне 18 только, мне восемнадцать лишь, мне 18 лишь, восемнадцать мне только, "
        "18 мне только, turns 18 only, turn 18 only, "
        "not 18 yet, not yet 18, not eighteen yet, not yet eighteen, under 18 myself, under age myself, "
        "too young to vote, "
        "years until i can vote, years till i can vote, before i can vote, when i turn 18, when i m 18, "
        "when i am 18, "
        "until i turn 18, till i turn 18, once i turn 18, until i am 18, years before i am 18, once i am 18, "
        "until i m eighteen, when i turn eighteen, once i turn eighteen, until i turn eighteen, "
        "до восемнадцати мне, до 18 мне, мне до восемнадцати, мне еще до, до моего совершеннолетия, "
        "до совершеннолетия мне, мне до совершеннолетия, когда мне исполнится 18, когда мне исполнится восемнадцать, "
        "когда мне будет 18, когда мне будет восемнадцать, пока мне не исполнится 18, пока мне не исполнилось 18, "
        "пока мне нет, мне нет еще, мне еще нет, восемнадцати мне еще нет, 18 мне еще нет, восемнадцати мне нет, "
        "мне еще не исполнилось, мне пока не исполнилось, я еще не совершеннолетн*, я пока несовершеннолетн*, "
        "я еще маленькая, я еще маленький, мне голосовать еще рано, голосовать мне еще нельзя, "
        "по возрасту мне еще нельзя, "
        "кәмелеттік жасқа толма*, кәмелетке жасым, кәмелетке әлі, жасым толма*, жасым толған жоқ, жасым жетпе*, "
        "жасым әлі толма*, жасым әлі жетпе*, дауыс беруге жасым, кәмелетке толуыма, он сегізге толуыма, "
        "18 ге толуыма",
    )
)


def own_ages(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield (first, last token) where somebody says, in one of these ways, that they are under eighteen."""
    yield from ((first, last) for first, last, _ in _NOT_YET.find(reading))
    yield from _after_openings(reading)
    yield from _after_dative(reading)
    yield from _of_us(reading)
    yield from _turning_eighteen(reading)
    yield from _aged(reading)
    yield from _filled_in_kazakh(reading)
    yield from births(reading)


def number_at(reading: Reading, index: int) -> tuple[int, int]:
    """Return the number at this token, -1 if none, and its last token; Kazakh ones with their endings: он алтыда."""
    word = reading.word(index)
    if word.isdigit():
        return (int(word) if len(word) <= 4 else -1), index
    if word in _GENITIVES:
        return _GENITIVES[word], index
    if word == "он":
        unit = _unit(reading.word(index + 1))
        return (10 + unit, index + 1) if unit > 0 else (10, index)
    if word in VALUES:
        return VALUES[word], index
    return -1, index


def _unit(word: str) -> int:
    """Return the value of a Kazakh unit with or without an ending."""
    for form in (word, *(word[:-cut] for cut in range(2, 7))):
        if form and 0 < VALUES.get(form, 0) < 10:
            return VALUES[form]
    return -1


def _after_openings(reading: Reading) -> Iterator[tuple[int, int]]:
    for first, last, _ in _OPENINGS.find(reading):
        number, end = number_at(reading, last + 1)
        if not _YOUNGEST <= number < _ADULT:
            continue
        before = _same_sentence(reading.words[max(0, first - 3) : first])
        after = reading.word(end + 1)
        if (
            before & (_TIME_AGO | _OTHERS)
            or after in _NOT_AGES
            or reading.word(end + 2) in _NOT_AGES - {"m", "to", "from"}
        ):
            continue
        if (after in {".", ",", "-", ":"} and reading.word(end + 2).isdigit()) or _speaks_of_then(reading, end):
            continue
        weak = reading.words[first] in {"we", "being"} or reading.words[last] in {"a", "am", "m", "im", "be"}
        told = after in _YEARS or (reading.words[end][-2:] in _IN_KAZAKH and not reading.words[end].isdigit())
        if (
            (told and not weak)
            or (after in _YEARS and _is_old(reading, end))
            or (not weak and after in _CLOSING)
            or (weak and "both" in reading.words[first : last + 1] and after in _CLOSING)
        ):
            yield first, end


def _of_us(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "we're sixteen, me and my friends"."""
    for index in reading.places.get("we", [])[:MOST]:
        place = index + 1
        while reading.word(place) in _WE_ARE and place - index < _NEAR + 2:
            place += 1
        number, end = number_at(reading, place)
        company = _COMPANY & set(reading.words[end + 2 : end + 9])
        if place > index + 1 and _YOUNGEST <= number < _ADULT and reading.word(end + 1) == "," and company:
            yield index, end


_WE_ARE = frozenset("' ’ re are all both only just".split())
_TO_ME = listed(("мне", "нам", "маған", "turning", "мен"))
_EIGHTEEN = listed(("18", "eighteen", "восемнадцать", "он"))
_COMPANY = frozenset("friends friend sister brother classmates girls".split())


def _after_dative(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "мне на днях стукнуло 16", "turning 15 next week", "мен он бестемін"."""
    for word, places in reading.places_of(_TO_ME):
        for index in places[:MOST]:
            for place in range(index + 1, min(index + 7, len(reading.words))):
                number, end = number_at(reading, place)
                if number < 0:
                    if reading.words[place] in _ADVERBS:
                        continue
                    break
                after = reading.word(end + 1)
                told = {"стукнуло", "стукнет", "исполнилось", "исполнится", "будет"} & set(reading.words[index:place])
                own = reading.words[end].endswith(("мын", "мін")) if word == "мен" else told or after in _YEARS
                own = own or (word == "маған" and after in {"толды", "толады", "толған", "болды"})
                own = own or (word == "turning" and after in {"next", "this", "in", "soon", "tomorrow"})
                if (
                    _YOUNGEST <= number < _ADULT
                    and own
                    and after not in _NOT_AGES
                    and not _speaks_of_then(reading, end)
                ):
                    yield index, end
                break


def _same_sentence(before: list[str]) -> set[str]:
    """Return the words behind the last end of a sentence."""
    ends = [place for place, word in enumerate(before) if word in {".", "!", "?", "…"}]
    return set(before[ends[-1] + 1 :] if ends else before)


def _is_old(reading: Reading, end: int) -> bool:
    """Say whether "years old" stands behind a number, not only "years"."""
    return "old" in reading.words[end + 1 : end + 5] or reading.word(end + 1) in {"yo", "жаста", "жастамын"}


def _speaks_of_then(reading: Reading, end: int) -> bool:
    """Say whether a year long ago or a word of the past stands behind an age."""
    behind = reading.words[end + 1 : end + 6]
    old_year = any(
        len(word) == 4 and word.isdigit() and 1900 < int(word) < reading.on.year - _FIRST_AT_SCHOOL for word in behind
    )
    return old_year or bool({"when", "когда", "болғанда", "едім", "кезде", "кезімде"} & set(behind))


def _turning_eighteen(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "in two years I turn 18", "через год мне будет восемнадцать", "екі жылдан кейін он сегізге толамын"."""
    for _word, places in reading.places_of(_EIGHTEEN):
        for index in places[:MOST]:
            number, end = number_at(reading, index)
            if number != _ADULT:
                continue
            low, high = max(0, index - 9), min(len(reading.words), end + 7)
            around = set(reading.words[low:high])
            own = around & _MY_TURN or any(word.endswith(("амын", "емін")) for word in around)
            if (
                own
                and around & _FUTURE
                and (around & _AHEAD or any(word.startswith(_MONTHS) for word in around))
                and not around & (_TIME_AGO - {"when", "once", "until", "till", "тогда"})
            ):
                yield max(low, index - 5), end


@trait
def _is_aged(word: str) -> bool:
    return word.startswith(AGED)


def _aged(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "я тринадцатилетняя", "я, 14-летний подросток"."""
    for _word, places in reading.places_of(_is_aged):
        for index in places[:MOST]:
            before = reading.words[max(0, index - 3) : index]
            own = reading.word(index - 1) in _ME or (reading.word(index - 1) == "," and reading.word(index - 2) in _ME)
            if (own or ("я" in before and "у" not in before)) and not _TIME_AGO & set(before):
                yield max(0, index - 1), index


@trait
def _is_filled_or_not(word: str) -> bool:
    return word.startswith(_FILLED + _NOT_FILLED) or word == "толған"


def _filled_in_kazakh(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "17-ге толдым", "он алтыға келдім", "он сегізге әлі толған жоқпын"."""
    for word, places in reading.places_of(_is_filled_or_not):
        filled = word.startswith(_FILLED)
        missing = word.startswith(_NOT_FILLED) or word == "толған"
        for index in places[:MOST]:
            is_not = missing and (word != "толған" or reading.word(index + 1).startswith("жоқ"))
            own = (
                filled
                or "жасым" in reading.words[max(0, index - 6) : index]
                or reading.words[index + (word == "толған")].endswith(("дым", "мын", "пын", "мін"))
                or (word.endswith("дықтан") and _MY_MOTHER & set(reading.words[index : index + 8]))
            )
            for back in range(index - 1, max(index - 6, -1), -1):
                number, end = number_at(reading, back)
                is_young = _YOUNGEST <= number < _ADULT and filled and not _at_the_age(reading, end)
                is_young = is_young and not reading.word(end + 1).startswith(_COUNTED_IN_KAZAKH)
                if own and end < index and (is_young or (number == _ADULT and is_not)):
                    first = back - 1 if reading.word(back - 1) == "он" else back
                    yield first, index
                    break


def _at_the_age(reading: Reading, end: int) -> bool:
    """Say whether "at my age of" stands behind a number: он алты жасымда келдім tells of then."""
    return reading.word(end + 1).startswith(("жасымда", "жасында"))
