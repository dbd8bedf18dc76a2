"""Taking turns: what one person does, or what is done to them, comes one after the other."""

from sqlalchemy import select

from forum.accounts.models import User
from forum.db import db


def lock(*people: User) -> None:
    """Hold these people until the transaction ends and read them anew; rows that only name them pass.

    In one order, and before any reply is held, so that nobody waits in a ring.
    """
    query = select(User).where(User.id.in_([person.id for person in people])).order_by(User.id)
    db.session.execute(query.with_for_update(key_share=True).execution_options(populate_existing=True)).all()
