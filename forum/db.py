"""The database: its base class, its clock, and how a transaction begins on either engine."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import Enum as PythonEnum
from functools import cache
from threading import RLock
from typing import Any, TypeVar

from flask import Flask, current_app, g
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Executable,
    Insert,
    MetaData,
    TypeDecorator,
    event,
    insert,
    inspect,
    literal_column,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, make_transient_to_detached, mapped_column
from sqlalchemy.orm.attributes import instance_state, manager_of_class
from sqlalchemy.orm.util import identity_key

from forum import clock

BUSY_MS = 5000  # how long a writer waits for another one before it gives up
LARGEST_LOG = 16 * 1024 * 1024  # bytes that SQLite's write-ahead log keeps once its readers have gone
LONGEST_MS = 60_000  # how long PostgreSQL works on one statement; migrations take their time
# PostgreSQL that is gone is missed within seconds, also where it ends without a word.
FAR = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
CONNECTION = "connection"  # in the session's `info`: that of the running transaction
_begins: ContextVar[str] = ContextVar("begins", default="BEGIN")  # how a transaction of SQLite begins
# What a database does that is locked, read-only, full or away. It is nobody's mistake, and passes.
OUT_OF_ORDER = (OperationalError, InternalError, InterfaceError, NoneFree)


def now() -> datetime:
    """Return the present moment in UTC."""
    return clock.now()


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, on SQLite too, which itself forgets the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; a moment without a zone is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


class Choice(Enum):
    """A column that holds one of a few words of ours, which stand as they are in what is asked of it.

    Were they bound, SQLite would plan a statement anew each time it runs, wherever an index holds the rows with one of
    them only (`only_where`): ten times as long as to run it.
    """

    class Comparator(Enum.Comparator):
        """Puts the words themselves beside the column."""

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
            """Compare the column with words."""
            return super().operate(op, *(_spelt_out(it, self.type) for it in other), **kwargs)

    comparator_factory = Comparator


def _spelt_out(words: Any, type_: Any) -> Any:
    if isinstance(words, PythonEnum):
        return literal_column(f"'{words.value}'", type_)
    if isinstance(words, list | tuple | set | frozenset):
        return sorted((_spelt_out(word, type_) for word in words), key=str)
    return words


def choices(enum: type[PythonEnum], *, checked: bool = True) -> Choice:
    """Return a column type that stores the values of `enum` as text, checked by the database.

    Not `checked`: for a list that grows with every feature, in a table too long to copy for it.
    """
    name = "".join("_" + c.lower() if c.isupper() else c for c in enum.__name__).lstrip("_")
    return Choice(
        enum,
        name=name,
        native_enum=False,
        create_constraint=checked,
        length=24,
        values_callable=lambda members: [member.value for member in members],
    )


def only_where(condition: str) -> dict[str, Any]:
    """Return the arguments of an index over the rows that meet `condition` only, on either engine."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Bare(DeclarativeBase):
    """A table of the forum that holds nothing but what it names."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment}


class Base(Bare):
    """A table of the forum: a number and the moment it was made."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


Row = TypeVar("Row", bound=Base)

# The tables stand on a plain declarative base, which type checkers understand; the extension brings
# the engine and the session of each request.
db = SQLAlchemy(metadata=Base.metadata)


@contextmanager
def writing() -> Iterator[None]:
    """Run the block as one writing transaction: everything in it is stored, or nothing.

    What was read before belongs to a transaction of its own, which ends here; rows loaded from it
    are read anew when the block touches them. On SQLite the block waits for its turn as the one
    writer; on PostgreSQL a verb locks the rows it judges.
    """
    db.session.rollback()
    with _turn():
        try:
            with _writer():
                db.session.connection()
            yield
            _commit()
        except BaseException as error:
            if isinstance(error, OUT_OF_ORDER):
                current_app.extensions["refused_at"] = time.monotonic()
            db.session.rollback()
            raise
    current_app.extensions.pop("refused_at", None)


