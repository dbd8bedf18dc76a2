"""What can happen in the forum, and the line that each happening leaves in the audit log."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from flask import current_app
from sqlalchemy import JSON, ForeignKey, Index, insert
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Base, choices, db, rows


class Event(StrEnum):
    """Everything that is recorded."""

    SIGNED_UP = "signed_up"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_CONFIRMED = "sign_in_confirmed"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    ACCESS_REFUSED = "access_refused"
    LINK_MADE = "link_made"
    PASSWORD_SET = "password_set"  # noqa: S105
    CODES_RENEWED = "codes_renewed"
    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    SECOND_FACTOR_USED = "second_factor_used"
    ROLE_CHANGED = "role_changed"
    USER_RESET = "user_reset"
    DEBATE_IMPORTED = "debate_imported"
    ARTICLE_REVISED = "article_revised"
    ARTICLE_TRANSLATED = "article_translated"
    DEBATE_CLOSED = "debate_closed"
    DEBATE_NAME_TAKEN = "debate_name_taken"
    REPLY_POSTED = "reply_posted"
    REPLY_ANSWERED = "reply_answered"
    REPLY_TRANSLATED = "reply_translated"
    REPLY_EDITED = "reply_edited"
    REPLY_WITHDRAWN = "reply_withdrawn"
    WORDING_WITHDRAWN = "wording_withdrawn"
    REPLY_CLAIMED = "reply_claimed"
    REPLY_RELEASED = "reply_released"
    REPLY_NOTED = "reply_noted"
    EXPLANATION_CHANGED = "explanation_changed"
    AUTHOR_SHOWN = "author_shown"
    DECISION_MADE = "decision_made"
    DECISION_UNDONE = "decision_undone"
    SANCTION_MADE = "sanction_made"
    SANCTION_ENDED = "sanction_ended"
    SANCTION_APPEALED = "sanction_appealed"
    SANCTION_JUDGED = "sanction_judged"
    WARNING_READ = "warning_read"
    PROPOSAL_MADE = "proposal_made"
    PROPOSAL_CONFIRMED = "proposal_confirmed"
    PROPOSAL_DECLINED = "proposal_declined"
    PROPOSAL_TAKEN_BACK = "proposal_taken_back"
    PERSON_NOTED = "person_noted"
    PERSON_NOTE_DELETED = "person_note_deleted"
    APPEAL_LODGED = "appeal_lodged"
    APPEAL_DECIDED = "appeal_decided"
    APPEAL_ENDED = "appeal_ended"
    REPORT_MADE = "report_made"
    REPORT_ANSWERED = "report_answered"
    MAIL_ADDRESS_GIVEN = "mail_address_given"
    MAIL_ADDRESS_CONFIRMED = "mail_address_confirmed"
    MAIL_ADDRESS_REMOVED = "mail_address_removed"
    MAIL_CHOSEN = "mail_chosen"
    MAIL_STOPPED = "mail_stopped"
    EXPORT_ASKED = "export_asked"
    EXPORT_MADE = "export_made"
    EXPORT_FETCHED = "export_fetched"
    EXPORT_READ = "export_read"
    LEAVING_ASKED = "leaving_asked"
    LEAVING_CALLED_OFF = "leaving_called_off"
    ACCOUNT_DELETED = "account_deleted"
    WORDS_ERASED = "words_erased"


class AuditEntry(Base):
    """One happening: who did what to which row. Ids and codes only, never a text or a name."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "subject_kind", "subject_id"),)

    event: Mapped[Event] = mapped_column(choices(Event, checked=False))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


Consequence = Callable[[Any], None]
_LINES: Any = AuditEntry.__table__
_LINE = insert(_LINES)


def record(event: Event, subject: Base, *, by: Any = None, **facts: int | str | None) -> None:
    """Write the audit line of `event` and let its consequences follow, all in the running transaction.

    `by` is the person who acted, None for the command line. `facts` are ids and codes. Each
    consequence is handed `subject`; which ones there are stands in `forum/consequences.py`.
    """
    db.session.flush()
    line = {
        "event": event,
        "actor_id": by.id if by else None,
        "subject_kind": subject.__tablename__,
        "subject_id": subject.id,
        "facts": facts,
    }
    rows(_LINE, line)
    consequences: Mapping[Event, Sequence[Consequence]] = current_app.extensions["consequences"]
    for consequence in consequences.get(event, ()):
        consequence(subject)
