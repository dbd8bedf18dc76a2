"""What all tests share: a forum on a real database of each engine, and the people who use it."""

import gc
import os
import shutil
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import (
    Engine,
    NullPool,
    create_engine,
    delete,
    event,
    exists,
    literal,
    make_url,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import raiseload
from sqlalchemy.util import LRUCache

from forum import create_app
from forum.accounts import limits
from forum.db import Base, db, is_sqlite
from forum.kept import shared_bell
from forum.memory import Kept
from tests.browser import LAUNCH, MANY, Site, Tour, furnish, program, served
from tests.doubt import doubting
from tests.world import World

POSTGRES = os.environ.get("TEST_DATABASE_URL", "")
REDIS = os.environ.get("TEST_REDIS_URL", "")
TABLES = Base.metadata.tables
WRITTEN = union_all(*(select(literal(name)).where(exists(select(TABLES[name]))) for name in TABLES))
USED = text("SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences WHERE last_value IS NOT NULL")
NO_LAZY_LOADING = raiseload("*", sql_only=True)  # one for all, so that it is looked at once
DELETED: Counter[str] = Counter()  # rows of a table since it was tidied last
Forums = Callable[[str], Flask]
IN_CI = os.environ.get("CI") == "true"


def pytest_configure(config: pytest.Config) -> None:
    os.environ["LC_ALL"] = "C.UTF-8"  # what is said at a terminal is English, whoever runs the tests
    if IN_CI and not POSTGRES:
        pytest.exit("CI needs PostgreSQL: set TEST_DATABASE_URL.", returncode=1)
    if IN_CI and not REDIS:
        pytest.exit("CI needs Redis: set TEST_REDIS_URL.", returncode=1)


# Where the engine matters: these run on both in the ordinary run. Of all others the long run has PostgreSQL's half.
ON_BOTH = {
    # locks, and two people in the same moment
    *("debates/test_replies.py", "moderation/test_races.py", "moderation/test_appeal_races.py"),
    *("moderation/test_reports_races.py", "privacy/test_races.py", "accounts/test_names.py", "test_jobs.py"),
    # statements that differ, or that the database itself has to understand: search, collation, figures, deletion
    *("search/test_index.py", "search/test_page.py", "test_kazakh.py", "moderation/test_screened.py"),
    *("opinions/test_scores.py", "opinions/test_shifts.py", "opinions/test_dump.py", "accounts/test_expired.py"),
    *("privacy/test_purge.py", "privacy/test_wiping.py"),
    # its tables, triggers and faults; and the main job from end to end
    *("test_migrations.py", "transparency/test_growth.py", "safety/test_faults.py", "test_queries.py"),
    "test_journey.py",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    both = {Path(__file__).parent / name for name in ON_BOTH}
    for item in items:
        params = item.callspec.params if hasattr(item, "callspec") else {}
        if item.path not in both and params.get("database") == "postgresql":
            item.add_marker(pytest.mark.long)


without_postgres = pytest.mark.skipif(not POSTGRES, reason="no PostgreSQL: TEST_DATABASE_URL is not set")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=without_postgres)])
def database(request: pytest.FixtureRequest) -> str:
    """Return the address of an empty database with all tables; what uses it runs on each engine, in the long run."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture
def redis_database() -> str:
    """Return the address of a Redis that tests may use."""
    if not REDIS:
        pytest.skip("no Redis: TEST_REDIS_URL is not set")
    return REDIS


def rarely_on_postgres(function: Any) -> Any:
    """Mark what hardly depends on the engine and takes its time: on PostgreSQL it belongs to the long run."""
    on_postgres = pytest.param("postgresql", marks=[without_postgres, pytest.mark.long])
    return pytest.mark.parametrize("database", ["sqlite", on_postgres], indirect=True)(function)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    _migrate(create_app({"FORUM_INSTANCE": str(folder)}))
    return folder / "forum.sqlite3"


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sqlite") / "forum.sqlite3"


@pytest.fixture
def sqlite_database(migrated_file: Path, sqlite_file: Path) -> str:
    for old in sqlite_file.parent.iterdir():  # with the journal that a test may have left open
        old.unlink()
    shutil.copy(migrated_file, sqlite_file)
    return f"sqlite:///{sqlite_file}"


@pytest.fixture(scope="session")
def migrated_postgres(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    server = make_url(POSTGRES)
    name = f"evenhand_test_{worker_id}_{os.getpid()}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))  # no test cuts the power
    url = server.set(database=name).render_as_string(hide_password=False)
    _migrate(create_app({"FORUM_INSTANCE": str(tmp_path_factory.mktemp("postgres")), "FORUM_DATABASE_URL": url}))
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def emptying(migrated_postgres: str) -> Engine:
    """Return the way into the database of the tests on which no keys or tables that may only grow stand in the way.

    As a replica it runs no triggers. Between two tests nobody stays there: one of them is restored over.
    """
    options = {"options": "-c session_replication_role=replica"}
    return create_engine(migrated_postgres, isolation_level="AUTOCOMMIT", connect_args=options, poolclass=NullPool)


@pytest.fixture
def postgresql_database(migrated_postgres: str, emptying: Engine) -> str:
    with emptying.connect() as connection:
        for name in connection.scalars(WRITTEN).all():
            DELETED[name] += connection.execute(delete(TABLES[name])).rowcount
            if DELETED[name] > 20_000:  # else every later test reads over what is gone, and plans for it
                connection.execute(text(f"VACUUM (ANALYZE) {name}"))
                del DELETED[name]
        connection.execute(USED)  # numbers begin at 1 again
    return migrated_postgres


@pytest.fixture(scope="session")
def forums(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forums]:
    """Return a function that gives the forum on a database: the same one for all tests of a worker.

    To make one, and to let it compile its routes, templates and statements, takes longer than most tests.
    """

    @cache
    def forum_on(database: str) -> Flask:
        facts = environ(tmp_path_factory.mktemp("forum"), database)
        app = create_app(facts, TESTING=True, PROPAGATE_EXCEPTIONS=False, SMTP_URL="smtp://127.0.0.1:9")
        with app.app_context():
            db.engine._compiled_cache = LRUCache(5000)  # the statements of all tests
            if is_sqlite(app):
                event.listen(db.engine, "connect", _trust_the_power)
        made.append(app)
        gc.collect()
        gc.freeze()  # what stays as long as the worker need not be looked through again and again
        gc.set_threshold(10_000, 20)  # nor the rows of a page a dozen times while it is made
        return app

    made: list[Flask] = []
    yield forum_on
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(database: str, tmp_path: Path, forums: Forums) -> Iterator[Flask]:
    """Return the forum, in which a query that a template or a loop sends by itself is an error.

    What a test changes in its settings and extensions ends with the test.
    """
    app = forums(database)
    if app.extensions["bell"] is not None:
        app.extensions["bell"].close()
        app.extensions["bell"] = shared_bell(app)  # of this database
    config, extensions = app.config.copy(), app.extensions.copy()
    app.config["INSTANCE"] = str(tmp_path)
    event.listen(db.session, "do_orm_execute", _forbid_lazy_loading)
    app.extensions["kept"].clear()
    app.extensions["turns"].clear()
    limits._counts.cache_clear()  # counted in the process, as long as it lives
    app.extensions["fragments"] = Kept()  # of another database
    try:
        with doubting(app):
            yield app
    finally:
        event.remove(db.session, "do_orm_execute", _forbid_lazy_loading)
        for kept, now in ((config, app.config), (extensions, app.extensions)):
            now.clear()
            now.update(kept)
        if is_sqlite(app):
            with app.app_context():
                db.engine.dispose()  # the next test has another file in its place


@pytest.fixture
def world(app: Flask) -> World:
    """Return the forum with its first debate and nobody in it yet."""
    return World(app)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return the one browser of these tests."""
    path = program()
    if path is None and IN_CI:
        pytest.fail("CI needs Chromium: apt install chromium-headless-shell.")
    if path is None:
        pytest.skip("no Chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=LAUNCH)
        yield browser
        browser.close()


@pytest.fixture
def port() -> int:
    """Return a port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def site(world: World, chromium: Browser) -> Iterator[Site]:
    """Return a new forum, served."""
    world.app.config["SIGN_UPS_PER_HOUR"] = 1000
    with served(world.app) as address:
        site = Site(world, address, chromium)
        yield site
        site.close()


@pytest.fixture(scope="session")
def tour(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Tour]:
    """Return the furnished forum, served."""
    with toured(migrated_file, tmp_path_factory.mktemp("tour"), chromium, furnish) as tour:
        yield tour


@contextmanager
def toured(
    migrated_file: Path, folder: Path, chromium: Browser, fill: Callable[[World, Path], dict[str, Any]]
) -> Iterator[Tour]:
    """Serve a forum that `fill` fills, while the block runs."""
    shutil.copy(migrated_file, folder / "forum.sqlite3")
    facts = {"FORUM_INSTANCE": str(folder)} | MANY
    app = create_app(facts, TESTING=True, PROPAGATE_EXCEPTIONS=False, SMTP_URL="smtp://127.0.0.1:9")
    with served(app) as address:
        world = World(app)
        tour = Tour(world, address, chromium, fill(world, folder))
        yield tour
        tour.close()
    with app.app_context():
        db.engine.dispose()


def environ(folder: Path, database: str) -> dict[str, str]:
    """Return the settings of a forum of the tests."""
    return {"FORUM_INSTANCE": str(folder), "FORUM_DATABASE_URL": database, "FORUM_SECRET_KEY": "for tests only"}


def _trust_the_power(connection: Any, _record: object) -> None:
    """Let no test wait for the disk: a file that lasts through a power cut is none's business here."""
    connection.execute("PRAGMA synchronous = OFF")


def _forbid_lazy_loading(state) -> None:
    if state.is_select and not state.is_column_load and not state.is_relationship_load:
        state.statement = state.statement.options(NO_LAZY_LOADING)


def _migrate(app: Flask) -> None:
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
