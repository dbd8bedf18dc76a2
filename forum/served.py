"""The forum as it is served: with its background jobs in the same process."""

import signal

from flask import Flask

from forum import create_app as bare_app
from forum import logs, settings, worker
from forum.accounts import limits


def create_app() -> Flask:
    """Build the application and let it do its jobs."""
    logs.to_standard_error(is_short=settings.load()["LOG"] == "faults")
    # A Ctrl+C reaches server and worker at once; the worker is told by the server, and two signals would confuse it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    app = bare_app()
    with app.app_context():
        limits.counts().state()  # the log tells if Redis may not be used for them
    worker.start(app)
    return app
