"""The public log: what it tells, to whom, when, and that nobody can change what it told."""

import csv
import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from html import unescape
from io import StringIO
from pathlib import Path
from textwrap import dedent
from typing import Any
from xml.etree import ElementTree as ET

import flask_migrate
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from forum import create_app
from forum.accounts import signin
from forum.db import db, writing
from forum.debates import articles, queries
from forum.debates.models import Stance
from forum.events import Event
from forum.moderation.models import Action, Decision
from forum.settings import ROOT
from forum.transparency import chain, log
from forum.transparency.models import LogAction, LogEntry, LogSalt
from forum.transparency.queries import facts
from forum.transparency.sheet import lines
from tests.moderation.test_races import deciding, hands
from tests.world import DEBATE, SLUG, WHY, World, at_once

TEXT = "The clinic asks for no name, so the number of visits is the only figure that we have."
ATOM = "{http://www.w3.org/2005/Atom}"


def later(seconds: int = 31) -> time_machine.travel:
    """Return the time in which all that was decided can be seen."""
    return time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds), tick=False)


def rows(page: str) -> list[list[str]]:
    """Return the cells of the log on a page, without the hour."""
    found = re.findall(r'<tr id="entry-\d+">(.*?)</tr>', page, re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in found]
    return [[" ".join(re.sub(r"<[^>]*>", "", unescape(cell)).split()) for cell in row[1:]] for row in cells]


def sheet(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(answer.text)))


def stored(world: World) -> list[LogEntry]:
    with world.at_work():
        return list(db.session.scalars(select(LogEntry).order_by(LogEntry.id)))


def fault(world: World, head: str | None = None) -> str | None:
    with world.at_work():
        return chain.first_fault(facts(), head)


@pytest.fixture
def lived(world: World) -> World:
    """Return a forum in which everything that can be entered by a decision was."""
    world.person("maria"), world.person("timur")
    reply = world.published("aigerim", text=TEXT)
    world.decide(reply, Action.REMOVE, by="timur", rule="privacy")
    world.decide(reply, Action.RESTORE)
    world.decide(world.reply("boris", Stance.ANTI), Action.REJECT, rule="topic")
    answer = world.reply("boris", Stance.NEITHER, parent=reply)
    world.undo(world.decide(answer, Action.RETURN, rule="honesty"))
    return world


TOPIC = "Rule 5: Keep to the motion"
TOLD = [  # the newest first: side, decision, rule, by, afterwards
    ["Neither side", "Decision undone of entry 5", "Rule 7: Do not invent quotations or figures", "Moderator 1", ""],
    ["Neither side", "Returned for an edit", "Rule 7: Do not invent quotations or figures", "Moderator 1", "Undone"],
    ["Against", "Rejected", TOPIC, "Moderator 1", ""],
    ["For", "Restored", "", "Moderator 1", ""],
    ["For", "Removed", "Rule 2: Nobody may be recognised: no names, numbers, places", "Moderator 2", ""],
    ["For", "Published", "", "Moderator 1", ""],
]


def test_each_decision_is_told_without_the_text_and_without_any_name(lived: World) -> None:
    with later():
        page = lived.visitor().get("/log").text
        feed = lived.visitor().get("/log.atom").text
        table = lived.visitor().get("/log.csv").text
    assert [row[1:] for row in rows(page)] == TOLD
    assert {row[0] for row in rows(page)} == {"Prostitution in Kazakhstan: abuse and risk"}
    for told in (page, feed, table):
        for hidden in ("aigerim", "boris", "maria", "timur", "The clinic", "Argument number", WHY):
            assert hidden not in told


@pytest.mark.parametrize(
    ("prefix", "rule"), [("/ru", "Правило 5: Держитесь тезиса"), ("/kk", "5-ереже: Тезистен ауытқымаңыз")]
)
def test_a_rule_has_its_title_in_the_language_of_the_reader_and_its_code_in_what_programs_read(
    lived: World, prefix: str, rule: str
) -> None:
    reader = lived.visitor()
    with later():
        assert rows(reader.get(f"{prefix}/log").text)[2][3] == rule
        assert rule in reader.get(f"{prefix}/log.atom").text
        assert "topic" in [line["rule"] for line in sheet(reader.get(f"{prefix}/log.csv"))]


