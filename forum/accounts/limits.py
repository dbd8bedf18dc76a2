"""How much may come in an hour from one corner of the network, or of one member where no row may tell how much it was.

What is kept is a keyed digest, in memory.
"""

import ipaddress
import secrets
from collections.abc import Callable
from functools import cache

from flask import current_app, request
from flask_babel import ngettext
from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from forum.accounts.passwords import keyed_digest
from forum.db import now
from forum.errors import TooMany

_key = secrets.token_hex(32)  # of this process only: nobody can turn a digest back into an address later


@cache
def _limiter() -> SlidingWindowCounterRateLimiter:
    return SlidingWindowCounterRateLimiter(MemoryStorage())


def refuse_too_many(purpose: str, most: int, words: Callable[[int], str], *, whose: str = "") -> None:
    """Refuse one more where there were `most` this hour; `words` says how many seconds to wait.

    Counted for `whose`, by default for the address prefix of this request.
    """
    hourly, prefix = RateLimitItemPerHour(most), _counted(purpose, whose)
    if not _limiter().test(hourly, prefix):
        reset = _limiter().get_window_stats(hourly, prefix).reset_time
        seconds = max(60, int(reset - now().timestamp()))
        raise TooMany(words(seconds), seconds)


def count(purpose: str, most: int, *, whose: str = "") -> None:
    """Count one for `whose`, by default for the address prefix of this request."""
    _limiter().hit(RateLimitItemPerHour(most), _counted(purpose, whose))


def count_of_member(member_id: int, purpose: str, most: int) -> int:
    """Count one of a member who has not had `most` this hour, and return 0; else, for how many seconds to wait."""
    hourly, who = RateLimitItemPerHour(most), keyed_digest(_key, purpose, str(member_id))
    if most and _limiter().hit(hourly, who):
        return 0
    return max(1, int(_limiter().get_window_stats(hourly, who).reset_time - now().timestamp()))


def refuse_many_sign_ups() -> None:
    """Refuse another sign-up from an address prefix that has had its share of this hour."""
    refuse_too_many("sign-up", current_app.config["SIGN_UPS_PER_HOUR"], _many_sign_ups)


def signed_up() -> None:
    """Count one sign-up."""
    count("sign-up", current_app.config["SIGN_UPS_PER_HOUR"])


def _many_sign_ups(seconds: int) -> str:
    return ngettext(
        "Many people have joined from your part of the network this hour. "
        "Please try again in %(num)d minute; what you typed is kept on this page.",
        "Many people have joined from your part of the network this hour. "
        "Please try again in %(num)d minutes; what you typed is kept on this page.",
        -(-seconds // 60),
    )


def _counted(purpose: str, whose: str) -> str:
    return keyed_digest(_key, purpose, whose) if whose else _prefix(purpose)


def _prefix(purpose: str) -> str:
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return keyed_digest(_key, purpose, "unknown")
    network = ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False)
    return keyed_digest(_key, purpose, str(network))
