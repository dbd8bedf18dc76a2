"""The first start, the later ones, and several at once: real processes on a real port."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryFile
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from forum.debates.models import Stance
from forum.jobs import EVERY
from forum.settings import ROOT
from forum.start import prepare
from tests.conftest import environ
from tests.world import DEBATE, PASSWORD, World, hidden_field

PATIENCE = 60  # seconds until a start counts as failed; a busy machine needs twenty
LINK = re.compile(r"http://127\.0\.0\.1:\d+/accounts/links/[\w-]{43}")


class Start:
    """One `flask serve`, and what it says."""

    def __init__(self, folder: Path, port: int) -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
        environ |= {"FLASK_APP": "forum", "FORUM_INSTANCE": str(folder), "FORUM_PORT": str(port)}
        self.address = f"http://127.0.0.1:{port}"
        self.output = TemporaryFile()  # noqa: SIM115 (closed by `stop`)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "serve"],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output,
            start_new_session=True,
        )

    @property
    def said(self) -> str:
        """What it has said until now."""
        return os.pread(self.output.fileno(), 100_000, 0).decode()

    def has_ended(self, within: float = 0) -> bool:
        """Say whether it has ended, or ends `within` so many seconds."""
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def serves(self) -> bool:
        """Wait until it answers; False if it ends or never does."""
        wait_until(lambda: self.has_ended(0.1) or answers(self.address))
        return not self.has_ended() and answers(self.address)

    def press_ctrl_c(self) -> None:
        """Interrupt it as a terminal does: with all its processes at once."""
        os.killpg(self.process.pid, signal.SIGINT)

    def stop(self) -> str:
        """End it and return what it said."""
        if not self.has_ended():
            self.process.terminate()
            if not self.has_ended(PATIENCE):
                self.kill()
                raise TimeoutError(self.said)
        said = self.said
        self.output.close()
        return said

    def kill(self) -> None:
        """End it by force, with all its processes."""
        if not self.has_ended():
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@contextmanager
def starts(folder: Path, port: int, count: int = 1, apart: float = 0) -> Iterator[list[Start]]:
    """Start the forum so many times, some seconds `apart`, and stop what still runs at the end."""
    begun = [Start(folder, port)]
    try:
        while len(begun) < count:
            begun[0].has_ended(apart)
            begun.append(Start(folder, port))
        yield begun
    finally:
        for start in begun:
            if not start.output.closed:
                start.stop()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so() and time.monotonic() < deadline:
        pass  # what is asked waits by itself


def answers(address: str) -> bool:
    try:
        return get(build_opener(), address + DEBATE)[0] == 200
    except (OSError, HTTPException):
        return False


def get(browser: OpenerDirector, address: str, **fields: str) -> tuple[int, str]:
    """Open a page, or send a form; return the status and the page."""
    data = urlencode(fields).encode() if fields else None
    try:
        with browser.open(address, data, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def new_browser() -> OpenerDirector:
    return build_opener(HTTPCookieProcessor(CookieJar()))


def is_one_sentence(said: str) -> bool:
    return said.count("\n") == 1 and said.endswith(".\n")


def test_the_first_start_prints_a_link_that_makes_the_lead_and_later_ones_keep_all(tmp_path: Path, port: int) -> None:
    folder = tmp_path / "new"
    with starts(folder, port) as (first,):
        assert first.serves()
        assert "Prostitution should be legalised" in get(new_browser(), first.address + DEBATE)[1]
        assert [file.name for file in folder.iterdir() if file.stat().st_mode & 0o077] == [], "for its owner only"
        (former,) = LINK.findall(first.stop())
    with starts(folder, port) as (second,):
        assert second.serves()
        (link,) = LINK.findall(second.said)
        lead = new_browser()
        assert get(lead, former)[0] == 404, "a start without a lead ends the former link"
        token = hidden_field(get(lead, link)[1], "csrf_token")
        assert get(lead, link, csrf_token=token, name="zarina", password=PASSWORD)[0] == 200
    with starts(folder, port) as (third,):
        assert third.serves()
        assert get(lead, f"{third.address}/accounts/settings")[0] == 200, "the session outlives the server"
        status, page = get(lead, f"{third.address}/moderation")
        assert status == 403
        assert "second factor" in page, "which is set up before the desk opens"
        assert get(new_browser(), link)[0] == 404
        assert LINK.findall(third.stop()) == []


def test_a_second_start_on_the_same_port_ends_with_one_sentence(tmp_path: Path, port: int) -> None:
    with starts(tmp_path, port) as (first,):
        assert first.serves()
        with starts(tmp_path, port) as (second,):
            assert second.has_ended(PATIENCE)
            assert second.process.returncode == 1
            assert is_one_sentence(second.said), second.said
            assert str(port) in second.said
        assert first.serves(), "the first one never noticed"


def one_serves(folder: Path, port: int, count: int, apart: float = 0) -> None:
    """Begin so many starts: one serves, and each of the others says why it does not."""
    with starts(folder, port, count, apart) as begun:
        wait_until(lambda: sum(not start.has_ended(0.1) for start in begun) <= 1)
        others = [start for start in begun if start.has_ended()]
        for other in others:
            assert is_one_sentence(other.said), other.said
            assert other.process.returncode == 1
        (left,) = [start for start in begun if start not in others]
        assert left.serves(), left.said


def test_of_several_starts_at_once_one_serves(tmp_path: Path, port: int) -> None:
    one_serves(tmp_path, port, 2)
    one_serves(tmp_path, port, 5, apart=0.15)  # later starts, each while the one before is still beginning


@pytest.mark.long
@pytest.mark.parametrize("apart", [0, 0.1, 0.2, 0.4])
def test_of_many_starts_one_serves_every_time(tmp_path: Path, port: int, apart: float) -> None:
    for number in range(5):
        for _first_and_later in range(2):
            one_serves(tmp_path / str(number), port, 5, apart)


def test_one_process_of_the_server_does_the_jobs_beside_its_pages(tmp_path: Path, port: int) -> None:
    with starts(tmp_path, port) as (start,):
        assert start.serves()
        wait_until(lambda: len(jobs_done(tmp_path)) == len(EVERY))
        assert set(jobs_done(tmp_path)) == set(EVERY)
        files = [process for process in processes_of(start) if holds(process, tmp_path / "wake.sqlite3")]
        assert len(files) == 1
        assert "ERROR" not in start.said


def jobs_done(folder: Path) -> list[str]:
    """Return the kinds of jobs that were done and wait for their next time."""
    with closing(sqlite3.connect(folder / "forum.sqlite3")) as database:
        found = database.execute("SELECT kind FROM jobs WHERE run_at > created_at AND attempts = 0")
        return [kind for (kind,) in found]


def processes_of(start: Start) -> list[Path]:
    """Return the processes of a server, as folders of /proc."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError):  # it has just ended
            found += [path] if os.getpgid(int(path.name)) == start.process.pid else []
    return found


