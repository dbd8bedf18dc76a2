"""Words that stand between the parts of a number when people tell it."""

from forum.moderation.screening.numerals import TIMES

FILLERS = frozenset(TIMES) | frozenset(
    """dash hyphen dot point space comma slash and then plus bracket minus again
    тире дефис точка пробел запятая минус плюс и потом затем дальше далее скобка опять снова еще
    сызықша нүкте бос және содан кейін тағы қосу үтір""".split()
)
TELLING = frozenset(  # between the parts of a number that is told over several sentences
    """after that comes come the at end finally it is are next last final first four two three digits digit followed by
    follow
    starts start begins with number my code dial type press add part now you take put goes go ends in on as for mine
    middle begin begins beginning closes close second third comes
    под конец сначала середина середине вначале набираете затем стоит
    а в на потом идет идут конце последние последняя последних первые первый цифры цифра дальше начинается
    начало теперь
    оканчивается заканчивается кончается номер номера мой моего он она это наберите набери пишем пишешь добавьте
    добавь
    код оператора оператор следом за ним ними после этого того будет и ну там такие
    ортасында тұр тұрады соңғысы келеді кейін соңы соңында соңғы басы басында одан содан сосын алдымен деп
    теріңіз тер теріп аяғы аяғында ортасы ортасында
    нөмірімнің нөмірім нөмірі менің басталады аяқталады бітеді сандар сандары сан екі төрт онан ары
    қарай келеді тұрады код""".split()
)
ONLY_WORDS = frozenset(  # of look-alike letters, but nobody writes digits so
    "add dad odd god bad lad old sold gold told is it its to too so do go got get "
    "dot dig dog lot list least at as all also "
    "bit sit tell sell bill tea sea set see "
    "best test ate ask без об обе во боо зов бог".split()
)
LAST = frozenset("last final first next последние первые следующие соңғы алғашқы келесі".split())
COUNTS = frozenset("two three four seven две три четыре екі үш төрт".split())
