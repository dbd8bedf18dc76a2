"""What members answer to the one question under a reply, whether it is well argued."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base, now


class Vote(Base):
    """A member's answer about one wording of a reply of somebody else.

    An answer that was taken back stays as an empty one until the public counts no longer contain it; for everything
    else it is as if there were none. Whose side the member is on stands nowhere here.
    """

    __tablename__ = "votes"
    __table_args__ = (
        UniqueConstraint("voter_id", "reply_id"),
        ForeignKeyConstraint(["reply_id", "author_id"], ["replies.id", "replies.author_id"], name="fk_votes_reply"),
        ForeignKeyConstraint(
            ["revision_id", "reply_id"], ["revisions.id", "revisions.reply_id"], name="fk_votes_revision"
        ),
        CheckConstraint("voter_id <> author_id", name="of_another"),
        Index(None, "reply_id", "revision_id"),
    )

    voter_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reply_id: Mapped[int]
    author_id: Mapped[int]  # of the reply
    revision_id: Mapped[int]
    well_argued: Mapped[bool | None]
    counted: Mapped[bool | None]  # what of it is in the public counts
    answered_at: Mapped[datetime] = mapped_column(default=now)
