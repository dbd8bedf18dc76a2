"""The log: a line of JSON for each request, and one for each fault; nothing in it is about a person.

A line names the route, never the address that was asked for, and gives the hour: to the second, it could be laid beside
what a provider knows of a line. A fault is told by its type and by where in the code it happened, never by its message,
which may quote what somebody sent.
"""

import atexit
import json
import logging
import random
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from time import perf_counter, sleep, time
from traceback import extract_tb
from typing import Any, TextIO

from flask import Flask, has_request_context, request

ROOT = Path(__file__).resolve().parent
METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"}
REQUESTS = logging.getLogger("forum.requests")
FAULTS = logging.getLogger("forum")
MOMENT = 0.2  # seconds
LOT = random.Random()  # noqa: S311 (a number to find lines by, no secret)
written = json.JSONEncoder(ensure_ascii=False).encode
LAST_WORDS = b"Something went wrong on our side. Please try once more.\n"


class Line(logging.Formatter):
    """Writes what is logged as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; of other people's code, where it spoke and not what it said."""
        moment = datetime.fromtimestamp(record.created, UTC)
        facts: dict[str, Any] = {"time": moment.isoformat(timespec="seconds"), "level": record.levelname.lower()}
        is_ours = record.name.partition(".")[0] == FAULTS.name
        facts["said"] = record.getMessage() if is_ours else f"{record.name}, {record.module}:{record.lineno}"
        facts |= {"request": number()} if number() else {}
        if record.exc_info and record.exc_info[1]:
            facts |= {"error": type(record.exc_info[1]).__name__, "at": _places(record.exc_info[1])}
        return written(facts)


class Batches(logging.StreamHandler[TextIO]):
    """Writes lines together, a moment later; a fault at once.

    To write each by itself took longer than all the rest of a page that is kept. Who kills the process with force
    loses the requests of that moment.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._lines: deque[str] = deque()  # taken by any thread, without a lock
        self._has_some = threading.Event()
        threading.Thread(target=self._write_on, name="log", daemon=True).start()
        atexit.register(self.flush)

    def emit(self, record: logging.LogRecord) -> None:
        """Take a line."""
        self.take(self.format(record))
        if record.levelno > logging.INFO:
            self.flush()

    def take(self, line: str) -> None:
        """Take a line that is written already."""
        self._lines.append(line)
        if not self._has_some.is_set():
            self._has_some.set()

    def flush(self) -> None:
        """Write what there is."""
        with self.lock or nullcontext():
            lines = [self._lines.popleft() for _ in range(len(self._lines))]
            if lines:
                self.stream.write("".join(f"{line}\n" for line in lines))
            super().flush()

    def _write_on(self) -> None:
        while self._has_some.wait():
            sleep(MOMENT)
            self._has_some.clear()
            self.flush()


class Requests:
    """Gives each request a number by lot, and logs its end."""

    def __init__(self, wsgi_app: Callable[..., Iterable[bytes]]) -> None:
        self.wsgi_app = wsgi_app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request; what nobody has caught becomes a bare answer, and no server logs its message."""
        began, hour = perf_counter(), _hour(int(time()) // 3600)
        environ["forum.number"] = f"{LOT.getrandbits(48):012x}"
        status = [500]

        def note(line: str, headers: Any, *more: Any) -> Any:
            status[0] = int(line[:3])
            return start_response(line, headers, *more)

        try:
            return self.wsgi_app(environ, note)
        except Exception as error:
            FAULTS.error("an error that no page could tell of", exc_info=error)
            start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
            return [LAST_WORDS]
        finally:
            if REQUESTS.isEnabledFor(logging.INFO):
                _log(hour, environ, status[0], round(1000 * (perf_counter() - began)))


def _log(hour: str, environ: dict[str, Any], status: int, ms: int) -> None:
    """Log the end of a request, past `logging`: what that makes of each line took longer than to find a kept page."""
    method, route = environ["REQUEST_METHOD"], environ.get("forum.route")
    named, place = method if method in METHODS else "other", f'"{route}"' if route else "null"
    line = (  # names of ours, hours and numbers: nothing that would have to be escaped
        f'{{"hour": "{hour}", "method": "{named}", "route": {place}, "status": {status}, "ms": {ms}, '
        f'"request": "{environ["forum.number"]}"}}'
    )
    for handler in logging.root.handlers:
        if isinstance(handler, Batches):
            handler.take(line)


@lru_cache(maxsize=2)
def _hour(number: int) -> str:
    """Return an hour since 1970 as it is written."""
    return datetime.fromtimestamp(number * 3600, UTC).strftime("%Y-%m-%dT%H")


def number() -> str:
    """Return the number of the present request, by which its lines in the log are found; nothing outside of one."""
    return str(request.environ.get("forum.number", "")) if has_request_context() else ""


def to_standard_error(*, is_short: bool) -> None:
    """Write the log of this process to standard error; a short one holds faults only."""
    handler = Batches(sys.stderr)
    handler.setFormatter(Line())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    REQUESTS.setLevel(logging.WARNING if is_short else logging.INFO)
    threading.excepthook = lambda fault: FAULTS.error("a thread has ended", exc_info=fault.exc_value)


def init_app(app: Flask) -> None:
    """Number and log the requests to `app`."""
    app.wsgi_app = Requests(app.wsgi_app)  # type: ignore[method-assign]
    app.log_exception = lambda exc_info: FAULTS.error("an error page failed", exc_info=exc_info)  # type: ignore[method-assign]
    app.before_request(_name_route)


def _name_route() -> None:
    request.environ["forum.route"] = request.endpoint


def _places(error: BaseException) -> list[str]:
    """Return where in the forum an error came through, and where it began."""
    frames = extract_tb(error.__traceback__)
    ours = [frame for frame in frames[:-1] if Path(frame.filename).is_relative_to(ROOT)][-2:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in [*ours, *frames[-1:]]]
