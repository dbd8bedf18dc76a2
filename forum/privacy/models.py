"""Who is about to leave, and what was erased: numbers and codes only."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base, choices, only_where


class Erased(StrEnum):
    """What an erasure takes away."""

    ACCOUNT = "account"  # and every word that was not public
    ACCOUNT_AND_WORDS = "account_and_words"
    WORDS = "words"  # of a member who stays; two leads decide


class Leaving(Base):
    """A member's wish to be deleted at a later moment; until then it can be called off."""

    __tablename__ = "leavings"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    erases: Mapped[Erased] = mapped_column(choices(Erased))
    due_at: Mapped[datetime]


class Export(Base):
    """What the forum holds about one member, as an archive that only one person can open here; gone after some days.

    That is the member; with `proposal_id`, of what two leads decided to read (`readings`), the one who proposed it.
    """

    __tablename__ = "exports"
    __table_args__ = (Index("uq_exports_own", "user_id", unique=True, **only_where("proposal_id IS NULL")),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    reader_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"), unique=True)
    made_at: Mapped[datetime | None] = mapped_column(index=True)  # None: a job has yet to make it
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class Erasure(Base):
    """What was erased of whom. After an older state of the database is restored, it is erased again from this list.

    `member_since` tells the person from another one who got the same number in another history of the database.
    """

    __tablename__ = "erasures"
    __table_args__ = (UniqueConstraint("user_id", "erases", "created_at"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    member_since: Mapped[datetime]
    erases: Mapped[Erased] = mapped_column(choices(Erased))
