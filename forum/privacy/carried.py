"""The list of erasures outside of the database: beside it and beside its backups, to erase again after a restore."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from flask import current_app

from forum import files
from forum.errors import Refused
from forum.privacy.models import Erased
from forum.terminal import _

FILE = "erased.jsonl"  # in the instance folder, and beside the backups: it knows of more than the one that is restored


@dataclass(frozen=True)
class Item:
    """One erasure as it is carried outside of the database: numbers, moments and a code."""

    user_id: int
    member_since: str  # ISO 8601, UTC
    erases: str
    erased_at: str


def read(folder: Path | None = None) -> list[Item]:
    """Return the erasures that a file lists: the one beside the database, or the one beside a backup in `folder`."""
    path = (folder or _folder()) / FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [
        _read(line, _("Line %(number)s of %(file)s", number=number, file=path))
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]


def add(items: Iterable[Item], folder: Path | None = None) -> None:
    """Add erasures to the file beside the database, or in `folder`."""
    known = dict.fromkeys([*read(folder), *items])
    files.write((folder or _folder()) / FILE, "".join(f"{json.dumps(asdict(item))}\n" for item in known))


def _read(line: str, where: str) -> Item:
    try:
        item = Item(**json.loads(line))
        datetime.fromisoformat(item.erased_at), Erased(item.erases)
    except (ValueError, TypeError) as error:
        said = _("%(where)s cannot be read; take it from another copy of that file, or take it out.", where=where)
        raise Refused(said) from error
    return item


def _folder() -> Path:
    return Path(current_app.config["INSTANCE"])
