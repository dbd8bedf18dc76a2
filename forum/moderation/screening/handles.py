"""Handles of messengers and networks: with their sign, their links, or the network's name beside them."""

import re
from collections.abc import Iterator
from itertools import islice, product

from forum.moderation.screening.flags import Flag, Severity, merged
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.telling_verbs import is_telling
from forum.moderation.screening.vocabulary import MOST, Vocabulary, entries

_MESSENGER = (
    "telegram, telegramm, телеграм*, телега, телеге, телегу, телегой, тг, tg, тгшка, телеграмм*, телеграф, "
    "whatsapp, whats app, wa, вотсап*, ватсап*, уотсап*, вацап*, воцап*, whatsap, watsap, wattsapp, вотсапп, "
    "ватцап*, "
    "viber, вайбер*, instagram, insta, ig, инста, инсте, инсту, инстам, инстамыз, инстасы, инстада, инстой, "
    "инстаға, телегам, телегрм*, телегр*, телеграмм, инстаграм*, инстаграмм*, vk, вк, вконтакте, vkontakte, "
    "телегте, телегде, телегтен, телегке, телегім, телегам, телеге*, тележк*, телегаға, телегада, телегамда, "
    "тг*, вконтакт*, в контакте, телеграм*, телегр*, "
    "signal, сигнал, discord, дискорд*, skype, скайп*, snapchat, snap, снапчат*, facebook, fb, фейсбук*, "
    "tiktok, тикток*, "
    "тик ток, imo, имо, wechat, вичат, threema, одноклассник*, linkedin, threads, steam, messenger, line id, "
    "kik, icq, аська, аське, "
    "мессенджер*, зум, zoom, twitter, твиттер*, only fans, onlyfans, bigo, likee, matrix, session, max, макс"
)
_MESSENGERS = Vocabulary(entries(None, _MESSENGER))
_NICKNAMES = (
    *("nick", "nickname", "username", "ник", "ником", "никнейм", "никнеймом", "никім", "никнеймім", "логином"),
    *("аккаунтым", "логинім", "никі", "аккаунты", "парақшам"),
)  # behind these a signed name needs no messenger
_CALLS = Vocabulary(
    entries(
        None,
        "write me, write to me, message me, msg me, text me, dm me, pm me, find me, add me, ping me, "
        "follow me, reach me, hit me up, "
        "hmu, contact me, my, dm, contact, contacts, nick, nickname, username, user, handle, account is, "
        "i go by, go by, known as, goes by, called, под именем, атымен, я там, i am on, i'm on, im on, look me up, "
        "пиши, пишите, пишем, напиши*, ищи, ищите, найди*, найдешь, найдете, добавляй*, добавь*, стучи*, "
        "стукни*, мой, моя, мое, моем, моей, мою, "
        "ник, ником, ник-нейм, никнейм*, логин, акк, аккаунт, подписывай*, подпиши*, связь, связаться, "
        "контакт, контакты, отвечу, я в, "
        "жаз, жазыңыз, жазыңдар, жаза беріңіз, жазылыңыз, жазылыңдар, менің, парақшам, парақшасы, "
        "парақшамыз, іздеңіз, ізде, табыңыз, қосыңыз, "
        "хабарлас*, байланыс*, никім, логинім, аккаунтым, профиль, профилі, профильді, профиле, her, his, "
        "ее, его, оның",
    )
)
_ASKS = (
    *product(
        ("write me", "write to me", "message me", "text me", "contact me", "find me", "add me", "reach me", "ping me"),
        ("in", "on", "via", "by"),
        ("whats*", "teleg*", "insta*", "viber", "signal", "discord", "skype", "facebook", "vk", "snap*"),
    ),
    *product(
        ("пиши*", "пиши* мне", "напиши*", "напиши* мне", "найди*", "найди* меня", "добавь*", "стучи*", "ищи* меня"),
        ("в", "на"),
        ("вотс*", "ватс*", "вацап*", "уотс*", "телег*", "тг", "инст*", "вайбер*", "вк", "директ*", "личк*", "лс", "дм"),
    ),
)
_PRIVATE = Vocabulary(
    entries(
        None,
        *(" ".join(words) for words in _ASKS),
        "пишите в лс, пиши в лс, пишите в личку, пиши в личку, напишите в личку, напиши в личку, напиши в лс, "
        "в личку, "
        "пишите в личные, пиши в личные, пишите в директ, пиши в директ, в директ, напишите мне в, "
        "напиши мне в тел*, напиши мне в вотс*, "
        "напиши мне в ватс*, пиши мне в, пишите мне в, dm me, pm me, message me on, text me on, write me on, "
        "write to me on, "
        "message me in, message me privately, slide into my dm*, my dms are, my dm is, send me a dm, "
        "hit me up, жекеге жаз*, жеке хабарлама жаз*, "
        "директке жаз*, личкаға жаз*, лсқа жаз*, лс-ке жаз*, вотсапқа жаз*, ватсапқа жаз*, телеграмға жаз*, "
        "стучите в личку, жду в личке, жду в лс",
    )
)
_HANDLE_LINK = re.compile(
    r"(?<![\w.\-])(?:t\.me|telegram\.me|telegram\.dog|wa\.me|api\.whatsapp\.com|chat\.whatsapp\.com|vk\.com|vk\.ru|"
    r"m\.vk\.com|instagram\.com|instagr\.am|facebook\.com|fb\.com|fb\.me|m\.me|discord\.gg|discord\.com/users|"
    r"discordapp\.com|join\.skype\.com|signal\.me|viber\.click|ok\.ru|tiktok\.com|snapchat\.com|linkedin\.com/in|"
    r"onlyfans\.com|threads\.net|twitter\.com|x\.com)/[^\s<>]{2,200}"
    r"|(?:tg|viber|skype|whatsapp|signal)://[^\s<>]{2,200}|skype:[\w.\-]{3,60}|live:[\w.\-]{3,60}"
)
_SIGN = re.compile(r"@\s?[^\W\d_][\w.]{2,40}")
_VK_NUMBER = re.compile(r"(?<![\w/])id ?[0-9]{6,12}(?!\w)")
_DISCORD = re.compile(r"(?<![\w#])[^\W_][\w.]{1,31} ?#[0-9]{4}(?![\w])")
_HANDLE = re.compile(r"[a-z0-9а-яә-ӿ][a-z0-9_.а-яә-ӿ\-]{2,40}")
_COMMON = frozenset(
    """the and for from with that this have has had was were are not but you your they them their who what when where
    which channel channels group groups chat chats bot bots messages message users app apps account accounts
    post posts
    story stories video videos ads page pages media blocked ban banned because since after before about only also even
    more most some any all than then there here been being will would can could should may might must just like into
    over under between during telegram whatsapp instagram facebook viber signal vk discord skype tiktok twitter
    youtube
    google meta messenger now today please if want need interested info details tomorrow anytime every day instead
    why how is it
    calls list handle nick nickname username user name called same too not here there post feed web desktop
    business ceo data""".split()
)


