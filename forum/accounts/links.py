"""One-time links: how somebody without a password gets one."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import joinedload, selectinload

from forum.accounts import second_factor
from forum.accounts.models import OneTimeLink, RecoveryCode, Role, User
from forum.accounts.passwords import new_token, token_digest
from forum.accounts.policy import may_write
from forum.accounts.sessions import end_all
from forum.accounts.signin import set_password
from forum.accounts.signup import Secrets, join, next_staff_number, store_codes
from forum.db import db, now
from forum.errors import Refused
from forum.events import Event, record

LIFETIME = timedelta(hours=72)


def make(user: User | None) -> str:
    """Return the token of a new link for `user`; None: one that makes a lead moderator. Former ones end."""
    former = OneTimeLink.user_id == user.id if user else OneTimeLink.user_id.is_(None)
    db.session.execute(delete(OneTimeLink).where(former))
    token = new_token()
    link = OneTimeLink(user_id=user.id if user else None, token_digest=token_digest(token), expires_at=now() + LIFETIME)
    db.session.add(link)
    record(Event.LINK_MADE, link, user=link.user_id)
    return token


def find(token: str) -> OneTimeLink | None:
    """Return the link of `token` while it can be used."""
    return db.session.scalar(_usable(token).options(joinedload(OneTimeLink.user)))


def _usable(token: str) -> Select[OneTimeLink]:
    digest = token_digest(token)
    return select(OneTimeLink).where(OneTimeLink.token_digest == digest, OneTimeLink.expires_at > now())


def redeem(token: str, name: str, kept: Secrets, *, language: str = "en") -> User:
    """Use the link of `token` up: set the password in `kept`, for a new lead under `name` too."""
    link = db.session.scalar(_usable(token).options(selectinload(OneTimeLink.user)).with_for_update())
    if link is None:
        raise Refused(_("This link has been used or is older than 72 hours. Ask for a new one."))
    user = link.user or join(name, kept, language=language, role=Role.LEAD)
    db.session.delete(link)
    if link.user:
        store_codes(user, kept)
        set_password(user, kept.password_hash)
    return user


def has_lead() -> bool:
    """Say whether somebody can lead this forum."""
    return db.session.scalar(select(User.id).where(User.role == Role.LEAD).limit(1)) is not None


def change_role(user: User, role: Role, *, by: User | None = None) -> None:
    """Give `user` another role; every session ends, so that no old page keeps old powers."""
    if user.role is role:
        raise Refused(_("%(name)s has this role already.", name=user.name))
    if role is not Role.MEMBER and not may_write(user):
        raise Refused(_("%(name)s cannot write here now. End that sanction first.", name=user.name))
    if role is not Role.MEMBER and user.staff_number is None:
        user.staff_number = next_staff_number()
    user.role = role
    end_all(user)
    record(Event.ROLE_CHANGED, user, by=by, role=role.value)


def reset(user: User) -> str:
    """End password, second factor, codes and sessions of `user` and return the token of a new link."""
    user.password_hash = None
    second_factor.forget(user)
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    end_all(user)
    record(Event.USER_RESET, user)
    return make(user)
