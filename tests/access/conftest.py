"""What these tests share: what pages look like does not depend on the engine."""

import pytest


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Return an empty database of one engine."""
    return sqlite_database
