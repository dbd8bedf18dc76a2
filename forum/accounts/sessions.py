"""Sessions: begun at sign-in, found at each request, ended from either end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import bindparam, delete, select, update

from forum.accounts.models import Session, User
from forum.accounts.passwords import new_token, token_digest
from forum.db import columns_of, db, loaded, now, rows, writing
from forum.errors import Overtaken


@dataclass(frozen=True)
class Limits:
    """How long a session lasts: without a visit, and at all."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True)
class Here:
    """The session of this request, as it stood at its beginning."""

    id: int
    confirmed_at: datetime
    acted_at: datetime


MEMBERS = Limits(timedelta(days=14), timedelta(days=90))  # a phone left lying about; and everybody, four times a year
STAFF = Limits(timedelta(hours=12), timedelta(days=7))  # whoever finds such a session open reads what others may not
RENEW_AFTER = timedelta(minutes=10)  # how exactly the last activity is known; a GET writes no row
_WITH_USER = (
    select(
        *columns_of(User),
        *(Session.id.label("session_id"), Session.created_at.label("begun_at"), Session.confirmed_at, Session.acted_at),
    )
    .join(User, User.id == Session.user_id)
    .where(Session.token_digest == bindparam("digest"))
)
_OF_SESSION = ("session_id", "confirmed_at", "acted_at")  # the fields of `Here`
MOST = 50  # sessions of one person; the oldest ends when another one begins


def limits_of(user: User) -> Limits:
    """Return how long the sessions of `user` last, by the role of this moment."""
    return STAFF if user.is_staff else MEMBERS


def begin(user: User) -> str:
    """Store a new session of `user` and return its token; sessions past their time are swept out."""
    mine = Session.user_id == user.id
    db.session.execute(delete(Session).where(mine, Session.created_at < now() - limits_of(user).absolute))
    newest = select(Session.id).where(mine).order_by(Session.id.desc()).limit(MOST - 1)
    db.session.execute(delete(Session).where(mine, Session.id.not_in(newest)))
    token = new_token()
    db.session.add(Session(user_id=user.id, token_digest=token_digest(token), acted_at=_hour()))
    return token


def find(token: str, seen: datetime) -> tuple[User, Here] | None:
    """Return whose session `token` is and which, last used at `seen`; None if it has ended or was left too long.

    Each request begins with it, so it is read past the session of the database.
    """
    row = rows(_WITH_USER, {"digest": token_digest(token)}).mappings().first()
    if row is None:
        return None
    values = dict(row)
    begun_at, present = values.pop("begun_at"), Here(*(values.pop(name) for name in _OF_SESSION))
    user = loaded(User, values)
    limits = limits_of(user)
    is_over = begun_at <= now() - limits.absolute or seen < now() - limits.idle
    return None if is_over else (user, present)


def open_of(user: User) -> list[Session]:
    """Return the sessions of `user` that have not ended, the newest first."""
    since = now() - limits_of(user).absolute
    query = select(Session).where(Session.user_id == user.id, Session.created_at > since)
    return list(db.session.scalars(query.order_by(Session.id.desc())))


def note_act(here: Here) -> None:
    """Note, to the hour, that something was done in a session; once in an hour."""
    if here.acted_at < _hour():
        with writing():
            db.session.execute(update(Session).where(Session.id == here.id).values(acted_at=_hour()))


def renew(token: str, *, is_proven: bool = False) -> str:
    """Give the session of `token` another token, and return it; `is_proven`: its person has just shown who they are."""
    row = db.session.scalar(select(Session).where(Session.token_digest == token_digest(token)).with_for_update())
    if row is None:
        raise Overtaken(_("This session was ended from another device. Please sign in again."))
    fresh = new_token()
    row.token_digest = token_digest(fresh)
    if is_proven:
        row.confirmed_at = now()
    return fresh


def end(token: str) -> None:
    """End the session of `token`."""
    db.session.execute(delete(Session).where(Session.token_digest == token_digest(token)))


def end_one(user: User, number: int) -> None:
    """End one session of `user` by its number."""
    db.session.execute(delete(Session).where(Session.user_id == user.id, Session.id == number))


def end_others(user: User, token: str) -> None:
    """End every session of `user` but that of `token`."""
    db.session.execute(delete(Session).where(Session.user_id == user.id, Session.token_digest != token_digest(token)))


def end_all(user: User) -> None:
    """End every session of `user`."""
    db.session.execute(delete(Session).where(Session.user_id == user.id))


def _hour() -> datetime:
    return now().replace(minute=0, second=0, microsecond=0)
