"""Who may report, who may decide on what, and on whom."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app

from forum.accounts.models import Role, User
from forum.accounts.policy import leads, moderators
from forum.db import now
from forum.debates.models import Outcome, Reply, ReplyStatus, Revision
from forum.moderation.appeal_models import APPEAL_DAYS, APPEALABLE
from forum.moderation.models import Action, Decision
from forum.moderation.sanction_models import MODERATOR_DAYS, Sanction
from forum.moderation.screening import Severity


def may_report(user: Any, reply: Reply) -> bool:
    """Everybody reports a public reply of somebody else; `user` is None without an account."""
    return user is None or reply.author_id != user.id


def may_decide(user: Any, reply: Reply) -> bool:
    """Moderators decide on every reply but their own."""
    return moderators(user) and reply.author_id != user.id


def is_held(revision: Revision) -> bool:
    """Say whether screening holds a wording: only a lead may publish it."""
    return revision.severity >= Severity.HOLD


def may_publish(user: Any, revision: Revision) -> bool:
    """Whoever may decide publishes and restores a wording, but one that is held only a lead."""
    return may_decide(user, revision.reply) and (not is_held(revision) or user.role is Role.LEAD)


def may_sanction(user: Any, person: User) -> bool:
    """Moderators warn and suspend members; of staff the role is changed first, and nobody sanctions themselves."""
    return moderators(user) and not person.is_staff and person.id != user.id


def may_suspend(user: Any, person: User, days: int) -> bool:
    """A moderator suspends for a week at most, a lead for longer."""
    return may_sanction(user, person) and (leads(user) or days <= MODERATOR_DAYS)


def may_propose(user: Any, person: User) -> bool:
    """Leads propose what two of them decide, never about themselves."""
    return leads(user) and person.id != user.id


def may_end(user: Any, sanction: Sanction) -> bool:
    """A lead ends a sanction early, or the moderator who made it."""
    return moderators(user) and (leads(user) or sanction.moderator_id == user.id) and sanction.user_id != user.id


def may_appeal(user: Any, decision: Decision, last: Decision | None) -> bool:
    """The author appeals against a rejection or removal that holds, within its time.

    `last`: the last decision on the reply. Whether there is an appeal already is not asked here.
    """
    is_author = bool(user.is_authenticated and decision.reply.author_id == user.id)
    return is_author and is_in_force(decision, last) and now() <= appeal_until(decision)


def is_in_force(decision: Decision, last: Decision | None) -> bool:
    """Say whether a reply, or a new wording of it, stands where a rejection or removal has put it.

    A rejected wording stays rejected, and a former one out of the history, whatever is decided on others after it,
    or on its reply.
    """
    if decision.action not in APPEALABLE or decision.undone or decision.reply.status is ReplyStatus.WITHDRAWN:
        return False
    if decision.is_of_rewording:
        return decision.revision.outcome is Outcome.REJECTED
    if decision.action is Action.REMOVE_WORDING:
        return decision.holds
    return decision.holds and last is not None and last.id == decision.id


def appeal_until(decision: Decision | Sanction) -> datetime:
    """Return the last moment for an appeal: the end of a whole day, as the page names a day."""
    zone = ZoneInfo(current_app.config["TIMEZONE"])
    day = decision.created_at.astimezone(zone).date() + timedelta(days=APPEAL_DAYS)
    return datetime.combine(day, time.max, zone)


def may_appeal_sanction(user: Any, sanction: Sanction) -> bool:
    """The person appeals once, within its time, also when the sanction is over, unless staff have ended it."""
    is_person = bool(user.is_authenticated and sanction.user_id == user.id)
    return is_person and sanction.appeal is None and sanction.ended_at is None and now() <= appeal_until(sanction)
