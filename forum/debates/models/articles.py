"""Debates, and the article of each in numbered passages."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from forum.db import Base, choices, now
from forum.debates.models.states import Stance


class Debate(Base):
    """A motion, and the article that opens it."""

    __tablename__ = "debates"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(300))
    published_by: Mapped[str | None] = mapped_column(String(300))
    dated: Mapped[str | None] = mapped_column(String(40))  # as the original says; None: not stated
    motion: Mapped[str] = mapped_column(String(300))
    pro_label: Mapped[str] = mapped_column(String(80))
    pro_gist: Mapped[str] = mapped_column(String(300))
    anti_label: Mapped[str] = mapped_column(String(80))
    anti_gist: Mapped[str] = mapped_column(String(300))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str | None] = mapped_column(String(500))

    @property
    def facts(self) -> tuple[Any, ...]:
        """All that pages show of it, and whether it is open at this moment."""
        words = (self.title, self.source, self.published_by, self.dated, self.motion, self.closed_reason)
        sides = (self.pro_label, self.pro_gist, self.anti_label, self.anti_gist)
        times = (self.opens_at, self.closes_at, self.closed_at, self.has_opened, self.is_open)
        return self.id, self.slug, self.language, words, sides, times

    @property
    def has_opened(self) -> bool:
        """Whether its time has come."""
        return self.opens_at <= now()

    @property
    def ended_at(self) -> datetime | None:
        """When it closed, by hand or by its date; None while it is open."""
        if self.closed_at:
            return self.closed_at
        return self.closes_at if self.closes_at and self.closes_at <= now() else None

    @property
    def is_open(self) -> bool:
        """Whether members can reply now."""
        return self.has_opened and self.ended_at is None

    def label(self, stance: Stance) -> str:
        """Return what the side calls itself in this debate."""
        return self.pro_label if stance is Stance.PRO else self.anti_label

    def gist(self, stance: Stance) -> str:
        """Return the side in one line."""
        return self.pro_gist if stance is Stance.PRO else self.anti_gist


class ArticleRevision(Base):
    """One saved wording of the article of a debate; the last one is shown."""

    __tablename__ = "article_revisions"
    __table_args__ = (UniqueConstraint("debate_id", "number"),)

    debate_id: Mapped[int] = mapped_column(ForeignKey("debates.id"))
    number: Mapped[int]
    passages: Mapped[list["Passage"]] = relationship(order_by="Passage.position")
    notes: Mapped[list["Note"]] = relationship(order_by="Note.id")
    voices: Mapped[list["Voice"]] = relationship(order_by="Voice.id")


class Passage(Base):
    """One paragraph of the article; its number stays with it through revisions, its place may change."""

    __tablename__ = "passages"
    __table_args__ = (UniqueConstraint("revision_id", "number"), UniqueConstraint("revision_id", "position"))

    revision_id: Mapped[int] = mapped_column(ForeignKey("article_revisions.id"))
    number: Mapped[int]
    position: Mapped[int]
    begins_section: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)


class Remark:
    """Columns of what the editor remarks at a passage, in any language."""

    passage: Mapped[int]
    text: Mapped[str] = mapped_column(Text)


class Saying:
    """Columns of words said in the article itself: a quotation at the head of a column, never a member's reply."""

    stance: Mapped[Stance] = mapped_column(choices(Stance))
    passage: Mapped[int]
    speaker: Mapped[str] = mapped_column(String(200))
    exact: Mapped[str] = mapped_column(Text)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[CheckConstraint]:
        return (CheckConstraint("stance <> 'neither'", name="takes_a_side"),)


class Note(Remark, Base):
    """What the editor remarks at a passage."""

    __tablename__ = "notes"

    revision_id: Mapped[int] = mapped_column(ForeignKey("article_revisions.id"), index=True)


class Voice(Saying, Base):
    """Words said in the article itself."""

    __tablename__ = "voices"

    revision_id: Mapped[int] = mapped_column(ForeignKey("article_revisions.id"), index=True)
