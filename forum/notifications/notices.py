"""Telling members what became of their words."""

from sqlalchemy import select, update

from forum.accounts.models import User
from forum.db import db, now
from forum.debates.models import Reply
from forum.events import Event
from forum.moderation.appeal_models import Appeal
from forum.moderation.models import Decision
from forum.moderation.sanction_models import Sanction, SanctionAppeal
from forum.notifications.models import Notification


def tell_author(decision: Decision) -> None:
    """Leave the author of the reply a notice of `decision`."""
    author_id = db.session.scalar(select(Reply.author_id).where(Reply.id == decision.reply_id))
    facts = {"event": Event.DECISION_MADE, "reply_id": decision.reply_id, "decision_id": decision.id}
    db.session.add(Notification(user_id=author_id, **facts))


def tell_of_appeal(appeal: Appeal) -> None:
    """Leave the author and the first moderator a notice of how `appeal` was decided."""
    facts = {"event": Event.APPEAL_DECIDED, "reply_id": appeal.reply_id, "appeal_id": appeal.id}
    for user_id in (appeal.appellant_id, appeal.first_moderator_id):
        db.session.add(Notification(user_id=user_id, **facts))


def tell_sanctioned(sanction: Sanction) -> None:
    """Leave the person a notice of `sanction`, or of its early end."""
    event = Event.SANCTION_ENDED if sanction.ended_at else Event.SANCTION_MADE
    db.session.add(Notification(user_id=sanction.user_id, event=event, sanction_id=sanction.id))


def tell_of_sanction_appeal(appeal: SanctionAppeal) -> None:
    """Leave the person, and those who made the sanction, a notice of how the appeal against it was decided."""
    for user_id in sorted(appeal.involved):
        notice = Notification(user_id=user_id, event=Event.SANCTION_JUDGED, sanction_id=appeal.sanction_id)
        db.session.add(notice)


def mark_read(user: User) -> None:
    """Mark all notices to `user` as read."""
    unread = update(Notification).where(Notification.user_id == user.id, Notification.read_at.is_(None))
    db.session.execute(unread.values(read_at=now()))
