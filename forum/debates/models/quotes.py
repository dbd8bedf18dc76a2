"""Words of the article that replies answer."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.db import Base
from forum.debates.anchors import CONTEXT
from forum.debates.models.replies import Reply

LONGEST_QUOTE = 1000  # characters; a longer one repeats the article instead of pointing at it


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
