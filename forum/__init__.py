"""Evenhand: a debate forum that shows its fairness."""

import gc
from collections.abc import Mapping
from typing import Any

gc.disable()  # nothing that is loaded here is garbage; looking for some among it took a fifth of a start

from flask import Flask  # noqa: E402

from forum import (  # noqa: E402
    accounts,
    api,
    commands,
    compiled,
    db,
    debates,
    errors,
    extensions,
    feeds,
    fragments,
    health,
    house,
    kept,
    logs,
    menu,
    moderation,
    notifications,
    privacy,
    search,
    settings,
    styleguide,
    tables,
    transparency,
    turns,
    web,
)
from forum.consequences import CONSEQUENCES, JOBS  # noqa: E402

gc.freeze()  # and it stays
gc.enable()

ROOMS = (accounts, debates, moderation, search, notifications, feeds, transparency, privacy, api)  # in shelf order


def create_app(environ: Mapping[str, str] | None = None, **config: Any) -> Flask:
    """Build the application from the settings in `environ` (default: the process's own).

    `config` goes over them, for tests. Raises `settings.BadSetting` in a sentence for people.
    """
    app = Flask(
        __name__,
        template_folder=settings.ROOT / "templates",
        static_folder=settings.ROOT / "static",
        instance_relative_config=False,
    )
    app.config.update(settings.load(environ), MIGRATIONS=settings.ROOT / "migrations", **config)
    db.init_app(app)
    tables.init_app(app)
    turns.init_app(app)
    kept.init_app(app)
    extensions.init_app(app)
    fragments.init_app(app)
    compiled.init_app(app)
    logs.init_app(app)
    web.init_app(app)
    errors.init_app(app)
    app.extensions.update(consequences=CONSEQUENCES, jobs=JOBS)
    for room in ROOMS:
        room.init_app(app)
    app.register_blueprint(house.bp)
    app.register_blueprint(health.bp)
    styleguide.init_app(app)
    menu.init_app(app)
    commands.init_app(app)
    return app
