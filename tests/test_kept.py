"""Pages that are kept whole: quick, the same for everybody, and never older than the last decision."""

import gzip
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest
import time_machine
import zstandard
from flask import Flask
from sqlalchemy import event, update
from werkzeug.test import TestResponse

from forum import create_app, versions
from forum.accounts.policy import everyone
from forum.db import db, now, writing
from forum.debates import articles
from forum.debates.models import Debate
from forum.moderation.models import UNDO_WITHIN, Action
from forum.page_store import Page, Store, coding_of
from tests.conftest import environ
from tests.doubt import believe
from tests.world import DEBATE, WHY, World, the_article

DECODED = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": lambda body: zstandard.decompress(body)}
# Open to everybody and yet not kept.
NOT_KEPT = {
    "accounts.link": "a form",
    "accounts.recover": "a form",
    "accounts.sign_in": "a form",
    "accounts.sign_up": "a form",
    "second_factor.step": "a form",
    "debates.new_reply": "a form",
    "reports.make": "a form",
    "mail.confirm": "a form",
    "mail.unsubscribe": "a form",
    "reports.show": "a secret address",
    "search.show": "what somebody looks for stays in no memory",
    "transparency.table": "given line by line, never held as a whole",
    "health.alive": "asks this process",
    "health.ready": "asks what is so at this moment",
}


@pytest.fixture
def app(app: Flask) -> Flask:
    believe(app)
    return app


@pytest.fixture
def other(app: Flask, database: str, tmp_path: Path) -> Iterator[Flask]:
    """Return the forum as another process has it, on the same database."""
    other = create_app(environ(tmp_path / "other", database), TESTING=True)
    yield other
    with other.app_context():
        db.engine.dispose()


@pytest.fixture
def asked(app: Flask) -> Iterator[list[str]]:
    """Collect the views that are reached."""
    reached: list[str] = []
    views = dict(app.view_functions)

    def counted(name, view):
        def reach(**values):
            reached.append(name)
            return view(**values)

        reach.__dict__.update(view.__dict__)
        return reach

    app.view_functions.update({name: counted(name, view) for name, view in views.items() if hasattr(view, "door")})
    yield reached
    app.view_functions.update(views)


def read(app: Flask, address: str = DEBATE, **headers: str) -> TestResponse:
    return app.test_client().get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_a_reader_reaches_a_view_once(world: World, asked: list[str]) -> None:
    first = read(world.app)
    with world.counted_queries() as sent:
        second = read(world.app)
    assert (second.data, second.status_code) == (first.data, 200)
    assert (asked, sent) == (["debates.show"], [])  # the version is read past SQLAlchemy's statements


def test_every_page_for_everybody_is_kept_or_says_why_not(app: Flask) -> None:
    views = {rule.endpoint: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}
    open_ones = {name for name, view in views.items() if getattr(view, "door", None) is everyone}
    gets = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert {name for name in open_ones & gets if not views[name].is_kept} == set(NOT_KEPT)


def test_what_is_not_kept_reaches_its_view_each_time(world: World, asked: list[str]) -> None:
    for address in ("/search?q=law", "/accounts/sign-in", "/log.csv", "/healthz"):
        asked.clear()
        read(world.app, address)
        read(world.app, address)
        assert len(asked) == 2, address


def test_each_browser_gets_the_page_in_the_best_coding_that_it_takes(world: World) -> None:
    plain = read(world.app)
    tags = {plain.headers["ETag"]}
    for accepted, coding in (("gzip", "gzip"), ("gzip, deflate, br", "br"), ("gzip, deflate, br, zstd", "zstd")):
        answer = read(world.app, Accept_Encoding=accepted)
        assert answer.headers["Content-Encoding"] == coding
        assert DECODED[coding](answer.data) == plain.data
        assert len(answer.data) < len(plain.data) / 3
        tags.add(answer.headers["ETag"])
    assert len(tags) == 4
    assert read(world.app, Accept_Encoding="gzip;q=0, br;q=0").headers.get("Content-Encoding") is None
    assert coding_of("deflate, *") == ""


def test_who_has_the_page_is_told_so(world: World) -> None:
    answer = read(world.app, Accept_Encoding="br")
    for tag in (answer.headers["ETag"], f'"other", W/{answer.headers["ETag"]}', "*", read(world.app).headers["ETag"]):
        again = read(world.app, Accept_Encoding="br", If_None_Match=tag)
        assert (again.status_code, again.data) == (304, b""), tag
        assert again.headers["ETag"] == answer.headers["ETag"]
        assert "Content-Length" not in again.headers
        assert again.headers["Content-Security-Policy"]
    assert read(world.app, If_None_Match='"other"').status_code == 200


