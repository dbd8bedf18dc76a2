"""Undoing a decision: by the moderator who made it, within half a minute, while nobody has built on it."""

from collections.abc import Callable, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import exists, or_, select

from forum.accounts.models import User
from forum.db import db, now
from forum.debates.models import UNDO_MOVES, Outcome, Reply, ReplyStatus
from forum.debates.queries import reply_to_change
from forum.debates.replies import move, unshow
from forum.errors import NotAllowed, Overtaken, Refused
from forum.events import Event, record
from forum.moderation.appeal_models import Appeal, AppealOutcome
from forum.moderation.appeal_queries import hidden_from
from forum.moderation.decisions import last_decision, what_happened
from forum.moderation.models import OUTCOMES, UNDO_WITHIN, Action, Closing, Decision, Undo, before_and_after
from forum.moderation.policy import may_decide
from forum.moderation.report_models import Report
from forum.moderation.sanction_models import Proposal, ProposalStatus, Sanction


def undo(decision: Decision, *, by: User) -> Undo:
    """Put the reply of a decision back where it stood, and keep both: what was decided, and that it was undone.

    Locks the reply. Done twice it is done once.
    """
    reply = reply_to_change(decision.reply_id)
    if reply is None or decision.moderator_id != by.id or not may_decide(by, reply):
        raise NotAllowed(_("Only the moderator who made a decision can undo it."))
    if former := db.session.scalar(select(Undo).where(Undo.decision_id == decision.id)):
        return former
    for has_happened in SINCE:
        if message := has_happened(decision, reply):
            raise Overtaken(message)
    if now() - decision.created_at > UNDO_WITHIN:
        raise Refused(_too_late())

    _put_back(decision, reply)
    undone = Undo(decision_id=decision.id)
    db.session.add(undone)
    record(Event.DECISION_UNDONE, decision, by=by, action=decision.action.value)
    return undone


def _put_back(decision: Decision, reply: Reply) -> None:
    wordings = {revision.id: revision for revision in reply.revisions}
    judged = wordings[decision.revision_id]
    before, after = before_and_after(decision.action, judged)
    if before is not after:
        move(reply, before, along=UNDO_MOVES)
    if decision.action is Action.PUBLISH:
        unshow(reply, judged)
    elif decision.action in OUTCOMES:
        judged.outcome = Outcome.WAITING
    elif decision.action is Action.REMOVE_WORDING:
        judged.removed_under = None
    elif decision.action is Action.REMOVE:
        closed = db.session.scalar(select(Closing.revision_id).where(Closing.decision_id == decision.id))
        if closed is not None:
            wordings[closed].outcome = Outcome.WAITING
    reply.removed_under = _rule_of_removal(decision) if decision.action is Action.RESTORE else None


def _rule_of_removal(restored: Decision) -> str | None:
    """Return under which rule the reply had been removed before it was restored."""
    return db.session.scalar(
        select(Decision.rule)
        .where(Decision.reply_id == restored.reply_id, Decision.id < restored.id, Decision.action == Action.REMOVE)
        .where(~Decision.undone.has())
        .order_by(Decision.id.desc())
        .limit(1)
    )


def _too_late() -> str:
    return ngettext(
        "A decision can be undone for %(num)d second. That time is over; a published reply can still be removed, "
        "a removed one restored.",
        "A decision can be undone for %(num)d seconds. That time is over; a published reply can still be removed, "
        "a removed one restored.",
        int(UNDO_WITHIN.total_seconds()),
    )


def _was_taken_back(decision: Decision, reply: Reply) -> str | None:
    if reply.status is ReplyStatus.WITHDRAWN:
        return _("This reply was taken back or erased meanwhile. Nothing is left to undo.")
    if decision.is_of_rewording and decision.revision.outcome is Outcome.WITHDRAWN:
        return _("The author has taken this wording back meanwhile. Nothing is left to undo.")
    return None


