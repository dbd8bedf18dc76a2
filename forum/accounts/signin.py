"""Signing in and proving who one is."""

from flask_babel import gettext as _
from sqlalchemy import select

from forum.accounts import delays, passwords, second_factor, sessions
from forum.accounts.delays import Purpose
from forum.accounts.models import RecoveryCode, User
from forum.accounts.signup import codes_left, use_code
from forum.db import db, writing
from forum.errors import Refused
from forum.events import Event, record
from forum.text import fold


def find(name: str) -> User | None:
    """Return who is called `name`."""
    return db.session.scalar(select(User).where(User.name_key == fold(name.strip())))


def prove(user: User, password: str) -> str | None:
    """Refuse a password that is not that of `user`, who is signed in. Return its hash, by which a change shows."""
    delays.refuse_too_early(user.name, Purpose.CONFIRMATION, holds=False)
    proven = user.password_hash
    if not passwords.matches(password, proven):
        with writing():
            delays.refuse_too_early(user.name, Purpose.CONFIRMATION)  # another guess may have come meanwhile
            delays.failed(user.name, Purpose.CONFIRMATION)
        raise Refused(_("This is not your password now."), "current")
    return proven


def sign_in(user: User, *, instead_of: str = "") -> str:
    """Begin a session of `user`, forget the failed tries, and return the session's token.

    `instead_of`: the token of the session that the browser had before; it ends.
    """
    sessions.end(instead_of)
    delays.forget(user.name, *Purpose)
    token = sessions.begin(user)
    record(Event.SIGNED_IN, user, by=user)
    return token


def confirm(user: User, token: str, proven: str | None, code: str) -> str:
    """Take it that `user`, who has proven who they are, is there, and give their session a new token.

    `proven` is what `prove` returned: a password that was changed meanwhile proves nothing. Who has a second factor
    proves nothing without the `code` of their app; a wrong one is counted, and there is no token.
    """
    _refuse_changed(user, proven)
    if user.second_factor_at and not second_factor.take_code(user, code):
        delays.failed(user.name, Purpose.CONFIRMATION)
        return ""
    return confirmed(user, token)


def confirmed(user: User, token: str) -> str:
    """Give the session of `user`, who has just proven who they are, a new token."""
    delays.forget(user.name, Purpose.CONFIRMATION)
    fresh = sessions.renew(token, is_proven=True)
    record(Event.SIGN_IN_CONFIRMED, user, by=user)
    return fresh


def pass_first_step(user: User, *, instead_of: str) -> str:
    """Sign `user` in and return the token, like `sign_in`; nothing where a second factor has yet to be shown."""
    return "" if user.second_factor_at else sign_in(user, instead_of=instead_of)


def sign_out(user: User, token: str) -> None:
    """End the session of `token`."""
    sessions.end(token)
    record(Event.SIGNED_OUT, user, by=user)


def code_salt(name: str) -> str:
    """Return the salt of the codes of who is called `name`; of nobody, one that costs the same work."""
    mine = select(RecoveryCode.salt).join(User, RecoveryCode.user_id == User.id)
    return db.session.scalar(mine.where(User.name_key == fold(name.strip())).limit(1)) or "00" * 16


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


def replace_password(user: User, token: str, proven: str | None, password_hash: str) -> str:
    """Give `user` a new password, if the one that was proven (its hash) is still theirs.

    Every session but that of `token` ends, and that one gets another token, which is returned.
    """
    _refuse_changed(user, proven)
    user.password_hash = password_hash
    sessions.end_others(user, token)
    delays.forget(user.name, *Purpose)
    record(Event.PASSWORD_SET, user, by=user)
    return sessions.renew(token, is_proven=user.second_factor_at is None)


def set_password(user: User, password_hash: str) -> None:
    """Give `user`, who could not sign in with the old one, a new password; every session ends."""
    user.password_hash = password_hash
    sessions.end_all(user)
    record(Event.PASSWORD_SET, user, by=user)


def _refuse_changed(user: User, proven: str | None) -> None:
    db.session.refresh(user, with_for_update=True)
    delays.refuse_too_early(user.name, Purpose.CONFIRMATION)
    if user.password_hash != proven:
        raise Refused(_("This is not your password now."), "current")
