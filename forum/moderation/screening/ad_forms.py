"""Parts of adverts by their form: a price, a deadline, who is wanted, what the reader is to do; whatever is sold.

Arguments have such forms, too; small_ads.py asks for several of them and for hardly a word besides.
"""

from collections.abc import Iterator
from functools import lru_cache

from forum.moderation.screening.names import CITIES
from forum.moderation.screening.numerals import VALUES
from forum.moderation.screening.offer_words import Found, Part
from forum.moderation.screening.places import is_city
from forum.moderation.screening.reading import Reading, trait
from forum.moderation.screening.spoken_to import addresses_to_readers
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries

_THOUSANDS = frozenset("thousand thousands k тысяч тысячи тысячу тыс мың мыңнан мыңға млн million".split())
_UNTIL = frozenset("until till before by after from до к после с по дейін кейін бастап".split())
_DAYS = (
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "weekend", "morning", "evening"),
    *("night", "tonight", "понедельник", "вторник", "сред", "четверг", "пятниц", "суббот", "воскресень", "выходн"),
    *("утр", "вечер", "ноч", "обед", "дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі", "жексенбі"),
    *("таң", "кеш", "түн", "демалыс"),
)
_SPANS = frozenset(
    """hour hours day days week weeks month months year years minute minutes час часа часов день дня дней неделю недели
    недель месяц месяца месяцев год года лет минут минуты полчаса
    сағат сағаты сағатта күн күнде күнге апта аптада ай айда айға жыл
    жылда минут минутта""".split()
)
_SEEKS = frozenset(
    """seek seeking need needed wanted hire hiring ищем ищу ищет нужен нужна нужны нужно требуется требуются
    возьмем набираем приглашаем іздейміз іздеймін іздейді керек шақырамыз қабылдаймыз""".split()
)
_PEOPLE = ("лар", "лер", "дар", "дер", "тар", "тер", "шы", "ші", "ма", "ме")  # Kazakh: girls, a driver
_IDIOMS = Vocabulary(
    {
        **entries(
            Part.CALL,
            "who needs, кому нужн*, кому надо, керек кім, кімге керек, "
            "write to the manager, "
            "if you need, if anybody needs, if anyone needs, if somebody needs, if you want, если нужен, если нужна, "
            "если нужны, если кому, если хотите, если хочешь, если вам нужно, керек болса, қажет болса, "
            "даже если банк*, even if banks, even if all banks, "
            "ask me how, ask how, спрашивайте как, спроси как, спросите как, спросите меня как, қалай екенін сұра*, "
            "қалай екенін айт*, interested?, кому интересно, кого интересует, қызықса*, қызығушылық танытса*, "
            "write to me, write and, look at the photos, смотрите фото, фото смотрите, суреттерін қара*, "
            "while there are places, while places last, пока есть места, места ограничены, орын барда, орын шектеулі",
        ),
        **entries(
            Part.VOICE,
            "i prepare, готовлю детей, готовлю к, i fix, i repair, "
            "i cure, i treat, лечу от, лечу, емдеймін, new girl, новая девушка, жаңа қыз, girls for, девушки для, "
            "waiting for generous, waiting for guests, даю, give private, give lessons, buying, "
            "is waiting for you, are waiting for you, waits for you, wait for you, ждет тебя, ждут тебя, ждет вас, "
            "ждут вас, сені күтеді, сізді күтеді, seeks a, seeking a, ищет щедр*, "
            "ищет состоятельн*, кездескісі келеді, "
            "танысқысы келеді, хочет познаком*, хочет встреч*, wants to meet, can teach you, will teach you, "
            "can help you, научу вас, научу тебя, looking for a, looking for an, are looking for, we need a",
        ),
        **entries(
            Part.TERMS,
            "no hang ups, без комплексов, ұялшақ емеспін, happy customers, довольн* клиент*, риза болған*, "
            "когда хотите, when you want, your own hours, қалаған уақыт*, tested by thousands, проверено тысяч*, "
            "мыңдаған адам, "
            "first client, first customer, percent off, процентов скидк*, per lesson, per hour, за урок, за занятие, "
            "за сеанс, сабағы, former teacher, бывший педагог, бывшая учительниц*, бұрынғы педагог, плюс чаевые, "
            "plus tips, шайпұл*, "
            "on request, по запросу, сұраныс бойынша, only this week, только эту неделю, тек осы апта, visits to, "
            "выезд в, шығады, first session, первый сеанс, алғашқы сеанс, at a distance, на расстоянии, қашықтан, "
            "by phone, по телефону, телефонмен, состояние, жағдайы, without proof, "
            "on us, at our expense, за наш счет, days off, day off, live in, с проживанием, "
            "тұрып істейтін, үйде тұрады, "
            "good looks, without hurry, from zero, from scratch, нөлден, small groups, маленькие группы, шағын топ*, "
            "with furniture, furnished, с мебелью, жиһазы*, home delivery, free delivery, delivery across, "
            "no prepayment, хорошая оплата, ақысы, оплата, payment, pay every, жомарт, generous, щедр*, "
            "келбетті, сүйкімді, симпатичн*, приятн* внешн*, легкая работа, жеңіл жұмыс, easy work, light work, "
            "нағыз, живых, живые, настоящих, real, fresh, свежие, домашние, балғын, бастап, дейін, from just",
        ),
    }
)
_A_PRICE = 500
_BEFORE_PRICES = frozenset("за от до for from only всего небәрі".split())
_FIRMS = (
    *("agency", "company", "studio", "salon", "workshop", "clinic", "shop", "firm", "academy", "atelier", "factory"),
    *("агентств", "компани", "студи", "салон", "цех", "клиник", "магазин", "фирм", "академи", "ателье", "фабрик"),
    *("агенттіг", "компания", "студия", "дүкен", "клиника", "фабрика", "цехы", "салоны"),
)
_ABROAD = (  # where people are hired to, or from where goods come
    *("poland", "korea", "emirates", "bahrain", "qatar", "cyprus", "dubai", "seoul", "istanbul", "china"),
    *("польш", "коре", "эмират", "бахрейн", "катар", "кипр", "дуба", "сеул", "стамбул", "кита", "қытай"),
)
_FEW = frozenset({"half", "жарты", "пару", "бірнеше"})
_DO = ("s", "ает", "яет", "ует", "дет", "вит", "рит", "дит", "ады", "еді")  # agency invites, салон ждёт
_OURS = frozenset("our наш наша наше наши нашего нашей нашему нашим наших нашу біздің".split())


