"""What the pages of the log, the foot of every page and its examination ask."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Integer, MetaData, Row, Select, String, Table, bindparam, cast, func, select

from forum.accounts.models import User
from forum.db import db, now, rows
from forum.forms import LARGEST_ID
from forum.moderation.models import UNDO_WITHIN
from forum.transparency import chain
from forum.transparency.models import LogEntry, LogSalt, moment_of

PER_PAGE = 50
BATCH = 5000  # entries that are in memory at once when all are read

# The table as it is, whatever stands in it: an entry that was tampered with need not be of the model's types.
RAW = Table(
    "log_entries",
    MetaData(),
    *(Column(name, Integer if name in {"id", "moderator", "about_id"} else String) for name in [*chain.FACTS, "hash"]),
)


@dataclass(frozen=True)
class Wanted:
    """Which entries a reader wants to see; None: whichever."""

    debate: str | None = None
    side: str | None = None
    rule: str | None = None
    action: str | None = None
    moderator: int | None = None

    @property
    def given(self) -> dict[str, Any]:
        """The filters that are set, as an address has them."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name)) is not None}


@dataclass
class Page:
    """A page of the log, the newest entry first; `later` has what became of its entries, by their numbers."""

    entries: list[LogEntry]
    has_newer: bool
    has_older: bool
    later: dict[int, list[LogEntry]]


class Head(NamedTuple):
    """The last entry that everybody may see: its number, its hash, its hour."""

    id: int
    hash: str
    hour: str

    @property
    def moment(self) -> datetime:
        """The beginning of its hour."""
        return moment_of(self.hour)


def head() -> Head | None:
    """Return the last entry that everybody may see."""
    row = rows(_HEAD, undoable()).first()
    return Head(*row) if row else None


def undoable() -> dict[str, Any]:
    """Return since when decisions can be undone now, as the statements about the head of the log ask for it."""
    return {"undoable": now() - UNDO_WITHIN}


def _head() -> Select[Any]:
    """Ask for the last entry that everybody may see: those whose decision can still be undone wait."""
    salts, entries = LogSalt.__table__.c, LogEntry.__table__.c
    # Not the plain number: SQLite would look for the smallest one through all that were ever made.
    first_hidden = select(func.min(salts.entry_id + 0)).where(salts.created_at > bindparam("undoable"))
    shown = entries.id < func.coalesce(first_hidden.scalar_subquery(), LARGEST_ID)
    return select(entries.id, entries.hash, entries.hour).where(shown).order_by(entries.id.desc()).limit(1)


_HEAD = _head()
_NUMBER, _HASH, _HOUR = (cast(part, String) for part in _HEAD.selected_columns)
# The same in one value, to be asked with what else every page asks.
HEAD_VALUE = _HEAD.with_only_columns(_NUMBER + " " + _HASH + " " + _HOUR)


def head_of(value: str | None) -> Head | None:
    """Return what `HEAD_VALUE` says."""
    number, hash_, hour = value.split(" ") if value else ("", "", "")
    return Head(int(number), hash_, hour) if number else None


def page(wanted: Wanted, upto: int, *, before: int | None = None, after: int | None = None) -> Page:
    """Return the entries up to number `upto`, those next before or next after a number, else the newest."""
    found = _wanted(select(LogEntry), wanted).where(LogEntry.id <= upto).limit(PER_PAGE + 1)
    if after is not None:
        rows = list(db.session.scalars(found.where(LogEntry.id > after).order_by(LogEntry.id)))
        shown = rows[:PER_PAGE][::-1]
        return Page(shown, len(rows) > PER_PAGE, True, _later(shown, upto))
    found = found if before is None else found.where(LogEntry.id < before)
    rows = list(db.session.scalars(found.order_by(LogEntry.id.desc())))
    shown = rows[:PER_PAGE]
    return Page(shown, before is not None, len(rows) > PER_PAGE, _later(shown, upto))


def entries_after(wanted: Wanted, after: int, upto: int, limit: int) -> list[Row[Any]]:
    """Return the facts and the hash of entries after a number, up to number `upto`, the oldest first."""
    query = _wanted(select(RAW), wanted, RAW.c).where(RAW.c.id > after, RAW.c.id <= upto)
    return list(db.session.execute(query.order_by(RAW.c.id).limit(limit)))


def staff_numbers() -> list[int]:
    """Return the numbers of all who moderate or did."""
    query = select(User.staff_number).where(User.staff_number.is_not(None)).order_by(User.staff_number)
    return [number for number in db.session.scalars(query) if number is not None]


def facts(wanted: Wanted | None = None, upto: int = LARGEST_ID) -> Iterator[Sequence[Any]]:
    """Give the facts and the hash of each entry as they are stored, the oldest first.

    Reads outside the session, some at a time: it may be given to a reader slowly, after the request has ended.
    """
    engine = db.engine

    def read() -> Iterator[Sequence[Any]]:
        last = -1
        while True:
            query = _wanted(select(RAW), wanted or Wanted(), RAW.c).where(RAW.c.id > last, RAW.c.id <= upto)
            with engine.connect() as connection:
                rows = connection.execute(query.order_by(RAW.c.id).limit(BATCH)).all()
            yield from rows
            if len(rows) < BATCH:
                return
            last = rows[-1][0]

    return read()


def _wanted(query: Select[Any], wanted: Wanted, columns: Any = LogEntry) -> Select[Any]:
    return query.where(*(getattr(columns, name) == value for name, value in wanted.given.items()))


def _later(entries: list[LogEntry], upto: int) -> dict[int, list[LogEntry]]:
    """Return what was entered later about these entries: that one was undone, or what became of an appeal."""
    found: dict[int, list[LogEntry]] = {}
    numbers = [entry.id for entry in entries]
    query = select(LogEntry).where(LogEntry.about_id.in_(numbers), LogEntry.id <= upto).order_by(LogEntry.id)
    for entry in db.session.scalars(query) if numbers else ():
        found.setdefault(entry.about_id or 0, []).append(entry)
    return found
