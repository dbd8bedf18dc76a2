"""Files that last: each is written whole or not at all, for its owner only, and is there after a power cut."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex


def write(file: Path, content: str) -> None:
    """Let `file` hold `content`, in the place of what it held."""
    draft = file.with_name(f".{file.name}.{token_hex(4)}.new")  # of several writers at once one is the last
    _fill(draft, content)
    draft.replace(file)
    keep_names(file.parent)


@contextmanager
def replaced(file: Path, content: str | Path, kept: Path | None) -> Iterator[None]:
    """Put a text, or the copy of a file, in the place of `file`, moved to `kept`; if the block fails, it comes back.

    None: there was nothing worth keeping.
    """
    draft = file.with_name(f".{file.name}.new")
    draft.unlink(missing_ok=True)  # of a command that was killed
    _fill(draft, content)
    try:
        if kept:
            file.rename(kept)
        draft.replace(file)
        keep_names(file.parent)
        yield
    except BaseException:
        if kept and kept.exists():
            kept.replace(file)
        elif not kept:
            file.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)
        keep_names(file.parent)
        raise


def keep_names(folder: Path) -> None:
    """Let a change of names in a folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some mounts know no such thing for folders
            os.fsync(handle)
    finally:
        os.close(handle)


def _fill(draft: Path, content: str | Path) -> None:
    """Write a new file, down to the disk."""
    try:
        with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as target:
            if isinstance(content, Path):
                with content.open("rb") as source:
                    shutil.copyfileobj(source, target)
            else:
                target.write(content.encode())
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
