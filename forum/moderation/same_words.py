"""The same words in several replies: found by their fingerprint, decided together, each by a decision of its own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from forum.accounts.models import User
from forum.db import db
from forum.debates.models import Outcome, Reply, Revision
from forum.debates.queries import reply_to_change
from forum.errors import Overtaken
from forum.moderation import decisions
from forum.moderation.desk_models import Fingerprint
from forum.moderation.models import Action
from forum.moderation.policy import may_decide

TOGETHER = 100  # replies on one page; what is left comes with the next
ACTIONS = (Action.RETURN, Action.REJECT)  # nothing is published unread


def count(revision_id: Any) -> Any:
    """Return the question how many other replies with the words of a wording wait, as a subquery."""
    return _same(select(func.count(Revision.id)), revision_id).scalar_subquery()


def alike(revision: Revision) -> list[Revision]:
    """Return the waiting wordings with the same words as this one, it included, the oldest first."""
    own = Revision.id == revision.id
    query = select(Revision).join(Revision.reply).outerjoin(Fingerprint, Fingerprint.revision_id == Revision.id)
    query = query.where(Revision.outcome == Outcome.WAITING, own | (Fingerprint.value == _value(revision.id)))
    query = query.options(contains_eager(Revision.reply).options(joinedload(Reply.debate), joinedload(Reply.author)))
    return list(db.session.scalars(query.order_by(Revision.id).limit(TOGETHER)))


def decide_together(
    chosen: Sequence[tuple[int, int]], action: Action, *, by: User, rule: str | None, explanation: str
) -> tuple[list[int], list[int]]:
    """Return or reject each chosen wording, given as numbers of reply and wording, all in one transaction.

    Gives the numbers of the replies that were decided, and of those that had moved on meanwhile or are
    the moderator's own.
    """
    done, moved = [], []
    chosen = sorted(set(chosen))
    # All of them before the first decision: from then on everybody else's waits for this one, by the public log. And in
    # the order in which all hold replies, the newest first, so that two batches do not wait for each other.
    locked = {reply_id: reply_to_change(reply_id) for reply_id, _revision_id in reversed(chosen)}
    for reply_id, revision_id in chosen:
        reply = locked[reply_id]
        revision = next((r for r in reply.revisions if r.id == revision_id), None) if reply else None
        if reply is None or revision is None or not may_decide(by, reply):
            moved.append(reply_id)
            continue
        try:
            decisions.decide(revision, action, by=by, rule=rule, explanation=explanation)
            done.append(reply_id)
        except Overtaken:
            moved.append(reply_id)
    return done, moved


def _value(revision_id: Any) -> Any:
    return select(Fingerprint.value).where(Fingerprint.revision_id == revision_id).scalar_subquery()


def _same(query: Select[Any], revision_id: Any) -> Select[Any]:
    return (
        query.join(Fingerprint, Fingerprint.revision_id == Revision.id)
        .where(Fingerprint.value == _value(revision_id), Fingerprint.revision_id != revision_id)
        .where(Revision.outcome == Outcome.WAITING)
        .correlate(None)
    )
