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
    place: Mapped[str] = mapped_column(String(40))  # "", "passage-4", "reply-7"
    text: Mapped[str] = mapped_column(Text)
    fields: Mapped[dict[str, str]] = mapped_column(JSON)  # the rest of the form: side, quoted words
    version: Mapped[int] = mapped_column(default=1)  # of its words; a window that has not seen the last one is told
    changed_at: Mapped[datetime] = mapped_column(default=now)
    debate: Mapped[Debate] = relationship()

    @property
    def answered_id(self) -> int | None:
        """The number of the reply that it answers, if it answers one."""
        return self._number("reply")

    @property
    def passage(self) -> int | None:
        """The number of the passage that it answers, if it answers one."""
        return self._number("passage")

    def _number(self, kind: str) -> int | None:
        found, _dash, number = self.place.partition("-")
        return int(number) if found == kind else None
