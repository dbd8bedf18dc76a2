"""A sign that something public has changed, seen by every process on this machine at the price of looking at memory.

It only says that the versions of pages have to be read anew (`versions.py`). A question to SQLite gives up the
interpreter's lock several times; with other threads at work that took longer than all the rest of a kept page.
"""

import os
from mmap import ACCESS_READ, mmap
from pathlib import Path

SIZE = 8  # bytes, drawn by lot at each ring


class Bell:
    """A few bytes of a file: others after each ring, whoever rang."""

    def __init__(self, path: Path) -> None:
        """Share the file at `path`. Raises OSError."""
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.fstat(self._handle).st_size < SIZE:
            self.ring()
        self._bytes = mmap(self._handle, SIZE, access=ACCESS_READ)

    def ring(self) -> None:
        """Tell all processes. Raises OSError, on a full disk, say."""
        os.pwrite(self._handle, os.urandom(SIZE), 0)

    def heard(self) -> bytes:
        """Return what it says now: the same as before where nobody has rung since."""
        return self._bytes[:SIZE]

    def close(self) -> None:
        """Leave the file to others."""
        self._bytes.close()
        os.close(self._handle)
