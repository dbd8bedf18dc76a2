"""A desk with a hundred thousand decisions: few queries a page, and none of them reads a whole table."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from forum.db import db, writing
from tests.moderation.test_appeals import numbers_in
from tests.world import World, most_queries

DECISIONS = 100_000
APPEALS = 20_000  # of which each fortieth is open
OPEN = APPEALS // 40
GROWING = "decisions|appeals|replies|revisions|explanations|appeal_words|appeal_reasons"
# Indexes of what waits, and no more.
WAITING = "(?:ix_appeals_open|ix_revisions_queue|ix_revisions_waiting|uq_revisions_one_waits)"
FULL = {
    "sqlite": re.compile(rf"^SCAN (?:{GROWING})\b(?! USING (?:COVERING )?INDEX {WAITING})"),
    "postgresql": re.compile(rf"Seq Scan on (?:{GROWING})\b"),
}
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)"
FILL = [
    """INSERT INTO replies (id, created_at, debate_id, author_id, depth, stance, status, language, key,
        public_answers, version) NUMBERS
        SELECT i, :now, :debate, :author, 0, 'pro', 'rejected', 'en', 'k' || i, 0, 1 FROM n""",
    """INSERT INTO revisions (id, created_at, reply_id, number, text, html, renderer, outcome) NUMBERS
        SELECT i, :now, i, 1, 'Words ' || i, '<p>Words</p>', 1, 'rejected' FROM n""",
    """INSERT INTO decisions (id, created_at, reply_id, revision_id, moderator_id, action, rule) NUMBERS
        SELECT i, :now, i, i, :first, 'reject', 'topic' FROM n""",
    """INSERT INTO explanations (id, created_at, decision_id, text) NUMBERS SELECT i, :now, i, 'Because.' FROM n""",
    """INSERT INTO appeals (id, created_at, decision_id, reply_id, first_moderator_id, appellant_id, outcome,
        decided_by_id, decided_at, rule) NUMBERS OF APPEALS
        SELECT i, :now, i * 5, i * 5, :first, :author,
        CASE WHEN i % 40 > 0 THEN 'decision_stands' END, CASE WHEN i % 40 > 0 THEN :second END,
        CASE WHEN i % 40 > 0 THEN :now END, CASE WHEN i % 40 > 0 THEN 'topic' END FROM n""",
    """INSERT INTO appeal_words (id, created_at, appeal_id, text) NUMBERS OF APPEALS
        SELECT i, :now, i, 'No.' FROM n""",
    """INSERT INTO appeal_reasons (id, created_at, appeal_id, text) NUMBERS OF APPEALS
        SELECT i, :now, i, 'Because it does.' FROM n""",
]


@pytest.fixture
def crowded(world: World) -> World:
    """Return a forum in which Maria has rejected a great many replies of Aigerim's, and many of these are appealed."""
    people = {name: world.person(name) for name in ("aigerim", "maria", "timur")}
    facts = {"author": people["aigerim"], "first": people["maria"], "second": people["timur"], "debate": 1}
    with world.at_work():
        is_sqlite = db.engine.dialect.name == "sqlite"
        moment = "'2031-05-03 12:00:00'" if is_sqlite else "timestamptz '2031-05-03 12:00:00+00'"
        with writing():
            for statement in FILL:
                many = APPEALS if "NUMBERS OF APPEALS" in statement else DECISIONS
                statement = statement.replace(" OF APPEALS", "").replace("NUMBERS", NUMBERS).replace(":now", moment)
                needed = {name: value for name, value in facts.items() if f":{name}" in statement}
                db.session.execute(text(statement), needed | {"many": many})
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    return world


@contextmanager
def collected(world: World) -> Iterator[list[tuple[str, Any]]]:
    """Collect the reading statements that the block sends, with their values."""
    sent: list[tuple[str, Any]] = []

    def collect(connection, cursor, statement, values, *rest) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, values))

    with world.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", collect)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", collect)


def plan(statement: str, values: Any) -> list[str]:
    explain = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
    with db.engine.connect() as connection:
        return [str(row[-1]) for row in connection.exec_driver_sql(explain + statement, values)]


@pytest.mark.long
def test_no_page_of_a_crowded_desk_reads_a_whole_table_or_asks_many_questions(crowded: World) -> None:
    last = APPEALS - 40
    pages = {
        "timur": [
            "/moderation",
            "/moderation/appeals",
            f"/moderation/appeals?after={last // 2}",
            "/moderation/appeals/40",
            "/moderation/appeals/41",
            "/moderation/replies/200",
        ],
        "aigerim": ["/accounts/replies", "/decisions/200/appeal", "/decisions/7/appeal", "/notifications"],
    }
    with crowded.at_work():  # the check itself sees it where one does
        full = FULL[db.engine.dialect.name]
        assert any(full.search(step) for step in plan("SELECT * FROM decisions WHERE rule = 'respect'", ()))
    faults = []
    for name, addresses in pages.items():
        visitor = crowded.visitor(name)
        for address in addresses:
            with collected(crowded) as sent:
                assert visitor.get(address).status_code == 200
            assert len(sent) <= most_queries(address), address
            with crowded.at_work():
                steps = [step for statement, values in sent for step in plan(statement, values)]
            assert steps
            faults += [f"{address}: {step}" for step in steps if full.search(step)]
    assert faults == []
    assert_that_the_list_has_no_gap(crowded)  # here: such a crowd takes its time to come together


def assert_that_the_list_has_no_gap(crowded: World) -> None:
    """Follow the pages of the list, each from the one before."""
    timur, address, found = crowded.visitor("timur"), "/moderation/appeals", []
    while address:
        page = timur.get(address).text
        found.append(numbers_in(page))
        following = re.search(r'href="(/moderation/appeals\?after=\d+)">Next', page)
        address = following[1] if following else ""
    assert [number for page in found for number in page] == list(range(40, APPEALS + 1, 40))
    assert {len(page) for page in found} == {50}
    assert f'Appeals <span class="n">{OPEN}</span>' in timur.get("/moderation").text
