"""Restricting a person: warn, suspend, ban; read the warning, or end it all early."""

from collections.abc import Collection
from datetime import UTC, datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import exists, select

from forum.accounts.locks import lock
from forum.accounts.models import User
from forum.db import db, now
from forum.debates.bylines import said_of, written_under
from forum.debates.models import Byline, DebateName, Reply
from forum.errors import NotAllowed, Overtaken, Refused
from forum.events import Event, record
from forum.moderation import words
from forum.moderation.appeal_models import Appeal, AppealOutcome
from forum.moderation.models import NEEDS_RULE, Decision
from forum.moderation.policy import may_end, may_sanction, may_suspend
from forum.moderation.rules import all_rules
from forum.moderation.sanction_models import (
    SUSPENSION_DAYS,
    Grounds,
    Proposal,
    Sanction,
    SanctionAppealOutcome,
    SanctionKind,
)

NEVER = datetime.max.replace(tzinfo=UTC)


def warn(
    person: User,
    *,
    by: User,
    rule: str | None,
    explanation: str,
    decision: int | None = None,
    name: DebateName | None = None,
) -> Sanction:
    """Warn a member, who has to read it before the next reply; `decision`: the number of the one that led to it.

    `name`: under which the member is known here, if it is not the own one. It restricts the same person, but whoever
    knows them under another name learns nothing of it.
    """
    _refuse_by_role(Byline(person, name), by)
    sanction = Sanction(kind=SanctionKind.WARNING, debate_name=name)
    return _add(sanction, person, by=by, rule=rule, explanation=explanation, decision=decision)


def suspend(
    person: User,
    days: int | None,
    *,
    by: User,
    rule: str | None,
    explanation: str,
    decision: int | None = None,
    name: DebateName | None = None,
) -> Sanction:
    """Keep a member from writing for some days from now on."""
    _refuse_by_role(Byline(person, name), by)
    if not days or not 1 <= days <= SUSPENSION_DAYS:
        message = ngettext(
            "Say for how many days, at most %(num)d.", "Say for how many days, at most %(num)d.", SUSPENSION_DAYS
        )
        raise Refused(message, "days")
    if not may_suspend(by, person, days):
        raise NotAllowed(_("A moderator suspends for up to 7 days. Ask a lead for a longer suspension."))
    sanction = Sanction(kind=SanctionKind.SUSPENSION, days=days, debate_name=name)
    return _add(sanction, person, by=by, rule=rule, explanation=explanation, decision=decision)


def ban(proposal: Proposal, person: User) -> Sanction:
    """Carry out a ban on which two leads have decided; both are locked."""
    byline = Byline(person, proposal.debate_name)
    _refuse_by_role(byline, proposal.proposed_by)
    _refuse_second(byline, SanctionKind.BAN)
    _refuse_without_cause(proposal, byline)
    sanction = Sanction(
        user_id=person.id,
        kind=SanctionKind.BAN,
        rule=proposal.rule,
        days=proposal.days,
        moderator_id=proposal.proposed_by_id,
        moderator_role=proposal.proposed_by.role,
        decision_id=proposal.decision_id,
        proposal_id=proposal.id,
        debate_name=proposal.debate_name,
        grounds=proposal.grounds,
    )
    return _made(sanction, person, by=proposal.proposed_by)


def end(sanction: Sanction, *, by: User, reason: str) -> None:
    """End a sanction before its date, and with it an appeal that waits; the person is told why.

    `sanction` is locked, and complete with its appeal (`people.sanction_to_change`), as it is for `read`.
    """
    lock(sanction.user, by)
    if not may_end(by, sanction):
        raise NotAllowed(_("A lead ends it, or the moderator who made it."))
    if not sanction.is_current:
        raise Overtaken(_("It has ended already."))
    missing = _("Say why it ends now.")
    stop(sanction, Grounds(text=words.checked(reason, "reason", missing=missing)), by=by)
    if sanction.appeal and sanction.appeal.is_open:
        sanction.appeal.outcome, sanction.appeal.decided_at = SanctionAppealOutcome.SANCTION_ENDED, now()
    record(Event.SANCTION_ENDED, sanction, by=by)


def stop(sanction: Sanction, reason: Grounds, *, by: User) -> None:
    """Let a sanction restrict nothing any more; the person is locked."""
    sanction.ending, sanction.ended_at, sanction.ended_by_id = reason, now(), by.id
    _mark(sanction.user)


def read(sanction: Sanction, *, by: User) -> None:
    """Let the person who was warned say that the warning was read; said twice it is said once."""
    lock(sanction.user)
    if sanction.user_id != by.id or sanction.kind is not SanctionKind.WARNING:
        raise NotAllowed(_("Only the person who was warned can say that it was read."))
    if not sanction.is_current:
        return
    sanction.read_at = now()
    _mark(sanction.user)
    record(Event.WARNING_READ, sanction, by=by)


