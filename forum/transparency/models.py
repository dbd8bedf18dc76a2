"""The public log: what everybody may know of a decision, and apart from it what nobody else may."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base, choices
from forum.debates.models import Stance

HOUR = "%Y-%m-%dT%H:00Z"


class LogAction(StrEnum):
    """What an entry of the log can tell."""

    PUBLISH = "publish"
    RETURN = "return"
    REJECT = "reject"
    REMOVE = "remove"
    RESTORE = "restore"
    PUBLISH_WORDING = "publish_wording"  # a new wording of a published reply, …
    RETURN_WORDING = "return_wording"
    REJECT_WORDING = "reject_wording"
    REMOVE_WORDING = "remove_wording"  # … or a former one
    UNDONE = "undone"
    DECISION_STANDS = "decision_stands"
    DECISION_REVERSED = "decision_reversed"
    APPEAL_ENDED = "appeal_ended"
    WARNING = "warning"
    SUSPENSION = "suspension"
    BAN = "ban"
    SANCTION_ENDED = "sanction_ended"


def moment_of(hour: str) -> datetime:
    """Return the beginning of an hour of the log."""
    return datetime.strptime(hour, HOUR).replace(tzinfo=UTC)


class LogEntry(Base):
    """One line of the public log. Rows are only ever added, each continuing the last: the database sees to it.

    Everything in it is public, so it knows no minute, no text and no author. `id` is its place in the chain,
    without gaps. What is hashed is stored as it is hashed: the hour as text, the debate by its slug.
    """

    __tablename__ = "log_entries"
    __table_args__ = (
        # One index for each filter, in the order of the page.
        Index(None, "debate", "id"),
        Index(None, "side", "id"),
        Index(None, "rule", "id"),
        Index(None, "action", "id"),
        Index(None, "moderator", "id"),
    )

    created_at = None  # type: ignore[assignment]  # the exact moment would tell whose evening it was: see LogSalt
    hour: Mapped[str] = mapped_column(String(17))
    debate: Mapped[str | None] = mapped_column(String(80))
    side: Mapped[Stance | None] = mapped_column(choices(Stance))
    rule: Mapped[str | None] = mapped_column(String(40))
    action: Mapped[LogAction] = mapped_column(choices(LogAction, checked=False))
    moderator: Mapped[int | None]  # the number that staff keep; None: nobody, it ended by itself
    commitment: Mapped[str | None] = mapped_column(String(64))
    about_id: Mapped[int | None] = mapped_column(ForeignKey("log_entries.id"), index=True)  # the entry it undoes, …
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    @property
    def moment(self) -> datetime:
        """The beginning of its hour."""
        return moment_of(self.hour)

    @property
    def facts(self) -> list[Any]:
        """All that is hashed, in the order of `chain.FACTS`."""
        return [
            self.id,
            self.hour,
            self.debate,
            self.side and self.side.value,
            self.rule,
            self.action.value,
            self.moderator,
            self.commitment,
            self.about_id,
            self.previous_hash,
        ]


class LogSalt(Base):
    """What ties an entry to a text and to the row that it is about; once deleted, nothing does any more.

    Its moment is exact, because an entry is shown only when its decision can no longer be undone.
    """

    __tablename__ = "log_salts"
    __table_args__ = (Index(None, "created_at"), Index(None, "subject_kind", "subject_id"))

    entry_id: Mapped[int] = mapped_column(ForeignKey("log_entries.id"), unique=True)
    salt: Mapped[str] = mapped_column(String(64))  # 32 random bytes, in hexadecimal digits
    subject_kind: Mapped[str | None]
    subject_id: Mapped[int | None]
