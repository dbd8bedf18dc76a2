"""Limits: counted in this process or in Redis, under names that say nothing, and never to somebody's harm."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from limits import RateLimitItemPerHour
from redis import Redis, RedisError

from forum.accounts import counting, delays, limits, shared_counts
from forum.accounts.counting import Counts
from forum.accounts.models import User
from forum.db import db, writing
from forum.events import AuditEntry, Event
from tests.conftest import IN_CI
from tests.world import PASSWORD, World, at_once

THREE = RateLimitItemPerHour(3)
PREFIX = "198.18.7.0/24"
FORGETS = ("--save", "", "--appendonly", "no")


@contextmanager
def redis_server(folder: Path, *options: str) -> Iterator[str]:
    """Run a Redis of one's own and return its address."""
    program = shutil.which("redis-server")
    if program is None and IN_CI:
        pytest.fail("CI needs a Redis server: apt install redis.")
    if program is None:
        pytest.skip("no redis-server on the PATH")
    path = folder / "redis.sock"
    arguments = ["--port", "0", "--unixsocket", str(path), "--dir", str(folder), *options]
    with subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 20
        while not is_there(path) and time.monotonic() < deadline:
            pass
        try:
            yield f"unix://{path}"
        finally:
            process.kill()


def is_there(path: Path) -> bool:
    with suppress(OSError, RedisError), socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(0.2)
        probe.connect(str(path))
        with Redis(unix_socket_path=str(path)) as redis:
            return bool(redis.ping())
    return False


def hits(counts: Counts, many: int, whose: str = PREFIX) -> list[bool]:
    return [counts.hit(THREE, "sign-up", whose) for _ in range(many)]


def test_several_processes_count_together_in_redis(app: Flask, tmp_path: Path) -> None:
    with redis_server(tmp_path, *FORGETS) as address, app.app_context():
        one, other = Counts(address, "a secret"), Counts(address, "a secret")
        assert [*hits(one, 2), *hits(other, 2), *hits(one, 1)] == [True, True, True, False, False]
        assert other.look(THREE, "sign-up", PREFIX).remaining == 0
        assert other.look(THREE, "sign-up", "198.18.8.0/24").remaining == 3
        assert hits(Counts(address, "another forum"), 1) == [True], "forums may share a Redis"
        assert one.state() == ""


def test_redis_holds_no_address_and_no_key_for_longer_than_a_day(app: Flask, tmp_path: Path) -> None:
    with redis_server(tmp_path, *FORGETS) as address, app.app_context(), Redis.from_url(address) as redis:
        counts = Counts(address, "a secret")
        hits(counts, 2)
        keys = [key.decode() for key in redis.keys("*")]
        assert len(keys) == 2
        assert not any("198" in key or "sign-up" in key for key in keys)
        for key in keys:
            assert 0 < redis.ttl(key) <= 24 * 3600, key
        redis.delete(*[key for key in keys if key.endswith(":key")])  # as if a day had passed
        hits(counts, 2)
        assert len(redis.keys("*")) == 3, "the same prefix has another name under another key"
        assert list(tmp_path.glob("*.rdb")) == list(tmp_path.glob("appendonly*")) == []


@pytest.mark.parametrize(
    "options",
    [
        ("--save", "60 1", "--appendonly", "no"),
        ("--save", "", "--appendonly", "yes"),
        (*FORGETS, "--rename-command", "CONFIG", ""),
    ],
    ids=["snapshots", "append-only file", "does not tell"],
)
def test_a_redis_that_writes_to_a_disk_is_not_told_who_came(
    app: Flask, tmp_path: Path, options: tuple[str, ...]
) -> None:
    with redis_server(tmp_path, *options) as address, app.app_context(), Redis.from_url(address) as redis:
        counts = Counts(address, "a secret")
        assert hits(counts, 4) == [True, True, True, False]
        assert redis.keys("*") == []
        assert "Redis writes to a disk" in counts.state()
        app.config["REDIS_URL"] = address
        told = app.test_client().get("/readyz").json
        assert "Redis writes to a disk" in told["told"]["limits"]


def test_without_redis_each_process_counts_by_itself_and_it_heals(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "SILENT", 0.0)
    with redis_server(tmp_path, *FORGETS) as address, app.app_context():
        counts = Counts(address, "a secret")
        assert hits(counts, 4) == [True, True, True, False]
    with app.app_context():
        began = time.monotonic()
        assert hits(counts, 4) == [True, True, True, False], "nobody is turned away for what is not known"
        assert time.monotonic() - began < 4 * shared_counts.ANSWERS + 1
        assert "Redis cannot be asked" in counts.state()
    with redis_server(tmp_path, *FORGETS), app.app_context():
        assert hits(counts, 4) == [True, True, True, False]
        assert counts.state() == ""


