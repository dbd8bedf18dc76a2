"""The server is killed again and again while people write: what it has acknowledged is there, once."""

import itertools
import os
import threading
import time
from contextlib import suppress
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener

import pytest
from sqlalchemy import create_engine, text

from tests.test_cli import shell
from tests.test_start import Start, answers, get, processes_of, wait_until
from tests.world import DEBATE, PASSWORD, hidden_field

CLIENTS = 6
AGAIN = 3.0  # seconds within which it answers after a crash, on a machine that has nothing else to do
LIVES = 1.0  # seconds between its first answer and the next kill
TICKS = os.sysconf("SC_CLK_TCK")


class NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_request: object) -> None:
        return None


class Client(threading.Thread):
    """Somebody who sends one reply after the other, each with its key, until it is acknowledged."""

    def __init__(self, address: str, name: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.address, self.name_here, self.stop = address, name, stop
        self.browser = build_opener(HTTPCookieProcessor(CookieJar()), NoRedirects)
        self.acknowledged: list[str] = []
        self.tries = 0

    def join_forum(self) -> None:
        page = f"{self.address}/accounts/sign-up"
        token = hidden_field(get(self.browser, page)[1], "csrf_token")
        assert get(self.browser, page, csrf_token=token, name=self.name_here, password=PASSWORD)[0] == 200
        self.token = hidden_field(get(self.browser, f"{self.address}{DEBATE}")[1], "csrf_token")

    def run(self) -> None:
        for number in itertools.count():
            words = f"Argument {number} of {self.name_here}, with a reason that everybody can follow to its end."
            while not self.stop.is_set():
                self.tries += 1
                if self.is_taken(words, f"{self.name_here}-{number}"):
                    self.acknowledged.append(words)
                    break
                self.stop.wait(0.05)
            if self.stop.is_set():
                return

    def is_taken(self, words: str, key: str) -> bool:
        fields = {"csrf_token": self.token, "stance": "pro", "text": words, "key": key, "hints_seen": ""}
        with suppress(OSError, HTTPException):
            return get(self.browser, f"{self.address}{DEBATE}/replies", **fields)[0] == 303
        return False


def seconds_used(start: Start) -> float:
    """Return for how long the processors have worked for a server until now."""
    used = 0.0
    for process in processes_of(start):
        with suppress(OSError):
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            used += (int(fields[11]) + int(fields[12])) / TICKS
    return used


def crash(tmp_path: Path, port: int, database: str, kills: int) -> tuple[list[float], list[float]]:
    """Kill the server so many times under six writers; return how long each start took, and how much work it was."""
    (tmp_path / "settings.toml").write_text(
        f'database_url = "{database}"\nreplies_per_hour = 1000000\nwaiting_per_member = 1000000\n', encoding="utf-8"
    )
    stop, start = threading.Event(), Start(tmp_path, port)
    waited, worked = [], []
    try:
        assert start.serves(), start.said
        clients = [Client(start.address, f"writer{n}", stop) for n in range(CLIENTS)]
        for client in clients:
            client.join_forum()
        for client in clients:
            client.start()
        for _kill in range(kills):
            start.has_ended(LIVES)
            start.kill()
            start.output.close()
            begun = time.monotonic()
            start = Start(tmp_path, port)
            address = start.address
            wait_until(lambda: start.has_ended(0.02) or answers(address))  # noqa: B023 (called at once)
            waited.append(time.monotonic() - begun)
            worked.append(seconds_used(start))
            assert not start.has_ended(), start.said
        before = sum(len(client.acknowledged) for client in clients)
        wait_until(lambda: sum(len(client.acknowledged) for client in clients) > before)
    finally:
        stop.set()
        start.kill()
        start.output.close()
    for client in clients:
        client.join(60)
    acknowledged = [words for client in clients for words in client.acknowledged]
    print(f"kills {kills}, acknowledged {len(acknowledged)} of {sum(client.tries for client in clients)} tries")
    print(f"answers again after {[round(w, 1) for w in waited]} s, with work of {[round(w, 1) for w in worked]} s")
    assert_whole(database, acknowledged)
    ended = shell(tmp_path, "log", "verify")
    assert ended.returncode == 0, ended.stderr
    return waited, worked


def assert_whole(database: str, acknowledged: list[str]) -> None:
    """See that nothing acknowledged is lost, nothing is there twice, and no transaction is there by half."""
    engine = create_engine(database)
    with engine.connect() as connection:
        stored = list(connection.scalars(text("SELECT text FROM revisions")))
        posted = connection.scalar(text("SELECT count(*) FROM audit_entries WHERE event = 'reply_posted'"))
        replies = connection.scalar(text("SELECT count(*) FROM replies"))
        if engine.dialect.name == "sqlite":
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    engine.dispose()
    assert set(acknowledged) - set(stored) == set(), "acknowledged and lost"
    assert len(stored) == len(set(stored)), "stored twice"
    assert posted == replies == len(stored)
    assert len(stored) - len(acknowledged) <= CLIENTS, "each may have one that was stored and not yet acknowledged"
    assert len(acknowledged) >= CLIENTS


def test_three_kills_lose_nothing_that_was_acknowledged(tmp_path: Path, port: int, database: str) -> None:
    crash(tmp_path, port, database, 3)


@pytest.mark.long
def test_half_a_minute_of_kills_loses_nothing_that_was_acknowledged(tmp_path: Path, port: int, database: str) -> None:
    waited, worked = crash(tmp_path, port, database, 30)
    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert min(worked) <= AGAIN, "more work than a machine does in that time"
    assert sorted(waited)[len(waited) // 2] <= AGAIN * busy
