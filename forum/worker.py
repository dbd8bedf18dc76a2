"""The worker: Huey wakes it when a job was written, and once a minute in any case.

Huey holds no job, only the wish to be woken: in a file of its own, because one cannot write to a database file in which
one's own transaction is open, or in Redis. Losing it loses nothing.
"""

import os
import threading
from hashlib import blake2b
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from forum import jobs, logs
from forum.db import writing
from forum.tables import bring_up_to_date
from forum.terminal import _, _l

ANSWERS = 2.0  # seconds within which Redis answers, or is taken for dead: a page waits for it
LOOKS = 5.0  # seconds between two looks whether the threads of the worker live
SLOWEST = 1.0  # seconds between two looks for a wish to be woken


class InProcess(Consumer):
    """A consumer beside the threads of a server, whose signals are the server's."""

    def _set_signal_handlers(self) -> None:
        pass

    def start(self) -> None:
        """Begin, and look again and again whether the threads live: one that has died is replaced."""
        super().start()
        threading.Thread(target=self._look_after, name="LookAfter", daemon=True).start()

    def _look_after(self) -> None:
        while not self.stop_flag.wait(self._health_check_interval):
            self.check_worker_health()


def start(app: Flask) -> None:
    """Let `app` do its jobs in threads of this process, and be woken for them."""
    InProcess(_bind(app), max_delay=SLOWEST, health_check_interval=LOOKS).start()


@click.command("work", help=_l("Do the background jobs in a process of their own, until stopped."))
@with_appcontext
def work() -> None:
    """Do the background jobs in a process of their own, until stopped."""
    logs.to_standard_error(is_short=True)  # nobody sends it a request
    os.umask(0o077)  # what it makes is for this user only, like what `serve` makes
    bring_up_to_date()
    huey = _bind(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo(_("Doing what waits – stop with Ctrl+C."), err=True)
    Consumer(huey, max_delay=SLOWEST).run()


def _bind(app: Flask) -> Huey:
    """Return the bell of a forum; a commit that writes a job rings it."""
    huey = _bell(app)

    def do_jobs() -> None:
        with app.app_context():
            jobs.work()

    ring: Any = huey.task()(do_jobs)
    huey.periodic_task(crontab(), name="each_minute")(do_jobs)

    def wake() -> None:
        try:
            if not huey.pending_count():  # whoever answers the bell sees all that was committed before
                ring()
        except Exception as error:
            app.logger.warning("nobody could be woken for a job: %s", type(error).__name__)

    app.extensions["wake"] = wake
    with app.app_context(), writing():
        jobs.plan()
    wake()
    return huey


def _bell(app: Flask) -> Huey:
    secret = app.config["SECRET_KEY"]
    name = f"evenhand-{blake2b(secret.encode(), digest_size=4, person=b'bell').hexdigest()}"  # forums may share a Redis
    shared: dict[str, Any] = {"results": False, "serializer": SignedSerializer(secret=secret)}
    if app.config["REDIS_URL"]:
        from redis import ConnectionPool  # 40 ms and 6 MB, for a forum that has one

        pool = ConnectionPool.from_url(app.config["REDIS_URL"], socket_timeout=ANSWERS, socket_connect_timeout=ANSWERS)
        return RedisHuey(name, connection_pool=pool, blocking=False, **shared)
    return SqliteHuey(name, filename=str(Path(app.config["INSTANCE"]) / "wake.sqlite3"), **shared)
