"""Sessions: begun at sign-in, found at each request, ended from either end."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from forum.accounts.models import Session, User
from forum.accounts.passwords import new_token, token_digest
from forum.db import db, now

IDLE = timedelta(days=14)  # a phone left lying about for two weeks has to sign in again
ABSOLUTE = timedelta(days=90)  # and everybody does four times a year
RENEW_AFTER = timedelta(minutes=10)  # how exactly the last activity is known; a GET writes no row


def begin(user: User) -> str:
    """Store a new session of `user` and return its token; sessions past their time are swept out."""
    db.session.execute(delete(Session).where(Session.user_id == user.id, Session.created_at < now() - ABSOLUTE))
    token = new_token()
    db.session.add(Session(user_id=user.id, token_digest=token_digest(token)))
    return token


def find(token: str) -> User | None:
    """Return whose session `token` is, or None if it has ended."""
    row = db.session.scalar(
        select(Session)
        .where(Session.token_digest == token_digest(token), Session.created_at > now() - ABSOLUTE)
        .options(joinedload(Session.user))
    )
    return row.user if row else None


def end(token: str) -> None:
    """End the session of `token`."""
    db.session.execute(delete(Session).where(Session.token_digest == token_digest(token)))


def end_all(user: User) -> None:
    """End every session of `user`."""
    db.session.execute(delete(Session).where(Session.user_id == user.id))