def test_both_sides_are_told_in_the_same_words(world: World) -> None:
    for side in (Stance.PRO, Stance.ANTI):
        for status in ("published", "returned", "rejected", "removed"):
            world.reply_that_is(status, stance=side)
    with later():
        found = rows(world.visitor().get("/log").text)
    by_side = {side: [row[2:] for row in found if row[1] == side] for side in ("For", "Against")}
    assert by_side["For"] == by_side["Against"] != []


def test_an_entry_appears_when_its_decision_can_no_longer_be_undone(world: World) -> None:
    reader = world.visitor()
    empty = reader.get("/").text
    decision = world.decide(world.reply("aigerim"), Action.PUBLISH)
    assert rows(reader.get("/log").text) == sheet(reader.get("/log.csv")) == []
    assert "<entry>" not in reader.get("/log.atom").text
    assert "Head of the public log" not in empty + reader.get("/").text
    with later(29):
        assert rows(reader.get("/log").text) == []
    with later(31):
        assert len(rows(reader.get("/log").text)) == 1
        world.decide(world.reply("aigerim"), Action.PUBLISH)
        assert len(rows(reader.get("/log").text)) == 1, "the next one waits by itself"
    assert decision == 1


def test_nothing_tells_the_minute(lived: World) -> None:
    moment = datetime.now(UTC).replace(minute=23, second=45)
    with time_machine.travel(moment + timedelta(hours=5), tick=False):
        lived.decide(lived.reply("aigerim"), Action.PUBLISH)
    hour = (moment + timedelta(hours=5)).strftime("%H")
    with time_machine.travel(moment + timedelta(hours=7), tick=False):
        for address in ("/log", "/log.atom", "/log.csv"):
            told = lived.visitor().get(address).text
            assert f"{hour}:00" in told
            assert f"{hour}:23" not in told
    with lived.at_work():
        kept = db.session.execute(text("SELECT * FROM log_entries ORDER BY id DESC LIMIT 1")).one()
    assert f"{hour}:23" not in str(kept)


# Head and versions


def test_the_head_stands_at_the_foot_of_every_page_and_changes_its_version(lived: World) -> None:
    reader = lived.visitor()
    head = stored(lived)[-1].hash
    grouped = " ".join(re.findall("....", head[:16]))
    for address in ("/", DEBATE, "/rules", "/about", "/log", "/accounts/sign-in", "/no-such-page"):
        before = lived.visitor().get(address)
        with later():
            after = lived.visitor().get(address)
            assert f"<code>{grouped}</code>" in after.text, address
            if "ETag" in after.headers:
                assert after.headers["ETag"] != before.headers["ETag"]
    with later():
        assert head in reader.get("/log.atom").text
        assert sheet(reader.get("/log.csv"))[-1]["hash"] == head


def test_the_head_costs_one_query_and_a_page_of_our_own_failure_none(lived: World) -> None:
    reader = lived.visitor()
    reader.get("/about")  # when debates open and close is asked once for all pages
    with lived.counted_queries() as sent:
        reader.get("/rules")
    assert len(sent) == 1
    rename = "ALTER TABLE {} RENAME TO {}"
    with lived.at_work(), writing():
        db.session.execute(text(rename.format("voices", "elsewhere")))
    try:
        with lived.counted_queries() as sent:
            assert reader.get(DEBATE).status_code in {500, 503}
    finally:
        with lived.at_work(), writing():
            db.session.execute(text(rename.format("elsewhere", "voices")))
    assert [statement for statement in sent if "log_entries" in statement] == []


def test_a_kept_copy_is_asked_for_anew_by_its_version(lived: World) -> None:
    reader = lived.visitor()
    with later():
        for address in ("/log", "/log.atom", "/log.csv", "/log?side=pro", "/log.csv?side=pro"):
            first = reader.get(address)
            assert first.headers["Cache-Control"] == "no-cache"
            again = reader.get(address, headers={"If-None-Match": first.headers["ETag"]})
            assert (again.status_code, again.data) == (304, b"")
        versions = {reader.get(f"/log.csv{query}").headers["ETag"] for query in ("", "?side=pro", "?side=anti")}
        assert len(versions) == 3
        assert "ETag" not in lived.visitor("boris").get("/log.csv").headers


