"""Taking another name for one debate alone; it is that of every reply there, and nobody can see whose it is."""

import secrets
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, exists, or_, select
from sqlalchemy.exc import IntegrityError

from forum.accounts import names
from forum.accounts.locks import lock
from forum.accounts.models import User
from forum.db import db
from forum.debates import bylines
from forum.debates.models import Debate, DebateName, MutedName, Reply
from forum.debates.policy import may_reply, may_take_name
from forum.errors import NotAllowed, Refused
from forum.events import Event, record
from forum.text import fold

LETTERS = "BCDFGHJKLMNPQRSTVWXYZ23456789"  # none that looks like another one, and no vowels, so no words


def take(debate: Debate, name: str, *, by: User) -> DebateName:
    """Let `by` write in a debate under `name`, before the first reply there and once for all."""
    lock(by)
    if not may_reply(by, debate):
        raise NotAllowed(_("You cannot write in this debate now, so there is nothing to choose a name for."))
    if not may_take_name(by, debate):
        raise NotAllowed(_("Moderators and leads write under their own names."))
    if bylines.of(debate.id, by):
        raise Refused(_("You have chosen a name for this debate already. It stays."))
    if has_written(debate, by):
        raise Refused(_("You have sent a reply in this debate under your own name. Every other one follows it."))
    name = names.clean(name)
    _refuse_telling(name, by)
    names.refuse_taken(name)
    tag = bylines.TAG + "".join(secrets.choice(LETTERS) for _letter in range(6))
    taken = DebateName(debate_id=debate.id, user_id=by.id, stored_name=name, name_key=fold(name), tag=tag)
    db.session.add(taken)
    try:
        db.session.flush()
        names.keep(name, by)
    except IntegrityError as error:  # two people chose it in the same moment
        db.session.rollback()
        raise Refused(names.taken_message(), "name") from error
    record(Event.DEBATE_NAME_TAKEN, taken, by=by)
    return taken


@dataclass(frozen=True)
class Standing:
    """Under which name somebody writes in a debate, and whether another one can still be chosen."""

    name: str
    tag: str  # "": the own name
    is_open: bool
    has_written: bool


def standing(debate: Debate, person: User) -> Standing:
    """Return under which name a member writes in a debate."""
    other, wrote = bylines.of(debate.id, person), has_written(debate, person)
    is_open = other is None and not wrote and may_take_name(person, debate)
    return Standing(other.name if other else person.name, other.tag if other else "", is_open, wrote)


def has_written(debate: Debate, person: User) -> bool:
    """Say whether a person has sent any reply in a debate, whatever became of it: moderators may have read it."""
    mine = exists().where(Reply.debate_id == debate.id, Reply.author_id == person.id)
    return bool(db.session.scalar(select(mine)))


def forget(person: User) -> None:
    """Take away every name that a person had for a debate alone; that they look like stays with `names.forget`."""
    for row in db.session.scalars(select(DebateName).where(DebateName.user_id == person.id)).all():
        row.stored_name, row.name_key = "", f"DELETED {row.id}"  # no folded name has a capital letter
    theirs = select(DebateName.id).where(DebateName.user_id == person.id)
    db.session.execute(
        delete(MutedName).where(or_(MutedName.user_id == person.id, MutedName.debate_name_id.in_(theirs)))
    )


def _refuse_telling(name: str, by: User) -> None:
    """Refuse a name that has the own one in it, or stands in it."""
    mine, chosen = fold(by.name), fold(name)
    if mine in chosen or chosen in mine:
        raise Refused(_("This name tells yours. Choose one that has nothing of it."), "name")
