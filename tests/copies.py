"""Many rows of everything: what people did through the verbs of the forum, copied row by row.

The numbers of what is copied move on, and the keys that point there with them; whoever and whatever was there before
is shared by all copies. The database checks each copy by its constraints, as it did the first.
"""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Column, LargeBinary, String, Table, UniqueConstraint, bindparam, func, insert, select, update

from forum import versions
from forum.db import Base, db, writing
from forum.debates.models import Reply, ReplyStatus
from forum.search import index
from forum.transparency import chain, queries
from tests.world import World

TABLES = {table.name: table for table in Base.metadata.sorted_tables}
# What hangs together otherwise: the log by its chain, the index of the search; and that of which nobody has many.
APART = {"log_entries", "log_salts", "search_entries", "search_words", "search_trigrams"}
APART |= {"jobs", "page_versions", "drafts", "follows", "mutes"}
BATCH = 2000  # rows in one statement
Row = dict[str, Any]


class Scene:
    """What happens within the block, to be copied."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.count = 1  # of scenes in the forum

    def __enter__(self) -> "Scene":
        with self.world.at_work():
            self.before = {name: _highest(table) for name, table in TABLES.items() if "id" in table.c}
        return self

    def __exit__(self, *_failure: object) -> None:
        with self.world.at_work():
            self.rows = {name: list(self._new(table)) for name, table in TABLES.items()}
            self.steps = {name: _highest(TABLES[name]) - number for name, number in self.before.items()}

    def grow(self, count: int) -> None:
        """Let there be as many scenes as this."""
        copies = range(self.count, count)
        with self.world.at_work(), writing():
            self.begin = {name: _highest(TABLES[name]) - number for name, number in self.before.items()}
            for name in self.rows:
                if name not in APART:
                    _insert(TABLES[name], self._moved(name, copies))
                if name == "revisions":
                    _show(self._moved("replies", copies))
            self._lengthen_log(len(copies))
            versions.change_site()
            if db.engine.dialect.name == "postgresql":
                for name in self.before:  # counts on from there; SQLite does so by itself
                    db.session.execute(select(func.setval(f"{name}_id_seq", func.max(TABLES[name].c.id))))
        with self.world.at_work():
            index.catch_up()
        self.count = count

    def _new(self, table: Table) -> Iterator[Row]:
        key = table.c.id if "id" in table.c else next(iter(table.primary_key))
        for row in db.session.execute(select(table).order_by(key)).mappings():
            if "id" in table.c:
                if row["id"] > self.before[table.name]:
                    yield dict(row)
            elif any(self._points_there(column, row[column.name]) for column in table.c):
                yield dict(row)

    def _points_there(self, column: Column[Any], value: Any) -> bool:
        home = _home(column)
        return home is not None and value is not None and value > self.before[home]

    def _moved(self, name: str, copies: Iterable[int]) -> Iterator[Row]:
        table = TABLES[name]
        for number, row in itertools.product(copies, self.rows[name]):
            moved = {column.name: self._value(column, row, number) for column in table.c}
            same = [it for it in _unique(table) if all(moved[column.name] == row[column.name] for column in it)]
            same = [it for it in same if all(row[column.name] is not None for column in it)]
            if all(_vary(moved, unique, number, self.steps.get(name, 0)) for unique in same):
                yield moved

    def _value(self, column: Column[Any], row: Row, number: int) -> Any:
        value = row[column.name]
        if column.name == "id":
            return value + self._shift(column.table.name, number)
        home = row["subject_kind"] if column.name == "subject_id" else _home(column)
        if home is None or value is None or home in APART or value <= self.before[home]:
            return value
        return value + self._shift(home, number)

    def _shift(self, name: str, number: int) -> int:
        """Return how far the numbers of a copy are from those of the scene: it stands behind all that is there."""
        return self.begin[name] + (number - self.count) * self.steps[name]

    def _lengthen_log(self, count: int) -> None:
        """Let the log have so many entries more, each of which continues the one before."""
        entries, salts = self.rows["log_entries"], self.rows["log_salts"]
        last: Any = db.session.execute(select(queries.RAW).order_by(queries.RAW.c.id.desc()).limit(1)).mappings().one()
        for row, salt in itertools.islice(itertools.cycle(zip(entries, salts, strict=True)), count):
            last = row | {"id": last["id"] + 1, "previous_hash": last["hash"]}
            last["hash"] = chain.digest([last[fact] for fact in chain.FACTS])
            db.session.execute(insert(TABLES["log_entries"]), last)
            salt = {key: salt[key] for key in salt if key != "id"} | {"entry_id": last["id"]}
            db.session.execute(insert(TABLES["log_salts"]), salt)


def _highest(table: Table) -> int:
    return db.session.scalar(select(func.coalesce(func.max(table.c.id), 0)))


def _home(column: Column[Any]) -> str | None:
    """Return the table whose numbers stand in a column: its keys may lead there over another table."""
    for key in column.foreign_keys:
        home = key.column.table.name if key.column.name == "id" else _home(key.column)
        if home is not None:
            return home
    return None


def _unique(table: Table) -> Iterator[list[Column[Any]]]:
    yield from (list(it.columns) for it in table.constraints if isinstance(it, UniqueConstraint))
    yield from (list(it.columns) for it in table.indexes if it.unique and it.dialect_options["sqlite"]["where"] is None)
    yield list(table.primary_key)


def _vary(row: Row, unique: list[Column[Any]], number: int, step: int) -> bool:
    """Make a copy another one where the database wants it: by a word, by bytes or by a number that points nowhere.

    False: it cannot be, since whoever it belongs to has it once.
    """
    for column in unique:
        value = row[column.name]
        if isinstance(column.type, String) and value is not None and not column.foreign_keys:
            row[column.name] = f"{value}-{number}"[-(column.type.length or 1000) :]
            return True
        if isinstance(column.type, LargeBinary):
            row[column.name] = value[:-4] + number.to_bytes(4)
            return True
    for column in unique:
        if isinstance(row[column.name], int) and _home(column) is None:
            row[column.name] += number * step
            return True
    return False


def _insert(table: Table, rows: Iterable[Row]) -> None:
    """Store rows; replies wait first, since a public one shows a wording, and a wording is of a reply."""
    batch = []
    for row in rows:
        if table is Reply.__table__:
            row = row | {"status": ReplyStatus.PENDING, "shown_revision_id": None}
        batch.append(row)
        if len(batch) == BATCH:
            db.session.execute(insert(table), batch)
            batch = []
    if batch:
        db.session.execute(insert(table), batch)


def _show(replies: Iterable[Row]) -> None:
    table = Reply.__table__
    change = update(table).where(table.c.id == bindparam("number"))
    change = change.values(status=bindparam("status"), shown_revision_id=bindparam("shown_revision_id"))
    rows = [{"number": row["id"], **{name: row[name] for name in ("status", "shown_revision_id")}} for row in replies]
    if rows:
        db.session.connection().execute(change, rows)
