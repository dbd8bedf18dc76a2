"""Advertising and spam. The words of the debate itself – prostitution, client, price, tax – weigh nothing here."""

from forum.moderation.screening.flags import Flag, Severity
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.vocabulary import Vocabulary, entries

_ENOUGH = 3  # points of different words within _WINDOW tokens, one of them at least 2; or _MANY points
_MANY = 5  # points of words that each say little
_WINDOW = 25

# An offer or a call to the reader that no argument makes.
_SURE = """
call me now, call now, book now, order now, buy now, click here, visit my site, visit our site, visit our website,
visit my page, check out my, join my channel, join our channel, subscribe to my, subscribe to our, sign up now,
promo code, promocode, loan approval, make money fast, double your, guaranteed profit, guaranteed income,
limited offer, limited time offer, money back, pin-up, i offer massage, i offer escort, offering massage,
i will visit you, waiting for your call, available 24, independent escort, new girls, hot girls, girls for you,
girls waiting, i provide services, discreet service, dm for price*, dm for rates, my rates, apply now,
get rich, предлагаю услуг*, предлагаем услуг*, оказываю услуг*, оказываем услуг*, окажу услуг*,
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
тг/час, тенге/час, 000 тг час, тг за час, тг час, тенге час, тг сағат, теңге сағат, сағатына, тг/сағ, руб/час,
usd per hour, $/hour, an hour call, приглаша* в гости, на любой вкус, жду в гостях, скрасит*, скрашу, ищу мужчин*,
ищу состоятельн*, познакомлюсь, познакомлюсь с, встречусь с,
за вознаграждение, матпомощь, мат помощь, материальная помощь, реальные фото, фото реальные, фото мои, my photos,
real photos, 18+ girls, new girl, sweet girl, lonely men, generous men, for generous, gentlemen only, щедрым,
щедрого, для состоятельных, pretty girl, cute girl, sweet lady, сладкая, горячая, горячие, страстная, ласковая,
нежная девушка, выезжаю, принимаю у себя, приму у себя, у себя и выезд, в сауну, сауна и,
бет, букмекер*, ставь и, выиграй, выигрывай*, забирай*, получи бонус*, получите бонус*, бонусы новым, бонус новым,
get bonus, claim your, welcome bonus, win big, jackpot now, spin now, bet now, place your bet*, join now,
join us now, register now, order today, buy followers, накрутка*, подписчиков недорого, лайки недорого, кэшбэк*,
рефераль*, реферальн*, binary options, forex, форекс, трейдинг*, инвестируй*, вложи*, удвой*, окупаем*, x2,
crypto signals, telegram for details, details in,
одобрение, одобряем*, одобрим, под 0%, без первоначального, без подтверждения дохода, микрокредит*, микрозайм*,
рефинансир*, плохой кредитной, bad credit, low interest, interest rate from, ломбард, получи деньги, деньги сразу,
деньги на карту, наличными сразу, займы на, займ до, кредит до, кредит за, кредит наличными, кредит онлайн,
ақшаны картаға, ақша бірден, несие картаға, пайызсыз, құжатсыз, анықтамасыз, кепілдіксіз, 5 минутта, бес минутта,
картаңызға, қарыз ақша,
сауна, үйге шығам*, үйге барам*, барамын өзім, қонақ үйге барам*, қонаққа кел*, қонаққа шақыр*, келіп кет*,
жалғыз ер*, ер адамдарға, ерлерге арналған, таныс*амын, танысамын, көңіл көтер*, рахатқа*, ләззат сыйла*,
рахат сыйла*, сұлу қыз, сұлу қыздар, жас қыздар, өте арзан, қымбат емес, бағасы келісім*, келісімді баға, құпиялық*,
анонимді, сапалы қызмет, қызметіміз, қызметтеріміз, сатылымда, акция, жеткізу тегін, жеткіземіз, бонус бер*, бонусы,
бонус алу, бонус жина*, ұтыс ойна*, ойна да, қатысыңыз, жазылыңыз, жазылып, сілтеме профильде, табыс көзі,
үйде отырып табыс, үйден шықпай, қосымша табыс, күніне 20, айына 500,
маникюр, наращивание, ремонт, сантехник, электрик, репетитор, эвакуатор, грузчик*, уборка квартир, клининг,
окна пластиковые, натяжные потолки, такси межгород, аренда квартир*, сдам квартиру, сдаю, сдается, посуточно,
сниму квартиру, квартиры посуточно, пәтер жалға, жалға беремін, жөндеу жұмыс*,
дешево, арзанға, без залога, без отказа, без справок, без поручителей, ставки на спорт, онлайн казино,
казино онлайн, онлайн-казино, passive income, пассивный доход, free delivery, free shipping, free spins,
no deposit, купить диплом*, досуг для, хабарласыңыз*, хабарласыңдар*, хабарласыныз, қоңырау шалыңыз,
қоңырау шалыңдар, қоңырау соғыңыз, арзан баға*, арзан бағамен, қыздар керек, требуются девушки, требуется девушка,
ищем девушек, мои услуги, наши услуги, my services, we offer, распродажа, доставка бесплатно, бесплатная доставка,
низкие цены, лучшие цены, best prices, cheap prices, lowest price*, особое предложение, special offer,
работа на дому, выезд к вам, тез несие, кепілсіз, онлайн несие, онлайн займ*, займ онлайн, займы онлайн,
payday loan*, бонус за регистрацию, апартаменты есть, есть апартаменты, свои апартаменты, индивидуалка приглаш*,
закажите, заказывайте, тапсырыс беріңіз*, работа для девушек, instant loan*, quick loan*, fast loan*,
деньги в долг, қарызға ақша, сатылады, сатамын, сатамыз, спешите, bonus on, no upfront, hurry up,
earn money online, make money online, новые девочки, escort services available, гадание, оформляем, наш канал,
мой канал, каналымызға*, скидки до, скидка до, скидка 10, скидка 20, скидка 30, скидка 50, discount today,
отдых для мужчин, тіркеліңіз*, набираем девушек, viagra, cialis, 1xbet, 1хбет, mostbet, мостбет, melbet, outcall,
incall, price list, вулкан казино, независимая индивидуалка, vip escort*, sugar daddy, sugar baby
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
наша группа, игровые автоматы, easy money, легкие высокий заработок, work from home, жеңілдік*, casino,
казино, массаж, massage, эскорт, escort, досуг, интим, услуги, займ, займы, loan, loans, deposit, депозит,
delivery, заработок, выезд, апартаменты, гарантия, гарантируем, анонимно, конфиденциально, discreet, guaranteed,
sexy, young girls, crypto, биткоин, криптовалюта, вакансия, на карту, onlayn, онлайн, online, all night,
whole night, per hour, за час, в час, за ночь, на ночь, стройная, блондинка, брюнетка, апартамент, күтемін,
күтеміз, сұлу, тегін, несие, кепілсіз, құпия, жазыңыз, пишите, subscribe, earn, available, call, выигрыш, выиграй,
доход, winnings, фото, photos, девочки, девушки, қыздар, girls, приезжай, приезжайте, кредит, кредиты, кредитов,
loans approved, подработка, 5 минут, пять минут, за 5 минут, in 5 minutes, без процентов, 0%, паспорту,
без проверки, no credit check, without collateral, тенге за час, тг час, тг за час, тг в час,
тенге в час, руб час, руб за час, тг сағат, тенге сағат, теңге сағат, per night, $/hour, usd, тыс час, 000 тг,
000 тенге, 000 kzt, 000 теңге, 000 рублей, 000 ₸, 000 руб, рублей в день, тенге в день, тенге в месяц,
рублей в месяц, a day, per day, per week, $ per, ₸, тысяч в месяц
"""

