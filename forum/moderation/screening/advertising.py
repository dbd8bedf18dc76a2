"""Advertising and spam. The words of the debate itself – prostitution, client, price, tax – weigh nothing here."""

from collections.abc import Callable

from forum.moderation.screening.flags import Flag, Severity, merged
from forum.moderation.screening.offer_words import WORDS
from forum.moderation.screening.offers import offers, reasons
from forum.moderation.screening.quotations import is_quoted
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.reasons import arguing_among
from forum.moderation.screening.sales import sells
from forum.moderation.screening.small_ads import parts_of_adverts, small_ads
from forum.moderation.screening.vocabulary import Vocabulary, entries

_ENOUGH = 3  # points of different words within _WINDOW tokens, one of them at least 2; or _MANY points
_MANY = 5  # points of words that each say little
_WINDOW = 25
_IDIOMS = frozenset({"еске", "есімізге", "ескере"})  # еске аламыз: we remember
Span = tuple[int, int]  # first and last token
_CLOSE = 8  # tokens between two offers that are one highlight

# An offer or a call to the reader that no argument makes.
_SURE = """
first deposit, enter the code, use the code, введи код, введите код, бірінші депозит*, кодын енгіз*,
call me now, call now, book now, order now, buy now, click here, visit my site, visit our site, visit our website,
visit my page, check out my, join my channel, join our channel, subscribe to my, subscribe to our, sign up now,
promo code, promocode, loan approval, make money fast, double your, guaranteed profit, guaranteed income,
limited offer, limited time offer, money back, pin-up, i offer massage, i offer escort, offering massage,
i will visit you, waiting for your call, available 24, independent escort, new girls, hot girls, girls for you,
girls waiting, i provide services, discreet service, dm for price*, dm for rates, my rates, apply now,
get rich, first consultation free, free first consultation, our law office, our law firm,
первая консультация бесплатно, первая консультация бесплатная, алғашқы кеңес тегін, бірінші кеңес тегін,
предлагаю услуг*, предлагаем услуг*, оказываю услуг*, оказываем услуг*, окажу услуг*,
предоставляю услуг*, предоставляем услуг*, услуги массаж*, услуги недорого, звоните прямо, звоните сейчас,
жду звонк*, жду твоего звонка, жду вашего звонка, жду в гости, жду тебя в гости, жду мужчин*, приеду к вам,
приеду сама, приглашаю в гости, приглашу в гости, выезд по городу, выезд и апартаменты, апартаменты и выезд,
досуг для мужчин, интим досуг, интим без, интим недорого, девочки по вызову недорого, лучшие девочки,
лучшие девушки города, лучшие девушки, без посредников, только для состоятельных, индивидуалки города,
быстрый займ, быстрые займы, микрозайм онлайн, кредит без, кредиты без, займ без, займы без, займ на карту,
займ за, помощь в получении кредита, поможем получить, помогу получить кредит, фриспин*, промокод*, промо-код*,
первый депозит, бонус на депозит, прогнозы на спорт, казино вулкан, заработок в интернете, заработок без,
заработок онлайн, удаленная работа без, доход без вложений, без вложений, зарабатывай*, заработай*,
переходи по ссылке, переходите по ссылке, перейди по ссылке, ссылка в профиле, ссылка в описании, ссылка в шапке,
подпишись на, подписывайся на, подписывайтесь на, вступайте в наш*, покупайте, купите у нас, успейте купить,
звоните и, приглашаем девушек, набор девушек, вакансия для девушек, эскорт услуги недорого,
эскорт-услуги недорого, оформить кредит, доставка по, по низким ценам, снимаю порчу, приворот*, қызмет көрсетем*,
қызметін көрсетем*, қызметтерін ұсын*, қызметін ұсын*, қызметтер көрсетем*, қызметімізді ұсын*, звондаңыз*,
тапсырыс бер, тапсырыс қабылда*, несие береміз, несие беремін, несие алыңыз, қарыз береміз, несие рәсімде*,
қонаққа шақырамын, сізді күтемін, күтемін сені, келіңіз тез, табыс табыңыз, жұмысқа қыздар, қыздар шақыра*,
сілтемеге өт*, сілтеме бойынша, каналға жазыл*, каналыма*, арнамызға жазыл*, арнама жазыл*, бонус алыңыз,
бонус ал, казиноға кір*, ойнап ұт*, ұтып ал*, депозит жаса*, 1xbet промокод, girls available, ақша табыңыз,
қызмет ұсынамын, қызмет ұсынамыз, қызметтер ұсынамыз, массаж қызметі, пишите за, подзаработать, хочешь заработать,
хотите заработать, нужны нужна работа девушкам, срочно деньги срочно, ищу спонсора,
ищу содержанку, стану содержанкой, услуги сантехника, грузоперевозки, ремонт квартир, ремонт холодильников,
ремонт стиральных, вызов мастера
"""

