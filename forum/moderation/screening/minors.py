"""Somebody who says that they are under 18, and words by which a minor could be found."""

from collections.abc import Iterator

from forum.moderation.screening.ages_told import ages_told
from forum.moderation.screening.coming_of_age import own_ages
from forum.moderation.screening.findable import findable_children
from forum.moderation.screening.flags import Flag, Severity, merged
from forum.moderation.screening.growing_up import growing_up
from forum.moderation.screening.introductions import introductions
from forum.moderation.screening.meeting_places import meeting_places
from forum.moderation.screening.numerals import VALUES
from forum.moderation.screening.reading import Reading, trait
from forum.moderation.screening.school_life import school_life
from forum.moderation.screening.schools import (
    PAST,
    grades,
    schools,
)
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries
from forum.moderation.screening.whereabouts import whereabouts
from forum.moderation.screening.young_now import young_now

_YOUNGEST, _ADULT = 6, 18

_SURE = Vocabulary(
    entries(
        None,
        "we are pupils, we re pupils, we are school students, we are schoolgirls, we are schoolboys, "
        "we are students of a lyceum, we are students of a school, мы ученики, мы ученицы, мы лицеисты, мы гимназисты, "
        "оқушы қызбын, оқушы баламын, оқушы жігітпін, біз лицей оқушыларымыз, біз мектеп оқушыларымыз, біз оқушымыз, "
        "біз оқушылармыз, "
        "grader here, schoolgirl here, schoolboy here, pupil here, teen here, teenager here, minor here, "
        "till i m 18, until i m 18, before i m 18, till i am 18, until i am 18, before i am 18, till i turn 18, "
        "until i turn 18, before i turn 18, till i m eighteen, until i m eighteen, before i m eighteen, "
        "18 ге толам, 18 ге толамын, он сегізге толам, он сегізге толамын, 18 жасқа толам, 18 жасқа толамын, "
        "i am a minor, i m a minor, im a minor, i am underage, i m underage, im underage, i am still a minor, "
        "i am under 18, i m under 18, im under 18, i m still underage, i am under eighteen, i m not 18 yet, "
        "i am not 18 yet, im not 18 yet, i m not yet 18, i am not yet 18, i am not even 18, i m not even 18, "
        "i m still in school, i am still in school, i m still at school, i am still at school, i am a schoolgirl, "
        "i m a schoolgirl, i am a schoolboy, i m a schoolboy, i m a high school*, i am a high school*, "
        "i am in high school, i m in high school, im in high school, i am in middle school, i m in middle school, "
        "im in middle school, i am a teenager, i m a teenager, im a teenager, i m a teen, i am a teen, "
        "as a minor myself, being a minor myself, i go to high school, i am still a child, i m still a child, "
        "i turn 18 in, i ll be 18 in, i will be 18 in, i ll turn 18, я школьник, я школьница, я еще школьни*, "
        "я пока школьни*, я обычная школьница, я обычный школьник, я учусь в школе, я еще учусь в школе, "
        "еще учусь в школе, я несовершеннолетн*, я еще несовершеннолетн*, я сам несовершеннолетн*, "
        "я сама несовершеннолетн*, я малолетка, мне нет 18, мне еще нет 18, мне нет восемнадцати, "
        "мне еще нет восемнадцати, мне нет и 18, мне еще не исполнилось 18, мне не исполнилось 18, "
        "мне пока нет 18, я подросток, я еще подросток, я еще ребенок, я ученица, я ученик, мне меньше 18, "
        "мне до 18, я младше 18, мен оқушымын, мектеп оқушысымын, оқушымын, кәмелетке толмағанмын, "
        "кәмелет жасына толмадым, кәмелет жасына толмағанмын, кәмелетке толмадым, әлі кәмелетке толмағанмын, "
        "мектепте оқимын, әлі мектепте оқимын, мектепте оқып жүрмін, мектепке барамын, жасөспіріммін, "
        "мен әлі баламын, он сегізге толмадым, он сегізге толмағанмын, 18 ге толмадым, 18 ге толмағанмын, "
        "18 ге толған жоқпын, 18 ге әлі толмадым, 18 жасқа толмадым, 18 жасқа толмағанмын, 18 жасқа әлі толмадым, "
        "18 жасқа әлі толмағанмын, он сегізге әлі толмадым, он сегізге әлі толмағанмын, он сегіз жасқа толмадым, "
        "он сегіз жасқа толмағанмын, not an adult yet, not yet an adult, i m not an adult, i am not an adult, "
        "im not an adult, i m no adult yet, i m not of age, i am not of age, i m not grown up yet, i am a child, "
        "i m a child, i m a kid, i am a kid, i m just a kid, i am a pupil, i m a pupil, классная задала, "
        "классная велела, классная сказала написать, year of high school, я первый год в старш*, "
        "учусь в старш* класс*",
        "толмаған болсам да, кәмелетке толмағандықтан, кәмелетке толмағаным, "
        "year of secondary school, until i come of age, before i come of age, until i m of age, "
        "i am in secondary school, i m still in secondary school, i am still in secondary school, "
        "i m in secondary school, я пока не взросл*, я еще не взросл*, я не взросл*, я ребенок, "
        "я всего лишь ребенок, я не совершеннолетн*, мне нет шестнадцати, мне нет еще шестнадцати, мне нет 16, "
        "мне еще нет 16, мне нет и шестнадцати, я пока школьник, я пока школьница, я школьного возраста, "
        "кәмелетке толған жоқпын, кәмелетке әлі толған жоқпын, кәмелет жасына толған жоқпын, әлі ересек емеспін, "
        "мен ересек емеспін, мен баламын, до совершеннолетия еще, до совершеннолетия мне, кәмелетке толуыма, "
        "мен мектеп оқушысы, мектептемін, әлі мектептемін",
    )
)
_SELF = {
    "en": frozenset("i im me my age".split()),
    "ru": frozenset("мне я возраст".split()),
    "kk": frozenset("маған мен жасым жасыма жасымда".split()),
}
_BETWEEN = frozenset(
    """am m ' ’ is a an the only just almost nearly now still currently about turning turned be ll will turn
    soon age year this im myself recently barely old = - : ,
    через месяц неделю полгода вот-вот недели уже всего только лишь сейчас
    почти скоро недавно исполнилось исполнится исполнилось будет вот пока же ещё еще
    тоже где-то примерно щас мой возраст всего-то самой самому
    қазір келесі айда аптада жылы ертең әлі небәрі бар енді енді-енді биыл ғана жақында менің тек""".split()
)
_AFTER_AGE = {
    "en": frozenset(
        """
            btw too here tbh years yrs yr because who which which my we as what how with if also already
            nobody ok y.o living going dont don and... years year yo y and but so too . , ! ) ; - – old f m
            girl boy from in next this now lol pls please ( ? … "
            """.split()
    )
    | {""},
    "ru": frozenset(
        """
            не
            лет годиков годик год и но а я . , ! ) ; - полных учусь только из скоро будет исполнится тоже
            же вообще кстати между сейчас щас уже поэтому как хотя что мы мой моя если почему в с годков ок
            мама школьница ( ? … " через завтра послезавтра живу хожу девочка парень
            """.split()
    )
    | {""},
    "kk": frozenset(
        """
            жас жаста жастамын жасқа жарым . , ! ) ; - та те де да темін демін тамын дамын және бірақ ғой ғана
            сондықтан қазір болды толды толады болады әлі мен те да ( ? … "
            """.split()
    )
    | {""},
}
_KAZAKH_OWN_AGE = frozenset("жастамын жастамыз темін демін тамын дамын теміз жастағымын".split())
_KAZAKH_OF_AGE = frozenset("жасар жастағы жасқа жаста".split())
_KAZAKH_SELF = ("мын", "мін", "бын", "бін", "пын", "пін", "дым", "дім", "тым", "тім")
_YEARS = frozenset("лет годиков years year old жас жаста жастамын оқимын оқып жүрмін оқиды".split())
_BEFORE_AGE = _BETWEEN.union(*_SELF.values())
_BEHIND_AGE = _KAZAKH_OWN_AGE | _KAZAKH_OF_AGE | frozenset({"-", "year", "years", "yo", "летняя", "летний", "f", "m"})


