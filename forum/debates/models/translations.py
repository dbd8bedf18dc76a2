"""The article of a debate, and the words of the debate itself, in another language; the original stays what counts."""

from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Base, choices
from forum.debates.models.articles import Remark, Saying


class Provenance(StrEnum):
    """Who made a translation."""

    HUMAN = "human"
    MACHINE = "machine"
    UNOFFICIAL = "unofficial"  # made for this forum: neither the author nor the publisher has read it


class ArticleTranslation(Base):
    """One article in one more language, made of one wording of it; a new import replaces it."""

    __tablename__ = "article_translations"
    __table_args__ = (UniqueConstraint("debate_id", "language"),)

    debate_id: Mapped[int] = mapped_column(ForeignKey("debates.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("article_revisions.id"))
    language: Mapped[str] = mapped_column(String(8))
    provenance: Mapped[Provenance] = mapped_column(choices(Provenance))
    title: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(300))
    published_by: Mapped[str | None] = mapped_column(String(300))
    motion: Mapped[str] = mapped_column(String(300))
    pro_label: Mapped[str] = mapped_column(String(80))
    pro_gist: Mapped[str] = mapped_column(String(300))
    anti_label: Mapped[str] = mapped_column(String(80))
    anti_gist: Mapped[str] = mapped_column(String(300))
    passages: Mapped[list["TranslatedPassage"]] = relationship(order_by="TranslatedPassage.number")
    notes: Mapped[list["TranslatedNote"]] = relationship(order_by="TranslatedNote.id")
    voices: Mapped[list["TranslatedVoice"]] = relationship(order_by="TranslatedVoice.id")


class TranslatedPassage(Base):
    """One passage in another language, under the number that it has in the original."""

    __tablename__ = "translated_passages"
    __table_args__ = (UniqueConstraint("translation_id", "number"),)

    translation_id: Mapped[int] = mapped_column(ForeignKey("article_translations.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)


class TranslatedNote(Remark, Base):
    """What the editor remarks at a passage, in another language."""

    __tablename__ = "translated_notes"

    translation_id: Mapped[int] = mapped_column(ForeignKey("article_translations.id"), index=True)


class TranslatedVoice(Saying, Base):
    """Words said in the article, in another language."""

    __tablename__ = "translated_voices"

    translation_id: Mapped[int] = mapped_column(ForeignKey("article_translations.id"), index=True)
