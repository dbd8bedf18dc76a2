"""After the job has run, no byte of what was erased is in the files of the database."""

import hashlib
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from forum.accounts import signin
from forum.db import db, now, writing
from forum.events import Event
from forum.jobs import Job, Kind
from forum.moderation.models import Action
from forum.notifications import mailboxes
from forum.notifications.mail_models import Frequency
from forum.privacy.models import Erased
from forum.worker import _bind
from tests.world import World

NAME, WORD, MAIL = "quietmarten", "xylothrope", "quiet.fox@example.org"
SAID = f"The {WORD} of the court can be read by anybody, number {{}}."


def forms(word: str) -> Iterator[bytes]:
    """Give a word as it might be stored."""
    raw = word.encode()
    yield from (raw, raw.upper(), raw.hex().encode(), raw.hex().upper().encode())
    for digest in (hashlib.md5, hashlib.sha1, hashlib.sha256):
        yield from (digest(raw).digest(), digest(raw).hexdigest().encode())


def files_of(world: World) -> list[Path]:
    """Return the files of the database."""
    with world.app.app_context():
        path = Path(str(db.engine.url.database))
    return [path.with_name(path.name + end) for end in ("", "-wal", "-shm")]


def hits(folder_or_files: list[Path], *words: str) -> list[str]:
    """Return in which file which word stands."""
    return [
        f"{word} in {path.name}"
        for path in folder_or_files
        if path.exists()
        for content in [path.read_bytes()]
        for word in words
        for form in forms(word)
        if form in content
    ]


def fill(world: World, much: int = 25) -> None:
    """Let somebody leave words in many tables, among those of others, so that pages of the file fill and split."""
    world.app.config["REPLIES_PER_HOUR"] = world.app.config["WAITING_PER_MEMBER"] = 1000
    for number in range(much):
        world.published(NAME, text=SAID.format(number))
        world.published("boris")
    answered = world.published(NAME, text=SAID.format("sixty"))
    world.published("boris", parent=answered)
    for status in ("pending", "returned", "rejected", "removed"):
        world.reply_that_is(status, author=NAME, text=SAID.format(status))
    world.reword(answered, SAID.format("answered"))
    world.appeal(world.decide(world.reply(NAME), Action.REJECT), text=SAID.format("appeal"))
    world.appeal_sanction(world.suspend(NAME, explanation=SAID.format("why")), text=SAID.format("plea"))
    world.note(NAME, text=SAID.format("note"))
    world.report(2, by=NAME, explanation=SAID.format("report"))
    world.report(answered, by="boris", explanation=SAID.format("of them"))
    world.draft(NAME, text=SAID.format("draft"))
    world.give_address(NAME, Frequency.IMMEDIATE, confirmed=True)
    world.visitor().post("/accounts/sign-in", name=NAME, password="not the one")


def leave(world: World, erases: Erased) -> None:
    events = world.app.extensions["consequences"]
    assert Event.REPLY_WITHDRAWN in events
    world.leave(NAME, erases)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_byte_of_words_name_and_address_is_left(world: World) -> None:
    fill(world)
    assert hits(files_of(world), NAME, WORD), "the search finds what is there"
    leave(world, Erased.ACCOUNT_AND_WORDS)
    world.do_jobs()
    assert hits(files_of(world), NAME, WORD, MAIL) == []
    assert world.count(Job) == 0 or Kind.WIPE not in kinds(world)
    with world.at_work():
        assert db.session.execute(text("PRAGMA integrity_check")).scalar() == "ok"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_byte_of_the_name_is_left_where_words_stay(world: World) -> None:
    fill(world)
    leave(world, Erased.ACCOUNT)
    world.do_jobs()
    assert hits(files_of(world), NAME, MAIL) == []
    assert hits(files_of(world), WORD), "what is public stays"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_while_somebody_reads_the_job_waits_and_then_is_done(world: World) -> None:
    world.published(NAME, text=SAID.format(1))
    with world.app.app_context():
        reader = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
        db.engine.dispose()
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM replies").fetchone()
    world.leave(NAME, Erased.ACCOUNT_AND_WORDS)
    with world.app.app_context():
        db.session.execute(text("PRAGMA busy_timeout = 50"))
    world.do_jobs()
    assert Kind.WIPE in kinds(world)
    with world.at_work():
        job = db.session.query(Job).filter_by(kind=Kind.WIPE).one()
        assert job.run_at - now() <= timedelta(minutes=1)
    reader.execute("COMMIT")
    reader.close()
    world.make_due(Kind.WIPE)
    world.do_jobs()
    assert Kind.WIPE not in kinds(world)
    assert hits(files_of(world), NAME, WORD) == []


def test_a_mail_address_that_its_owner_deletes_is_overwritten_too(world: World) -> None:
    world.give_address(NAME, Frequency.DAILY, confirmed=True)
    assert Kind.WIPE not in kinds(world)
    with world.at_work(), writing():
        mailboxes.remove(signin.find(NAME))
    assert Kind.WIPE in kinds(world)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_file_that_wakes_workers_knows_nobody(world: World, app: Flask, tmp_path: Path) -> None:
    _bind(app)
    fill(world)
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert found
    assert hits(found, NAME, WORD, MAIL) == []


def kinds(world: World) -> set[Kind]:
    with world.at_work():
        return {job.kind for job in db.session.query(Job)}
