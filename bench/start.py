"""What a start and an idle server cost, beside a bare Flask with SQLAlchemy that Granian serves: python -m bench.start [rounds]

Both are started on a database that is there, in turns. CPU is that of the process until its first answer (wall time is
told too, and says more about what else the machine does); memory is PSS of all its processes, after some pages and a
few seconds, and once more after a reply was posted (its words are screened, its Markdown rendered).
"""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path
from statistics import median

from bench import proctree

ROOT = Path(__file__).parent.parent
DEBATE = "/debates/prostitution-in-kazakhstan"
PAGES = ["/", DEBATE, "/log", "/search?q=police"]
RESTS = 3.0  # seconds before memory is looked at: the first jobs are done
BARE = """
import sys
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy import text

app = Flask("bare")
app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{sys.argv[2]}/bare.sqlite3"
db = SQLAlchemy(app)

@app.get("/")
def one():
    return str(db.session.scalar(text("SELECT 1")))

server = Granian("bare", port=int(sys.argv[1]), interface=Interfaces.WSGI, workers=1, blocking_threads=8, log_enabled=False)
server.serve(target_loader=lambda: app, wrap_loader=False)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def post_a_reply(address: str, name: str) -> None:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def send(path: str, of: str, **fields: str) -> None:
        page = browser.open(address + of).read().decode()
        fields["csrf_token"] = re.search(r'name="csrf_token" value="([^"]*)"', page)[1]
        browser.open(address + path, urllib.parse.urlencode(fields).encode()).read()

    send("/accounts/sign-up", "/accounts/sign-up", name=name, password="a password for a bench")
    words = f"Argument of {name}, with a reason that everybody can follow to its end."
    send(f"{DEBATE}/replies", DEBATE, text=words, stance="pro", key=name, hints_seen="")


def measured(command: list[str], port: int, environ: dict[str, str], pages: list[str], name: str) -> list[float]:
    """Start a server and return CPU and wall seconds until it answers, and MiB: idle, and after a reply."""
    address, began = f"http://127.0.0.1:{port}", time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        while True:
            try:
                urllib.request.urlopen(f"{address}/", timeout=30).read()
                break
            except OSError:
                time.sleep(0.01)
        taken = [proctree.cpu_seconds([process.pid]), time.monotonic() - began]
        for page in pages * 3:
            urllib.request.urlopen(address + page, timeout=30).read()
        time.sleep(RESTS)
        taken.append(proctree.pss_mib([process.pid]))
        if name:
            post_a_reply(address, name)
            time.sleep(RESTS)
        return [*taken, proctree.pss_mib([process.pid])]
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def main(rounds: int, folder: str) -> None:
    given = {key: value for key, value in os.environ.items() if not key.startswith("FORUM_")}
    taken: dict[str, list[list[float]]] = {"bare": [], "Evenhand": []}
    for number in range(rounds + 1):
        port = free_port()
        environ = given | {
            "FLASK_APP": "forum",
            "FORUM_INSTANCE": folder,
            "FORUM_PORT": str(port),
            "FORUM_LOG": "faults",
        }
        found = measured([sys.executable, "-m", "flask", "serve"], port, environ, PAGES, f"member-{number}")
        bare = measured([sys.executable, "-c", BARE, str(port), folder], port, given, ["/"], "")
        if number:  # the first one has made the database
            taken["Evenhand"].append(found)
            taken["bare"].append(bare)
    middle = {name: [median(column) for column in zip(*rows, strict=True)] for name, rows in taken.items()}
    print(f"{'':18}{'Evenhand':>10}{'bare':>10}{'ratio':>8}")
    for at, what in enumerate(["CPU to answer, s", "wall to answer, s", "idle, MiB", "after a reply, MiB"]):
        ours, limit = middle["Evenhand"][at], middle["bare"][at]
        print(f"{what:18}{ours:10.2f}{limit:10.2f}{ours / limit:8.1f}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5, made)
