"""What all tests share: a forum on a real database of each engine, and the people who use it."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine, create_engine, delete, event, exists, literal, make_url, select, text, union_all
from sqlalchemy.orm import raiseload
from sqlalchemy.util import LRUCache

from forum import create_app
from forum.accounts import limits
from forum.db import Base, db
from tests.browser import LAUNCH, Site, served
from tests.world import World

POSTGRES = os.environ.get("TEST_DATABASE_URL", "")
REDIS = os.environ.get("TEST_REDIS_URL", "")
USED = "SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences WHERE last_value IS NOT NULL"
STATEMENTS: dict[type, LRUCache] = {}  # compiled, for each kind of database
IN_CI = os.environ.get("CI") == "true"


def pytest_configure(config: pytest.Config) -> None:
    if IN_CI and not POSTGRES:
        pytest.exit("CI needs PostgreSQL: set TEST_DATABASE_URL.", returncode=1)
    if IN_CI and not REDIS:
        pytest.exit("CI needs Redis: set TEST_REDIS_URL.", returncode=1)


without_postgres = pytest.mark.skipif(not POSTGRES, reason="no PostgreSQL: TEST_DATABASE_URL is not set")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=without_postgres)])
def database(request: pytest.FixtureRequest) -> str:
    """Return the address of an empty database with all tables; every test that uses it runs on each engine."""
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


@pytest.fixture
def sqlite_database(migrated_file: Path, tmp_path: Path) -> str:
    shutil.copy(migrated_file, tmp_path / "forum.sqlite3")
    return f"sqlite:///{tmp_path / 'forum.sqlite3'}"


@pytest.fixture(scope="session")
def migrated_postgres(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    server = make_url(POSTGRES)
    name = f"evenhand_test_{worker_id}_{os.getpid()}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = server.set(database=name).render_as_string(hide_password=False)
    _migrate(create_app({"FORUM_INSTANCE": str(tmp_path_factory.mktemp("postgres")), "FORUM_DATABASE_URL": url}))
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def postgresql_database(migrated_postgres: str) -> str:
    engine = create_engine(migrated_postgres)
    with engine.begin() as connection:
        # As a replica it runs no triggers: neither keys nor tables that may only grow stand in the way.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        tables = Base.metadata.tables
        written = union_all(*(select(literal(name)).where(exists(select(tables[name]))) for name in tables))
        for name in connection.scalars(written).all():
            connection.execute(delete(tables[name]))
        connection.execute(text(USED))  # numbers begin at 1 again
    engine.dispose()
    return migrated_postgres


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Keep templates compiled from one test to the next: half of the time of a page's first view."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(database: str, tmp_path: Path, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """Return the forum, in which a query that a template or a loop sends by itself is an error."""
    environ = {"FORUM_INSTANCE": str(tmp_path), "FORUM_DATABASE_URL": database, "FORUM_SECRET_KEY": "for tests only"}
    app = create_app(environ, TESTING=True, PROPAGATE_EXCEPTIONS=False)
    app.jinja_env.bytecode_cache = compiled_templates
    with app.app_context():
        engine = db.engine
    _keep_compiled_statements(engine)
    event.listen(db.session, "do_orm_execute", _forbid_lazy_loading)
    limits._limiter.cache_clear()  # counted in the process, as long as it lives
    yield app
    event.remove(db.session, "do_orm_execute", _forbid_lazy_loading)
    engine.dispose()


@pytest.fixture
def world(app: Flask) -> World:
    """Return the forum with its first debate and nobody in it yet."""
    return World(app)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return the one browser of these tests."""
    program = shutil.which("chromium")
    if program is None and IN_CI:
        pytest.fail("CI needs Chromium: apt install chromium.")
    if program is None:
        pytest.skip("no Chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=LAUNCH)
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


def _keep_compiled_statements(engine: Engine) -> None:
    """Let the engine of each test know the statements that those before it have compiled: a quarter of the time."""
    dialect = type(engine.dialect)
    dialect.__eq__ = lambda self, other: type(self) is type(other)
    dialect.__hash__ = lambda self: hash(type(self))
    engine._compiled_cache = STATEMENTS.setdefault(dialect, LRUCache(5000))


def _forbid_lazy_loading(state) -> None:
    if state.is_select and not state.is_column_load and not state.is_relationship_load:
        state.statement = state.statement.options(raiseload("*", sql_only=True))


def _migrate(app: Flask) -> None:
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
