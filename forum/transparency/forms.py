"""What a reader asks of the log: the filters in its address."""

from collections.abc import Collection

from flask import request

from forum.debates.models import Stance
from forum.forms import LARGEST_ID
from forum.moderation.rules import all_rules
from forum.transparency.models import LogAction
from forum.transparency.queries import Wanted


class Unknown(ValueError):
    """The address asks for something that the log does not know."""


def wanted(debates: Collection[str]) -> Wanted:
    """Return the filters of the running request; an empty one counts for nothing. Raises `Unknown`."""
    return Wanted(
        debate=_one_of("debate", debates),
        side=_one_of("side", list(Stance)),
        rule=_one_of("rule", all_rules()),
        action=_one_of("action", list(LogAction)),
        moderator=number("moderator"),
    )


def number(name: str) -> int | None:
    """Return a number from 1 in the address, None where there is none. Raises `Unknown`."""
    given = request.args.get(name) or None
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 11 and 0 < int(given) <= LARGEST_ID):
        raise Unknown(name)
    return int(given)


def _one_of(name: str, known: Collection[str]) -> str | None:
    given = request.args.get(name) or None
    if given is not None and given not in known:
        raise Unknown(name)
    return given
