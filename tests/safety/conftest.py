"""A forum for tables of cases that leave it as it was: made once for each file, on SQLite."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from forum.accounts import limits
from forum.db import db
from tests.conftest import Forums
from tests.world import World


@pytest.fixture(scope="module")
def table_of_cases(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, forums: Forums) -> Iterator[World]:
    """Return a forum with Aigerim, who has a published reply and a warning to read, Boris and Maria."""
    file = tmp_path_factory.mktemp("table") / "forum.sqlite3"
    shutil.copy(migrated_file, file)
    app = forums(f"sqlite:///{file}")
    app.config["SIGN_UPS_PER_HOUR"] = 10_000
    limits._counts.cache_clear()
    world = World(app)
    world.published("aigerim")
    world.warn("aigerim")
    world.person("boris")
    yield world
    with app.app_context():
        db.engine.dispose()
