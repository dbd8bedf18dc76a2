"""Telling members what became of their words and their reports."""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from forum.accounts.models import Role, User
from forum.accounts.policy import leads
from forum.db import db, now
from forum.debates.models import NAMED, Reply
from forum.debates.mutes import is_muted
from forum.events import Event, record
from forum.moderation.appeal_models import Appeal, AppealOutcome
from forum.moderation.models import Action, Decision
from forum.moderation.report_models import Report
from forum.moderation.sanction_models import Proposal, ProposalKind, ProposalStatus, Sanction, SanctionAppeal
from forum.notifications.models import Notification


def tell_author(decision: Decision) -> None:
    """Leave the author of the reply a notice of `decision`."""
    author_id = db.session.scalar(select(Reply.author_id).where(Reply.id == decision.reply_id))
    facts = {"event": Event.DECISION_MADE, "reply_id": decision.reply_id, "decision_id": decision.id}
    db.session.add(Notification(user_id=author_id, **facts))


def tell_of_answer(subject: Decision | Appeal | Reply) -> None:
    """Leave the author of a reply that was answered or translated a notice while that is public, and none else."""
    if isinstance(subject, Decision) and subject.action is Action.REMOVE_WORDING:
        return  # the answer is as public as before
    answer = subject if isinstance(subject, Reply) else db.session.get_one(Reply, subject.reply_id)
    if not answer.is_public:
        _forget_translations(answer)
    answered = db.session.get(Reply, answer.answered_id) if answer.answered_id else None
    if answered is None:
        return
    if answer.is_translation:  # the index has not asked under which name it stands
        db.session.scalar(select(Reply).where(Reply.id == answer.id).options(*map(joinedload, NAMED)))
    event = Event.REPLY_TRANSLATED if answer.is_translation else Event.REPLY_ANSWERED
    told = {"user_id": answered.author_id, "event": event, "reply_id": answer.id}
    if not answer.is_public:
        db.session.execute(delete(Notification).filter_by(**told))
    elif answered.is_public and _wants_to_know(answered.author_id, answer) and not _is_told(told):
        db.session.add(Notification(**told))
        record(event, answer)


def _forget_translations(original: Reply) -> None:
    """Take the notices of its translations back, which nobody sees while it is not public."""
    theirs = select(Reply.id).where(Reply.original_id == original.id)
    told = (Notification.event == Event.REPLY_TRANSLATED, Notification.reply_id.in_(theirs))
    db.session.execute(delete(Notification).where(*told).execution_options(synchronize_session=False))


def _wants_to_know(person_id: int, answer: Reply) -> bool:
    return person_id != answer.author_id and not is_muted(answer.byline, by_id=person_id)


def _is_told(told: dict[str, Any]) -> bool:
    return db.session.scalar(select(Notification.id).filter_by(**told)) is not None


def take_back(decision: Decision) -> None:
    """Take back the notices of a decision that was undone; an author who has read it is told so in another one.

    Who had reported the reply has no answer yet: that notice goes in any case, and a new one will come.
    """
    told = Notification.decision_id == decision.id
    made = (told, Notification.event == Event.DECISION_MADE)
    db.session.execute(delete(Notification).where(*made, Notification.read_at.is_(None)))
    answered = select(Report.id).where(Report.decision_id == decision.id)
    db.session.execute(delete(Notification).where(Notification.report_id.in_(answered)))
    facts = {"event": Event.DECISION_UNDONE, "reply_id": decision.reply_id, "decision_id": decision.id}
    for user_id in db.session.scalars(select(Notification.user_id).where(*made)).all():
        db.session.add(Notification(user_id=user_id, **facts))


def tell_of_appeal(appeal: Appeal) -> None:
    """Leave the author, the first moderator and those whose reports led to the decision a notice of how it ended."""
    if appeal.outcome is AppealOutcome.REPLY_WITHDRAWN:
        return  # its author has ended it, and the words are nobody's business any more
    event = Event.APPEAL_DECIDED if appeal.is_judged else Event.APPEAL_ENDED
    facts = {"event": event, "reply_id": appeal.reply_id, "appeal_id": appeal.id}
    led = select(Report.reporter_id).where(Report.decision_id == appeal.decision_id, Report.reporter_id.is_not(None))
    for user_id in {appeal.appellant_id, appeal.first_moderator_id, *db.session.scalars(led)}:
        db.session.add(Notification(user_id=user_id, **facts))


def tell_reporter(report: Report) -> None:
    """Leave the member who made `report` a notice of its answer; a second answer to it makes the notice new again."""
    if report.reporter_id is None:
        return  # the receipt tells
    told = {"user_id": report.reporter_id, "event": Event.REPORT_ANSWERED, "report_id": report.id}
    notice = db.session.scalar(select(Notification).filter_by(**told))
    if notice is None:
        notice = Notification(reply_id=report.reply_id, **told)
        db.session.add(notice)
    notice.created_at, notice.read_at, notice.mailed_at = now(), None, None


def tell_sanctioned(sanction: Sanction) -> None:
    """Leave the person a notice of `sanction`, or of its early end."""
    event = Event.SANCTION_ENDED if sanction.ended_at else Event.SANCTION_MADE
    db.session.add(Notification(user_id=sanction.user_id, event=event, sanction_id=sanction.id))


def tell_of_sanction_appeal(appeal: SanctionAppeal) -> None:
    """Leave the person, and those who made the sanction, a notice of how the appeal against it was decided."""
    for user_id in sorted(appeal.parties):
        notice = Notification(user_id=user_id, event=Event.SANCTION_JUDGED, sanction_id=appeal.sanction_id)
        db.session.add(notice)


def tell_leads(proposal: Proposal) -> None:
    """Leave the other leads a notice of what one proposes; none to the person whom it is about."""
    for user_id in db.session.scalars(select(User.id).where(User.role == Role.LEAD).order_by(User.id)).all():
        _tell_lead(proposal, user_id)


def forget_proposal(proposal: Proposal) -> None:
    """Take the notices of a proposal back: it is decided, and nobody is waited for."""
    db.session.execute(delete(Notification).where(Notification.proposal_id == proposal.id))


def tell_erased(proposal: Proposal) -> None:
    """Leave a person a notice that two leads have erased their words."""
    if proposal.kind is ProposalKind.PURGE:
        facts = {"event": Event.WORDS_ERASED, "proposal_id": proposal.id}
        db.session.add(Notification(user_id=proposal.user_id, **facts))


def follow_role(user: User) -> None:
    """Tell who has begun to lead of what waits for a second lead, and take it from who leads no more."""
    db.session.execute(
        delete(Notification).where(Notification.user_id == user.id, Notification.event == Event.PROPOSAL_MADE)
    )
    is_open = select(Proposal).where(Proposal.status == ProposalStatus.OPEN).order_by(Proposal.id)
    for proposal in db.session.scalars(is_open).all() if leads(user) else ():
        _tell_lead(proposal, user.id)


def _tell_lead(proposal: Proposal, user_id: int) -> None:
    if user_id not in {proposal.proposed_by_id, proposal.user_id}:
        db.session.add(Notification(user_id=user_id, event=Event.PROPOSAL_MADE, proposal_id=proposal.id))


def mark_read(user: User) -> None:
    """Mark all notices to `user` as read."""
    unread = update(Notification).where(Notification.user_id == user.id, Notification.read_at.is_(None))
    db.session.execute(unread.values(read_at=now()))