_WORDS = Vocabulary({**entries(1, _MAYBE), **entries(2, _LIKELY), **entries(_ENOUGH, _SURE)})


def advertising(reading: Reading) -> list[Flag]:
    """Find offers, spam and calls to buy, in English, Russian and Kazakh; never the subject of the debate by itself.

    Code `advertising`, severity WARN.

    >>> [flag.code for flag in advertising(Reading("Предлагаю услуги массажа, недорого, круглосуточно"))]
    ['advertising']
    """
    flags: list[Flag] = []
    window: list[tuple[int, int, int]] = []
    done = -1
    for first, last, points in sorted(_WORDS.find(reading), key=lambda found: (found[0], -found[2], -found[1])):
        if first <= done or (window and first <= window[-1][1]):
            continue
        window = [one for one in window[-8:] if first - one[0] <= _WINDOW] + [(first, last, points)]
        if _weight(reading, window) >= _ENOUGH:
            done = max(one[1] for one in window)
            flags.append(reading.flag_words("advertising", Severity.WARN, window[0][0], done))
            window = []
    return flags


def _weight(reading: Reading, window: list[tuple[int, int, int]]) -> int:
    """Return the points of a window, each word once; words that each say little count only when they are many."""
    different = {tuple(reading.words[first : last + 1]): points for first, last, points in window}
    points = sum(different.values())
    return points if max(different.values()) > 1 or points >= _MANY else 0
