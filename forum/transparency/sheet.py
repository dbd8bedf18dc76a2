"""The log as a sheet: comma-separated values that a spreadsheet opens and anybody can check."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

from forum.transparency.chain import FACTS

COMMANDS = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so is a formula to a spreadsheet


def lines(entries: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Give the sheet in pieces: the names of the columns, then each entry; what is not known is an empty cell."""
    yield _line([*FACTS, "hash"])
    for entry in entries:
        yield _line([_cell(value) for value in entry])


def _cell(value: Any) -> str:
    written = "" if value is None else str(value)
    return f"'{written}" if written.startswith(COMMANDS) else written


def _line(cells: Sequence[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
