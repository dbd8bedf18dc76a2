"""What the page of notices and the menu ask."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.db import db
from forum.debates.models import Outcome, Reply, Revision
from forum.moderation.models import Decision
from forum.notifications.models import Notification

PER_PAGE = 50


def notices(user: User, page: int) -> tuple[list[Notification], bool]:
    """Return a page of the notices to `user`, the newest first, and whether there are more."""
    query = (
        select(Notification)
        .where(Notification.user_id == user.id)
        .order_by(Notification.id.desc())
        .options(
            joinedload(Notification.reply).joinedload(Reply.debate),
            joinedload(Notification.decision).options(joinedload(Decision.words), joinedload(Decision.revision)),
        )
    )
    rows = list(db.session.scalars(query.limit(PER_PAGE + 1).offset((page - 1) * PER_PAGE)))
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def menu_counts(user: User) -> tuple[int, int]:
    """Return how many notices `user` has not read and, for moderators, how many wordings wait: one query."""
    mine = Notification.user_id == user.id
    unread = select(func.count()).select_from(Notification).where(mine, Notification.read_at.is_(None))
    if not user.is_staff:
        return db.session.scalar(unread) or 0, 0
    waiting = select(func.count()).select_from(Revision).where(Revision.outcome == Outcome.WAITING)
    row = db.session.execute(select(unread.scalar_subquery(), waiting.scalar_subquery())).one()
    return row[0], row[1]
