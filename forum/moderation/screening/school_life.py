"""A minor's everyday life: the own class, classmates, parents who forbid."""

from collections.abc import Iterator

from forum.moderation.screening.memories import is_memory, speaks_of_others
from forum.moderation.screening.reading import Reading, listed, trait
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries

_LAST_CLASS = 12
_LONG_AGO = 16  # years; before that nobody who is under age now had classmates

# Words of somebody who goes to school now.
_MY_CLASS = listed("my our наш моем нашем менің біздің я мы мен біз меня нас".split())
_GRADERS = listed(("grader", "former", "graders"))
_OWN = Vocabulary(
    entries(
        None,
        "in our class, our class has, у нас в классе, в нашем классе, біздің сыныпта, won t let me out, "
        "don t let me out, doesn t let me out, не пускают меня, не пускает меня, меня не пускают, меня не пускает, "
        "далаға шығармайды, үйден шығармайды, моя домашка, моя домашняя, наша домашка, my homework, our homework, "
        "үй жұмысым, үй тапсырмам, "
        "as a high school student, as a school student, as a high schooler, as a teenager i, as a teen i, "
        "teen like me, teenager like me, kid like me, girls my own age, last year of school, final year of school, "
        "выпускном классе, выпускной класс у меня, я выпускница школы, подростку как я, подросток как я, "
        "подросткам как я, школьнице как я, школьнику как я, девочек моего возраста, девочки моего возраста, "
        "девчонок моего возраста, құрбыларым туралы, мен сияқты жасөспірім*, мен сияқты оқушы*, мен сияқты бала*, "
        "оқушысы ретінде, оқушы ретінде, жасөспірім ретінде, бітіруші сыныппын, биологичка, химичка, математичка, "
        "физичка, англичанка сказала, англичанка задала, русичка, географичка, историчка, физруку, "
        "our homeroom teacher gave, our homeroom teacher, my homeroom teacher, our class teacher gave, "
        "классная задала, классная велела, классная сказала, нам задали, задали на дом, училка задала, "
        "сынып жетекшіміз үйге, my classmates, my classmate, our class teacher, my class teacher, our homeroom, "
        "my schoolmates, i still go to school, i go to school, i am still at school, i m still at school, "
        "still in school myself, my mum does not let, my mom does not let, my mum won t let, my mom won t let, "
        "my mum doesn t let, my mom doesn t let, my parents don t let, my parents do not let, "
        "my parents won t let, my parents still decide, i have to be home by, i am grounded, i m grounded, "
        "we have homework, my homework, our geography teacher, our biology teacher, our history teacher, "
        "our maths teacher, at my school, in my school, kids in my class, girls in my class, boys in my class, "
        "a girl in my class, everyone in my class, someone in my class, people in my grade, girls in my grade, "
        "my school uniform, before my final exams at school, i take my final exams at school, my school exams, "
        "сдаю огэ, сдаю егэ, сдаю ент, готовлюсь к ент, готовлюсь к егэ, готовлюсь к огэ, буду сдавать ент, "
        "буду сдавать егэ, буду сдавать огэ, мне сдавать ент, мне сдавать егэ, скоро ент, ұбт тапсырамын, "
        "ұбт ға дайындал*, ұбт тапсырам, my parents still check, my mum still checks, my mom still checks, "
        "i do my homework, after school i, my school diary, электронный дневник мой, my form teacher, "
        "my form tutor, we have a test tomorrow, we have an exam at school, our form teacher, "
        "i am an eighth grader, i am a ninth grader, i m an eighth grader, i m a ninth grader, "
        "i am a seventh grader, i m a seventh grader, i am a tenth grader, i m a tenth grader, до паспорта мне, "
        "мне до паспорта, паспорта у меня еще нет, мне еще не дали паспорт, у нас завтра контрольная, "
        "у нас контрольная, моя классная, сынып жетекшім, бақылау жұмысымыз, сабақ оқып отыр деп, "
        "сабақ оқып жатыр деп, үй тапсырмасын орында*, мои одноклассни*, моя одноклассниц*, мой одноклассник, "
        "с моей одноклассниц*, наша класснуха, нашей классной, наш классный руководитель, наша классная, "
        "в нашем классе, из нашего класса, у нас в классе, из моего класса, в моем классе, с одноклассник*, "
        "одноклассницы рассказ*, за одной партой, за соседней партой, я хожу в школу, я еще хожу в школу, "
        "еще хожу в школу, после уроков я, я после уроков, мама меня не пускает, мама не пускает меня, "
        "мама не разрешает мне, родители не разрешают мне, родители мне не разрешают, мне родители не разрешают, "
        "мне мама не разрешает, мама еще не разрешает, школьница я, школьник я, как школьница, как школьник, "
        "как ученица, как ученик, мы со школы, мы школьники, мы школьницы, мы старшеклассни*, мы девятиклассни*, "
        "мы восьмиклассни*, я старшекласс*, я девятикласс*, я восьмикласс*, я десятикласс*, я семикласс*, "
        "я шестикласс*, я пятикласс*, я одиннадцатикласс*, делаю уроки, на перемене мы, нам на уроке, "
        "нам учительница, сыныптас*тарым, сыныптастарым, сыныптасым, сыныптастарыммен, сыныптасыммен, "
        "біздің сыныпта, біздің сыныптағы, сыныбымызда, сыныбымыздағы, сынып жетекшіміз, біздің мұғалім*, "
        "мен мектепте оқимын, мектепке барамын, мектеп оқушысы болып, оқушы болсам да, оқушы болғанымен, "
        "анам рұқсат бермейді, ата-анам рұқсат бермейді, мамам жібермейді, анам жібермейді, сабақтан кейін мен, "
        "бір партада, жоғары сынып оқушысымын, мектеп бітірген жоқпын",
    )
)
_ENGLISH_PAST = ("ed", "aw", "ew", "ought", "ent", "eard", "ame", "old")
CLASS_WORDS = ("grade", "класс", "сынып", "сыныб", "form")
_CLASS_VERBS = frozenset(
    """finish finishing finished start starting enter entering attend attending am m study studying go going passed
    moved repeating graduate учусь учимся заканчиваю заканчиваем закончу закончим перехожу переходим перейду перейдем
    перешла перешел пойду пойдем хожу сижу окончу оканчиваю оканчиваем
    бітірдім оқимын оқимыз оқып бітіремін бітіреміз бітірем аяқтаймын аяқтаймыз аяқтаймын көшемін көштім барамын барамыз
    оқушысымын оқушымын оқушысымыз""".split()
)
_OURS = (
    ("у", "нас"),
    ("нас", "в"),
    ("наш",),
    ("нашем",),
    ("наше",),
    ("our",),
    ("my",),
    ("мой",),
    ("моем",),
    ("біздің",),
    ("менің",),
)
_PAST = frozenset(
    """former бывшая бывший бывшей бұрынғы взрослая взрослый взрослые тетка grown adult ересек
    was were when had used ago taught been old then those days said told
    была был были когда говорили говорила говорил прошло тогда раньше учился училась закончил закончила учил учила нам
    едім едік болғанда кезде кезінде дейтін оқыдым бітірдім бітіргенмін оқыған""".split()
)
_ADULTS = frozenset(
    """son daughter child kids students pupils сын дочь дочка дочери сына ребенок дети внук внучка учеников қызым
    ұлым балам teacher учитель мұғалім""".split()
)
_ORDINALS = frozenset(
    """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
    первом втором третьем четвертом пятом шестом седьмом восьмом девятом десятом одиннадцатом
    первый второй третий четвертый пятый шестой седьмой восьмой девятый десятый одиннадцатый
    пятого шестого седьмого восьмого девятого десятого одиннадцатого
    бірінші екінші үшінші төртінші бесінші алтыншы жетінші сегізінші тоғызыншы оныншы""".split()
)


