"""How many may join from one corner of the network; what is kept is a keyed digest, in memory."""

import ipaddress
import secrets
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


def refuse_many_sign_ups() -> None:
    """Refuse another sign-up from an address prefix that has had its share of this hour."""
    if not _limiter().test(_hourly(), _prefix()):
        reset = _limiter().get_window_stats(_hourly(), _prefix()).reset_time
        seconds = max(60, int(reset - now().timestamp()))
        message = ngettext(
            "Many people have joined from your part of the network this hour. "
            "Please try again in %(num)d minute; what you typed is kept on this page.",
            "Many people have joined from your part of the network this hour. "
            "Please try again in %(num)d minutes; what you typed is kept on this page.",
            -(-seconds // 60),
        )
        raise TooMany(message, seconds)


def signed_up() -> None:
    """Count one sign-up."""
    _limiter().hit(_hourly(), _prefix())


def _hourly() -> RateLimitItemPerHour:
    return RateLimitItemPerHour(current_app.config["SIGN_UPS_PER_HOUR"])


def _prefix() -> str:
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    network = ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False)
    return keyed_digest(_key, "sign-up", str(network))
