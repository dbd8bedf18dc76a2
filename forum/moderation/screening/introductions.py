"""A minor who introduces themself: я девочка, 14 лет; пишет ученик 11 класса; as a pupil of year 9 I say."""

from collections.abc import Iterator

from forum.moderation.screening.coming_of_age import AGED, number_at
from forum.moderation.screening.memories import is_memory
from forum.moderation.screening.reading import Reading, listed, trait
from forum.moderation.screening.school_life import class_number
from forum.moderation.screening.schools import GRADES, grade_at
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries

_YOUNGEST, _ADULT = 6, 18
_NEAR = 5  # tokens between the noun and the age or class
_NOUNS = (
    *(
        "girl",
        "boy",
        "teen",
        "teenager",
        "pupil",
        "student",
        "schoolgirl",
        "schoolboy",
        "kid",
        "child",
        "lad",
        "reader",
    ),
    *("девочка", "девчонка", "девушка", "мальчик", "парень", "пацан", "подросток", "школьник", "школьница"),
    *(
        "ученик",
        "ученица",
        "ребенок",
        "читатель",
        "читателя",
        "читательница",
        "читательницы",
        "оқырман",
        "оқырманнан",
        "девочки",
        "школьники",
        "ученики",
        "ученицы",
    ),
    *("қыз", "қызбын", "қызы", "ұл", "ұлмын", "бала", "баламын", "оқушы", "оқушысы", "оқушымын", "оқушысымын"),
    *("оқушыларымыз", "оқушылармыз", "оқушыларыммыз", "оқушымыз", "оқушысымыз", "жасөспірім", "жасөспіріммін"),
)
_IN_PASSING = Vocabulary(  # the next number is the speaker's age
    entries(
        None,
        "i a, i as a, me a, as someone who is, as somebody who is, as a person of, i am not even, i m not even, "
        "i am not yet, i m not yet, too young at, i m too young at, being, at my, i celebrated my, my, at just, "
        "at only, at, в свои, в мои, хоть мне и, хотя мне, мне всего то, мне каких то, мне без малого, небәрі, "
        "маған келесі айда, маған келесі жылы, маған келесі аптада, маған ертең, маған жақында",
    )
)
_PRESENT = frozenset("am m can can't may know see want understand have".split())
_I = frozenset("i im m me we re я мы нас мен біз маған".split())
_WRITES = frozenset(
    """
    hi hello greetings привет здравствуйте сәлем салем пишет пишу пишем говорит обращается writes writing write
    written here speaking says жазып жазған жазады жазамын жазғаным сөйлеп айтып ретінде
    """.split()
)
_OWN_ENDINGS = ("мын", "мін", "бын", "бін", "пын", "пін", "мыз", "міз")
_NOT_MINE = frozenset("was were had был была были когда when if если who которая который едім болғанда кезде".split())
_YEARS = frozenset("лет годиков жас жаста жасар жастағы year years yo".split())
_FIRST_PERSON = ("у", "ю")  # скажу, думаю
_AGED = ("летняя", "летний")
_ONLY = listed(("only", "just", "всего", "небәрі", "жасым"))
_IS_SOMEBODY = listed(_NOUNS)
_IN_A_FORM = frozenset({"сыныптамын", "сыныптамыз", "сыныптанмын", "сыныптанбыз"})


