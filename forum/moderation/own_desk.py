"""What of the desk is a moderator's own: how they want it, and the decision that they can still undo; asked at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased, contains_eager

from forum.accounts.models import User
from forum.db import db, now
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


@dataclass
class OwnDesk:
    """What is a moderator's own; whoever never said so wants keys and all languages."""

    wishes: DeskPreference
    undoable: Undoable | None  # None: nothing to undo


def of_reader(reader: Any) -> OwnDesk:
    """Return it, asked once for a page."""
    if "own_desk" not in g:
        g.own_desk = _ask(reader)
    found: OwnDesk = g.own_desk
    return found


def forget() -> None:
    """Let it be asked anew: it has changed."""
    g.pop("own_desk", None)


def _ask(reader: Any) -> OwnDesk:
    last = select(Decision.id).where(Decision.moderator_id == reader.id, Decision.created_at > now() - UNDO_WITHIN)
    last = last.where(~Decision.undone.has()).order_by(Decision.id.desc()).limit(1)
    later = aliased(Revision)
    is_edited = exists().where(later.reply_id == Decision.reply_id, later.created_at >= Decision.created_at)
    query = (
        select(DeskPreference, Decision, is_edited)
        .select_from(User)
        .where(User.id == reader.id)
        .outerjoin(DeskPreference, DeskPreference.user_id == User.id)
        .outerjoin(Decision, Decision.id == last.correlate(None).scalar_subquery())
        .outerjoin(Decision.reply)
        .outerjoin(Decision.revision)
        .options(contains_eager(Decision.reply), contains_eager(Decision.revision))
    )
    found, decision, is_edited_since = db.session.execute(query).one()
    wishes = found or DeskPreference(user_id=reader.id, keys=True, languages="")
    if decision is None or not decision.holds or is_edited_since:  # somebody has moved it since
        return OwnDesk(wishes, None)
    if decision.reply.status is ReplyStatus.WITHDRAWN:  # its words are the author's alone again
        return OwnDesk(wishes, None)
    facts = (decision.reply.language, decision.revision.html, decision.created_at)
    return OwnDesk(wishes, Undoable(decision.id, decision.action, decision.reply_id, *facts))
