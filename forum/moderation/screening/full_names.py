"""Names of people in a text: given name and surname in either order, with a patronymic or an initial."""

from collections.abc import Iterator

from forum.moderation.screening.given_names import is_given_name
from forum.moderation.screening.names import ARTICLE_FIRST, ARTICLE_LAST
from forum.moderation.screening.places import is_city
from forum.moderation.screening.reading import Reading, trait
from forum.moderation.screening.vocabulary import MOST

Name = tuple[int, int, bool]  # first token, last token, with a surname

# Endings by which a word is a surname whatever stands before it, in the cases of Russian and Kazakh.
_SURE_STEMS = ("ов", "ев", "ова", "ева", "ұлы", "қызы", "енко", "ский", "ская", "ov", "ev", "ova", "eva")
_SURE_SURNAMES = (
    *_SURE_STEMS,
    *("ову", "еву", "овым", "евым", "овой", "евой", "ове", "еве", "ского", "скому", "ской", "скую"),
    *("овтың", "овтің", "евтің", "евтың", "ованың", "еваның", "овқа", "овке", "овты", "овті", "оваға", "еваға"),
    *("ованы", "еваны", "овпен", "евпен", "овамен", "евамен", "овтан", "овадан", "енконы", "енконың", "енкоға"),
    *("kyzy", "qyzy", "uly", "enko", "sky", "skaya", "skiy"),
    *("ян", "дзе", "швили", "чук", "yan", "dze", "chuk"),
)
_SURNAMES = (*_SURE_SURNAMES, "ин", "ина", "ко", "ая", "ий", "бек", "бай", "ин", "ина", "in", "ina")
# Surnames of Koreans, Dungans and others of the region that are too short for an ending.
_SHORT_SURNAMES = frozenset(
    """ким кима киму пак пака ли цой цоя хан тен тян шин нам эм ем огай югай хегай ногай юн ан кан лим тё чен ван сон
    kim pak park lee tsoi tsoy choi khan ten shin nam ogay khegay yun kan lim""".split()
)
_TITLES = (
    "mr",
    "mrs",
    "ms",
    "miss",
    "некий",
    "некая",
    "гражданка",
    "гражданин",
    "господин",
    "госпожа",
    "мырза",
    "ханым",
)
_SOMEBODY = ("кісі", "адам", "қыз", "жігіт", "әйел", "еркек", "келіншек", "ағай", "апай", "кемпір", "шал", "біреу")
_ALONE = ("ова", "ева", "ина", "ская", "ов", "ев", "ova", "eva", "ina", "skaya", "ov", "ev")
_FROM = frozenset("с из со from".split())
_KAZAKH_AT = ("дағы", "дегі", "тағы", "тегі")
_LONG = 6
_NO_SURNAMES = frozenset("the она его her she ол this моя наша our my".split())


def names(reading: Reading) -> list[Name]:
    """Return the names of people who are not in the article, in order."""
    found = []
    for _word, places in reading.places_of(is_given_name):
        for index in places[:MOST]:
            if reading.is_capital(index) and not _is_of_the_article(reading, name := _whole(reading, index), index):
                found.append(name)
    return sorted(
        {*found, *_by_surname(reading, found), *_by_title(reading), *_called(reading), *_surnames_from(reading)}
    )


@trait
def _is_a_surname_alone(word: str) -> bool:
    return len(word) >= _LONG and word.endswith(_ALONE) and not word.startswith(ARTICLE_LAST) and not is_city(word)


def _surnames_from(reading: Reading) -> Iterator[Name]:
    """Yield a surname alone that is told apart by a place: Абдуллина с третьего этажа, қабаттағы Абдуллина."""
    for _word, places in reading.places_of(_is_a_surname_alone):
        for index in places[:MOST]:
            told = reading.word(index + 1) in _FROM or reading.word(index - 1).endswith(_KAZAKH_AT)
            if told and reading.is_capital(index):
                yield index, index, True


def _called(reading: Reading) -> Iterator[Name]:
    """Yield the name before "деген кісі": somebody who is called so."""
    for index in reading.places.get("деген", [])[:MOST]:
        is_called = reading.word(index + 1).startswith(_SOMEBODY) and _is_capitalised(reading, index - 1)
        if is_called and not reading.words[index - 1].startswith(ARTICLE_FIRST + ARTICLE_LAST):
            yield index - 1, index - 1, True


def _by_title(reading: Reading) -> Iterator[Name]:
    """Yield what stands with a capital behind "Mr", "некий", "гражданка"."""
    for word in _TITLES:
        for index in reading.places.get(word, [])[:MOST]:
            first = index + 1 + (reading.word(index + 1) == ".")
            if _is_capitalised(reading, first):
                last = first + _is_capitalised(reading, first + 1)
                yield first, last, True


def _whole(reading: Reading, index: int) -> Name:
    """Return the name around a given name: what follows with a capital, or a surname before it."""
    first = last = index
    while last - index < 2 and _is_capitalised(reading, last + 1):
        if last > index and not _goes_on(reading, last + 1):
            break
        last += 1
    if last == index and _is_capitalised(reading, index - 1) and _is_surname(reading.words[index - 1]):
        first -= 1
    if first == last and _is_initial(reading, index + 1):
        return first, index + 1, True
    return first, last, first != last


def _goes_on(reading: Reading, index: int) -> bool:
    """Say whether a third word is a patronymic or a surname, not a place: Анатолий Шмидт Қарабұлақта."""
    word = reading.words[index]
    return _is_surname(word) or word.endswith(("вна", "вны", "вне", "вну", "вич", "вича", "вичу", "vna", "vich"))


def _is_surname(word: str) -> bool:
    return word.endswith(_SURNAMES) or word in _SHORT_SURNAMES


def _is_initial(reading: Reading, index: int) -> bool:
    """Say whether one capital letter with a full stop stands there: Марина К."""
    word = reading.word(index)
    return len(word) == 1 and word.isalpha() and reading.word(index + 1) == "." and reading.is_capital(index)


def _is_of_the_article(reading: Reading, name: Name, given: int) -> bool:
    if not reading.words[given].startswith(ARTICLE_FIRST):
        return False
    others = [reading.words[one] for one in range(name[0], name[1] + 1) if one != given]
    return not others or any(other.startswith(ARTICLE_LAST) for other in others)


@trait
def _is_a_surname(word: str) -> bool:
    return len(word) > 4 and word.endswith(_SURE_SURNAMES) and not word.startswith(ARTICLE_LAST) and not is_city(word)


def _by_surname(reading: Reading, known_names: list[Name]) -> list[Name]:
    """Return names whose first part is on no list, but whose second part is a surname; and "Akhmetov B."."""
    known = {index for first, last, _ in known_names for index in range(first, last + 1)}
    found = []
    for _word, places in reading.places_of(_is_a_surname):
        for index in places[:MOST]:
            first = index - 1
            if index in known or not reading.is_capital(index):
                continue
            if _is_initial(reading, index + 1):
                found.append((index, index + 1, True))
            elif reading.word(first) == "." and _is_initial(reading, first - 1):
                found.append((first - 1, index, True))
            elif first >= 0 and _is_capitalised(reading, first) and _may_be_given(reading.words[first]):
                found.append((first, index, True))
    return found


def _may_be_given(word: str) -> bool:
    return len(word) > 2 and not word.startswith(ARTICLE_FIRST)


def _is_capitalised(reading: Reading, index: int) -> bool:
    word = reading.word(index)
    if len(word) < 2 or not word.isalpha() or not reading.is_capital(index):
        return False
    return not is_city(word) and word not in _NO_SURNAMES
