"""Finding who writes under a name, their own or one for a debate alone, and what stands under it and nothing else."""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from forum.accounts.signin import find as find_user
from forum.db import db
from forum.debates.models import Byline, DebateName, Reply
from forum.text import fold, is_storable

TAG = "tag:"  # how the tag of a name begins; no name has a colon


def find(name: str) -> Byline | None:
    """Return what readers know as `name`: one who signs in under it, or who writes under it in one debate."""
    user = find_user(name)
    if user is not None:
        return Byline(user)
    return _other(DebateName.name_key == fold(name.strip()))


def at_desk(name: str) -> Byline | None:
    """Return whom the desk means by `name`: a tag, or a name that readers know; whatever was typed."""
    if not is_storable(name):
        return None
    return _other(DebateName.tag == name.strip()) if name.strip().startswith(TAG) else find(name)


def of(debate_id: int, person: Any) -> DebateName | None:
    """Return the name under which a person writes in a debate, if it is not their own."""
    return db.session.scalar(select(DebateName).filter_by(debate_id=debate_id, user_id=person.id))


def written_under(byline: Byline) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a reply that stands under this name; the own name stands where there is no other."""
    is_own = Reply.author_id == byline.author.id
    if byline.other:
        return is_own, Reply.debate_id == byline.other.debate_id
    elsewhere = select(DebateName.debate_id).where(DebateName.user_id == byline.author.id)
    return is_own, Reply.debate_id.not_in(elsewhere)


def said_of(byline: Byline, model: Any) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a row of `model` that the desk has written about somebody under this name."""
    number = byline.other.id if byline.other else None
    return model.user_id == byline.author.id, model.debate_name_id.is_not_distinct_from(number)


def _other(condition: ColumnElement[bool]) -> Byline | None:
    query = select(DebateName).where(condition).options(joinedload(DebateName.user), joinedload(DebateName.debate))
    found = db.session.scalar(query)
    return Byline(found.user, found) if found else None
