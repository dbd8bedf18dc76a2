"""What the hourly scoring leaves for the hour: what each debate usually gives, and what each voter's answers weigh."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base

NOTHING_KNOWN = 0.5


class DebateUsual(Base):
    """The share of answers “well argued” in a debate, by the side of the voter, then by the side of the reply."""

    __tablename__ = "debate_usuals"
    __table_args__ = (
        CheckConstraint(
            "pro_pro BETWEEN 0 AND 1 AND pro_anti BETWEEN 0 AND 1 AND "
            "anti_pro BETWEEN 0 AND 1 AND anti_anti BETWEEN 0 AND 1",
            name="shares",
        ),
    )

    debate_id: Mapped[int] = mapped_column(ForeignKey("debates.id"), unique=True)
    pro_pro: Mapped[float] = mapped_column(default=NOTHING_KNOWN)
    pro_anti: Mapped[float] = mapped_column(default=NOTHING_KNOWN)
    anti_pro: Mapped[float] = mapped_column(default=NOTHING_KNOWN)
    anti_anti: Mapped[float] = mapped_column(default=NOTHING_KNOWN)
    computed_at: Mapped[datetime]


class VoterWeight(Base):
    """What a member's answers weigh in a debate, on replies of either side.

    Every voter has a row, with a side or without one, so that having a row tells nothing.
    """

    __tablename__ = "voter_weights"
    __table_args__ = (
        UniqueConstraint("debate_id", "voter_id"),
        CheckConstraint("on_pro BETWEEN 0 AND 1 AND on_anti BETWEEN 0 AND 1", name="weights"),
    )

    debate_id: Mapped[int] = mapped_column(ForeignKey("debates.id"))
    voter_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    on_pro: Mapped[float]
    on_anti: Mapped[float]
