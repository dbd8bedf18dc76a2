"""What is argued: debates, the article in numbered passages, and the replies of both sides."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import User
from forum.db import Base, choices, now, only_where
from forum.debates.anchors import CONTEXT

UNSCORED = 50.0  # of a hundred: the score of a reply of which nothing is known yet
FEW = 5  # readers of one side below which no figure of it is shown
LONGEST_QUOTE = 1000  # characters; a longer one repeats the article instead of pointing at it
MAX_DEPTH = 3  # answers below answers below answers; deeper threads become duels between two people


class Stance(StrEnum):
    """The side of a reply, towards the motion."""

    PRO = "pro"
    ANTI = "anti"
    NEITHER = "neither"  # answers only: a question, a correction


SIDES = (Stance.PRO, Stance.ANTI)


class ReplyStatus(StrEnum):
    """Where a reply stands."""

    PENDING = "pending"  # waits for a moderator
    PUBLISHED = "published"
    RETURNED = "returned"  # sent back to its author for an edit
    REJECTED = "rejected"  # refused before anybody saw it
    REMOVED = "removed"  # taken down after it was public
    WITHDRAWN = "withdrawn"  # taken back by its author


MOVES = {
    ReplyStatus.PENDING: {
        ReplyStatus.PUBLISHED,
        ReplyStatus.RETURNED,
        ReplyStatus.REJECTED,
        ReplyStatus.WITHDRAWN,
    },
    ReplyStatus.RETURNED: {ReplyStatus.PENDING, ReplyStatus.WITHDRAWN},
    ReplyStatus.PUBLISHED: {ReplyStatus.REMOVED, ReplyStatus.WITHDRAWN},
    ReplyStatus.REMOVED: {ReplyStatus.PUBLISHED, ReplyStatus.WITHDRAWN},
    ReplyStatus.REJECTED: {ReplyStatus.PUBLISHED, ReplyStatus.WITHDRAWN},  # published: by appeal or undo only
    ReplyStatus.WITHDRAWN: set(),
}


# The way back from a decision that its moderator undoes at once.
UNDO_MOVES = {
    ReplyStatus.PUBLISHED: {ReplyStatus.PENDING, ReplyStatus.REMOVED},
    ReplyStatus.RETURNED: {ReplyStatus.PENDING},
    ReplyStatus.REJECTED: {ReplyStatus.PENDING},
    ReplyStatus.REMOVED: {ReplyStatus.PUBLISHED},
}


class Outcome(StrEnum):
    """What became of one wording."""

    WAITING = "waiting"
    PUBLISHED = "published"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # by its author, by a newer wording, or with the reply that it would have changed


class Debate(Base):
    """A motion, and the article that opens it."""

    __tablename__ = "debates"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(300))
    published_by: Mapped[str | None] = mapped_column(String(300))
    dated: Mapped[str | None] = mapped_column(String(40))  # as the original says; None: not stated
    motion: Mapped[str] = mapped_column(String(300))
    pro_label: Mapped[str] = mapped_column(String(80))
    pro_gist: Mapped[str] = mapped_column(String(300))
    anti_label: Mapped[str] = mapped_column(String(80))
    anti_gist: Mapped[str] = mapped_column(String(300))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str | None] = mapped_column(String(500))

    @property
    def has_opened(self) -> bool:
        """Whether its time has come."""
        return self.opens_at <= now()

    @property
    def ended_at(self) -> datetime | None:
        """When it closed, by hand or by its date; None while it is open."""
        if self.closed_at:
            return self.closed_at
        return self.closes_at if self.closes_at and self.closes_at <= now() else None

    @property
    def is_open(self) -> bool:
        """Whether members can reply now."""
        return self.has_opened and self.ended_at is None

    def label(self, stance: Stance) -> str:
        """Return what the side calls itself in this debate."""
        return self.pro_label if stance is Stance.PRO else self.anti_label

    def gist(self, stance: Stance) -> str:
        """Return the side in one line."""
        return self.pro_gist if stance is Stance.PRO else self.anti_gist


class ArticleRevision(Base):
    """One saved wording of the article of a debate; the last one is shown."""

    __tablename__ = "article_revisions"
    __table_args__ = (UniqueConstraint("debate_id", "number"),)

    debate_id: Mapped[int] = mapped_column(ForeignKey("debates.id"))
    number: Mapped[int]
    passages: Mapped[list["Passage"]] = relationship(order_by="Passage.position")
    notes: Mapped[list["Note"]] = relationship(order_by="Note.id")
    voices: Mapped[list["Voice"]] = relationship(order_by="Voice.id")


class Passage(Base):
    """One paragraph of the article; its number stays with it through revisions, its place may change."""

    __tablename__ = "passages"
    __table_args__ = (UniqueConstraint("revision_id", "number"), UniqueConstraint("revision_id", "position"))

    revision_id: Mapped[int] = mapped_column(ForeignKey("article_revisions.id"))
    number: Mapped[int]
    position: Mapped[int]
    begins_section: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)


class Note(Base):
    """What the editor remarks at a passage."""

    __tablename__ = "notes"

    revision_id: Mapped[int] = mapped_column(ForeignKey("article_revisions.id"), index=True)
    passage: Mapped[int]
    text: Mapped[str] = mapped_column(Text)


class Voice(Base):
    """Words said in the article itself: a quotation at the head of a column, never a member's reply."""

    __tablename__ = "voices"
    __table_args__ = (CheckConstraint("stance <> 'neither'", name="takes_a_side"),)

    revision_id: Mapped[int] = mapped_column(ForeignKey("article_revisions.id"), index=True)
    stance: Mapped[Stance] = mapped_column(choices(Stance))
    passage: Mapped[int]
    speaker: Mapped[str] = mapped_column(String(200))
    exact: Mapped[str] = mapped_column(Text)


