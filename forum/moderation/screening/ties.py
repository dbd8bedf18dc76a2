"""What ties a name to a place: a job, a verb of the present, a place behind the name or before it."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from forum.moderation.screening.places import is_city, is_told_apart
from forum.moderation.screening.reading import Reading

Span = tuple[int, int]

_NEAR = 9  # tokens between a name and a trade
_BESIDE = 3  # tokens between a given name alone and its trade: Kanat, the barber
_CLOSE = 4  # tokens between a name and the place that it is from

_KAZAKH_OF = ("ның", "нің", "дың", "дің", "тың", "тің")
_WHO = frozenset("who который которая что".split())
_CLAUSE = 9  # tokens behind a name in which its clause ends
_KAZAKH_VERB = frozenset({"еді", "ады", "йды", "йді"})
_KAZAKH_WHO = ("тін", "тын", "істеген", "тұрған", "оқыған", "жүрген")  # істейтін Дільназ: Dilnaz who works
_PUBLIC_DEEDS = (  # who does so, does it before everybody's eyes
    *("said", "wrote", "write", "sign", "book", "lectur", "research", "studied", "defend", "argu", "law", "bill"),
    *("speech", "publish", "founded", "campaign", "crisis", "fund", "написал", "пишет", "книг", "исследов", "изуча"),
    *("закон", "лекци", "выступ", "заяв", "сказал", "подпис", "защища", "кризисн", "фонд", "говорил", "основал"),
    *("издал", "айтты", "айтқан", "деді", "дейді", "деген", "жазды", "жазған", "заң", "кітап", "зертте", "қорға"),
    *("қол", "дағдарыс", "қор"),
)
_IN = frozenset("in at on в на у by".split())
_FROM = frozenset("from из с со of at near".split())
_KAZAKH_PLACE_ENDINGS = (
    *("дан", "ден", "тан", "тен", "нан", "нен", "да", "де", "та", "те"),
    *("дағы", "дегі", "тағы", "тегі", "лық", "лік", "дық", "дік"),
)


@dataclass(frozen=True)
class Around:
    """What stands in the sentence of one name: bonds, jobs, the tokens of places; `employers` are those of the text."""

    name: Span
    is_full: bool
    bonds: list[Span]
    jobs: list[Span]
    spots: list[int]
    employers: list[int]


def is_tied(reading: Reading, around: Around) -> bool:
    """Say whether one of the places around a name is where its bearer can be found."""
    if not around.spots:
        return False
    name, jobs = around.name, around.jobs
    return (
        bool(around.bonds)
        or bool(jobs and around.is_full)
        or any(distance(job, name) <= _BESIDE for job in jobs)
        or _is_from(reading, around)
        or (around.is_full and _acts(reading, name[1]))
        or _acts_in_kazakh(reading, around)
        or _does_something_there(reading, around)
        or _is_put_in(reading, around)
        or _has_one(reading, around)
        or _is_apposed(reading, around)
        or _is_met(reading, around)
        or (around.is_full and any(_is_in_town(reading, spot, name) for spot in around.spots))
    )


def distance(one: Span, other: Span) -> int:
    """Return how many tokens lie between two stretches."""
    return max(one[0] - other[1], other[0] - one[1], 0)


def between(found: list[Span], low: int, high: int) -> list[Span]:
    """Return those of the stretches, which are in order, that begin between two tokens."""
    return found[bisect_left(found, (low, -1)) : bisect_left(found, (high + 1, -1))]


def jobs_near(jobs: list[Span], name: Span) -> list[Span]:
    """Return the jobs that stand near enough to a name to be its bearer's."""
    return [one for one in jobs if distance(one, name) <= _NEAR]


def _is_from(reading: Reading, around: Around) -> bool:
    """Say whether somebody is from a place close by: Марина из аптеки, Риддердегі Марина."""
    name = around.name
    is_full = name[0] < name[1] or around.is_full
    near = [spot for spot in around.spots if distance((spot, spot), name) <= (_CLOSE + 4 if is_full else _CLOSE)]
    if is_full and near and reading.word(name[1] + 1) in _FROM:
        return True
    return any(
        (spot in around.employers and _IN.intersection(reading.words[max(name[1], spot - 2) : spot]))
        or _FROM.intersection(reading.words[max(name[1], spot - 3) : spot])
        or (spot < name[0] and reading.words[spot].endswith(_KAZAKH_PLACE_ENDINGS))
        or (is_full and reading.words[spot].endswith(_KAZAKH_PLACE_ENDINGS + _KAZAKH_OF))
        for spot in near
    )


