"""Nothing to seize: after many requests, no byte that leads to a person is at rest with the forum.

A real server behind a trusted proxy is sent addresses, browser names, referrers, query strings, mail addresses and
telephone numbers that occur nowhere else. Then its folder (database, journal, jobs), its log and its Redis are searched
for them, as they were sent and as they might have been hidden badly.
"""

import base64
import hashlib
import ipaddress
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote, urlencode

import numpy as np
import pytest
from redis import Redis

from forum.settings import ROOT
from tests.safety.test_counting import FORGETS, redis_server
from tests.world import PASSWORD, SLUG

PATIENCE = 90  # seconds for a start on a busy machine
HASHES = (hashlib.md5, hashlib.sha1, hashlib.sha256)
WINDOW = 8  # bytes of a trace that are looked for at once in all places


@dataclass
class Canary:
    """What one request brings along that would tell who sent it."""

    number: int
    word: str = field(default_factory=lambda: secrets.token_hex(6))

    @property
    def address(self) -> str:
        """An address of the ranges for tests and documents."""
        if self.number % 2:
            return str(ipaddress.ip_address(int(ipaddress.ip_address("198.18.0.0")) + 256 * self.number + 7))
        return str(ipaddress.ip_address(f"2001:db8:{self.number + 4096:x}:{self.word[:4]}::{self.word[4:8]}"))

    @property
    def prefix(self) -> str:
        """The part of the network that counts together."""
        return str(ipaddress.ip_network((self.address, 24 if self.number % 2 else 48), strict=False))

    @property
    def mail(self) -> str:
        """A mail address."""
        return f"{self.word}@mail.example"

    @property
    def phone(self) -> str:
        """A telephone number."""
        return f"+7701{int(self.word, 16) % 10**10:010d}"

    @property
    def headers(self) -> dict[str, str]:
        """What a browser and a proxy tell of it."""
        return {
            "User-Agent": f"Browser-{self.word}/1.0",
            "Referer": f"https://{self.word}.example/from?{self.word}",
            "X-Forwarded-For": self.address,
            "X-Forwarded-Proto": "https",
            "X-Real-IP": self.address,
            "Forwarded": f"for={self.address}",
            "Accept-Language": f"en, x-{self.word}",
            "X-Request-Id": self.word,
        }

    def traces(self) -> Iterator[bytes]:
        """Return what must be found nowhere."""
        packed = ipaddress.ip_address(self.address).packed
        if len(packed) > WINDOW:
            yield from (packed, packed[:WINDOW])
        for value in (
            self.word,
            self.address,
            self.prefix,
            self.mail,
            self.phone,
            self.phone[1:],
            self.headers["Referer"],
        ):
            yield from hidden_badly(value.encode())


