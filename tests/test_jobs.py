"""What waits is done: once, by one of several workers, again after a failure, and again when a worker dies."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from forum import jobs
from forum.db import db, now, writing
from forum.jobs import EVERY, LEASE, Job, Kind
from forum.settings import ROOT
from tests.conftest import rarely_on_postgres
from tests.world import World, at_once

NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
PATIENCE = 60  # seconds


def ask(world: World, subject: int, **more: Any) -> None:
    with world.at_work(), writing():
        jobs.put(Kind.SCORE_DEBATE, subject, **more)


def work(world: World) -> int:
    with world.at_work():
        return jobs.work()


def waiting(world: World) -> list[int]:
    with world.at_work():
        return sorted(db.session.scalars(select(Job.subject_id)))


@pytest.fixture
def done(world: World) -> list[int]:
    """Collect the rows to which a job was done, whatever it is."""
    found: list[int] = []
    world.app.extensions["jobs"] = dict.fromkeys(Kind, found.append)
    return found


def test_what_was_asked_for_is_done_once_in_the_order_of_time(world: World, done: list[int]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for subject in (3, 1, 2):
            ask(world, subject)
            clock.shift(1)
        ask(world, 1)
        ask(world, 9, at=NOON + timedelta(hours=1))
        assert work(world) == 3
        assert done == [3, 1, 2]
        assert waiting(world) == [9]
        clock.shift(3600)
        assert work(world) == 1
        assert work(world) == 0
    assert done == [3, 1, 2, 9]
    assert waiting(world) == []


def test_what_is_not_stored_asks_for_nothing(world: World, done: list[int]) -> None:
    with world.at_work(), suppress(ZeroDivisionError), writing():
        jobs.put(Kind.SCORE_DEBATE, 1)
        raise ZeroDivisionError
    assert work(world) == 0


def test_what_is_asked_for_while_it_is_being_done_is_done_once_more(world: World) -> None:
    done: list[int] = []

    def once_more(subject: int) -> None:
        done.append(subject)
        if len(done) == 1:
            with writing():
                jobs.put(Kind.SCORE_DEBATE, subject)

    world.app.extensions["jobs"] = {Kind.SCORE_DEBATE: once_more}
    ask(world, 7)
    assert work(world) == 2
    assert done == [7, 7]
    assert waiting(world) == []


def test_a_failure_is_told_without_a_word_of_anybodys_and_tried_again_after_growing_delays(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[datetime] = []

    def fail(subject: int) -> None:
        tried.append(now())
        raise ValueError("the words of aigerim")

    world.app.extensions["jobs"] = {Kind.SCORE_DEBATE: fail}
    with time_machine.travel(NOON, tick=False) as clock, caplog.at_level(logging.INFO):
        ask(world, 7)
        for _ in range(200):
            work(world)
            clock.shift(5)
    assert [(moment - NOON).seconds for moment in tried] == [0, 10, 30, 70, 150, 310, 630]
    assert "job score_debate of row 7 failed for the 1. time: ValueError" in caplog.text
    assert "aigerim" not in caplog.text
    assert waiting(world) == [7]


def test_a_kind_of_job_that_this_version_does_not_know_waits(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.app.extensions["jobs"] = {}
    ask(world, 7)
    assert work(world) == 1
    assert waiting(world) == [7]
    assert "KeyError" in caplog.text


def test_what_is_done_again_and_again_waits_for_its_next_time(world: World, done: list[int]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(2):
            with world.at_work(), writing():
                jobs.plan()
        assert work(world) == len(EVERY)
        for minutes in (4, 56, 6):  # every minute, and every hour
            clock.shift(60 * minutes)
            work(world)
    hourly = [kind for kind, time in EVERY.items() if time == timedelta(hours=1)]
    assert len(done) == len(EVERY) + 3 + len(hourly)


def test_of_a_worker_that_died_the_job_is_done_when_its_claim_is_over(world: World, done: list[int]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        ask(world, 7)
        with world.at_work():
            assert jobs._claim() is not None
        clock.shift(LEASE - timedelta(seconds=1))
        assert work(world) == 0
        clock.shift(1)
        assert work(world) == 1
    assert done == [7]


def test_a_worker_that_comes_too_late_ends_nothing_of_another(world: World, done: list[int]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        ask(world, 7)
        with world.at_work():
            late = jobs._claim()
        clock.shift(LEASE)
        with world.at_work():
            assert jobs._claim() is not None
            with writing():
                jobs._finish(late)
                jobs._free(late)
            assert work(world) == 0
    assert waiting(world) == [7]


@pytest.mark.long
def test_four_workers_at_once_do_each_job_once(world: World) -> None:
    done: list[int] = []
    world.app.extensions["jobs"] = {Kind.SCORE_DEBATE: lambda subject: (time.sleep(0.002), done.append(subject))}
    with world.at_work(), writing():
        for subject in range(60):
            jobs.put(Kind.SCORE_DEBATE, subject)
    at_once(*[lambda: work(world)] * 4)
    assert sorted(done) == list(range(60))


@rarely_on_postgres
def test_a_commit_rings_the_bell_once(world: World) -> None:
    rung: list[int] = []

    def ring() -> None:
        with db.engine.connect() as another:
            rung.append(len(another.execute(select(Job.id)).all()))

    world.app.extensions["wake"] = ring
    with world.at_work(), writing():
        jobs.put(Kind.SCORE_DEBATE, 1), jobs.put(Kind.SCORE_DEBATE, 2)
    assert rung == [2], "when both rows can be seen"
    world.person("aigerim")
    assert rung == [2]


# A real worker


# A worker whose first job never ends.
AT_WORK = """
import sys, time
from forum import create_app, jobs
app = create_app()
def begin(row):
    print("At work.", file=sys.stderr, flush=True)
    time.sleep(600)
