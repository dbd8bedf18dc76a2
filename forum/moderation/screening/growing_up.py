"""Somebody under age by what they may not do yet, by the school that they have not finished, by "we pupils"."""

from collections.abc import Iterator
from itertools import product

from forum.moderation.screening.reading import Reading
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
        "get an id yet, get my id yet, have an id yet, have a passport yet, паспорта еще нет, паспорта пока нет, "
        "паспорт еще не дали, паспорт еще не получ*, еще без паспорта, жеке куәлігім де жоқ, жеке куәлігім әлі жоқ, "
        "жеке куәлік әлі алған жоқпын, төлқұжатым әлі жоқ, дауыс беруге әлі ертемін, дауыс бере алмаймын әлі, "
        "әлі дауыс бере алмаймын",
    )
)
_VOTING_IN_KAZAKH = frozenset("аламын алам беремін берем алмаймын".split())
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
_PUPILS = ("школьни", "подрост", "учени", "старшекласс", "несовершеннолет", "малолет", "оқушы", "жасөспірім")
_LINKS = frozenset("- , – — the younger older еще простые обычные".split())
_SCHOOL = (
    *("class", "lesson", "homework", "teacher", "homeroom", "headmaster", "principal", "psychologist"),
    *("классн", "классе", "урок", "учител", "училк", "задали", "домашк", "домашнее", "завуч", "физру", "контрольн"),
    *("сабақ", "сынып", "сыныб", "мұғалім", "апай", "үй тапсырма", "тапсырма"),
)
_US = frozenset("we us our нам нас мы наша наш нашей нашем наши біз бізге бізді біздің бізден бізде".split())
_RECENT = frozenset(
    """today yesterday tomorrow tonight monday tuesday wednesday thursday friday сегодня вчера завтра позавчера
    понедельник вторник среду четверг пятницу бүгін кеше ертең дүйсенбі сейсенбі сәрсенбі бейсенбі жұма""".split()
)
_GROWN = (
    *("daughter", "student", "pupil", "children", "grandson", "lecture", "universit", "college"),
    *("сыном", "сыну", "сына", "доч", "внук", "внуч", "студент", "ребен", "универ", "институт", "преподаю"),
    *("ұлым", "қызым", "балам", "немере", "шәкірт", "оқушылар"),
)  # who speaks of these is of age
_GROWN_WORDS = frozenset("teach taught son sons kids ago сын дети детей детям веду учил учила".split())


def growing_up(reading: Reading) -> Iterator[Span]:
    """Yield (first, last token) where somebody says in one of these ways that they are under eighteen."""
    yield from ((first, last) for first, last, _ in _MAY_NOT_YET.find(reading))
    yield from _voting_in_kazakh(reading)
    yield from _unfinished_school(reading)
    yield from _we_pupils(reading)
    yield from _lately_at_school(reading)


def _voting_in_kazakh(reading: Reading) -> Iterator[Span]:
    """Yield "екі жылдан кейін дауыс бере аламын": in some years, I can vote."""
    for index in reading.places.get("дауыс", [])[:MOST]:
        before = reading.words[max(0, index - _NEAR) : index]
        if "жылдан" in before and _VOTING_IN_KAZAKH & set(reading.words[index + 1 : index + 4]):
            yield index - 1 - before[::-1].index("жылдан"), index


def _unfinished_school(reading: Reading) -> Iterator[Span]:
    """Yield "I haven't finished school yet", "школу ещё не окончила", "мектепті әлі бітірген жоқпын"."""
    for verb, (negations, schools) in _UNFINISHED.items():
        for index in reading.places.get(verb, [])[:MOST]:
            low, high = max(0, index - _NEAR), index + _NEAR
            around = set(reading.words[low:high])
            own = _ME & set(reading.words[max(0, low - 1) : high]) or "жоқпын" in around
            if own and around & negations and around & schools and around & _STILL:
                yield index, index


def _we_pupils(reading: Reading) -> Iterator[Span]:
    """Yield "us eighth graders", "нам, восьмиклассникам": a pronoun and pupils in the same case."""
    for pronoun, endings in _WE.items():
        for index in reading.places.get(pronoun, [])[:MOST]:
            for place in range(index + 1, min(index + _NEAR, len(reading.words))):
                word = reading.words[place]
                if word.endswith(endings) and (word.isascii() or word.startswith(_PUPILS) or "классни" in word):
                    yield index, place
                is_passed = word in _LINKS or word.endswith(("th", "ші", "шы")) or word.isdigit() or word == "сынып"
                if not is_passed:
                    break


def _lately_at_school(reading: Reading) -> Iterator[Span]:
    """Yield a sentence in which we were at school lately: we talked about it today in class."""
    lately = [index for word in _RECENT for index in reading.places.get(word, [])[:MOST]]
    for index in sorted(lately):
        low, high = sentence_around(reading, index)
        words = reading.words[low : high + 1]
        ours = [low + place for place, word in enumerate(words) if word in _US or word.endswith(("мыз", "міз"))]
        school = [low + place for place, word in enumerate(words) if word.startswith(_SCHOOL)]
        if ours and school and not any(word.startswith(_GROWN) or word in _GROWN_WORDS for word in words):
            yield min(index, school[0]), max(index, school[0])


def sentence_around(reading: Reading, index: int) -> Span:
    """Return the bounds of the sentence around a token, at most a few tokens on each side."""
    low = high = index
    while low > 0 and index - low < 2 * _NEAR and not reading.ends_sentence(low - 1):
        low -= 1
    while high + 1 < len(reading.words) and high - index < 2 * _NEAR and not reading.ends_sentence(high):
        high += 1
    return low, high
