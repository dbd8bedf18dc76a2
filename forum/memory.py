"""What a process remembers of what it has made: within a number of bytes, and not for longer than it is asked for."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from time import monotonic
from typing import Any

MOST = 32 * 1024 * 1024  # bytes of a process: the cards of about 10,000 replies in one language
IDLE = 10 * 60  # seconds
BESIDE = 1000  # bytes that something takes beside its text, with its key


class Kept:
    """What was made, by its key. What was not asked for longest goes when all of it has more than `most` bytes.

    What has not been asked for within `IDLE` goes in any case: what nobody may read any more is asked for by nobody.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most, self.size = most, 0
        self.rows: OrderedDict[Hashable, tuple[Any, int, float]] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable) -> Any:
        """Return what is kept under `key`, or None."""
        with self.lock:
            row = self.rows.pop(key, None)
            if row is None:
                return None
            self.rows[key] = row[0], row[1], monotonic()
            self._sweep()
            return row[0]

    def put(self, key: Hashable, made: Any, size: int) -> None:
        """Keep what was made, of `size` bytes."""
        with self.lock:
            self.size += size + BESIDE - self.rows.pop(key, (None, 0, 0))[1]
            self.rows[key] = made, size + BESIDE, monotonic()
            self._sweep()

    def drop(self, key: Hashable) -> None:
        """Forget what is kept under `key`."""
        with self.lock:
            self.size -= self.rows.pop(key, (None, 0, 0))[1]

    def clear(self) -> None:
        """Forget everything."""
        with self.lock:
            self.rows.clear()
            self.size = 0

    def _sweep(self) -> None:
        while self.rows:
            key, (_made, size, used_at) = next(iter(self.rows.items()))
            if self.size <= self.most and used_at > monotonic() - IDLE:
                return
            del self.rows[key]
            self.size -= size
