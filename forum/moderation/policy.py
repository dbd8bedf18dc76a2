"""Who may decide on what."""

from typing import Any

from forum.accounts.policy import moderators
from forum.debates.models import Reply


def may_decide(user: Any, reply: Reply) -> bool:
    """Moderators decide on every reply but their own."""
    return moderators(user) and reply.author_id != user.id
