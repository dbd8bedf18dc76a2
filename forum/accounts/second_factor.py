"""The second factor: what somebody shows beside the password. Here the codes of an app, and what all kinds share.

The secret of an app lies sealed (`forum/seals.py`): the database alone makes no code.
"""

import hmac
import unicodedata
from dataclasses import dataclass

import pyotp
from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from forum import seals
from forum.accounts import sessions
from forum.accounts.locks import lock
from forum.accounts.models import CodeApp, Passkey, User
from forum.db import db, now
from forum.errors import Refused
from forum.events import Event, record

EARLIER_OR_LATER = 1  # steps of 30 s by which the clock of a device may be wrong


def new_secret() -> str:
    """Return the secret for an app, of 160 bits."""
    return pyotp.random_base32()


def address_for_app(secret: str, user: User, site: str) -> str:
    """Return what the QR code says: the site, the pseudonym and the secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.name, issuer_name=site)


def seal_for_form(secret: str, user: User) -> str:
    """Return a new secret as the form carries it until a code confirms it: nothing is stored before that."""
    return _seals().seal(secret.encode(), b"form:%d" % user.id).hex()


def open_from_form(sealed: str | None, user: User) -> str | None:
    """Return the secret that a form carries; None if it is not ours, or was made for somebody else."""
    try:
        secret = _seals().open(bytes.fromhex(sealed or ""), b"form:%d" % user.id)
    except ValueError:
        return None
    return secret.decode() if secret else None


@dataclass(frozen=True)
class Factors:
    """What somebody can show beside the password."""

    app: CodeApp | None
    passkeys: list[Passkey]


def factors_of(user: User) -> Factors:
    """Return what `user` can show, passkeys in the order in which they came."""
    passkeys = select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id)
    return Factors(app_of(user), list(db.session.scalars(passkeys)))


def app_of(user: User) -> CodeApp | None:
    """Return the app of `user`."""
    return db.session.scalar(select(CodeApp).where(CodeApp.user_id == user.id))


def add_app(user: User, secret: str, code: str, *, here: str = "") -> None:
    """Let an app be the second factor, in the place of a former one; `code` proves that it has the secret.

    `here`: the token of the session that goes on.
    """
    step = _step_of(secret, code)
    if step is None:
        raise Refused(wrong_code_message(), "code")
    lock(user)
    db.session.execute(delete(CodeApp).where(CodeApp.user_id == user.id))
    app = CodeApp(user_id=user.id, sealed=_seals().seal(secret.encode(), _about(user)), last_step=step)
    db.session.add(app)
    added(user, app, here)


def take_code(user: User, code: str) -> bool:
    """Say whether `code` is what the app of `user` shows now, and was not taken before."""
    app = app_of(user)
    secret = _seals().open(app.sealed, _about(user)) if app else None
    step = _step_of(secret.decode(), code) if secret else None
    if app is None or step is None:
        return False
    taken = update(CodeApp).where(CodeApp.id == app.id, CodeApp.last_step < step).values(last_step=step)
    if db.session.execute(taken.returning(CodeApp.id)).first() is None:
        return False
    record(Event.SECOND_FACTOR_USED, app, by=user)
    return True


def remove_app(user: User) -> None:
    """Take the app away again."""
    lock(user)
    app = app_of(user)
    if app is not None:
        remove(user, app)


def added(user: User, factor: CodeApp | Passkey, here: str) -> None:
    """Note a new factor of `user`. The first one ends every session but that of the token `here`: none had it."""
    if user.second_factor_at is None:
        user.second_factor_at = now()
        sessions.end_others(user, here)
    record(Event.SECOND_FACTOR_ADDED, factor, by=user)


def remove(user: User, factor: CodeApp | Passkey) -> None:
    """Delete a factor of `user`, who is locked; of somebody who moderates, not the last one."""
    factors = factors_of(user)
    is_last = len(factors.passkeys) + (factors.app is not None) == 1
    if is_last and user.is_staff:
        raise Refused(_("You moderate here, and this is your only second factor. Add another one first."))
    record(Event.SECOND_FACTOR_REMOVED, factor, by=user)
    db.session.delete(factor)
    if is_last:
        user.second_factor_at = None


def forget(user: User) -> None:
    """Delete every second factor of `user`."""
    for table in (CodeApp, Passkey):
        db.session.execute(delete(table).where(table.user_id == user.id))
    user.second_factor_at = None


def wrong_code_message() -> str:
    """Return the one answer to a wrong code, an old one and one that was used."""
    return _(
        "This is not the code of this moment, or it has been used. Wait for the next one; if it fails again, "
        "the clock of your device may be wrong."
    )


def _step_of(secret: str, code: str) -> int | None:
    """Return the time step of which `code` is the code, near enough to now."""
    typed = "".join(c for c in unicodedata.normalize("NFKC", code) if c.isascii() and c.isdigit())
    totp = pyotp.TOTP(secret)
    present = totp.timecode(now())
    for step in range(present - EARLIER_OR_LATER, present + EARLIER_OR_LATER + 1):
        if hmac.compare_digest(totp.generate_otp(step), typed):
            return step
    return None


def _about(user: User) -> bytes:
    return b"code_apps:%d" % user.id


def _seals() -> seals.Seals:
    return seals.of("second-factor")
