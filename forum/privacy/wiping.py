"""Wiping: what an erasure has emptied leaves the files of the database too."""

from flask import current_app
from sqlalchemy import text

from forum.db import db, is_sqlite
from forum.privacy import erasure
from forum.search import index


class Busy(Exception):
    """Somebody is reading what would be cut off; the job is tried again."""


def is_prompt() -> bool:
    """Say whether the bytes go within minutes; PostgreSQL overwrites them in its own time."""
    return is_sqlite(current_app._get_current_object())  # type: ignore[attr-defined]


def wipe(_nothing: int = 0) -> None:
    """Let no byte of what was deleted be left in the database's files; a job, tried again while readers hold them.

    SQLite overwrites what is deleted with zeros (`secure_delete`), but copies stay in the segments of the index for
    the search until they are merged, and in the write-ahead log until it is cut off. PostgreSQL is asked to clear the
    pages of its tables; its write-ahead log runs through the disk at its own pace (`docs/erasure.md`).
    """
    try:
        erasure.carry()
    finally:  # a list that cannot be read keeps no word in the files
        _wipe()


def _wipe() -> None:
    index.compact()
    db.session.rollback()
    if not is_prompt():
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
        return
    raw = db.engine.raw_connection()
    try:
        is_busy, _pages, _moved = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        raw.close()
    if is_busy:
        raise Busy
