"""What readers report: the reports, their answers, and the order in which the desk reads them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import User
from forum.db import Base, choices, only_where
from forum.debates.models import Reply, Revision
from forum.moderation.credibility import NEUTRAL
from forum.moderation.models import Decision

ILLEGAL = "illegal"  # a reason beside the rules: it has to be explained, and stands first in the list
DISAGREE = "disagree"  # no reason at all: it is thanked for and never stored
IS_OPEN = "answered_at IS NULL"


class ReportOutcome(StrEnum):
    """What became of a report."""

    REMOVED = "removed"  # a moderator removed the reply
    KEPT = "kept"  # a moderator found that nothing breaks a rule
    WITHDRAWN = "withdrawn"  # the author took the reply back first


class Dismissal(Base):
    """A moderator's finding that a reply breaks no rule, whatever was reported of it until then."""

    __tablename__ = "dismissals"
    __table_args__ = (UniqueConstraint("id", "reply_id"),)

    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), index=True)
    moderator_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    moderator: Mapped[User] = relationship()
    words: Mapped["DismissalWords | None"] = relationship()

    @property
    def explanation(self) -> str:
        """What the moderator wrote to those who reported."""
        return self.words.text if self.words else ""


class DismissalWords(Base):
    """The words of a dismissal, apart from it."""

    __tablename__ = "dismissal_words"

    dismissal_id: Mapped[int] = mapped_column(ForeignKey("dismissals.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)


class Report(Base):
    """A reader's notice about one wording that was public; without a `reporter` it came without an account."""

    __tablename__ = "reports"
    __table_args__ = (
        ForeignKeyConstraint(["dismissal_id", "reply_id"], ["dismissals.id", "dismissals.reply_id"]),
        ForeignKeyConstraint(
            ["revision_id", "reply_id"], ["revisions.id", "revisions.reply_id"], name="fk_reports_revision"
        ),
        CheckConstraint(f"reason <> '{DISAGREE}'", name="is_no_disagreement"),
        CheckConstraint("(answered_at IS NULL) = (outcome IS NULL)", name="answer_is_whole"),
        CheckConstraint("(coalesce(outcome, '') = 'removed') = (decision_id IS NOT NULL)", name="removed_by_decision"),
        CheckConstraint("(coalesce(outcome, '') = 'kept') = (dismissal_id IS NOT NULL)", name="kept_by_dismissal"),
        Index("uq_reports_one_open", "reporter_id", "revision_id", unique=True, **only_where(IS_OPEN)),
        Index("ix_reports_open", "reply_id", "id", **only_where(IS_OPEN)),
        Index(None, "reporter_id", "created_at"),
    )

    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), index=True)
    revision_id: Mapped[int] = mapped_column(index=True)  # the wording that was reported, whatever is shown now
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(String(40))
    receipt_digest: Mapped[str] = mapped_column(String(64), unique=True)  # of the secret in the receipt's address
    answered_at: Mapped[datetime | None]
    outcome: Mapped[ReportOutcome | None] = mapped_column(choices(ReportOutcome))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), index=True)
    dismissal_id: Mapped[int | None] = mapped_column(index=True)

    reply: Mapped[Reply] = relationship()
    revision: Mapped[Revision] = relationship(primaryjoin="foreign(Report.revision_id) == Revision.id", viewonly=True)
    decision: Mapped[Decision | None] = relationship()
    dismissal: Mapped[Dismissal | None] = relationship(viewonly=True)
    words: Mapped["ReportWords | None"] = relationship()

    @property
    def explanation(self) -> str:
        """What the reader wrote to the moderators."""
        return self.words.text if self.words else ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.outcome is None


class ReportWords(Base):
    """The words of a report, apart from it."""

    __tablename__ = "report_words"

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)


class ReporterRecord(Base):
    """How a member's reports were answered. It orders the desk's list and is shown to nobody."""

    __tablename__ = "reporter_records"
    __table_args__ = (CheckConstraint("led BETWEEN 0 AND judged", name="led_were_judged"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    judged: Mapped[int] = mapped_column(default=0)  # by a moderator; what its author took back is left out
    led: Mapped[int] = mapped_column(default=0)  # of these, to a removal
    credibility: Mapped[int] = mapped_column(default=NEUTRAL)


class ReportedReply(Base):
    """A reply with open reports, as one item of the desk's list: its place there. The lowest rank stands first."""

    __tablename__ = "reported_replies"
    __table_args__ = (Index("ix_reported_replies_order", "rank", "oldest_at", "reply_id"),)

    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), unique=True)
    rank: Mapped[int]
    oldest_at: Mapped[datetime]
    reply: Mapped[Reply] = relationship()
