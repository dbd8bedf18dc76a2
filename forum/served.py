"""The forum as it is served: with its background jobs in the same process."""

from flask import Flask

from forum import create_app as bare_app
from forum import worker


def create_app() -> Flask:
    """Build the application and let it do its jobs."""
    app = bare_app()
    worker.start(app)
    return app
