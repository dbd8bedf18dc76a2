"""Deciding on a reply: one wording, one action, and for a restriction the rule and the reason."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.db import db
from forum.debates.models import Outcome, Reply, ReplyStatus, Revision
from forum.debates.replies import move, show
from forum.debates.reply_translations import has_current
from forum.errors import NotAllowed, Overtaken, Refused
from forum.events import Event, record
from forum.moderation import screened
from forum.moderation.appeal_queries import hidden_from, was_reversed
from forum.moderation.models import (
    NEEDS_RULE,
    OUTCOMES,
    Action,
    Closing,
    Decision,
    Explanation,
    before_and_after,
)
from forum.moderation.policy import may_decide, may_publish
from forum.moderation.report_queries import own_open
from forum.moderation.rules import all_rules
from forum.moderation.words import checked, together
from forum.text import normal

PUTS_UP = {Action.PUBLISH, Action.RESTORE}  # before everybody's eyes
TAKES_DOWN = {Action.REMOVE, Action.REMOVE_WORDING}


def decide(
    revision: Revision,
    action: Action,
    *,
    by: User,
    rule: str | None = None,
    explanation: str = "",
    newest: int | None = None,
) -> Decision:
    """Record a decision on one wording of a reply and carry it out.

    The reply of `revision` is locked and complete (`queries.reply_to_change`). The same decision of
    the same moderator again is the same decision: a double click does no harm. `newest` is the last wording that
    was read: nobody removes a reply without having seen what its author says in a new one.
    """
    reply = revision.reply
    if not may_decide(by, reply):
        raise NotAllowed(_("You cannot decide on a reply of your own. A colleague will."))
    rule, explanation = (rule, normal(explanation)) if action in NEEDS_RULE else (None, "")
    if (former := last_decision(reply)) and _is_repeated(former, revision, action, (rule, explanation), by):
        return former
    if action is Action.REMOVE_WORDING:
        _refuse_no_former(revision, by)
    else:
        _refuse_stale(revision, action, by, newest)
    screened.look_at(revision)
    _refuse_action_by(by, action, revision)  # after what is stale: that a colleague was faster matters more
    if action is Action.PUBLISH:
        _refuse_second_translation(revision)
    if action in NEEDS_RULE:
        _check_reason(rule, explanation)

    _carry_out(action, revision, rule)
    decision = Decision(reply_id=reply.id, revision_id=revision.id, moderator_id=by.id, action=action, rule=rule)
    if explanation:
        decision.words = Explanation(text=explanation)
    db.session.add(decision)
    if action is Action.REMOVE:
        _close_new_wording(decision, reply)
    record(Event.DECISION_MADE, decision, by=by, action=action.value, rule=rule)
    return decision


def _carry_out(action: Action, revision: Revision, rule: str | None) -> None:
    """Put the wording and its reply where the action leads them."""
    reply = revision.reply
    before, after = before_and_after(action, revision)
    if before is not after:
        move(reply, after)
    if action in OUTCOMES:
        revision.outcome = OUTCOMES[action]
    if action is Action.PUBLISH:
        show(reply, revision)
    if action is Action.REMOVE_WORDING:
        revision.removed_under = rule
    reply.removed_under = rule if action is Action.REMOVE else None


def _close_new_wording(removal: Decision, reply: Reply) -> None:
    """Let the wording that waits wait no longer: a reply that was removed does not come back in other words."""
    if waiting := reply.waiting_revision:
        waiting.outcome = Outcome.WITHDRAWN
        db.session.flush()
        db.session.add(Closing(decision_id=removal.id, revision_id=waiting.id))


def _refuse_action_by(moderator: User, action: Action, revision: Revision) -> None:
    """Leave to a lead what screening holds, and a removal to a colleague if the moderator has had a say in it."""
    if action in PUTS_UP and not may_publish(moderator, revision):
        raise NotAllowed(
            _(
                "Screening holds this wording, so only a lead may publish it. "
                "Return it, reject it, or leave it to a lead."
            )
        )
    if action not in TAKES_DOWN:
        return
    if was_reversed(moderator, revision.id):
        raise NotAllowed(
            _("A colleague has reversed your decision on this wording after an appeal. Another moderator decides now.")
        )
    if own_open(revision.reply_id, moderator):
        raise NotAllowed(_("You have reported this reply yourself. A colleague answers the reports."))


def _refuse_second_translation(revision: Revision) -> None:
    """Refuse to publish a translation where another one says in the same language what everybody reads now."""
    reply = revision.reply
    if reply.original_id is None or reply.is_public:
        return
    db.session.scalar(select(Reply.id).where(Reply.id == reply.original_id).with_for_update())  # of two one waits
    if has_current(reply.original_id, reply.language, beside=reply.id):
        raise Refused(
            _(
                "Another translation of this reply into the same language is public already. "
                "Leave this one until that one is stale, or return it and say so."
            )
        )


def last_decision(reply: Reply, *, undone_too: bool = False) -> Decision | None:
    """Return the last decision on a reply with its words and who made it; else than `undone_too`, one that stands."""
    query = select(Decision).where(Decision.reply_id == reply.id).order_by(Decision.id.desc()).limit(1)
    query = query if undone_too else query.where(~Decision.undone.has())
    parts = (Decision.moderator, Decision.words, Decision.undone, Decision.revision, Decision.reply)
    return db.session.scalar(query.options(*(joinedload(part) for part in parts)))


def _check_reason(rule: str | None, explanation: str) -> None:
    """Refuse a restriction without a rule or a reason; where both are missing, both are named."""
    missing = [] if rule in all_rules() else [Refused(_("Say which rule it breaks."), "rule")]
    try:
        checked(explanation, "explanation", missing=_("Tell the author why the rule applies, and what would be fine."))
    except Refused as error:
        missing.append(error)
    if missing:
        raise together(missing)


def _is_repeated(
    former: Decision, revision: Revision, action: Action, reason: tuple[str | None, str], by: User
) -> bool:
    same = (former.revision_id, former.action, (former.rule, former.explanation), former.moderator_id)
    return former.holds and same == (revision.id, action, reason, by.id)


def _may_be_named(former: Decision, reply: Reply, by: User) -> bool:
    """Say whether `former` still tells where the reply stands, and `by` may know whose it was."""
    return (former.undone is not None or former.holds) and not hidden_from(by, reply.id)


def _refuse_stale(revision: Revision, action: Action, by: User, newest: int | None) -> None:
    """Refuse what was decided on a wording or a state that is no longer there."""
    reply, waiting = revision.reply, revision.reply.waiting_revision
    judged = reply.latest_revision if action in OUTCOMES else reply.shown_revision
    is_same_wording = judged is not None and judged.id == revision.id
    can_be_decided = reply.status is before_and_after(action, revision)[0]
    if action in OUTCOMES:
        can_be_decided = can_be_decided and revision.outcome is Outcome.WAITING
    elif waiting and newest is not None and newest != waiting.id:
        is_same_wording = False
    if reply.status is ReplyStatus.WITHDRAWN:
        raise Overtaken(_("This reply was taken back or erased meanwhile. Nothing is left to decide."))
    if is_same_wording and reply.is_public and revision.outcome is Outcome.WITHDRAWN:
        raise Overtaken(_("The author has taken this wording back meanwhile. The published one stands below."))
    if not can_be_decided:
        former = last_decision(reply, undone_too=True)
        if former is not None and former.revision_id == revision.id and _may_be_named(former, reply, by):
            raise Overtaken(meanwhile_message(former))
    if action not in OUTCOMES and judged is not None and judged.id != revision.id:
        raise _shown_meanwhile(reply, by)
    if not is_same_wording:
        raise Overtaken(
            _(
                "The author has changed this reply since you opened it. "
                "The new wording stands below; please judge that one."
            )
        )
    if not can_be_decided:
        raise Overtaken(_("This reply has moved on since you opened it. Where it stands now is shown below."))


def _shown_meanwhile(reply: Reply, by: User) -> Overtaken:
    """Return the refusal of what was decided on a wording that is no longer the public one: by whose act, if known."""
    former = last_decision(reply, undone_too=True)
    shows = former is not None and (former.undone or former.revision_id == reply.shown_revision_id)
    if former is not None and shows and _may_be_named(former, reply, by):
        return Overtaken(" ".join([meanwhile_message(former), _("What everybody reads now stands below.")]))
    return Overtaken(
        _("Another wording of this reply has been published meanwhile. It stands below; please judge that one.")
    )


def _refuse_no_former(revision: Revision, by: User) -> None:
    """Refuse to take out of the history what it does not show, or what everybody reads now."""
    reply = revision.reply
    if reply.is_public and revision in reply.former_wordings:
        return
    former = last_decision(reply, undone_too=True)
    is_why = former is not None and (former.action is Action.REMOVE or former.revision_id == revision.id)
    if former is not None and is_why and _may_be_named(former, reply, by):
        raise Overtaken(meanwhile_message(former))
    raise Overtaken(_("This wording does not stand in the history of a published reply, or no longer."))


def meanwhile_message(decision: Decision) -> str:
    """Say what a colleague decided, or undid, meanwhile."""
    return what_happened(decision) + " " + _("What you typed is kept below.")


def what_happened(decision: Decision) -> str:
    """Say who decided what on this reply meanwhile, and under which rule."""
    name = decision.moderator.name
    if decision.undone:
        return _("%(name)s has undone a decision meanwhile; the reply stands where it stood before.", name=name)
    of_rewording = {
        Action.PUBLISH: _("%(name)s has published this new wording meanwhile.", name=name),
        Action.RETURN: _("%(name)s has returned this new wording for an edit meanwhile.", name=name),
        Action.REJECT: _("%(name)s has rejected this new wording meanwhile.", name=name),
    }
    said = {
        Action.PUBLISH: _("%(name)s has published this reply meanwhile.", name=name),
        Action.RETURN: _("%(name)s has returned this reply for an edit meanwhile.", name=name),
        Action.REJECT: _("%(name)s has rejected this reply meanwhile.", name=name),
        Action.REMOVE: _("%(name)s has removed this reply meanwhile.", name=name),
        Action.RESTORE: _("%(name)s has restored this reply meanwhile.", name=name),
        Action.REMOVE_WORDING: _("%(name)s has taken a former wording out of the history meanwhile.", name=name),
    }
    message = (of_rewording if decision.is_of_rewording else said)[decision.action]
    if decision.rule:
        rule = all_rules()[decision.rule]
        message += " " + _("Rule %(number)d: %(title)s.", number=rule.number, title=rule.title)
    return message
