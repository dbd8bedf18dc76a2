"""Something fails beside the forum: readers read on, writers keep their text, and it heals by itself."""

import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

import pytest
import time_machine
from flask import Flask, g
from sqlalchemy import create_engine, event, make_url, select, text
from werkzeug.test import TestResponse

from forum import create_app, jobs, worker
from forum.db import db, is_sqlite, writing
from forum.debates.models import Revision
from forum.health import OVERDUE
from forum.jobs import Job, Kind
from tests.conftest import environ, without_postgres
from tests.world import DEBATE, PASSWORD, Visitor, World, hidden_field, typed

TEXT = "A rule that nobody can enforce protects nobody. Begin with the office that takes the complaint."
READING = ["/", DEBATE, f"{DEBATE}/replies/1", "/search?q=police", "/people/boris", "/log", "/api/v1/debates"]
MS = 150  # how long these tests let a writer wait
Fault = Callable[[World], AbstractContextManager[None]]


@pytest.mark.parametrize("is_stored", [True, False], ids=["after it was stored", "before"])
def test_a_fault_says_that_nothing_was_stored_only_where_nothing_was(
    world: World, monkeypatch: pytest.MonkeyPatch, is_stored: bool
) -> None:
    post = world.app.view_functions["debates.post_reply"]

    @wraps(post)
    def broken(**given: Any) -> Any:
        if "resumed" not in g and not is_stored:
            raise ValueError
        answer = post(**given)
        if "resumed" not in g:
            raise ValueError
        return answer

    monkeypatch.setitem(world.app.view_functions, "debates.post_reply", broken)
    answer = world.visitor("aigerim").post(f"{DEBATE}/replies", stance="pro", text=TEXT)
    assert answer.status_code == 500
    assert typed(answer.text) == TEXT
    assert world.count(Revision) == is_stored
    assert ("nothing was stored" in answer.text) != is_stored
    assert ("look before you send it again" in answer.text) == is_stored


@contextmanager
def every_connection(world: World, *statements: str) -> Iterator[None]:
    """Let every connection of the forum begin with some statements, until the block ends."""

    def begin(connection: Any, _record: object) -> None:
        for statement in statements:
            connection.execute(statement)
        if not is_sqlite(world.app):
            connection.commit()

    with world.app.app_context():
        engine = db.engine
    engine.dispose()
    event.listen(engine, "connect", begin)
    try:
        yield
    finally:
        event.remove(engine, "connect", begin)
        engine.dispose()


def file_of(world: World) -> str:
    return str(make_url(world.app.config["DATABASE_URL"]).database)