@pytest.mark.parametrize(
    "address", [DEBATE, "/static/evenhand.css", "/search", "/healthz", "/people/nobody", "/log.csv"]
)
@pytest.mark.parametrize("coding", ["", "br"])
def test_one_can_ask_for_the_head_alone(world: World, address: str, coding: str) -> None:
    asked = {"headers": {"Accept-Encoding": coding}, "buffered": True}
    heads = [world.app.test_client().head(address, **asked)]  # what nobody has read yet
    answer = world.app.test_client().get(address, **asked)
    heads.append(world.app.test_client().head(address, **asked))
    for head in heads:
        assert (head.status_code, head.data) == (answer.status_code, b"")
        assert unlike_another_time(head) == unlike_another_time(answer)
    assert ("Accept-Encoding" in answer.headers.get("Vary", "")) == (address == DEBATE)


def unlike_another_time(answer: TestResponse) -> dict[str, str]:
    """Return the headers of an answer but for what is another one each time."""
    return {name: value for name, value in answer.headers if name not in {"Date", "Set-Cookie"}}


def test_who_asks_for_a_head_first_lets_the_page_be_kept(world: World, asked: list[str]) -> None:
    world.app.test_client().head(DEBATE)
    tag = read(world.app).headers["ETag"]
    unchanged = world.app.test_client().head(DEBATE, headers={"If-None-Match": tag})
    assert (asked, unchanged.status_code) == (["debates.show"], 304)


def test_kept_pages_set_no_cookie_and_may_be_kept_by_others_only_if_they_ask(world: World) -> None:
    for _time in range(2):
        answer = read(world.app)
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-cache"
        assert {"Accept-Encoding", "Cookie"} == set(answer.headers["Vary"].split(", "))
    world.app.extensions["kept"].clear()
    world.app.config["SHARED_SECONDS"] = 5
    assert read(world.app).headers["Cache-Control"] == "public, max-age=0, s-maxage=5"


def test_members_see_their_own_page_and_nobody_gets_it(world: World) -> None:
    aigerim = world.visitor("aigerim")
    read(world.app)
    mine = aigerim.get(DEBATE)
    assert "aigerim" in mine.text
    assert mine.headers["Cache-Control"] == "private, no-store"
    assert "aigerim" not in read(world.app).text


def test_a_form_for_readers_is_not_kept(world: World) -> None:
    tokens = {world.visitor().get("/accounts/sign-up").headers["Set-Cookie"] for _n in range(3)}
    assert len(tokens) == 3


def see_decisions_at_once(world: World, other: Flask, times: int) -> int:
    """Publish and remove a reply by turns in one process; count how often the other one does not show it at once."""
    number, stale = world.reply("aigerim"), 0
    for turn in range(times):
        action = (Action.PUBLISH if turn == 0 else Action.RESTORE) if turn % 2 == 0 else Action.REMOVE
        read(other)  # it is kept there
        world.decide(number, action)
        stale += (f'id="reply-{number}"' in read(other).text) != (turn % 2 == 0)
    return stale


def test_a_decision_in_one_process_shows_at_the_next_request_in_another(world: World, other: Flask) -> None:
    assert see_decisions_at_once(world, other, 8) == 0


def test_where_no_bell_can_be_heard_a_decision_shows_just_as_soon(world: World, other: Flask) -> None:
    other.extensions["bell"] = None
    assert see_decisions_at_once(world, other, 4) == 0


def test_who_dies_before_ringing_is_noticed_within_a_second(world: World, other: Flask) -> None:
    number = world.reply("aigerim")
    read(other)
    world.app.extensions["bell"] = None
    world.decide(number, Action.PUBLISH)
    threading.Event().wait(1.1)
    assert f'id="reply-{number}"' in read(other).text


@pytest.mark.long
def test_a_thousand_decisions_are_seen_at_once(world: World, other: Flask) -> None:
    assert see_decisions_at_once(world, other, 1000) == 0


def test_what_is_not_stored_makes_nothing_stale(world: World, asked: list[str]) -> None:
    def change_and_fail() -> None:
        with writing():
            versions.change_site()
            raise ZeroDivisionError

    read(world.app)
    with world.at_work():
        with pytest.raises(ZeroDivisionError):
            change_and_fail()
        with writing():
            pass  # a change that was not stored is not that of the next transaction
    read(world.app)
    assert asked == ["debates.show"]


def test_a_change_in_one_debate_leaves_the_pages_of_another_one_kept(world: World, asked: list[str]) -> None:
    with world.at_work(), writing():
        other, _changed = articles.publish(replace(the_article(), facts=the_article().facts | {"slug": "other"}))
        number = other.id
    for address in (DEBATE, "/"):
        read(world.app, address)
    with world.at_work(), writing():
        versions.change_debate(number)
    asked.clear()
    for address in (DEBATE, "/"):
        read(world.app, address)
    assert asked == ["debates.index"]


def test_a_new_hour_brings_its_own_order(world: World, asked: list[str]) -> None:
    with time_machine.travel("2030-05-14T12:59:50Z", tick=False) as clock:
        read(world.app)
        clock.shift(timedelta(seconds=9))
        read(world.app)
        assert len(asked) == 1
        clock.shift(timedelta(seconds=1))
        read(world.app)
        assert len(asked) == 2


