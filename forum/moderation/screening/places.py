"""Where somebody can be found: employers, towns, streets, whatever stands with a capital behind "in" or "at"."""

from collections.abc import Iterator

from forum.moderation.screening.given_names import is_given_name
from forum.moderation.screening.names import CITIES, STREETS
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.vocabulary import MOST

_BEFORE_PLACES = (
    *("at", "in", "for", "on", "of", "from", "near", "behind", "opposite", "outside", "beside"),
    *("в", "на", "во", "из", "с", "со", "у", "под", "перед", "по", "около", "возле", "за"),
)
_ARTICLES = frozenset({"the", "our", "«", '"', "“", "'"})
_KAZAKH_PLACES = ("дағы", "дегі", "тағы", "тегі")  # of a place; at a sentence's beginning, too
_KAZAKH_THERE = ("да", "де", "та", "те", "дан", "ден", "тан", "тен", "нан", "нен")
_KAZAKH_OF = ("ның", "нің", "дың", "дің", "тың", "тің")
_KAZAKH_FROM = ("лік", "лық")  # Лисаковскілік: who is from Lisakovsk
_LONG = 8
_ADJECTIVES = ("ский", "ская", "ское", "ского", "ской", "ском", "скую", "скому")
_INSIDE = ("ында", "інде", "сында", "сінде", "ындағы", "індегі")
_SETTLEMENTS = frozenset(
    """village town settlement село села селе поселок поселка поселке деревня деревни деревне аул аула ауле
    станция станции ауылы ауылында ауылындағы ауылынан қаласы қаласында қаласындағы қаласынан
    кенті кентінде""".split()
)
_OPENING_QUOTES = frozenset('«“"')
_LETTERS = (2, 8)  # of an abbreviation: НИШ, КИМЭП, КазНУ
_COUNTED = frozenset(  # behind a number that is no name of anything
    """лет год года годик жас жаста жасар жастағы year years percent процентов пайыз girls women people человек адам
    класс классе класса сынып сыныпта grade раз рет hours часов сағат % :""".split()
)
_OF_THE_DEBATE = frozenset(
    """ук рк коап мвд оон ес сша ссср вич спид мрп воз нпо гк рф снг тв днк млн кхл ппс
    қр бұұ қк әқбтк ақш аек еуо кср
    un eu usa uk who ngo hiv aids us tv dna gdp ussr ok faq id lol dsa""".split()
)


def named_places(reading: Reading) -> list[int]:
    """Return the tokens of the names of places, in order."""
    found: list[int] = []
    for word, indices in reading.places.items():
        if is_city(word) or word in STREETS:
            found += [index for index in indices if reading.is_capital(index)]
        elif word.endswith(_KAZAKH_PLACES + _KAZAKH_THERE) and len(word) > 4 and not is_given_name(word):
            found += [index for index in indices[:MOST] if _is_place_in_kazakh(reading, index)]
        elif _LETTERS[0] <= len(word) <= _LETTERS[1] and word not in _OF_THE_DEBATE and word.isalpha():
            found += [index for index in indices[:MOST] if _is_abbreviation(reading, index)]
    for word in _BEFORE_PLACES:
        for index in reading.places.get(word, [])[:MOST]:
            place = index + 1 + (reading.word(index + 1) in _ARTICLES)
            if reading.word(index + 2) in _OPENING_QUOTES and reading.word(index + 1).isalpha():
                place = index + 3  # в страховой «Номад»
            if (
                reading.word(place)[:1].isalpha()
                and reading.is_capital(place)
                and (not is_given_name(reading.words[place]) or _is_numbered(reading, place))
            ):
                found.append(place)
    return sorted({*found, *_settlements(reading), *_of_somewhere(reading), *_adjectives(reading)})


def _adjectives(reading: Reading) -> Iterator[int]:
    """Yield "Актюбинского медколледжа": what is called after a town; behind it no name follows."""
    for word, indices in reading.places.items():
        if len(word) > _LONG and word.endswith(_ADJECTIVES):
            for index in indices[:MOST]:
                followed = reading.word(index + 1).isalpha() and not reading.is_capital(index + 1)
                after_name = index > 0 and is_given_name(reading.words[index - 1])
                if followed and not after_name and reading.is_capital(index):
                    yield index