@contextmanager
def sqlite_locked(world: World) -> Iterator[None]:
    with (
        every_connection(world, f"PRAGMA busy_timeout = {MS}"),
        closing(sqlite3.connect(file_of(world), isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        yield


def sqlite_read_only(world: World) -> AbstractContextManager[None]:
    return every_connection(world, "PRAGMA query_only = ON")


@contextmanager
def postgres_locked(world: World) -> Iterator[None]:
    other = create_engine(world.app.config["DATABASE_URL"])
    with every_connection(world, f"SET lock_timeout = {MS}"), other.begin() as holder:
        tables = "replies, revisions, users, drafts, votes, follows"
        holder.execute(text(f"LOCK TABLE {tables} IN EXCLUSIVE MODE"))
        yield
    other.dispose()


def postgres_read_only(world: World) -> AbstractContextManager[None]:
    return every_connection(world, "SET default_transaction_read_only = on")


@contextmanager
def postgres_full(world: World) -> Iterator[None]:
    """Refuse each new row as a server does whose disk is full; no other way leaves the server whole."""
    body = "BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END"
    tables = ("replies", "revisions", "users", "drafts", "votes", "follows")
    with world.app.app_context():
        engine = db.engine
    with engine.begin() as connection:
        connection.execute(text(f"CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"))
        for table in tables:
            connection.execute(
                text(f"CREATE TRIGGER full_disk BEFORE INSERT ON {table} EXECUTE FUNCTION full_disk()"),
            )
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP FUNCTION full_disk CASCADE"))


FAULTS: dict[str, tuple[Fault, str, str]] = {  # what fails, on which engine, and what /readyz says of it
    "SQLite is locked": (sqlite_locked, "sqlite", "Somebody keeps the database locked."),
    "SQLite is read-only": (sqlite_read_only, "sqlite", "The database can only be read."),
    "PostgreSQL is locked": (postgres_locked, "postgresql", "The database has just refused to store something."),
    "PostgreSQL is read-only": (postgres_read_only, "postgresql", "The database can only be read."),
    "PostgreSQL is full": (postgres_full, "postgresql", "The database has just refused to store something."),
}


def cases() -> list[Any]:
    marks = {"sqlite": [], "postgresql": [without_postgres]}
    return [pytest.param(engine, name, marks=marks[engine], id=name) for name, (_f, engine, _s) in FAULTS.items()]


def send(visitor: Visitor, door: str = "", words: str = TEXT) -> TestResponse:
    return visitor.post(f"{DEBATE}/replies{door}", text=words, stance="pro", key="one-key")


def wrong(world: World) -> dict[str, str]:
    """Return what /readyz finds wrong, and see that it says so by its status too."""
    answer = world.visitor().get("/readyz")
    found = answer.json["wrong"]
    assert answer.json["ready"] is not bool(found)
    assert (answer.status_code, "Retry-After" in answer.headers) == ((503, True) if found else (200, False))
    return found


def assert_refused_with(answer: TestResponse, *values: str) -> None:
    """See that an answer says when to come again, and gives back what was sent."""
    assert answer.status_code == 503, answer.text[:200]
    assert int(answer.headers["Retry-After"]) > 0
    assert [value for value in values if value not in answer.text] == []


def texts_of_replies(world: World) -> list[str]:
    with world.at_work():
        return list(db.session.scalars(select(Revision.text).order_by(Revision.id)))


@pytest.mark.parametrize(("database", "name"), cases(), indirect=["database"])
def test_readers_read_on_writers_keep_their_text_and_it_heals(world: World, name: str) -> None:
    fault, _engine, said = FAULTS[name]
    world.published("boris"), world.index_article()
    aigerim, dana, reader = world.visitor("aigerim"), world.visitor("dana"), world.visitor()
    tokens = {who: who.token() for who in (aigerim, dana, reader)}
    before = texts_of_replies(world)
    assert wrong(world) == {}
    with fault(world):
        for visitor in (reader, aigerim):
            assert {path: visitor.get(path).status_code for path in READING} == dict.fromkeys(READING, 200)
        refused = send(aigerim)
        assert_refused_with(refused, "wait half a minute", "one-key")
        assert typed(refused.text) == TEXT
        assert typed(send(aigerim, "/draft").text) == TEXT
        followed = dana.post(f"{DEBATE}/follow", token=tokens[dana], follow="1")
        assert_refused_with(followed, 'name="follow" value="1"', "Send it again", tokens[dana])
        joined = reader.post("/accounts/sign-up", token=tokens[reader], name="newcomer", password=PASSWORD)
        assert_refused_with(joined, "newcomer")
        assert PASSWORD not in joined.text
        assert {path: reader.get(path).status_code for path in READING} == dict.fromkeys(READING, 200)
        assert reader.get("/healthz").status_code == 200
        assert wrong(world) == {"writing": said}
        assert texts_of_replies(world) == before
    assert hidden_field(refused.text, "key") == "one-key", "that page sends the same reply"
    assert send(aigerim).status_code == 303
    assert send(aigerim).status_code == 303, "sent twice, it is one reply"
    assert texts_of_replies(world) == [*before, TEXT]
    assert wrong(world) == {}


class Line:
    """A line to a server on this machine that can be cut and joined again."""

    def __init__(self, host: str, port: int) -> None:
        self.server, self.sockets, self.door = (host, port), [], socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.join()

    def join(self) -> None:
        """Let everybody through."""
        if self.door.fileno() < 0:
            self.door = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._answer, args=(self.door,), daemon=True).start()

    def cut(self) -> None:
        """End all that is being said, and refuse whoever comes."""
        with suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)
        for one in [self.door, *self.sockets]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self.sockets.clear()

    def _answer(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                here, _address = door.accept()
                there = socket.create_connection(self.server)
                self.sockets += [here, there]
                for pair in ((here, there), (there, here)):
                    threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while said := source.recv(65536):
                target.sendall(said)
            target.shutdown(socket.SHUT_WR)


@pytest.fixture
def line(postgresql_database: str) -> Iterator[Line]:
    url = make_url(postgresql_database)
    if not url.host or url.host.startswith("/"):
        pytest.skip("this PostgreSQL is spoken to over a socket")
    line = Line(url.host, url.port or 5432)
    yield line
    line.cut()


@without_postgres
def test_postgresql_goes_away_and_comes_back(line: Line, postgresql_database: str, tmp_path: Any) -> None:
    url = make_url(postgresql_database).set(host="127.0.0.1", port=line.port).render_as_string(hide_password=False)
    world = World(create_app(environ(tmp_path, url), TESTING=True, PROPAGATE_EXCEPTIONS=False))
    aigerim, reader = world.visitor("aigerim"), world.visitor()
    token = aigerim.token()
    for _time in range(2):
        line.cut()
        assert reader.get("/healthz").status_code == 200
        assert wrong(world) == {"database": "The database does not answer."}
        for answer in (reader.get(DEBATE), aigerim.get(DEBATE)):
            assert_refused_with(answer, "load the page anew")
            assert "Send it again" not in answer.text
        refused = aigerim.post(f"{DEBATE}/replies", token=token, text=TEXT, stance="pro", key="one-key")
        assert_refused_with(refused, 'value="one-key"', 'value="pro"', token, "Send it again")
        assert typed(refused.text) == TEXT
        line.join()
        assert wrong(world) == {}
        assert aigerim.get(DEBATE).status_code == 200
        assert aigerim.post(f"{DEBATE}/replies", token=token, text=TEXT, stance="pro", key="one-key").status_code == 303
    assert texts_of_replies(world) == [TEXT], "stored once"
    with world.app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=without_postgres)], indirect=True)
