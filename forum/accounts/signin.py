"""Signing in, with delays that grow under one name, known or not."""

from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete, select

from forum.accounts import passwords, sessions
from forum.accounts.models import RecoveryCode, SignInDelay, User
from forum.accounts.signup import codes_left, use_code
from forum.db import db, now, writing
from forum.errors import Refused, TooMany
from forum.events import Event, record
from forum.text import fold

FREE_TRIES = 3  # before the first delay
LONGEST_DELAY = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


def find(name: str) -> User | None:
    """Return who is called `name`."""
    return db.session.scalar(select(User).where(User.name_key == fold(name.strip())))


def refuse_too_early(name: str) -> None:
    """Refuse a try under `name` before its delay is over."""
    row = _delay(name)
    if row and row.next_try_at > now():
        seconds = int((row.next_try_at - now()).total_seconds()) + 1
        message = ngettext(
            "Too many tries under this name. Please wait %(num)d second and try again.",
            "Too many tries under this name. Please wait %(num)d seconds and try again.",
            seconds,
        )
        raise TooMany(message, seconds)


def failed(name: str) -> None:
    """Record a failed try under `name` and let the delay grow: none, none, none, 2 s, 4 s … 15 min."""
    db.session.execute(delete(SignInDelay).where(SignInDelay.next_try_at < now() - FORGOTTEN_AFTER))
    row = _delay(name)
    if row is None:
        row = SignInDelay(name_digest=_digest(name), failures=0, next_try_at=now())
        db.session.add(row)
    row.failures += 1
    exponent = min(row.failures - FREE_TRIES, 12)
    if exponent > 0:
        row.next_try_at = now() + min(timedelta(seconds=2**exponent), LONGEST_DELAY)
    record(Event.SIGN_IN_FAILED, row)


def prove(user: User, password: str) -> str | None:
    """Refuse a password that is not that of `user`, like a failed sign-in. Return its hash, by which a change shows."""
    refuse_too_early(user.name)
    proven = user.password_hash
    if not passwords.matches(password, proven):
        with writing():
            failed(user.name)
        raise Refused(_("This is not your password now."), "current")
    return proven


def sign_in(user: User, *, instead_of: str = "") -> str:
    """Begin a session of `user`, forget the failed tries, and return the session's token.

    `instead_of`: the token of the session that the browser had before; it ends.
    """
    sessions.end(instead_of)
    db.session.execute(delete(SignInDelay).where(SignInDelay.name_digest == _digest(user.name)))
    token = sessions.begin(user)
    record(Event.SIGNED_IN, user, by=user)
    return token


def sign_out(user: User, token: str) -> None:
    """End the session of `token`."""
    sessions.end(token)
    record(Event.SIGNED_OUT, user, by=user)


def code_salt(user: User | None) -> str:
    """Return the salt of the codes of `user`; of nobody, one that costs the same work."""
    salt = None
    if user is not None:
        salt = db.session.scalar(select(RecoveryCode.salt).where(RecoveryCode.user_id == user.id).limit(1))
    return salt or "00" * 16


def recover(user: User, code_digest: str, password_hash: str) -> int:
    """Set a new password with a recovery code; return how many codes are left.

    Every session of `user` ends. Refused if the code is not one of the unused.
    """
    if not use_code(user, code_digest):
        raise Refused(unknown_code_message(), "code")
    set_password(user, password_hash)
    return codes_left(user)


def unknown_code_message() -> str:
    """Return the one answer to a wrong name, a wrong code and a used one."""
    return _("Name and code do not belong together, or the code has been used.")


def replace_password(user: User, proven: str | None, password_hash: str) -> None:
    """Give `user` a new password, if the one that was proven (its hash) is still theirs."""
    db.session.refresh(user, with_for_update=True)
    if user.password_hash != proven:
        raise Refused(_("This is not your password now."), "current")
    set_password(user, password_hash)


def set_password(user: User, password_hash: str) -> None:
    """Give `user` a new password and end every session."""
    user.password_hash = password_hash
    sessions.end_all(user)
    record(Event.PASSWORD_SET, user, by=user)


def _delay(name: str) -> SignInDelay | None:
    return db.session.scalar(select(SignInDelay).where(SignInDelay.name_digest == _digest(name)).with_for_update())


def _digest(name: str) -> str:
    return passwords.keyed_digest(current_app.config["SECRET_KEY"], "sign-in", fold(name.strip()))
