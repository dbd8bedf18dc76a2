"""What came of the answers to “is it well argued?”."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base
from forum.debates.models.states import Stance

UNSCORED = 50.0  # of a hundred: the score of a reply of which nothing is known yet
FEW = 5  # readers of one side below which no figure of it is shown


class ReplyMarks(Base):
    """What came of the answers about one reply: its score, and the counts by side as they were last shown."""

    __tablename__ = "reply_marks"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 100", name="score_in_range"),
        CheckConstraint("pro_yes BETWEEN 0 AND pro_all AND anti_yes BETWEEN 0 AND anti_all", name="counts"),
        ForeignKeyConstraint(
            ["revision_id", "reply_id"], ["revisions.id", "revisions.reply_id"], name="fk_reply_marks_revision"
        ),
    )

    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), unique=True)
    score: Mapped[float] = mapped_column(default=UNSCORED)
    revision_id: Mapped[int | None]  # the wording that was counted
    pro_yes: Mapped[int] = mapped_column(default=0)
    pro_all: Mapped[int] = mapped_column(default=0)
    anti_yes: Mapped[int] = mapped_column(default=0)
    anti_all: Mapped[int] = mapped_column(default=0)

    def counts(self, stance: Stance) -> tuple[int, int] | None:
        """Return how many readers of a side find it well argued, of how many; None if they are too few to tell."""
        yes, every = (self.pro_yes, self.pro_all) if stance is Stance.PRO else (self.anti_yes, self.anti_all)
        return (yes, every) if every >= FEW else None
