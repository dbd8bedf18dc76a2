"""A second look: the author asks for it once, another moderator takes it without knowing what the first one wrote."""

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.accounts.policy import moderators
from forum.db import db, now
from forum.debates.models import Outcome, Reply, ReplyStatus, Revision
from forum.debates.replies import move, show
from forum.errors import NotAllowed, Overtaken, Refused
from forum.events import Event, record
from forum.moderation.appeal_models import APPEALABLE, JUDGEMENTS, Appeal, AppealOutcome, AppealReasons, AppealWords
from forum.moderation.appeal_queries import appeals_on, involved
from forum.moderation.decisions import last_decision
from forum.moderation.models import ACTIONS, Action, Decision
from forum.moderation.policy import appeal_until, is_in_force, may_appeal, may_publish
from forum.moderation.rules import all_rules
from forum.moderation.words import checked, together

APPEAL_MIN = 20  # characters; below it there is nothing that a second reader could weigh


def lodge(decision: Decision, typed: str, *, by: User) -> Appeal:
    """Store the author's appeal against a decision; the same words again are the same appeal.

    The reply of `decision` is locked and complete (`appeal_queries.decision_to_appeal`).
    """
    if decision.reply.author_id != by.id:
        raise NotAllowed(_("Only the author of a reply can appeal against a decision on it."))
    text = checked(typed, "text", missing=_("Say in your own words why the decision is wrong."), shortest=APPEAL_MIN)
    former = appeals_on([decision.id]).get(decision.id)
    if former is not None:
        if former.words.text == text:
            return former
        raise Overtaken(_("You have appealed against this decision already; that is possible once."))
    if refusal := why_not(decision, by=by):
        raise refusal
    appeal = Appeal(
        decision_id=decision.id,
        reply_id=decision.reply_id,
        first_moderator_id=decision.moderator_id,
        appellant_id=by.id,
        words=AppealWords(text=text),
    )
    db.session.add(appeal)
    record(Event.APPEAL_LODGED, appeal, by=by, decision=decision.id)
    return appeal


def why_not(decision: Decision, *, by: User) -> Refused | None:
    """Return why its author cannot appeal against a decision, None if they can."""
    last = last_decision(decision.reply)
    if may_appeal(by, decision, last):
        return None
    if decision.action is Action.RETURN:
        return Refused(_("A return is answered by an edit: change your reply and send it again."))
    if decision.action not in APPEALABLE:
        return Refused(_("This decision restricts nothing, so there is nothing to appeal against."))
    if decision.reply.status is ReplyStatus.WITHDRAWN:
        return Overtaken(_("You have taken this reply back, so nothing is left that could be shown again."))
    if not is_in_force(decision, last):
        return Overtaken(_("This decision no longer holds, so there is nothing to appeal against."))
    day = format_date(appeal_until(decision), "long")
    return Refused(_("An appeal against this decision was possible until %(day)s.", day=day))


def decide(
    appeal: Appeal, outcome: AppealOutcome | None, *, by: User, rule: str | None = None, explanation: str = ""
) -> None:
    """Record a second moderator's own judgement, which decides the appeal, and carry it out.

    `outcome` is one of `JUDGEMENTS`; `rule` is needed, and kept, where the decision stands. The
    reply is locked and complete (`appeal_queries.appeal_to_change`).
    """
    stands = outcome is AppealOutcome.DECISION_STANDS
    rule = rule if stands else None
    missing = [] if outcome in JUDGEMENTS else [Refused(_("Choose whether it should stay as it is."), "outcome")]
    if stands and rule not in all_rules():
        missing.append(Refused(_("Say which rule it breaks."), "rule"))
    try:
        explanation = checked(explanation, "explanation", missing=_("Tell the author why you decide so."))
    except Refused as error:
        missing.append(error)
    if missing or outcome is None:
        raise together(missing)
    if not moderators(by) or by.id in involved(appeal):
        raise NotAllowed(_("Only a moderator who had no part in this case can decide the appeal."))
    if not stands and not may_publish(by, appeal.decision.revision):
        raise NotAllowed(
            _("Screening holds this wording, so only a lead may show it. Let it stand, or leave the appeal to a lead.")
        )
    if not appeal.is_open:
        if (appeal.outcome, appeal.decided_by_id, appeal.rule) == (outcome, by.id, rule) and (
            appeal.explanation == explanation
        ):
            return
        raise Overtaken(ended_message(appeal))
    if not appeal.decision.leaves_reply and appeal.reply.status is not ACTIONS[appeal.decision.action][1]:
        raise Overtaken(_("This reply has moved on since you opened it. Where it stands now is shown below."))
    appeal.reasons = AppealReasons(text=explanation)
    _end(appeal, outcome)
    appeal.decided_by_id, appeal.rule = by.id, rule
    if not stands:
        _show_again(appeal)
    record(Event.APPEAL_DECIDED, appeal, by=by, outcome=outcome.value, rule=rule)


