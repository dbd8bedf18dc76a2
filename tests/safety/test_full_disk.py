"""The disk is full: nothing acknowledged is lost, everybody reads on, and it heals once there is room."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from forum import create_app
from forum.db import LARGEST_LOG, db
from forum.debates.models import Reply, Revision
from tests.safety.test_faults import READING, assert_refused_with, wrong
from tests.world import DEBATE, World, typed

SIZE = 72  # MiB
TEXT = "A rule that nobody can enforce protects nobody. Begin with the office that takes the complaint. " * 12


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return a small disk; where nobody may mount one, there is no test."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=700", "evenhand-test", str(folder)]
    if os.getuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk")
    made = subprocess.run(mount, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"no disk can be mounted here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def on_disk(disk: Path, migrated_file: Path) -> Iterator[World]:
    shutil.copy(migrated_file, disk / "forum.sqlite3")
    many = {"FORUM_REPLIES_PER_HOUR": "100000", "FORUM_WAITING_PER_MEMBER": "100000"}
    environ = {"FORUM_INSTANCE": str(disk), "FORUM_SECRET_KEY": "for tests only"} | many
    app = create_app(environ, TESTING=True, PROPAGATE_EXCEPTIONS=False)
    yield World(app)
    with app.app_context():
        db.engine.dispose()


def fill(disk: Path, but: int) -> Path:
    """Fill a disk up but for some bytes."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - but)
    return filler


def test_nothing_is_lost_everybody_reads_and_it_heals(on_disk: World, disk: Path) -> None:
    on_disk.published("boris")
    aigerim, reader = on_disk.visitor("aigerim"), on_disk.visitor()
    assert wrong(on_disk) == {}
    filler = fill(disk, 400_000)
    taken, refused, number = [], 0, 0
    while refused < 20:
        number += 1
        words = f"{number}. {TEXT}"
        answer = aigerim.post(f"{DEBATE}/replies", text=words, stance="pro", key=f"key-{number}", hints_seen="")
        if answer.status_code == 303:
            taken.append(words.strip())
            assert number < 2000, "the disk never got full"
            continue
        assert_refused_with(answer)
        assert typed(answer.text) == words
        refused += 1
        for visitor in (reader, aigerim):
            assert {path: visitor.get(path).status_code for path in READING} == dict.fromkeys(READING, 200)
        if refused == 10:
            with on_disk.app.app_context():
                db.engine.dispose()  # also whoever comes anew can read
    assert "writing" in wrong(on_disk)
    filler.unlink()
    assert aigerim.post(f"{DEBATE}/replies", text=words, stance="pro", key=f"key-{number}").status_code == 303
    assert wrong(on_disk) == {}
    with on_disk.at_work():
        stored = list(
            db.session.scalars(
                select(Revision.text).join(Reply, Reply.id == Revision.reply_id).where(Reply.author.has(name="aigerim"))
            )
        )
    assert len(stored) == len(set(stored))
    assert set(taken) <= {text.strip() for text in stored}
    assert len(stored) == len(taken) + 1
    with closing(sqlite3.connect(disk / "forum.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_the_write_ahead_log_shrinks_when_who_has_kept_it_has_gone(on_disk: World, disk: Path) -> None:
    log = disk / "forum.sqlite3-wal"
    on_disk.published("boris")
    with closing(sqlite3.connect(disk / "forum.sqlite3", isolation_level=None)) as other, on_disk.app.app_context():
        with db.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE padding (bytes BLOB)")
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM replies").fetchone()
        for _time in range(5):
            with db.engine.begin() as connection:
                connection.exec_driver_sql("INSERT INTO padding VALUES (zeroblob(4000000))")
                connection.exec_driver_sql("DELETE FROM padding")
        assert log.stat().st_size > LARGEST_LOG
        other.execute("ROLLBACK")
    for _time in range(2):  # the first copies it into the database, the second begins it anew
        on_disk.published("boris")
    assert log.stat().st_size <= LARGEST_LOG