# An offer if something else points the same way.
_LIKELY = """
недорого, круглосуточно, арзан, тәулік бойы, need a loan, work from home, массаж для, массажист*, расслабляющ*,
relaxing massage, massage for, massage at, full service, body massage, escort girls, escort service*, lonely?,
waiting for you, i am waiting, your hotel, жду тебя, жду вас, ждем вас, ждём вас, жду щедр*, ждет в гости,
приходи ко мне, приезжай ко мне, приятная девушка, милая девушка, красивая девушка, девушка приглаш*, девочки ждут,
девушки ждут, девушки на выезд, девушка на выезд, эскорт модел*, эскорт девушк*, секс за деньги в,
секс без обязательств, get a loan, loans up to, loan up to, loan in 5, loan without, approved in, cash in,
cash today, borrow up, free spin*, slot machines online, best odds, sports betting tips, betting tips, earn from,
earn up to, earn $, earn up, make $, be your own boss, limited places, only today, sale ends, up to 50, 50% off,
70% off, cheap watches, buy cheap, click the link, link in bio, follow the link, subscribe now, like and subscribe,
check my profile, кредит с плохой, кредит по паспорту, деньги до зарплаты, деньги за 15, деньги за час,
нужны деньги?, выдаем, выдаём, ссуда, займем, одолжим, играй и, играйте и, регистрируйся и, регистрируйтесь и,
ставки с, бонус 100, бонус на, 100% бонус, набор в команду, ищем партнер*, обучение бесплатно, доход 100,
от 100000, от 200000, от 300000, от 500000, работа в интернете, работа в телеграм, подработка для, похуде*, жми,
жмите, кликай, кликни, ссылк* ниже, подпиш* на мой, подписывайся, подписывайтесь, несие керек, несие алу,
несие тез, қаражат береміз, қарыз берем*, картаға бірден, ойын автомат*, слот ойна*, бонуспен, ұтысқа, айына 300,
табыс таб*, табыс ал*, жұмыс үйден, үйден жұмыс, командаға шақыр*, жазылыңдар, жазылып қой*, сілтемені бас*,
арнаға жазыл*, парақшаға жазыл*, тапсырыс қабыл*, жеткізу бар, арзан әрі, арзан бағ*, қыздар күтеді, күтіп отыр,
шақырамын, тг/час, тенге/час, 000 тг час, тг за час, тг час, тенге час, тг сағат, теңге сағат, сағатына, тг/сағ,
руб/час, usd per hour, $/hour, an hour call, приглаша* в гости, на любой вкус, жду в гостях, скрасит*, скрашу,
ищу мужчин*, ищу состоятельн*, познакомлюсь, познакомлюсь с, встречусь с, мат помощь, реальные фото, фото реальные,
фото мои, my photos, real photos, 18+ girls, new girl, sweet girl, lonely men, generous men, for generous,
gentlemen only, щедрым, щедрого, для состоятельных, pretty girl, cute girl, sweet lady, страстная, нежная девушка,
выезжаю, принимаю у себя, приму у себя, у себя и выезд, ставь и, выиграй, выигрывай*, получи бонус*,
получите бонус*, бонусы новым, бонус новым, get bonus, claim your, welcome bonus, win big, jackpot now, spin now,
bet now, place your bet*, join now, join us now, register now, order today, buy followers, накрутка*,
подписчиков недорого, кэшбэк*, рефераль*, реферальн*, binary options, инвестируй*, удвой*, crypto signals,
telegram for details, details in, одобряем*, одобрим, под 0%, без первоначального, без подтверждения дохода,
микрокредит*, микрозайм*, плохой кредитной, interest rate from, получи деньги, деньги сразу, деньги на карту,
наличными сразу, займы на, займ до, кредит до, кредит наличными, кредит онлайн, ақшаны картаға, ақша бірден,
несие картаға, пайызсыз, анықтамасыз, кепілдіксіз, 5 минутта, бес минутта, картаңызға, қарыз ақша, үйге шығам*,
үйге барам*, барамын өзім, қонақ үйге барам*, қонаққа кел*, қонаққа шақыр*, келіп кет*, ер адамдарға,
ерлерге арналған, таныс*амын, танысамын, көңіл көтер*, рахатқа*, ләззат сыйла*, рахат сыйла*, бағасы келісім*,
келісімді баға, сапалы қызмет, сатылымда, жеткізу тегін, бонус бер*, бонус алу, бонус жина*, ұтыс ойна*, ойна да,
қатысыңыз, сілтеме профильде, үйде отырып табыс, үйден шықпай, күніне 20, айына 500, наращивание, уборка квартир,
окна пластиковые, натяжные потолки, такси межгород, сдам квартиру, посуточно, сниму квартиру, квартиры посуточно,
жөндеу жұмыс*, дешево, арзанға, без залога, без отказа, без справок, без поручителей, онлайн казино, казино онлайн,
онлайн-казино, passive income, пассивный доход, free delivery, free shipping, free spins, no deposit,
купить диплом*, досуг для, хабарласыңыз*, хабарласыңдар*, хабарласыныз, қоңырау шалыңыз, қоңырау шалыңдар,
қоңырау соғыңыз, арзан баға*, арзан бағамен, қыздар керек, требуются девушки, требуется девушка, ищем девушек,
мои услуги, наши услуги, my services, we offer, распродажа, доставка бесплатно, бесплатная доставка, низкие цены,
лучшие цены, best prices, cheap prices, lowest price*, особое предложение, special offer, работа на дому,
выезд к вам, тез несие, кепілсіз, онлайн несие, онлайн займ*, займ онлайн, займы онлайн, payday loan*,
бонус за регистрацию, апартаменты есть, есть апартаменты, свои апартаменты, индивидуалка приглаш*, закажите,
заказывайте, тапсырыс беріңіз*, работа для девушек, instant loan*, quick loan*, fast loan*, сатылады, сатамын,
сатамыз, спешите, bonus on, no upfront, hurry up, earn money online, make money online, новые девочки,
escort services available, гадание, оформляем, наш канал, мой канал, каналымызға*, скидки до, скидка до,
discount today, отдых для мужчин, тіркеліңіз*, набираем девушек, viagra, cialis, 1xbet, 1хбет, mostbet, мостбет,
melbet, outcall, incall, price list, вулкан казино, независимая индивидуалка, vip escort*, sugar daddy, sugar baby
"""