def school_life(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield (first, last token) of what only somebody says who goes to school."""
    for first, last, _ in _OWN.find(reading):
        around = {*reading.words[max(0, first - 10) : first], *reading.words[last + 1 : last + 7]}
        if not around & _PAST and not around & _ADULTS and not _is_memory(reading, first):
            yield first, last
    yield from _own_class(reading)
    yield from _lettered_class(reading)
    yield from _as_a_grader(reading)


def _lettered_class(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "in my class, 8B", "в моём 8 «В»", "мы из 10 «Б»", "менің сыныбымда, 8 «В»"."""
    for word, places in reading.places_of(_MY_CLASS):
        reach = 6 if len(word) > 3 or word in {"my", "our"} else 3
        for index in places[:MOST]:
            further = 2 * reach if reading.word(index + 1) in {"class", "класс", "сынып"} else reach
            for place in range(index + 1, min(index + further, len(reading.words))):
                if not reading.words[place].isdigit():
                    continue
                letter = place + 1 + (reading.word(place + 1) in {"«", '"', "-", "“"})
                if (
                    1 <= int(reading.words[place][:4]) <= 11
                    and len(reading.word(letter)) == 1
                    and reading.word(letter).isalpha()
                ):
                    yield index, letter
                break


def _as_a_grader(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "as a tenth grader I find", "I'm a 10th grader": what somebody says of now."""
    for _word, places in reading.places_of(_GRADERS):
        for index in places[:MOST]:
            start = index - 1 - (reading.word(index - 1) == "-")
            start -= reading.word(start) in {"th", "st", "nd", "rd"}
            number = reading.word(start)
            if number not in _ORDINALS and not (number.isdigit() and len(number) < 3 and int(number) <= _LAST_CLASS):
                continue
            before = [one for one in reading.words[max(0, start - 4) : start] if one not in "'’"]
            verb = index + 2 + (reading.word(index + 1) == ",")
            told_now = reading.word(verb - 1) in {"i", "we"} and not reading.word(verb).endswith(_ENGLISH_PAST)
            as_one = before[-2:-1] == ["as"] and told_now and reading.word(verb) not in _PAST
            is_one = before[-3:] in (["i", "am", "a"], ["i", "m", "a"]) or before[-2:] in (["im", "a"], ["we", "are"])
            if (as_one or is_one) and not is_memory(reading, start, index):
                yield start, index


def _is_memory(reading: Reading, place: int) -> bool:
    """Say whether a year of the last century, or of a former youth, stands before: in 1991 my classmates were."""
    before = reading.words[max(0, place - 30) : place]
    return any(len(word) == 4 and word.isdigit() and 1940 < int(word) < reading.on.year - _LONG_AGO for word in before)


@trait
def _is_a_class(word: str) -> bool:
    return word.startswith(CLASS_WORDS) and len(word) <= 10


def _own_class(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "next year I finish 9th grade", "у нас в 9 «Б» классе", "тоғызыншы сыныпты бітіремін"."""
    for word, places in reading.places_of(_is_a_class):
        for index in places[:MOST]:
            number = class_number(reading, index)
            if number is None:
                continue
            low, high = max(0, number - 6), min(len(reading.words), index + 5)
            around = reading.words[low:high]
            lately = "жаңа" in around
            if (
                (set(around) & (_PAST - {"нам"}) and not lately)
                or set(around) & _ADULTS
                or is_memory(reading, number, index)
            ):
                continue
            verbs = [place for place in range(low, high) if reading.words[place] in _CLASS_VERBS]
            ours = any(
                tuple(around[at : at + len(own)]) == own and not speaks_of_others(reading, low + at)
                for own in _OURS
                for at in range(number - low)
            )
            if ours or (verbs and (not word.startswith(("grade", "form")) or "i" in around or "we" in around)):
                yield min([number, *verbs]), index


def class_number(reading: Reading, index: int) -> int | None:
    """Return the token of a class's number before the word for class: 9, девятый, 9-шы, 9 «Б»."""
    for place in range(index - 1, max(index - 7, -1), -1):
        word = reading.words[place]
        if word in _ORDINALS:
            return place
        if word.isdigit():
            return place if 1 <= int(word[:4]) <= _LAST_CLASS else None
        if len(word) > 3 and word not in {"нынешний"}:
            return None
    return None
