"""Who is here: people under a pseudonym, their sessions and their ways back in."""

from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from flask_login import UserMixin
from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, ForeignKey, String, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Base, choices, now


class Role(StrEnum):
    """What a person may do."""

    MEMBER = "member"
    MODERATOR = "moderator"
    LEAD = "lead"


class User(Base, UserMixin):
    """A person under a pseudonym; of one whose account is deleted the row stays, for what refers to its number."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("role = 'member' OR staff_number IS NOT NULL", name="staff_has_number"),)

    stored_name: Mapped[str] = mapped_column("name", String(30))  # "": the account is deleted
    name_key: Mapped[str] = mapped_column(String(120), unique=True)  # NFKC + casefold
    password_hash: Mapped[str | None] = mapped_column(String(200))  # None: a one-time link is still out
    role: Mapped[Role] = mapped_column(choices(Role), default=Role.MEMBER)
    staff_number: Mapped[int | None] = mapped_column(unique=True)  # stays with the person through changes of role
    language: Mapped[str] = mapped_column(String(8), default="en")
    has_plain_titles: Mapped[bool] = mapped_column(default=False)  # tabs and history say nothing of what is read
    # What restricts the person, written by the sanctions of the desk; an end is compared with the clock.
    warned_at: Mapped[datetime | None]  # a warning that has not been read
    suspended_until: Mapped[datetime | None]
    banned_at: Mapped[datetime | None]
    banned_until: Mapped[datetime | None]  # None beside `banned_at`: without end
    erased_at: Mapped[datetime | None]  # when the account was deleted
    # Since when there is one at all, written by `second_factor`: asked for at each request, so no query of its own.
    second_factor_at: Mapped[datetime | None]

    @hybrid_property
    def name(self) -> str:
        """The name under which the person is seen."""
        return self.stored_name or _("former member")

    @name.inplace.setter
    def _set_name(self, name: str) -> None:
        self.stored_name = name

    @name.inplace.expression
    @classmethod
    def _name_column(cls) -> ColumnElement[str]:
        return cls.stored_name  # type: ignore[return-value]

    @property
    def is_staff(self) -> bool:
        """Whether the person moderates."""
        return self.role is not Role.MEMBER

    @property
    def is_suspended(self) -> bool:
        """Whether the person cannot write until a date that is yet to come."""
        return self.suspended_until is not None and self.suspended_until > now()

    @property
    def is_banned(self) -> bool:
        """Whether the person cannot write, until a later date or for good."""
        return self.banned_at is not None and (self.banned_until is None or self.banned_until > now())


class NameLook(Base):
    """What a taken name looks like, also one for a debate alone; one look belongs to one person."""

    __tablename__ = "name_looks"

    look: Mapped[str] = mapped_column(String(200), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)


class ReservedName(Base):
    """What a deleted name looks like, as a keyed digest: it stays taken, and nobody can read it."""

    __tablename__ = "reserved_names"

    digest: Mapped[str] = mapped_column(String(64), unique=True)


class Session(Base):
    """One signed-in browser: the digest of a random number, so that it can be ended from here."""

    __tablename__ = "sessions"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime] = mapped_column(default=now)  # when its person last proved who they are
    acted_at: Mapped[datetime]  # the hour in which something was last done in it; reading leaves no trace
    user: Mapped[User] = relationship()


class Mute(Base):
    """Whose words fold for whom; it shows to nobody else."""

    __tablename__ = "mutes"
    __table_args__ = (
        UniqueConstraint("user_id", "muted_id"),
        CheckConstraint("user_id <> muted_id", name="of_another"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    muted_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    muted: Mapped[User] = relationship(foreign_keys=muted_id)


class RecoveryCode(Base):
    """One of eight single-use ways back in; all codes of a set share the salt."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    salt: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class CodeApp(Base):
    """An app that makes a new code every 30 seconds (TOTP, RFC 6238) from a secret that it shares with the forum."""

    __tablename__ = "code_apps"
    __table_args__ = (CheckConstraint("last_step >= 0", name="step_is_a_time"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    sealed: Mapped[bytes]  # the secret
    last_step: Mapped[int] = mapped_column(BigInteger)  # of the last code that was taken: none is taken twice


class Passkey(Base):
    """A key that a device keeps for its owner (WebAuthn): here lies the public half, which opens nothing."""

    __tablename__ = "passkeys"
    __table_args__ = (CheckConstraint("sign_count >= 0", name="counts_up"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))  # the owner's, to tell it from the others
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)  # of the device; 0 for ever on those that do not count
    asked_at: Mapped[datetime]  # when the challenge was made that it answered last: none is answered twice
    user: Mapped[User] = relationship()


class OneTimeLink(Base):
    """A link that sets a password once; without a person it makes a new lead moderator."""

    __tablename__ = "one_time_links"

    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), unique=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    user: Mapped[User | None] = relationship()


class SignInDelay(Base):
    """Failed sign-ins under one name, known or not, and when the next try may come."""

    __tablename__ = "sign_in_delays"

    name_digest: Mapped[str] = mapped_column(String(64), unique=True)
    failures: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
