"""Replies of both sides, and the wordings of each."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, validates
from sqlalchemy.sql.elements import ColumnElement

from forum.accounts.models import User
from forum.db import Base, choices, only_where
from forum.debates.models.articles import Debate
from forum.debates.models.names import Byline, DebateName
from forum.debates.models.states import Outcome, ReplyStatus, Stance
from forum.text import language_of

if TYPE_CHECKING:
    from forum.debates.models.marks import ReplyMarks
    from forum.debates.models.quotes import Quote

MAX_DEPTH = 3  # answers below answers below answers; deeper threads become duels between two people
# All that the places and counts of a column are made of, so that no row has to be read for them.
_PLACE = ("published_at", "id", "status", "public_answers", "stands_at", "parent_id")
COLUMN = ("debate_id", "stance", *_PLACE, "language")
COLUMN_OF_LANGUAGE = ("debate_id", "stance", "language", *_PLACE)  # the same of one language, in the order of time
LISTED_IN = ("debate_id", "language", "published_at", "id")  # replies and answers in one language, both sides


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
        CheckConstraint(
            "original_id IS NULL OR (parent_id IS NOT NULL AND original_id = parent_id)", name="below_its_original"
        ),
        Index("ix_replies_translations", "original_id", "language", **only_where("original_id IS NOT NULL")),
        Index("ix_replies_answered", "in_answer_to_id", **only_where("in_answer_to_id IS NOT NULL")),
        CheckConstraint("status <> 'published' OR shown_revision_id IS NOT NULL", name="published_is_shown"),
        # A column of the debate page: one side, by its date; and the answers of a thread.
        Index(None, "author_id", "id", "debate_id"),  # what one member wrote, the newest first
        Index(None, "author_id", "status", "debate_id"),  # how much of it waits, is public …
        Index("ix_replies_column", *COLUMN, **only_where("parent_id IS NULL")),
        Index("ix_replies_column_of_language", *COLUMN_OF_LANGUAGE, **only_where("parent_id IS NULL")),
        Index("ix_replies_published", "debate_id", "published_at", "id", **only_where("status = 'published'")),
        Index("ix_replies_published_in", *LISTED_IN, **only_where("status = 'published'")),
        Index("ix_replies_passage", "debate_id", "stands_at", "passage", **only_where("passage IS NOT NULL")),
    )

    debate_id: Mapped[int] = mapped_column(ForeignKey("debates.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"))
    root_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"), index=True)
    in_answer_to_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"))  # at the same level, the deepest one
    original_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"))  # of which it is a translation
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
    erased_at: Mapped[datetime | None]  # when all of its wordings were emptied
    version: Mapped[int] = mapped_column(default=1)

    debate: Mapped[Debate] = relationship()
    author: Mapped[User] = relationship()
    # Whoever has a name for a debate writes there under no other one, so the pair is all that it takes.
    debate_name: Mapped[DebateName | None] = relationship(
        primaryjoin=lambda: and_(
            foreign(Reply.debate_id) == DebateName.debate_id, foreign(Reply.author_id) == DebateName.user_id
        ),
        viewonly=True,
        uselist=False,
    )
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
    def byline(self) -> Byline:
        """Under which name its author writes here; `NAMED` is what it takes."""
        return Byline(self.author, self.debate_name)

    @property
    def shown_name(self) -> str:
        """The name under which it appears."""
        return self.byline.name

    @property
    def page_name(self) -> str | None:
        """The name under which more of its author can be read; None: there is no such page."""
        return self.byline.page_name

    @property
    def translated_id(self) -> int | None:
        """The wording of its original of which the public one is made, if it is a translation."""
        return self.shown_revision.translated_id if self.shown_revision else None

    @property
    def answered_id(self) -> int | None:
        """The number of the reply that it answers, if it answers one: the one above it, or one beside it."""
        return self.in_answer_to_id or self.parent_id

    @property
    def is_translation(self) -> bool:
        """Whether it says in another language what the reply above it says."""
        return self.original_id is not None

    @property
    def went_with_original(self) -> bool:
        """Whether it was erased because what it translates was; its translator's own words may have gone before."""
        original_went_at = self.parent.erased_at if self.parent and self.is_translation else None
        return bool(self.erased_at and original_went_at and original_went_at <= self.erased_at)

    @property
    def is_public(self) -> bool:
        """Whether everybody can read it; a translation as long as its original."""
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
    def former_wordings(self) -> list["Revision"]:
        """What its history shows beside the wording that is public."""
        return [wording for wording in self.revisions if wording.is_in_history and wording.id != self.shown_revision_id]

    @property
    def new_wording(self) -> "Revision | None":
        """The last wording of a public reply, if it is not the public one and its author still wants it."""
        latest = self.latest_revision
        is_public = latest.id == self.shown_revision_id or not self.is_public
        return None if is_public or latest.outcome is Outcome.WITHDRAWN else latest


def is_counted(replies: Any) -> ColumnElement[bool]:
    """Say of a reply whether it is public and one of its debate: a translation is neither a reply nor an answer."""
    return and_(replies.status == ReplyStatus.PUBLISHED, replies.original_id.is_(None))


NAMED = (Reply.author, Reply.debate_name)  # what the name takes under which a reply appears


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
        CheckConstraint("removed_under IS NULL OR outcome = 'published'", name="removed_was_public"),
    )

    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]
    # Its words and their stems (`words.prepared`), for the search, should it become public; nothing else reads them.
    words: Mapped[str] = mapped_column(Text, default="", deferred=True)
    stemmer: Mapped[int] = mapped_column(default=0)  # by which they were made; 0: not yet
    # As its author says; None: recognised by its letters.
    chosen_language: Mapped[str | None] = mapped_column(String(8))
    outcome: Mapped[Outcome] = mapped_column(choices(Outcome), default=Outcome.WAITING)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))  # the public one that it would change
    translated_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))  # of the original, if it translates
    published_at: Mapped[datetime | None]
    removed_under: Mapped[str | None] = mapped_column(String(40))  # code of the rule: taken out of the history
    severity: Mapped[int] = mapped_column(default=0)  # of the gravest thing that screening found in it
    place: Mapped[int] = mapped_column(BigInteger, default=0)  # in the moderators' queue, the smallest first
    reply: Mapped[Reply] = relationship(foreign_keys=reply_id, back_populates="revisions")

    @validates("text")
    def _without_text_no_words(self, _name: str, text: str) -> str:
        if not text:  # an erasure leaves nothing by which it would be found
            self.words = ""
        return text

    def language_beside(self, otherwise: str) -> str:
        """Return the language in which it is written; `otherwise` is that of its reply, where nothing tells."""
        return language_of(self.text, otherwise, self.chosen_language)

    @property
    def is_rewording(self) -> bool:
        """Whether the reply was public already, in another wording, when it was sent."""
        return self.replaces_id is not None

    @property
    def is_in_history(self) -> bool:
        """Whether it is or was public, and no moderator has taken it out of the history."""
        return self.outcome is Outcome.PUBLISHED and self.removed_under is None


WAITS = Revision.__table__.c.outcome == Outcome.WAITING