def minor(reading: Reading) -> list[Flag]:
    """Find somebody who says that they are under 18, and a child's school or class with a place.

    Code `minor`, severity HOLD: only a lead may publish it.

    >>> [flag.code for flag in minor(Reading("Мне 15 лет, и я против"))]
    ['minor']
    """
    spans = [(first, last) for first, last, _ in _SURE.find(reading)]
    spans += _ages(reading)
    spans += grades(reading)
    spans += schools(reading)
    spans += [
        *own_ages(reading),
        *school_life(reading),
        *findable_children(reading),
        *whereabouts(reading),
        *introductions(reading),
        *growing_up(reading),
        *ages_told(reading),
        *meeting_places(reading),
        *young_now(reading),
    ]
    return merged(
        reading.flag_words("minor", Severity.HOLD, first, _with_years(reading, last)) for first, last in spans
    )


def _with_years(reading: Reading, last: int) -> int:
    """Return the last token together with "years old", "лет", "жаста" or "оқимын" behind it."""
    while reading.word(last + 1) in _YEARS:
        last += 1
    return last


def _number(reading: Reading, index: int) -> tuple[int, int]:
    """Return (number, its last token) at a token: digits or a numeral; -1 if there is none."""
    word = reading.words[index]
    if word.isdigit():
        return (int(word), index) if len(word) < 3 else (-1, index)
    if word == "он":  # Kazakh: ten; with the next word, a teen
        unit = VALUES.get(reading.word(index + 1), 0)
        return (10 + unit, index + 1) if 0 < unit < 10 else (-1, index)
    return VALUES.get(word, -1), index