def end_with_reply(reply: Reply) -> None:
    """End the open appeal on a reply that its author has taken back: nobody is to read it any more."""
    _end_open(reply.id, AppealOutcome.REPLY_WITHDRAWN)


def end_if_restored(decision: Decision) -> None:
    """End the open appeal against a removal of what the desk itself has restored: it has what it asked for."""
    if decision.action is Action.RESTORE:
        removals = select(Decision.id).where(Decision.reply_id == decision.reply_id, Decision.action == Action.REMOVE)
        _end_open(decision.reply_id, AppealOutcome.REPLY_RESTORED, Appeal.decision_id.in_(removals))


def ended_message(appeal: Appeal) -> str:
    """Say how an appeal has ended meanwhile."""
    if appeal.outcome is AppealOutcome.REPLY_WITHDRAWN:
        return _("This reply was taken back or erased meanwhile, and the appeal ended with it.")
    if appeal.outcome is AppealOutcome.REPLY_RESTORED:
        return _("The desk has restored this reply meanwhile, and the appeal ended with it.")
    name = appeal.decided_by.name if appeal.decided_by else ""
    return _("%(name)s has decided this appeal meanwhile. What you typed is kept below.", name=name)


def _show_again(appeal: Appeal) -> None:
    """Publish the wording that was judged; a reply that was public before returns to its old place.

    Of a reply that was public all the time it is published only where nothing has taken its place meanwhile; a former
    one stands in the history again.
    """
    reply, wording = appeal.reply, appeal.decision.revision
    if appeal.decision.is_of_rewording:
        if reply.is_public and not _has_newer(wording):
            show(reply, wording)
        else:
            wording.outcome = Outcome.WITHDRAWN
        return
    if appeal.decision.action is Action.REMOVE_WORDING:
        wording.removed_under = None
        return
    move(reply, ReplyStatus.PUBLISHED, reverses=True)
    show(reply, wording)
    reply.removed_under = None


def _has_newer(wording: Revision) -> bool:
    """Say whether a later wording of the same reply waits or was published."""
    stands = Revision.outcome.in_([Outcome.WAITING, Outcome.PUBLISHED])
    newer = exists().where(Revision.reply_id == wording.reply_id, Revision.number > wording.number, stands)
    return bool(db.session.scalar(select(newer)))


def _end_open(reply_id: int, outcome: AppealOutcome, *conditions: ColumnElement[bool]) -> None:
    query = select(Appeal).where(Appeal.reply_id == reply_id, Appeal.outcome.is_(None), *conditions)
    for appeal in db.session.scalars(query.options(joinedload(Appeal.decided_by), joinedload(Appeal.decision))).all():
        _end(appeal, outcome)


def _end(appeal: Appeal, outcome: AppealOutcome) -> None:
    appeal.outcome, appeal.decided_at = outcome, now()
    if outcome not in JUDGEMENTS:
        record(Event.APPEAL_ENDED, appeal, outcome=outcome.value)
