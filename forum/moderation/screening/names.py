"""First names that are common in Kazakhstan, Russia and English-speaking countries; towns; people of the article."""

FIRST_NAMES = frozenset(
    """
    aigerim aigul aizhan ainur aliya alina aliia aliyah almira amina ayana ayaulym asel assel assem aruzhan aida
    aisulu balzhan botagoz bibigul dana dariga dinara diana dina gulnara gulmira gulnaz gulsara gulzhan guldana
    jamilya zhamila zhanna zhanar zhansaya zhuldyz indira inkar kamila karina karlygash kamshat kunsulu laura lyazzat
    madina makpal meruert moldir nazira nazgul nazym nurgul perizat raushan roza sabina saltanat samal sandugash
    saule saida shynar symbat tolganay togzhan ulbolsyn ulzhan zarina zauresh zere zhibek
    askar aidar almas alibek amir anuar arman arsen asan askhat azamat baurzhan bauyrzhan berik bolat daniyar dauren
    dias dulat yerlan erlan ermek yerzhan erzhan galym ilyas kairat kanat kuanysh madi maksat miras murat nurlan
    nursultan nurzhan olzhas oraz rakhim ruslan rustam sanzhar serik sultan talgat temirlan timur ulan yerbol zhandos
    zhanibek adil daulet marat mukhtar
    anna anastasia natalia natalya olga elena irina maria marina tatiana tatyana svetlana ekaterina yulia julia
    ksenia daria victoria viktoria oksana galina lyudmila nadezhda valentina polina vera lena katya masha dasha
    nastya tanya olya natasha sveta ira yana inna alla lidia kristina sergey sergei andrey andrei alexey alexei
    dmitry dmitri ivan mikhail nikolai oleg pavel vladimir viktor igor konstantin maxim roman denis artem anton
    evgeny yuri boris stanislav
    mary jane emily emma sarah susan linda karen lisa jennifer jessica ashley amanda melissa rebecca laura michelle
    kimberly elizabeth margaret helen alice lucy sophie charlotte hannah grace chloe ella olivia ava mia claire kate
    katie rachel nicole angela john james robert michael william david richard thomas charles daniel matthew mark
    paul steven kevin brian george edward peter patrick jack harry oliver tom ben sam alex adam joe bob steve mike
    nick jason eric emir larisa zhenya sasha aliyu
    айгерим айгерім айгуль айгүл айжан айнур айнұр алия әлия алина алмира амина аяна асель әсел асем әсем аружан аида
    айсулу айсұлу балжан ботагоз ботагөз бибигуль бибігүл дана дарига дариға динара диана дина гульнара гүлнар
    гүлнара гульмира гүлмира гульназ гүлназ гульсара гульжан гүлжан гульдана джамиля жамиля жәмила жанна жанар жансая
    жулдыз жұлдыз индира инкар іңкәр камила кәмила карина карлыгаш қарлығаш камшат қамшат лаура ляззат ләззат мадина
    мәдина макпал мақпал меруерт мөлдір молдир назира назгуль назгүл назым нургуль нұргүл перизат раушан роза сабина
    салтанат самал сандугаш сәуле сауле саида шынар шинар сымбат толганай тоғжан тогжан улжан ұлжан зарина зауреш
    зере жибек жібек гаухар гауһар куляш күләш рымкеш рахима майра бақыт бахыт акмарал ақмарал анель әнел томирис
    аяулым айым айя сания мариям мариям фатима зульфия венера
    аскар асқар айдар алмас алибек әлібек амир әмір ануар арман арсен асан асхат азамат бауыржан берик берік болат
    данияр дәурен даурен диас дулат ерлан ермек ержан ербол галым ғалым ильяс кайрат қайрат канат қанат куаныш қуаныш
    мади максат мақсат мирас мурат мұрат нурлан нұрлан нурсултан нұрсұлтан нуржан олжас ораз рахим руслан рустам
    санжар серик серік султан талгат талғат темирлан темірлан тимур ұлан улан жандос жанибек жәнібек адиль әділ
    даулет дәулет нуржан марат мухтар мұхтар самат самат аян бекзат ринат дамир
    анна анастасия наталья наталия ольга елена ирина мария марина татьяна светлана екатерина юлия ксения дарья
    виктория оксана галина людмила надежда валентина полина вера лена катя маша даша настя таня оля наташа света ира
    яна инна алла лидия кристина лариса женя саша алию тамара раиса зоя нина любовь антонина евгения александра
    вероника алена снежана эльвира эльмира гульшат
    сергей андрей алексей дмитрий иван михаил николай олег павел владимир виктор игорь константин максим роман денис
    артем антон евгений юрий борис станислав александр василий петр григорий вадим виталий валерий геннадий анатолий
    леонид степан федор кирилл никита егор илья
    """.split()
)