def forms(reading: Reading) -> list[Found]:
    """Return (first token, last token, part) of each form of an advert in a text."""
    return [
        *_IDIOMS.find(reading),
        *_prices(reading),
        *_terms_of_time(reading),
        *_sought(reading),
        *_by_us(reading),
        *_firms(reading),
        *addresses_to_readers(reading),
    ]


def _prices(reading: Reading) -> Iterator[Found]:
    """Yield "250 thousand", "пятнадцать тысяч", "он бес мың"."""
    for word in _THOUSANDS & reading.places.keys():
        for index in reading.places[word][:MOST]:
            first = index
            while first > index - 3 and _is_number(reading.word(first - 1)):
                first -= 1
            if first < index:
                yield first, index, Part.FIGURE
    yield from _sums(reading)


def _sums(reading: Reading) -> Iterator[Found]:
    """Yield "200,000", "за 3000": sums whose currency is left out."""
    for index in reading.places.get("000", [])[:MOST]:
        first = index - 1 - (reading.word(index - 1) == ",")
        if reading.word(first).isdigit():
            yield first, index, Part.FIGURE
    for _word, places in reading.places_of(_may_be_a_price):
        for index in places[:MOST]:
            if reading.word(index - 1) in _BEFORE_PRICES:
                yield index - 1, index, Part.FIGURE


@trait
def _may_be_a_price(word: str) -> bool:
    return word.isdigit() and len(word) < 7 and int(word) >= _A_PRICE and not 1900 < int(word) < 2100


def _terms_of_time(reading: Reading) -> Iterator[Found]:
    """Yield "before Friday", "до утра", "жұмаға дейін", "за три дня", "in three months", "екі сағат"."""
    for word, places in reading.places_of(_is_of_time):
        if word.startswith(_DAYS):
            for index in places[:MOST]:
                if reading.word(index - 1) in _UNTIL:
                    yield index - 1, index, Part.FIGURE
                elif reading.word(index + 1) in _UNTIL:
                    yield index, index + 1, Part.FIGURE
        else:
            yield from (
                (index - 1, index, Part.FIGURE) for index in places[:MOST] if _is_number(reading.word(index - 1))
            )


@trait
def _is_of_time(word: str) -> bool:
    return word.startswith(_DAYS) or word in _SPANS


def _sought(reading: Reading) -> Iterator[Found]:
    """Yield "ищем няню", "drivers needed", "қыздар керек": a word of seeking with the noun beside it."""
    for word in _SEEKS & reading.places.keys():
        for index in reading.places[word][:MOST]:
            of_people = word != "керек" or reading.word(index - 1).endswith(_PEOPLE)
            if of_people and reading.word(index + 1) not in {"to", "чтобы", "ли", "ма", "ме"}:
                yield index, index, Part.VOICE


def _by_us(reading: Reading) -> Iterator[Found]:
    """Yield "our broker", "наши юристы": who offers."""
    for word in _OURS & reading.places.keys():
        yield from ((index, index, Part.DOING) for index in reading.places[word][:MOST])


def _firms(reading: Reading) -> Iterator[Found]:
    """Yield "agency invites", "наш салон ждёт": a firm and what it does."""
    for _word, places in reading.places_of(_is_a_firm):
        for index in places[:MOST]:
            verb = reading.word(index + 1)
            if verb.endswith(_DO) and len(verb) > 3:
                yield index, index + 1, Part.VOICE


@trait
def _is_a_firm(word: str) -> bool:
    return word.startswith(_FIRMS) and not word.endswith(("ам", "ов", "ами"))


def _is_number(word: str) -> bool:
    return word.isdigit() or word in _FEW or (word in VALUES and word not in {"oh", "un"})


@lru_cache(maxsize=8192)
def is_neutral(word: str) -> bool:
    """Say whether a word neither makes an advert nor speaks against one: a number, a town, a day or its part."""
    if word.startswith(_ABROAD):
        return True
    return _is_number(word) or word in _SPANS or word in CITIES or word.startswith(_DAYS) or is_city(word)