def holds(process: Path, file: Path) -> bool:
    return any(link.resolve() == file for link in (process / "fd").iterdir())


def test_one_ctrl_c_stops_the_server(tmp_path: Path, port: int) -> None:
    for _ in range(2):
        with starts(tmp_path, port) as (start,):
            assert start.serves()
            start.press_ctrl_c()
            has_ended = start.has_ended(10)
            start.kill()
            assert has_ended, "it serves on, and a person has to press again"


NOT_FOR_READERS = [  # packages that took half of the time and the memory of a start
    "alembic",  # tables that are those of this version
    "psycopg",  # with SQLite
    "redis",  # without FORUM_REDIS_URL
    "pydantic",  # the API
    "webauthn",  # passkeys
    "email_validator",  # addresses for letters
    "markdown_it",  # writing
    "phonenumbers",  # screening
    "numpy.random",  # weighing votes
    "yaml",  # articles from files
    "segno",  # setting an app for codes up
    "forum.moderation.screening.phases",
    *("forum.demo", "forum.generate", "forum.backups", "forum.restoring", "forum.cli"),  # other commands
]
READING = """
import sys
import flask.cli
from forum import create_app, served

app = create_app()
with app.app_context():
    served.prepare()
    served.load_worker(app)
client = app.test_client()
for page in sys.argv[1:]:
    assert client.get(page).status_code == 200, page
print(*sys.modules)
"""


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_server_has_nothing_loaded_that_its_readers_do_not_need(world: World, tmp_path: Path) -> None:
    world.published("boris", Stance.PRO)
    with world.app.app_context():
        prepare()
    pages = ["/", DEBATE, "/log", "/rules", "/accounts/sign-in", "/accounts/sign-up", "/healthz", "/readyz"]
    ended = subprocess.run(
        [sys.executable, "-c", READING, *pages],
        cwd=ROOT,
        env=os.environ | environ(tmp_path, world.app.config["DATABASE_URL"]),
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    loaded = ended.stdout.split()
    assert "huey" in loaded, "it does the jobs"
    assert [name for name in NOT_FOR_READERS if name in loaded] == []


SIGNING_IN = """
from pathlib import Path
from threading import Thread
from forum import served
from forum.accounts.passwords import digest

def pages() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1])

served.give_back_memory()
before = pages()
for _round in range(2):
    threads = [Thread(target=digest, args=["a password"]) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
print((pages() - before) * 4096)
"""


def test_eight_who_sign_in_at_once_leave_no_memory_behind() -> None:
    ended = subprocess.run([sys.executable, "-c", SIGNING_IN], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(ended.stdout) < 19 * 1024 * 1024, "less than one hash takes"
