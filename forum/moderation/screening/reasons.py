"""Words by which a breath belongs to a debate: it reasons, tells of others, or names what is argued about."""

from collections.abc import Iterable

from forum.moderation.screening.offer_words import REASONING
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.telling_verbs import is_telling

BOTH_WAYS = frozenset(
    "is are has have this these not it its это эти есть не бұл осы емес жоқ ма ме стоит which".split()
)  # adverts say them as well
_OF_OTHERS = frozenset(
    """them those nobody none myself imagine her him himself herself themselves someone somebody whoever neither nor
    than then once ago never nothing others same both either instead still least almost perhaps maybe enough
    них ними про никто ничего нее него ней нему ему обещает выдает отбирает забирает представить никому
    которых которую котором которого которым которому никогда никак нигде столько сколько этого этому этим этой этих
    те тех той том ту тот таких такие такой также либо чтоб зачем отчего раньше тогда потом сейчас меньше больше
    одни одного одной одному другие другой других каждый поэтому вообще
    оларға ешкім одан оған оны айтамын сұрайды ештеңе ешбір ондай сонда сондай мұндай бұндай осындай солай соны мұны
    содан одан олардан кейбір біреу біреуі бәрі ешқашан бұрын бірде әлде яғни себебі""".split()
)
_STANCE = frozenset(  # how people take a side, and talk to each other
    """agree disagree honestly actually seriously sorry people folks guys folk opinion suppose guess wrong
    true problem question point really
    пойму понимаю понять откуда куда согласен согласна верю вера честно кажется вопрос значит разве неужели правда
    люди народ ребята проблема вот ведь даже ну просто
    түсінбеймін түсінем келісемін сенем сенбеймін рас дұрыс мәселе сұрақ адамдар халық әрине қайдан неліктен сонымен
    енді тек қой шығар""".split()
)
_NEUTER_PAST = ("ало", "ило", "ело", "лось")
_KAZAKH_PAST = ("ды", "ді", *(one + "т" + two for one in "птксшқ" for two in "ыі"))
_GOES_ON = ("ады", "еді", "йды", "йді")  # does, will do: adverts promise so
_NOT_PAST = frozenset("кило тело дело начало мало мыло село ашылды қалды келді сатылды болды".split())
_STRONG = (REASONING - BOTH_WAYS) | _OF_OTHERS
_TITLE = 9  # tokens of a title
_DEBATE = tuple(  # stems
    """against prostitut legal punish fine victim traffick feminis dignity moral argument debate passage women
    woman client brothel pimp rights freedom society parliament report deput minist ministr lawmaker govern
    court prosecut crime criminal bribe polic newspaper survey statistic poverty shame violence consent ombuds
    sergunin abus advert trust choice raid licen sweden swedish netherlands против проститу легализ наказ штраф
    жертв торговл достоин морал аргумент абзац женщин клиент бордел сутенер прав свобод обществ депутат отчет
    исследован насили спор приют шелтер реклам лиценз крыш рейд притон министр чиновник прокур преступ взятк
    полици кодекс бедност стыд газет парламент трасс швеци голланд жезөкше заңда заңнам жазала жазасы жазаға
    жазаны айыппұл құрбан саудасы қадір әйел клиент құқық бостандық қоғам депутат зерттеу зорлық туралы деген
    осыны ойла айту лицензия осыған баспана жарнама шатыр krysha рейд жеңгетай министр шенеунік қылмыс пара
    полиц кодекс кедей ұят газет швеция дәлел тыйым қарсы""".split()
)


def belongs_to_debate(reading: Reading, places: list[int]) -> bool:
    """Say whether one of the words at these tokens reasons, tells, or names what is argued about."""
    return bool(reasoning_among(reading, [place for place in places if not _is_a_title(reading, place)]))


def reasoning_among(reading: Reading, places: Iterable[int]) -> list[int]:
    """Return those of some tokens that reason, tell, or name what is argued about."""
    return [
        place
        for place in places
        if reading.words[place] in _STRONG or reading.words[place].startswith(_DEBATE) or _tells(reading, place)
    ]


def arguing_among(reading: Reading, places: Iterable[int]) -> list[int]:
    """Return those of some tokens that reason, tell, take a side or talk to other members."""
    places = list(places)
    return sorted({*reasoning_among(reading, places), *(place for place in places if _takes_a_side(reading, place))})


def _takes_a_side(reading: Reading, place: int) -> bool:
    """Say whether a word is of those by which people argue, or ends a sentence of Kazakh with what happened."""
    word = reading.words[place]
    if word in _STANCE or word.endswith(_NEUTER_PAST):
        return word not in _NOT_PAST
    happened = word.endswith(_KAZAKH_PAST) and not word.endswith(_GOES_ON) and word not in _NOT_PAST
    return happened and reading.word(place + 1) in {"", ".", ",", "!", "?", "…", ";"}


def _is_a_title(reading: Reading, place: int) -> bool:
    """Say whether a word stands in quotation marks: the title of a course reasons, its advert does not."""
    if reading.word(place - 1) == "«" and reading.word(place + 1) == "»":
        return False  # one word alone is no title: «крыша»
    before = reading.words[max(0, place - _TITLE) : place]
    behind = reading.words[place + 1 : place + _TITLE]
    return "«" in before and "»" not in before and "»" in behind


def _tells(reading: Reading, place: int) -> bool:
    """Say whether a word is a verb that tells; "vaccinated" between commas tells nothing, nor do Kazakh nouns."""
    word = reading.words[place]
    if word.endswith(("ды", "ді", "ты", "ті")):
        return False
    if not is_telling(word):
        return False
    return not (word.endswith("ed") and reading.word(place - 1) == ",")