def checked_decision(number: int | None, byline: Byline) -> int | None:
    """Return the number of a decision that restricts a reply under this name; refuse any other.

    The reply stays as it is until the transaction ends, so that nobody undoes or reverses the decision meanwhile;
    people are locked before.
    """
    if number is None:
        return None
    theirs = select(Reply.id).join(Decision, Decision.reply_id == Reply.id).where(Decision.id == number)
    if db.session.scalar(theirs.where(*written_under(byline)).with_for_update(read=True, of=Reply)) is None:
        raise Refused(_("There is no such decision on a reply of this person."), "decision")
    if number not in restricting([number]):
        raise Refused(_("This decision restricts nothing, or no longer does. Choose another one, or none."), "decision")
    return number


def restricting(numbers: Collection[int]) -> set[int]:
    """Return which of these decisions a sanction can name: those that restrict, neither undone nor reversed."""
    reversed_ = exists().where(Appeal.decision_id == Decision.id, Appeal.outcome == AppealOutcome.DECISION_REVERSED)
    query = select(Decision.id).where(Decision.id.in_(numbers), Decision.action.in_(NEEDS_RULE))
    return set(db.session.scalars(query.where(~Decision.undone.has(), ~reversed_)))


def checked_grounds(rule: str | None, explanation: str) -> Grounds:
    """Return the words of a restriction; refuse one without a rule or a reason."""
    if rule not in all_rules():
        raise Refused(_("Say which rule was broken."), "rule")
    missing = _("Tell the person what happened, and why the rule applies.")
    return Grounds(text=words.checked(explanation, "explanation", missing=missing))


def _add(
    sanction: Sanction, person: User, *, by: User, rule: str | None, explanation: str, decision: int | None
) -> Sanction:
    byline = Byline(person, sanction.debate_name)
    sanction.grounds = checked_grounds(rule, explanation)
    lock(person, by)
    _refuse_by_role(byline, by)
    sanction.decision_id = checked_decision(decision, byline)
    _refuse_second(byline, sanction.kind)
    sanction.user_id, sanction.rule = person.id, str(rule)
    sanction.moderator_id, sanction.moderator_role = by.id, by.role
    return _made(sanction, person, by=by)


def _made(sanction: Sanction, person: User, *, by: User) -> Sanction:
    db.session.add(sanction)
    db.session.flush()
    _mark(person)
    record(Event.SANCTION_MADE, sanction, by=by, kind=sanction.kind.value, rule=sanction.rule, days=sanction.days)
    return sanction


def _mark(person: User) -> None:
    """Write what restricts a person, under whatever name, into the columns by which lower rooms decide who may write.

    Of several of a kind, made under several names, the one that ends last.
    """
    open_ones = select(Sanction).where(Sanction.user_id == person.id, Sanction.ended_at.is_(None))
    by_end = sorted(db.session.scalars(open_ones), key=lambda sanction: (sanction.ends_at or NEVER, sanction.id))
    current = {sanction.kind: sanction for sanction in by_end if sanction.is_current}
    warning, suspension, ban = (current.get(kind) for kind in SanctionKind)
    person.warned_at = warning.created_at if warning else None
    person.suspended_until = suspension.ends_at if suspension else None
    person.banned_at = ban.created_at if ban else None
    person.banned_until = ban.ends_at if ban else None


def _refuse_by_role(byline: Byline, by: User) -> None:
    refuse_role(byline, by)
    if not may_sanction(by, byline.author):
        raise NotAllowed(_("Only moderators decide on this."))


def refuse_role(byline: Byline, by: User) -> None:
    """Refuse to restrict oneself, or staff; who is staff is not told of a name for one debate."""
    if byline.author.id == by.id:
        raise NotAllowed(_("Nobody decides about themselves."))
    if byline.author.is_staff and byline.other:
        raise NotAllowed(_("Nothing can be decided about this person now."))
    if byline.author.is_staff:
        raise NotAllowed(_("Moderators and leads cannot be sanctioned: two leads change the role first."))


def _refuse_without_cause(proposal: Proposal, byline: Byline) -> None:
    """Refuse to carry out what was proposed for the sake of a decision that was reversed meanwhile."""
    try:
        checked_decision(proposal.decision_id, byline)
    except Refused:
        message = _("The decision that led to this was reversed meanwhile. Decline it; a lead can propose it anew.")
        raise Overtaken(message) from None


def _refuse_second(byline: Byline, kind: SanctionKind) -> None:
    """Refuse a sanction beside one that keeps the person from the same or more already, made under the same name."""
    made = db.session.scalars(select(Sanction).where(*said_of(byline, Sanction), Sanction.ended_at.is_(None)))
    current, name = {sanction.kind for sanction in made if sanction.is_current}, byline.desk_name
    if SanctionKind.BAN in current:
        raise Overtaken(_("%(name)s is banned already.", name=name))
    if kind is SanctionKind.SUSPENSION and kind in current:
        raise Overtaken(_("%(name)s is suspended already. End that suspension first.", name=name))
    if kind is SanctionKind.WARNING and kind in current:
        raise Overtaken(_("%(name)s has a warning that has yet to be read.", name=name))
