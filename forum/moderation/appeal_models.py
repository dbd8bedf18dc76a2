"""A second look at a decision: who asked for it, who took it, and what came of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import User
from forum.db import Base, choices, only_where
from forum.debates.models import Outcome, Reply
from forum.moderation.models import Action, Decision

APPEAL_DAYS = 180  # after a decision; the day on which they end counts whole
APPEALABLE = {Action.REJECT, Action.REMOVE, Action.REMOVE_WORDING}  # a return is answered by an edit


class AppealOutcome(StrEnum):
    """How an appeal ended: by a second moderator, or because nothing was left to decide."""

    DECISION_STANDS = "decision_stands"
    DECISION_REVERSED = "decision_reversed"
    REPLY_WITHDRAWN = "reply_withdrawn"  # its author took the reply back, and with it every reading of it
    REPLY_RESTORED = "reply_restored"  # the desk did meanwhile what was asked for


JUDGEMENTS = (AppealOutcome.DECISION_STANDS, AppealOutcome.DECISION_REVERSED)


class Appeal(Base):
    """A member's appeal against one decision on an own reply; its words stand apart.

    Keys of several columns tie it to who made the decision and to whose reply it is, so that the
    database can refuse both of them as its judge. Triggers (migration 0003) keep these columns, the
    row itself and its outcome as they are.
    """

    __tablename__ = "appeals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["decision_id", "reply_id", "first_moderator_id"],
            ["decisions.id", "decisions.reply_id", "decisions.moderator_id"],
            name="fk_appeals_first_decision",
        ),
        ForeignKeyConstraint(
            ["reply_id", "appellant_id"], ["replies.id", "replies.author_id"], name="fk_appeals_own_reply"
        ),
        UniqueConstraint("decision_id"),
        CheckConstraint("decided_by_id <> first_moderator_id", name="not_by_the_first"),
        CheckConstraint("decided_by_id <> appellant_id", name="not_by_the_author"),
        CheckConstraint(
            "(decided_by_id IS NOT NULL) = "
            "(outcome IS NOT NULL AND outcome IN ('decision_stands', 'decision_reversed'))",
            name="judged_by_somebody",
        ),
        CheckConstraint("(decided_at IS NULL) = (outcome IS NULL)", name="ended_at_some_time"),
        CheckConstraint(
            "(rule IS NOT NULL) = (outcome IS NOT NULL AND outcome = 'decision_stands')", name="stands_under_a_rule"
        ),
        Index("ix_appeals_open", "id", **only_where("outcome IS NULL")),
    )

    decision_id: Mapped[int]
    reply_id: Mapped[int] = mapped_column(index=True)
    first_moderator_id: Mapped[int]
    appellant_id: Mapped[int]
    outcome: Mapped[AppealOutcome | None] = mapped_column(choices(AppealOutcome))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    rule: Mapped[str | None] = mapped_column(String(40))

    decision: Mapped[Decision] = relationship(primaryjoin="foreign(Appeal.decision_id) == Decision.id", viewonly=True)
    reply: Mapped[Reply] = relationship(primaryjoin="foreign(Appeal.reply_id) == Reply.id", viewonly=True)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)
    words: Mapped["AppealWords"] = relationship(back_populates="appeal")
    reasons: Mapped["AppealReasons | None"] = relationship(back_populates="appeal")

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a second moderator."""
        return self.outcome is None

    @property
    def is_judged(self) -> bool:
        """Whether a second moderator has decided it."""
        return self.outcome in JUDGEMENTS

    @property
    def shows(self) -> bool:
        """Whether, being reversed, it shows what was restricted: not a wording whose place another one has taken."""
        return not self.decision.is_of_rewording or self.decision.revision.outcome is Outcome.PUBLISHED

    @property
    def explanation(self) -> str:
        """What the second moderator wrote to the author."""
        return self.reasons.text if self.reasons else ""


class AppealWords(Base):
    """What the author wrote, apart from the appeal."""

    __tablename__ = "appeal_words"

    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeals.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    appeal: Mapped[Appeal] = relationship(back_populates="words")


class AppealReasons(Base):
    """What the second moderator wrote to the author, apart from the appeal."""

    __tablename__ = "appeal_reasons"

    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeals.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    appeal: Mapped[Appeal] = relationship(back_populates="reasons")
