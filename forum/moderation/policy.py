"""Who may decide on what."""

from typing import Any

from forum.accounts.models import Role
from forum.accounts.policy import moderators
from forum.debates.models import Reply, Revision
from forum.moderation.screening import Severity


def may_decide(user: Any, reply: Reply) -> bool:
    """Moderators decide on every reply but their own."""
    return moderators(user) and reply.author_id != user.id


def is_held(revision: Revision) -> bool:
    """Say whether screening holds a wording: only a lead may publish it."""
    return revision.severity >= Severity.HOLD


def may_publish(user: Any, revision: Revision) -> bool:
    """Whoever may decide publishes and restores a wording, but one that is held only a lead."""
    return may_decide(user, revision.reply) and (not is_held(revision) or user.role is Role.LEAD)
