"""Where and when a child could be met though its age is not told: the own daughter's music school, every day."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cache, partial

from forum.moderation.screening.coming_of_age import number_at
from forum.moderation.screening.given_names import is_given_name
from forum.moderation.screening.growing_up import sentence_around
from forum.moderation.screening.names import STREETS
from forum.moderation.screening.numerals import VALUES
from forum.moderation.screening.places import is_of_a_town, is_told_apart, named_places
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries
from forum.moderation.screening.whereabouts import DAYS, is_counted

Span = tuple[int, int]
Towns = Callable[[], list[int]]

_FOR_CHILDREN = Vocabulary(
    entries(
        None,
        "school, kindergarten, orphanage, boarding school, children s home, summer camp, camp, music school, "
        "art school, sports school, college, lyceum, gymnasium, nursery, playgroup, школ*, садик*, детсад*, "
        "детск* сад*, детдом*, детск* дом*, интернат*, лагер*, музыкалк*, художк*, колледж*, лице*, гимнази*, "
        "кружок, кружк*, секци*, мектеп*, мектеб*, балабақша*, балалар үйі*, интернат*, лагер*, колледж*, "
        "лицей*, гимназия*, үйірме*",
    )
)
_NOT_FOR_CHILDREN = ("лагерей", "школьн", "коллега", "мектепші")
_OWN_CHILDREN = Vocabulary(
    entries(
        None,
        "boys from, girls from, children from, two sisters, two brothers, her daughter, her son, мальчики из, "
        "девочки из, две сестры, два брата, двое братьев, екі апалы, интернатының балалары, балаларының, "
        "школьницу из, школьника из, оқушы қызын, "
        "my daughter*, our daughter*, my son, our son, my sons, our sons, my little sister, my little brother, "
        "my niece, my nephew, my granddaughter, my grandson, my goddaughter, my godson, my kid, my child, "
        "my children, our children, our kids, my girl, my boy, my kids, two boys, two girls, three girls, "
        "the boy, the girl, schoolgirl, schoolboy, a pupil, little girl, little boy, the kids from, "
        "моя дочь, мою дочь, моей дочери, дочка, дочку, дочке, доченьк*, мой сын, сын, сына, сыну, "
        "моего сына, моему сыну, "
        "наш сын, наша дочь, наши дочери, наших дочерей, мои дочери, сестренк*, братишк*, племянни*, внук, внука, "
        "внуку, внучк*, крестни*, мой ребенок, моего ребенка, наши дети, мои дети, моих детей, "
        "двоих мальчи*, двоих пацан*, "
        "двух мальчи*, двух девоч*, двоих девоч*, мальчик, мальчика, школьница, школьницу, "
        "школьнице, школьник, школьника, ученица, "
        "ученицу, ученице, ученик, ученика, мальчишк*, дети из, детей из, "
        "қызым*, ұлым*, балам*, немерем*, сіңлім*, інім*, жиенім*, жиен қызым, қарындасым*, қыздарымыз*, "
        "ұлдарымыз*, балаларымыз*, балаларым*, оқушы қыз*, оқушы бала*, бір бала, бір оқушы, "
        "екі баланы, екі қызды, балалары",
    )
)
_WHO = frozenset("she he her his она он ее его ей ему ол оны оның".split())
_OFTEN = Vocabulary(
    entries(
        None,
        "every day, every evening, every morning, every night, each day, every week, every monday, every friday, "
        "every afternoon, каждый день, каждый вечер, каждое утро, каждую неделю, каждую пятницу, ежедневно, "
        "по вечерам, по утрам, по пятницам, по субботам, по понедельникам, по вторникам, по средам, по четвергам, "
        "күнде, күн сайын, кеш сайын, таң сайын, апта сайын, жұма сайын, бейсенбі сайын, сенбі сайын",
    )
)
_UNTIL = frozenset("at until till after by в до после сағат".split())
_HOURS = range(1, 24)
_IN_KAZAKH = ("де", "да", "те", "та", "ге", "ға", "ке", "қа")
_OF_TIME = frozenset("сағат дейін кейін".split())
_LASTING = (  # behind a number that is no hour of the day
    *("percent", "year", "month", "week", "day", "minute", "hours", "people", "женщин", "процент", "лет", "месяц"),
    *("недел", "дней", "дня", "минут", "часов", "школ", "класс", "год", "жыл", "ай", "апта", "күн", "пайыз", "адам"),
)
_NEAR_TOWN = 6  # tokens between an institution and its town
_THEN = frozenset("was were went used attended училась учился ходила ходил окончила окончил оқыған оқыды".split())
_CLASS = ("grade", "класс", "сынып", "сыныб", "form")


def meeting_places(reading: Reading) -> Iterator[Span]:
    """Yield (first, last token) of a child and the place, or the place and the time, where it could be met."""
    institutions = [
        (first, last)
        for first, last, _ in _FOR_CHILDREN.find(reading)[:MOST]
        if not reading.words[first].startswith(_NOT_FOR_CHILDREN)
    ]
    children = [(first, last) for first, last, _ in _OWN_CHILDREN.find(reading)[:MOST]]
    if not institutions and not children:
        return
    towns = cache(partial(named_places, reading))  # few texts need them
    yield from _at_an_institution(reading, institutions, children, towns)
    yield from _at_a_time(reading, children, towns)


def _at_an_institution(
    reading: Reading, institutions: list[Span], children: list[Span], towns: Towns
) -> Iterator[Span]:
    """Yield an own child with the school, camp or home that a number, a name or a town tells apart."""
    for first, last in institutions:
        low, high = sentence_around(reading, first)
        words = reading.words[low : high + 1]
        child = next((one for one in _between(children, low, high) if one[0] != first), None)
        if (child is None and not any(word.startswith(_CLASS) for word in words)) or not _THEN.isdisjoint(words):
            continue
        told = is_told_apart(reading, first, last) or _is_on_a_street(reading, last) or is_counted(reading, first)
        if child is not None and (
            told or is_of_a_town(reading, first) or _within(towns(), first - _NEAR_TOWN, last + _NEAR_TOWN)
        ):
            yield min(first, child[0]), max(last, child[1])
        elif told and _is_in_a_class(reading, low, high):
            yield low, last


def _is_in_a_class(reading: Reading, low: int, high: int) -> bool:
    """Say whether "she", "он" or a name and a class stand in a sentence: she is in grade 10 of the 25th school."""
    words = reading.words[low : high + 1]
    somebody = _WHO & set(words) or any(
        is_given_name(reading.words[place]) and reading.is_capital(place) for place in range(low, high + 1)
    )
    return bool(somebody) and any(word.startswith(_CLASS) for word in words)


def _is_on_a_street(reading: Reading, last: int) -> bool:
    """Say whether a street follows: музыкалку на Байтурсынова, the music school on Baitursynov."""
    return reading.word(last + 1) in {"on", "на", "по"} and _is_name(reading, last + 2)


def _at_a_time(reading: Reading, children: list[Span], towns: Towns) -> Iterator[Span]:
    """Yield an own child with a place at which it is every day, or at an hour."""
    if not children:
        return
    often = [(first, last) for first, last, _ in _OFTEN.find(reading)]
    timed = [
        (child, (low, high))
        for child in children
        for low, high in [sentence_around(reading, child[0])]
        if _between(often, low, high) or any(_is_time(reading, place) for place in range(low, high + 1))
    ]
    if not timed:
        return
    streets = [index for word in STREETS & reading.places.keys() for index in reading.places[word][:MOST]]
    places = sorted({*towns(), *(index for index in streets if reading.is_capital(index)), *_names(reading)})
    for child, (low, high) in timed:
        here = [place for place in _within(places, low, high) if not child[0] <= place <= child[1]]
        if here:
            yield min(child[0], here[0]), max(child[1], here[0])


def _names(reading: Reading) -> Iterator[int]:
    """Yield the words with a capital inside of a sentence that are nobody's names."""
    for word, indices in reading.places.items():
        if len(word) > 3 and word.isalpha() and not is_given_name(word):
            for index in indices[:MOST]:
                inside = (index > 1 and reading.words[index - 1].isalnum()) or reading.word(index - 1) == "«"
                if inside and reading.is_capital(index):
                    yield index


def _is_time(reading: Reading, place: int) -> bool:
    return reading.words[place].startswith(DAYS) or _is_hour(reading, place)


def _is_hour(reading: Reading, place: int) -> bool:
    """Say whether an hour stands at a token: at four, до восьми, төртте."""
    number, end = number_at(reading, place)
    if number in _HOURS:
        behind = reading.word(end + 1)
        return reading.word(place - 1) in _UNTIL and not behind.startswith(_LASTING)
    word = reading.words[place]
    value = VALUES.get(word[:-2], 0) if word.endswith(_IN_KAZAKH) else 0
    return value in _HOURS and (word[-2:] in {"де", "да", "те", "та"} or reading.word(place + 1) in _OF_TIME)


def _is_name(reading: Reading, place: int) -> bool:
    return reading.word(place).isalpha() and reading.is_capital(place)


def _within(found: list[int], low: int, high: int) -> list[int]:
    return found[bisect_left(found, low) : bisect_right(found, high)]


def _between(found: list[Span], low: int, high: int) -> list[Span]:
    return found[bisect_left(found, (low, -1)) : bisect_left(found, (high + 1, -1))]
