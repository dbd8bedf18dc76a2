"""What members answer to the one question under a reply, whether it is well argued."""

from dataclasses import dataclass

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Bare


@dataclass(frozen=True)
class Said:
    """What a row holds. An answer that was taken back stays as an empty one until no count contains it."""

    voter_id: int
    well_argued: bool | None
    counted: bool | None  # what of it is in the public counts
    hour: int  # of the last answer, since 1970


class Vote(Bare):
    """A member's answer about one wording of a reply of somebody else.

    The row must not lead to its member, nor say what was answered: `tag` is of member and reply, so that there is one
    row for both, and all the rest is sealed (`vote_tags`). On SQLite its place is that of its tag, too.
    """

    __tablename__ = "votes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["revision_id", "reply_id"], ["revisions.id", "revisions.reply_id"], name="fk_votes_revision"
        ),
        Index(None, "reply_id", "revision_id"),
        {"sqlite_with_rowid": False},
    )

    tag: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    reply_id: Mapped[int]
    revision_id: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
