"""The commands that `flask` has here, and where each is: it is loaded when it is asked for, a server needs none."""

import click
from flask import Flask
from flask.cli import AppGroup
from werkzeug.utils import import_string

from forum import terminal

PLACES = {
    "backup": "forum.backups:backup",
    "db": "flask_migrate.cli:db",
    "debates": "forum.cli:debates",
    "demo": "forum.demo:demo",
    "demo-code": "forum.demo:demo_code",
    "generate": "forum.generate:generate",
    "log": "forum.cli:log",
    "restore": "forum.restoring:restore",
    "screen": "forum.cli:screen",
    "search": "forum.cli:search",
    "serve": "forum.served:serve",
    "users": "forum.cli:users",
    "work": "forum.worker:work",
}


class Commands(AppGroup):
    """The commands of the forum."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names."""
        return sorted({*super().list_commands(ctx), *PLACES})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one by its name."""
        if cmd_name in PLACES:
            return terminal.spoken(import_string(PLACES[cmd_name]))
        return super().get_command(ctx, cmd_name)


def init_app(app: Flask) -> None:
    """Add the commands to `flask`."""
    app.cli = Commands(app.name)