def test_a_restart_of_postgresql_costs_no_page(world: World) -> None:
    """Its connections are gone; the forum notices before it speaks."""
    aigerim = world.visitor("aigerim")
    kill = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'forum'")
    other = create_engine(world.app.config["DATABASE_URL"])
    with every_connection(world, "SET application_name = 'forum'"):
        for act in (lambda: aigerim.get(DEBATE), lambda: send(aigerim)):
            aigerim.get("/")
            with other.connect() as connection:
                assert connection.scalars(kill).all()
            assert act().status_code in {200, 303}
    other.dispose()


def test_a_form_that_cannot_be_stored_never_comes_back_with_its_secrets(world: World) -> None:
    world.person("aigerim")
    reader = world.visitor()
    token = reader.token()
    with world.app.app_context():
        engine = db.engine

    def fail(*_statement: Any) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    event.listen(engine, "before_cursor_execute", fail)
    try:
        fields = {"name": "aigerim", "password": PASSWORD, "code": "2222-2222", "current": PASSWORD, "carried": "xyz"}
        answers = [reader.post(f"/accounts/{door}", token=token, **fields) for door in ("sign-in", "recover")]
    finally:
        event.remove(engine, "before_cursor_execute", fail)
    for answer in answers:
        assert answer.status_code >= 500
        assert "aigerim" in answer.text
        assert [secret for secret in (PASSWORD, "2222-2222") if secret in answer.text] == []


# What the forum does beside its pages


def test_nobody_does_the_jobs_and_pages_do_not_need_them(world: World) -> None:
    aigerim = world.visitor("aigerim")
    with world.at_work(), writing():
        jobs.put(Kind.SCORE_DEBATE, 7)
    assert wrong(world) == {}
    with time_machine.travel(datetime.now(UTC) + OVERDUE + timedelta(seconds=5)):
        assert "Nobody does the jobs" in wrong(world)["jobs"]
        assert aigerim.get(DEBATE).status_code == 200
        assert send(aigerim).status_code == 303
        world.do_jobs()
        assert wrong(world) == {}


