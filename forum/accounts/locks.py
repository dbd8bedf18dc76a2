"""Taking turns: what one person does, or what is done to them, comes one after the other."""

from typing import Any

from flask import current_app
from sqlalchemy import bindparam, select

from forum.accounts.models import User
from forum.db import columns_of, id_of, is_now, is_sqlite, rows


def lock(*people: User) -> None:
    """Hold these people until the transaction ends and read them anew; rows that only name them pass.

    In one order, and before any reply is held, so that nobody waits in a ring.
    """
    numbers = [id_of(person) for person in people]
    held = rows(_HELD, {"people": numbers}) if len(numbers) > 1 else rows(_HELD_ALONE, {"person": numbers[0]})
    found = {row["id"]: row for row in held.mappings()}
    for person, number in zip(people, numbers, strict=True):
        if number in found:
            is_now(person, found[number])


def hold(person: User) -> None:
    """Hold a person in the same way; who does this reads them anew. The one writer of SQLite holds everybody."""
    if not is_sqlite(current_app):
        rows(_HELD_ONLY, {"person": id_of(person)})


_WANTED: Any = bindparam("people", expanding=True)
_HOLD = select(*columns_of(User)).with_for_update(key_share=True)
_HELD = _HOLD.where(User.id.in_(_WANTED)).order_by(User.id)
_HELD_ONLY = select(User.id).where(User.id == bindparam("person")).with_for_update(key_share=True)
_HELD_ALONE = _HOLD.where(User.id == bindparam("person"))  # a list of values is put into the statement anew each time
