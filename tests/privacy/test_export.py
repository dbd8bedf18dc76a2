"""Members have everything that the forum holds about them, and nothing about others."""

import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from forum.accounts import links, signin
from forum.accounts.models import Role
from forum.db import db, writing
from forum.jobs import Kind
from forum.moderation.models import Action
from forum.notifications.mail_models import Frequency
from forum.notifications.models import Notification
from forum.privacy.holdings import SECTIONS
from forum.privacy.models import Export
from forum.start import TRANSLATIONS
from tests.world import PLEA, SECOND_WHY, SLUG, WHY, Visitor, World

WORD = "xylothrope"
# Sections that the busy member below has nothing in.
EMPTY = {"one_time_links", "leaving", "decided_by_two_leads"}
OTHERS = ("boris", "maria", "timur", "zarina", "sanzhar")


def opened(archive: bytes) -> dict[str, Any]:
    """Return the JSON of an archive."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        assert files.namelist() == ["everything.json", "everything.html"]
        return json.loads(files.read("everything.json"))


def page_of(archive: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return files.read("everything.html").decode()


def live(world: World) -> None:
    """Let Aigerim do all that leaves a trace; the last thing is that she moderates."""
    world.open_debate("second")
    world.take_name("Moth", "aigerim", "second")
    for status in ("pending", "returned", "removed", "withdrawn"):
        world.reply_that_is(status, text=f"A {WORD} that is {status}, with its reason. Write to me@example.org!")
    world.published("aigerim", passage=4, quote="Zhenya says")
    world.judge(world.appeal(world.decide(world.reply("aigerim"), Action.REJECT)))
    world.judge_sanction(world.appeal_sanction(world.suspend("aigerim")))
    other = world.published("boris", text="What Boris has written here is a matter of his own, not hers.")
    world.report(other, by="aigerim", explanation=f"A {WORD}.")
    world.dismiss(other, explanation="It breaks no rule that I know of.")
    world.report(5, by="boris", explanation="What Boris tells in confidence.")
    world.draft("aigerim", text=f"A {WORD} that I have begun.")
    world.follow("aigerim")
    world.mute("dana", by="aigerim")
    world.give_address("aigerim", Frequency.DAILY, confirmed=True)
    world.note("aigerim", text="What Maria remarks to colleagues.")
    world.answer("aigerim", before=1)


def moderate(world: World) -> None:
    """Let Aigerim decide, dismiss, note and open at the desk."""
    with world.at_work(), writing():
        links.change_role(signin.find("aigerim"), Role.MODERATOR)
    world.passkey("aigerim", "My phone")
    for number in (1, 2):
        world.decide(world.reply("boris"), Action.REJECT if number == 1 else Action.PUBLISH, by="aigerim")
    reported = world.published("boris")
    world.report(reported, by="dana")
    world.dismiss(reported, by="aigerim")
    waiting = world.reply("boris")
    aigerim = world.visitor("aigerim")
    aigerim.post(f"/moderation/replies/{waiting}/claim")
    aigerim.post(f"/moderation/replies/{waiting}/notes", note="I know this argument from elsewhere.")
    aigerim.post("/moderation/preferences", languages="ru")


@pytest.fixture
def busy(world: World) -> World:
    """Return a forum in which Aigerim has left all her traces."""
    live(world)
    return world


def test_an_export_has_something_in_every_section(busy: World) -> None:
    with busy.at_work(), writing():
        signin.find("aigerim").suspended_until = None
    busy.vote(7, "aigerim")
    moderate(busy)
    busy.visitor().post("/accounts/sign-in", name="aigerim", password="not the one")
    found = opened(busy.export("aigerim"))
    assert set(found) - {"site", "made_at"} == set(SECTIONS)
    empty = {name for name, rows in found.items() if not rows}
    assert empty == EMPTY | {"erasures"}


def test_every_word_of_the_member_is_in_it(busy: World) -> None:
    found = opened(busy.export("aigerim"))
    texts = [row["text"] for row in found["wordings"]]
    assert len([text for text in texts if WORD in text]) == 4
    assert found["drafts"][0]["text"].startswith(f"A {WORD}")
    assert found["reports"][0] | {"created_at": "", "answered_at": ""} == {
        "reply": found["reports"][0]["reply"],
        "reason": "respect",
        "created_at": "",
        "text": f"A {WORD}.",
        "outcome": "kept",
        "answered_at": "",
        "answer": "It breaks no rule that I know of.",
    }
    assert {row["explanation"] for row in found["decisions"] if row["rule"]} == {WHY}
    assert (found["appeals"][0]["text"], found["appeals"][0]["reasons"]) == (PLEA, SECOND_WHY)
    assert found["mail"][0]["address"] == "quiet.fox@example.org"
    assert found["positions"][0]["before"] == 1
    assert found["mutes"][0]["muted"] == "dana"
    assert (found["debate_names"][0]["name"], found["debate_names"][0]["debate"]) == ("Moth", "second")


def test_nobody_else_is_in_it(busy: World) -> None:
    archive = busy.export("aigerim")
    for told in (json.dumps(opened(archive), ensure_ascii=False), page_of(archive)):
        for word in (*OTHERS, "Boris tells in confidence", "What Boris has written", "Maria remarks"):
            assert word not in told, word
    assert {row["moderator"] for row in opened(archive)["decisions"]} <= {1, 2}


def test_the_page_to_read_says_the_same_and_runs_nothing(busy: World) -> None:
    busy.draft("aigerim", text="<script>alert(1)</script> and more", place="passage-2")
    page = page_of(busy.export("aigerim"))
    assert WORD in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page


def ask(visitor: Visitor, do: str) -> Any:
    return visitor.post("/accounts/export", do=do)


def test_it_is_asked_for_made_told_of_and_saved(world: World) -> None:
    aigerim = world.visitor("aigerim")
    assert ask(aigerim, "fetch").status_code == 303, "there is none yet"
    assert ask(aigerim, "make").status_code == 303
    assert "The archive is being made" in aigerim.get("/accounts/export").text
    world.do_jobs()
    assert "The archive with everything about you is ready" in aigerim.get("/notifications").text
    assert "The archive is ready" in aigerim.get("/accounts/export").text
    answer = ask(aigerim, "fetch")
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert opened(answer.data)["account"][0]["name"] == "aigerim"
    assert ask(aigerim, "forget").status_code == 303
    assert (world.count(Export), world.count(Notification)) == (0, 0)


def test_the_database_alone_cannot_read_it(busy: World) -> None:
    busy.export("aigerim")
    with busy.at_work():
        sealed = db.session.scalars(select(Export.sealed)).one()
    for words in (b"PK", b"everything.json", WORD.encode()):
        assert words not in sealed[:200] or words == b"PK"
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(sealed))


def test_it_is_given_to_who_has_just_proven_who_they_are(world: World) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        aigerim = world.visitor("aigerim")
        world.export("aigerim")
        clock.shift(timedelta(minutes=11))
        for do in ("make", "fetch", "forget"):
            assert ask(aigerim, do).status_code == 401
    assert world.count(Export) == 1


def test_after_seven_days_it_is_gone(world: World) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        world.export("aigerim")
        clock.shift(timedelta(days=6, hours=23))
        world.do_jobs(kinds=[Kind.FORGET_EXPORTS])
        assert world.count(Export) == 1
        clock.shift(timedelta(hours=2))
        world.do_jobs(kinds=[Kind.FORGET_EXPORTS])
    assert (world.count(Export), world.count(Notification)) == (0, 0)


def test_who_leaves_while_it_is_made_gets_none(world: World) -> None:
    ask(world.visitor("aigerim"), "make")
    world.leave("aigerim")
    world.do_jobs()
    assert world.count(Export) == 0


def test_the_archive_does_not_say_of_what_was_erased_that_it_was_taken_back(world: World) -> None:
    world.report(world.published("aigerim"), "boris")
    world.appeal(world.decide(world.reply("aigerim"), Action.REJECT))
    world.erase_words("aigerim")
    for name in ("aigerim", "boris"):
        page = page_of(world.export(name))
        assert "aken back or erased" in page
        assert not re.search("aken back(?! or erased)", page)


def test_the_page_of_an_archive_calls_a_debate_by_its_title_in_the_language_of_its_reader(world: World) -> None:
    world.translate_article(*TRANSLATIONS)
    world.reply("aigerim"), world.follow("aigerim")
    with world.at_work(), writing():
        signin.find("aigerim").language = "kk"
    archive = world.export("aigerim")
    assert {opened(archive)[section][0]["debate"] for section in ("replies", "follows")} == {SLUG}
    page = page_of(archive)
    assert page.count('<dd dir="auto">Қазақстандағы жезөкшелік: қиянат пен қауіп</dd>') == 2
    assert SLUG not in page
