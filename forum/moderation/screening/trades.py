"""Words that bind a name to a place: what people do and where they work."""

from forum.moderation.screening.vocabulary import Vocabulary, entries

BONDS = Vocabulary(
    entries(
        None,
        "works at, works in, works for, works as, works near, working at, working in, working for, lives in, "
        "lives at, lives on, lives near, lives next, living in, living at, lives opposite, lives above, "
        "studies at, studies in, studying at, is a nurse, is a teacher, is a waitress, is employed, "
        "employed at, employed by, teaches at, teaches in, teaches maths, sells at, cleans at, rents, "
        "resides, "
        "goes to school, goes to college, attends, is a cashier, is an accountant, is a student, works the, "
        "worked at, worked in, who works, moved to, "
        "работает в, работает на, работает у, работает во, работает медсестр*, работает учител*, "
        "работает продав*, работает официант*, работает бухгалтер*, работает кассир*, работает менедж*, "
        "работает воспит*, работает по, работает врач*, работает парикмах*, работает администр*, "
        "работала в, работал в, работающ* в, работающ* на, живет в, живет на, живет по, живет во, "
        "живет возле, живет рядом, живет около, живет недалеко, живущ* в, живущ* на, проживает, проживающ*, "
        "учится в, учится на, учится по, учащ* в, снимает квартир*, преподает, "
        "трудится, торгует на, служит в, устроилась в, устроился в, студентка, студент, "
        "тұрады, тұратын, тұрып жатыр, жұмыс істейді, жұмыс істейтін, жұмыс жасайды, істейді, оқиды, оқитын, "
        "қызмет етеді, сабақ береді, мұғалімі, дәрігері, жұмыс істеп, оқып жүр, тұрып, сатушы болып",
    )
)
TITLES = Vocabulary(
    entries(
        None,
        "санитар*, медсестр*, медбрат*, учительниц*, учитель, учителя, учителем, продавщиц*, продавец, продавцом, "
        "официант*, "
        "бухгалтер*, кассир*, парикмахер*, воспитательниц*, воспитател*, врач, врачом, студентк*, студент, "
        "директор, жена, "
        "дочь, сын, муж, хозяин, хозяйка, владел*, водител*, таксист*, охранник*, сторож*, повар*, менеджер*, "
        "администратор*, "
        "тренер*, фельдшер*, массажист*, стоматолог*, бармен*, слесар*, электрик*, вахтер*, уборщиц*, дворник*, "
        "завхоз*, "
        "секретар*, программист*, инженер*, библиотекар*, фармацевт*, провизор*, риелтор*, маникюрш*, стрижет, "
        "торгует, держит, заведует, владеет, водит, возит, "
        "сосед, соседка, нотариус*, методист*, логопед*, завуч*, мастер, сварщик*, крановщик*, шахтер*, "
        "nurse*, teacher*, waitress*, waiter*, cashier*, accountant*, student, hairdresser*, owner*, manager*, "
        "driver*, guard*, "
        "cook, chef, barber*, barista*, bartender*, dentist*, pharmacist*, plumber*, electrician*, engineer*, "
        "secretary, "
        "receptionist*, librarian*, coach, trainer*, tutor*, janitor*, cleaner*, seller*, shopkeeper*, landlord*, "
        "landlady, "
        "neighbour, neighbor, mechanic*, programmer*, paramedic*, who runs, runs a, runs the, drives a, "
        "drives the, keeps a, keeps the, who cuts, cuts hair, who sells, sells, who teaches, husband, "
        "wife, miner, welder, notary, "
        "ұстайды, жүргізеді, басқарады, мұғалім*, медбике*, дәрігер*, сатушы*, шаштараз*, даяшы*, есепші*, иесі, "
        "қожайыны, жүргізуші*, күзетші*, аспаз*, "
        "қызметкері, қызметкер, тәрбиеші*, бапкер*, фельдшер*, тіс дәрігері, сантехник*, инженер*, хатшы*, "
        "кітапханашы*, "
        "студенті, әкімші*, менеджері, бағдарламашы*, көршісі, күйеуі, әйелі, еден жуушы*, кассирі, кассир*, "
        "слесарь*",
    )
)
EMPLOYERS = Vocabulary(
    entries(
        None,
        "school*, hospital*, clinic*, shop, store, bank, branch, university, college, salon, cafe, café, "
        "restaurant, office, factory, pharmacy, kindergarten, hotel, market, bazaar, supermarket, company, "
        "школ*, больниц*, поликлиник*, магазин*, банк*, отделени*, университет*, колледж*, салон*, кафе, "
        "ресторан*, офис*, завод*, аптек*, детском сад*, детсад*, садик*, отел*, гостиниц*, рынк*, базар*, "
        "супермаркет*, фирм*, компани*, акимат*, суд, суде, "
        "мектеб*, мектеп*, аурухана*, емхана*, дүкен*, банкі*, банкте, университет*, колледж*, дәмхана*, "
        "мейрамхана*, кеңсе*, зауыт*, дәріхана*, балабақша*, қонақүй*, базар*, әкімдік*, үйде, подъезд*, "
        "доме, дома, house, building, village, street, улиц*, көше*, ауыл*, деревн*, поселк*, селе, общежити*, "
        "dormitory, dorm, жатақхана*, "
        "car wash, petrol station, gas station, garage, dentist*, gym, fitness*, library, hairdresser*, beauty, "
        "depot, plant, "
        "mill, laundry, sewing, bakery, canteen, canteens, автомойк*, мойк*, заправк*, азс, сто, гараж*, клиник*, "
        "стоматолог*, "
        "парикмахерск*, библиотек*, столов*, пекарн*, прачечн*, депо, цех*, ателье, фитнес*, спортзал*, "
        "тренажерн*, турфирм*, "
        "нотариальн*, почт*, вокзал*, жк, рынок, ломбард*, автосервис*, "
        "көлік жуу*, автомойка*, жанармай*, шеберхана*, кітапхана*, асхана*, наубайхана*, тігін*, спортзал*, "
        "вокзал*, пошта*, "
        "саябақ*, сауда үйі*, цех*, ательесі*, клиника*, шаштаразда, "
        "fabric*, фабрик*, шахт*, mine, тигрис, тэц, больниц*, рудник*, роддом*, таксопарк*, автопарк*, "
        "перзентхана*, паркте, паркінде, лице*, гимнази*, district, район*",
    )
)
