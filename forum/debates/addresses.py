"""What stands at an address. Where nothing does, or nothing that the one who asks may know of, there is no page."""

from collections.abc import Callable

from flask_login import current_user

from forum import versions
from forum.debates import queries
from forum.debates.models import SIDES, Debate, Reply, Stance
from forum.debates.queries import DebatePage
from forum.debates.reply_translations import is_seen
from forum.errors import NotHere, there
from forum.forms import number_in_address


def debate_at(slug: str) -> Debate:
    """Return the debate of the page."""
    debate, found = there(queries.with_versions(slug))
    versions.depend_on(debate.id, *found)
    return debate


def debate_page(slug: str) -> DebatePage:
    """Return what the page of a debate begins with; the debate in it is only read."""
    page = there(queries.page_of(slug))
    versions.depend_on(page.debate.id, *page.versions)
    return page


def reply_in(debate: Debate, reply_id: int) -> Reply:
    """Return a reply under the address of its debate, whether the one who asks may read it or not."""
    reply = there(queries.reply_by_id(reply_id))
    if reply.debate_id != debate.id:
        raise NotHere
    return reply


def public_reply(reply_id: int) -> Reply:
    """Return a reply that everybody can read."""
    reply = there(queries.reply_by_id(reply_id))
    if not is_seen(reply):
        raise NotHere
    return reply


def counted_reply(reply_id: int) -> Reply:
    """Return the same, if it is no translation."""
    reply = public_reply(reply_id)
    if reply.is_translation:
        raise NotHere
    return reply


def own_reply(reply_id: int, find: Callable[[int], Reply | None] = queries.reply_with_wordings) -> Reply:
    """Return a reply of the member who asks; of nobody else's may even its existence show."""
    reply = there(find(reply_id))
    if reply.author_id != current_user.id:
        raise NotHere
    return reply


def pages_in_address() -> dict[Stance, int]:
    """Return which page of each side the address asks for."""
    return {side: number_in_address(side.value, 1) for side in SIDES}
