"""Who may decide on what, and on whom."""

from typing import Any

from forum.accounts.models import User
from forum.accounts.policy import leads, moderators
from forum.debates.models import Reply
from forum.moderation.sanction_models import MODERATOR_DAYS, Sanction


def may_decide(user: Any, reply: Reply) -> bool:
    """Moderators decide on every reply but their own."""
    return moderators(user) and reply.author_id != user.id


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