def test_a_debate_closes_at_its_minute(world: World) -> None:
    with time_machine.travel("2030-05-14T12:00Z", tick=False) as clock:
        with world.at_work(), writing():
            db.session.execute(update(Debate).values(closes_at=now() + timedelta(minutes=7)))
            versions.change_site()
        assert "Write a reply" in read(world.app).text
        clock.shift(timedelta(minutes=6, seconds=59))
        assert "Write a reply" in read(world.app).text
        clock.shift(timedelta(seconds=1))
        assert "Write a reply" not in read(world.app).text


def test_the_line_of_a_decision_comes_after_half_a_minute(world: World) -> None:
    number = world.reply("aigerim")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1), tick=False) as clock:
        world.decide(number, Action.PUBLISH)
        before = read(world.app, "/log").text
        clock.shift(UNDO_WITHIN - timedelta(seconds=1))
        assert read(world.app, "/log").text == before
        clock.shift(timedelta(seconds=2))
        assert read(world.app, "/log").text != before
        assert "Head of the public log" in read(world.app).text


def test_the_operators_own_text_shows_within_a_minute(world: World) -> None:
    with time_machine.travel("2030-05-14T12:00Z", tick=False) as clock:
        read(world.app, "/about")
        folder = Path(world.app.config["INSTANCE"]) / "pages" / "en"
        folder.mkdir(parents=True)
        (folder / "about.md").write_text("# About\n\nRun by the house of the press.", encoding="utf-8")
        clock.shift(timedelta(minutes=1))
        assert "house of the press" in read(world.app, "/about").text


def test_many_readers_who_miss_a_page_at_once_have_it_made_once(world: World, asked: list[str]) -> None:
    slow, gate = world.app.view_functions["debates.show"], threading.Barrier(8)

    def slowly(**values):
        threading.Event().wait(0.2)
        return slow(**values)

    slowly.__dict__.update(slow.__dict__)
    world.app.view_functions["debates.show"] = slowly

    def come() -> None:
        gate.wait()
        answers.append(read(world.app).data)

    answers: list[bytes] = []
    readers = [threading.Thread(target=come) for _n in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert (asked, len(set(answers)), len(answers)) == (["debates.show"], 1, 8)


def test_no_more_is_kept_than_the_setting_says() -> None:
    store = Store(100_000)
    for number in range(50):
        store.put((str(number),), Page({}, None, None, [], b"x" * 10_000))
        store.get(("0",))  # asked for again and again
        assert store.bytes <= 100_000
    assert store.get(("0",))
    assert store.get(("49",))
    assert not store.get(("1",))
    store.put(("large",), Page({}, None, None, [], b"x" * 200_000))
    assert (len(store), store.bytes) == (0, 0)


def test_a_page_that_appears_is_kept_from_then_on(world: World, asked: list[str]) -> None:
    address = f"{DEBATE}/replies/{world.reply('aigerim')}"
    for _time in range(3):
        assert read(world.app, address).status_code == 404
    world.decide(1, Action.PUBLISH)
    for _time in range(3):
        assert read(world.app, address).status_code == 200
    assert asked.count("debates.show_reply") == 5


def test_files_are_kept_for_ever_under_the_address_that_names_their_content(world: World) -> None:
    page = read(world.app).text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = read(world.app, address, Accept_Encoding="br")
    assert "immutable" in answer.headers["Cache-Control"]
    assert brotli.decompress(answer.data) == (Path(world.app.static_folder) / "evenhand.css").read_bytes()
    assert read(world.app, address, If_None_Match=answer.headers["ETag"]).status_code == 304
    with read(world.app, "/static/evenhand.css?v=old") as old:
        assert "immutable" not in old.headers.get("Cache-Control", "")


def test_without_memory_every_page_is_made_anew(database: str, world: World, tmp_path: Path) -> None:
    bare = create_app(environ(tmp_path, database) | {"FORUM_KEPT_MIB": "0"}, TESTING=True)
    with bare.app_context():
        statements: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert bare.test_client().get(DEBATE).status_code == 200
    half = len(statements)
    assert bare.test_client().get(DEBATE).status_code == 200
    assert len(statements) >= 2 * half - 10
    with bare.app_context():
        db.engine.dispose()


def test_an_erased_word_stays_in_no_memory(world: World) -> None:
    number = world.reply("aigerim", text="Only once in the world: quetzalcoatl, and a reason beside it.")
    world.decide(number, Action.PUBLISH)
    read(world.app)
    read(world.app, f"{DEBATE}/replies/{number}")
    world.decide(number, Action.REMOVE, explanation=WHY)
    read(world.app, "/rules")
    kept = world.app.extensions["kept"]
    assert len(kept) == 1
