"""Who may report and who may decide on what."""

from typing import Any

from forum.accounts.policy import moderators
from forum.debates.models import Reply


def may_report(user: Any, reply: Reply) -> bool:
    """Everybody reports a public reply of somebody else; `user` is None without an account."""
    return user is None or reply.author_id != user.id


def may_decide(user: Any, reply: Reply) -> bool:
    """Moderators decide on every reply but their own."""
    return moderators(user) and reply.author_id != user.id