# (prices by the hour are here as well)
# Words of offers that arguments use, too.
_MAYBE = """
discount, discounts, bonus, bonuses, jackpot, relax, investment, cheap, photos real, real photos, followers,
массажистка, недорого, круглосуточно, звоните, звони, обращайтесь, обращайся, приглашаю, предлагаю, предлагаем,
24/7, на час, скидк*, акция, акции, джекпот, заказать, закажи, фото реальные, реальные фото, фото мои, красотка,
ухоженная, симпатичная, расслабит*, расслаблю, незабываем*, подарю, исполню, регистрируйся, регистрируйтесь,
успей*, рассрочк*, арзан, тәулік бойы, сағатына, түніне, бонус, ұтыс, ұсынамын, ұсынамыз, шақырамын, шақырамыз,
келіңіз*, келіңдер, жеткізу, бойжеткен, тапсырыс, ұтыңыз, кепілдік, our services, продам, продаю, продается,
наша группа, игровые автоматы, easy money, легкие высокий заработок, work from home, жеңілдік*, casino, казино,
массаж, massage, эскорт, escort, досуг, интим, услуги, займ, займы, loan, loans, deposit, депозит, delivery,
заработок, выезд, апартаменты, гарантия, гарантируем, анонимно, конфиденциально, discreet, guaranteed, sexy,
young girls, crypto, биткоин, криптовалюта, вакансия, на карту, onlayn, all night, whole night, per hour, за час,
в час, за ночь, на ночь, стройная, блондинка, брюнетка, апартамент, күтемін, күтеміз, сұлу, тегін, несие, кепілсіз,
құпия, жазыңыз, пишите, subscribe, earn, available, call, выигрыш, выиграй, доход, winnings, девочки, приезжай,
приезжайте, кредит, кредиты, кредитов, loans approved, подработка, 5 минут, пять минут, за 5 минут, in 5 minutes,
без процентов, 0%, паспорту, без проверки, no credit check, without collateral, тенге за час, тг час, тг за час,
тг в час, тенге в час, руб час, руб за час, тг сағат, тенге сағат, теңге сағат, per night, $/hour, usd, тыс час,
000 тг, 000 тенге, 000 kzt, 000 теңге, 000 рублей, 000 ₸, 000 руб, рублей в день, тенге в день, per day, $ per, ₸,
need money, need cash, from home, escort agency, call girl, call girls available, come to me, visit me, my place,
your place, sweet and, no limits, any time, day or night, днем и ночью, в любое время, интим-досуг, интим встреч*,
get cash, play now, dollars a day, a day from, get paid, today only, replica*, weight loss, lose weight, miracle,
follow my, слоты, крути, забери, сетевой, без опыта, доход до, в день без, только сегодня, скидка, со скидкой,
успей, похудеть, таблетки для, ақша керек, күніне, тек бүгін, қыздар бар, қыз бар, келіңіз, за вознаграждение,
матпомощь, материальная помощь, сладкая, горячая, горячие, ласковая, в сауну, сауна и, бет, букмекер*, забирай*,
лайки недорого, forex, форекс, трейдинг*, вложи*, окупаем*, x2, одобрение, рефинансир*, bad credit, low interest,
ломбард, кредит за, құжатсыз, жалғыз ер*, сұлу қыз, сұлу қыздар, жас қыздар, өте арзан, қымбат емес, құпиялық*,
анонимді, қызметіміз, қызметтеріміз, жеткіземіз, бонусы, жазылыңыз, жазылып, табыс көзі, қосымша табыс, маникюр,
ремонт, сантехник, электрик, репетитор, эвакуатор, грузчик*, клининг, сдаю, сдается, деньги в долг, қарызға ақша,
скидка 10, скидка 20, скидка 30, скидка 50, ставки на спорт, play now, пәтер жалға беремін
"""

