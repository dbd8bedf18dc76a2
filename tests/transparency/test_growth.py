"""A log of a hundred thousand entries: every page of it, and the foot of every page, is found by an index."""

import re
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import insert, text

from forum.cli import verify_log
from forum.db import db, now
from forum.debates.models import SIDES
from forum.transparency import chain, queries
from forum.transparency.models import LogEntry, LogSalt
from tests.world import SLUG, World

RULES = ["respect", "privacy", "contempt", "danger", "topic", None]
ACTIONS = ["publish", "return", "reject", "remove", "restore", "undone"]
SCAN = {"sqlite": r"SCAN log_(entries|salts)\b(?! USING)", "postgresql": r"Seq Scan on log_"}
MANY = [pytest.param(count, marks=pytest.mark.long) for count in (3000, 100_000)]


def fill(world: World, count: int) -> None:
    """Enter decisions by the thousand, each continuing the one before, as `log.append` does one by one."""
    before, entries = chain.GENESIS, []
    for n in range(1, count + 1):
        facts: list[Any] = [n, f"2026-{n % 12 + 1:02}-01T{n % 24:02}:00Z", SLUG, SIDES[n % 2].value]
        facts += [RULES[n % 6], ACTIONS[n // 7 % 6], n % 5 + 1, "c" * 64, n // 2 if n % 9 == 0 else None, before]
        before = chain.digest(facts)
        entries.append(dict(zip([*chain.FACTS, "hash"], [*facts, before], strict=True)))
    moment = now()
    salts = [{"entry_id": n, "salt": "5" * 64, "created_at": moment.replace(year=2025)} for n in range(1, count + 1)]
    with world.at_work():
        for begin in range(0, count, 5000):
            db.session.execute(insert(queries.RAW), entries[begin : begin + 5000])
            db.session.execute(insert(LogSalt.__table__), salts[begin : begin + 5000])
        db.session.commit()
        db.session.execute(text("ANALYZE"))
        db.session.commit()


def plan(statement: str, values: Any) -> str:
    """Return how the engine goes about a statement that was sent."""
    if db.engine.dialect.name == "sqlite":
        rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return "\n".join(row[3] for row in rows)
    return "\n".join(row[0] for row in db.session.connection().exec_driver_sql(f"EXPLAIN {statement}", values))


@pytest.mark.parametrize("count", MANY)
def test_no_page_of_the_log_reads_all_of_it(world: World, count: int) -> None:
    world.person("maria")
    fill(world, count)
    filters = [f"debate={SLUG}", "side=pro", "rule=topic", "action=remove", "moderator=3"]
    asked = ["&".join(some) for size in range(6) for some in combinations(filters, size)]
    asked += [f"{query}&{step}={count // 2}" for query in asked for step in ("before", "after")]
    reader = world.visitor()
    with world.sent_statements() as sent:
        for query in asked:
            for kind in ("", ".atom"):
                assert reader.get(f"/log{kind}?{query}").status_code == 200
        reader.get("/rules")
    ours = {statement: values for statement, values in sent if "log_" in statement}
    assert len(ours) > len(asked)
    with world.at_work():
        name = db.engine.dialect.name
        plans = {statement: plan(statement, values) for statement, values in ours.items()}
    assert {statement: found for statement, found in plans.items() if re.search(SCAN[name], found)} == {}


@pytest.mark.parametrize("count", MANY)
def test_the_sheet_and_the_command_go_through_all_of_it(world: World, count: int) -> None:
    fill(world, count)
    answer = world.visitor().get("/log.csv")
    assert "Content-Length" not in answer.headers, "it is not held as a whole"
    table = answer.text
    assert table.count("\r\n") == count + 1
    answer = world.app.test_cli_runner().invoke(verify_log, ["--head", table.splitlines()[-1][-64:-48]])
    assert answer.exit_code == 0, answer.output
    assert f"Entries: {count}; head: {table.splitlines()[-1][-64:]}" in answer.stderr


def test_the_command_names_the_first_entry_that_is_wrong(world: World) -> None:
    for _ in range(3):
        world.published("aigerim")
    run = world.app.test_cli_runner().invoke
    assert run(verify_log).exit_code == 0
    with world.at_work():
        last = db.session.get_one(LogEntry, 3).hash
        wrong = dict.fromkeys(queries.RAW.c.keys()) | {"id": 4, "hour": "2026-11-25T03:00Z", "action": "ban"}
        wrong |= {"previous_hash": last, "hash": "f" * 64}
        db.session.execute(insert(queries.RAW), [wrong])
        db.session.commit()
    for arguments in ([], ["--head", last]):
        answer = run(verify_log, arguments)
        assert answer.exit_code == 1
        assert answer.stderr == "Entry 4 is not what was written: its hash does not fit.\n"


def test_a_head_that_is_not_there_shows_that_the_end_was_cut_off(world: World) -> None:
    world.published("aigerim")
    run = world.app.test_cli_runner().invoke
    with world.at_work():
        head = db.session.get_one(LogEntry, 1).hash
    grouped = " ".join(re.findall("....", head[:16])).upper()
    for known in (head, head[:16], grouped, f" {grouped} "):
        assert run(verify_log, ["--head", known]).exit_code == 0
    for unknown in ("f" * 64, "f" * 16):
        answer = run(verify_log, ["--head", unknown])
        assert answer.exit_code == 1
        assert "the end was cut off or rewritten" in answer.stderr
    for short in ("", head[:15], "0"):
        answer = run(verify_log, ["--head", short])
        assert answer.exit_code == 1
        assert "A head has at least 16 digits." in answer.stderr


def test_an_empty_log_is_whole(world: World) -> None:
    answer = world.app.test_cli_runner().invoke(verify_log)
    assert (answer.exit_code, answer.stderr.strip()[-64:]) == (0, chain.GENESIS)
