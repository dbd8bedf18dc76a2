"""How a moderator wants the desk: keys or none, and in which languages."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from markupsafe import Markup
from sqlalchemy import select

from forum.accounts.models import User
from forum.db import db
from forum.moderation import own_desk
from forum.moderation.desk_models import DeskPreference
from forum.moderation.own_desk import Wishes


def of_reader(reader: Any) -> Wishes:
    """Return the wishes of a moderator, asked once for a page."""
    return own_desk.of_reader(reader).wishes


def kbd(reader: Any, key: object) -> str:
    """Return the sign of a key on a control, for a moderator who wants keys."""
    return _sign(str(key)) if of_reader(reader).keys else ""


def shortcut(reader: Any, key: object) -> str:
    """Return what tells the script and a screen reader of a key on a control, for a moderator who wants keys."""
    return _attribute(str(key)) if of_reader(reader).keys else ""


@cache
def _sign(key: str) -> Markup:
    return Markup(' <kbd aria-hidden="true">{}</kbd>').format(key)


@cache
def _attribute(key: str) -> Markup:
    return Markup(' aria-keyshortcuts="{}"').format(key)


def keep(reader: User, *, keys: bool, chosen: Iterable[str]) -> None:
    """Keep the wishes of a moderator."""
    db.session.get(User, reader.id, with_for_update=True)  # of two changes at once the second finds the first
    found = db.session.scalar(select(DeskPreference).where(DeskPreference.user_id == reader.id))
    wishes = found or DeskPreference(user_id=reader.id)
    wishes.keys, wishes.languages = keys, ",".join(chosen)
    db.session.add(wishes)
    own_desk.forget()
