"""People whom everybody may name: who holds a public office, who writes books, who lives only in one."""

from bisect import bisect_left, bisect_right

from forum.moderation.screening.reading import Reading
from forum.moderation.screening.trades import TITLES
from forum.moderation.screening.vocabulary import Vocabulary, entries

_NEAR = 8  # tokens between a name and an office

_OFFICES = Vocabulary(
    entries(
        None,
        "president*, minister*, prime, deputy, deputies, senator*, mp, mps, mep, meps, governor*, mayor*, "
        "spokes*, ambassador*, professor*, dr, researcher*, sociolog*, journalist*, author*, writer*, economist*, "
        "judge*, prosecutor*, investigator*, commissioner*, activist*, lawyer*, historian*, philosopher*, king, "
        "queen, pope, chancellor*, scholar*, critic*, ombuds*, rapporteur*, parliament*, mazhilis*, congress*, "
        "secretary of state, secretary general, attorney general, chief of police, police chief, bishop*, "
        "chairman of the, chairwoman of the, chair of the, head of the committee, head of the department, "
        "head of the ministry, member of the council, councillor*, akim, poet*, президент*, министр*, депутат*, "
        "сенатор*, аким, акима, акиму, акимом, губернатор*, мэр*, пресс-секретар*, посол, профессор*, "
        "исследовател*, социолог*, журналист*, писател*, экономист*, судья, судьи, прокурор*, следовател*, "
        "омбудсмен*, правозащитни*, активист*, юрист, адвокат, историк*, философ*, ученый, ученая, спикер*, "
        "автор, автора, уполномоченн*, мажилис*, парламент*, вице министр*, генпрокурор*, госсекретар*, "
        "замминистр*, председател* комитет*, председател* суда, председател* верховн*, глава комитет*, "
        "глава департамент*, глава министерств*, глава мвд, глава государств*, начальник департамент*, "
        "начальник главн* управлени*, поэт, поэта, поэтесс*, докладчик*, генерал*, патриарх*, министрі, депутаты, "
        "депутат, әкім, әкімі, сенаторы, профессоры, профессор, ғалым, ғалымы, ғалымдар, ғалымдары, ғалымның, "
        "журналисі, зерттеуші*, елші, елшісі, прокуроры, судьясы, жазушы*, ақын*, уәкіл*, мәжіліс*, төрағасы, "
        "төрайымы, құқық қорғаушы*, мемлекеттік хатшы*",
    )
)
_KNOWN = Vocabulary(  # whom everybody names without an office
    entries(
        None,
        "tokayev, tokaev, nazarbayev, nazarbaev, nazarbayeva, putin, lukashenko, yeltsin, gorbachev, "
        "zelensky, macron, merkel, scholz, trump, biden, obama, clinton, thatcher, erdogan, mirziyoyev, japarov, "
        "sadenov, turgumbayev, akhmatova, shauro, "
        "токаев*, тоқаев*, назарбаев*, путин, путина, путину, путиным, путине, лукашенко, ельцин*, "
        "горбачев*, зеленск*, макрон*, меркель, шольц*, трамп*, байден*, обам*, клинтон*, тэтчер, эрдоган*, "
        "мирзиеев*, жапаров*, саденов*, "
        "тургумбаев*, ахматов*, біртанов*, биртанов*, aiman umarova, айман умаров*, айман омаров*, dina tansari, "
        "дин* тансари, дин* смаилов*, zulfiya baisakova, зульфи* байсаков*, халид* ажигулов*, khalida azhigulova",
    )
)
_IN_PUBLIC = Vocabulary(  # who speaks so has chosen to be heard
    entries(
        None,
        "interview, interviews, press conference*, in public, on air, on television, интервью, пресс конференц*, "
        "в эфире, публично, сұхбат*, баспасөз*, эфирде, көпшілік алдында",
    )
)
_LITERATURE = Vocabulary(
    entries(
        None,
        "novel*, heroine*, character, characters, protagonist*, short story, in the story, in the tale, the play, "
        "the film, the movie, this film, the poem, chapter, повест*, рассказе, героин*, персонаж*, пьес*, фильме, "
        "фильм, поэм*, литератур*, роман*, повесть, әңгімес*, кейіпкер*, поэма*, фильм*, әдебиет*",
    )
)
_AUTHORS = Vocabulary(
    entries(
        None,
        "tolstoy*, dostoevsky*, dostoyevsky*, chekhov*, kuprin*, nekrasov*, gorky*, bunin*, pushkin*, zola*, "
        "maupassant*, balzac*, hugo*, flaubert*, dumas*, dickens*, defoe*, shakespeare*, goethe*, brecht*, "
        "remarque*, herodotus, plato, aristotle, seneca, augustine, aquinas, kant, marx*, engels*, foucault*, "
        "beauvoir*, nussbaum*, mackinnon*, dworkin*, pheterson*, weitzer*, auezov*, aitmatov*, magzhan*, "
        "толстого, толстой, толстым, толстому, достоевск*, чехов*, куприн*, некрасов*, горьк*, бунин*, пушкин*, "
        "лермонтов*, золя, мопассан*, бальзак*, гюго, флобер*, дюма, диккенс*, дефо, шекспир*, гете, брехт*, "
        "ремарк*, геродот*, платон*, аристотел*, августин*, маркс*, энгельс*, фуко, бовуар*, нуссбаум, "
        "маккиннон*, дворкин*, ауэзов*, айтматов*, әуезов*, мағжан*, жүсіпбек*, шәкәрім*, міржақып*",
    )
)
_HEROINES = Vocabulary(
    entries(
        None,
        "katyusha maslova, katerina maslova, sonya marmeladova, sonia marmeladova, anna karenina, emma bovary, "
        "marguerite gautier, moll flanders, fanny hill, jean valjean, rodion raskolnikov, nastasya filippovna, "
        "катюш* маслов*, катерин* маслов*, сон* мармеладов*, анн* каренин*, эмм* бовари, маргарит* готье, "
        "молль флендерс, жан* вальжан*, родион* раскольников*, настась* филипповн*, сонечк* мармеладов*",
    )
)
_OF_A_STREET = frozenset(
    """на по ул улица улице улицы проспект проспекте пр площадь мкр микрорайон имени им театр on street avenue
    көшесі көшесінде көшесіндегі даңғылы даңғылында атындағы""".split()
)  # beside an author's name: a street, a theatre, a school


