"""How much may come in an hour from one corner of the network, or of one member where no row may tell how much it was.

What is kept is a keyed digest, in memory: `counting.py`.
"""

import ipaddress
from collections.abc import Callable
from functools import cache

from flask import current_app, request
from flask_babel import ngettext
from limits import RateLimitItemPerHour

from forum.accounts.counting import Counts
from forum.db import now
from forum.errors import TooMany


def counts() -> Counts:
    """Return the counts of this forum."""
    return _counts(current_app.config["REDIS_URL"], current_app.config["SECRET_KEY"])


@cache
def _counts(address: str, secret: str) -> Counts:
    return Counts(address, secret)


def refuse_too_many(purpose: str, most: int, words: Callable[[int], str], *, whose: str = "") -> None:
    """Refuse one more where there were `most` this hour; `words` says how many seconds to wait.

    Counted for `whose`, by default for the address prefix of this request. It is a first look: of many at once all may
    pass, and `take` decides.
    """
    found = counts().look(RateLimitItemPerHour(most), purpose, whose or _prefix())
    if not found.remaining:
        seconds = max(60, int(found.reset_time - now().timestamp()))
        raise TooMany(words(seconds), seconds)


def take(purpose: str, most: int, words: Callable[[int], str], *, whose: str = "") -> None:
    """Count one, or refuse it like `refuse_too_many`; in one step, so that of many at once no more than `most` pass."""
    if not (most and counts().hit(RateLimitItemPerHour(most), purpose, whose or _prefix())):
        refuse_too_many(purpose, most, words, whose=whose)
        raise TooMany(words(60), 60)  # the hour has just turned


def is_worth_noting(purpose: str, most: int) -> bool:
    """Count one from the address prefix of this request, and say whether it is among the first of this hour.

    Counted in this process alone: it is asked within transactions, which wait for no network.
    """
    return counts().hit_here(RateLimitItemPerHour(most), purpose, _prefix())


def count_of_member(member_id: int, purpose: str, most: int) -> int:
    """Count one of a member who has not had `most` this hour, and return 0; else, for how many seconds to wait."""
    hourly, who = RateLimitItemPerHour(most), str(member_id)
    if most and counts().hit(hourly, purpose, who):
        return 0
    return max(1, int(counts().look(hourly, purpose, who).reset_time - now().timestamp()))


def refuse_many_sign_ups() -> None:
    """Refuse another sign-up from an address prefix that has had its share of this hour."""
    refuse_too_many("sign-up", current_app.config["SIGN_UPS_PER_HOUR"], _many_sign_ups)


def take_sign_up() -> None:
    """Count a sign-up that is about to be stored, or refuse it."""
    take("sign-up", current_app.config["SIGN_UPS_PER_HOUR"], _many_sign_ups)


def _many_sign_ups(seconds: int) -> str:
    return ngettext(
        "Many people have joined from your part of the network this hour. "
        "Please try again in %(num)d minute; what you typed is kept on this page.",
        "Many people have joined from your part of the network this hour. "
        "Please try again in %(num)d minutes; what you typed is kept on this page.",
        -(-seconds // 60),
    )


def _prefix() -> str:
    """Return the part of the network from which this request comes."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    mapped = getattr(address, "ipv4_mapped", None) or address
    return str(ipaddress.ip_network((mapped, 24 if mapped.version == 4 else 48), strict=False))