def test_what_fails_again_and_again_is_named_without_a_word_of_anybody(world: World) -> None:
    def fail(_row: int) -> None:
        raise OSError("the mail server is away; the letter was for quiet.fox@example.org")

    with world.at_work(), writing():
        jobs.put(Kind.SEND_LETTER, 7)
    usual, world.app.extensions["jobs"] = world.app.extensions["jobs"], {Kind.SEND_LETTER: fail}
    start = datetime.now(UTC)
    for seconds in (0, 20, 60):
        with time_machine.travel(start + timedelta(seconds=seconds)):
            world.do_jobs()
    assert wrong(world) == {"jobs": "Jobs fail again and again: send_letter."}
    assert send(world.visitor("aigerim")).status_code == 303
    world.app.extensions["jobs"] = usual
    with time_machine.travel(start + timedelta(minutes=3)):
        world.do_jobs()
        assert wrong(world) == {}, "it heals by itself"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_redis_goes_away_and_comes_back(world: World, redis_database: str) -> None:
    url = make_url(redis_database)
    line = Line(url.host or "127.0.0.1", url.port or 6379)
    world.app.config["REDIS_URL"] = f"redis://127.0.0.1:{line.port}/{url.database or 0}"
    with world.app.app_context():
        worker._bind(world.app)
    aigerim = world.visitor("aigerim")
    assert wrong(world) == {}
    line.cut()
    assert wrong(world) == {"redis": "Redis does not answer."}
    assert aigerim.get(DEBATE).status_code == 200
    assert send(aigerim).status_code == 303
    with world.at_work(), writing():
        jobs.put(Kind.SCORE_DEBATE, 1)  # nobody can be woken, and that stops nobody
    line.join()
    assert wrong(world) == {}
    world.do_jobs()
    assert world.count(Job) == len(jobs.EVERY)
    line.cut()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_tables_of_another_version_are_told(world: World) -> None:
    rename = "UPDATE alembic_version SET version_num = '{}'"
    with world.at_work():
        newest = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    for version, found in (("0001", {"migrations": "The tables are not those of this version."}), (newest, {})):
        with world.at_work(), writing():
            db.session.execute(text(rename.format(version)))
        assert wrong(world) == found


def test_no_error_of_the_database_tells_what_was_typed(app: Flask) -> None:
    with app.app_context(), pytest.raises(Exception, match=r"no such|does not exist") as raised:
        db.session.execute(text("SELECT * FROM nowhere WHERE words = :words"), {"words": "of aigerim"})
    assert "aigerim" not in str(raised.value)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_thread_of_the_worker_that_dies_is_started_anew(world: World) -> None:
    done, all_done = [], threading.Event()

    def die_once(row: int) -> None:
        done.append(row)
        if len(done) == 1:
            raise SystemExit
        all_done.set()

    world.app.extensions["jobs"] = dict.fromkeys(Kind, die_once)
    beside = worker.InProcess(worker._bind(world.app), max_delay=0.1, health_check_interval=0.2)
    beside.start()
    try:
        assert all_done.wait(60), "nobody went on"
        assert world.visitor().get(DEBATE).status_code == 200
    finally:
        beside.stop(graceful=True)
    assert len(done) >= 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_of_two_threads_that_write_one_waits_before_it_asks_the_database(world: World) -> None:
    writes = threading.Event()

    def first() -> None:
        with world.at_work(), writing():
            writes.set()
            time.sleep(MS / 1000)

    def second() -> None:
        writes.wait()
        with world.at_work(), writing():
            pass

    with world.app.app_context():
        event.listen(db.engine, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout = 0"))
        db.engine.dispose()
    with ThreadPoolExecutor(2) as pool:
        for done in (pool.submit(first), pool.submit(second)):
            done.result()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whoever_writes_is_the_one_writer_before_a_word_is_read(world: World) -> None:
    def begins_to_write() -> None:
        with closing(sqlite3.connect(file_of(world), timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")

    with world.at_work():
        with writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
            begins_to_write()
        db.session.execute(select(Revision.id))
        begins_to_write()  # whoever only reads keeps nobody from it
