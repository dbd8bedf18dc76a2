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
from typing import Any, TypeVar

from flask import current_app
from limits import RateLimitItem, WindowStats
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter as Limiter
from redis import ConnectionPool, Redis, RedisError

from forum.accounts.passwords import keyed_digest
from forum.db import now

ANSWERS = 0.5  # seconds for Redis to answer: a person waits for it
SILENT = 10.0  # seconds in which a Redis that was away or writes to a disk is not asked again
A_DAY = 24 * 3600  # seconds
MOST = 100_000  # names in the memory of a process, some 50 MB; with more it forgets them all, which locks nobody out
Answer = TypeVar("Answer")


class WritesToDisk(RedisError):
    """Redis keeps what it is told beyond its memory, or does not say whether it does."""


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


class Shared:
    """Counts in Redis, under a key that is there for 24 hours and in no other place."""

    def __init__(self, address: str, name: str) -> None:
        pool = ConnectionPool.from_url(address, socket_timeout=ANSWERS, socket_connect_timeout=ANSWERS)
        self.redis: Any = Redis(connection_pool=pool)
        self.storage = RedisStorage(address, connection_pool=pool, key_prefix=name)
        self.key_name = f"{name}:key"

    def ask(self, question: Callable[[Limiter, str], Answer], purpose: str, whose: str) -> Answer:
        """Ask the counts of today. Raises `RedisError` where Redis cannot be asked, or should not be."""
        return question(Limiter(self.storage), keyed_digest(self._key(), purpose, whose))

    def look(self) -> None:
        """Raise `RedisError` where Redis cannot be asked, or should not be."""
        pipe = self.redis.pipeline(transaction=False)
        pipe.config_get("save", "appendonly")
        found = pipe.execute(raise_on_error=False)[0]
        if found != {"save": "", "appendonly": "no"}:
            raise WritesToDisk

    def _key(self) -> str:
        self.look()
        pipe = self.redis.pipeline(transaction=False)
        pipe.set(self.key_name, secrets.token_hex(32), nx=True, ex=A_DAY)
        pipe.get(self.key_name)
        key = pipe.execute()[-1]
        if not isinstance(key, bytes):  # it ran out in this moment, or the address has Redis answer in texts
            raise RedisError
        return key.decode()


class Counts:
    """Counts of a forum: in Redis where it may and does answer, else in this process."""

    def __init__(self, address: str, secret: str) -> None:
        name = f"evenhand-{blake2b(secret.encode(), digest_size=4, person=b'counts').hexdigest()}"
        self.here, self.shared = Here(), Shared(address, name) if address else None
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
        except RedisError as error:
            return _told(error)
        return ""

    def _ask(self, question: Callable[[Limiter, str], Answer], purpose: str, whose: str) -> Answer:
        if self.shared and monotonic() >= self.silent_until:
            try:
                answer = self.shared.ask(question, purpose, whose)
            except RedisError as error:
                self.silent_until, before, self.trouble = monotonic() + SILENT, self.trouble, _told(error)
                if self.trouble != before:
                    current_app.logger.warning(self.trouble)
            else:
                self.trouble = ""
                return answer
        return self.here.ask(question, purpose, whose)


def _told(error: RedisError) -> str:
    if isinstance(error, WritesToDisk):
        return (
            "Redis writes to a disk, or does not say that it does not (CONFIG GET save appendonly): "
            "each process counts its limits by itself."
        )
    return f"Redis cannot be asked ({type(error).__name__}): each process counts its limits by itself."
