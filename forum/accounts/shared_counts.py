"""Counts that several processes share: in a Redis that keeps them in its memory only."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter as Limiter
from redis import ConnectionPool, Redis, RedisError

from forum.accounts.passwords import keyed_digest

ANSWERS = 0.5  # seconds for Redis to answer: a person waits for it
A_DAY = 24 * 3600  # seconds
Answer = TypeVar("Answer")


class WritesToDisk(RedisError):
    """Redis keeps what it is told beyond its memory, or does not say whether it does."""


class Shared:
    """Counts in Redis, under a key that is there for 24 hours and in no other place."""

    def __init__(self, address: str, name: str) -> None:
        pool = ConnectionPool.from_url(address, socket_timeout=ANSWERS, socket_connect_timeout=ANSWERS)
        self.redis: Any = Redis(connection_pool=pool)
        self.storage = RedisStorage(address, connection_pool=pool, key_prefix=name)
        self.key_name = f"{name}:key"

    def ask(self, question: Callable[[Limiter, str], Answer], purpose: str, whose: str) -> Answer:
        """Ask the counts of today. Raises `ConnectionError`, which says why Redis cannot be asked or should not be."""
        with _saying_why():
            return question(Limiter(self.storage), keyed_digest(self._key(), purpose, whose))

    def look(self) -> None:
        """Raise `ConnectionError`, which says why, where Redis cannot be asked or should not be."""
        with _saying_why():
            self._look()

    def _look(self) -> None:
        pipe = self.redis.pipeline(transaction=False)
        pipe.config_get("save", "appendonly")
        found = pipe.execute(raise_on_error=False)[0]
        if found != {"save": "", "appendonly": "no"}:
            raise WritesToDisk

    def _key(self) -> str:
        self._look()
        pipe = self.redis.pipeline(transaction=False)
        pipe.set(self.key_name, secrets.token_hex(32), nx=True, ex=A_DAY)
        pipe.get(self.key_name)
        key = pipe.execute()[-1]
        if not isinstance(key, bytes):  # it ran out in this moment, or the address has Redis answer in texts
            raise RedisError
        return key.decode()


@contextmanager
def _saying_why() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise ConnectionError(f"{_why(error)}: each process counts its limits by itself.") from error


def _why(error: RedisError) -> str:
    if isinstance(error, WritesToDisk):
        return "Redis writes to a disk, or does not say that it does not (CONFIG GET save appendonly)"
    return f"Redis cannot be asked ({type(error).__name__})"