def test_a_silent_redis_is_not_waited_for_by_everybody(app: Flask, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as deaf, app.app_context():
        deaf.bind(str(tmp_path / "deaf"))
        deaf.listen(8)
        counts = Counts(f"unix://{tmp_path / 'deaf'}", "a secret")
        began = time.monotonic()
        assert hits(counts, 30, "somebody")[:4] == [True, True, True, False]
        assert time.monotonic() - began < 2 * shared_counts.ANSWERS + 1


def test_the_key_of_a_process_changes_with_the_day(app: Flask) -> None:
    counts = Counts("", "a secret")
    today = datetime(2026, 11, 28, 23, 50, tzinfo=UTC)
    with time_machine.travel(today, tick=False), app.app_context():
        assert hits(counts, 4) == [True, True, True, False]
        key, names = counts.here.key, set(counts.here.storage.storage)
    with time_machine.travel(today + timedelta(minutes=20), tick=False), app.app_context():
        hits(counts, 1)
        assert counts.here.key != key
        assert len(counts.here.storage.storage) == 1
        assert not names & set(counts.here.storage.storage)
    assert not any("198." in name for name in names)


def test_the_memory_of_a_process_has_an_end(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST", 50)
    counts = Counts("", "a secret")
    with app.app_context():
        for number in range(500):
            assert counts.hit(THREE, "sign-up", str(number))
            assert len(counts.here.storage.storage) <= 51


ADDRESSES = {
    "198.18.7.5": "198.18.7.0/24",
    "198.18.7.200": "198.18.7.0/24",
    "::ffff:198.18.7.9": "198.18.7.0/24",
    "2001:db8:1:2::3": "2001:db8:1::/48",
    "2001:db8:1:ffff::": "2001:db8:1::/48",
    "": "unknown",
    "nonsense": "unknown",
}


def test_an_address_counts_with_its_neighbours(app: Flask) -> None:
    for address, prefix in ADDRESSES.items():
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            assert limits._prefix() == prefix


def test_one_corner_of_the_network_shuts_out_no_other_and_nobody_who_signs_in(world: World) -> None:
    world.app.config["SIGN_UPS_PER_HOUR"] = 2
    world.person("aigerim")
    crowd = {"REMOTE_ADDR": "198.18.7.5"}
    for number in range(4):
        visitor = world.visitor()
        form = {"name": f"newcomer{number}", "password": PASSWORD, "csrf_token": visitor.token()}
        answer = visitor.client.post("/accounts/sign-up", data=form, environ_overrides=crowd)
        assert answer.status_code == (200 if number < 2 else 429)
    reader = world.visitor()
    form = {"name": "aigerim", "password": PASSWORD, "csrf_token": reader.token()}
    assert reader.client.post("/accounts/sign-in", data=form, environ_overrides=crowd).status_code == 303
    other = world.visitor()
    form = {"name": "fromelsewhere", "password": PASSWORD, "csrf_token": other.token()}
    elsewhere = {"REMOTE_ADDR": "198.18.8.5"}
    assert other.client.post("/accounts/sign-up", data=form, environ_overrides=elsewhere).status_code == 200


def test_many_who_join_at_once_pass_no_limit(world: World) -> None:
    world.app.config["SIGN_UPS_PER_HOUR"] = 3
    newcomers = [world.visitor() for _ in range(8)]
    tokens = [newcomer.token() for newcomer in newcomers]
    before = world.count(User)
    answers = at_once(
        *(
            lambda who=who, token=token, number=number: who.post(
                "/accounts/sign-up", token=token, name=f"newcomer-{number}", password=PASSWORD
            )
            for number, (who, token) in enumerate(zip(newcomers, tokens, strict=True))
        )
    )
    assert sorted(answer.status_code for answer in answers) == [*[200] * 3, *[429] * 5]
    assert world.count(User) - before == 3


def failed_tries(world: World) -> int:
    with world.at_work():
        return db.session.query(AuditEntry).filter(AuditEntry.event == Event.SIGN_IN_FAILED).count()


def fail(world: World, names: list[str]) -> None:
    """Let somebody fail to sign in under each of some names."""
    with world.at_work():
        for name in names:
            with writing():
                delays.failed(name)


def test_who_fails_to_sign_in_again_and_again_fills_no_table(world: World) -> None:
    fail(world, ["boris"] * 30)
    assert failed_tries(world) == delays.FREE_TRIES + delays.LAST_STEP


def test_nor_does_who_tries_one_name_after_the_other(world: World) -> None:
    fail(world, [f"name-{number}" for number in range(delays.NOTED_PER_HOUR + 5)])
    assert failed_tries(world) == delays.NOTED_PER_HOUR


def test_a_question_after_the_state_changes_nothing_of_who_is_asked(app: Flask, tmp_path: Path) -> None:
    with redis_server(tmp_path, *FORGETS) as address, app.app_context(), Redis.from_url(address) as redis:
        counts = Counts(address, "a secret")
        assert counts.state() == ""
        assert redis.keys("*") == []
        counts.silent_until = silent = time.monotonic() + 100  # it was away a moment ago
        assert counts.state() == ""
        assert counts.silent_until == silent
        hits(counts, 1)
        assert redis.keys("*") == [], "who was to be left in peace is left in peace"
    with app.app_context():
        counts.silent_until = 0.0
        assert "Redis cannot be asked" in counts.state()
        assert counts.silent_until == 0.0
