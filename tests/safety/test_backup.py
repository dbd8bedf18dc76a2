"""A backup is one moment of the forum, taken while everybody writes; and it comes back whole, here or elsewhere."""

import errno
import fcntl
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import copy
from io import BytesIO
from pathlib import Path
from typing import Any

import pyrage
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, func, make_url, select, text

from forum import archives, create_app, snapshots
from forum.accounts import links, signin
from forum.accounts.models import Session
from forum.db import Base, db, is_sqlite, writing
from forum.debates.models import Reply, Revision
from forum.errors import Refused
from forum.moderation.models import Action
from forum.privacy import carried, erasure
from forum.privacy.models import Erased
from forum.settings import ROOT
from forum.transparency.models import LogEntry
from tests.test_cli import run, said
from tests.test_jobs import Worker
from tests.world import DEBATE, World

Elsewhere = Callable[..., Flask]


@pytest.fixture
def elsewhere(database: str, tmp_path: Path, worker_id: str) -> Iterator[Elsewhere]:
    """Return a function that makes another forum, on an empty database of the same kind."""
    made: list[tuple[Flask, str]] = []

    def make(secret: str = "for tests only", **environ: str) -> Flask:  # noqa: S107
        folder, name = tmp_path / f"elsewhere-{len(made)}", f"evenhand_back_{worker_id}_{os.getpid()}_{len(made)}"
        environ |= {"FORUM_INSTANCE": str(folder)} | ({"FORUM_SECRET_KEY": secret} if secret else {})
        if database.startswith("sqlite"):
            name = ""
        else:
            administer(database, f"CREATE DATABASE {name}")
            url = make_url(database).set(database=name).render_as_string(hide_password=False)
            environ["FORUM_DATABASE_URL"] = url
        app = create_app(environ, TESTING=True)
        made.append((app, name))
        return app

    yield make
    for app, name in made:
        with app.app_context():
            db.engine.dispose()
        if name:
            administer(database, f"DROP DATABASE {name} WITH (FORCE)")


def administer(database: str, statement: str) -> None:
    admin = create_engine(database, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement))
    admin.dispose()


