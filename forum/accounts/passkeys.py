"""Passkeys: keys that devices keep (WebAuthn), to sign in without a password, or as the second step after it.

A challenge stands in the session with its moment, for five minutes and one answer. The session is a cookie, of which
somebody may keep a copy; so each passkey answers only challenges that were made after the last one it has answered,
which the database sees to. The device has always made sure who holds it (user verification).

WebAuthn is imported where it is used: with all about certificates it takes 70 ms and 7 MB, and most pages need none.
"""

import hmac
import ipaddress
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import and_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from forum import seals
from forum.accounts import second_factor
from forum.accounts.locks import lock
from forum.accounts.models import Passkey, User
from forum.db import db, now
from forum.errors import Refused, there
from forum.events import Event, record

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

ANSWER_WITHIN = timedelta(minutes=5)  # to find the device and let it know one
MOST = 20  # passkeys of one person; nobody has more devices
LONGEST_NAME = 60

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Site:
    """For whom a device makes and uses a passkey: a host name, and the origin of the pages."""

    host: str
    origin: str
    name: str

    @property
    def can_have_passkeys(self) -> bool:
        """Whether browsers make passkeys for it: they want a name, and this one may be a number."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return True
        return False


@dataclass(frozen=True)
class Challenge:
    """What a device is to sign, and when it was asked."""

    words: bytes
    asked_at: datetime

    @classmethod
    def new(cls) -> "Challenge":
        """Return a new one."""
        return cls(secrets.token_bytes(32), now())

    @classmethod
    def kept(cls, kept: Any) -> "Challenge | None":
        """Return what `keep` has given, while there is time to answer."""
        if not kept:
            return None
        challenge = cls(bytes.fromhex(kept[0]), datetime.fromisoformat(kept[1]))
        return challenge if now() - challenge.asked_at <= ANSWER_WITHIN else None

    def keep(self) -> list[str]:
        """Return this as a session keeps it."""
        return [self.words.hex(), self.asked_at.isoformat()]


@dataclass(frozen=True)
class Signed:
    """What a passkey has signed, and how many times it says it has signed anything."""

    passkey_id: int
    user_id: int
    sign_count: int
    challenge: Challenge


def options_to_add(user: User, challenge: Challenge, site: Site) -> str:
    """Return what the browser needs for a new passkey of `user`, as JSON."""
    import webauthn
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=site.host,
            rp_name=site.name,
            user_id=_handle(user),
            user_name=user.name,
            challenge=challenge.words,
            timeout=int(ANSWER_WITHIN.total_seconds() * 1000),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=_descriptors(user),
        )
    )


def options_to_sign_in(challenge: Challenge, site: Site, user: User | None) -> str:
    """Return what the browser needs to use a passkey, as JSON; of `user`, or of whoever holds the device."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=site.host,
            challenge=challenge.words,
            timeout=int(ANSWER_WITHIN.total_seconds() * 1000),
            allow_credentials=_descriptors(user) if user else [],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def checked_new(credential: str, challenge: Challenge | None, site: Site) -> Passkey:
    """Return the new passkey that a device has made, without owner or name, or refuse it."""
    import webauthn

    if challenge is None:
        raise Refused(too_late_message())
    made = _verified(
        lambda: webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge.words,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    )
    if made is None:
        raise Refused(
            _("The device has not made a passkey that can be used here. Please try again, or another device.")
        )
    return Passkey(
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        asked_at=challenge.asked_at,
    )


def add(user: User, passkey: Passkey, name: str, *, here: str = "") -> None:
    """Let a passkey, checked, be one of `user`; `here`: the token of the session that goes on."""
    lock(user)
    number = len(second_factor.factors_of(user).passkeys) + 1
    if number > MOST:
        message = ngettext(
            "You have %(num)d passkey. Remove one that you no longer use first.",
            "You have %(num)d passkeys. Remove one that you no longer use first.",
            MOST,
        )
        raise Refused(message)
    passkey.user_id, passkey.name = user.id, name.strip()[:LONGEST_NAME] or _("Passkey %(number)d", number=number)
    db.session.add(passkey)
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise Refused(_("This passkey is known here already.")) from error
    second_factor.added(user, passkey, here)


def checked(credential: str, challenge: Challenge | None, site: Site) -> Signed:
    """Return which passkey has signed the challenge, or refuse what the browser sent."""
    import webauthn
    from webauthn.helpers import parse_authentication_credential_json

    if challenge is None:
        raise Refused(too_late_message())
    sent = _verified(lambda: parse_authentication_credential_json(credential))
    passkey = _by_credential(sent.raw_id) if sent else None
    if sent is None or passkey is None:
        raise Refused(unknown_message())
    used = _verified(
        lambda: webauthn.verify_authentication_response(
            credential=sent,
            expected_challenge=challenge.words,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    )
    handle = sent.response.user_handle
    if used is None or (handle is not None and not hmac.compare_digest(handle, _handle(passkey.user))):
        raise Refused(unknown_message())
    return Signed(passkey.id, passkey.user_id, used.new_sign_count, challenge)


def use(signed: Signed) -> User:
    """Return who has signed, as the one answer to a challenge; refused if it was answered, or a later one."""
    counts_on = Passkey.sign_count < signed.sign_count if signed.sign_count else Passkey.sign_count == 0
    asked_at = signed.challenge.asked_at
    is_new = and_(Passkey.id == signed.passkey_id, Passkey.asked_at < asked_at, counts_on)
    used = update(Passkey).where(is_new).values(sign_count=signed.sign_count, asked_at=asked_at)
    if db.session.execute(used.returning(Passkey.id)).first() is None:
        raise Refused(too_late_message())
    user = db.session.get_one(User, signed.user_id)
    record(Event.SECOND_FACTOR_USED, db.session.get_one(Passkey, signed.passkey_id), by=user)
    return user


def remove(user: User, number: int) -> str:
    """Delete a passkey of `user`; return what it was called."""
    lock(user)
    passkey = there(db.session.scalar(select(Passkey).where(Passkey.id == number, Passkey.user_id == user.id)))
    name = passkey.name
    second_factor.remove(user, passkey)
    return name


def too_late_message() -> str:
    """Return the answer to a challenge that is older than five minutes, or was answered before."""
    return _("That took longer than five minutes, or was sent twice. Please try again.")


def unknown_message() -> str:
    """Return the one answer to a passkey that is not known, belongs elsewhere, or has signed something else."""
    return _("This passkey opens nothing here. It may have been removed; sign in with the password.")


def _verified(check: Callable[[], Answer]) -> Answer | None:
    """Return what a check gives; None for what it refuses. What a browser sends can be broken in any way."""
    try:
        return check()
    except Exception:
        return None


def _by_credential(credential_id: bytes) -> Passkey | None:
    query = select(Passkey).where(Passkey.credential_id == credential_id)
    return db.session.scalar(query.options(joinedload(Passkey.user)))


def _descriptors(user: User) -> "list[PublicKeyCredentialDescriptor]":
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [PublicKeyCredentialDescriptor(id=key.credential_id) for key in second_factor.factors_of(user).passkeys]


def _handle(user: User) -> bytes:
    """Return by what a device knows a person: it tells nothing about them, and nobody else can compute it."""
    return hmac.new(seals.key("passkeys"), b"%d" % user.id, sha256).digest()
