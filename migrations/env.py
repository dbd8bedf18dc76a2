"""How migrations run: each as one transaction on either engine; on SQLite without foreign keys, checked at the end."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db
options = current_app.extensions["migrate"].configure_args


def is_empty(found, revision, directives):
    """Make no file for a migration in which nothing changes."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


with database.engine.execution_options(writing=True).connect() as connection:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:  # a table that is copied must be dropped while others refer to it
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = OFF")
    else:  # a long table takes its time
        connection.connection.dbapi_connection.execute("SET statement_timeout = 0")
    context.configure(
        connection=connection,
        target_metadata=database.metadatas[None],
        transactional_ddl=True,
        **{**options, "process_revision_directives": is_empty},
    )
    with context.begin_transaction():
        context.run_migrations()
        if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError("a row refers to one that is not there; nothing was changed")
    if is_sqlite:
        connection.rollback()
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = ON")
    else:
        connection.invalidate()  # the next one has its limits again