# Filters and pages

FILTERS = {
    "": 6,
    "side=pro": 3,
    "side=anti": 1,
    "side=neither": 2,
    "rule=topic": 1,
    "rule=respect": 0,
    "action=publish": 1,
    "action=undone": 1,
    "action=ban": 0,
    "moderator=2": 1,
    "moderator=7": 0,
    f"debate={SLUG}": 6,
    "debate=&side=&rule=&action=&moderator=": 6,
    f"debate={SLUG}&side=pro&rule=privacy&action=remove&moderator=2": 1,
    f"debate={SLUG}&side=anti&rule=privacy&action=remove&moderator=2": 0,
}


@pytest.mark.parametrize("query", FILTERS)
def test_page_feed_and_sheet_are_filtered_alike(lived: World, query: str) -> None:
    reader = lived.visitor()
    with later():
        page, feed, table = (reader.get(f"/log{kind}?{query}") for kind in ("", ".atom", ".csv"))
    found = ET.fromstring(feed.text).findall(f"{ATOM}entry")  # noqa: S314 (our own)
    assert [len(rows(page.text)), len(found), len(sheet(table))] == [FILTERS[query]] * 3
    for name, value in (pair.split("=") for pair in query.split("&") if pair):
        chosen = re.search(rf'<select id="{name}".*?</select>', page.text, re.DOTALL)[0]
        if value and f'<option value="{value}"' in chosen:  # a stranger is no option
            assert re.search(rf'value="{value}"[^>]* selected', chosen)


@pytest.mark.parametrize("name", ["debate", "side", "rule", "action", "moderator", "before", "after"])
def test_what_the_log_does_not_know_is_404(lived: World, name: str) -> None:
    for value in ("%00", "%ff", "sideways", "-1", "0", "1.5", "9" * 30, "%D9%A1", "'--", "=1", "x" * 5000):
        for kind in ("", ".atom", ".csv"):
            if kind == ".csv" and name in {"before", "after"}:
                continue  # the sheet has no pages
            assert lived.visitor().get(f"/log{kind}?{name}={value}").status_code == 404, (kind, value)
    for value in ("2147483647", "2147483648", "9999999999"):
        assert lived.visitor().get(f"/log?{name}={value}").status_code in {200, 404}


def test_pages_lead_to_older_and_newer_entries_and_keep_the_filter(world: World) -> None:
    reply = world.published("aigerim")
    for _ in range(60):
        world.decide(reply, Action.REMOVE)
        world.decide(reply, Action.RESTORE)
    reader, address, seen = world.visitor(), "/log?action=remove&side=pro", []
    with later():
        for size in (50, 10):
            page = reader.get(address).text
            numbers = [int(n) for n in re.findall(r'<tr id="entry-(\d+)"', page)]
            assert len(numbers) == size
            seen += numbers
            older = re.search(r'href="([^"]*)">Older decisions', page)
            address = unescape(older[1]) if older else ""
        assert seen == sorted(seen, reverse=True) == [n for n in range(121, 0, -1) if n % 2 == 0]
        assert address == ""
        newer = unescape(re.search(r'href="([^"]*)">Newer decisions', page)[1])
        assert [int(n) for n in re.findall(r'<tr id="entry-(\d+)"', reader.get(newer).text)] == seen[:50]
        assert "side=pro" in newer
        assert "action=remove" in newer


def test_the_page_takes_as_many_queries_for_many_entries_as_for_few(world: World) -> None:
    costs = []
    for _round in range(2):
        reply = world.published("aigerim")
        for _ in range(10):
            world.undo(world.decide(reply, Action.REMOVE))
        with later(), world.counted_queries() as sent:
            assert world.visitor().get("/log?side=pro").status_code == 200
        costs.append(len(sent))
    assert costs[0] == costs[1] <= 7  # two of them once for each version of the site


# Feed and sheet


