"""Who may argue what, where and when."""

from typing import Any

from forum.accounts.policy import may_write, members
from forum.debates.models import Debate, Reply, ReplyStatus

EDITABLE = {ReplyStatus.PENDING, ReplyStatus.RETURNED, ReplyStatus.PUBLISHED}


def may_reply(user: Any, debate: Debate) -> bool:
    """Members who may write reply while the debate is open."""
    return may_write(user) and debate.is_open


def may_take_name(user: Any, debate: Debate) -> bool:
    """Members who may reply may do so under another name, staff not: a colleague who asks sees who argues.

    That it is before the first reply, and once, says `debate_names.take`.
    """
    return may_reply(user, debate) and not user.is_staff


def may_take_position(user: Any, debate: Debate) -> bool:
    """Members say where they stand while the debate is open, suspended ones too: nobody has to read it."""
    return members(user) and debate.is_open


def may_see_shift(debate: Debate, position: Any) -> bool:
    """Who has answered after reading, as `position` says, sees how others moved; of a closed debate everybody does."""
    return debate.ended_at is not None or (position is not None and position.after is not None)


def may_answer(user: Any, debate: Debate, parent: Reply) -> bool:
    """Members answer a public reply of the same debate."""
    return may_reply(user, debate) and can_be_answered(parent) and parent.debate_id == debate.id


def can_be_answered(parent: Any) -> bool:
    """Say whether a reply can be answered; at the deepest level the answer stands beside it."""
    return parent.is_public and not parent.original_id


def can_be_translated(reply: Any) -> bool:
    """Say whether members can offer a translation of a reply: of a public one, and of no translation."""
    return reply.is_public and not reply.original_id


def may_vote(user: Any, debate: Debate, reply: Reply) -> bool:
    """Members who may write say of a public reply of others whether it is well argued, while the debate is open."""
    return may_reply(user, debate) and can_be_answered(reply) and reply.author_id != user.id


def may_see_unpublished(user: Any, reply: Reply) -> bool:
    """Only its author sees an unpublished reply among the replies; moderators read it at the desk."""
    return bool(user.is_authenticated and reply.author_id == user.id)


def may_edit(user: Any, reply: Reply) -> bool:
    """The author, if free to write, edits what waits, was returned or is public, while the debate is open."""
    return may_edit_in(user, reply.debate, reply)


def may_edit_in(user: Any, debate: Debate, reply: Any) -> bool:
    """The same, of a reply of which only the facts are known."""
    return may_reply(user, debate) and reply.author_id == user.id and reply.status in EDITABLE


def may_change_side(reply: Reply) -> bool:
    """A side is chosen until the reply is public; afterwards it is taken back and written anew."""
    return not reply.is_public and not reply.is_translation


def may_withdraw(user: Any, reply: Reply) -> bool:
    """The author takes a reply back at any time, closed debate or not."""
    is_author = bool(user.is_authenticated and reply.author_id == user.id)
    return is_author and reply.status is not ReplyStatus.WITHDRAWN
