"""Names for one debate alone: a member may write there under another one than their own."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from forum.accounts.models import User
from forum.db import Base
from forum.debates.models.articles import Debate


class DebateName(Base):
    """Under which name a member writes in one debate; chosen before the first reply there, so it is that of all.

    Readers see the name, staff the tag, and neither the member's own name. What it looks like stands in `name_looks`
    beside what the own names look like: that is where the database keeps every name apart from every other one.
    """

    __tablename__ = "debate_names"
    __table_args__ = (UniqueConstraint("debate_id", "user_id"),)

    debate_id: Mapped[int] = mapped_column(ForeignKey("debates.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    stored_name: Mapped[str] = mapped_column("name", String(30))  # "": the account is deleted
    name_key: Mapped[str] = mapped_column(String(120), unique=True)  # NFKC + casefold
    tag: Mapped[str] = mapped_column(String(16), unique=True)  # drawn by lot; no name has a colon
    debate: Mapped[Debate] = relationship()
    user: Mapped[User] = relationship()

    @property
    def name(self) -> str:
        """The name under which readers see its author in this debate."""
        return self.stored_name or _("former member")


class MutedName(Base):
    """A name for one debate whose words fold for a member; what its author writes elsewhere does not."""

    __tablename__ = "muted_names"
    __table_args__ = (UniqueConstraint("user_id", "debate_name_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    debate_name_id: Mapped[int] = mapped_column(ForeignKey("debate_names.id"), index=True)


MutedAs = tuple[str, int]  # the table and the number of what is muted


def muted_as(author_id: int, debate_name_id: int | None) -> MutedAs:
    """Return what is muted where words under a name fold: that name alone, or the member's own one."""
    return (DebateName.__tablename__, debate_name_id) if debate_name_id else (User.__tablename__, author_id)


@dataclass(frozen=True)
class Byline:
    """Under which name somebody writes: their own, or `other`, one for one debate alone."""

    author: User
    other: DebateName | None = None

    @property
    def name(self) -> str:
        """What readers see."""
        return (self.other or self.author).name

    @property
    def page_name(self) -> str | None:
        """The name under which more of it can be read; None: the account is deleted."""
        return (self.other or self.author).stored_name or None

    @property
    def desk_name(self) -> str:
        """What the desk sees, and its address there: never the own name behind another one."""
        return self.other.tag if self.other else self.author.name

    @property
    def muted_as(self) -> MutedAs:
        """What is muted where it is folded."""
        return muted_as(self.author.id, self.other.id if self.other else None)

    @property
    def subject(self) -> User | DebateName:
        """What the audit log notes when the desk asks for it."""
        return self.other or self.author
