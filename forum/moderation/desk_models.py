"""What the desk keeps beside decisions: what screening found, who has what open, ready words, notes, wishes."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import User
from forum.db import Base
from forum.debates.models import Debate, Reply, Revision


class RevisionFlag(Base):
    """One thing that screening found in one wording: code points of its text, `stop` excluded."""

    __tablename__ = "revision_flags"
    __table_args__ = (
        CheckConstraint("severity BETWEEN 1 AND 3", name="severity_known"),
        CheckConstraint("start >= 0 AND stop >= start", name="span_forward"),
        Index(None, "code", "revision_id"),
    )

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    code: Mapped[str] = mapped_column(String(24))
    start: Mapped[int]
    stop: Mapped[int]
    severity: Mapped[int]
    revision: Mapped[Revision] = relationship()


class Fingerprint(Base):
    """The simhash of a wording that stands or waits, to know the same words again; gone once it is taken back."""

    __tablename__ = "fingerprints"
    __table_args__ = (
        # The latest of a debate, answered from the index alone; and the same words elsewhere.
        Index("ix_fingerprints_recent", "debate_id", "id", "reply_id", "value"),
        Index(None, "value"),
    )

    debate_id: Mapped[int] = mapped_column(ForeignKey("debates.id"))
    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), unique=True)
    value: Mapped[int] = mapped_column(BigInteger)  # 64 bits, read as a signed number
    debate: Mapped[Debate] = relationship()
    revision: Mapped[Revision] = relationship()


class Claim(Base):
    """Which moderator has a reply open, since `taken_at`; there is one for each reply at most."""

    __tablename__ = "claims"

    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), unique=True)
    moderator_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    taken_at: Mapped[datetime]
    moderator: Mapped[User] = relationship()


class CannedExplanation(Base):
    """Words to an author that fit often, for one rule in one language."""

    __tablename__ = "canned_explanations"
    __table_args__ = (Index(None, "language", "rule"),)

    rule: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__: dict[str, Any] = {"version_id_col": version}


class ReplyNote(Base):
    """What a moderator remarks to colleagues about a reply; nobody else ever reads it."""

    __tablename__ = "reply_notes"

    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), index=True)
    moderator_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    reply: Mapped[Reply] = relationship()
    moderator: Mapped[User] = relationship()


class DeskPreference(Base):
    """How a moderator wants the desk: with keys or without, in which languages (empty: all)."""

    __tablename__ = "desk_preferences"
    __table_args__ = (UniqueConstraint("user_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    keys: Mapped[bool] = mapped_column(default=True)
    languages: Mapped[str] = mapped_column(String(80), default="")
