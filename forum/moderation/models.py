"""What may stand: decisions on replies. Ids and codes in one row, words in another that can be emptied."""

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import User
from forum.db import Base, choices
from forum.debates.models import Outcome, Reply, ReplyStatus, Revision


class Action(StrEnum):
    """What a moderator does to one wording of a reply."""

    PUBLISH = "publish"
    RETURN = "return"
    REJECT = "reject"
    REMOVE = "remove"
    RESTORE = "restore"
    REMOVE_WORDING = "remove_wording"  # a former public one, out of the history; the reply stays


# From which status an action leads to which. A rejection is reversed by an appeal, never here.
ACTIONS = {
    Action.PUBLISH: (ReplyStatus.PENDING, ReplyStatus.PUBLISHED),
    Action.RETURN: (ReplyStatus.PENDING, ReplyStatus.RETURNED),
    Action.REJECT: (ReplyStatus.PENDING, ReplyStatus.REJECTED),
    Action.REMOVE: (ReplyStatus.PUBLISHED, ReplyStatus.REMOVED),
    Action.RESTORE: (ReplyStatus.REMOVED, ReplyStatus.PUBLISHED),
    Action.REMOVE_WORDING: (ReplyStatus.PUBLISHED, ReplyStatus.PUBLISHED),
}
# What each of them makes of the wording. Of a public reply that waits in a new wording, it is all that they change.
OUTCOMES = {Action.PUBLISH: Outcome.PUBLISHED, Action.RETURN: Outcome.RETURNED, Action.REJECT: Outcome.REJECTED}
UNDO_WITHIN = timedelta(seconds=30)  # a slip of the hand is noticed at once; later, a decision is a decision
NEEDS_RULE = {Action.RETURN, Action.REJECT, Action.REMOVE, Action.REMOVE_WORDING}


def before_and_after(action: Action, revision: Revision) -> tuple[ReplyStatus, ReplyStatus]:
    """Return from which status to which an action on a wording leads its reply."""
    if revision.is_rewording and action in OUTCOMES:
        return ReplyStatus.PUBLISHED, ReplyStatus.PUBLISHED
    return ACTIONS[action]


def possible_actions(reply: Reply) -> list[Action]:
    """Return what can be decided on a reply where it stands, all of its wordings loaded."""
    possible = [action for action, (status, _after) in ACTIONS.items() if status is reply.status]
    if not reply.former_wordings:
        possible = [action for action in possible if action is not Action.REMOVE_WORDING]
    return [*OUTCOMES, *possible] if reply.is_public and reply.waiting_revision else possible


class Decision(Base):
    """What a moderator decided on one wording, and under which rule."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("action IN ('publish', 'restore') OR rule IS NOT NULL", name="restriction_has_rule"),
        Index(None, "moderator_id", "created_at"),  # the last one of a moderator, while it can be undone
        Index("uq_decisions_first", "id", "reply_id", "moderator_id", unique=True),  # keys of appeals refer to it
    )

    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    moderator_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    action: Mapped[Action] = mapped_column(choices(Action))
    rule: Mapped[str | None] = mapped_column(String(40))

    reply: Mapped[Reply] = relationship()
    revision: Mapped[Revision] = relationship()
    moderator: Mapped[User] = relationship()
    words: Mapped["Explanation | None"] = relationship(back_populates="decision")
    undone: Mapped["Undo | None"] = relationship(back_populates="decision")
    closing: Mapped["Closing | None"] = relationship(back_populates="decision")

    @property
    def explanation(self) -> str:
        """What the moderator wrote to the author."""
        return self.words.text if self.words else ""

    @property
    def is_of_rewording(self) -> bool:
        """Whether it decided on a new wording of a public reply, and left the reply itself where it was."""
        return self.revision.is_rewording and self.action in OUTCOMES

    @property
    def leaves_reply(self) -> bool:
        """Whether it judged another wording than the one that was public, and left the reply itself where it was."""
        return self.is_of_rewording or self.action is Action.REMOVE_WORDING

    @property
    def holds(self) -> bool:
        """Whether the reply, and the wording that was judged, stand where the decision has put them."""
        if self.action is Action.REMOVE_WORDING:
            return self.revision.removed_under is not None
        outcome = OUTCOMES.get(self.action, self.revision.outcome)
        after = before_and_after(self.action, self.revision)[1]
        return self.reply.status is after and self.revision.outcome is outcome


class Explanation(Base):
    """The words of a decision, apart from it."""

    __tablename__ = "explanations"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    decision: Mapped[Decision] = relationship(back_populates="words")


class Closing(Base):
    """A new wording that waited when its reply was removed: it was closed with the reply."""

    __tablename__ = "closings"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), unique=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    decision: Mapped[Decision] = relationship(back_populates="closing")


class Undo(Base):
    """The counter-entry of a decision: its moderator has undone it."""

    __tablename__ = "undos"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), unique=True)
    decision: Mapped[Decision] = relationship(back_populates="undone")
