"""What came of the answers to “is it well argued?”."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base
from forum.debates.models.states import Stance
from forum.few import FEW


class ReplyMarks(Base):
    """The counts of the answers about one reply by side, as everybody sees them: of a side with few readers, none."""

    __tablename__ = "reply_marks"
    __table_args__ = (
        CheckConstraint("pro_yes BETWEEN 0 AND pro_all AND anti_yes BETWEEN 0 AND anti_all", name="counts"),
        CheckConstraint(f"(pro_all = 0 OR pro_all >= {FEW}) AND (anti_all = 0 OR anti_all >= {FEW})", name="not_few"),
        ForeignKeyConstraint(
            ["revision_id", "reply_id"], ["revisions.id", "revisions.reply_id"], name="fk_reply_marks_revision"
        ),
    )

    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), unique=True)
    revision_id: Mapped[int]  # the wording that was counted
    pro_yes: Mapped[int] = mapped_column(default=0)
    pro_all: Mapped[int] = mapped_column(default=0)
    anti_yes: Mapped[int] = mapped_column(default=0)
    anti_all: Mapped[int] = mapped_column(default=0)

    def counts(self, stance: Stance) -> tuple[int, int] | None:
        """Return how many readers of a side find it well argued, of how many; None if they are too few to tell."""
        yes, every = (self.pro_yes, self.pro_all) if stance is Stance.PRO else (self.anti_yes, self.anti_all)
        return (yes, every) if every else None


class HourlyScores(Base):
    """The scores of a debate from an hour on until there are newer ones, sealed (`published_scores`)."""

    __tablename__ = "hourly_scores"
    __table_args__ = (UniqueConstraint("debate_id", "hour"),)

    debate_id: Mapped[int] = mapped_column(ForeignKey("debates.id"))
    hour: Mapped[datetime]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