def rows_of(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table that a backup brings back."""
    with app.test_request_context():
        tables = [table for table in Base.metadata.sorted_tables if table.name not in ("sessions", "one_time_links")]
        return {t.name: [tuple(r) for r in db.session.execute(select(t).order_by(*t.primary_key))] for t in tables}


def members_of(file: Path) -> set[str]:
    with tarfile.open(file) as tar:
        return set(tar.getnames())


def database_in(app: Flask) -> str:
    return "forum.sqlite3" if is_sqlite(app) else "forum.pgdump"


@pytest.fixture
def full(world: World) -> World:
    """Return a forum with something of each kind that a backup could lose."""
    reply = world.published("aigerim")
    world.published("boris", parent=reply), world.draft("dana"), world.vote(reply, "boris")
    world.give_address("saule"), world.answer("boris", before=1)
    world.judge(world.appeal(world.decide(world.reply("aigerim"), Action.REJECT)))
    world.index_article()
    return world


def test_a_backup_comes_back_elsewhere_with_every_row_and_can_be_backed_up_again(
    full: World, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.backup", tmp_path / "second.backup"
    assert "without the secret" in said(run(full.app, "backup", str(first)))
    assert first.stat().st_mode & 0o777 == 0o600
    assert members_of(first) == {"about.json", database_in(full.app)}
    before = rows_of(full.app)
    there, further = elsewhere(), elsewhere()
    assert "its log whole (entries: 4)" in said(run(there, "restore", str(first)))
    assert rows_of(there) == before
    with there.test_client() as reader:
        assert reader.get("/readyz").json["wrong"] == {}
        assert 'id="reply-1"' in reader.get("/search?q=reason").text + reader.get(DEBATE).text
    said(run(there, "backup", str(second)))
    said(run(further, "restore", str(second)))
    assert rows_of(further) == before
    assert run(further, "log", "verify").exit_code == 0


def test_a_file_is_written_whole_or_not_at_all(full: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "it.backup"
    file.write_text("mine")
    assert "is there already" in said(run(full.app, "backup", str(file)), 1)
    assert file.read_text() == "mine"
    assert "Nothing can be written" in said(run(full.app, "backup", str(tmp_path / "no" / "it.backup")), 1)
    assert "no public key" in said(run(full.app, "backup", str(tmp_path / "a"), "--recipient", "age1nonsense"), 1)
    found = {path.name for path in tmp_path.iterdir()} - {"backup.lock", "wake.sqlite3"}
    assert found == {"it.backup"}, "nothing half-made is left"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_two_at_once_are_one_and_what_a_dead_one_left_is_cleared(full: World, tmp_path: Path) -> None:
    (tmp_path / ".backup-dead").mkdir()
    (tmp_path / ".backup-dead" / "forum.sqlite3").write_text("words")
    with archives.whole(tmp_path / "other"), (tmp_path / "backup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "Another backup" in said(run(full.app, "backup", str(tmp_path / "it.backup")), 1)
    said(run(full.app, "backup", str(tmp_path / "it.backup")))
    assert list(tmp_path.glob(".backup-*")) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_newest_backups_are_kept(full: World, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    assert "is no folder" in said(run(full.app, "backup", str(folder), "--keep", "2"), 1)
    folder.mkdir()
    names = [f"forum-2020010{day}-030000.backup" for day in (1, 2, 3)]
    for name in [*names, ".forum-20200104-030000.backup.abc", "notes.txt"]:
        (folder / name).write_text("old")
    assert "older ones removed: 3" in said(run(full.app, "backup", str(folder), "--keep", "2"))
    left = sorted(path.name for path in folder.iterdir() if path.name != carried.FILE)
    assert left[0] == names[2]
    assert left[2:] == ["notes.txt"]


# With the secret, and without


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way", ["recipient", "passphrase"])
def test_an_encrypted_backup_brings_secret_settings_and_texts(
    full: World, elsewhere: Elsewhere, tmp_path: Path, way: str
) -> None:
    instance, file, key = Path(full.app.config["INSTANCE"]), tmp_path / "it.backup", tmp_path / "key.txt"
    (instance / "pages" / "en").mkdir(parents=True)
    (instance / "pages" / "en" / "about.md").write_text("# Who we are\n\nAn office of two.")
    (instance / "settings.toml").write_text('exit_url = "https://weather.example.org/"')
    identity = pyrage.x25519.Identity.generate()
    key.write_text(f"# made today\n{identity}\n")
    runner = full.app.test_cli_runner()
    if way == "recipient":
        options, opens, typed = ["--recipient", str(identity.to_public())], ["--identity", str(key)], ""
    else:
        options, opens, typed = ["--passphrase"], [], "four quiet horses\nfour quiet horses\n"
    made = runner.invoke(args=["backup", str(file), *options], input=typed)
    assert (made.exit_code, made.stdout) == (0, "")
    assert "with its secret and settings" in made.stderr
    assert file.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert not list(instance.glob(".backup-*"))
    there = elsewhere(secret="")
    folder = Path(there.config["INSTANCE"])
    own = (folder / "secret.key").read_text()
    wrong_key = tmp_path / "wrong.txt"
    wrong_key.write_text(str(pyrage.x25519.Identity.generate()))
    failed = there.test_cli_runner().invoke(
        args=["restore", str(file), *(["--identity", str(wrong_key)] if opens else [])], input="another one\n"
    )
    assert failed.exit_code == 1
    assert "does not open the backup" in failed.stderr
    if opens:
        assert "--identity" in said(run(there, "restore", str(file)), 1)
    done = there.test_cli_runner().invoke(args=["restore", str(file), *opens], input="four quiet horses\n")
    assert done.exit_code == 0, done.stderr
    assert (folder / "secret.key").read_text() == "for tests only"
    assert (folder / "secret.key").stat().st_mode & 0o077 == 0
    (kept,) = folder.glob("secret.key.before-restore-*")
    assert kept.read_text() == own
    assert (folder / "pages" / "en" / "about.md").read_text().startswith("# Who we are")
    assert "weather" in (folder / "settings.toml").read_text()
    assert rows_of(there) == rows_of(full.app)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_in_clear_holds_no_secret_and_is_refused_where_its_seals_would_stay_closed(
    full: World, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    file = tmp_path / "it.backup"
    (Path(full.app.config["INSTANCE"]) / "settings.toml").write_text('smtp_url = "smtps://me:horses@example.org"')
    said(run(full.app, "backup", str(file)))
    with tarfile.open(file) as tar:
        inside = b"".join(tar.extractfile(member).read() for member in tar if member.isfile())
    assert b"for tests only" not in inside
    assert b"horses" not in inside
    there = elsewhere(secret="another")
    assert "another secret" in said(run(there, "restore", str(file)), 1)
    with there.app_context():
        assert db.session.connection().dialect.get_table_names(db.session.connection()) == [], "nothing was touched"
        db.session.remove()
    assert "is back" in said(run(there, "restore", str(file), "--other-secret"))


# Over what is there


def test_a_forum_with_content_is_replaced_only_if_told_and_kept(
    full: World, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    early, late = tmp_path / "early.backup", tmp_path / "late.backup"
    said(run(full.app, "backup", str(early)))
    before = rows_of(full.app)
    there = elsewhere()
    said(run(there, "restore", str(early)))
    full.published("dana")
    said(run(full.app, "backup", str(late)))
    assert "--replace" in said(run(there, "restore", str(late)), 1)
    assert rows_of(there) == before
    line = said(run(there, "restore", str(late), "--replace"))
    assert "is kept in" in line
    assert rows_of(there) == rows_of(full.app)
    with there.app_context():
        if is_sqlite(there):
            (kept,) = Path(there.config["INSTANCE"]).glob("before_restore_*.sqlite3")
            found = sqlite3.connect(kept).execute("SELECT count(*) FROM replies").fetchone()[0]
        else:
            schema = db.session.scalar(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before_restore_%'"))
            found = db.session.scalar(text(f"SELECT count(*) FROM {schema}.replies"))  # noqa: S608
            db.session.remove()
    assert found == len(before["replies"])
    said(run(there, "backup", str(tmp_path / "further.backup")))
    with tarfile.open(tmp_path / "further.backup") as tar:
        assert b"before_restore_" not in tar.extractfile(database_in(there)).read(), "what is kept aside is no part"


@pytest.mark.parametrize("where", ["here", "elsewhere"])
def test_what_was_erased_since_is_erased_again(full: World, elsewhere: Elsewhere, tmp_path: Path, where: str) -> None:
    file = tmp_path / "it.backup"
    said(run(full.app, "backup", str(file)))
    with full.at_work(), writing():
        boris = signin.find("boris")
        erasure.delete_account(boris, Erased.ACCOUNT_AND_WORDS, by=boris)
    there = full.app
    if where == "elsewhere":
        there = elsewhere()
        said(run(full.app, "backup", str(tmp_path / "later.backup")))
        (tmp_path / "usb").mkdir()
        for name in ("it.backup", carried.FILE):
            shutil.copy(tmp_path / name, tmp_path / "usb")
        file = tmp_path / "usb" / "it.backup"
    else:
        with there.app_context():
            db.engine.dispose()
    assert "erased again: 1" in said(run(there, "restore", str(file), "--replace"))
    with there.test_request_context():
        assert signin.find("boris") is None
        assert signin.find("aigerim") is not None
    assert "boris" not in there.test_client().get(DEBATE).text
    assert run(there, "log", "verify").exit_code == 0


@pytest.mark.parametrize("fault", ["log", "page", "cut", "other", "newer"])
def test_what_is_damaged_is_refused_and_changes_nothing(
    full: World, elsewhere: Elsewhere, tmp_path: Path, fault: str
) -> None:
    file = tmp_path / "it.backup"
    if fault == "log":
        with full.app.app_context(), db.engine.begin() as connection:
            triggers = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'log_entries'"
            if is_sqlite(full.app):
                for name, _table in connection.execute(text(triggers)).all():
                    connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                connection.execute(text("SET session_replication_role = replica"))
            connection.execute(text("UPDATE log_entries SET rule = 'honesty' WHERE id = 4"))
    elif fault == "newer":
        with full.app.app_context(), db.engine.begin() as connection:
            newest = connection.scalar(text("SELECT version_num FROM alembic_version"))
    said(run(full.app, "backup", str(file)))
    if fault != "log":
        damage(file, fault, full.app)
    there = elsewhere()
    World(migrated(there)).published("aigerim")
    before = rows_of(there)
    line = said(run(there, "restore", str(file), "--replace"), 1)
    assert rows_of(there) == before, line
    if fault == "log":
        assert "Entry 4" in line
    if fault == "newer":
        assert "newer version" in line
        assert newest not in line
    elif is_sqlite(full.app):
        assert list(Path(there.config["INSTANCE"]).glob("before_restore_*")) == []


def test_texts_come_back_with_the_forum_or_not_at_all(full: World, elsewhere: Elsewhere, tmp_path: Path) -> None:
    file, instance = tmp_path / "it.backup", Path(full.app.config["INSTANCE"])
    texts = ("pages/en/about.md", "words/hold.txt")
    for name in texts:
        (instance / name).parent.mkdir(parents=True)
        (instance / name).write_text("What the operator wrote.", encoding="utf-8")
    said(run(full.app, "backup", str(file)))
    there = elsewhere()
    place = Path(there.config["INSTANCE"])
    World(migrated(there)).published("boris")
    before = rows_of(there)
    (place / "words").write_text("A file where a folder should be.", encoding="utf-8")
    assert "Nothing is changed" in said(run(there, "restore", str(file), "--replace"), 1)
    assert rows_of(there) == before
    assert not (place / "pages").exists(), "no text is left of what did not come back"
    (place / "words").unlink()
    said(run(there, "restore", str(file), "--replace"))
    assert [(place / name).read_text(encoding="utf-8") for name in texts] == ["What the operator wrote."] * 2
    assert list(place.glob(".restoring-*")) == []


def migrated(app: Flask) -> Flask:
    run(app, "debates", "list")
    return app


def damage(file: Path, fault: str, app: Flask) -> None:
    """Let a backup be broken in one way."""
    if fault == "cut":
        os.truncate(file, file.stat().st_size * 2 // 3)
        return
    if fault == "other":
        file.write_bytes(b"a letter, and no backup")
        return
    folder = file.with_suffix(".open")
    folder.mkdir()
    with file.open("rb") as source:
        archives.unpack(source, folder)
    if fault == "newer":
        about = folder / "about.json"
        about.write_text(about.read_text().replace('"revision": "', '"revision": "9'))
    else:
        database = folder / database_in(app)
        bytes_ = bytearray(database.read_bytes())
        middle = len(bytes_) // 2 if is_sqlite(app) else 0
        bytes_[middle : middle + 8192] = b"\xa5" * 8192
        database.write_bytes(bytes_)
    file.unlink()
    with file.open("wb") as target:
        archives.pack([(path.name, path) for path in folder.iterdir()], target)
    shutil.rmtree(folder)


def hostile(name: str, kind: bytes = tarfile.REGTYPE, leads_to: str = "") -> tarfile.TarInfo:
    """Return what somebody would put into a file to reach what lies beside the folder."""
    member = tarfile.TarInfo(name)
    member.type, member.linkname, member.size = kind, leads_to, 5 if kind == tarfile.REGTYPE else 0
    return member


@pytest.mark.parametrize(
    "member",
    [
        hostile("../taken"),
        hostile("deep/../../taken"),
        hostile("{outside}/taken"),
        hostile("link", tarfile.SYMTYPE, "../taken"),
        hostile("link", tarfile.LNKTYPE, "../taken"),
        hostile("pipe", tarfile.FIFOTYPE),
    ],
    ids=lambda member: f"{member.name} {member.linkname}".strip(),
)
def test_no_file_reaches_out_of_the_folder_in_which_it_is_opened(member: tarfile.TarInfo, tmp_path: Path) -> None:
    member = copy(member)
    member.name = member.name.format(outside=tmp_path)
    file, folder = tmp_path / "it.backup", tmp_path / "opened"
    with tarfile.open(file, "w:gz") as tar:
        tar.addfile(member, BytesIO(b"words"))
    folder.mkdir()
    with file.open("rb") as source, pytest.raises(Refused, match="no backup of a forum"):
        archives.unpack(source, folder)
    assert sorted(tmp_path.iterdir()) == [file, folder]
    assert list(folder.iterdir()) == []


def test_a_forum_that_is_served_is_not_replaced(full: World, elsewhere: Elsewhere, tmp_path: Path) -> None:
    file = tmp_path / "it.backup"
    said(run(full.app, "backup", str(file)))
    there = migrated(elsewhere())
    with there.app_context():
        other = create_engine(db.engine.url)
    with other.connect() as connection:
        connection.execute(text("SELECT count(*) FROM users"))
        assert "being served" in said(run(there, "restore", str(file)), 1)
    other.dispose()
    assert "is back" in said(run(there, "restore", str(file)))
    assert rows_of(there) == rows_of(full.app)


@pytest.mark.parametrize("args", [[], ["a", "b"], ["a", "--keep", "0"], ["a", "--passphrase", "--recipient", "age1x"]])
def test_wrong_use_ends_with_code_2(world: World, args: list[str]) -> None:
    result: Result = run(world.app, "backup", *args)
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


def test_a_machine_without_pg_dump_is_told_what_to_install(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_sqlite(world.app):
        pytest.skip("SQLite needs no program")
    monkeypatch.setattr("forum.snapshots.DEBIAN", "/nowhere/{}")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "postgresql-client-" in said(run(world.app, "backup", str(tmp_path / "it.backup")), 1)
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho pg_dump '(PostgreSQL) 9.6.1'")
    old.chmod(0o755)
    assert "of version 9" in said(run(world.app, "backup", str(tmp_path / "it.backup")), 1)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fault", ["fsync", "replace"])
@pytest.mark.parametrize("place", ["forum.sqlite3", "secret.key"])
def test_a_full_disk_leaves_the_forum_in_its_place(
    full: World, elsewhere: Elsewhere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, fault: str
) -> None:
    file, key, identity = tmp_path / "it.backup", tmp_path / "key.txt", pyrage.x25519.Identity.generate()
    key.write_text(str(identity))
    said(run(full.app, "backup", str(file), "--recipient", str(identity.to_public())))
    there = elsewhere(secret="")
    World(migrated(there)).published("aigerim")
    before, folder = rows_of(there), Path(there.config["INSTANCE"])
    secret = (folder / "secret.key").read_text()

    real = getattr(os, fault)

    def full_disk(*args: Any, **more: Any) -> None:
        aim = os.readlink(f"/proc/self/fd/{args[0]}") if fault == "fsync" else str(args[1])
        if aim.endswith(f".{place}.new" if fault == "fsync" else place):
            monkeypatch.undo()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(*args, **more)

    monkeypatch.setattr(os, fault, full_disk)
    line = said(run(there, "restore", str(file), "--replace", "--identity", str(key)), 1)
    assert "No space left" in line
    assert rows_of(there) == before
    assert (folder / "secret.key").read_text() == secret == there.config["SECRET_KEY"]
    assert not [*folder.glob("*before*"), *folder.glob(".*.new")], "nothing half-made is left"


def test_what_is_no_forum_or_of_another_version_is_not_copied_and_not_changed(
    world: World, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    there, file = elsewhere(), tmp_path / "it.backup"
    assert "no forum to copy" in said(run(there, "backup", str(file)), 1)
    assert not (Path(there.config["INSTANCE"]) / "forum.sqlite3").exists()
    with world.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert "another version" in said(run(world.app, "backup", str(file)), 1)
    with world.app.app_context(), db.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0001"
    assert not file.exists()


def test_ended_sessions_and_used_links_do_not_come_back(full: World, elsewhere: Elsewhere, tmp_path: Path) -> None:
    file = tmp_path / "it.backup"
    with full.at_work(), writing():
        token = links.make(signin.find("aigerim"))
    full.visitor("aigerim")
    said(run(full.app, "backup", str(file)))
    there = elsewhere()
    assert "sessions and one-time links" in said(run(there, "restore", str(file)))
    with full.app.test_request_context():
        assert db.session.scalar(select(func.count()).select_from(Session)) > 0
        assert links.find(token) is not None
    with there.test_request_context():
        assert db.session.scalar(select(func.count()).select_from(Session)) == 0
        assert links.find(token) is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_torn_list_of_erasures_is_refused_in_one_sentence(full: World, elsewhere: Elsewhere, tmp_path: Path) -> None:
    file, there = tmp_path / "it.backup", elsewhere()
    said(run(full.app, "backup", str(file)))
    for line in ('{"user_id": 3, "member_si', '{"user_id": 3}', "7"):
        (tmp_path / carried.FILE).write_text(f"\n{line}\n")
        assert "Line 2 of" in said(run(there, "restore", str(file)), 1)
        assert "Line 2 of" in said(run(full.app, "backup", str(tmp_path / "other.backup")), 1)
    assert not (tmp_path / "other.backup").exists()
    (tmp_path / carried.FILE).unlink()
    assert "is back" in said(run(there, "restore", str(file)))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("part", ["all", "half"])
def test_a_damaged_database_is_kept_aside_and_replaced(
    full: World, elsewhere: Elsewhere, tmp_path: Path, part: str
) -> None:
    file, there = tmp_path / "it.backup", elsewhere()
    said(run(full.app, "backup", str(file)))
    World(migrated(there)).published("aigerim")
    with there.app_context():
        db.engine.dispose()
    place = Path(there.config["INSTANCE"]) / "forum.sqlite3"
    size = place.stat().st_size
    damaged = os.urandom(size) if part == "all" else place.read_bytes()[: size // 2] + b"\xa5" * (size - size // 2)
    place.write_bytes(damaged)
    place.with_name("forum.sqlite3-wal").write_bytes(b"old")
    assert "damaged; with --replace" in said(run(there, "restore", str(file)), 1)
    said(run(there, "backup", str(tmp_path / "none.backup")), 1)
    assert "is kept in" in said(run(there, "restore", str(file), "--replace"))
    assert rows_of(there) == rows_of(full.app)
    (kept,) = place.parent.glob("before_restore_*.sqlite3")
    assert kept.read_bytes() == damaged


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_told_to_stop_it_leaves_nothing_in_clear(full: World, tmp_path: Path) -> None:
    file, key, gate = tmp_path / "it.backup", tmp_path / "key", threading.Event()
    file.write_bytes(b"age-encryption.org/v1\n-> X25519 abc\n")
    os.mkfifo(key)
    there = tmp_path / "there"
    command = [sys.executable, "-m", "flask", "--app", "forum", "restore", str(file), "--identity", str(key)]
    process = subprocess.Popen(command, env=os.environ | {"FORUM_INSTANCE": str(there)}, cwd=ROOT)
    for _attempt in range(600):
        with suppress(OSError):
            writer = os.open(key, os.O_WRONLY | os.O_NONBLOCK)
            break
        assert process.poll() is None
        gate.wait(0.05)
    assert list(there.glob(".backup-*"))
    process.terminate()
    assert process.wait() == 128 + signal.SIGTERM
    os.close(writer)
    assert not list(there.glob(".backup-*"))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_where_there_are_no_links_a_backup_still_overwrites_nothing(
    full: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_names: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    file = tmp_path / "it.backup"
    monkeypatch.setattr(os, "link", no_links)
    said(run(full.app, "backup", str(file)))
    assert "about.json" in members_of(file)
    assert file.stat().st_mode & 0o777 == 0o600
    second = archives.whole(tmp_path / "two")
    second.__enter__().write(b"second")
    (tmp_path / "two").write_text("first")
    with pytest.raises(Refused, match="there already"):
        second.__exit__(None, None, None)
    assert (tmp_path / "two").read_text() == "first"
    assert not list(tmp_path.glob(".two.*"))


def test_no_password_stands_in_the_list_of_processes(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_sqlite(world.app):
        pytest.skip("SQLite needs no program")
    (tmp_path / "bin").mkdir()
    spy = tmp_path / "bin" / "pg_dump"
    spy.write_text(
        f"#!/bin/sh\n[ $1 = --version ] && echo 'pg_dump 99' && exit\necho $PGPASSWORD $* > {tmp_path}/told\n"
    )
    spy.chmod(0o755)
    monkeypatch.setattr("forum.snapshots.DEBIAN", str(spy.parent))
    with world.app.app_context():
        url = db.engine.url.update_query_dict({"password": "horses", "options": ["-c a=1", "-c b=2"]})
        monkeypatch.setattr(db.engine, "url", url)
        snapshots.take(tmp_path / "copy")
        assert (tmp_path / "told").read_text().startswith("horses --dbname=")
        assert "horses" not in (tmp_path / "told").read_text()[6:]
        assert "options='-c a=1 -c b=2'" in (tmp_path / "told").read_text()
        monkeypatch.setattr(db.engine, "url", url.update_query_dict({"sslpassword": "horses"}))
        with pytest.raises(Refused, match="sslpassword in FORUM_DATABASE_URL"):
            snapshots.take(tmp_path / "copy")


# While everybody writes


WRITER = """
import sys
from contextlib import suppress
from copy import copy
from io import BytesIO
from sqlalchemy.exc import OperationalError
from forum import create_app
from tests.world import World
from forum.moderation.models import Action
world = World.__new__(World)
import itertools
app = create_app(REPLIES_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
world.app, world.words, world.receipts = app, itertools.count(1), []
name = sys.argv[1]
while True:
    with suppress(OperationalError):  # the others had the database for too long
        world.decide(world.reply(name), Action.PUBLISH)
"""


def back_up_under_writers(world: World, elsewhere: Elsewhere, tmp_path: Path, times: int) -> None:
    """Take backups while four processes write; each comes back as one moment of the forum."""
    world.person("maria"), world.published("aigerim")
    for n in (1, 2, 3, 4):
        world.person(f"w{n}x")
    writers = [Worker(world, WRITER.replace("sys.argv[1]", f'"w{n}x"')) for n in (1, 2, 3, 4)]
    seen = []
    try:
        wait_for_replies(world, 8)
        for number in range(times):
            file = tmp_path / f"{number}.backup"
            least = world.count(Reply)
            said(run(world.app, "backup", str(file)))
            most = world.count(Reply)
            assert all(writer.process.poll() is None for writer in writers)
            there = elsewhere()
            assert "is back" in said(run(there, "restore", str(file)))
            assert run(there, "log", "verify").exit_code == 0
            seen.append(moment_of(there))
            assert least <= seen[-1]["replies"] <= most
    finally:
        for writer in writers:
            writer.process.kill()
            writer.process.wait()
            writer.process.stderr.close()
    assert seen == sorted(seen, key=lambda counts: counts["replies"])


def wait_for_replies(world: World, count: int) -> None:
    gate = threading.Event()
    for _attempt in range(600):
        if world.count(Reply) >= count:
            return
        gate.wait(0.1)
    raise TimeoutError


def moment_of(app: Flask) -> dict[str, int]:
    """Return counts that agree at every moment between two transactions, and see that they do."""
    with app.test_request_context():
        models = {"replies": Reply, "revisions": Revision, "entries": LogEntry}
        count = {name: db.session.scalar(select(func.count()).select_from(model)) for name, model in models.items()}
        ask = {
            "replies without a wording": "SELECT count(*) FROM replies WHERE NOT EXISTS "
            "(SELECT 1 FROM revisions WHERE reply_id = replies.id)",
            "published without a decision": "SELECT count(*) FROM replies WHERE status = 'published' AND NOT EXISTS "
            "(SELECT 1 FROM decisions WHERE reply_id = replies.id)",
            "decisions without an entry": "SELECT (SELECT count(*) FROM decisions) "
            "- (SELECT count(*) FROM log_entries)",
            "posted without a record": "SELECT (SELECT count(*) FROM replies) - "
            "(SELECT count(*) FROM audit_entries WHERE event = 'reply_posted')",
            "public and not found": "SELECT (SELECT count(*) FROM replies WHERE status = 'published') - "
            "(SELECT count(*) FROM search_entries WHERE reply_id IS NOT NULL)",
        }
        assert {name: db.session.scalar(text(query)) for name, query in ask.items()} == dict.fromkeys(ask, 0)
    assert count["replies"] == count["revisions"]
    return count


def test_a_backup_under_four_writers_is_one_moment(world: World, elsewhere: Elsewhere, tmp_path: Path) -> None:
    back_up_under_writers(world, elsewhere, tmp_path, 2)


@pytest.mark.long
def test_twenty_of_twenty_backups_under_four_writers_are_one_moment(
    world: World, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    back_up_under_writers(world, elsewhere, tmp_path, 20)