def test_the_feed_is_valid_atom(lived: World) -> None:
    with later():
        answer = lived.visitor().get("/log.atom")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.text)  # noqa: S314 (our own)
    assert feed.tag == f"{ATOM}feed"
    for part in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{ATOM}{name}")) == 1
            assert part.find(f"{ATOM}{name}").text.strip()
        assert datetime.fromisoformat(part.find(f"{ATOM}updated").text).tzinfo
    names = [part.text for part in feed.findall(f"{ATOM}entry/{ATOM}id")]
    assert len(set(names)) == len(TOLD)
    assert all(name.startswith("urn:uuid:") for name in names)
    assert feed.find(f"{ATOM}author/{ATOM}name").text == "Evenhand"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"self": "http://localhost/log.atom", "alternate": "http://localhost/log"}
    with later():
        assert names == re.findall(r"urn:uuid:[^<]*", lived.visitor().get("/ru/log.atom").text), "in every language"


def test_the_recipe_for_everybody_finds_the_sheet_whole_and_any_change_in_it(lived: World, tmp_path: Path) -> None:
    recipe, table, head = tmp_path / "check.py", tmp_path / "log.csv", stored(lived)[-1].hash
    code = re.findall(r"^    .*\n|^\n", (ROOT / "docs/log.md").read_text().partition("## Check it")[2], re.MULTILINE)
    recipe.write_text(dedent("".join(code)).partition("\nprint(")[0] + '\nprint("Whole. Head:", before)\n')
    with later():
        whole = lived.visitor().get("/log.csv").data

    def check(data: bytes, *noted: str) -> tuple[int, str]:
        table.write_bytes(data)
        command = [sys.executable, str(recipe), str(table), *noted]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, (done.stdout + done.stderr).strip()

    assert check(whole) == (0, f"Whole. Head: {head}")
    assert check(whole, *re.findall("....", head[:16])) == (0, f"Whole. Head: {head}")
    lines_of_it = whole.splitlines(keepends=True)
    assert check(whole.replace(b",topic,", b",danger,")) == (1, "Entry 4 is not what was written.")
    assert check(b"".join(lines_of_it[:3] + lines_of_it[4:])) == (1, "Entry 3 does not continue the one before it.")
    assert check(b"".join(lines_of_it[:-1]))[0] == 0
    assert check(b"".join(lines_of_it[:-1]), head[:16])[0] == 1


def test_no_cell_is_a_formula(app: Flask) -> None:
    written = "".join(lines([["=1+1", "+1", "-1", "@x", "\tx", "\rx", 'a "b", c', None, 5]]))
    cells = next(csv.reader(StringIO(written.split("\n", 1)[1], newline="")))
    assert cells == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", 'a "b", c', "", "5"]


# Commitments


def test_who_has_the_salt_and_the_text_can_show_that_this_text_was_meant(lived: World) -> None:
    with lived.at_work():
        entry = db.session.get_one(LogEntry, 1)
        salts = list(db.session.scalars(select(LogSalt.salt).order_by(LogSalt.entry_id)))
        assert entry.commitment == chain.commitment(salts[0], TEXT)
        assert entry.commitment != chain.commitment(salts[1], TEXT)
        of_the_same_text = list(db.session.scalars(select(LogEntry.commitment).where(LogEntry.id.in_([1, 2, 3]))))
    assert len(set(of_the_same_text)) == 3, "nobody can see that two entries are about one text"
    assert len(set(salts)) == len(TOLD)
    assert {len(salt) for salt in salts} == {64}


def test_a_destroyed_salt_ends_the_link_to_the_text_and_the_chain_still_holds(lived: World) -> None:
    with lived.at_work(), writing():
        for decision in db.session.scalars(select(Decision)).all():
            log.forget(decision)
    assert lived.count(LogSalt) == 0
    assert fault(lived) is None
    with later():
        assert [row[1:] for row in rows(lived.visitor().get("/log").text)] == TOLD


# What else will be entered


