"""The clock of the forum. It tells the present; only the demo may let a block of code happen at another moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Return the moment in UTC at which things happen."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the block happen at a moment of the past."""
    if moment > datetime.now(UTC):
        raise ValueError("nothing happens in the future")
    before = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(before)