class PublicPeople:
    """Where a text speaks of offices, books and their authors."""

    def __init__(self, reading: Reading) -> None:
        jobs = {first for first, _, _ in TITLES.find(reading)}
        offices = (first for first, _, _ in (*_OFFICES.find(reading), *_LITERATURE.find(reading)))
        self._offices = sorted(
            place for place in offices if not _is_something_else(reading, place) and not _serves(jobs, place)
        )
        self._known = {last for _, last, _ in _KNOWN.find(reading) if reading.is_capital(last)}
        self._said = [first for first, _, _ in _IN_PUBLIC.find(reading)]
        self._books = [first for first, _, _ in _HEROINES.find(reading)]
        self._authors = [first for first, _, _ in _AUTHORS.find(reading) if _is_author(reading, first)]

    def include(self, first: int, last: int, low: int, high: int) -> bool:
        """Say whether a name is public: an office beside it, or books and their authors in its sentence."""
        if any(first - _NEAR <= office <= first + _NEAR for office in _between(self._offices, low, high)):
            return True
        if self._known.intersection(range(first, last + 1)):
            return True
        if any(first - _NEAR <= place <= last + _HEARD for place in _between(self._said, low, high)):
            return True
        authors = [place for place in _between(self._authors, low, high) if not first <= place <= last]
        return bool(authors or _between(self._books, low, high))


_CHAIRS = ("төрайым", "төраға", "председател", "chair")
_OF_A_HOUSE = frozenset("кск пкск оси кооператив кооператива housing co-op".split())
_LAWYERS = ("lawyer", "юрист", "адвокат", "заңгер")  # everybody may name them for what they say
_SAYING = (
    *("sa", "told", "tell", "wrote", "argue", "explain", "defend", "говор", "сказ", "пиш", "писал", "объясн"),
    *("считает", "защища", "напомн", "айт", "дейді", "деді", "жаз", "қорға"),
)
_SAID = 10  # tokens between a lawyer and a verb of saying
_HEARD = 14  # tokens between a name and a word for speaking in public


def _is_something_else(reading: Reading, place: int) -> bool:
    """Say whether a word for an office or a book is none here: a firm's deputy head, our doctor, Roman by name."""
    word, after = reading.words[place], reading.word(place + 1)
    if word == "deputy":
        return after in {"head", "director", "manager", "chief"}
    if word == "dr":
        return bool({"our", "my"} & set(reading.words[max(0, place - 3) : place]))
    if word.startswith(_CHAIRS):
        return bool(_OF_A_HOUSE & set(reading.words[max(0, place - 4) : place + 4]))
    if word.startswith(_LAWYERS):
        return not any(near.startswith(_SAYING) for near in reading.words[max(0, place - _SAID) : place + _SAID])
    is_followed = after.isalpha() and reading.is_capital(place + 1)
    return word.startswith("роман") and reading.is_capital(place) and is_followed


def _serves(jobs: set[int], place: int) -> bool:
    """Say whether somebody beside an office only works for who holds it: the judge's driver."""
    return place not in jobs and bool(jobs & {place - 2, place - 1, place + 1, place + 2})


def _between(places: list[int], low: int, high: int) -> list[int]:
    """Return those of the places, which are in order, that lie between two tokens."""
    return places[bisect_left(places, low) : bisect_right(places, high)]


def _is_author(reading: Reading, place: int) -> bool:
    """Say whether a name is an author's, not a street's: the streets are called after them."""
    before = {word for word in reading.words[max(0, place - 2) : place] if word != "."}
    after = reading.word(place + 1)
    return reading.is_capital(place) and not before & _OF_A_STREET and not (after in _OF_A_STREET or after.isdigit())
