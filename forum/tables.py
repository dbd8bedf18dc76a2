"""The tables: whether they are those of this version, and how they become so.

Alembic is loaded only where they change. Whether they must is told by two numbers, and looking at those with Alembic
took 100 ms of each start, and 10 MB of each server for as long as it ran.
"""

from functools import cache
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError
from werkzeug.local import LocalProxy

from forum.db import db, is_sqlite, now
from forum.settings import BadSetting
from forum.terminal import _

OF_THE_ENGINE = "search_index"  # what each keeps in its own way; migrations make it, the models do not know it


def init_app(app: Flask) -> None:
    """Let `flask db …` and `upgrade` find what Flask-Migrate has to know of `app`, once they ask."""

    def bind() -> Any:
        from flask_migrate import Migrate  # with Alembic: see above

        folder = str(app.config["MIGRATIONS"])
        Migrate(app, db, folder, render_as_batch=True, compare_type=True, include_object=_is_modelled)
        return app.extensions["migrate"]  # in the place of the proxy

    app.extensions["migrate"] = LocalProxy(bind)


def bring_up_to_date() -> None:
    """Bring the tables to the newest migration, with a copy of what is there first."""
    if not is_current():
        _keep_copy()
        upgrade()


def upgrade() -> None:
    """Run the migrations that the tables have not seen."""
    from flask_migrate import upgrade as run  # with Alembic: see above

    run()


def is_current() -> bool:
    """Say whether the tables are those of the newest migration."""
    return revision() == newest_revision()


def revision() -> str | None:
    """Return the name of the migration at which the tables are; None where there are none."""
    try:
        with db.engine.connect() as connection:
            return revision_in(connection)
    except OperationalError as error:
        raise BadSetting(_("The database of FORUM_DATABASE_URL does not answer or cannot be opened.")) from error


def revision_in(connection: Connection) -> str | None:
    """Return the same as `revision`, for who has a connection already."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


def newest_revision() -> str:
    """Return the name of the newest migration."""
    return revisions(current_app.config["MIGRATIONS"])[-1]


@cache
def revisions(folder: Path) -> list[str]:
    """Return the names of all migrations, which are the numbers before the names of their files."""
    return sorted(file.name.partition("_")[0] for file in (folder / "versions").glob("*.py"))


def _keep_copy() -> None:
    """Copy the database before its tables change; of an empty one there is nothing to keep."""
    former = revision()
    if former is None:
        return
    if not is_sqlite(current_app._get_current_object()):  # type: ignore[attr-defined]
        click.echo(
            _("The tables of this version are newer; changing them now. Your own backups hold the former state."),
            err=True,
        )
        return
    copy = Path(current_app.config["INSTANCE"]) / f"before-{former}-{now():%Y%m%d-%H%M%S}.sqlite3"
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.connection.cursor().execute("VACUUM INTO ?", (str(copy),))
    click.echo(
        _("The tables of this version are newer; changing them now. The former state is kept in %(file)s.", file=copy),
        err=True,
    )


def _is_modelled(_object: Any, name: str | None, *_more: Any) -> bool:
    """Say whether the models and a part of the database are to agree."""
    return not str(name).startswith(OF_THE_ENGINE)
