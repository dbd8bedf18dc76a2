"""What needs two leads: one proposes, another confirms; both are named, and neither is the person concerned."""

from datetime import timedelta

from flask_babel import format_datetime, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from forum.accounts import links
from forum.accounts.locks import lock
from forum.accounts.models import Role, User
from forum.accounts.policy import leads
from forum.accounts.standing import WITH_YEAR
from forum.db import db, now
from forum.debates.bylines import said_of
from forum.debates.models import Byline, DebateName
from forum.errors import NotAllowed, Overtaken, Refused
from forum.events import Event, record
from forum.moderation import words
from forum.moderation.policy import may_propose
from forum.moderation.sanction_models import BAN_DAYS, Grounds, Proposal, ProposalKind, ProposalStatus
from forum.moderation.sanctions import ban, checked_decision, checked_grounds, refuse_role

ALONE_AFTER = timedelta(hours=24)  # where nobody else leads: time for second thoughts, and to be seen


def propose_ban(
    person: User,
    days: int | None,
    *,
    by: User,
    rule: str | None,
    explanation: str,
    decision: int | None = None,
    name: DebateName | None = None,
) -> Proposal:
    """Propose to ban a member, known as `name` here if that is not the own one; `days` None: without end."""
    _refuse_proposer(person, by)
    refuse_role(Byline(person, name), by)
    if days is not None and not 1 <= days <= BAN_DAYS:
        message = ngettext("At most %(num)d day, please.", "At most %(num)d days, please.", BAN_DAYS)
        raise Refused(message, "days")
    proposal = Proposal(kind=ProposalKind.BAN, days=days, debate_name=name, grounds=checked_grounds(rule, explanation))
    lock(person, by)
    proposal.rule, proposal.decision_id = rule, checked_decision(decision, Byline(person, name))
    return _made(proposal, person, by)


def propose_role(person: User, role: Role, *, by: User, reason: str) -> Proposal:
    """Propose to give a person another role."""
    _refuse_proposer(person, by)
    if person.role is role:
        raise Refused(_("%(name)s has this role already.", name=person.name), "role")
    reason = words.checked(reason, "reason", missing=_("Tell the other lead why."))
    return _made(Proposal(kind=ProposalKind.ROLE, role=role, grounds=Grounds(text=reason)), person, by)


def propose_purge(person: User, *, by: User, reason: str) -> Proposal:
    """Propose to erase all that a person has written until it is confirmed; `reason` is read by the person, too."""
    _refuse_proposer(person, by)
    reason = words.checked(reason, "reason", missing=_("Say why; the person reads it too."))
    return _made(Proposal(kind=ProposalKind.PURGE, grounds=Grounds(text=reason)), person, by)


def propose_export(person: User, *, by: User, reason: str) -> Proposal:
    """Propose to read all that a person has written, in one archive; `reason` is read by the person, too."""
    _refuse_proposer(person, by)
    reason = words.checked(reason, "reason", missing=_("Say why; the person reads it too."))
    return _made(Proposal(kind=ProposalKind.EXPORT, grounds=Grounds(text=reason)), person, by)


def confirm(proposal: Proposal, *, by: User) -> None:
    """Carry out what a lead has proposed: as another lead, or alone where nobody else leads and a day has passed.

    `proposal` is locked and complete (`people.proposal_to_change`).
    """
    lock(proposal.user, proposal.proposed_by, by)
    _refuse_stranger(proposal, by)
    if not leads(proposal.proposed_by):
        raise Refused(_("Who proposed this is no lead any more. Decline it; a lead can propose it anew."))
    if by.id == proposal.proposed_by_id:
        _refuse_alone(proposal)
        proposal.one_lead_decided = True
    else:
        proposal.confirmed_by_id = by.id
    _close(proposal, ProposalStatus.CARRIED_OUT, by)
    record(Event.PROPOSAL_CONFIRMED, proposal, by=by, kind=proposal.kind.value, user=proposal.user_id)
    if proposal.kind is ProposalKind.BAN:
        ban(proposal, proposal.user)
    elif proposal.role is not None:
        links.change_role(proposal.user, proposal.role, by=by)


def close(proposal: Proposal, *, by: User) -> None:
    """Take back one's own proposal, or decline a colleague's."""
    lock(proposal.user, by)
    _refuse_stranger(proposal, by)
    is_own = by.id == proposal.proposed_by_id
    _close(proposal, ProposalStatus.TAKEN_BACK if is_own else ProposalStatus.DECLINED, by)
    event = Event.PROPOSAL_TAKEN_BACK if is_own else Event.PROPOSAL_DECLINED
    record(event, proposal, by=by, kind=proposal.kind.value, user=proposal.user_id)


def has_other_lead(*known: int) -> bool:
    """Say whether somebody leads, and can sign in, who is none of these people."""
    others = select(User.id).where(User.role == Role.LEAD, User.password_hash.is_not(None), User.id.not_in(known))
    return db.session.scalar(others.limit(1)) is not None


def _made(proposal: Proposal, person: User, by: User) -> Proposal:
    lock(person, by)
    _refuse_proposer(person, by)
    theirs = said_of(Byline(person, proposal.debate_name), Proposal)
    twin = select(Proposal.id).where(*theirs, Proposal.kind == proposal.kind, Proposal.status == ProposalStatus.OPEN)
    if db.session.scalar(twin.limit(1)) is not None:
        raise Overtaken(_("The same is proposed already; it waits under “Two leads”."))
    proposal.user_id, proposal.proposed_by_id = person.id, by.id
    proposal.alone_from = now() + ALONE_AFTER
    db.session.add(proposal)
    record(Event.PROPOSAL_MADE, proposal, by=by, kind=proposal.kind.value, user=person.id)
    return proposal


def _close(proposal: Proposal, status: ProposalStatus, by: User) -> None:
    proposal.status, proposal.closed_at, proposal.closed_by_id = status, now(), by.id


def _refuse_proposer(person: User, by: User) -> None:
    if person.id == by.id:
        raise NotAllowed(_("Nobody decides about themselves."))
    if not may_propose(by, person):
        raise NotAllowed(_("Two leads decide on this; ask one of them."))


def _refuse_stranger(proposal: Proposal, by: User) -> None:
    """Refuse who may not answer this proposal, and an answer that comes too late."""
    if not leads(by):
        raise NotAllowed(_("Two leads decide on this; ask one of them."))
    if proposal.user_id == by.id:
        raise NotAllowed(_("This is about you: other leads decide."))
    if proposal.status is not ProposalStatus.OPEN:
        raise Overtaken(_closed_message(proposal))


def _refuse_alone(proposal: Proposal) -> None:
    if has_other_lead(proposal.proposed_by_id):
        raise NotAllowed(_("You proposed this: another lead confirms it."))
    if proposal.alone_from > now():
        moment = format_datetime(proposal.alone_from, WITH_YEAR)
        raise Refused(_("Nobody else leads this forum, so this can be confirmed from %(moment)s on.", moment=moment))


def _closed_message(proposal: Proposal) -> str:
    name = proposal.closed_by.name if proposal.closed_by else ""
    said = {
        ProposalStatus.CARRIED_OUT: _("%(name)s has confirmed this meanwhile; it is done.", name=name),
        ProposalStatus.DECLINED: _("%(name)s has declined this meanwhile.", name=name),
        ProposalStatus.TAKEN_BACK: _("%(name)s has taken this back meanwhile.", name=name),
    }
    return said[proposal.status]
