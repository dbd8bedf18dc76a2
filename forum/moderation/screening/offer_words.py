"""The words of adverts by what they do, and the words with which people reason.

They were collected by what they do, not from adverts.
"""

from enum import Enum

from forum.moderation.screening.vocabulary import Vocabulary, entries


class Part(Enum):
    """What a word does in an advert."""

    VOICE = "somebody who offers, seeks or promises"
    TRADE = "what is sold, bought or worked at"
    TERMS = "price, speed, secrecy, place"
    CALL = "what the reader is to do"
    READER = "the reader, spoken to"
    DOING = "what I or we do or will do"
    FIGURE = "a sum, a span of time, a deadline"
    GOODS = "what is hardly ever named but to sell it"


Found = tuple[int, int, Part]  # first and last token, and what they do

_VOICE = """
жасап берем, жазып берем, істеп берем, тауып берем, алып берем, жіберем, суретін жіберем,
i ll write, i will write, i ll draw up, напишу, напишу за вас, составлю, составим, жазып беремін, дайындап беремін,
i knit, i crochet, our girls come, our cleaners, we show you, покажем всё, көрсетеміз, тоқимын, тоқып беремін,
қорғаймын, қыздарымыз,
i rent daily, i rent flats, i rent rooms, i let flats, i let rooms, renting out, we close cases, we win cases,
we will win your,
істі жабамыз, жабамыз, шешіп береміз, ұтып береміз, закрываем, выигрываем, закрою, выиграю, отмажем, отмажу,
i will find out, i will find, we will find, i find out, выясним, выясню, проверим, проверю, проверит вашего,
анықтап береміз,
sell your, bring your, turn your, forget about, tired of, we are hiring, now hiring, hiring, is hiring, we hire,
girls wanted, models wanted, women wanted, wanted, we need girls,
urgent vacancy, vacancy, vacancies, we recruit, recruiting, become our, join our, join my, i offer, we offer,
i provide, we provide, we sell, i sell, selling, for sale, i buy, we buy, we make, we do, our clinic, our company,
our studio, our salon, our agency, our team, our shop, our store, our bot, our course, our casino, our experts,
we pay, we deliver, we guarantee, i guarantee, looking for a sponsor, seeking a sponsor, seeks a, looking for
generous,
looking for girls, looking for models, will meet, wants to meet, would like to meet, i rent out, for rent, to rent,
i repair, we repair, we build, i will help, we will help, we help you, i can help you, get your, earn, win,
double your, need money, need cash, want to earn, incall, outcall, hostesses, webcam models, offers company,
offers her, offers his, gives massage*, we teach, i teach english,
we write, we bake, we sew, we print, we fix, we install, we clean, we move, we transport, we lend, we exchange,
we design,
we organise, we organize, we create, we develop, we rent, we train, i bake, i sew, i tutor, i clean, i do, i
make, i design,
i translate, i read cards, i remove, needed, wanted in, are needed, is needed, required, now open, grand
opening, opening of our,
try our, at our, our prices, our masters, our girls, our manager, our lawyers, our doctors, our new, my new
course, my course,
предлага, предлагаю, предлагаем, продам, продаю, продаем, продается, продаются, куплю, покупаю, покупаем, скупаем,
выкупаем, выкуплю, скупка, сдам, сдаю, сдаем, сдается, сдаются, делаем, делаю, сделаем, сделаю, изготовим,
изготавливаем, оформим, оформлю, поможем, помогу, помогаем, поможет вам, выдаем, выдадим, выводим, выплачиваем,
оплатим, оплачиваем, предоставим, предоставляем, предоставляю, обеспечим, обеспечиваем, гарантирую, гарантируем,
доставим, доставляем, привезем, приеду, приедем, выезжаем, выезжаю, приму, принимаю, принимаем, примем,
приглашаю, приглашаем, приглашает, набираем, набирает, набор, требуются, требуется, ищем, ищу, нужны, срочно нужны,
есть вакансия, вакансия, вакансии, открыта запись, идет набор, ведется набор, запись открыта, провожу,
проводим, обучаем, обучу, научу, научим, ремонтирую, ремонтируем, устанавливаем, установим, познакомлюсь, встречусь,
стану, подарю, исполню, наша компания, наша клиника, наш центр, наша студия, наш салон, наше агентство,
наш магазин, нашу команду, наша команда, наш курс, мы работаем, работаем, отвезем, перевезем, перевозим, восстановим,
пишем, напишем, решаем, решим, печем, пеку, шьем, шью, готовим, чиним, чиню, красим, строим, возим, везем, учим,
лечим,
снимем, кодируем, раскрутим, настроим, настраиваем, создаем, создадим, разрабатываем, подберем, подбираем,
сопровождаем,
организуем, проведем, проконсультируем, проконсультирую, печатаем, напечатаем, вяжу, рисую, фотографирую, снимаю
на видео,
переведем, перевожу документы, вывозим, вывезем, вскроем, вскрываем, чистим, стрижем, наращиваю, делаю маникюр,
вернем,
спишем, списываем, закроем ваш, погасим, одобряем, одалживаем, дам в долг, дадим, даем, займем, меняем,
обменяем, разыгрываем,
дарим, принимаем заявки, открылся, открылась, открылись, открываем, новый салон, поступление, в продаже, в
наличии, под заказ,
составит компанию, составлю компанию, скрасит вечер, ждет гостей, не пожалеете, гарантированно, в наших, у нас вы,
наш мастер, наши мастера, наши девушки, наши врачи, наши юристы, наши цены, мой курс, мой новый, нужна девушка,
нужны девушки,
нужны люди, нужны водители, нужны курьеры, нужна помощница, нужна няня, нужна сиделка, берем без, возьмем,
возьму, трудоустроим,
вылечу, снимаю порчу, избавлю, погадаю, гадаю,
ұсынамын, ұсынамыз, ұсынады, сатамын, сатамыз, сатылады, сатып аламын, сатып аламыз, жалға беріледі, жалға беремін,
жалға береміз, беріледі, береміз, беремін, жасаймын, жасаймыз, жасап береміз, жасап беремін, жөндейміз, жөндеймін,
көмектесеміз, көмектесемін, шақырамыз, шақырамын, іздейміз, іздеймін, кепілдік береміз, төлейміз, жеткіземіз,
барамыз, барамын, келеміз, қабылдаймыз, қабылдаймын, үйретеміз, үйретемін, рәсімдейміз, рәсімдеп береміз,
құтқарамыз, қыздар керек, модельдер керек, адамдар керек, жүргізуші* керек, кездеседі, кездесемін, танысамын,
танысады, біздің дүкен, біздің компания, біздің салон,
біздің студия, біздің орталық, болжаймын, бал ашамын, емдеймін, қамтамасыз етеміз, тігеміз, орнатамыз, табыңыз,
жазып береміз, жазамыз, пісіремін, пісіреміз, тігемін, жуамыз, тазалаймыз, тасымалдаймыз, апарамыз, аударамыз,
шығарамыз,
ашылды, ашамыз, сатылымда, бар екен, қолда бар, серік болады, серік боламын, сыйлаймыз, ойнатамыз, ұтысқа,
біздің, қабылдау,
қабылдау жүріп, жұмысқа қабыл*, аламыз, алып береміз, шешеміз, шешіп береміз, құрамыз, жасақтаймыз, ұйымдастырамыз,
өткіземіз, несие рәсім*, даяшылар керек, қызметкер керек, қызметкерлер керек, жұмысшы керек, күтуші керек, аспаз
керек,
сатушы керек, жігіттер керек, адам керек, жүргізушілер керек, курьер керек, курьерлер керек
"""
_TRADE = """
complaint*, claims to court, lawsuit*, жалоб*, иск, иски, исковое, исковые, шағым*, арыз*,
deep clean, cleaning after, hidden camera*, camera*, gps, tracker*, wiretap*, socks, mittens, автошкол*,
автомектеп*, категори*, санаты,
камер*, трекер*, прослушк*, переписк*, генеральн*, жасырын камера*, хат хабар*, шұлық*, қолғап*, жинау, носки, варежк*,
detective*, surveillance, polygraph*, детектив*, полиграф*, слежк*, тыңшы*, жансыз*,
massage*, happy ending, escort*, casino*, free spins, spins, jackpot, betting, bets, loan*, credit*, microcredit*,
crypto*, bitcoin*, token*, forex, trading, signals, investment*, diploma*, certificate*, degree*, watches, replica*,
iphone*, perfume*, pills, tablets, viagra, supplement*, training, course*, webinar*, coaching, legal advice,
legal help, consultation*, appointment*, manicure*, cosmetics, tattoo*, repairs, plumber*, taxi, apartment*, flats,
rooms, hostess*, dancers, dancing, waitresses, models, model, webcam*, girls, companion*, couriers, courier, drivers,
work abroad, job abroad, jobs abroad, job in, work in, experience, income, profit, salary, sponsor*, gentlemen,
generous, well-off, ladies, sweet girl, pretty girl, tests, surrogate*, followers, likes, subscribers, giveaway,
cash, money in, car, collateral, pawn*, psycholog*, psychotherap*, therapist*, sessions, session, tutor*,
lessons, classes,
english course*, ielts, essays, essay, coursework, thesis, soap, candles, handmade, cakes, cake, flowers,
bouquets, shoes, clothes,
dresses, bags, jewel*, phones, laptops, cars, spare parts, tyres, plots, house for, real estate, puppies,
kittens, honey, meat,
coal, furniture, kitchens, windows, ceilings, doors, carpets, cleaning, nannies, nanny, babysitter*, caregiver*,
cook, photographer*,
photo shoot*, videographer*, wedding*, toastmaster, dj, slots, luck, lottery, prize*, gift, gifts, winner*,
brunette*, blonde*,
company, gentleman, man, lady, tender, sweet, evening, evenings, dates, dating, marriage, manager, managers,
assistants, operators,
packers, workers, drivers wanted, seamstress*, notary, lawyer*, attorney*, dentist*, doctor, clinic, surgery,
beauty, lashes, brows,
hair, nails, barber, fitness, yoga, diet, detox, slimming, gold, silver, english, spanish, wedding*, tips,
predictions, professionals, channel, lady, men, mature, relaxes, promoters, hostesses, season, lash*,
extension*, girlfriends, guests, dancer*, trade, trading, students, flights, debts, collectors, clairvoyant*,
psychic*, healer*, fortune*, tarot, magic, love spell*, sauna, hotel visits, vip, documents, visa, visas,
delivery,
массаж*, эскорт*, досуг*, интим*, казино*, слот*, ставк*, бонус*, займ*, кредит*, рассрочк*, ссуд*, ипотек*,
криптовалют*, биткоин*, инвестиц*, инвестир*, трейдинг*, диплом*, аттестат*, справк*, санкнижк*, медкнижк*,
сертификат*, документ*, права категории, водительские права, часы реплик*, айфон*, парфюм*, духи, таблет*, препарат*,
похуде*, тренинг*, курс*, вебинар*, марафон*, консультац*, юрист*, адвокат*, маникюр*, косметик*, косметолог*,
эпиляц*, наращиван*, стрижк*, тату, ремонт*, потолк*, окна, двери, мебел*, сантехни*, электрик*, такси, грузчик*,
квартир*, комнат*, апартамент*, номера на, посуточно, почасов*, девуш*, девочк*, модел*, вебкам*, консумац*,
хостес*, официантк*, танцовщиц*, сиделк*, няня, няни, курьер*, закладк*, раскладк*, водител*, работа в, работа за,
работу за, подработк*, заработ*, доход*, вакансия, спонсор*, содержан*, поддержк*, мужчин*, индивидуалк*, азиатк*,
блондинк*, брюнетк*, госпож*, сауну, сауна, vip, анализ*, гадан*, приворот*, порч*, таро, магия, маг,
волосы, золото, авто, техник*, скот, уголь, подписчик*, лайк*, розыгрыш*, накрутк*, услуги, услуг, репетитор*,
деньги, наличн*, под залог, ломбард*, психолог*, психотерап*, терапевт*, сеанс*, занят*, урок*, английск*,
ielts, курсовые,
курсовую, дипломные, дипломную, реферат*, эссе, диссертац*, мыло, свеч*, торт*, выпечк*, цвет*, букет*, обувь,
одежд*, плать*, сумк*,
украшен*, ноутбук*, смартфон*, телефоны, машин*, запчаст*, шины, участ*, дом в, недвижимост*, щенк*, котят*,
мед, мясо, кухни,
шкаф*, фотограф*, фотосесси*, видеосъемк*, свадьб*, тамада, диджей, удач*, лотере*, приз*, подарок, подарки,
победител*, выигрыш*,
компани*, вечер, знакомств*, брак, менеджер*, помощник*, помощниц*, оператор*, упаковщик*, рабочие, швеи, швея,
нотариус*,
стоматолог*, врач, клиник*, пластик*, ресниц*, бров*, волос*, ногт*, барбер*, фитнес*, йог*, диет*, детокс,
прогон*, трафик*,
сайт под, сайты под, реклам*, раскрутк*, продвижен*, бот, боты, обмен валют*, usdt, тендер*, банкротств*, долг*,
коллектор*,
кредитн* истори*, нумеролог*, астролог*, ясновид*, экстрасенс*, целител*, обереги, хиджама, кодирован*,
эвакуац*, хостел*,
гостиниц*, баня, баню, бан*, золот*, серебр*, прогноз*, язык*, свадебн*, канал*, дама, дам, расслаб*, гараж*,
подвал*, пропис*, промоутер*, рабочие, рабочих, встречи, авиабилет*, билеты, виз*, подруж*, подруг*, гост*,
гостям, танцовщ*, биши, студент*, любим*, фото, первый визит, суррогатн*, донор*, виза, визы, визу, перевод*,
грузоперевоз*, уборк*, клининг*, химчистк*, ковр*, диваг*, шиномонтаж*,
массажын*, казино*, бонус*, несие*, қарыз*, займ*, диплом*, аттестат*, анықтама*, иіссу*, әтір*, телефон сат*, айфон*,
пәтер*, үй жалға, бөлме*, қонақ үй, қыздар*, қыз*, модель*, вебкам*, официант*, даяшы*, жұмысқа, жұмыс үйде, табыс*,
айлығы, жалақысы, жалақы*, заңгер*, кеңес*, курс*, тренинг*, маникюр*, жөндеу*, такси, такси*, жүк тасы*, ер адам*,
еркек*, ауқатты, жомарт, қызмет*, интим*, эскорт*, моншаға, саунаға, виза, көлік*, мал, көмір, дәрі*, сағат реплика*,
ақша*, кепілге, көлік*, психолог*, сабақ*, ағылшын*, курстық, реферат*, сабын*, шам*, торт*, гүл*, аяқ киім*, киім*,
көйлек*, сөмке*, ноутбук*, телефондар, қосалқы бөлшек*, жер сат*, үй сат*, күшік*, бал, ет, жиһаз*, асүй*,
фотограф*, той*, тамада,
әнші, слот*, бақ*, лотере*, жүлде*, ұтыс, серік, брюнетка*, нәзік, менеджер*, көмекші*, оператор*, жұмысшы*,
тігінші*, нотариус*,
тіс*, клиника*, кірпік*, қас, шаш*, тырнақ*, фитнес*, йога, диета*, жарнама*, бот*, валюта*, қарыздан,
нумеролог*, астролог*,
көріпкел*, емші*, арықтау*, тігін*, тазалау*, қонақүй*, монша*, сауна*, жатақхана*, няня, бала күт*, күтім*,
алтын*, күміс*, тілі, болжам*, арнаға, жігіт, көңіл көтер*, фотограф*, жұмысшы*, құрбы*, қонақ*, биші*,
авиабилет*, шәкірт*, трейдинг*, қарыздан, арықта*, бал ашу, дуа, құмалақ*, репетитор*, сыйлық, сыйлыққа, ұтыс*,
инвестиция*, крипто*, биткоин*, күтуші*
"""
_TERMS = """
for you, за вас, сіз үшін, саудаласу*, bargaining, worn once, worn twice, надета, надевали, by photograph,
within an hour, в течение часа,
по фотографии, бір сағатта, өлшем,
to order, any size, photos in my profile, cheap shipping, shipping, delivery to regions, delivery to,
pay in parts, enrolment, on site,
per metre, per meter, per square, own chemicals, на заказ, любой размер, фото в профиле, отправка в,
отправка по, оплата частями,
набор до, за квадрат, со своей, тапсырыспен, кез келген өлшем, суреттері, өңірлерге, бөліп, осында, шаршысы,
өз құралы*, теңгеден,
hourly, hourly rates, wi fi, wifi, clean linen, cheaper than, cheaper, percent off, % off, from us, included,
first ten, first five,
first three, first clients, all kazakhstan, whole kazakhstan, all over kazakhstan, reasonable prices,
full confidentiality, no prepayment,
первым троим, первым пяти, первым десяти, первые десять, первые пять, антиплагиат, вай фай, чистое белье, за результат,
нәтижеге, нәтижесіне, соңынан, осы айда, осы аптада, алғашқы бес, алғашқы он, алғашқы үш, бүкіл қазақстан,
қонақүйден арзан,
discreet*, discretion, confidential*, anonymous*, private, privately, cheap*, best prices, low prices, good prices,
prices from, price from, discount*, sale, free, for free, free of charge, first hour free, no experience, no
documents,
without documents, without guarantor, no questions, no deposit, no prepayment, instant*, quick*, fast, today, tonight,
this week, only today, this month, limited, places left, places, spots left, round the clock, around the clock, 24/7,
day and night, downtown, city centre, city center, own apartment, own place, an hour, per hour, a day, per day,
weekly pay,
weekly, daily pay, a month, high salary, good money, good pay, high pay, salary, visa, flight, flights, ticket,
tickets, accommodation, housing, paid, provided, guaranteed, guarantee*, promo code, registration, from home,
unlimited,
two hours, hotel, generous, free delivery, delivery, quality, experienced, licensed, new, beautiful, real photos,
best price, any town, any, reasonable, rates, payment, on the spot, every day, open every, native speaker,
professionals, trial, tips, sign on, no rush, contract, first visit, minus, evenings, minutes, for everyone,
legally, for students, every day, no passport, open daily, half price, ask for the price, price in, prices in,
price on, years of practice, years of experience, online, first lesson,
first one, first session, trial lesson, welcome, newcomer*, new customers, for beginners, no papers, no
plagiarism, no commissions,
without prepayment, pay after, payment after, own flat, own car, across the city, all over the city, home
delivery, any amount,
any city, all districts, on credit, in instalments, in installments, wholesale, retail, from the owner, no
intermediaries, original,
handmade, evenings, until morning, for men, for women, for ladies, for two, by appointment, turnkey, warranty,
certified, profession*,
housing free, per month, per week, from the first day, no interview, schedule, flexible, overtime, team,
friendly, age 18, aged 18,
only photo*, real, clean, cosy, cozy, quiet, parking, shower, safe, secure, trusted, reliable, verified, genuine,
tenge, usd, dollars, $, €, ₸, bonus, no commission, without commission, in minutes,
недорого, дешево, дешевле, дорого, по низк*, цена, цены, ценам, скидк*, акция, акции, бесплатно*, бесплатн*, бонусом,
со скидкой, анонимн*, конфиденциальн*, тайна, без лишних, тактичн*, незаметно, круглосуточно, 24/7, 24 часа,
днем и ночью,
без выходных, в любое время, быстро, срочно, сразу, моментально, за час, за день, за минут*, минут, сегодня,
завтра, только до,
до конца, осталось, мест, места, без справок, без поручител*, без залога, без документов, документы не нужны,
не требуется, не нужен, не нужны, не нужно, без опыта, опыт не, без предоплат*, предоплат*, оплата, оплата по,
выплат*,
зарплат*, з/п, оклад*, в день, в неделю, в месяц, в сутки, за сутки, за ночь, долларов, тенге, тг, рублей, $, €, ₸,
жилье, проживание, билет*, перелет*, виза, визу, графи*, гибкий, гаранти*, надежно, качествен*, с гарантией,
с доставкой, доставк*, по городу, на дому, на дом, выезд, с выездом, выезд на, в центре, апартаменты, свои
апартаменты,
чисто, уютн*, тихо, для мужчин, для женщин, для девушек, состоятельн*, щедр*, обеспеченн*, по договоренности,
договорн*, процент*, одобрени*, одобрим, вложений, вознагражден*, в реестр, с занесением, оригинал*, новинк*, опытн*,
приятн*, симпатичн*, стройн*, красив*, молод*, ласков*, нежн*, любой район, любая сумма, любую сумму, имеется, опт*,
лучш*, на месте, расчет, торг, официально, временно, по факту, любой город, приятные, носитель, от
профессионал*, деликатно, на вашей, на моей, чаевые, полный рост, вахта, в подарок, без, минус, первый визит,
первое посещение, спешки, всем, контракт*, каждый день, законно, по фото, в центре, поколени*, для студентов, не
спрашива*, за пять минут, за три, полгода, за полцены, полцены, вполцены, цена в, цены в, цены от, цена от, цену
уточняйте, стаж*, опыт работы, опыт более, лет опыта, онлайн,
первый урок, первая встреч*, пробн*, новичк*, новым клиентам, новым, каждому, для начинающих, без плагиата, без
комисси*, без посредник*,
оплата после, после результата, своя квартира, своим авто, под ключ, по всему городу, по казахстану, любые,
любой сложности, все районы,
в рассрочку, в кредит, оптом, в розницу, от собственника, от хозяина, оригинал, ручной работы, вечером, до утра,
без опыта, по записи,
с сертификатом, сертифицирован*, профессиональн*, за наш счет, за счет, перелет, питание, без собеседован*, с
первого дня,
удаленно, на удаленке, два часа, пару часов, от 18, возраст от, от 18 лет, дружн*, коллектив, фото, проверен*,
настоящ*, реальн*, парковк*,
душ, безопасно, без риска, с гаранти*, в подарок, кэшбек, по предзаказу, предзаказ, в четыре руки, на любой,
всех видов, любого уровня,
под любые, за результат, плата, высок*, стабильн*, ежедневн*, еженедельн*, от 10, от 15, от 20, от 30, от 50, до
50, до 70,
ең жақсы, демалыссыз, сынақ, қолжетімді*, кәсіби, вахта, асықпай, келісімшарт*, алғашқы*, заңды түрде, күн
сайын, әр күні, ай сайын, жарты баға*, бағасын, тәжірибе*, жыл тәжірибе, онлайн, бірінші сабақ, бірінші кездесу,
алғашқы, жаңа кел*, жаңадан, сыйлық*,
анықтамасыз, кепілге, делдалсыз, алдын ала төлемсіз, бөліп төлеу*, қала бойынша, қалаға, барлық аудан*, қолдан
жасал*, кешке, таңға дейін,
ерлерге, әйелдерге, қыздарға, тегін сабақ, сертификат*, кәсіби*, жол ақысы, тамақ*, бірінші күннен, икемді,
кесте, қашықтан, екі сағат,
жастан бастап, 18 жастан, өз пәтері, өз көлігі*, таза, тыныш, қауіпсіз, тексерілген, нағыз, сұраныс бойынша,
дайын, жедел, барлығы, кез келген,
арзан*, бағасы, бағасы келісім*, баға*, тегін, жеңілдік*, акция*, құпия*, анонимді*, тәулік бойы, тәулікке, сағатына,
күніне, айына, күн сайын, аптасына, тез, жылдам, бірден, бүгін, қазір, тек бүгін, минутта, құжатсыз, құжат сұралмай*,
құжат керек емес, кепілсіз, кепілдік, тәжірибе қажет емес, тәжірибесіз, алдын ала, төлем*, жалақысы, айлығы, теңге,
доллар, тұрғын үй, баспана, билет*, виза*, жатын орын, жеткізу*, жеткізіп, үйге, үйде, үйіңізге, шығу бар, қалада,
қала ішінде, орталықта, сенімді*, сапалы, жоғары, келісімді*, пайыз*, жаңа, әдемі, сұлу, сүйкімді, пәтерім бар,
біздің есептен, орын қалды, шектеулі, түпнұсқа
"""
_CALL = """
жазсын, хабарлассын, звандасын, звондасын, звандаңдар, звандаңыздар,
call now, call us, call me, call today, write to the manager, write to me, write to us, message us, message me,
write in,
dm, dm me, text me, contact us, contact me, order, order today, order now, book, book now, book your, register,
register now,
sign up, subscribe, subscribe to, join us, click, visit us, come to us, apply, apply now, hurry, hurry up, try it,
call our, try your, try our, test your, ask for, ask in, drop us, leave a request, leave your number, come and,
come to our, pm us,
pick up, claim, grab, don t miss, do not miss, invest, trade with, send plus, write plus, write yes, book a,
take part, participate,
join the, join a, join, send a photo, send a full, send your, sign up for, learn to, learn how, ask our, ask us,
come for, in private, details in, ask for details, learn more, send your photo, send a photo,
звоните, звони, пишите, пиши, обращайтесь, обращайся, регистрируйтесь, регистрируйся, записывайтесь, запишитесь,
запишись, заказывайте, закажите, подписывайтесь, подписывайся, подпишись, подпишитесь, вступайте,
присоединяйтесь, приходите,
приезжайте, заходите, спешите, успейте, успей, торопитесь, инвестируйте, вкладывайте, попробуйте, получите,
получи, жмите,
оставьте заявку, оставляйте заявк*, заявк*, вступай, вступайте, присоединяйся, запишись, научись, научитесь,
спросите менеджера, запись на, записаться, испытай*, попробуй*, лови, ловите, забирай*, выбирай*, выбирайте, не
упусти*, участвуй*, пишите плюс, ставьте плюс, в личке, в директе,
узнавайте, уточняйте, спрашивайте, кому интересно, кому нужно, кому надо, позвоните, набирайте, загляните,
доверьте, довер*, решайтесь,
подробности в, подробности по, в личк*, в директ*, в лс, пришлите фото, фото в,
хабарласыңыз*, хабарласыңдар, хабарлас, жазыңыз*, жазыңдар, жазылыңыз*, жазылыңдар, қоңырау шал*, тапсырыс бер*,
тіркеліңіз*, тіркеліп, тіркел, келіңіз*, келіңіздер, асығыңыз*, қосылыңыз*, алыңыз*, ұтып ал*, толығырақ,
жекеге, директке,
қосыл, қосылыңдар, жазыл, кел, келіңдер, үйреніңіз*, менеджерден сұра*, жазылу, сынаңыз*, сынап көріңіз*,
қатысыңыз*, үлгеріңіз*, ұтыңыз*, жекеге жаз*, плюс жаз*, келіп кетіңіз*, таңдаңыз*,
өтінім*, аласыз, сатып алыңыз*
"""
_READER = """
your, yours, you, yourself, вам, вас, вами, ваш, ваша, ваше, вашу, вашего, вашей, вашему, ваши, ваших, тебе,
тебя, твой, твоя, твою, твоего,
сізге, сізді, сіздің, сізбен, саған, сені, сенің, өзіңізге, өзіңіздің
"""
_DOING = """
we arrange, we answer, we treat, we take, we bring, we find, we give, we get, we accept, we send, we come, we
ship, we solve, we cover,
we handle, we reply, we return, we restore, we remove, we cure, we choose, we check, we show, we wait, we
invite, we do not ask,
we don t ask, i wait, i come, i invite, i receive, i give, i take, i answer, i arrange, our students, our
clients, our customers,
receive guests, receives guests, waits for you, wait for you, welcomes guests, welcome guests,
ответим, отвечу, верну, вернем, встречу, встретим, ждем, жду, ждут, ждет, принимают гостей, принимает гостей,
ждут гостей, приедем,
спросите, снимем, решу, найду, найдем, подскажу, сниму, открою, покажу, сыграем, возим, увезем, довезем,
достанем, продлим, выручим,
наши ученики, наши клиенты, наши покупатели, күтеді, күтеміз, күтемін, қонақ күтеді, қонақ қабылдайды,
шәкірттеріміз, клиенттеріміз
"""
WORDS = Vocabulary(
    {
        phrase: part
        for part, words in (
            (Part.READER, _READER),
            (Part.DOING, _DOING),
            (Part.TERMS, _TERMS),
            (Part.TRADE, _TRADE),
            (Part.CALL, _CALL),
            (Part.VOICE, _VOICE),
        )
        for phrase in entries(part, words)
    }
)

# With these words people reason, report and quote; small ads have no room for them.
REASONING = frozenset(
    """promise promised promises lure lured recruited because therefore tax taxes budget that if whether would
    should could was were is are has have had they them their he she his her
    who which not but why this these what how than when since must says said think believe law laws article
    police state
    обещают обещает обещал обещали представить представьте вообразите предлагают предлагали зовут
    отбирают забирают забрали вербуют предложения налог
    налога налоги налогов бюджет бюджета чем стоит стоят это эти этот потому поэтому что чтобы как если был была
    было были есть они их им она его ее кто который которая которые но хотя
    них ними про
    когда почему надо должен должна должны пусть ли бы же закон закона законы статья статье полиция говорит говорят
    сказал сказала считаю думаю государство
    уәде елестетіп елестетіңіз сұрайды айтамын шақырды қойды алдап шақырады алдайды қояды ұсыныс
    ұсынысты салық салықтан салығы бюджет бұл осы деген
    дейтін өйткені сондықтан егер деп деді дейді еді екен болды болса олар оның оларды ол кім қандай бірақ
    алайда неге
    туралы заң заңы бап полиция айтты айтады ойлаймын мемлекет үкімет емес жоқ ғой ма ме
    """.split()
)
