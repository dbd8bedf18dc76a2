"""Muting: the words of one member fold for another one, and for nobody else."""

from flask_babel import gettext as _
from sqlalchemy import delete, exists, select

from forum.accounts.models import Mute, User
from forum.db import db, insert_into, now
from forum.errors import Refused


def mute(person: User, *, by: User) -> None:
    """Fold what `person` writes, for `by`; done twice it is done once."""
    if person.id == by.id:
        raise Refused(_("Your own words do not fold."))
    values = {"user_id": by.id, "muted_id": person.id, "created_at": now()}
    db.session.execute(insert_into(Mute).values(**values).on_conflict_do_nothing())


def unmute(person: User, *, by: User) -> None:
    """Unfold what `person` writes."""
    db.session.execute(delete(Mute).where(Mute.user_id == by.id, Mute.muted_id == person.id))


def is_muted(person_id: int, *, by_id: int) -> bool:
    """Say whether one member has muted another."""
    return bool(db.session.scalar(select(exists().where(Mute.user_id == by_id, Mute.muted_id == person_id))))


def muted_by(user: User) -> list[str]:
    """Return the names of those whom `user` has muted."""
    query = select(User.name).join(Mute, Mute.muted_id == User.id).where(Mute.user_id == user.id)
    return list(db.session.scalars(query.order_by(User.name_key)))
