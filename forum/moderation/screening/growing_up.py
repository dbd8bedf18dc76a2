"""Somebody under age by what they may not do yet, by the school that they have not finished, by "we pupils"."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise, product

from forum.moderation.screening.reading import Reading, listed, trait
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries

Span = tuple[int, int]

_NEAR = 6  # tokens between the words of one statement
_RIGHTS = (
    *("vote", "finally vote", "vote myself", "legally vote", "drive", "legally drink", "legally work", "buy beer"),
    *("marry", "go to a bar", "go to clubs", "decide for myself", "move out", "leave home"),
)
_RIGHTS_RU = (
    *("голосовать", "проголосовать", "водить", "сесть за руль", "сдать на права", "работать официально"),
    *("официально работать", "выйти замуж", "решать сам*", "сам* решать", "съехать", "уехать от родителей"),
)
_MAY_NOT_YET = Vocabulary(
    entries(
        None,
        *(
            " ".join(words)
            for words in (
                *product(("when i can", "until i can", "till i can", "once i can", "before i can"), _RIGHTS),
                *product(("when i m allowed to", "until i m allowed to", "when i am allowed to"), _RIGHTS),
                *product(("i can t", "i cannot", "i m not allowed to", "i am not allowed to"), _RIGHTS, ("yet",)),
                *product(("can t even", "cannot even", "can t"), ("vote", "drive"), ("yet",)),
                *product(
                    ("когда смогу", "когда я смогу", "пока не могу", "мне еще нельзя", "мне пока нельзя"), _RIGHTS_RU
                ),
                *product(
                    ("когда мне можно будет", "когда мне разрешат", "я еще не могу", "мне нельзя еще"), _RIGHTS_RU
                ),
            )
        ),
        "i m still a kid, i am still a kid, i m still a child, still a kid for, still a child for, "
        "under the age of consent, age of consent yet, not the age of consent, возраста согласия не достиг*, "
        "не достиг* возраста согласия, не достигла еще возраста, келісім жасына жеткен жоқ*, келісім жасына жетпе*, "
        "when i grow up, when i am grown up, when i m grown up, before i grow up, before i am grown up, "
        "until i am grown up, till i grow up, когда вырасту, когда я вырасту, как вырасту, вырасту стану, "
        "пока не вырасту, вырастешь поймешь, вырастешь почитаешь, вырастешь узнаешь, өскенде оқисың, "
        "өскенде түсінесің, мен өскенде, үлкейгенде, my pocket money, get pocket money, live on pocket money, "
        "мои карманные деньги, на карманные деньги, из карманных денег, қалта ақшам, i am not eighteen, "
        "i m not eighteen, because i am not 18, because i m not 18, "
        "get an id yet, get my id yet, have an id yet, have a passport yet, паспорта еще нет, паспорта пока нет, "
        "паспорт еще не дали, паспорт еще не получ*, еще без паспорта, жеке куәлігім де жоқ, жеке куәлігім әлі жоқ, "
        "жеке куәлік әлі алған жоқпын, төлқұжатым әлі жоқ, дауыс беруге әлі ертемін, дауыс бере алмаймын әлі, "
        "әлі дауыс бере алмаймын",
    )
)
_VOTING_IN_KAZAKH = frozenset("аламын алам беремін берем алмаймын".split())
_OUR_SCHOOL = Vocabulary(
    entries(
        None, "our school, my school, нашей школе, моей школе, нашей школы, біздің мектеп*, мектебімізде, мектебімде"
    )
)
_TEACHERS = ("teacher", "учител", "училк", "психолог", "завуч", "урок", "lesson", "мұғалім", "апай", "сабақ")
_THEN = frozenset("was were had used был была было были тогда раньше болатын еді дейтін".split())
_ESSAYS = ("essay", "homework", "composition", "сочинени", "эссе", "контрольн", "домашк", "шығарма", "бақылау")
_MARKS = ("пятерк", "четверк", "тройк", "двойк")
_GOT = {("got", "an"), ("got", "a"), ("get", "an"), ("get", "a")}
_GOT_IN_KAZAKH = {("бес", "алдым"), ("төрт", "алдым"), ("үш", "алдым"), ("екі", "алдым")}
_FORMS = frozenset("пятом шестом седьмом восьмом девятом десятом одиннадцатом".split())
_VOTES = listed(("vote", "voting", "голоса", "голосовать", "проголосовать", "құқығым", "дауыс"))
_MINE = frozenset("i i'll ill my me я мне меня мое мой мен маған менің".split())
_MAY = frozenset("можно смогу разрешат право құқығым бола болады able allowed".split())
_IN_YEARS = {("жылдан", "кейін"), ("жылдан", "соң")}
_UNTIL_OF_AGE = 12  # years
_UNFINISHED = {  # verb -> the words that must stand near it: a negation, and school
    **dict.fromkeys(
        "finished graduated left".split(), ({"haven", "hasn", "not", "yet"}, {"school", "gymnasium", "lyceum"})
    ),
    **dict.fromkeys(
        "окончила окончил закончила закончил доучилась доучился кончила кончил".split(),
        ({"не"}, {"школу", "лицей", "гимназию", "одиннадцатый", "девятый", "десятый"}),
    ),
    **dict.fromkeys(
        "бітірген бітірмедім бітірмеген".split(), ({"жоқпын", "бітірмедім", "бітірмегенмін"}, {"мектеп", "мектепті"})
    ),
}
_IS_UNFINISHED = listed(_UNFINISHED)
_STILL = frozenset("haven yet even still еще пока даже әлі".split())
_ME = frozenset("i i've ive я мен".split())
_WE = {  # pronoun -> how the noun for pupils ends in its case
    "we": ("graders", "pupils", "schoolkids", "schoolgirls", "schoolboys", "teens", "teenagers", "minors"),
    "us": ("graders", "pupils", "schoolkids", "schoolgirls", "schoolboys", "teens", "teenagers", "minors"),
    "мы": ("и", "ы", "ие"),
    "нас": ("ов", "ц", "ок", "их"),
    "нам": ("ам", "ям", "им"),
    "нами": ("ами", "ями", "ими"),
    "бізге": ("ларға", "лерге", "ларына"),
    "бізді": ("ларды", "ларын"),
    "біз": ("лармыз", "ларымыз", "лары", "сыныппыз"),
    "бізден": ("лардан", "ларынан"),
}
_IS_WE = listed(_WE)
_PUPILS = ("школьни", "подрост", "учени", "старшекласс", "несовершеннолет", "малолет", "оқушы", "жасөспірім")
_LINKS = frozenset("- , – — the younger older еще простые обычные".split())
_SCHOOL = (
    *("school", "assembly", "essay", "школ", "линейк", "сочинени", "эссе", "обществозн", "мектеб", "мектеп", "үйге"),
    *("class", "lesson", "homework", "teacher", "homeroom", "headmaster", "principal", "psychologist"),
    *("классн", "классе", "урок", "учител", "училк", "задали", "домашк", "домашнее", "завуч", "физру", "контрольн"),
    *("сабақ", "сынып", "сыныб", "мұғалім", "апай", "үй тапсырма", "тапсырма"),
)
_US = frozenset("we us our нам нас мы наша наш нашей нашем наши біз бізге бізді біздің бізден бізде".split())
_LAST_WEEK = listed(("week", "month", "неделе", "месяце", "аптада", "айда"))
_WHICH_WEEK = frozenset("last this next прошлой этой следующей прошлом этом той өткен осы келесі былтырғы".split())
_RECENT = listed(
    """today yesterday tomorrow tonight monday tuesday wednesday thursday friday сегодня вчера завтра позавчера
    понедельник вторник среду четверг пятницу бүгін дүйсенбіге сейсенбіге сәрсенбіге бейсенбіге
    жұмаға жұмада кеше ертең дүйсенбі сейсенбі сәрсенбі бейсенбі жұма""".split()
)
_GROWN = (
    *("daughter", "student", "pupil", "children", "grandson", "lecture", "universit", "college"),
    *("сыном", "сыну", "сына", "доч", "внук", "внуч", "студент", "ребен", "универ", "институт", "преподаю"),
    *("ұлым", "қызым", "балам", "немере", "шәкірт", "оқушылар"),
)  # who speaks of these is of age
_GROWN_WORDS = frozenset("teach taught son sons kids ago сын дети детей детям веду учил учила".split())


def growing_up(reading: Reading) -> Iterator[Span]:
    """Yield (first, last token) where somebody says in one of these ways that they are under eighteen."""
    yield from ((first, last) for first, last, _ in _MAY_NOT_YET.find(reading) if reading.word(last + 1) != "for")
    yield from _voting_in_kazakh(reading)
    yield from _unfinished_school(reading)
    yield from _we_pupils(reading)
    yield from _lately_at_school(reading)
    yield from _at_our_school(reading)
    yield from _as_a_pupil(reading)
    yield from _marks(reading)
    yield from _voting_one_day(reading)
    yield from _in_a_form(reading)
    yield from _when_grown_in_kazakh(reading)


def _voting_in_kazakh(reading: Reading) -> Iterator[Span]:
    """Yield "екі жылдан кейін дауыс бере аламын": in some years, I can vote."""
    for index in reading.places.get("дауыс", [])[:MOST]:
        before = reading.words[max(0, index - _NEAR) : index]
        if "жылдан" in before and _VOTING_IN_KAZAKH & set(reading.words[index + 1 : index + 4]):
            yield index - 1 - before[::-1].index("жылдан"), index


def _at_our_school(reading: Reading) -> Iterator[Span]:
    """Yield "in our school nobody explains it, the teacher skipped the page": our school and its teachers."""
    for first, last, _ in _OUR_SCHOOL.find(reading):
        low, high = sentence_around(reading, first)
        words = reading.words[low : high + 1]
        taught = any(word.startswith(_TEACHERS) for word in words)
        grown = any(word.startswith(_GROWN) or word in _GROWN_WORDS or word in _THEN for word in words)
        if taught and not grown:
            yield first, last


def _as_a_pupil(reading: Reading) -> Iterator[Span]:
    """Yield "как старшеклассница скажу": as one of the forms."""
    for index in reading.places.get("как", [])[:MOST]:
        word = reading.word(index + 1)
        if "классни" in word and not word.startswith(("одно", "перво")) and word.endswith(("ца", "к")):
            yield index, index + 1


def _marks(reading: Reading) -> Iterator[Span]:
    """Yield "got an A for my essay", "пятёрку за сочинение", "шығармама бес алдым"."""
    for _word, places in reading.places_of(_is_an_essay):
        for index in places[:MOST]:
            low, high = sentence_around(reading, index)
            words = reading.words[low : high + 1]
            marked = any(one.startswith(_MARKS) for one in words)
            english = any(pair in _GOT for pair in pairwise(words)) and bool({"a", "b", "c"} & set(words))
            if marked or english or any(pair in _GOT_IN_KAZAKH for pair in pairwise(words)):
                yield index, index


@trait
def _is_an_essay(word: str) -> bool:
    return word.startswith(_ESSAYS)


def _in_a_form(reading: Reading) -> Iterator[Span]:
    """Yield "я в десятом": Russian leaves out the word for class."""
    for index in reading.places.get("я", [])[:MOST]:
        place = index + 2 + (reading.word(index + 1) in {"еще", "пока", "только"})
        closes = reading.word(place + 1) in {"", ",", ".", "!", ")", "и", "а"}
        if reading.word(place - 1) == "в" and reading.word(place) in _FORMS and closes:
            yield index, place


def _voting_one_day(reading: Reading) -> Iterator[Span]:
    """Yield "I'll be eligible to vote in 2029", "право голоса у меня появится в 2029-м"."""
    for word, places in reading.places_of(_VOTES):
        for index in places[:MOST]:
            low, high = sentence_around(reading, index)
            words = reading.words[low : high + 1]
            years = [low + place for place, one in enumerate(words) if one.isdecimal() and len(one) == 4]
            coming = [place for place in years if 0 < int(reading.words[place]) - reading.on.year < _UNTIL_OF_AGE]
            years_ahead = any(one.startswith(("год", "лет")) for one in words)
            if _MAY & set(words):
                coming += [low + place for place, pair in enumerate(pairwise(words)) if pair in _IN_YEARS]
                coming += [low + place for place, one in enumerate(words) if one == "через" and years_ahead]
            if coming and (_MINE & set(words) or word.endswith("ым")):
                yield min(index, coming[0]), max(index, coming[0])


def _when_grown_in_kazakh(reading: Reading) -> Iterator[Span]:
    """Yield "өскенде судья боламын": when grown, I will."""
    for index in reading.places.get("өскенде", [])[:MOST]:
        behind = reading.words[index + 1 : index + _NEAR]
        if any(word.endswith(("амын", "емін", "ймын", "ймін")) for word in behind):
            yield index, index


def _unfinished_school(reading: Reading) -> Iterator[Span]:
    """Yield "I haven't finished school yet", "школу ещё не окончила", "мектепті әлі бітірген жоқпын"."""
    for verb, places in reading.places_of(_IS_UNFINISHED):
        negations, schools = _UNFINISHED[verb]
        for index in places[:MOST]:
            low, high = max(0, index - _NEAR), index + _NEAR
            around = set(reading.words[low:high])
            own = _ME & set(reading.words[max(0, low - 1) : high]) or "жоқпын" in around
            if own and around & negations and around & schools and around & _STILL:
                yield index, index


def _we_pupils(reading: Reading) -> Iterator[Span]:
    """Yield "us eighth graders", "нам, восьмиклассникам": a pronoun and pupils in the same case."""
    for pronoun, places in reading.places_of(_IS_WE):
        endings = _WE[pronoun]
        for index in places[:MOST]:
            for place in range(index + 1, min(index + _NEAR, len(reading.words))):
                word = reading.words[place]
                if word.endswith(endings) and (word.isascii() or word.startswith(_PUPILS) or "классни" in word):
                    yield index, place
                is_passed = word in _LINKS or word.endswith(("th", "ші", "шы")) or word.isdigit() or word == "сынып"
                if not is_passed:
                    break


def _lately_at_school(reading: Reading) -> Iterator[Span]:
    """Yield a sentence in which we were at school lately: we talked about it today in class."""
    lately = [index for _word, places in reading.places_of(_RECENT) for index in places[:MOST]]
    weeks = (index for _word, places in reading.places_of(_LAST_WEEK) for index in places[:MOST])
    lately += [index for index in weeks if reading.word(index - 1) in _WHICH_WEEK]
    for index in sorted(lately):
        low, high = sentence_around(reading, index)
        words = reading.words[low : high + 1]
        ours = [
            low + place for place, word in enumerate(words) if word in _US or "мыз" in word[-5:] or "міз" in word[-5:]
        ]
        school = [low + place for place, word in enumerate(words) if word.startswith(_SCHOOL)]
        if ours and school and not any(word.startswith(_GROWN) or word in _GROWN_WORDS for word in words):
            yield min(index, school[0]), max(index, school[0])


def sentence_around(reading: Reading, index: int) -> Span:
    """Return the bounds of the sentence around a token, at most a few tokens on each side."""
    ends, last = reading.ends_in_order, len(reading.words) - 1
    at = bisect_left(ends, index)
    low = max(0, index - 2 * _NEAR, ends[at - 1] + 1 if at else 0)
    return low, min(last, index + 2 * _NEAR, ends[at] if at < len(ends) else last)