def handle(reading: Reading) -> list[Flag]:
    """Find names on messengers and social networks, and requests to go on in private.

    Code `handle`, severity WARN.

    >>> [flag.code for flag in handle(Reading("мой тг aigerim_95"))]
    ['handle']
    """
    spans = (
        [match.span() for match in _HANDLE_LINK.finditer(reading.plain)] if reading.places.keys() & {"/", ":"} else []
    )
    spans += [match.span() for match in _DISCORD.finditer(reading.plain)] if "#" in reading.places else []
    spans += [
        match.span()
        for match in islice(_SIGN.finditer(reading.plain), MOST)
        if _is_sign(reading.plain, match.start()) and not _addresses_the_forum(match[0][1:].strip(" ."))
    ]
    spans += [
        (reading.starts[first], reading.ends[last])
        for first, last, _ in _PRIVATE.find(reading)
        if not (reading.words[first] == "в" and _is_told(reading, first, last))
    ]
    spans += _after_messengers(reading)
    spans += _after_nicknames(reading)
    spans += (
        [match.span() for match in islice(_VK_NUMBER.finditer(reading.plain), MOST)]
        if _NETWORK & reading.places.keys()
        else []
    )
    return merged(reading.flag("handle", Severity.WARN, start, end) for start, end in spans)


_WORDS_TOO = frozenset(
    """wa signal сигнал max макс line matrix session snap steam imo имо""".split()
)  # mean other things, too
_NETWORK = frozenset("вконтакте вк vk vkontakte контакте одноклассники одноклассниках ок".split())


def _is_sign(plain: str, at: int) -> bool:
    """Say whether an @ begins a name; inside of an address it does not."""
    return at == 0 or not (plain[at - 1].isalnum() or plain[at - 1] in "._-@/")


_ADDRESSED = frozenset(
    """above below all everyone everybody anyone anybody nobody author authors previous op poster moderator moderators
    admin admins editor editors here others people those these whoever someone somebody you them whom
    reader readers opponent opponents speaker commenter both women men passage reply replies first last next
    team staff state government police parliament minister lawyers""".split()
)  # a word behind an @ by which members speak to each other


def _addresses_the_forum(name: str) -> bool:
    """Say whether an @ only speaks to somebody: an ordinary word behind it; networks have no names in Cyrillic."""
    if name in _ADDRESSED or name in _COMMON:
        return True
    return name.isalpha() and not any("a" <= char <= "z" for char in name)