def _was_decided_anew(decision: Decision, reply: Reply) -> str | None:
    last = last_decision(reply)
    if last is None or last.id == decision.id:
        return None
    if hidden_from(db.session.get_one(User, decision.moderator_id), reply.id):
        return _("This reply has moved on since you opened it. Where it stands now is shown below.")
    return what_happened(last)


def _was_edited(decision: Decision, reply: Reply) -> str | None:
    latest = reply.latest_revision
    if decision.action is Action.REMOVE_WORDING:
        return None  # what was said before stays what it was
    if latest.id == decision.revision_id or latest.created_at < decision.created_at:
        return None
    return _("The author has changed this reply meanwhile. The new wording waits at the desk.")


def _was_shown_anew(decision: Decision, reply: Reply) -> str | None:
    """Say whether an appeal has shown another wording since than the one that this wording would have changed."""
    judged = decision.revision
    expected = judged.id if decision.action is Action.PUBLISH else judged.replaces_id
    if not decision.is_of_rewording or reply.shown_revision_id == expected:
        return None
    return _("Another wording of this reply has been published meanwhile.")


def _was_answered(decision: Decision, reply: Reply) -> str | None:
    """Say whether somebody has answered since, even if the answer waits: it must not be left without its place."""
    if decision.leaves_reply and decision.action is not Action.PUBLISH:
        return None  # what was answered is the wording that stayed
    since = or_(Reply.created_at >= decision.created_at, Reply.published_at >= decision.created_at)
    answers = or_(Reply.parent_id == reply.id, Reply.in_answer_to_id == reply.id)
    below = exists().where(Reply.root_id == (reply.root_id or reply.id), answers, since, Reply.original_id.is_(None))
    if not db.session.scalar(select(below)):
        return None
    return _("Somebody has answered this reply meanwhile. It can be removed, with a rule and a reason.")


def _was_reported(decision: Decision, reply: Reply) -> str | None:
    """Say whether readers have reported since what the decision made public: they wait for an answer."""
    if decision.leaves_reply and decision.action is not Action.PUBLISH:
        return None
    if not db.session.scalar(
        select(exists().where(Report.reply_id == reply.id, Report.created_at >= decision.created_at))
    ):
        return None
    return _("Somebody has reported this reply meanwhile. It can be removed, with a rule and a reason.")


def _was_appealed(decision: Decision, reply: Reply) -> str | None:
    if not db.session.scalar(select(exists().where(Appeal.decision_id == decision.id))):
        return None
    return _("The author has appealed against this decision meanwhile. A colleague looks at it anew.")


def _ended_an_appeal(decision: Decision, reply: Reply) -> str | None:
    """Say whether an appeal ended with the decision: it can neither be opened again nor made twice."""
    ended = exists().where(Appeal.reply_id == reply.id, Appeal.outcome == AppealOutcome.REPLY_RESTORED)
    if not db.session.scalar(select(ended.where(Appeal.decided_at >= decision.created_at))):
        return None
    return _("An appeal ended with this decision. The reply can be removed anew, with a rule and a reason.")


def _led_to_a_sanction(decision: Decision, reply: Reply) -> str | None:
    """Say whether a sanction on its author names the decision, or is proposed for its sake."""
    made = exists().where(Sanction.decision_id == decision.id)
    proposed = exists().where(Proposal.decision_id == decision.id, Proposal.status == ProposalStatus.OPEN)
    if not db.session.scalar(select(or_(made, proposed))):
        return None
    return _("A sanction was made or proposed on this decision meanwhile. It has to end before, in its own place.")


# What can have happened to a reply since it was decided on; each question answers in a sentence, or None.
# Whatever else a person can build on a decision adds its question here.
SINCE: Sequence[Callable[[Decision, Reply], str | None]] = [
    _was_taken_back,
    _was_decided_anew,
    _was_edited,
    _was_shown_anew,
    _was_answered,
    _was_reported,
    _was_appealed,
    _ended_an_appeal,
    _led_to_a_sanction,
]
