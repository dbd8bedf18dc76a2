"""Requests take turns: a thread that Python runs is not disturbed by those that would only wait for Python, too.

Python runs one thread at a time. Several that all have something to do take it from each other at each statement of
SQLite and every few milliseconds, and that alone takes a seventh of the work of a page. So one request is answered
after the other; whoever has waited for a while goes on beside the others: one of them may be waiting for something
else. On PostgreSQL most of a request is such waiting, so there nobody takes turns.
"""

from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

from flask import Flask

from forum.db import is_sqlite

LONGEST = 0.1  # seconds; what somebody does not notice


class Turns:
    """Lets one request after the other through to Flask; pages that are kept do not come this far."""

    def __init__(self, wsgi_app: Callable[..., Iterable[bytes]], longest: float = LONGEST) -> None:
        self.wsgi_app, self.longest = wsgi_app, longest
        self._turn = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        is_ours = self._turn.acquire(timeout=self.longest)
        try:
            return self.wsgi_app(environ, start_response)
        finally:
            if is_ours:
                self._turn.release()


def init_app(app: Flask) -> None:
    """Let the requests of `app` take turns."""
    if is_sqlite(app):
        app.wsgi_app = Turns(app.wsgi_app)  # type: ignore[method-assign]
