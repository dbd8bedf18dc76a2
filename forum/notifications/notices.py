"""Telling members what became of their words."""

from sqlalchemy import delete, select, update

from forum.accounts.models import User
from forum.db import db, now
from forum.debates.models import Reply
from forum.events import Event
from forum.moderation.appeal_models import Appeal
from forum.moderation.models import Decision
from forum.notifications.models import Notification


def tell_author(decision: Decision) -> None:
    """Leave the author of the reply a notice of `decision`."""
    author_id = db.session.scalar(select(Reply.author_id).where(Reply.id == decision.reply_id))
    facts = {"event": Event.DECISION_MADE, "reply_id": decision.reply_id, "decision_id": decision.id}
    db.session.add(Notification(user_id=author_id, **facts))


def take_back(decision: Decision) -> None:
    """Take back the notice of a decision that was undone; who has read it is told so in another one."""
    made = (Notification.decision_id == decision.id, Notification.event == Event.DECISION_MADE)
    db.session.execute(delete(Notification).where(*made, Notification.read_at.is_(None)))
    facts = {"event": Event.DECISION_UNDONE, "reply_id": decision.reply_id, "decision_id": decision.id}
    for user_id in db.session.scalars(select(Notification.user_id).where(*made)).all():
        db.session.add(Notification(user_id=user_id, **facts))


def tell_of_appeal(appeal: Appeal) -> None:
    """Leave the author and the first moderator a notice of how `appeal` was decided."""
    facts = {"event": Event.APPEAL_DECIDED, "reply_id": appeal.reply_id, "appeal_id": appeal.id}
    for user_id in (appeal.appellant_id, appeal.first_moderator_id):
        db.session.add(Notification(user_id=user_id, **facts))


def mark_read(user: User) -> None:
    """Mark all notices to `user` as read."""
    unread = update(Notification).where(Notification.user_id == user.id, Notification.read_at.is_(None))
    db.session.execute(unread.values(read_at=now()))