def _is_numbered(reading: Reading, place: int) -> bool:
    """Say whether a number is joined to a name: Самал-2 is a quarter of a town."""
    return reading.word(place + 1) == "-" and reading.is_joined(place + 2) and reading.words[place + 2].isdigit()


def _of_somewhere(reading: Reading) -> Iterator[int]:
    """Yield the names to whose inside or beside Kazakh points: Риксостың қабылдау бөлмесінде, Самал-2-дегі."""
    for word, indices in reading.places.items():
        if len(word) > 5 and word.endswith(_KAZAKH_OF) and not is_given_name(word):
            for index in indices[:MOST]:
                inside = any(following.endswith(_INSIDE) for following in reading.words[index + 1 : index + 4])
                if inside and reading.is_capital(index) and index > 0 and not reading.ends_sentence(index - 1):
                    yield index
        elif word.endswith(_KAZAKH_FROM) and len(word) > _LONG:
            yield from (index for index in indices[:MOST] if reading.is_capital(index))
        elif word in (*_KAZAKH_PLACES, "те", "де", "та", "да"):
            yield from (
                index - 4
                for index in indices[:MOST]
                if index > 3 and reading.is_capital(index - 4) and reading.words[index - 2].isdigit()
            )


def _settlements(reading: Reading) -> Iterator[int]:
    """Yield the names beside "village of", "село", "ауылы"."""
    for word in _SETTLEMENTS & reading.places.keys():
        for index in reading.places[word][:MOST]:
            beside = (index + 1, index + 2, index - 1)
            yield from (place for place in beside if reading.word(place).isalpha() and reading.is_capital(place))


def is_city(word: str) -> bool:
    """Say whether a word is a town of the list, in any case of Russian or Kazakh."""
    return word in CITIES or any(word[:-cut] in CITIES for cut in (1, 2, 3, 4) if len(word) - cut > 3)


def _is_place_in_kazakh(reading: Reading, index: int) -> bool:
    """Say whether a name stands in the locative: Теңіздегі; a sentence's first word is no name by its capital."""
    if not reading.is_capital(index):
        return False
    is_first = index == 0 or reading.ends_sentence(index - 1)
    return not is_first or reading.words[index].endswith(_KAZAKH_PLACES)


def _is_abbreviation(reading: Reading, index: int) -> bool:
    start, end = reading.original(reading.starts[index], reading.ends[index])
    written = reading.text[start:end]
    return sum(char.isupper() for char in written) > 1 and not _shouts(reading, index)


def _shouts(reading: Reading, index: int) -> bool:
    """Say whether the word before or behind is in capitals as well: a whole sentence is shouted."""
    for other in (index - 1, index + 1):
        if 0 <= other < len(reading.words) and len(reading.words[other]) > 3:
            start, end = reading.original(reading.starts[other], reading.ends[other])
            if reading.text[start:end].isupper():
                return True
    return False


def is_of_a_town(reading: Reading, first: int) -> bool:
    """Say whether an adjective of a town stands before: кандыагашского детдома."""
    before = reading.word(first - 1)
    if first > 0 and reading.is_capital(first - 1) and is_city(before):
        return True  # Қарқаралы интернаты
    return len(before) > 8 and before.endswith(("ского", "ском", "ской", "скую", "ский", "ская"))


def is_told_apart(reading: Reading, first: int, last: int, but: tuple[int, int] = (-1, -1)) -> bool:
    """Say whether a number or a name tells which school, stop or shop is meant; `but`: tokens that do not."""
    for place in (*range(max(0, first - 3), first), *range(last + 1, min(last + 5, len(reading.words)))):
        if but[0] <= place <= but[1]:
            continue
        word = reading.words[place]
        if word.isdigit() and len(word) < 4 and reading.word(place + 1) not in _COUNTED:
            return True
        capital = len(word) > 2 and word.isalpha() and reading.is_capital(place)
        if capital and not (place == 0 or reading.ends_sentence(place - 1)):
            is_other = not (is_given_name(word) or is_city(word)) or _is_quoted(reading, place) or place == first - 1
            if word in STREETS or is_other:
                return True
    return False


def _is_quoted(reading: Reading, place: int) -> bool:
    return reading.word(place - 1) in {"«", '"', "“"} or reading.word(place + 1) in {"»", '"', "”"}
