"""What a member has begun to write and not sent."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Base, now
from forum.debates.models import Debate


class Draft(Base):
    """A text that only its author ever sees: one for each member, debate and place."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("author_id", "debate_id", "place"),)

    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    debate_id: Mapped[int] = mapped_column(ForeignKey("debates.id"), index=True)
    # "", "passage-4", "reply-7", "translation-7"; "edit-7": a new wording.
    place: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    fields: Mapped[dict[str, str]] = mapped_column(JSON)  # the rest of the form: side, quoted words
    version: Mapped[int] = mapped_column(default=1)  # of its words; a window that has not seen the last one is told
    changed_at: Mapped[datetime] = mapped_column(default=now)
    debate: Mapped[Debate] = relationship()

    @property
    def answered_id(self) -> int | None:
        """The number of the reply that it answers, if it answers one."""
        return number_at(self.place, "reply")

    @property
    def original_id(self) -> int | None:
        """The number of the reply that it translates, if it translates one."""
        return number_at(self.place, "translation")

    @property
    def passage(self) -> int | None:
        """The number of the passage that it answers, if it answers one."""
        return number_at(self.place, "passage")

    @property
    def edited_id(self) -> int | None:
        """The number of the reply that it rewords, if it rewords one."""
        return number_at(self.place, "edit")


def number_at(place: str, kind: str) -> int | None:
    """Return the number in a place of this kind: 4 in "passage-4" for "passage"."""
    found, _dash, number = place.partition("-")
    return int(number) if found == kind else None