# All that the places and counts of a column are made of, so that no row has to be read for them.
COLUMN = ("debate_id", "stance", "published_at", "id", "status", "public_answers", "stands_at", "parent_id")


class Reply(Base):
    """What a member writes: at top level for a side, or in answer to another reply."""

    __tablename__ = "replies"
    __table_args__ = (
        UniqueConstraint("author_id", "key"),
        Index("uq_replies_own", "id", "author_id", unique=True),  # keys of rows that name the author refer to it
        CheckConstraint("parent_id IS NOT NULL OR stance <> 'neither'", name="takes_a_side"),
        CheckConstraint(f"depth BETWEEN 0 AND {MAX_DEPTH}", name="depth_bounded"),
        CheckConstraint("(parent_id IS NULL) = (depth = 0)", name="depth_of_parent"),
        CheckConstraint("(root_id IS NULL) = (parent_id IS NULL)", name="root_of_parent"),
        CheckConstraint(f"in_answer_to_id IS NULL OR depth = {MAX_DEPTH}", name="beside_what_it_answers"),
        Index("ix_replies_answered", "in_answer_to_id", **only_where("in_answer_to_id IS NOT NULL")),
        CheckConstraint("status <> 'published' OR shown_revision_id IS NOT NULL", name="published_is_shown"),
        # A column of the debate page: one side, by its date; and the answers of a thread.
        Index(None, "author_id", "id"),  # what one member wrote, the newest first
        Index(None, "author_id", "status"),  # how much of it waits, is public …
        Index("ix_replies_column", *COLUMN, **only_where("parent_id IS NULL")),
        Index("ix_replies_passage", "debate_id", "stands_at", "passage", **only_where("passage IS NOT NULL")),
    )

    debate_id: Mapped[int] = mapped_column(ForeignKey("debates.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"))
    root_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"), index=True)
    in_answer_to_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"))  # at the same level, the deepest one
    depth: Mapped[int] = mapped_column(default=0)
    passage: Mapped[int | None]  # number of the passage it answers
    stands_at: Mapped[int | None]  # number of the passage at which it stands now; None: of none that is in the text
    stance: Mapped[Stance] = mapped_column(choices(Stance))
    status: Mapped[ReplyStatus] = mapped_column(choices(ReplyStatus), default=ReplyStatus.PENDING)
    language: Mapped[str] = mapped_column(String(8), default="en")
    key: Mapped[str] = mapped_column(String(64))  # sent with the form: the same one twice makes one reply
    shown_revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id", use_alter=True))
    published_at: Mapped[datetime | None]  # first time; a restored reply returns to its old place
    removed_under: Mapped[str | None] = mapped_column(String(40))  # code of the rule, for the tombstone
    public_answers: Mapped[int] = mapped_column(default=0)  # published ones anywhere below it
    version: Mapped[int] = mapped_column(default=1)

    debate: Mapped[Debate] = relationship()
    author: Mapped[User] = relationship()
    parent: Mapped["Reply | None"] = relationship(remote_side="Reply.id", foreign_keys=parent_id)
    in_answer_to: Mapped["Reply | None"] = relationship(remote_side="Reply.id", foreign_keys=in_answer_to_id)
    revisions: Mapped[list["Revision"]] = relationship(
        foreign_keys="Revision.reply_id", order_by="Revision.number", back_populates="reply"
    )
    shown_revision: Mapped["Revision | None"] = relationship(foreign_keys=shown_revision_id, viewonly=True)
    marks: Mapped["ReplyMarks | None"] = relationship(foreign_keys="ReplyMarks.reply_id", viewonly=True)
    quote: Mapped["Quote | None"] = relationship(back_populates="reply")

    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def shown_name(self) -> str:
        """The name under which it appears."""
        return self.author.name

    @property
    def answered_id(self) -> int | None:
        """The number of the reply that it answers, if it answers one: the one above it, or one beside it."""
        return self.in_answer_to_id or self.parent_id

    @property
    def is_public(self) -> bool:
        """Whether everybody can read it."""
        return self.status is ReplyStatus.PUBLISHED

    @property
    def is_tombstone(self) -> bool:
        """Whether its place is kept, without its words, because answers stand below it."""
        return self.status in {ReplyStatus.REMOVED, ReplyStatus.WITHDRAWN} and self.public_answers > 0

    @property
    def is_waiting(self) -> bool:
        """Whether a moderator has yet to read it."""
        return self.status is ReplyStatus.PENDING

    @property
    def latest_revision(self) -> "Revision":
        """The last wording of its author, whatever became of it."""
        return self.revisions[-1]

    @property
    def waiting_revision(self) -> "Revision | None":
        """The wording that a moderator has yet to read: of a new reply, or of one that is public in another one."""
        latest = self.latest_revision
        return latest if latest.outcome is Outcome.WAITING else None

    @property
    def present_revision(self) -> "Revision":
        """The wording that counts: the one that waits, else the one that is or was public, else the last one."""
        return self.waiting_revision or self.public_revision or self.latest_revision

    @property
    def public_revision(self) -> "Revision | None":
        """The wording that is public, or was when the reply was; found among all of them."""
        return next((revision for revision in self.revisions if revision.id == self.shown_revision_id), None)

    @property
    def new_wording(self) -> "Revision | None":
        """The last wording of a public reply, if it is not the public one and its author still wants it."""
        latest = self.latest_revision
        is_public = latest.id == self.shown_revision_id or not self.is_public
        return None if is_public or latest.outcome is Outcome.WITHDRAWN else latest


