"""The database as one moment left it: taken while everybody writes, and put in the place of another.

SQLite by `VACUUM INTO`: one read transaction like the backup API in a single step, and nothing that was deleted
is in the copy. PostgreSQL by the `pg_dump` and `pg_restore` of its own version.
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from psycopg import conninfo
from sqlalchemy import inspect, text

from forum import files
from forum.db import db, now
from forum.errors import Refused
from forum.terminal import _

SQLITE, POSTGRES = "forum.sqlite3", "forum.pgdump"  # what each is called in a backup
SECRETS = (
    "sslpassword",
    "scram_client_key",
    "scram_server_key",
    "oauth_client_secret",
)  # for which libpq has no variable
ENDS = ("-wal", "-shm")  # of the names of the files that SQLite keeps beside an open database
LEAVING, LOOKS_AGAIN = 3.0, 0.1  # seconds for who leaves the database, and between two looks
DEBIAN = "/usr/lib/postgresql/{}/bin"  # where Debian keeps the programs of each version


def is_sqlite() -> bool:
    """Say whether this forum keeps its data in SQLite."""
    return db.engine.dialect.name == "sqlite"


def name() -> str:
    """Return what the database of this forum is called in a backup."""
    return SQLITE if is_sqlite() else POSTGRES


def is_there() -> bool:
    """Say whether there is a database at all; to ask one of SQLite would make it."""
    return not is_sqlite() or _file().exists()


def take(target: Path) -> None:
    """Copy the database into a new file."""
    db.session.rollback()
    if not is_sqlite():
        command = ["--format=custom", "--no-owner", "--no-privileges", "--exclude-schema=before_restore_*"]
        _run("pg_dump", [*command, f"--file={target}"], _("The database could not be copied"))
        return
    try:
        with closing(sqlite3.connect(_file(), isolation_level=None)) as source:
            source.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise Refused(_("The database could not be copied: %(reason)s.", reason=error)) from error


def check(found: Path) -> None:
    """Refuse a database in which a page, an index or a reference is broken."""
    if found.name == POSTGRES:
        _run("pg_restore", ["--list", str(found)], _("The backup is damaged"), quiet=True)
        return
    with closing(sqlite3.connect(f"file:{found}?mode=ro&immutable=1", uri=True)) as database:
        try:
            faults = " ".join(database.execute("PRAGMA integrity_check(1)").fetchone()[0].split())
            orphan = database.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError as error:
            faults, orphan = str(error), None
    if faults != "ok" or orphan:
        reason = faults if faults != "ok" else _("a row refers to none")
        raise Refused(_("The database in the backup is damaged: %(reason)s.", reason=reason))


def is_in_use() -> bool:
    """Say whether somebody else has the database open; a server that writes on would lose what it writes."""
    db.session.remove()
    db.engine.dispose()
    if not is_sqlite():
        return _stay_others()
    if not _file().exists():
        return False
    with closing(sqlite3.connect(_file(), timeout=1)) as database:
        try:  # only who is alone can end the write-ahead log
            database.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError:
            return True
        except sqlite3.DatabaseError:
            is_readable = False
        else:
            is_readable = True
    return not is_readable and _is_held()


def _stay_others() -> bool:
    """Say whether others are in the database of PostgreSQL and stay: whoever has just left shows for a moment more."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    until = time.monotonic() + LEAVING
    with db.engine.connect() as connection:
        while connection.scalar(text(f"{others} AND backend_type = 'client backend'")):
            connection.rollback()  # else it would be told the same again
            if time.monotonic() > until:
                return True
            time.sleep(LOOKS_AGAIN)
    return False


