"""Which debates and threads somebody follows."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Base, now, only_where
from forum.debates.models import Debate, Reply


class Follow(Base):
    """One person follows one debate, or one thread of it by its first reply; news is what came after `seen_at`."""

    __tablename__ = "follows"
    __table_args__ = (
        Index("uq_follows_debate", "user_id", "debate_id", unique=True, **only_where("root_id IS NULL")),
        Index("uq_follows_thread", "user_id", "root_id", unique=True, **only_where("root_id IS NOT NULL")),
        Index(None, "user_id", "id"),
        Index(None, "debate_id"),
        Index(None, "root_id"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    debate_id: Mapped[int] = mapped_column(ForeignKey("debates.id"))
    root_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"))
    seen_at: Mapped[datetime] = mapped_column(default=now)
    debate: Mapped[Debate] = relationship()
    root: Mapped[Reply | None] = relationship()