class Quote(Base):
    """Words of the article that a reply answers: picked in a passage of one of its wordings, and where they stand now.

    One for a reply, not for each of its wordings: like the passage it says what is answered, which no edit changes.
    """

    __tablename__ = "quotes"
    __table_args__ = (
        ForeignKeyConstraint(["article_revision_id", "passage"], ["passages.revision_id", "passages.number"]),
        Index(None, "article_revision_id", "passage"),
        CheckConstraint(f"length(exact) BETWEEN 1 AND {LONGEST_QUOTE}", name="exact_bounded"),
        CheckConstraint(f"length(prefix) <= {CONTEXT} AND length(suffix) <= {CONTEXT}", name="context_bounded"),
        CheckConstraint("start >= 0 AND found_at >= 0", name="offsets_counted"),
    )

    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), unique=True)
    article_revision_id: Mapped[int]
    passage: Mapped[int]
    start: Mapped[int]  # characters before it in that passage, of its text as it is read
    exact: Mapped[str] = mapped_column(Text)
    prefix: Mapped[str] = mapped_column(Text)
    suffix: Mapped[str] = mapped_column(Text)
    found_at: Mapped[int | None]  # the same in the passage at which its reply stands now; None: no longer in the text
    reply: Mapped[Reply] = relationship(back_populates="quote")


class Revision(Base):
    """One saved wording of a reply: as written, and as rendered."""

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("reply_id", "number"),
        Index("uq_revisions_of_reply", "id", "reply_id", unique=True),  # keys of rows that name the reply refer to it
        # What has waited longest; the queue in its order; and no more than one wording of a reply waits.
        Index("ix_revisions_waiting", "created_at", "id", **only_where("outcome = 'waiting'")),
        Index("ix_revisions_queue", "place", "id", **only_where("outcome = 'waiting'")),
        Index("uq_revisions_one_waits", "reply_id", unique=True, **only_where("outcome = 'waiting'")),
    )

    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(choices(Outcome), default=Outcome.WAITING)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))  # the public one that it would change
    published_at: Mapped[datetime | None]
    severity: Mapped[int] = mapped_column(default=0)  # of the gravest thing that screening found in it
    place: Mapped[int] = mapped_column(BigInteger, default=0)  # in the moderators' queue, the smallest first
    reply: Mapped[Reply] = relationship(foreign_keys=reply_id, back_populates="revisions")

    @property
    def is_rewording(self) -> bool:
        """Whether the reply was public already, in another wording, when it was sent."""
        return self.replaces_id is not None


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