def _acts(reading: Reading, last: int) -> bool:
    """Say whether a verb of the present stands behind a name: keeps pigs, пускает, who irons."""
    place = last + 1 + (reading.word(last + 1) == ",")
    place += reading.word(place) in {"who", "который", "которая", "что"}
    word = reading.word(place)
    if _KAZAKH_VERB & set(map(_ending, _clause(reading, last))):
        return True
    if word.isascii():
        return len(word) > 3 and word.endswith("s") and not word.endswith("ss") and not reading.is_capital(place)
    return len(word) > 4 and word.endswith(("ет", "ит", "ют", "ят", "ется", "ится", "йды", "йді", "ады", "еді"))


def _does_something_there(reading: Reading, around: Around) -> bool:
    """Say whether a clause about somebody follows, with a place: Yulia, who does manicures on Orbita."""
    last = around.name[1]
    place = last + 1 + (reading.word(last + 1) == ",")
    return reading.word(place) in _WHO and around.spots[-1] > place


def _has_one(reading: Reading, around: Around) -> bool:
    """Say whether somebody has a place of their own: у Алексея Морозова клуб."""
    first, last = around.name
    return reading.word(first - 1) == "у" and any(0 < spot - last <= _CLOSE for spot in around.employers)


def _is_in_town(reading: Reading, spot: int, name: Span) -> bool:
    """Say whether a town stands near a full name: everybody in Ekibastuz remembers Olga Weber."""
    if distance((spot, spot), name) > _NEAR or not is_city(reading.words[spot]):
        return False
    around = reading.words[max(0, name[0] - _CLAUSE) : name[1] + _CLAUSE + _CLOSE]
    return not any(word.startswith(_PUBLIC_DEEDS) for word in around)


def _is_put_in(reading: Reading, around: Around) -> bool:
    """Say whether a name stands between commas behind what its bearer does: a colleague at Kaspi, Nazgul, …."""
    first, last = around.name
    inserted = reading.word(first - 1) == "," and reading.word(last + 1) in {",", ".", ""}
    told_where = around.is_full and any(0 < first - spot <= _CLOSE + 2 for spot in around.spots)
    return inserted and (told_where or any(job[1] < first for job in around.jobs))


def _clause(reading: Reading, last: int) -> list[str]:
    """Return the last word of the clause behind a name: there stands the verb in Kazakh."""
    for place in range(last + 1, min(last + _CLAUSE, len(reading.words))):
        if reading.words[place] in {",", ".", ";", "-", "!", "?"} and not reading.is_joined(place + 1):
            return [reading.words[place - 1]] if place - 1 > last else []
    return []


def _ending(word: str) -> str:
    return word[-3:] if len(word) > 5 else ""


def _acts_in_kazakh(reading: Reading, around: Around) -> bool:
    """Say whether what somebody does stands before the name, and where before that: бекетте істейтін Дільназ."""
    first = around.name[0]
    return reading.word(first - 1).endswith(_KAZAKH_WHO) and around.spots[0] < first


def _is_apposed(reading: Reading, around: Around) -> bool:
    """Say whether what somebody is stands behind the name: Yana Tsoy, optician at the mall; or before it in Kazakh."""
    name, spots = around.name, around.spots
    behind = reading.word(name[1] + 1) in {",", "-", "("} and not _is_hyphen(reading, name[1] + 1)
    reach = _NEAR if around.is_full else _CLOSE + 2
    if behind and any(0 < spot - name[1] <= reach for spot in spots):
        words = reading.words[name[1] + 2 : min(spot for spot in spots if spot > name[1])]
        return around.is_full or bool((_FROM | _IN).intersection(words))
    before = reading.words[max(0, name[0] - 3) : name[0]]
    if before and before[-1].endswith(_KAZAKH_OF) and name[0] - 1 in around.employers:
        return True  # стоматологиясының Меруерті
    is_theirs = bool(before) and len(before[-1]) > 4 and before[-1].endswith(("ы", "і"))
    return is_theirs and any(word.endswith(_KAZAKH_OF) for word in before[:-1])


def _is_hyphen(reading: Reading, place: int) -> bool:
    """Say whether a dash joins two halves of a surname."""
    return reading.words[place] == "-" and reading.is_joined(place) and reading.is_joined(place + 1)


def _is_met(reading: Reading, around: Around) -> bool:
    """Say whether the place is told apart from all others, and the name or what its bearer does is known, too."""
    name, employers = around.name, around.employers
    reach = _NEAR if around.is_full or around.jobs else _BESIDE + 1
    near = employers[bisect_left(employers, name[0] - reach) : bisect_right(employers, name[1] + reach)]
    return any(not name[0] <= spot <= name[1] and is_told_apart(reading, spot, spot, name) for spot in near)
