"""Where members want letters, and how often."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import User
from forum.db import Bare, Base, choices


class Frequency(StrEnum):
    """How often somebody wants letters."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    OFF = "off"


class MailAddress(Base):
    """The address of one person, sealed; without `confirmed_at` it gets one letter only, which asks to confirm it."""

    __tablename__ = "mail_addresses"
    __table_args__ = (CheckConstraint("(confirmed_at IS NULL) = (digest_at IS NULL)", name="digests_when_confirmed"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    mark: Mapped[str] = mapped_column(String(32), unique=True)  # by lot; names this row in signed links
    frequency: Mapped[Frequency] = mapped_column(choices(Frequency))
    tells_waiting: Mapped[bool] = mapped_column(default=False)  # staff: how many replies wait, once an hour
    confirmed_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]  # the mail server refuses letters to it; it may yet change its mind
    refused_at: Mapped[datetime | None]  # it has done so for good, or for too long: none is sent any more
    digest_at: Mapped[datetime | None]  # when the next letter of the day is due
    waiting_at: Mapped[datetime | None]  # when how much waits may be told again
    user: Mapped[User] = relationship()


class AskedAddress(Bare):
    """An address that was asked whether it is somebody's, known by an HMAC alone: until then it is not asked again."""

    __tablename__ = "mail_asked"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)