def is_damaged() -> bool:
    """Say whether the present database cannot be read; known of SQLite only."""
    if not is_sqlite() or not _file().exists():
        return False
    with closing(sqlite3.connect(_file())) as database:
        try:
            return bool(database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
        except sqlite3.OperationalError:
            return False  # it is locked, or may not be opened: another trouble
        except sqlite3.DatabaseError:
            return True


def _is_held() -> bool:
    """Say whether another process has locked a file of a database that SQLite itself cannot read."""
    for file in (_file(), _beside(_file(), "-shm")):
        with suppress(FileNotFoundError), file.open("r+b") as handle:
            try:
                fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return True
    return False


@contextmanager
def put(found: Path) -> Iterator[str]:
    """Put a database in the place of the present one; gives where that is kept. If the block fails, it comes back."""
    is_full = is_damaged() or inspect(db.engine).get_table_names()
    kept = f"before_restore_{now():%Y%m%d_%H%M%S}" if is_full else ""
    db.session.remove()
    db.engine.dispose()
    with _put_sqlite(found, kept) if is_sqlite() else _put_postgres(found, kept) as where:
        try:
            yield where
        finally:
            db.session.remove()
            db.engine.dispose()


@contextmanager
def _put_sqlite(found: Path, kept: str) -> Iterator[str]:
    file, former = _file(), _file().with_name(f"{kept}.sqlite3") if kept else None
    with _aside(file, former), files.replaced(file, found, former):
        try:
            yield str(former) if former else ""
        except BaseException:
            for end in ENDS:
                _beside(file, end).unlink(missing_ok=True)
            raise


@contextmanager
def _aside(file: Path, former: Path | None) -> Iterator[None]:
    """Move the log of a damaged database along with it: SQLite would write it into the one that takes its place."""
    moved = [(_beside(file, end), _beside(former, end)) for end in ENDS if former and _beside(file, end).exists()]
    try:
        for there, kept in moved:
            there.rename(kept)
        yield
    except BaseException:
        for there, kept in moved:
            with suppress(FileNotFoundError):
                kept.rename(there)
        raise


def _beside(file: Path, end: str) -> Path:
    return file.with_name(file.name + end)


@contextmanager
def _put_postgres(found: Path, kept: str) -> Iterator[str]:
    """Move what is there into a schema of its own, which takes no time and can be undone."""
    if kept:
        with db.engine.begin() as connection:
            connection.execute(text(f"ALTER SCHEMA public RENAME TO {kept}"))
            connection.execute(text("CREATE SCHEMA public"))
    try:
        command = ["--exit-on-error", "--no-owner", "--no-privileges", "--schema=public", str(found)]
        _run("pg_restore", ["--single-transaction", *command], _("The database could not be put back"), into=True)
        yield f"the schema {kept}" if kept else ""
    except BaseException:
        db.session.remove()
        with db.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            bring_back = f"ALTER SCHEMA {kept} RENAME TO public" if kept else "CREATE SCHEMA public"
            connection.execute(text(bring_back))
        raise


def _file() -> Path:
    return Path(str(db.engine.url.database)).absolute()


def _run(program: str, arguments: list[str], trouble: str, *, into: bool = False, quiet: bool = False) -> None:
    """Run a program of PostgreSQL; the password is in its environment, never in the list of processes."""
    with db.engine.connect() as connection:
        server = connection.connection.dbapi_connection.info.server_version // 10_000  # type: ignore[union-attr]
    _none, options = db.engine.dialect.create_connect_args(db.engine.url)
    password, _adapters = options.pop("password", None), options.pop("context", None)
    if told := [name for name in SECRETS if name in options]:
        reason = _("%(name)s in FORUM_DATABASE_URL would stand in the list of processes; leave it out", name=told[0])
        raise Refused(_("%(trouble)s: %(reason)s.", trouble=trouble, reason=reason))
    joined = {
        name: (" " if name == "options" else ",").join(many)
        for name, many in options.items()
        if isinstance(many, tuple)
    }
    where = conninfo.make_conninfo(**{**options, **joined})
    environ = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    aims = [f"--dbname={where}"] if into or program == "pg_dump" else []
    command = [_program(program, server), *aims, *arguments]
    done: Any = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode and not quiet:
        reason = (done.stderr.strip().splitlines() or [_("no reason was given")])[0].rstrip(".")
        raise Refused(_("%(trouble)s: %(reason)s.", trouble=trouble, reason=reason))
    if done.returncode:
        raise Refused(_("%(trouble)s.", trouble=trouble))


def _program(program: str, server: int) -> str:
    """Return the program of the server's own version, else one of a later version that is on the path."""
    own = shutil.which(program, path=DEBIAN.format(server)) or shutil.which(program)
    if own is None:
        package = f"postgresql-client-{server}"
        raise Refused(
            _("%(program)s is missing: on Debian, apt install %(package)s.", program=program, package=package)
        )
    said = subprocess.run([own, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    version = next((int(word.split(".")[0]) for word in said.split() if word[:1].isdigit()), 0)
    if version < server:
        raise Refused(
            _(
                "%(program)s is of version %(version)s and the server of %(server)s: "
                "on Debian, apt install %(package)s.",
                program=program,
                version=version,
                server=server,
                package=f"postgresql-client-{server}",
            )
        )
    return own