CITIES = frozenset(
    """
    almaty astana nur-sultan karaganda shymkent aktobe aktau atyrau taraz pavlodar semey kostanay kokshetau uralsk
    oral petropavl petropavlovsk ust-kamenogorsk oskemen kyzylorda turkestan taldykorgan temirtau zhezkazgan balkhash
    ekibastuz rudny kaskelen talgar saran shakhtinsk moscow bishkek tashkent london paris berlin omsk
    алматы астана астане алмата караганда карагандa қарағанды шымкент актобе ақтөбе актау ақтау атырау тараз павлодар
    семей костанай қостанай кокшетау көкшетау уральск орал петропавловск петропавл усть-каменогорск өскемен кызылорда
    қызылорда туркестан түркістан талдыкорган талдықорған темиртау теміртау жезказган жезқазған балхаш балқаш
    экибастуз екібастұз рудный каскелен қаскелең талгар талғар сарань шахтинск москва бишкек ташкент омск караганд
    москв алмат астан павлодар петропавловск
    кентау сатпаев сатпаеве сәтбаев жанаозен жаңаөзен жанаозене кульсары құлсары хромтау лисаковск житикара жітіқара
    шалкар шалқар кандыагаш қандыағаш аягоз аягуз аягозе аягузе аякөз аягөз жаркент шардара сарыагаш сарыағаш ленгер
    жанатас жаңатас жетысай жетісай текели текелі ушарал уштобе үштөбе сарканд макинск атбасар есиль державинск
    тобыл аксай ақсай курчатов шемонаиха зыряновск серебрянск приозерск каражал қаражал байконур байқоңыр байконыр
    аральск аральске кордай қордай мерке каратау қаратау чимкент усть-каман караганде
    esik issyk yesik zhetybai жетыбай жетибай жетібай kordai korday merki saryozek
    kentau zhanaozen kulsary khromtau lisakovsk zhitikara shalkar kandyagash ayagoz zharkent shardara saryagash lenger
    zhanatas zhetysay tekeli usharal ushtobe makinsk atbasar kurchatov shemonaikha priozersk baikonur aralsk
    merke ridder
    shchuchinsk stepnogorsk arkalyk kapchagay konaev qonaev
    темиртау актоб костана аркалык арқалық степногорск сатпаев щучинск риддер есик есік конаев қонаев капшагай
    """.split()
)

STREETS = frozenset(
    """
    abay abai kurmangazy aiteke kazybek zhambyl
    dostyk satpayev satpaev seifullin furmanov nazarbayev zhandosov timiryazev rozybakiev auezov baitursynov
    kabanbay bogenbay tole raiymbek rayimbek zhibek nauryzbay kunaev al-farabi mametova moldagulova
    абая достык сатпаева сейфуллина фурманова назарбаева жандосова тимирязева розыбакиева ауэзова байтурсынова
    курмангазы кабанбай богенбай толе айтеке казыбек райымбека наурызбай жамбыла кунаева мендыкулова гоголя пушкина
    ленина мира победы момышулы мустафина республики уалиханова бараева кенесары сарыарка мангилик
    достық сәтбаев құрманғазы қабанбай бөгенбай төле әйтеке қазыбек райымбек наурызбай жамбыл кенесары сарыарқа мәңгілік
    """.split()
)

# People whom the article itself names: replies speak of them.
ARTICLE_FIRST = (
    *("larisa", "zhenya", "sasha", "vera"),
    "mukhtar",
    "marat",
    "aliyu",
    *("ларис", "женя", "жени", "жене", "женю", "женей", "саша", "саши", "саше", "сашу", "сашей"),
    *("вера", "веры", "вере", "веру", "верой"),
    "мухтар",
    "мұхтар",
    "марат",
    "алию",
)
ARTICLE_LAST = (
    "sergunin",
    "tinikeyev",
    "tinikeev",
    "ajtamagambetov",
    "aitmagambetov",
    "сергунин",
    "тиникеев",
    "айтмагамбетов",
    "айтамагамбетов",
    "айтмағамбетов",
    "айтамағамбетов",
    "тінікеев",
)
