"""Who is told what."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Base
from forum.moderation.models import Decision


class Notification(Base):
    """A notice to a member that a decision was made on a reply of theirs."""

    __tablename__ = "notifications"
    __table_args__ = (Index(None, "user_id", "read_at"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), unique=True)
    read_at: Mapped[datetime | None]
    decision: Mapped[Decision] = relationship()
