"""What a process remembers of what it has made: within a number of bytes, and not for longer than it is asked for."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from threading import Lock
from time import monotonic
from typing import Any

MOST = 32 * 1024 * 1024  # bytes of a process: the cards of about 10,000 replies in one language
IDLE = 10 * 60  # seconds
A_MOMENT = 1  # second, in which nothing is looked through for what has been idle
BESIDE = 1000  # bytes that something takes beside its text, with its key


class Row:
    """What was made, its bytes, and when it was asked for last."""

    __slots__ = ("made", "size", "used_at")

    def __init__(self, made: Any, size: int, used_at: float) -> None:
        self.made, self.size, self.used_at = made, size, used_at


class Kept:
    """What was made, by its key. What was not asked for longest goes when all of it has more than `most` bytes.

    What has not been asked for within `IDLE` goes in any case: what nobody may read any more is asked for by nobody.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most, self.size = most, 0
        self.rows: OrderedDict[Hashable, Row] = OrderedDict()
        self.lock = Lock()
        self.swept_at = 0.0

    def get(self, key: Hashable) -> Any:
        """Return what is kept under `key`, or None."""
        with self.lock:
            return self._asked(key, self._moment())

    def get_all(self, keys: Iterable[Hashable]) -> list[Any]:
        """Return what is kept under each of these keys, or None; a page asks for all of its parts at once."""
        with self.lock:
            moment = self._moment()
            return [self._asked(key, moment) for key in keys]

    def _moment(self) -> float:
        moment = monotonic()
        if moment - self.swept_at > A_MOMENT:
            self._sweep(moment)
        return moment

    def _asked(self, key: Hashable, moment: float) -> Any:
        row = self.rows.get(key)
        if row is None:
            return None
        row.used_at = moment
        self.rows.move_to_end(key)
        return row.made

    def put(self, key: Hashable, made: Any, size: int) -> None:
        """Keep what was made, of `size` bytes."""
        with self.lock:
            self._drop(key)
            row = self.rows[key] = Row(made, size + BESIDE, monotonic())
            self.size += row.size
            self._sweep(row.used_at)

    def drop(self, key: Hashable) -> None:
        """Forget what is kept under `key`."""
        with self.lock:
            self._drop(key)

    def clear(self) -> None:
        """Forget everything."""
        with self.lock:
            self.rows.clear()
            self.size = 0

    def _drop(self, key: Hashable) -> None:
        row = self.rows.pop(key, None)
        if row is not None:
            self.size -= row.size

    def _sweep(self, moment: float) -> None:
        self.swept_at = moment
        while self.rows:
            key, row = next(iter(self.rows.items()))
            if self.size <= self.most and row.used_at > moment - IDLE:
                return
            self._drop(key)