@contextmanager
def _writer() -> Iterator[None]:
    """Let a transaction that begins in the block be that of the one writer of SQLite."""
    former = _begins.set("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        _begins.reset(former)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for the other threads of this process that write, where there is one writer at a time.

    SQLite would look again and again, ever more seldom, whether its turn has come, and so do other processes. Whoever
    has waited too long goes on to it all the same, and is told there that the database is locked.
    """
    turn: RLock | None = current_app.extensions["turn"]
    is_ours = turn is not None and turn.acquire(timeout=BUSY_MS / 1000)
    try:
        yield
    finally:
        if turn is not None and is_ours:
            turn.release()


def _commit() -> None:
    """Store it all, and note in `g` for the page of an error that something is stored now, or may be.

    It may be where a server has gone before it answered.
    """
    try:
        db.session.commit()
    except DBAPIError as error:
        g.may_be_stored = error.connection_invalidated or g.get("may_be_stored", False)
        raise
    g.may_be_stored = True


def rows(statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Any:
    """Ask the database in the transaction of this request, past all that the session does for objects.

    For statements about columns of tables that were put together once: half the time of the same through the session.
    """
    return _connection().execute(statement, values)


def _connection() -> Connection:
    """Return the connection of the running transaction, without the session's own way to it, which takes longer."""
    session = db.session()
    known: Connection | None = session.info.get(CONNECTION)
    return session.connection() if known is None else known


@event.listens_for(Session, "after_begin")
def _note_connection(session: Session, _transaction: object, connection: Connection) -> None:
    session.info[CONNECTION] = connection


@event.listens_for(Session, "after_transaction_end")
def _forget_connection(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop(CONNECTION, None)


def stored(model: type[Row], values: dict[str, Any]) -> Row:
    """Store a new row at once, and return it as one that was read.

    Past the session's unit of work, which takes three times as long. Its relationships are the caller's affair;
    `values` are named like its columns, as its attributes are.
    """
    table: Any = model.__table__
    result: Any = _connection().execute(_insert(table), values)
    everything = {**dict.fromkeys(table.columns.keys()), **result.last_inserted_params()}
    return _held(model, everything | {"id": result.inserted_primary_key[0]})


@cache
def _insert(table: Any) -> Insert:
    """Return the one INSERT of a table: put together anew, it would be compared anew with those that are compiled."""
    return insert(table)


def loaded(model: type[Row], values: dict[str, Any]) -> Row:
    """Return the row of which all `columns_of` a table were read past the session, which holds it from now on."""
    known: Row | None = db.session.identity_map.get(identity_key(model, values["id"]))
    if known is None:
        return _held(model, values)
    if instance_state(known).expired:
        is_now(known, values)
    return known


def _held(model: type[Row], values: dict[str, Any]) -> Row:
    row: Row = manager_of_class(model).new_instance()
    row.__dict__.update(values)
    make_transient_to_detached(row)
    db.session.add(row)
    return row


def id_of(row: Base) -> int:
    """Return the number of a row without a look at it, for which a new transaction would read it."""
    known = instance_state(row).identity
    return int(known[0]) if known else row.id


def columns_of(model: type[Base]) -> list[Any]:
    """Return all columns of a table, each under the name of its attribute, for `is_now`."""
    return [attribute.columns[0].label(attribute.key) for attribute in inspect(model).column_attrs]


def is_now(row: Base, values: Mapping[str, Any]) -> None:
    """Let a row of this session say what was read of it just now, all at once.

    One after the other, as `set_committed_value` does, takes as long as to read them.
    """
    state: Any = instance_state(row)
    state.dict.update(values)
    state._commit(state.dict, values)


def insert_into(model: type[Bare]) -> Any:
    """Return the INSERT of this engine, which can say what happens where such a row is there already."""
    return {"sqlite": sqlite, "postgresql": postgresql}[db.session.get_bind().dialect.name].insert(model)


def init_app(app: Flask) -> None:
    """Bind the database to `app`."""
    app.config["SQLALCHEMY_DATABASE_URI"] = app.config["DATABASE_URL"]
    options: dict[str, Any] = {"hide_parameters": True, "pool_timeout": BUSY_MS / 1000}  # no error tells what was typed
    options["pool_use_lifo"] = True  # the last one knows best what was read and written
    if not is_sqlite(app):
        options |= {"pool_pre_ping": True, "connect_args": FAR}
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    app.extensions["turn"] = RLock() if is_sqlite(app) else None
    with app.app_context():
        if is_sqlite(app):
            _prepare_sqlite(db.engine)
        else:
            event.listen(db.engine, "connect", _limit_waiting)


def is_sqlite(app: Flask) -> bool:
    """Say whether `app` keeps its data in SQLite."""
    return bool(app.config["DATABASE_URL"].startswith("sqlite"))


def _limit_waiting(connection: Any, _record: object) -> None:
    """Let no statement keep a thread of the server for ever."""
    for name, most in (("lock_timeout", BUSY_MS), ("statement_timeout", LONGEST_MS)):
        connection.execute(f"SET {name} = {most}")
    connection.commit()


def _prepare_sqlite(engine: Engine) -> None:
    """Let SQLAlchemy begin each transaction itself: the driver's own way loses updates."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {BUSY_MS}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            f"journal_size_limit = {LARGEST_LOG}",
            "secure_delete = ON",  # what is deleted is overwritten with zeros
            "temp_store = MEMORY",  # no words of people in temporary files
        ):
            connection.execute(f"PRAGMA {pragma}")

    def begin(connection: Any) -> None:
        connection.execute(_begins.get())

    # Not by an event: with one for transactions, the engine looks for listeners to each statement: 3 percent of a post.
    engine.dialect.do_begin = begin  # type: ignore[assignment]
