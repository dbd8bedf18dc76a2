"""Where is counted how much came in an hour, and under which key: in this process, or in Redis for several processes.

What is counted has a name that is an HMAC of a member or of an address prefix. Its key is drawn by lot each day and
stands on no disk: once it is gone, nobody can tell whose the names were. So a Redis that writes to a disk is not asked,
nor is one that does not tell; nor one that does not answer: then this process counts by itself, and turns nobody away
for what it does not know.
"""

import secrets
from collections.abc import Callable
from datetime import date
from hashlib import blake2b
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from flask import current_app
from limits import RateLimitItem, WindowStats
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter as Limiter

from forum.accounts.passwords import keyed_digest
from forum.db import now

if TYPE_CHECKING:
    from forum.accounts.shared_counts import Shared

SILENT = 10.0  # seconds in which a Redis that was away or writes to a disk is not asked again
MOST = 100_000  # names in the memory of a process, some 50 MB; with more it forgets them all, which locks nobody out
Answer = TypeVar("Answer")


class Here:
    """Counts in this process, under a key that changes with the day."""

    def __init__(self) -> None:
        self.lock, self.day, self.key = Lock(), date.min, ""
        self.storage = MemoryStorage()

    def ask(self, question: Callable[[Limiter, str], Answer], purpose: str, whose: str) -> Answer:
        """Ask the counts of today."""
        with self.lock:
            if self.day != now().date() or len(self.storage.storage) > MOST:
                self.day, self.key = now().date(), secrets.token_hex(32)
                self.storage.reset()
        return question(Limiter(self.storage), keyed_digest(self.key, purpose, whose))


class Counts:
    """Counts of a forum: in Redis where it may and does answer, else in this process."""

    def __init__(self, address: str, secret: str) -> None:
        name = f"evenhand-{blake2b(secret.encode(), digest_size=4, person=b'counts').hexdigest()}"
        self.here, self.shared = Here(), _in_redis(address, name) if address else None
        self.silent_until, self.trouble = 0.0, ""

    def hit(self, limit: RateLimitItem, purpose: str, whose: str) -> bool:
        """Count one, and say whether it was within the limit."""
        return self._ask(lambda limiter, name: limiter.hit(limit, name), purpose, whose)

    def hit_here(self, limit: RateLimitItem, purpose: str, whose: str) -> bool:
        """Count one in this process, whatever others count, and say whether it was within the limit."""
        return self.here.ask(lambda limiter, name: limiter.hit(limit, name), purpose, whose)

    def look(self, limit: RateLimitItem, purpose: str, whose: str) -> WindowStats:
        """Return how many are left, and when there will be more."""
        return self._ask(lambda limiter, name: limiter.get_window_stats(limit, name), purpose, whose)

    def state(self) -> str:
        """Return why several processes cannot count together; nothing where they can, or where there is no Redis.

        A question only: nothing is counted by it, and it changes nothing of whom the next one is asked.
        """
        try:
            if self.shared:
                self.shared.look()
        except ConnectionError as error:
            return str(error)
        return ""

    def _ask(self, question: Callable[[Limiter, str], Answer], purpose: str, whose: str) -> Answer:
        if self.shared and monotonic() >= self.silent_until:
            try:
                answer = self.shared.ask(question, purpose, whose)
            except ConnectionError as error:
                self.silent_until, before, self.trouble = monotonic() + SILENT, self.trouble, str(error)
                if self.trouble != before:
                    current_app.logger.warning(self.trouble)
            else:
                self.trouble = ""
                return answer
        return self.here.ask(question, purpose, whose)


def _in_redis(address: str, name: str) -> "Shared":
    """Return the counts in Redis, whose driver is loaded only by a forum that has one: 40 ms and 6 MB."""
    from forum.accounts.shared_counts import Shared

    return Shared(address, name)
