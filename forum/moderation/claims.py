"""Who has a reply open: told to colleagues, never a lock. A claim ends by itself after ten minutes."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.db import db, now
from forum.debates.models import Reply
from forum.errors import NotAllowed, Overtaken
from forum.events import Event, record
from forum.moderation.desk_models import Claim
from forum.moderation.models import Action, Decision
from forum.moderation.policy import may_decide

LASTS = timedelta(minutes=10)  # longer than a difficult reply takes


def since() -> datetime:
    """Return the moment before which a claim has ended."""
    return now() - LASTS


def take(reply: Reply, *, by: User, holder: int | None = None) -> None:
    """Say that `by` has a reply open; `holder`: from whom, as the page showed it. The reply is locked.

    Whoever saw it free, or with somebody else, while a colleague took it, is told so.
    """
    if not may_decide(by, reply):
        raise NotAllowed(_("You cannot decide on a reply of your own. A colleague will."))
    if reply.waiting_revision is None:
        raise Overtaken(_("This reply waits no longer, so there is nothing to take."))
    claim = find(reply)
    current = claim.moderator if claim and claim.taken_at > since() else None
    if current is not None and current.id not in {by.id, holder}:
        raise Overtaken(_("%(name)s took this reply a moment ago. You can take it over.", name=current.name))
    if claim is None:
        claim = Claim(reply_id=reply.id)
        db.session.add(claim)
    claim.moderator_id, claim.taken_at = by.id, now()
    record(Event.REPLY_CLAIMED, reply, by=by, former=current.id if current else None)


def release(reply: Reply, *, by: User) -> None:
    """Leave a reply to others; what somebody else holds stays with them."""
    claim = find(reply)
    if claim is None or claim.moderator_id != by.id:
        return
    db.session.delete(claim)
    record(Event.REPLY_RELEASED, reply, by=by)


def end(decision: Decision) -> None:
    """Release what has been decided; a wording that waits still waits when a former one leaves the history."""
    if decision.action is Action.REMOVE_WORDING:
        return
    db.session.execute(delete(Claim).where(Claim.reply_id == decision.reply_id))


def find(reply: Reply) -> Claim | None:
    """Return the claim on a reply with who made it, ended or not."""
    return db.session.scalar(
        select(Claim)
        .where(Claim.reply_id == reply.id)
        .options(joinedload(Claim.moderator))
        .execution_options(populate_existing=True)
    )