def introductions(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield (first, last token) of nouns such as "girl" or "ученик" with an age or a class, said of oneself."""
    for _noun, places in reading.places_of(_IS_SOMEBODY):
        for index in places[:MOST]:
            if _NOT_MINE & set(reading.words[max(0, index - _NEAR) : index + _NEAR]) or not _is_self(reading, index):
                continue
            beside = _age_beside(reading, index) or _class_beside(reading, index)
            if beside is not None:
                yield min(index, beside[0]), max(index, beside[1])
    yield from _as_somebody_aged(reading)
    yield from _in_passing(reading)
    yield from _of_a_form(reading)
    yield from _at_first(reading)


def _is_self(reading: Reading, index: int) -> bool:
    """Say whether the noun at a token is the speaker: "I" before it, a verb of writing beside it, a Kazakh ending."""
    before = reading.words[max(0, index - 4) : index]
    around = {*reading.words[max(0, index - 8) : index], *reading.words[index + 1 : index + 7]}
    if reading.words[index].endswith(_OWN_ENDINGS) or _WRITES & around:
        return True
    own = [place for place, word in enumerate(before) if word in _I]
    return bool(own) and all(word in _TO_BE or word in _I for word in before[own[-1] :])


_TO_BE = frozenset(
    "am is are a an the just only still ' ’ - — – , обычная обычный простая простой просто еще пока".split()
)


def _age_beside(reading: Reading, index: int) -> tuple[int, int] | None:
    for place in (*range(index - 1, index - _NEAR - 3, -1), *range(index + 1, index + _NEAR)):
        if place >= 0 and reading.word(place).startswith(AGED):
            return place, place
        number, end = number_at(reading, place)
        if place >= 0 and _YOUNGEST <= number < _ADULT and reading.word(place - 1) != "он":
            after = reading.word(end + 1 + (reading.word(end + 1) == "-"))
            if after in _YEARS or (place > index and reading.word(place - 1) in {",", "(", "of", "aged"}):
                return place, end
    return None


def _class_beside(reading: Reading, index: int) -> tuple[int, int] | None:
    """Return the stretch of a class near a token, unless it is remembered."""
    for place in range(max(0, index - _NEAR), min(index + _NEAR + 1, len(reading.words))):
        if reading.words[place] in GRADES:
            number = class_number(reading, place)
            number = grade_at(reading, place) if number is None else number
            if number is not None and not is_memory(reading, min(number, place), max(number, place)):
                return min(number, place), max(number, place)
    return None


def _as_somebody_aged(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "как семнадцатилетняя скажу", "как 15-летний подросток я думаю"."""
    for index in reading.places.get("как", [])[:MOST]:
        for place in range(index + 1, min(index + 4, len(reading.words))):
            word = reading.words[place]
            if not (word.isdigit() or word in {"-", "я"} or word.endswith(_AGED)):
                break
            verbs = reading.words[place + 1 : place + 4]
            number = number_at(reading, index + 1)[0]
            young = word.endswith(_AGED) and (len(word) > 9 or _YOUNGEST <= number < _ADULT)
            if young and not word.startswith(("двадцат", "тридцат", "сорока", "пятидесят", "восемнадц", "девятнадц")):
                if "я" in verbs or any(len(verb) > 3 and verb.endswith(_FIRST_PERSON) for verb in verbs[:2]):
                    yield index, place
                break


def _in_passing(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "being 14 I", "my 14th birthday", "I, a 15-year-old", "в свои 14 лет я вижу", "16 y/o here"."""
    for first, last, _ in _IN_PASSING.find(reading):
        number, end = number_at(reading, last + 1)
        if _YOUNGEST <= number < _ADULT and _is_own(reading, first, last, end):
            yield first, end
    for _word, indices in reading.places_of(_may_be_an_age):
        for index in indices[:MOST]:
            tag = [one for one in reading.words[index + 1 : index + 7] if one not in {".", "/", "-"}]
            opens = index == 0 or reading.ends_sentence(index - 1) or reading.words[index - 1] == "("
            if opens and (tag[:2] == ["y", "o"] or tag[:1] == ["yo"] or _is_tagged(tag)):
                yield index, index + 1


@trait
def _may_be_an_age(word: str) -> bool:
    return word.isdigit() and len(word) < 3 and _YOUNGEST <= int(word) < _ADULT


def _is_own(reading: Reading, first: int, last: int, end: int) -> bool:
    """Say whether the age that ends at a token is the speaker's, told as of now; an opening stands before it."""
    opening = reading.words[last] if first == last or reading.words[last] in {"a", "свои", "мои"} else ""
    behind = reading.words[end + 1 : end + 8]
    if opening == "my" or reading.words[last] == "my":
        return behind[:2] in (["th", "birthday"], ["birthday"])
    if opening == "a":
        return {"year", "years", "yo"} & set(behind[:2]) != set()
    if opening in {"свои", "мои"}:
        past = any(len(word) > 3 and word.endswith(("л", "ла", "ли", "лся", "лась")) for word in behind)
        return "я" in behind and not past
    if opening == "at":
        return behind[:1] == ["i"] and behind[1:2] != [] and behind[1] in _PRESENT
    if opening in {"being", "only", "just"}:
        return behind[:1] in ([], [","], ["."], ["i"]) or behind[:2] == ["does", "not"] or behind[:1] == ["doesn"]
    return not _NOT_MINE & set(behind) and behind[:1] not in (["%"], ["percent"], ["minutes"], ["weeks"], ["months"])


def _at_first(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "only seventeen here", "всего семнадцать" at a beginning, and "my sixteenth birthday"."""
    for _word, places in reading.places_of(_ONLY):
        for index in places[:MOST]:
            place = index + 1 + (reading.word(index + 1) in {"лишь", "то", "бар"})
            number, end = number_at(reading, place)
            opens = index == 0 or reading.ends_sentence(index - 1)
            if (
                opens
                and _YOUNGEST <= number < _ADULT
                and reading.word(end + 1) in {"here", ",", ".", "лет", "жаста", "ғана"}
            ):
                yield index, end
    for index in reading.places.get("birthday", [])[:MOST]:
        if reading.word(index - 1) in _BIRTHDAYS and reading.word(index - 2) == "my":
            yield index - 2, index


_CLOSES = frozenset("here , . лет жаста ғана".split())
_BIRTHDAYS = frozenset(
    """tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth""".split()
)


def _is_tagged(tag: list[str]) -> bool:
    return tag[:1] in (["f"], ["m"]) and tag[1:2] in (["from"], ["here"], [","], [])


@trait
def _is_of_a_form(word: str) -> bool:
    return word.endswith(("классница", "классник")) or word in {*_IN_A_FORM, "учусь", "учимся"}


def _of_a_form(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "девятиклассница, если что", "8-сыныптамын", "я учусь в восьмом", "учусь в школе, в 10-м"."""
    for word, indices in reading.places_of(_is_of_a_form):
        if word.endswith(("классница", "классник")) and not word.startswith(("перво", "одно", "второ")):
            yield from ((index, index) for index in indices[:MOST] if _opens_alone(reading, index))
        elif word in _IN_A_FORM:
            yield from ((index, index) for index in indices[:MOST])
        elif word in {"учусь", "учимся"}:
            yield from ((index, place) for index in indices[:MOST] if (place := _form_behind(reading, index)))


def _opens_alone(reading: Reading, index: int) -> bool:
    """Say whether a word is a sentence's first and stands by itself before a comma or a full stop."""
    opens = index == 0 or reading.ends_sentence(index - 1)
    return opens and reading.word(index + 1) in {",", ".", ""}


def _form_behind(reading: Reading, index: int) -> int | None:
    """Return the token of "восьмом" or "10" behind "учусь", if it is no house and no faculty."""
    for place in range(index + 1, min(index + 7, len(reading.words))):
        ordinal = reading.words[place] in _FORMS
        number = reading.words[place] in {"7", "8", "9", "10", "11"} and reading.word(place + 1) == "-"
        if reading.word(place - 1) == "в" and (ordinal or number):
            after = reading.word(place + 1 + 2 * number)
            return place if after in {"", ".", ",", "!", "и", "а", "но", "классе"} else None
    return None


_FORMS = frozenset("пятом шестом седьмом восьмом девятом десятом одиннадцатом".split())
