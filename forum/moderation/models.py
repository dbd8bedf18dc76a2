"""What may stand: decisions on replies. Ids and codes in one row, words in another that can be emptied."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import User
from forum.db import Base, choices
from forum.debates.models import Reply, ReplyStatus, Revision


class Action(StrEnum):
    """What a moderator does to one wording of a reply."""

    PUBLISH = "publish"
    RETURN = "return"
    REJECT = "reject"
    REMOVE = "remove"
    RESTORE = "restore"


# From which status an action leads to which. A rejection is reversed by an appeal, never here.
ACTIONS = {
    Action.PUBLISH: (ReplyStatus.PENDING, ReplyStatus.PUBLISHED),
    Action.RETURN: (ReplyStatus.PENDING, ReplyStatus.RETURNED),
    Action.REJECT: (ReplyStatus.PENDING, ReplyStatus.REJECTED),
    Action.REMOVE: (ReplyStatus.PUBLISHED, ReplyStatus.REMOVED),
    Action.RESTORE: (ReplyStatus.REMOVED, ReplyStatus.PUBLISHED),
}
NEEDS_RULE = {Action.RETURN, Action.REJECT, Action.REMOVE}


class Decision(Base):
    """What a moderator decided on one wording, and under which rule."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("action IN ('publish', 'restore') OR rule IS NOT NULL", name="restriction_has_rule"),
        Index("uq_decisions_first", "id", "reply_id", "moderator_id", unique=True),  # keys of appeals refer to it
    )

    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    moderator_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    action: Mapped[Action] = mapped_column(choices(Action))
    rule: Mapped[str | None] = mapped_column(String(40))

    reply: Mapped[Reply] = relationship()
    revision: Mapped[Revision] = relationship()
    moderator: Mapped[User] = relationship()
    words: Mapped["Explanation | None"] = relationship(back_populates="decision")

    @property
    def explanation(self) -> str:
        """What the moderator wrote to the author."""
        return self.words.text if self.words else ""


class Explanation(Base):
    """The words of a decision, apart from it."""

    __tablename__ = "explanations"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    decision: Mapped[Decision] = relationship(back_populates="words")
