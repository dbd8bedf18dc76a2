"""The forum as it is served: with its background jobs in the same process."""

from flask import Flask

from forum import create_app as bare_app
from forum import logs, settings, worker
from forum.accounts import limits


def create_app() -> Flask:
    """Build the application and let it do its jobs."""
    logs.to_standard_error(is_short=settings.load()["LOG"] == "faults")
    app = bare_app()
    with app.app_context():
        limits.counts().state()  # the log tells if Redis may not be used for them
    worker.start(app)
    return app
