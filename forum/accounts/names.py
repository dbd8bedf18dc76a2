"""Pseudonyms: which ones are possible, and which look like one that is taken or reserved."""

import hmac
import json
import re
import unicodedata
from functools import cache
from hashlib import sha256
from importlib.resources import files

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select

from forum import seals
from forum.accounts.models import NameLook, ReservedName, User
from forum.db import db, insert_into, now
from forum.errors import Refused
from forum.text import fold, is_storable

NAME_MIN, NAME_MAX = 3, 30

# Nobody may look like the house; the site's own name comes on top, from the settings.
# Letters and marks that show as nothing: Unicode's Default_Ignorable_Code_Point among categories L and M.
INVISIBLE = [(0x34F, 0x34F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF)]

RESERVED = [  # en, ru, kk
    *("admin", "administrator", "moderator", "mod", "lead", "editor", "root", "system", "support", "staff", "owner"),
    *("operator", "security", "official", "deleted", "anonymous", "guest", "webmaster"),
    *("админ", "администратор", "модератор", "ведущий", "редактор", "система", "поддержка", "владелец", "оператор"),
    *("безопасность", "удалён", "удалено", "аноним", "гость"),
    *("әкімші", "жетекші", "жүйе", "қолдау", "иесі", "қауіпсіздік", "жойылған", "белгісіз", "қонақ"),
]


def clean(name: str) -> str:
    """Return `name` as it will be shown, or refuse it with the reason.

    Letters of any script with their marks, digits, `-`, `_` and `.`; 3 to 30 characters after NFKC;
    a letter or a digit first.
    """
    name = unicodedata.normalize("NFKC", name.strip()) if is_storable(name) else ""
    if not NAME_MIN <= len(name) <= NAME_MAX:
        raise Refused(_("A pseudonym has 3 to 30 characters."), "name")
    if any(first <= ord(c) <= last for c in name for first, last in INVISIBLE):
        raise Refused(_("This pseudonym has a character that nobody can see."), "name")
    if not all(unicodedata.category(c)[0] in "LM" or unicodedata.category(c) == "Nd" or c in "-_." for c in name):
        raise Refused(_("Use letters, digits, hyphen, underscore and full stop only."), "name")
    if unicodedata.category(name[0])[0] not in "LN":
        raise Refused(_("Begin with a letter or a digit."), "name")
    return name


def refuse_taken(name: str) -> None:
    """Refuse `name` if it is taken or looks like a taken or reserved one."""
    mine = looks(name)
    reserved = {look for word in [*RESERVED, current_app.config["SITE_NAME"]] for look in looks(word)}
    if mine & reserved:
        raise Refused(_("This pseudonym is kept for the house. Please choose another one."), "name")
    taken = db.session.scalar(select(User.id).where(User.name_key == fold(name)))
    twin = db.session.scalar(select(NameLook.id).where(NameLook.look.in_(mine)).limit(1))
    former = db.session.scalar(select(ReservedName.id).where(ReservedName.digest.in_(map(_digest, mine))).limit(1))
    if taken or twin or former:
        raise Refused(taken_message(), "name")


def keep(name: str, user: User) -> None:
    """Let nobody else have a name that looks like `name`: the database refuses a look that somebody has."""
    db.session.add_all(NameLook(look=look, user_id=user.id) for look in sorted(looks(name)))
    db.session.flush()


def forget(user: User) -> None:
    """Take the name of `user` away for good, and all that `keep` kept for them.

    They stay reserved, by digests that the database alone cannot read.
    """
    looks_of = select(NameLook.look).where(NameLook.user_id == user.id)
    digests = {_digest(look) for look in [*db.session.scalars(looks_of), *looks(user.name)]}
    rows = [{"digest": digest, "created_at": now()} for digest in sorted(digests)]
    db.session.execute(insert_into(ReservedName).on_conflict_do_nothing(), rows)
    db.session.execute(delete(NameLook).where(NameLook.user_id == user.id))
    user.name, user.name_key = "", f"DELETED {user.id}"  # no folded name has a capital letter


def _digest(look: str) -> str:
    return hmac.new(seals.key("names of former members"), look.encode(), sha256).hexdigest()


def taken_message() -> str:
    """Return what is said of a taken name."""
    return _("Somebody here has this name or one that looks like it. Please choose another one.")


def looks(name: str) -> set[str]:
    """Return what `name` looks like: as typed (capital I is small l), in small letters, and in capitals (В is B).

    After the skeletons of Unicode TS 39, section 4, with the `confusables` data of Unicode.
    """
    return {_look(name), _look(fold(name)), _look(name.upper())}


def _look(text: str) -> str:
    """Return the skeleton of `text` in folded case, which may make other characters alike: until nothing changes."""
    while True:
        decomposed = unicodedata.normalize("NFD", text)
        look = fold("".join(_prototype(c) for c in decomposed))
        if look == text:
            return look
        text = look


@cache
def _prototype(character: str) -> str:
    """Return the character (or characters) that stand for all that look like `character`."""
    twins = _confusables().get(character, [])
    if len(twins) != 1:
        return character  # nothing looks like it, or it is the prototype of several
    if len(_confusables().get(twins[0], [])) > 1 or len(twins[0]) > 1:
        return twins[0]
    return min(character, twins[0])  # a pair that lists each other


@cache
def _confusables() -> dict[str, list[str]]:
    data = json.loads((files("confusable_homoglyphs") / "confusables.json").read_text(encoding="utf-8"))
    invisible = re.compile("[\u200e\u200f]")  # the data wraps right-to-left letters in marks
    return {character: [invisible.sub("", twin["c"]) for twin in twins] for character, twins in data.items()}
