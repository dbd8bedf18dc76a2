"""Erasing what a member wrote. The rows stay, empty: answers, decisions and the log refer to their numbers."""

from sqlalchemy import delete

from forum.accounts.models import User
from forum.db import db, now
from forum.debates.models import Outcome, Quote, Reply, ReplyStatus, Revision
from forum.debates.replies import move
from forum.events import Event, record


def erase(reply: Reply, *, by: User | None) -> None:
    """Empty every wording of a reply; it is taken back first, so a place kept for answers says no word.

    `by` is who erases: the author, a lead, or nobody where a list of erasures is replayed. The reply is locked.
    """
    if reply.status is not ReplyStatus.WITHDRAWN:
        move(reply, ReplyStatus.WITHDRAWN)
        for wording in reply.revisions:
            if wording.outcome is Outcome.WAITING:
                wording.outcome = Outcome.WITHDRAWN
        record(Event.REPLY_WITHDRAWN, reply, by=by)
    _empty(reply.revisions)
    reply.erased_at = reply.erased_at or now()
    db.session.execute(delete(Quote).where(Quote.reply_id == reply.id).execution_options(synchronize_session=False))


def erase_unpublished(reply: Reply, *, by: User | None) -> None:
    """Empty the wordings of a public reply that not everybody can read; what waits is taken back first."""
    latest = reply.latest_revision
    if latest.is_rewording and latest.outcome in {Outcome.WAITING, Outcome.RETURNED}:
        latest.outcome = Outcome.WITHDRAWN
        record(Event.WORDING_WITHDRAWN, reply, by=by)
    _empty([wording for wording in reply.revisions if not wording.is_in_history])


def _empty(wordings: list[Revision]) -> None:
    for wording in wordings:
        wording.text = wording.html = ""
    db.session.flush()
