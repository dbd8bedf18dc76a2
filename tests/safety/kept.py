"""The rows of a forum on SQLite, put back as often as a test likes, within milliseconds."""

import sqlite3

from forum.accounts import limits
from tests.world import World


class Kept:
    """All rows of a forum, as they are now."""

    def __init__(self, world: World) -> None:
        self.file = sqlite3.connect(world.app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
        self.before = sqlite3.connect(":memory:")
        self.file.backup(self.before)
        self.version = self._version()

    def have_changed(self) -> bool:
        """Say whether anything was stored since."""
        return self._version() != self.version

    def put_back(self) -> None:
        """Let every row be as it was, and no limit be nearer."""
        self.before.backup(self.file)
        self.version = self._version()
        limits._counts.cache_clear()

    def _version(self) -> int:
        return int(self.file.execute("PRAGMA data_version").fetchone()[0])