def _ages(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield (first, last token) of "I am 15", "мне 15 лет", "15 жастамын" and their like."""
    for index, last in _candidates(reading):
        first = _self_before(reading, index, last)
        if first is not None:
            yield first, last
        elif _is_own_age_in_kazakh(reading, last) or _is_tag(reading, index, last):
            yield index, last + 1


@trait
def _may_be_an_age(word: str) -> bool:
    return word == "он" or (word.isdigit() and len(word) <= 2) or _YOUNGEST <= VALUES.get(word, 0) < _ADULT


def _candidates(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield (first, last token) of every number that could be a minor's age."""
    for word, places in reading.places_of(_may_be_an_age):
        for index in places[:MOST]:
            if (
                reading.word(index - 1) not in _BEFORE_AGE
                and reading.word(index + 1 + (word == "он")) not in _BEHIND_AGE
            ):
                continue
            number, last = _number(reading, index)
            if _YOUNGEST <= number < _ADULT and reading.word(index - 1) != "он":
                yield index, last


def _self_before(reading: Reading, index: int, last: int) -> int | None:
    """Return the token of "I", "мне", "маған" before an age, if only words such as "just" stand between."""
    after = reading.word(last + 1)
    for back in range(index - 1, max(index - 7, -1), -1):
        word = reading.words[back]
        for language, words in _SELF.items():
            if word in words and after in _AFTER_AGE[language]:
                return back if _is_now(reading, back, index, last, language) else None
        if word not in _BETWEEN:
            return None
    return None


def _is_now(reading: Reading, back: int, index: int, last: int, language: str) -> bool:
    """Say whether "I … 15" speaks of the present and of an age."""
    between = reading.words[back + 1 : index]
    before = reading.words[max(0, back - 2) : back]
    around = (before if "." not in before else []) + reading.words[last + 1 : last + 4]
    if PAST.intersection(around[:2]) or "болғанда" in around or "едім" in around or "кезімде" in around:
        return False
    if language == "en":
        if reading.words[back] in {"me", "age"} or (reading.words[back] == "my" and "age" not in between):
            return False
        if reading.words[back] == "i" and not {"am", "m", "turned", "turn", "be"}.intersection(between):
            return False
        is_range = reading.word(last + 1) in {"-", ","} and reading.word(last + 2).isdigit()
        if reading.word(last + 1) == "in" and reading.word(last + 2) in {"favour", "favor"}:
            return True
        return (
            not is_range
            and reading.word(last + 2) not in {"into", "percent", "minutes", "ago"}
            and reading.word(last + 1) != "with"
        )
    if reading.word(last + 1) in {"из", "в", "с", ".", ","} and reading.word(last + 2).isdigit():
        return False
    if language == "ru" and reading.words[back] == "я":
        return reading.word(last + 1) == "-" and reading.word(last + 2).startswith("летн")
    if language == "kk" and reading.words[back] == "мен":
        return reading.word(last + 1) == "жастамын" or _is_own_age_in_kazakh(reading, last)
    return True


def _is_own_age_in_kazakh(reading: Reading, last: int) -> bool:
    """Say whether a number is followed by "I am … old" in Kazakh: 15 жастамын, 15-темін, 15 жасар қызбын."""
    place = last + 1 + (reading.word(last + 1) == "-")
    word = reading.word(place)
    if word in _KAZAKH_OWN_AGE:
        return True
    return word in _KAZAKH_OF_AGE and any(
        reading.word(place + step).endswith(_KAZAKH_SELF)
        and reading.word(place + step)[:3] in {"қыз", "бал", "оқу", "жас", "тол", "ұлм", "жіг", "адам"}
        for step in (1, 2)
    )


def _is_tag(reading: Reading, index: int, last: int) -> bool:
    """Say whether an age stands in a form that only speaks of oneself: "as a 15-year-old", "15yo here", "15 f"."""
    after = [word for word in reading.words[last + 1 : last + 7] if word != "-"]
    before = [word for word in reading.words[max(0, index - 4) : index] if word not in "-'’"]
    if after[:2] in (["year", "old"], ["years", "old"]) or after[:1] in (["yo"], ["летняя"], ["летний"]):
        own_before = before[-2:] in (["am", "a"], ["m", "a"], ["im", "a"], ["am", "an"], ["m", "an"]) or before[
            -1:
        ] in (["я"], ["im"])
        as_self = before[-2:-1] == ["as"] and {"i", "my", "me", "myself", "here"}.intersection(after)
        return own_before or bool(as_self) or after[1:2] == ["here"] or after[2:3] == ["here"]
    return after[:2] in (["f", "here"], ["m", "here"])