def test_a_later_entry_about_the_same_row_names_the_first_one(world: World) -> None:
    decision = world.decide(world.reply("aigerim"), Action.REJECT, rule="topic")
    with world.at_work(), writing():
        row = db.session.get_one(Decision, decision)
        where = {"debate": SLUG, "side": Stance.PRO, "rule": "topic"}
        log.append(LogAction.DECISION_REVERSED, staff=2, about=row, **where)
        log.append(LogAction.SUSPENSION, staff=2, rule="topic", about=signin.find("aigerim"))
        log.append(LogAction.SANCTION_ENDED, staff=None, rule="topic", about=signin.find("aigerim"))
    assert [(e.action.value, e.about_id, e.commitment is None) for e in stored(world)] == [
        ("reject", None, False),
        ("decision_reversed", 1, True),
        ("suspension", None, True),
        ("sanction_ended", 3, True),
    ]
    with later():
        page = world.visitor().get("/log").text
    assert [row[2:] for row in rows(page)] == [
        ["A measure against a member has ended of entry 3", TOPIC, "nobody; it ended by itself", ""],
        ["A member cannot write for a while", TOPIC, "Moderator 2", "Ended"],
        ["After an appeal: the decision is reversed of entry 1", TOPIC, "Moderator 2", ""],
        ["Rejected", TOPIC, "Moderator 1", "Reversed after an appeal"],
    ]
    assert fault(world) is None


def test_every_action_has_words_of_its_own(app: Flask) -> None:
    words = app.jinja_env.get_template("transparency/_words.html")
    with app.test_request_context():
        module = words.make_module({"_": lambda said: said})
        said = {str(module.action_words(action)) for action in LogAction}
    assert len(said) == len(LogAction)
    assert {action.value for action in Action} <= {action.value for action in LogAction}


def test_decisions_on_other_wordings_of_a_published_reply_are_named_so(world: World) -> None:
    reply = world.published("aigerim")
    first = world.wording(reply)
    for action in (Action.RETURN, Action.REJECT, Action.PUBLISH):
        world.reword(reply), world.decide(reply, action)
    world.undo(world.decide(reply, Action.REMOVE_WORDING, former=first))
    with world.at_work():
        named = list(db.session.scalars(select(LogEntry.action).order_by(LogEntry.id)))
    wordings = ["return_wording", "reject_wording", "publish_wording", "remove_wording"]
    assert named == ["publish", *wordings, "undone"]
    assert fault(world) is None
    with later():
        page = world.visitor().get("/log?action=publish_wording").text
    assert page.count("New wording of a published reply: published") == 2, "in the filter and in one entry"


def test_the_log_begins_with_what_was_decided_before_there_was_one(lived: World) -> None:
    with lived.app.app_context():
        flask_migrate.downgrade(revision="0001")
        flask_migrate.upgrade()
    lived.decide(lived.reply("aigerim"), Action.PUBLISH)
    found = [(entry.action.value, entry.side, entry.rule, entry.moderator) for entry in stored(lived)]
    assert found == [
        ("publish", Stance.PRO, None, 1),
        ("remove", Stance.PRO, "privacy", 2),
        ("restore", Stance.PRO, None, 1),
        ("reject", Stance.ANTI, "topic", 1),
        ("return", Stance.NEITHER, "honesty", 1),
        ("publish", Stance.PRO, None, 1),
    ]
    assert fault(lived) is None
    with lived.at_work():
        salt = db.session.scalar(select(LogSalt.salt).where(LogSalt.entry_id == 1))
        assert db.session.get_one(LogEntry, 1).commitment == chain.commitment(salt, TEXT)


def test_what_is_not_decided_is_not_entered(world: World, app: Flask) -> None:
    wiring = app.extensions["consequences"]

    def fail(decision: Decision) -> None:
        raise RuntimeError

    app.extensions["consequences"] = wiring | {Event.DECISION_MADE: [*wiring[Event.DECISION_MADE], fail]}
    reply = world.reply("aigerim")
    form = {"action": "publish", "revision": world.wording(reply)}
    assert world.visitor("maria").post(f"/moderation/replies/{reply}/decisions", **form).status_code == 500
    assert stored(world) == []
    app.extensions["consequences"] = wiring
    world.decide(reply, Action.PUBLISH)
    assert [entry.id for entry in stored(world)] == [1]


def test_entries_of_many_at_once_are_one_chain(world: World) -> None:
    world.app.config.update(REPLIES_PER_HOUR=1000, WAITING_PER_MEMBER=1000)
    acts = [hands(world, name) for name in ("maria", "timur", "zarina")]
    for _round in range(10):
        waiting = [world.reply("aigerim") for _ in acts]
        decide = [
            deciding(act, reply, "publish", revision=world.wording(reply))
            for act, reply in zip(acts, waiting, strict=True)
        ]
        assert [answer.status_code for answer in at_once(*decide)] == [303] * 3
    assert [entry.id for entry in stored(world)] == list(range(1, 31))
    assert fault(world) is None