app.extensions["jobs"] = dict.fromkeys(jobs.Kind, begin)
with app.app_context():
    jobs.work()
"""


class Worker:
    """A `flask work` on the forum of a test."""

    def __init__(self, world: World, program: str = "", **settings: str) -> None:
        config = world.app.config
        environ = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
        environ |= {"FLASK_APP": "forum", "FORUM_INSTANCE": config["INSTANCE"], "FORUM_SECRET_KEY": "for tests only"}
        environ |= {"FORUM_DATABASE_URL": config["DATABASE_URL"]} | settings
        command = [sys.executable, *(("-c", program) if program else ("-m", "flask", "work"))]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> str:
        self.process.send_signal(how)
        return self.process.communicate(timeout=PATIENCE)[1]


@pytest.fixture
def workers() -> Iterator[list[Worker]]:
    started: list[Worker] = []
    yield started
    for worker in started:
        if worker.process.poll() is None:
            worker.stop(signal.SIGKILL)


def wait_until_done(world: World) -> None:
    deadline = time.monotonic() + PATIENCE
    with world.at_work():
        one = select(Job.id).where(Job.kind == Kind.SCORE_DEBATE)
        while db.session.scalar(one) is not None:
            db.session.rollback()
            assert time.monotonic() < deadline, "nobody did it"
            time.sleep(0.05)


@rarely_on_postgres
def test_a_worker_of_its_own_does_what_waits_and_ends_quietly(world: World, workers: list[Worker]) -> None:
    ask(world, world.published("aigerim"))
    workers.append(Worker(world))
    wait_until_done(world)
    assert world.count(Job) == len(EVERY)
    bell = Path(world.app.config["INSTANCE"]) / "wake.sqlite3"
    assert bell.stat().st_mode & 0o077 == 0, "for its owner only"
    said = workers[0].stop()
    assert workers[0].process.returncode == 0
    assert said == "Doing what waits – stop with Ctrl+C.\n"


@pytest.mark.long
def test_a_job_at_which_its_worker_was_killed_is_done_by_the_next_one(world: World, workers: list[Worker]) -> None:
    ask(world, world.published("aigerim"))
    workers.append(Worker(world, AT_WORK))
    assert workers[0].process.stderr.readline() == "At work.\n"
    workers[0].stop(signal.SIGKILL)
    assert waiting(world) == [1]
    with world.at_work(), writing():
        db.session.execute(update(Job).values(claimed_until=now()))  # as time would
    workers.append(Worker(world))
    wait_until_done(world)


@pytest.mark.long
def test_redis_wakes_a_worker_too(world: World, workers: list[Worker], redis_database: str) -> None:
    ask(world, world.published("aigerim"))
    workers.append(Worker(world, FORUM_REDIS_URL=redis_database))
    wait_until_done(world)
    assert not (Path(world.app.config["INSTANCE"]) / "wake.sqlite3").exists()


def test_there_is_one_row_for_each_thing_to_do(world: World) -> None:
    ask(world, 7)
    with world.at_work(), pytest.raises(IntegrityError), writing():
        db.session.add(Job(kind=Kind.SCORE_DEBATE, subject_id=7))
