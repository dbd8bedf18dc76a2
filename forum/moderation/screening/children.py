"""Children by what they are called: a fourteen-year-old, четырнадцатилетняя, a tenth-grader; ages in other forms."""

from collections.abc import Iterator

from forum.moderation.screening.coming_of_age import AGED, number_at
from forum.moderation.screening.given_names import is_given_name
from forum.moderation.screening.numerals import VALUES
from forum.moderation.screening.reading import Reading, trait
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries

_YOUNGEST, _ADULT = 3, 18
_LOCATIVE = ("да", "де", "та", "те")
_MY = ("ым", "ім", "м")  # Kazakh: my son, my grandchild
_OF_THINGS = (  # behind an age: no child has it
    *("law", "ban", "war", "history", "practice", "experience", "plan", "contract", "marriage", "campaign", "period"),
    *("опыт", "стаж", "срок", "план", "закон", "истори", "период", "юбиле", "запрет", "практик", "войн", "контракт"),
    *("sentence", "study", "debate", "building", "bottle", "car", "house", "girl", "boy", "daughter", "son"),
)
_LONG = 8  # letters; классник alone is no child
_MAY_BE_YOUNG = frozenset("girl girls boy boys child children kids kid sister daughter son teenager".split())
_AGED_IN_KAZAKH = frozenset("жасы қыз ұл бала жасар қызы ұлы баласы".split())
_PREFIXES = ("одно", "перво", "мало")  # одноклассник is of any age


CHILDREN = Vocabulary(
    entries(
        None,
        "daughter*, twin*, близнец*, близняш*, двойняш*, егіз*, son, son s, stepdaughter, stepson, granddaughter*, "
        "grandson*, grandchild, girls, boys, kids, children, niece*, nephew*, goddaughter, godson, "
        "sister, brother, girl, girl s, boy, boy s, "
        "kid, child, pupil, schoolgirl*, schoolboy*, teenager, teen, toddler, our youngest, our eldest, "
        "my youngest, my eldest, дочь, дочк*, дочер*, доченьк*, сын, сына, сыну, сыном, сыне, сынок, сынишк*, "
        "внук, внука, внуку, внуч*, племянни*, сестр*, брат, брата, брату, братик*, братишк*, девочк*, девчонк*, "
        "девчушк*, мальчик*, мальчишк*, пацан*, ребенок, ребенка, ребенку, малыш*, ученик, ученика, ученику, "
        "ученица, ученице, ученицу, школьник, школьница, школьнице, подрост*, крестни*, падчериц*, пасын*, моему, "
        "pupils, schoolchildren, интернатск*, детдомовск*, детдомовц*, девчонок, девочек, мальчишек, мальчиков, "
        "соседск*, наша учится, наш учится, наша ходит, наш ходит, "
        "моя учится, мой учится, моя ходит, мой ходит, "
        "младшая, младший, младшей, младшему, старшая, старший, қызым*, қызы*, ұлым*, ұлы, ұлының, балам*, "
        "баласы*, бала, немере*, жиен*, шөбере*, сіңлі*, інім*, інісі*, қарындас*, оқушы*, біздің қыз, біздің ұл, "
        "қыз, қызды, қызға, қызбен, ұлды, ұлға, баланы, балаға, қыздар*, ұл, бауыр*, кенже*, кішкентай*",
    )
)


def children_by_age(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield (first, last token) of "a 14-year-old", "четырнадцатилетняя", whose noun is left out or comes behind."""
    for index in reading.places.get("year", [])[:MOST]:
        number, end = number_at(reading, index - 1 - (reading.word(index - 1) == "-"))
        old = index + 1 + (reading.word(index + 1) == "-")
        is_age = _YOUNGEST <= number < _ADULT and end < index and reading.word(old).startswith("old")
        if is_age and not reading.word(old + 1).startswith(_OF_THINGS):
            yield end, old
    for _word, places in reading.places_of(_is_aged):
        for index in places[:MOST]:
            first = _age_before(reading, index)
            if first is not None and not reading.word(index + 1).startswith(_OF_THINGS):
                yield first, index


@trait
def _is_aged(word: str) -> bool:
    return word.startswith((*AGED, "летн"))


def _age_before(reading: Reading, index: int) -> int | None:
    """Return the first token of "14-летняя" or "четырнадцатилетняя" that ends at a token, if it is under age."""
    if reading.words[index].startswith(AGED):
        return index
    first = index - 1 - (reading.word(index - 1) == "-")
    return first if _YOUNGEST <= number_at(reading, first)[0] < _ADULT else None


def children_by_class(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "tenth-grader", "десятиклассница", "8-классник"."""
    for word, places in reading.places_of(_is_a_grader):
        if word.startswith("grader"):
            yield from ((index - 1 - (reading.word(index - 1) == "-"), index) for index in places[:MOST] if index > 1)
        else:
            yield from ((index, index) for index in places[:MOST])


@trait
def _is_a_grader(word: str) -> bool:
    return word.startswith("grader") or ("классни" in word and not word.startswith(_PREFIXES) and len(word) > _LONG)


def ages_in_other_forms(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "лет по четырнадцать", "girls of about fourteen", "Тимурым тоғызда", "жасы онда"."""
    for word in ("лет", "of"):
        for index in reading.places.get(word, [])[:MOST]:
            place = index + 1 + (reading.word(index + 1) in {"по", "about", "около", "maybe"})
            number, end = number_at(reading, place)
            if _YOUNGEST + 3 <= number < _ADULT and (word == "лет" or reading.word(index - 1) in _MAY_BE_YOUNG):
                yield index, end
    for word, places in reading.places_of(_is_at_an_age):
        for index in places[:MOST]:
            before = reading.word(index - 1)
            if before in _AGED_IN_KAZAKH or (word != "онда" and _is_mine(reading, index - 1)):
                yield index, index


@trait
def _is_at_an_age(word: str) -> bool:
    return word.endswith(_LOCATIVE) and _YOUNGEST <= VALUES.get(word[:-2], 0) <= 10


def _is_mine(reading: Reading, index: int) -> bool:
    """Say whether a Kazakh word is "my …" or a name: Тимурым, немерем, Айша."""
    word = reading.word(index)
    if len(word) > 3 and word.endswith(_MY):
        return True
    return index >= 0 and is_given_name(word) and reading.is_capital(index)
