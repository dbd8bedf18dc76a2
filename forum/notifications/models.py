"""Who is told what."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Base, choices, only_where
from forum.debates.models import Reply
from forum.events import Event
from forum.moderation.appeal_models import Appeal
from forum.moderation.models import Decision
from forum.moderation.report_models import Report
from forum.moderation.sanction_models import Proposal, Sanction

TRANSLATED = "event = 'reply_translated'"


class Notification(Base):
    """A notice to one person of one happening; `event` says which words it gets."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index(None, "user_id", "read_at"),
        UniqueConstraint("decision_id", "user_id", "event"),
        UniqueConstraint("sanction_id", "user_id", "event"),
        UniqueConstraint("proposal_id", "user_id"),
        CheckConstraint(
            "reply_id IS NOT NULL OR sanction_id IS NOT NULL OR proposal_id IS NOT NULL OR event = 'export_made'"
            " OR event = 'leaving_called_off'",
            name="names_something",
        ),
        Index("uq_notifications_appeal", "appeal_id", "user_id", "event", unique=True),
        UniqueConstraint("report_id", "user_id", "event"),
        Index("uq_notifications_answer", "reply_id", "user_id", unique=True, **only_where("event = 'reply_answered'")),
        Index("uq_notifications_translation", "reply_id", "user_id", unique=True, **only_where(TRANSLATED)),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    event: Mapped[Event] = mapped_column(choices(Event, checked=False))
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"), index=True)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    sanction_id: Mapped[int | None] = mapped_column(ForeignKey("sanctions.id"))
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeals.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]  # a letter has told of it
    reply: Mapped[Reply | None] = relationship()
    decision: Mapped[Decision | None] = relationship()
    sanction: Mapped[Sanction | None] = relationship()
    appeal: Mapped[Appeal | None] = relationship()
    report: Mapped[Report | None] = relationship()
    proposal: Mapped[Proposal | None] = relationship()
