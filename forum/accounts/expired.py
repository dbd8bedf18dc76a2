"""What is over by the clock and of use to nobody leaves the database too."""

from sqlalchemy import delete, select

from forum.accounts import delays, sessions
from forum.accounts.models import OneTimeLink, Role, Session, User
from forum.db import db, now, writing


def forget() -> None:
    """Delete one-time links, sessions and counts of failed sign-ins whose time is over; a job."""
    is_staff = Session.user_id.in_(select(User.id).where(User.role != Role.MEMBER))
    with writing():
        db.session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at <= now()))
        db.session.execute(delete(Session).where(Session.created_at <= now() - sessions.MEMBERS.absolute))
        db.session.execute(delete(Session).where(is_staff, Session.created_at <= now() - sessions.STAFF.absolute))
        delays.forget_old()
