"""Joining under a pseudonym, and the recovery codes that come with it."""

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from forum.accounts import names, passwords
from forum.accounts.models import RecoveryCode, Role, User
from forum.db import db, now
from forum.errors import Refused
from forum.events import Event, record
from forum.text import fold


class Secrets:
    """A password's hash and a set of recovery codes, computed before the transaction begins."""

    def __init__(self, password: str) -> None:
        self.password_hash = passwords.new_hash(password)
        self.codes, self.salt, self.digests = passwords.new_codes()


def join(name: str, kept: Secrets, *, language: str = "en", role: Role = Role.MEMBER) -> User:
    """Make an account of `name`; its codes are in `kept.codes`, to be shown once."""
    user = add_user(name, role, language=language)
    user.password_hash = kept.password_hash
    store_codes(user, kept)
    record(Event.SIGNED_UP, user, by=user)
    return user


def add_user(name: str, role: Role, *, language: str = "en") -> User:
    """Add a person who has no password yet."""
    name = names.clean(name)
    names.refuse_taken(name)
    user = User(name=name, name_key=fold(name), role=role, language=language)
    if role is not Role.MEMBER:
        user.staff_number = next_staff_number()
    db.session.add(user)
    try:
        db.session.flush()
        names.keep(name, user)
    except IntegrityError as error:  # two people chose it in the same moment
        db.session.rollback()
        raise Refused(names.taken_message(), "name") from error
    return user


def store_codes(user: User, kept: Secrets) -> None:
    """Put the codes in `kept` in the place of all former ones of `user`."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    db.session.add_all(RecoveryCode(user_id=user.id, salt=kept.salt, digest=digest) for digest in kept.digests)


def renew_codes(user: User, kept: Secrets) -> None:
    """Give `user` eight new codes."""
    store_codes(user, kept)
    record(Event.CODES_RENEWED, user, by=user)


def has_code(user_id: int, digest: str) -> bool:
    """Say whether the person with this number has an unused code with `digest`; 0 is nobody’s number."""
    return _unused(user_id, digest) is not None


def use_code(user: User, digest: str) -> bool:
    """Use up the code with `digest`; say whether it was there and unused."""
    code = _unused(user.id, digest)
    if code is None:
        return False
    code.used_at = now()
    return True


def _unused(user_id: int, digest: str) -> RecoveryCode | None:
    return db.session.scalar(
        select(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.digest == digest, RecoveryCode.used_at.is_(None))
        .with_for_update()
    )


def codes_left(user: User) -> int:
    """Return how many codes of `user` are unused."""
    query = select(func.count()).select_from(RecoveryCode)
    return db.session.scalar(query.where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))) or 0


def next_staff_number() -> int:
    """Return the number by which authors and readers will know the next moderator."""
    return (db.session.scalar(select(func.max(User.staff_number))) or 0) + 1