def _after_messengers(reading: Reading) -> Iterator[tuple[int, int]]:
    calls = {last for _, last, _ in _CALLS.find(reading)}
    for first, last, _ in _MESSENGERS.find(reading):
        called = any(index in calls for index in range(first - 6, last + 4))
        signs = {":", "=", "-", "name", "username", "nick", "ник"}
        is_word_too = first == last and reading.words[first] in _WORDS_TOO
        if is_word_too and not called and not signs.intersection(reading.words[last + 1 : last + 4]):
            continue
        found = _name_after(reading, last, called) or _name_before(reading, first, called)
        if found:
            yield min(found[0], reading.starts[first]), max(found[1], reading.ends[last])


def _is_told(reading: Reading, first: int, last: int) -> bool:
    """Say whether others wrote in private: мне в личку предложили."""
    return any(is_telling(reading.word(place)) for place in (first - 1, last + 1, last + 2))


def _after_nicknames(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield "никім Er_Bolat_01": a signed name behind a word for it, on whatever network."""
    for word in _NICKNAMES:
        for index in reading.places.get(word, [])[:MOST]:
            for place in range(index + 1, min(index + 4, len(reading.words))):
                if reading.words[place] in _LINKING:
                    continue
                match = _HANDLE.match(reading.plain, reading.starts[place])
                if match is not None and _is_signed(name := match[0].rstrip(".-")):
                    yield reading.starts[index], match.start() + len(name)
                break


_LINKING = frozenset(
    ": - = ( [ « \" ' , . is id ид ник nick nickname username handle мой мое my me as under the по как под ником мен "
    "account acc аккаунт акк логин login менің моем в во on in at to или or и and @ / → > ~ — "
    "name user я i am im по-прежнему "
    "go by goes called known дағы дегі дағы да де ға найдете имени search іздеңіз атым атпен "
    "– у меня парақшам парақшасы никім мне туда".split()
)


def _name_after(reading: Reading, last: int, called: bool) -> tuple[int, int] | None:
    """Return the stretch of a name that follows a messenger's name."""
    linked = False
    for index in range(last + 1, min(last + 7, len(reading.words))):
        word = reading.words[index]
        if word in _LINKING:
            linked = linked or word in {
                ":",
                "=",
                "@",
                "nick",
                "ник",
                "id",
                "username",
                "handle",
                "логин",
                "login",
                "ником",
                "acc",
                "акк",
            }
            if word == "." and index - last > 1:
                return None
            continue
        match = _HANDLE.match(reading.plain, reading.starts[index])
        if match is None:
            return None
        name = match[0].rstrip(".-")
        if _is_name(reading, index, name, called, linked):
            return match.start(), match.start() + len(name)
        if called and linked is False and index - last <= 2:  # one word between: my telegram account
            continue
        return None
    return None


def _name_before(reading: Reading, first: int, called: bool) -> tuple[int, int] | None:
    """Return the stretch of a name that stands before a messenger's: aika_95 в телеграме."""
    for index in range(first - 1, max(first - 5, -1), -1):
        word = reading.words[index]
        if word in _LINKING or word in {")", "это", "is", "бұл"}:
            continue
        start = reading.starts[index]
        while (
            start > 0
            and reading.starts[index] - start < 40
            and (reading.plain[start - 1].isalnum() or reading.plain[start - 1] in "_.-")
        ):
            start -= 1
        name = reading.plain[start : reading.ends[index]]
        if _HANDLE.fullmatch(name) and _is_signed(name):
            return start, reading.ends[index]
        return None
    return None


def _is_signed(name: str) -> bool:
    """Say whether a word looks like a handle by itself: Latin with a digit, an underscore or a dot inside."""
    if not any("a" <= char <= "z" for char in name):
        return False
    letters = name.rstrip("s").isdigit() or len(name) < 4
    return "_" in name or (
        not letters and (name[-1].isdigit() or any(c.isdigit() for c in name) or "." in name.strip("."))
    )


def _is_name(reading: Reading, index: int, name: str, called: bool, linked: bool) -> bool:
    if _is_signed(name):
        return True
    if name in _COMMON or len(name) < 4 or name.isdigit():
        return False
    cyrillic_around = any(
        "а" <= char <= "я" for char in reading.plain[max(0, reading.starts[index] - 60) : reading.starts[index]]
    )
    if name.isascii():
        return linked or (called and (cyrillic_around or _ends_here(reading, index)))
    return linked and called and _ends_here(reading, index)


def _ends_here(reading: Reading, index: int) -> bool:
    return reading.word(index + 1) in {"", ".", "!", ",", ")", ";"} or reading.ends_sentence(index)