_WORDS = Vocabulary({**entries(1, _MAYBE), **entries(2, _LIKELY), **entries(_ENOUGH, _SURE)})


def advertising(reading: Reading) -> list[Flag]:
    """Find offers, spam and calls to buy, in English, Russian and Kazakh; never the subject of the debate by itself.

    Code `advertising`, severity WARN.

    >>> [flag.code for flag in advertising(Reading("Предлагаю услуги массажа, недорого, круглосуточно"))]
    ['advertising']
    """
    quoted = is_quoted(reading)
    words = [one for one in WORDS.find(reading) if reading.word(one[0] - 1) not in _IDIOMS]
    parts = parts_of_adverts(reading, words, quoted)
    sure, likely = _by_points(reading, quoted)
    maybe = [*offers(reading, words, quoted), *small_ads(reading, parts)]
    argues = arguing_among(reading, range(len(reading.words))) if likely or maybe else []
    spans = sure + (likely if not argues else [])
    spans += [span for span in (*likely, *maybe) if sells(reading, span, parts, argues)]
    return merged(reading.flag_words("advertising", Severity.WARN, first, last) for first, last in spans)


def _by_points(reading: Reading, quoted: Callable[[int], bool]) -> tuple[list[Span], list[Span]]:
    """Return the stretches with what no argument says, and those with enough of what hardly one says."""
    spans: dict[bool, list[Span]] = {True: [], False: []}
    window: list[tuple[int, int, int]] = []
    done = -1
    for first, last, points in sorted(_WORDS.find(reading), key=lambda found: (found[0], -found[2], -found[1])):
        if quoted(first) or first <= done or (window and first <= window[-1][1]):
            continue
        window = [one for one in window[-8:] if first - one[0] <= _WINDOW] + [(first, last, points)]
        if _weight(reading, window) >= _ENOUGH:
            done = max(one[1] for one in window)
            begin = window[0][0]
            found = spans[any(one[2] >= _ENOUGH for one in window)]
            if found and begin - found[-1][1] <= _CLOSE:
                begin = found.pop()[0]
            found.append((begin, done))
            window = []
    return spans[True], spans[False]


def _weight(reading: Reading, window: list[tuple[int, int, int]]) -> int:
    """Return the points of a window, each word once; words that each say little count only when they are many."""
    different = {tuple(reading.words[first : last + 1]): points for first, last, points in window}
    points = sum(different.values())
    if max(different.values()) < _ENOUGH and reasons(reading, window[0][0], window[-1][1]):
        points -= 1  # an argument about adverts
    return points if max(different.values()) > 1 or points >= _MANY else 0
