"""The forum as it is served: one process answers, and does the background jobs."""

import ctypes
import faulthandler
import fcntl
import logging
import os
import socket
import sys
import tempfile
import threading
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mt import MTServer

from forum import logs
from forum.accounts import limits
from forum.db import db
from forum.start import base_address, prepare
from forum.terminal import _, _l

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # of malloc.h: from which size on, and in how many places
LARGE = 1024 * 1024  # bytes: a password's hash takes 19 times as much
LAST_ANSWERS = 20  # seconds for what is being answered when the server is told to stop
STOPPED = 30  # seconds after which it has stopped, whatever happens; systemd waits for 90
THREADS = 8  # blocking threads of the one worker; most of a request's time is the database's


@click.command("serve", help=_l("Prepare the database where needed, then serve until stopped."))
@with_appcontext
def serve() -> None:
    """Prepare the database where needed, then serve until stopped."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    host, port = app.config["HOST"], app.config["PORT"]
    os.umask(0o077)  # database, copies and secrets are for this user only
    guard = _take(host, port)
    prepare()
    guard.close()
    click.echo(_("Serving %(address)s – stop with Ctrl+C.", address=base_address()), err=True)
    sys.stderr.flush()
    db.session.remove()
    db.engine.dispose()
    give_back_memory()
    _serve(app, load_worker(app), host, port)


def give_back_memory() -> None:
    """Let what is large go back to the system when it is freed.

    The GNU C library learns from a password's hash that so much is usual, and keeps it in each thread, 170 MB of eight.
    The price is a quarter more time for a hash. It also gives each thread a place of its own, and what is free in one
    serves no other: 5 to 10 MB, and little for it, as Python lets one thread run at a time. Other libraries do neither.
    """
    with suppress(AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(M_MMAP_THRESHOLD, LARGE)
        library.mallopt(M_ARENA_MAX, 1)


def _take(host: str, port: int) -> socket.socket:
    """Hold the port while the database is prepared, so that of several starts at once one serves."""
    try:
        _lock(host, port)
        guard = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        guard.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        guard.bind((host, port))
        guard.listen(1)
    except OSError as error:
        raise click.ClickException(
            _(
                "Something else serves %(place)s already; stop it or set FORUM_PORT (%(reason)s).",
                place=f"{host}:{port}",
                reason=error.strerror,
            )
        ) from error
    return guard


def _lock(host: str, port: int) -> None:
    """Lock this address for the server that this process becomes: between two sockets the port is free for a moment."""
    name = f"evenhand-{os.getuid()}-{host.replace(':', '.')}-{port}.lock"
    handle = os.open(Path(tempfile.gettempdir()) / name, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.set_inheritable(handle, True)  # it stays locked through exec, until the server ends


def load_worker(app: Flask) -> ModuleType:
    """Load the worker, and with Huey none of the drivers of databases that it would load: 100 ms and 14 MB."""
    others = {"psycopg"} if app.config["REDIS_URL"] else {"psycopg", "redis"}
    hidden = others - sys.modules.keys()
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # what is None there is not found
    try:
        return import_module("forum.worker")
    finally:
        for name in hidden:
            del sys.modules[name]


class Server(MTServer):
    """Granian in one process, as it is where Python has no lock on its interpreter. With the lock it works as well.

    Elsewhere Granian forks, and the copies of what both processes write took 30 MB, and 0.1 s of a start.
    """

    def _check_gil(self) -> None:
        pass

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        """Begin to stop. Should the threads block each other on the way, a watch that needs none of them ends it."""
        faulthandler.dump_traceback_later(STOPPED, exit=True)
        super().signal_handler_interrupt(*args, **kwargs)  # type: ignore[no-untyped-call]


def _serve(app: Flask, worker: ModuleType, host: str, port: int) -> None:
    """Serve. Told to stop, the server takes nobody new and ends what it has begun before the process goes.

    It goes at once: threads of the server's that wait for Python while Python takes itself down could hold it.
    """
    Server(
        "forum",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        workers_kill_timeout=LAST_ANSWERS,
        log_level=LogLevels.error,
        log_access=False,
    ).serve(target_loader=lambda: _at_work(app, worker), wrap_loader=False)
    is_cut_off = any(thread.name == "granian-worker" for thread in threading.enumerate())
    logging.shutdown()  # the last lines are written
    os._exit(1 if is_cut_off else 0)


def _at_work(app: Flask, worker: ModuleType) -> Flask:
    """Return the application, doing its jobs in this process."""
    logs.to_standard_error(is_short=app.config["LOG"] == "faults")
    with app.app_context():
        if trouble := limits.counts().state():
            app.logger.warning(trouble)
    worker.start(app)
    return app
