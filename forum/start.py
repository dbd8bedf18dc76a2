"""Serving: the port is free, the tables are right, a first debate and a first lead are there."""

import fcntl
import os
import socket
import sys
import tempfile
from functools import cache
from pathlib import Path

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from forum.accounts import links
from forum.db import db, is_sqlite, now, writing
from forum.debates import article_files, articles
from forum.debates.models import Debate
from forum.moderation import explanations, screened
from forum.search import index
from forum.settings import BadSetting

SEED = Path(__file__).parent / "seed" / "prostitution-in-kazakhstan.md"
LAST_ANSWERS = 20  # seconds for what is being answered when the server is told to stop; systemd waits for 90
THREADS = 8  # blocking threads of the one worker; most of a request's time is the database's


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Prepare the database where needed, then serve until stopped."""
    host, port = current_app.config["HOST"], current_app.config["PORT"]
    os.umask(0o077)  # database, copies and secrets are for this user only
    guard = _take(host, port)
    prepare()
    guard.close()
    click.echo(f"Serving {base_address()} – stop with Ctrl+C.", err=True)
    sys.stderr.flush()
    db.session.remove()
    db.engine.dispose()
    _serve(host, port)  # its worker is a fork of this process: what is loaded is not loaded again


def prepare() -> None:
    """Bring the tables up to date; import the seed article and print the lead's link where they are missing."""
    bring_up_to_date()
    with current_app.test_request_context(base_url="http://127.0.0.1"):
        if db.session.scalar(select(Debate.id).limit(1)) is None:
            with writing():
                articles.publish(article_files.read(SEED))
        with writing():
            explanations.ship()
            screened.catch_up()
        index.catch_up()
        if not links.has_lead():
            with writing():
                token = links.make(None)
            click.echo(
                "Nobody leads this forum yet. Open this link once, within 72 hours, and choose a name:", err=True
            )
            click.echo(f"  {link_address(token)}", err=True)


def bring_up_to_date() -> None:
    """Bring the tables to the newest migration, with a copy of what is there first."""
    if not is_current():
        _keep_copy()
        upgrade()


def _keep_copy() -> None:
    """Copy the database before its tables change; of an empty one there is nothing to keep."""
    former = revision()
    if former is None:
        return
    if not is_sqlite(current_app._get_current_object()):  # type: ignore[attr-defined]
        click.echo(
            "The tables of this version are newer; changing them now. Your own backups hold the former state.", err=True
        )
        return
    copy = Path(current_app.config["INSTANCE"]) / f"before-{former}-{now():%Y%m%d-%H%M%S}.sqlite3"
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.connection.cursor().execute("VACUUM INTO ?", (str(copy),))
    click.echo(
        f"The tables of this version are newer; changing them now. The former state is kept in {copy}.", err=True
    )


def is_current() -> bool:
    """Say whether the tables are those of the newest migration."""
    return revision() == newest_revision()


def revision() -> str | None:
    """Return the name of the migration at which the tables are; None where there are none."""
    try:
        with db.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except OperationalError as error:
        raise BadSetting("The database of FORUM_DATABASE_URL does not answer or cannot be opened.") from error


def newest_revision() -> str | None:
    """Return the name of the newest migration."""
    return _newest_in(str(current_app.config["MIGRATIONS"]))


@cache
def _newest_in(folder: str) -> str | None:
    return ScriptDirectory(folder).get_current_head()


def base_address() -> str:
    """Return the address of the site: the public one, or where the server listens."""
    config = current_app.config
    host = f"[{config['HOST']}]" if ":" in config["HOST"] else config["HOST"]
    return config["URL"].rstrip("/") or f"http://{host}:{config['PORT']}"


def link_address(token: str) -> str:
    """Return the address of a one-time link."""
    return f"{base_address()}/accounts/links/{token}"


def _take(host: str, port: int) -> socket.socket:
    """Hold the port while the database is prepared, so that of several starts at once one serves."""
    try:
        _lock(host, port)
        guard = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        guard.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        guard.bind((host, port))
        guard.listen(1)
    except OSError as error:
        raise click.ClickException(
            f"Something else serves {host}:{port} already; stop it or set FORUM_PORT ({error.strerror})."
        ) from error
    return guard


def _lock(host: str, port: int) -> None:
    """Lock this address for the server that this process becomes: between two sockets the port is free for a moment."""
    name = f"evenhand-{os.getuid()}-{host.replace(':', '.')}-{port}.lock"
    handle = os.open(Path(tempfile.gettempdir()) / name, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.set_inheritable(handle, True)  # it stays locked through exec, until the server ends


def _serve(host: str, port: int) -> None:
    """Serve. Told to stop, the server takes nobody new and ends what it has begun before it goes."""
    Granian(
        "forum.served:create_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        workers_kill_timeout=LAST_ANSWERS,
        log_level=LogLevels.error,
        log_access=False,
    ).serve()