# The database itself

REFUSED = {
    "an entry changed": "UPDATE log_entries SET rule = 'topic' WHERE id = 1",
    "all entries changed": "UPDATE log_entries SET moderator = 9",
    "renumbered": "UPDATE log_entries SET id = 100 WHERE id = 2",
    "one deleted": "DELETE FROM log_entries WHERE id = 6",
    "all deleted": "DELETE FROM log_entries",
}
COLUMNS = "id, hour, action, previous_hash, hash"


def put(number: int, previous: str, how: str = "INSERT", digest: str = "f" * 64) -> str:
    values = f"{number}, '2026-11-25T03:00Z', 'ban', '{previous}', '{digest}'"
    return f"{how} INTO log_entries ({COLUMNS}) VALUES ({values})"


def attempts(world: World) -> dict[str, str]:
    hashes = [entry.hash for entry in stored(world)]
    return REFUSED | {
        "inserted in between": put(3, hashes[1]),
        "after a gap": put(8, hashes[-1]),
        "before the first": put(0, chain.GENESIS),
        "not continuing the last": put(7, hashes[-2]),
        "a chain of its own": put(7, chain.GENESIS),
        "without a number": put(7, hashes[-1]).replace("(7, ", "(NULL, "),
        "swapped": "UPDATE log_entries SET id = CASE id WHEN 2 THEN 3 ELSE 2 END WHERE id IN (2, 3)",
    }


def test_the_database_refuses_to_change_the_log(lived: World) -> None:
    before = lived.everything()["log_entries"]
    tries = attempts(lived)
    with lived.at_work():
        dialect = db.engine.dialect.name
    if dialect == "postgresql":
        tries |= {"emptied": "TRUNCATE log_entries CASCADE"}
        tries |= {"on conflict": put(3, "x") + " ON CONFLICT (id) DO UPDATE SET rule = 'topic'"}
    else:
        tries |= {"replaced": put(3, stored(lived)[1].hash, "INSERT OR REPLACE")}
        tries |= {"changed or replaced": "UPDATE OR REPLACE log_entries SET id = 3 WHERE id = 2"}
        tries |= {"on conflict": put(3, "x") + " ON CONFLICT (id) DO UPDATE SET rule = 'topic'"}
    taken, said = [], {}
    for case, statement in tries.items():
        with lived.at_work():
            try:
                with writing():
                    db.session.execute(text(statement))
                taken.append(case)
            except IntegrityError as error:
                said[case] = "the public log only grows" in str(error)
    assert taken == []
    assert set(said.values()) == {True}
    assert lived.everything()["log_entries"] == before


def test_a_bare_shell_of_sqlite_can_change_nothing_either(sqlite_database: str, tmp_path: Any) -> None:
    app = create_app({"FORUM_INSTANCE": str(tmp_path), "FORUM_DATABASE_URL": sqlite_database, "FORUM_SECRET_KEY": "x"})
    world = World(app)
    for _ in range(6):
        world.published("aigerim" if _ % 2 else "boris")
    file = sqlite_database.removeprefix("sqlite:///")
    shell = sqlite3.connect(file)
    for case, statement in attempts(world).items():
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            shell.execute(statement)
        shell.rollback()
        assert case
    last = stored(world)[-1].hash
    for how in ("INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"):
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            shell.execute(put(1, chain.GENESIS, how))
        shell.rollback()
    shell.execute(put(7, last))  # what continues the chain with a wrong hash is taken, and found
    shell.commit()
    shell.close()
    assert fault(world) == "Entry 7 is not what was written: its hash does not fit."
    with app.app_context():
        db.engine.dispose()


def test_closing_a_debate_leaves_its_entries(lived: World) -> None:
    with lived.at_work(), writing():
        articles.close(queries.by_slug(SLUG), "All has been said.")
    with later():
        assert len(rows(lived.visitor().get(f"/log?debate={SLUG}").text)) == len(TOLD)


def test_people_who_are_signed_in_see_the_same_log(lived: World) -> None:
    with later():
        pages = [rows(lived.visitor(name).get("/log").text) for name in ("", "aigerim", "maria")]
    assert pages[0] == pages[1] == pages[2]
