"""The raw limits (limit_app.py) in the forum's own environment, on SQLite and the same server."""

import json
import os
import subprocess
import sys

from bench import corpus
from bench.adapters import base
from bench.adapters.base import FORM, GZIP, ROOT, Request


class Limit(base.Adapter):
    name = "limit"
    version_of = "flask"
    python = sys.executable

    def install(self):
        """Nothing: these are the forum's own packages."""

    def env(self):
        return {**os.environ, "PYTHONPATH": str(ROOT), "LIMIT_DB": str(self.dir / "content" / "limit.sqlite")}

    def fill(self, folder):
        self.sh(self.python, "-m", "bench.limit_app", cwd=ROOT)

    def start(self, folder):
        port = base.free_port()
        command = [self.python, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "8"]
        command += ["--host", "127.0.0.1", "--port", port, "--no-ws", "--log-level", "warning", "bench.limit_app:app"]
        return self.launch(folder, port, command, ready="/t/1")

    def requests(self, run):
        signed = GZIP | base.cookie_header(base.cookies(run.get("/login")[1]))
        etag = run.get("/mw/1")[1]["etag"]
        self.asked = {
            "page kept": Request("/mw/1", shown=50),
            "page kept, 304": Request("/mw/1", headers=GZIP | {"If-None-Match": etag}, shown=50, ok=(304,)),
            "page kept, from a view": Request("/cached/1", shown=50),
            "page": Request("/t/1", shown=50),
            "page by ORM": Request("/orm/1", shown=50),
            "page, member": Request("/in/1", headers=signed, shown=50),
            "post": Request(
                "/post/2",
                "POST",
                signed | FORM,
                lambda n: base.form({"csrf": "t0k3n", "body": corpus.post(n)}),
                1,
                (303,),
            ),
            "list": Request("/", shown=20),
        }
        return self.asked

    def counted(self):
        return count_statements(self.env(), "limit", self.asked)


def count_statements(env, program, asked):
    """Return how many statements each request sends, in a process of its own that has served it before."""
    told = []
    for work, request in asked.items():
        # What is posted twice is stored once; the second number is one of the same member.
        (path, headers, body), (_path, _headers, other) = request.parts(0), request.parts(corpus.USERS)
        told.append([work, request.method, path, headers, body and body.decode(), other and other.decode()])
    command = [sys.executable, "-m", "bench.statements", program]
    asked = subprocess.run(command, input=json.dumps(told), env=env, cwd=ROOT, capture_output=True, text=True)
    if asked.returncode:
        raise base.Missing(f"the statements could not be counted: {asked.stderr[-300:]}")
    return json.loads(asked.stdout)
