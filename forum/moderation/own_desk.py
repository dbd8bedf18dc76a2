"""What of the desk is a moderator's own: how they want it, and the decision that they can still undo; asked at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from flask import g
from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased, joinedload

from forum.accounts.models import User
from forum.db import db, now, rows
from forum.debates.models import ReplyStatus, Revision
from forum.moderation.desk_models import DeskPreference
from forum.moderation.models import UNDO_WITHIN, Action, Decision


@dataclass(frozen=True)
class Undoable:
    """The last decision of a moderator, while it can be undone."""

    id: int
    action: Action
    reply_id: int
    language: str
    html: str
    created_at: datetime


class Wishes(NamedTuple):
    """How a moderator wants the desk: with keys or without, in which languages (none: in all)."""

    keys: bool = True
    languages: tuple[str, ...] = ()


@dataclass
class OwnDesk:
    """What is a moderator's own; whoever never said so wants keys and all languages."""

    wishes: Wishes
    undoable: Undoable | None  # None: nothing to undo


def of_reader(reader: Any) -> OwnDesk:
    """Return it, asked once for a page."""
    found: OwnDesk | None = g.get("own_desk")
    if found is None:
        found = g.own_desk = _ask(reader)
    return found


def forget() -> None:
    """Let it be asked anew: it has changed."""
    g.pop("own_desk", None)


_LAST = (
    select(Decision.id)
    .where(Decision.moderator_id == bindparam("reader"), Decision.created_at > bindparam("since"))
    .where(~Decision.undone.has())
    .order_by(Decision.id.desc())
    .limit(1)
)
_WISHED = (
    select(DeskPreference.keys, DeskPreference.languages, _LAST.correlate(None).scalar_subquery())
    .select_from(User)
    .outerjoin(DeskPreference, DeskPreference.user_id == User.id)
    .where(User.id == bindparam("reader"))
)


def _ask(reader: Any) -> OwnDesk:
    keys, languages, last = rows(_WISHED, {"reader": reader.id, "since": now() - UNDO_WITHIN}).one()
    wishes = Wishes() if keys is None else Wishes(keys, tuple(languages.split(",")) if languages else ())
    return OwnDesk(wishes, _undoable(last) if last else None)


def _undoable(number: int) -> Undoable | None:
    """Return what a decision of these seconds can be undone as; None: somebody has moved its reply since."""
    later = aliased(Revision)
    is_edited = exists().where(later.reply_id == Decision.reply_id, later.created_at >= Decision.created_at)
    query = select(Decision, is_edited).where(Decision.id == number)
    query = query.options(joinedload(Decision.reply), joinedload(Decision.revision))
    decision, is_edited_since = db.session.execute(query).one()
    if not decision.holds or is_edited_since:
        return None
    if decision.reply.status is ReplyStatus.WITHDRAWN:  # its words are the author's alone again
        return None
    facts = (decision.reply.language, decision.revision.html, decision.created_at)
    return Undoable(decision.id, decision.action, decision.reply_id, *facts)