def hidden_badly(value: bytes) -> Iterator[bytes]:
    """Return a value as it is and in the forms from which everybody could get it back, or prove it."""
    yield from (value, value.upper(), quote(value).encode(), value.hex().encode(), value.hex().upper().encode())
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + value)
        middle = coded[-(-shift * 8 // 6) : len(coded) - 4]
        yield from (middle, middle.translate(bytes.maketrans(b"+/", b"-_")))
    for make in HASHES:
        digest = make(value).digest()
        yield from (digest, digest.hex().encode(), base64.b64encode(digest)[:-3])


def found_in(place: bytes, traces: dict[bytes, int]) -> set[int]:
    """Return the numbers of the requests of which a trace is in `place`."""
    if len(place) < WINDOW:
        return set()
    begins: dict[bytes, list[bytes]] = {}
    for trace in traces:
        if len(trace) >= WINDOW:
            begins.setdefault(trace[:WINDOW], []).append(trace)
    wanted = np.frombuffer(b"".join(begins), dtype=np.uint64)
    found = set()
    for shift in range(WINDOW):
        windows = np.frombuffer(place, dtype=np.uint64, offset=shift, count=(len(place) - shift) // WINDOW)
        for at in WINDOW * np.flatnonzero(np.isin(windows, wanted)) + shift:
            for trace in begins[place[at : at + WINDOW]]:
                if place.startswith(trace, at):
                    found.add(traces[trace])
    return found


class Sender:
    """Somebody with a cookie, who sends each request with the traces of another person."""

    def __init__(self, port: int, canaries: Iterator[Canary]) -> None:
        self.port, self.canaries, self.cookie, self.sent = port, canaries, "", list[Canary]()

    def ask(self, method: str, path: str, canary: Canary | None = None, **fields: str) -> tuple[int, str]:
        """Send one request and return status and page."""
        canary = canary or self.next()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = canary.headers | ({"Cookie": self.cookie} if self.cookie else {})
        body = urlencode(fields) if fields else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode(errors="replace")
        if cookie := answer.getheader("Set-Cookie"):
            self.cookie = cookie.partition(";")[0]
        connection.close()
        return answer.status, page

    def next(self) -> Canary:
        """Return what the next request brings along."""
        self.sent.append(next(self.canaries))
        return self.sent[-1]

    def post(self, path: str, canary: Canary | None = None, *, of: str = "", **fields: str) -> tuple[int, str]:
        """Send the form of a page."""
        _status, page = self.ask("GET", of or path)
        token = re.search(r'name="csrf_token" value="([^"]*)"', page)
        return self.ask("POST", path, canary, csrf_token=token[1] if token else "", **fields)


@contextmanager
def serving(folder: Path, port: int, redis: str) -> Iterator[None]:
    """Serve a forum from `folder`, with its log beside it."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
    environ |= {"FLASK_APP": "forum", "FORUM_INSTANCE": str(folder), "FORUM_PORT": str(port), "FORUM_REDIS_URL": redis}
    environ |= {
        "FORUM_TRUSTED_PROXIES": "1",
        "FORUM_URL": "https://forum.example",
        "FORUM_SMTP_URL": "smtp://127.0.0.1:9",
    }
    flask = [sys.executable, "-m", "flask"]
    made = ["generate", "--debates", "1", "--replies", "8", "--users", "4", "--votes", "0", "--seed", "1"]
    with (folder.parent / "log").open("wb") as log:
        quiet = {"cwd": ROOT, "env": environ, "stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        subprocess.run([*flask, "db", "upgrade"], check=True, **quiet)
        subprocess.run([*flask, *made], check=True, **quiet)
        with subprocess.Popen([*flask, "serve"], start_new_session=True, **quiet) as process:
            try:
                wait_for(port)
                yield
            finally:
                os.killpg(process.pid, signal.SIGTERM)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=2)
        with suppress(OSError, HTTPException):
            connection.request("GET", "/healthz")
            with connection.getresponse() as answer:
                status = answer.status
            connection.close()
            if status == 200:
                return
        connection.close()
    raise TimeoutError


def visit(port: int, many: int) -> tuple[list[Canary], set[int]]:
    """Send so many requests of all kinds, and return what they brought along and how they were answered."""
    sender = Sender(port, map(Canary, range(10**6)))
    member = Sender(port, sender.canaries)
    statuses = set()
    status, _page = member.post("/accounts/sign-up", name="newcomer", password=PASSWORD)
    assert status == 200
    ways = [
        lambda c: sender.ask("GET", f"/?from={c.word}&mail={quote(c.mail)}", c),
        lambda c: sender.ask("GET", f"/debates/{SLUG}?sort=newest&phone={quote(c.phone)}", c),
        lambda c: sender.ask("GET", f"/search?q={quote(c.mail)}", c),
        lambda c: member.ask("GET", f"/search?q={quote(c.phone)}", c),
        lambda c: sender.ask("GET", f"/people/{quote(c.phone)}", c),
        lambda c: member.ask("GET", f"/{c.word}/{quote(c.mail)}", c),
        lambda c: sender.post("/accounts/sign-in", c, name=c.mail, password=c.phone),
        lambda c: sender.ask("GET", f"/api/v1/debates?after={c.word}&mail={quote(c.mail)}", c),
        lambda c: sender.ask("POST", "/accounts/sign-in", c, name=c.mail, code=c.word * 9000),
        lambda c: sender.ask("TRACE", f"/about?{c.word}", c),
        lambda c: sender.post("/replies/1/report", c, reason="respect", explanation="Somebody is insulted here."),
        lambda c: member.post(
            "/notifications/mail", c, change="address", address=c.mail, frequency="daily", current=PASSWORD
        ),
        lambda c: member.ask("POST", "/notifications/read", c, csrf_token=c.word),
        lambda c: sender.ask("GET", f"/mail/confirm/{c.word}", c),
        lambda c: sender.ask("GET", f"/feeds/debates.atom?{c.word}", c),
        lambda c: sender.post("/accounts/recover", c, name=c.phone, code=c.word, password=c.mail),
    ]
    while len(sender.sent) + len(member.sent) < many:
        for way in ways:
            statuses.add(way(sender.next())[0])
    return [*sender.sent, *member.sent], statuses


def at_rest(folder: Path, redis: str) -> dict[str, bytes]:
    """Return all that a raid would find, by its name."""
    found = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    if redis:
        with Redis.from_url(redis) as client:
            keys = client.keys("*")
            found["redis"] = b"\n".join([*keys, *(client.dump(key) or b"" for key in keys)])
    return found


MANY = [pytest.param(100, id="a hundred"), pytest.param(1000, id="a thousand")]


@pytest.mark.long
@pytest.mark.parametrize("many", MANY)
@pytest.mark.parametrize("place", ["memory", "redis"])
def test_no_trace_of_anybody_is_at_rest(tmp_path: Path, port: int, place: str, many: int) -> None:
    folder = tmp_path / "forum"
    folder.mkdir()
    beside = tmp_path / "beside"
    beside.mkdir()
    with redis_server(beside, *FORGETS) as address:
        redis = address if place == "redis" else ""
        with serving(folder, port, redis):
            canaries, statuses = visit(port, many)
            places = at_rest(tmp_path, redis)
        places |= {f"stopped: {name}": held for name, held in at_rest(tmp_path, redis).items()}
    traces = {trace: canary.number for canary in canaries for trace in canary.traces()}
    assert {name for name, held in places.items() if found_in(held, traces)} == set()
    assert {"forum/forum.sqlite3", "forum/forum.sqlite3-wal", "log"} <= set(places)
    assert {200, 303, 404, 405, 413, 422} <= statuses, "the requests were of all kinds"
    assert not redis or b"evenhand-" in places["redis"], "what is limited was counted"
    assert places["stopped: log"].count(b'"route"') >= many, "each request was logged"


def test_the_search_finds_every_kind_of_trace_wherever_it_lies() -> None:
    canary = Canary(4)
    traces = dict.fromkeys(canary.traces(), canary.number)
    noise = secrets.token_bytes(10_000)
    assert found_in(noise, traces) == set()
    for trace in traces:
        for shift in range(WINDOW):
            assert found_in(noise[: 500 + shift] + trace + noise, traces) == {4}, trace
    assert found_in(base64.b64encode(b"to " + canary.mail.encode() + b" and more"), traces) == {4}
