"""The samples for proxy and systemd: the real programs take them, and slow clients keep nobody waiting."""

import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from forum.settings import ROOT
from tests.browser import served
from tests.test_start import starts, wait_until
from tests.world import DEBATE, World

SAMPLES = ROOT / "deploy"
FORGED = {"X-Forwarded-For": "203.0.113.7", "X-Real-IP": "203.0.113.7", "Forwarded": "for=203.0.113.7"}
TRUSTING = ssl._create_unverified_context()  # noqa: S323 (a certificate of this test)


def program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/local/bin:/usr/bin:/bin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Echo(BaseHTTPRequestHandler):
    """Stands where the forum would be, and says what has reached it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.seen.append(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        said = json.dumps(
            {"headers": {k.lower(): v for k, v in self.headers.items()}, "body": len(self.rfile.read(length))}
        )
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said.encode())

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_said: object) -> None:
        pass


@pytest.fixture
def echo() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.seen, server.handle_error = [], lambda *_which: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificate")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([program("openssl"), *command[1:], *files], check=True, capture_output=True)
    (folder / "both.pem").write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())
    return folder / "both.pem"


@contextmanager
def haproxy(tmp_path: Path, certificate: Path, forum: int) -> Iterator[int]:
    """Run the sample before a port; gives the port of its https."""
    sample, secure = tmp_path / "haproxy.cfg", free_port()
    text = (SAMPLES / "haproxy.cfg").read_text(encoding="utf-8")
    for here, there in {
        "bind :80": f"bind 127.0.0.1:{free_port()}",
        "bind :443": f"bind 127.0.0.1:{secure}",
        "/etc/haproxy/debate.pem": str(certificate),
        "127.0.0.1:8000": f"127.0.0.1:{forum}",
    }.items():
        assert text.count(here) == 1, here
        text = text.replace(here, there)
    sample.write_text(text, encoding="utf-8")
    checked = subprocess.run([program("haproxy"), "-c", "-f", str(sample)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "WARNING" not in checked.stderr
    with running([program("haproxy"), "-db", "-f", str(sample)], secure):
        yield secure


@contextmanager
def caddy(tmp_path: Path, forum: int) -> Iterator[int]:
    sample, port = tmp_path / "Caddyfile", free_port()
    text = (SAMPLES / "Caddyfile").read_text(encoding="utf-8")
    for here, there in {
        "debate.example.org {": f"http://127.0.0.1:{port} {{",
        "127.0.0.1:8000": f"127.0.0.1:{forum}",
    }.items():
        assert text.count(here) == 1, here
        text = text.replace(here, there)
    sample.write_text(text, encoding="utf-8")
    config = ["--config", str(sample), "--adapter", "caddyfile"]
    checked = subprocess.run([program("caddy"), "validate", *config], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    with running([program("caddy"), "run", *config], port):
        yield port


@contextmanager
def nginx(tmp_path: Path, certificate: Path, forum: int) -> Iterator[int]:
    sample, secure = tmp_path / "nginx.conf", free_port()
    text = (SAMPLES / "nginx.conf").read_text(encoding="utf-8")
    for here, there in {
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl": f"listen 127.0.0.1:{secure} ssl",
        "/etc/nginx/debate.pem;\n        ssl_certificate_key /etc/nginx/debate.pem": (
            f"{certificate};\n        ssl_certificate_key {certificate}"
        ),
        "/var/cache/nginx/evenhand": str(tmp_path / "cache"),
        "127.0.0.1:8000": f"127.0.0.1:{forum}",
    }.items():
        assert text.count(here) == 1, here
        text = text.replace(here, there)
    own = (
        "user root; " if os.getuid() == 0 else ""
    ) + "pid {0}/pid; daemon off; {1}\nhttp {{ client_body_temp_path {0}/body; proxy_temp_path {0}/proxy;"
    own += " fastcgi_temp_path {0}/fastcgi; uwsgi_temp_path {0}/uwsgi; scgi_temp_path {0}/scgi;"
    head, body = text.split("http {", 1)
    sample.write_text(own.format(tmp_path, head) + body, encoding="utf-8")
    command = [program("nginx"), "-e", str(tmp_path / "error"), "-c", str(sample)]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    with running(command, secure):
        yield secure


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: process.poll() is not None or is_open(port))
        yield
    finally:
        process.kill()
        process.wait()


def is_open(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def ask(port: int, path: str, body: bytes | None = None, *, secure: bool = True, **headers: str) -> tuple[int, bytes]:
    """Send one request; a proxy that has not found the forum yet is asked again."""
    for _attempt in range(40):
        kind: Any = HTTPSConnection if secure else HTTPConnection
        facts = {"context": TRUSTING} if secure else {}
        with closing(kind("127.0.0.1", port, timeout=30, **facts)) as connection:
            connection.request("POST" if body is not None else "GET", path, body, headers)
            answer = connection.getresponse()
            found = answer.status, answer.read()
        if found[0] != 503:
            return found
        threading.Event().wait(0.25)
    return found


FRONTS = {"haproxy": haproxy, "nginx": nginx, "caddy": lambda tmp_path, _certificate, forum: caddy(tmp_path, forum)}


@pytest.mark.parametrize("front", FRONTS)
def test_one_hop_is_told_and_a_large_body_and_the_watchers_page_stay_outside(
    tmp_path: Path, certificate: Path, echo: ThreadingHTTPServer, front: str
) -> None:
    secure, forum = front != "caddy", echo.server_address[1]
    with FRONTS[front](tmp_path, certificate, forum) as port:
        status, said = ask(port, DEBATE, secure=secure, **FORGED)
        assert status == 200
        headers = json.loads(said)["headers"]
        assert headers["x-forwarded-for"] == "127.0.0.1"
        assert headers["x-forwarded-proto"] == ("https" if secure else "http")
        assert {"x-real-ip", "forwarded"} & set(headers) == set()
        assert ask(port, "/readyz", secure=secure)[0] == 404
        assert "/readyz" not in echo.seen
        status, said = ask(port, "/accounts/sign-in", b"x" * 65_000, secure=secure)
        assert (status, json.loads(said)["body"]) == (200, 65_000)
        refused = {413} if secure else {413, 502}  # Caddy stops reading, and says so in its own way
        assert ask(port, "/accounts/sign-in", b"x" * 66_000, secure=secure)[0] in refused


@pytest.mark.parametrize("front", [haproxy, nginx])
def test_a_request_is_held_back_until_it_is_whole(
    tmp_path: Path, certificate: Path, echo: ThreadingHTTPServer, front: Any
) -> None:
    with front(tmp_path, certificate, echo.server_address[1]) as port:
        assert ask(port, DEBATE)[0] == 200
        with socket.create_connection(("127.0.0.1", port)) as raw, TRUSTING.wrap_socket(raw) as line:
            head = f"POST /accounts/sign-in HTTP/1.1\r\nHost: {'x'}\r\nContent-Length: 60000\r\n\r\n"
            line.sendall(head.encode() + b"x" * 59_999)
            assert ask(port, "/log")[0] == 200
            assert "/accounts/sign-in" not in echo.seen
            line.sendall(b"x")
            assert line.recv(12) == b"HTTP/1.1 200"
        assert "/accounts/sign-in" in echo.seen


def test_nginx_keeps_a_page_for_so_long_as_it_may_and_nothing_of_a_member(
    tmp_path: Path, certificate: Path, world: World
) -> None:
    world.app.config |= {"SHARED_SECONDS": 60, "URL": "https://localhost", "TRUSTED_HOSTS": ["localhost"]}
    asked: list[str] = []

    def counted(environ: Any, start_response: Any) -> Any:
        asked.append(environ["PATH_INFO"])
        environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        return world.app(environ, start_response)

    aigerim = world.visitor("aigerim").client.get_cookie("session").value
    with served(counted) as address, nginx(tmp_path, certificate, int(address.rpartition(":")[2])) as front:

        def read(path: str, **headers: str) -> bytes:
            status, body = ask(front, path, Host="localhost", **headers)
            assert status == 200, body
            return body

        first = [read(DEBATE) for _time in range(3)]
        assert (len(set(first)), asked) == (1, [DEBATE])
        mine = read(DEBATE, Cookie=f"__Host-session={aigerim}")
        assert (b"aigerim" in mine, b"aigerim" in read(DEBATE), asked) == (True, False, [DEBATE] * 2)
        form = {read("/accounts/sign-up") for _time in range(2)}
        assert len(form) == 2, "each reader has a token of their own"
        world.app.config["SHARED_SECONDS"] = 0
        world.app.extensions["kept"].clear()
        asked.clear()
        for _time in range(2):
            read("/rules")
        assert asked == ["/rules"] * 2, "where the setting gives no time, every reader asks the forum"


def test_samples_write_no_access_log() -> None:
    assert "access_log off;" in (SAMPLES / "nginx.conf").read_text(encoding="utf-8")
    for name in ("haproxy.cfg", "Caddyfile"):
        lines = [line.partition("#")[0].split() for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()]
        words = {line[0] for line in lines if line} | {" ".join(line[:2]) for line in lines}
        assert words & {"option httplog", "option tcplog", "option dontlog-normal", "output"} == set()
    assert not any(line[:1] == ["log"] for line in map(str.split, (SAMPLES / "haproxy.cfg").read_text().splitlines()))


def test_systemd_takes_its_units(tmp_path: Path) -> None:
    for unit in SAMPLES.glob("evenhand*"):
        text = unit.read_text(encoding="utf-8").replace("/opt/evenhand/run", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
        assert unit.suffix == ".timer" or "\nEnvironmentFile=/etc/evenhand/forum.env\n" in text, "one place for both"
        assert "FORUM_" not in text, "a setting that one of them has alone"
    units = [str(path) for path in tmp_path.iterdir()]
    assert len(units) == 3
    checked = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    ours = [line for line in checked.stderr.splitlines() if "evenhand" in line]
    assert (checked.returncode, ours) == (0, []), checked.stderr


SLOW = {  # of slowhttptest
    "headers": ["-H", "-i", "2", "-t", "GET"],
    "body": ["-B", "-i", "2", "-s", "8192", "-t", "POST"],
    "reading": ["-X", "-w", "10", "-y", "20", "-n", "5", "-z", "32", "-k", "3"],
}


@pytest.mark.long
@pytest.mark.parametrize("kind", SLOW)
def test_two_hundred_slow_clients_keep_nobody_waiting(tmp_path: Path, certificate: Path, port: int, kind: str) -> None:
    slow = program("slowhttptest")
    with starts(tmp_path, port) as (start,), haproxy(tmp_path, certificate, port) as front:
        assert start.serves()
        assert ask(front, DEBATE)[0] == 200
        target = f"https://127.0.0.1:{front}{'/accounts/sign-in' if kind == 'body' else DEBATE}"
        command = [slow, "-c", "200", "-r", "100", "-l", "15", "-p", "5", *SLOW[kind], "-u", target]
        with (tmp_path / "slow.txt").open("w") as told:
            attack = subprocess.Popen(command, cwd=tmp_path, stdout=told, stderr=told)
            waited = []
            while attack.poll() is None:
                began = time.monotonic()
                try:
                    assert ask(front, DEBATE)[0] == 200
                except (OSError, HTTPException) as error:
                    pytest.fail(f"a reader was turned away: {error}")
                waited.append(time.monotonic() - began)
                assert ask(front, "/accounts/sign-in", b"name=x&password=y")[0] in {200, 400, 403, 422}
        print(f"{kind}: {len(waited)} readers, the slowest waited {max(waited):.2f} s")
        assert len(waited) >= 10
        assert sorted(waited)[len(waited) // 2] < 2
