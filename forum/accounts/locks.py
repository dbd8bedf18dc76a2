"""Taking turns: what one person does, or what is done to them, comes one after the other."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm.attributes import instance_state

from forum.accounts.models import User
from forum.db import db


def lock(*people: User) -> None:
    """Hold these people until the transaction ends and read them anew; rows that only name them pass.

    In one order, and before any reply is held, so that nobody waits in a ring.
    """
    db.session.execute(_HELD, {"people": [_number(person) for person in people]}).all()


_WANTED: Any = bindparam("people", expanding=True)
_HELD = (
    select(User)
    .where(User.id.in_(_WANTED))
    .order_by(User.id)
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def _number(person: User) -> int:
    """Return the id of a person without a look at the row, which a new transaction would read only for that."""
    known = instance_state(person).identity
    return int(known[0]) if known else person.id
