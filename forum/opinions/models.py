"""What the hourly scoring leaves for the next one."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base


class DebateVoters(Base):
    """What each voter's answers weigh in a debate, and which are in the scores; sealed as a whole (`voters`)."""

    __tablename__ = "debate_voters"

    debate_id: Mapped[int] = mapped_column(ForeignKey("debates.id"), unique=True)
    computed_at: Mapped[datetime]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
