"""Two leads decide to read what a member has written; one reads it, and the member is told."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from forum.db import db
from forum.events import AuditEntry, Event
from forum.jobs import Kind
from forum.moderation.models import Action
from forum.notifications.models import Notification
from forum.privacy.holdings import FOR_STAFF
from forum.privacy.models import Export
from tests.privacy.test_export import WORD, live, opened, page_of
from tests.world import WHY, World

TOLD = "A lead has read all that you have written"
SECRET = (
    "quiet.fox@example.org",
    "that I have begun",
    "dana",
    "boris",
    "maria",
    "password",
    "before",
    "T0",
    "T1",
    "T2",
)


@pytest.fixture
def clock(world: World) -> Iterator[Any]:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        yield clock


def let_be_read(world: World, name: str = "aigerim") -> str:
    """Let two leads decide, and the archive be made; return its address."""
    proposal = world.propose_export(name)
    world.confirm(proposal)
    world.do_jobs()
    return f"/proposals/{proposal}/archive"


def test_one_lead_alone_reads_nothing(world: World) -> None:
    proposal = world.propose_export("aigerim")
    world.person("sanzhar")
    zarina = world.visitor("zarina")
    assert zarina.post(f"/proposals/{proposal}/confirmation").status_code == 403
    for who in ("zarina", "sanzhar"):
        assert world.visitor(who).post(f"/proposals/{proposal}/archive").status_code == 404
    assert world.count(Export) == 0


def test_what_a_member_told_nobody_is_not_in_it(world: World) -> None:
    live(world)
    archive = world.visitor("zarina").post(let_be_read(world)).data
    found = opened(archive)
    assert set(found) == {"site", "made_at", *FOR_STAFF}
    assert [WORD in row["text"] for row in found["wordings"]].count(True) == 4
    assert found["account"][0]["name"] == "aigerim"
    for told in (json.dumps(found), page_of(archive).split("<h1>")[1]):
        assert WORD in told
        for secret in SECRET:
            assert secret not in told, secret


def test_only_the_lead_who_proposed_it_reads_it_who_has_just_proven_who_they_are(world: World, clock: Any) -> None:
    zarina, address = world.visitor("zarina"), let_be_read(world)
    for who in ("sanzhar", "maria", "aigerim"):
        for answer in (world.visitor(who).get(address), world.visitor(who).post(address)):
            assert answer.status_code == 403, who
    assert "Save the archive" in zarina.get(address).text
    clock.shift(timedelta(minutes=11))
    assert zarina.post(address).status_code == 401
    assert world.visitor("zarina").post(address).headers["Content-Type"] == "application/zip"


def test_the_member_is_told_once_it_was_read_and_why(world: World) -> None:
    address = let_be_read(world)
    aigerim, zarina = world.visitor("aigerim"), world.visitor("zarina")
    assert TOLD not in aigerim.get("/notifications").text, "nobody has read it yet"
    assert "The archive of what aigerim has written is ready" in zarina.get("/notifications").text
    for _time in range(2):
        assert zarina.post(address).status_code == 200
    notices = aigerim.get("/notifications").text
    assert notices.count(TOLD) == 1
    assert WHY in notices
    assert "One lead proposed it, another one confirmed it." in notices
    read = [row for row in opened(world.export("aigerim"))["audit_log"] if row["event"] == "export_read"]
    assert [row["by_you"] for row in read] == [False, False], "each saving is recorded"
    with world.at_work():
        by = db.session.query(AuditEntry.actor_id).filter(AuditEntry.event == Event.EXPORT_READ).distinct().all()
    assert by == [(world.person("zarina"),)]


def test_where_nobody_else_leads_a_day_passes_first_and_it_is_said(world: World, clock: Any) -> None:
    proposal = world.propose_export("aigerim")
    for status in (422, 303):
        assert world.visitor("zarina").post(f"/proposals/{proposal}/confirmation").status_code == status
        clock.shift(timedelta(hours=25))
    world.do_jobs()
    world.visitor("zarina").post(f"/proposals/{proposal}/archive")
    assert "One lead decided, after 24 hours" in world.visitor("aigerim").get("/notifications").text


def test_after_a_day_it_is_gone_and_the_members_own_stays(world: World, clock: Any) -> None:
    world.export("aigerim")
    address = let_be_read(world)
    clock.shift(timedelta(hours=24))
    shown = world.visitor("zarina").post(address)
    assert "its 24 hours are over" in shown.text
    world.do_jobs(kinds=[Kind.FORGET_EXPORTS])
    with world.at_work():
        assert db.session.query(Export.proposal_id).all() == [(None,)]
        told = db.session.query(Notification.user_id).filter(Notification.event == Event.EXPORT_MADE).all()
    assert told == [(world.person("aigerim"),)]


def test_a_member_who_asks_for_an_own_one_learns_nothing_of_it_and_takes_nothing_away(world: World) -> None:
    address = let_be_read(world)
    aigerim = world.visitor("aigerim")
    assert "The archive is ready" not in aigerim.get("/accounts/export").text
    aigerim.post("/accounts/export", do="make"), aigerim.post("/accounts/export", do="forget")
    assert world.visitor("zarina").post(address).headers["Content-Type"] == "application/zip"


@pytest.mark.parametrize("when", ["before it is made", "afterwards"])
def test_who_leaves_is_not_read(world: World, when: str) -> None:
    world.published("aigerim")
    proposal = world.propose_export("aigerim")
    world.confirm(proposal)
    if when == "afterwards":
        world.do_jobs()
    world.leave("aigerim")
    world.do_jobs()
    assert world.count(Export) == 0
    assert "is deleted" in world.visitor("zarina").post(f"/proposals/{proposal}/archive").text


def test_what_is_erased_is_not_read(world: World) -> None:
    world.decide(world.reply("aigerim"), Action.PUBLISH)
    address = let_be_read(world)
    world.confirm(world.propose_purge("aigerim"))
    assert "what it held was erased" in world.visitor("zarina").post(address).text


def test_the_database_alone_does_not_say_what_is_in_it(world: World) -> None:
    live(world)
    let_be_read(world)
    with world.at_work():
        assert WORD.encode() not in (db.session.query(Export.sealed).scalar() or b"")
