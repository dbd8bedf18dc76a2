"""Muting: what stands under one name folds for one member, and for nobody else.

A name for a debate alone is muted by itself: did its author's other words fold with it, that would tell whose it is.
"""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, exists, select, union_all

from forum.accounts.models import Mute, User
from forum.db import db, insert_into, now
from forum.debates.models import Byline, DebateName, MutedName
from forum.errors import Refused
from forum.text import place_of

MOST = 200  # names of one member: each stands in the settings, and every page of a debate asks for all of them


def mute(byline: Byline, *, by: User) -> None:
    """Fold what stands under a name, for `by`; done twice it is done once."""
    if byline.author.id == by.id:
        raise Refused(_("Your own words do not fold."))
    if len(muted_by(by)) >= MOST:
        raise Refused(_("You have muted as many names as one can. Unmute one first; the list is in your settings."))
    model, values = _row(byline, by.id)
    db.session.execute(insert_into(model).values(**values, created_at=now()).on_conflict_do_nothing())


def unmute(byline: Byline, *, by: User) -> None:
    """Unfold what stands under a name."""
    model, values = _row(byline, by.id)
    db.session.execute(delete(model).filter_by(**values))


def is_muted(byline: Byline, *, by_id: int) -> bool:
    """Say whether a member has muted a name."""
    model, values = _row(byline, by_id)
    return bool(db.session.scalar(select(exists(select(model).filter_by(**values)))))


def muted_by(user: User) -> list[str]:
    """Return the names that `user` has muted, in the order of the alphabet."""
    own = select(User.name).join(Mute, Mute.muted_id == User.id).where(Mute.user_id == user.id)
    others = select(DebateName.stored_name)
    others = others.join(MutedName, MutedName.debate_name_id == DebateName.id).where(MutedName.user_id == user.id)
    return sorted(db.session.scalars(union_all(own, others)), key=place_of)


def _row(byline: Byline, by_id: int) -> tuple[Any, dict[str, int]]:
    """Return the table in which it stands that a name is muted, and what stands there."""
    values = {"user_id": by_id}
    if byline.other:
        return MutedName, values | {"debate_name_id": byline.other.id}
    return Mute, values | {"muted_id": byline.author.id}
