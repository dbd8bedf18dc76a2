"""What every server shares: an environment, a folder, a process, and the requests that are sent to it.

An adapter names its packages, fills a folder and starts one server or several on it. `requests` gives
{work: Request}; a work that the program does not have is left out.
"""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench import loadgen, proctree

ROOT = Path(__file__).resolve().parent.parent.parent
GZIP = {"Accept-Encoding": "gzip", "User-Agent": "bench/1"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
START = 90  # seconds after which a server that does not answer is given up


class Missing(Exception):
    """A server cannot be measured here; the message says why."""


@dataclass
class Request:
    """What is sent; headers and body may depend on the number of the request."""

    path: str | Callable[[int], str]
    method: str = "GET"
    headers: dict | Callable[[int], dict] = field(default_factory=lambda: GZIP)
    body: Callable[[int], bytes] | None = None
    shown: int = 0  # replies (or topics, or hits) on the page
    ok: tuple = (200,)

    def parts(self, number):
        def made(part):
            return part(number) if callable(part) else part

        return made(self.path), made(self.headers), made(self.body)


@dataclass
class Run:
    """A server that runs. `backends` gives the processes of a database server that work for it alone."""

    name: str
    port: int
    process: subprocess.Popen
    cold_start: float = 0.0
    memory: float = 0.0  # MiB, once it has answered for the first time
    backends: Callable[[], list[int]] = list
    host: str = "127.0.0.1"

    @property
    def addr(self):
        return self.host, self.port

    def render(self, request, number):
        path, headers, body = request.parts(number)
        return loadgen.render(request.method, path, f"{self.host}:{self.port}", headers, body)

    def get(self, path, headers=None, method="GET", body=None):
        """Return (status, headers, body)."""
        return loadgen.once(self.addr, loadgen.render(method, path, f"{self.host}:{self.port}", headers or GZIP, body))

    def cpu(self, backends=()):
        return proctree.cpu_seconds([self.process.pid, *backends])

    def pss(self):
        return proctree.pss_mib([self.process.pid])

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(25)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


class Adapter:
    """One program. Its environment and its content stay in the work folder from run to run."""

    name = "?"
    packages = ()
    python_needed = (3, 11)
    version_of = ""  # the package whose version the results name

    def __init__(self, options):
        self.options = options
        self.dir = Path(options.workdir).resolve() / self.name
        self.dir.mkdir(parents=True, exist_ok=True)
        self.venv = self.dir / "venv"

    @property
    def python(self):
        return self.venv / "bin" / "python"

    def install(self):
        if (self.venv / ".done").exists():
            return
        shutil.rmtree(self.venv, ignore_errors=True)
        self.sh(self._find_python(), "-m", "venv", self.venv)
        self.sh(self.python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *self.packages)
        (self.venv / ".done").touch()

    def _find_python(self):
        """Return a Python that is new enough: this one, the one that was named, or one on the path."""
        names = [self.options.python, sys.executable, *(f"python3.{n}" for n in range(20, 10, -1))]
        for name in filter(None, names):
            code = f"import sys; sys.exit(sys.version_info < {self.python_needed})"
            with contextlib.suppress(OSError):
                if subprocess.run([name, "-c", code], stderr=subprocess.DEVNULL).returncode == 0:
                    return name
        needed = ".".join(map(str, self.python_needed))
        raise Missing(f"needs Python {needed}, and there is none on the path (--python names one)")

    def version(self):
        code = f"import importlib.metadata as m; print(m.version({self.version_of!r}))"
        asked = subprocess.run([self.python, "-c", code], capture_output=True, text=True, check=True)
        return asked.stdout.strip()

    def filled(self):
        """Return the folder of the content; fill it first where it is empty."""
        folder = self.dir / "content"
        if not (folder / ".filled").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            self.fill(folder)
            (folder / ".filled").touch()
        return folder

    def fill(self, folder):
        raise NotImplementedError

    def runs(self):
        """Start the servers of this program; yield each with its requests, as (run, {work: Request})."""
        run = self.start(self.filled())
        yield run, self.requests(run)

    def again(self):
        """Start the (first) server once more."""
        return self.start(self.filled())

    def start(self, folder):
        raise NotImplementedError

    def requests(self, run):
        raise NotImplementedError

    def counted(self):
        """Return how many statements each work sends, where that can be told: {work: number}."""
        return {}

    def env(self):
        return {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{self.venv / 'bin'}:{os.environ['PATH']}"}

    def sh(self, *command, env=None, **more):
        log = self.dir / "set-up.log"
        with open(log, "ab") as f:
            done = subprocess.run(
                [str(part) for part in command],
                stdout=f,
                stderr=f,
                stdin=subprocess.DEVNULL,
                env=self.env() | (env or {}),
                **more,
            )
        if done.returncode:
            lines = log.read_text(errors="replace").strip().splitlines()
            raise Missing(f"{Path(str(command[0])).name} gave {done.returncode}: {lines[-1][:200] if lines else ''}")

    def launch(self, folder, port, command, ready, env=None, backends=list):
        log = open(folder / "server.log", "ab")
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=log,
            stderr=log,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            env=self.env() | (env or {}),
            start_new_session=True,
        )
        run = Run(self.name, port, process, backends=backends)
        while True:
            with contextlib.suppress(OSError):
                if run.get(ready)[0] == 200:
                    break
            if process.poll() is not None or time.perf_counter() - began > START:
                run.stop()
                raise Missing(f"the server did not answer 200 on {ready}: see its server.log in the work folder")
            time.sleep(0.01)
        run.cold_start, run.memory = time.perf_counter() - began, run.pss()
        return run

    def gunicorn(self, target, port):
        return [
            self.venv / "bin" / "gunicorn",
            *("-w", "2", "--threads", "4", "-b", f"127.0.0.1:{port}", "--keep-alive", "30", target),
        ]

    def new_database(self, name, template="template1"):
        """Make a database on the PostgreSQL that was named, empty or a copy of another; return its name."""
        import psycopg

        if not self.options.postgres:
            raise Missing("needs PostgreSQL: --postgres names a server on which databases may be made")
        with psycopg.connect(self.options.postgres, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def address_of(self, database):
        from sqlalchemy import make_url

        address = make_url(self.options.postgres).set(drivername="postgresql+psycopg", database=database)
        return address.render_as_string(hide_password=False)

    def backends_of(self, database):
        """Return a function that gives the backends which work for a database."""
        import psycopg

        def pids():
            with psycopg.connect(self.options.postgres, autocommit=True) as connection:
                rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [database])
                return [pid for (pid,) in rows]

        return pids


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cookies(headers, jar=None):
    jar = dict(jar or {})
    for line in headers.get("set-cookie", "").split("\n"):
        key, sep, value = line.split(";")[0].partition("=")
        if sep:
            jar[key.strip()] = value.strip()
    return jar


def cookie_header(jar):
    return {"Cookie": "; ".join(f"{key}={value}" for key, value in jar.items())}


def form(fields):
    return urllib.parse.urlencode(fields).encode()


def hidden(page, name):
    """Return the value of a hidden input of a page."""
    for tag in re.findall(r"<input[^>]*>", page):
        if re.search(rf'name="{name}"', tag):
            return re.search(r'value="([^"]*)"', tag).group(1)
    raise Missing(f"a page has no field {name}")
