"""The page of a person at the desk: asked for and recorded, complete, and quick however much has happened."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

import pytest
import time_machine
from sqlalchemy import event, func, insert, select, text

from forum.accounts import signin
from forum.accounts.models import Role
from forum.db import db, now, writing
from forum.debates.models import Debate, Outcome, Reply, ReplyStatus, Revision, Stance
from forum.events import AuditEntry, Event
from forum.moderation.models import Action, Decision
from forum.moderation.sanction_models import PersonNote
from tests.world import WHY, World, most_queries, typed

PAGE = "/moderation/people/aigerim"
NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
BIG = {"replies", "revisions", "decisions", "audit_entries"}


def test_the_page_opens_to_a_moderator_who_asks_and_the_asking_is_recorded(world: World) -> None:
    world.reply("aigerim", text="Words of hers that wait at the desk and nowhere else.")
    maria, timur = world.visitor("maria"), world.visitor("timur")
    closed = maria.get(PAGE).text
    assert "Open the page of aigerim" in closed
    assert "Words of hers" not in closed
    assert maria.post(PAGE).location == PAGE
    assert "Words of hers" in maria.get(PAGE).text
    assert "Words of hers" not in timur.get(PAGE).text
    with world.at_work():
        asked = db.session.scalars(select(AuditEntry).where(AuditEntry.event == Event.AUTHOR_SHOWN)).one()
        assert (asked.subject_kind, asked.subject_id) == ("users", world.person("aigerim"))
        assert (asked.actor_id, asked.facts) == (world.person("maria"), {})


def test_seeing_the_author_of_a_reply_does_not_open_their_page(world: World) -> None:
    reply = world.reply("aigerim")
    maria = world.visitor("maria")
    maria.post(f"/moderation/replies/{reply}/author")
    assert "Open the page of aigerim" in maria.get(f"/moderation/replies/{reply}").text
    assert "Sanctions, present and past" not in maria.get(PAGE).text


def test_a_person_is_found_by_name_however_it_is_written(world: World) -> None:
    world.person("aigerim")
    maria = world.visitor("maria")
    for name in ("aigerim", "AIGERIM", " aigerim "):
        assert f'action="{PAGE}"' in maria.get("/moderation/people", query_string={"name": name}).text
    for name in ("nobody", "a\0b", "x" * 5000, "%"):
        answer = maria.get("/moderation/people", query_string={"name": name})
        assert answer.status_code == 200
        assert "Nobody here has this pseudonym." in answer.text
    assert maria.get("/moderation/people").status_code == 200
    for name in ("nobody", "a%00b", "x" * 400):
        assert maria.get(f"/moderation/people/{name}").status_code == 404
        assert maria.post(f"/moderation/people/{name}").status_code == 404


def test_the_page_holds_replies_in_every_state_decisions_sanctions_and_notes_and_no_side(world: World) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for status in ReplyStatus:
            world.reply_that_is(status.value, text=f"A reply that is {status.value}, with a reason.")
        world.reply("boris", text="A reply of somebody else, with a reason.")
        world.warn("aigerim", explanation="zq warning")
        world.suspend("aigerim", explanation="zq suspension")
        world.propose_ban("aigerim")
        world.note("aigerim", text="zq note", by="timur")
        world.open_person("aigerim")
        clock.shift(timedelta(days=4))
        page = world.visitor("maria").get(PAGE).text
    for status in set(ReplyStatus) - {ReplyStatus.WITHDRAWN}:
        assert f"A reply that is {status.value}" in page
    assert "A reply that is withdrawn" not in page
    assert "somebody else" not in page
    for words in ("zq warning", "zq suspension", "zq note", "Holds now", "Past", "zarina proposed a ban 4 days ago"):
        assert words in page, words
    assert "Rejected; it has not appeared, rule 1" in page
    for side in ("For legalisation", "Against legalisation", "data-stance", 'value="pro"'):
        assert side not in page


def test_notes_are_for_colleagues_and_their_author_deletes_them(world: World) -> None:
    world.person("aigerim")
    for name in ("maria", "timur"):
        world.open_person("aigerim", by=name)
    maria, timur = world.visitor("maria"), world.visitor("timur")
    for bad in ("", " \n", "x" * 2001, "A NUL \0 in it."):
        refused = maria.post(f"{PAGE}/notes", text=bad)
        assert refused.status_code == 422
        assert typed(refused.text).replace("\ufffd", "\0").strip() == bad.strip()
    assert maria.post(f"{PAGE}/notes", text=WHY).status_code == 303
    assert WHY in timur.get(PAGE).text
    assert "Delete this note" not in timur.get(PAGE).text
    assert timur.post("/moderation/notes/1/deletion").status_code == 403
    assert world.count(PersonNote) == 1
    for address in ("/accounts/replies", "/notifications", "/accounts/settings"):
        assert WHY not in world.visitor("aigerim").get(address).text
    assert maria.post("/moderation/notes/1/deletion").status_code == 303
    assert maria.post("/moderation/notes/1/deletion").status_code == 404
    assert WHY not in maria.get(PAGE).text
    with world.at_work():
        events = [Event.PERSON_NOTED, Event.PERSON_NOTE_DELETED]
        entries = list(db.session.scalars(select(AuditEntry).where(AuditEntry.event.in_(events))))
        assert [entry.facts for entry in entries] == [{"user": world.person("aigerim")}] * 2


def test_the_page_of_staff_offers_no_sanction_and_the_own_page_nothing(world: World) -> None:
    for name in ("maria", "timur"):
        world.person(name)
        world.open_person(name, by="zarina")
        world.open_person(name, by="maria")
    zarina, maria = world.visitor("zarina"), world.visitor("maria")
    page = zarina.get("/moderation/people/timur").text
    assert "two leads change the role first" in page
    assert "Propose another role" in page
    assert "Warn, suspend or ban" not in page
    own = maria.get("/moderation/people/maria").text
    assert "This page is about you: colleagues decide." in own
    assert "Propose another role" not in own


def fill(world: World, of_her: int, of_others: int, decisions: int) -> None:
    """Store replies of Aigerim and of others with decisions on them, straight into the tables."""
    her, other, maria = (world.person(name) for name in ("aigerim", "boris", "maria"))
    stamp, stances = now() - timedelta(days=9), cycle([Stance.PRO, Stance.ANTI])
    with world.at_work(), writing():
        debate = db.session.scalars(select(Debate.id)).first()
        share = (of_her + of_others) // of_her  # hers are spread over all
        authors = [her if number % share == 0 else other for number in range(of_her + of_others)]
        rows: list[dict[str, Any]] = [
            {
                "id": number,
                "debate_id": debate,
                "author_id": author,
                "stance": next(stances),
                "status": ReplyStatus.REJECTED,
                "key": f"k{number}",
                "language": "en",
                "depth": 0,
                "public_answers": 0,
                "version": 1,
                "created_at": stamp,
            }
            for number, author in enumerate(authors, 1)
        ]
        made = {"number": 1, "text": "Words.", "html": "<p>Words.</p>", "renderer": 1, "outcome": Outcome.REJECTED}
        store(Reply, rows)
        store(Revision, [{"id": row["id"], "reply_id": row["id"], "created_at": stamp, **made} for row in rows])
        facts = {"moderator_id": maria, "action": Action.REJECT, "rule": "topic", "created_at": stamp}
        numbers = [number % len(rows) + 1 for number in range(decisions)]
        store(Decision, [{"reply_id": number, "revision_id": number, **facts} for number in numbers])
        entry = {"event": Event.DECISION_MADE, "actor_id": maria, "subject_kind": "decisions", "facts": {}}
        store(AuditEntry, [{"subject_id": number, "created_at": stamp, **entry} for number in range(decisions)])
    with world.at_work():
        db.session.execute(text("ANALYZE"))
        db.session.commit()


def store(model: Any, rows: list[dict[str, Any]]) -> None:
    for begin in range(0, len(rows), 5000):
        db.session.execute(insert(model.__table__), rows[begin : begin + 5000])


def plans(world: World, address: str) -> Iterator[tuple[str, str]]:
    """Give each statement behind a page with the plan of the database for it."""
    sent: list[tuple[str, Any]] = []

    def collect(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, parameters))

    maria = world.visitor("maria")
    with world.at_work():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", collect)
    try:
        assert maria.get(address).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", collect)
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        for statement, parameters in sent:
            found = connection.exec_driver_sql(explain + statement, parameters)
            yield statement, "\n".join(str(line[-1]) for line in found)


@pytest.mark.parametrize(
    ("of_her", "of_others", "decisions"),
    [
        pytest.param(2500, 27_500, 50_000, marks=pytest.mark.long),
        pytest.param(5000, 45_000, 100_000, marks=pytest.mark.long),
    ],
)
def test_the_page_asks_little_and_reads_no_table_from_end_to_end(
    world: World, of_her: int, of_others: int, decisions: int
) -> None:
    fill(world, of_her, of_others, decisions)
    world.warn("aigerim")
    world.note("aigerim")
    world.propose_ban("aigerim")
    world.open_person("aigerim")
    maria = world.visitor("maria")
    with world.at_work():
        middle = db.session.scalar(select(func.max(Reply.id)).where(Reply.author_id == signin.find("aigerim").id)) // 2
    for address in (PAGE, f"{PAGE}?before={middle}"):
        with world.counted_queries() as sent:
            page = maria.get(address).text
        assert len(sent) <= most_queries(address), "\n".join(sent)
        assert page.count('href="/moderation/replies/') == 20
        for statement, plan in plans(world, address):
            whole = [name for name in BIG if re.search(rf"SCAN {name}(?! USING)|Seq Scan on {name}\b", plan)]
            assert whole == [], f"{statement}\n{plan}"


def test_all_replies_are_on_some_page_and_no_page_is_beyond(world: World) -> None:
    fill(world, 45, 10, 60)
    world.open_person("aigerim")
    maria, seen, address = world.visitor("maria"), [], PAGE
    while address:
        page = maria.get(address).text
        part = page[page.index('id="replies-title"') : page.index('id="notes-title"')]
        seen += [int(line.split("#")[0]) for line in part.split('href="/moderation/replies/')[1:]]
        older = part.split(f'href="{PAGE}?before=')[1:]
        address = f"{PAGE}?before={older[0].split('#')[0]}" if older else ""
    with world.at_work():
        mine = select(Reply.id).where(Reply.author_id == signin.find("aigerim").id).order_by(Reply.id.desc())
        assert seen == list(db.session.scalars(mine))
    for beyond in ("0", "-1", "x", "9" * 12):
        assert maria.get(f"{PAGE}?before={beyond}").status_code == 404
    assert maria.get(f"{PAGE}?before=1").status_code == 200


def test_a_role_counts_at_once_on_the_page(world: World) -> None:
    world.person("aigerim")
    world.open_person("aigerim")
    maria = world.visitor("maria")
    assert "Member, here since" in maria.get(PAGE).text
    world.confirm(world.propose_role("aigerim", Role.MODERATOR))
    assert "Moderator, here since" in maria.get(PAGE).text


def test_the_page_holds_the_reports_of_the_person_and_of_their_replies_without_names_of_reporters(
    world: World,
) -> None:
    hers, of_boris = world.published("aigerim"), world.published("boris")
    of_maria, other = world.reply("maria"), world.published("boris")
    world.decide(of_maria, Action.PUBLISH, by="timur")
    world.report(of_boris, "aigerim", "topic"), world.report(of_maria, "aigerim", "privacy")
    world.report(other, "aigerim", "honesty")
    world.decide(other, Action.REMOVE)
    world.report(hers, "saule", "honesty")
    world.dismiss(hers)
    world.report(hers, "saule", "illegal", "zq words of a report")
    for name in ("maria", "timur"):
        world.open_person("aigerim", by=name)
    pages = {name: world.visitor(name).get(PAGE).text for name in ("maria", "timur")}
    for page in pages.values():
        made = page[page.index('id="made-title"') : page.index('id="reported-title"')]
        of_them = page[page.index('id="reported-title"') : page.index('id="notes-title"')]
        assert f"/moderation/replies/{of_boris}" in made
        assert "Open: a moderator has yet to answer" in made
        assert "A moderator removed the reply" in made
        assert '<dt>Open</dt><dd class="n">1</dd>' in of_them
        assert '<dt>Answered</dt><dd class="n">1</dd>' in of_them
        assert "It is illegal" in of_them
        assert "the reply stays" in of_them
        assert "saule" not in page
    assert "Nobody may be recognised" in pages["timur"]
    assert "Nobody may be recognised" not in re.sub(r"<fieldset.*?</fieldset>", "", pages["maria"], flags=re.DOTALL)


def test_what_became_of_many_reports_costs_the_page_no_more(world: World) -> None:
    for _report in range(4):
        of_boris = world.published("boris")
        world.report(of_boris, "aigerim"), world.decide(of_boris, Action.REMOVE, by="timur")
    world.open_person("aigerim")
    maria = world.visitor("maria")
    with world.counted_queries() as sent:
        assert maria.get(PAGE).text.count("A moderator removed the reply") == 4
    assert len(sent) <= most_queries(PAGE), "\n".join(sent)


def test_an_undone_decision_is_marked_and_an_appeal_says_what_came_of_it(world: World) -> None:
    reply = world.reply("aigerim")
    world.undo(world.decide(reply, Action.REJECT))
    appeal = world.appeal(world.decide(reply, Action.REJECT))
    for name in ("maria", "timur"):
        world.open_person("aigerim", by=name)
    maria = world.visitor("maria")
    page = maria.get(PAGE).text
    assert page.count("(undone)") == 1
    assert page.count("Rejected; it has not appeared, rule 1") == 1
    assert "on appeal" not in page
    world.judge(appeal, "decision_reversed")
    assert "Reversed on appeal by timur" in maria.get(PAGE).text


def test_staff_read_on_the_page_about_themselves_no_names_notes_or_reports(world: World) -> None:
    world.report(world.published("timur"), "boris", "honesty")
    world.note("timur", "zq a remark", by="zarina")
    for name in ("timur", "zarina"):
        world.open_person("timur", by=name)
    own = world.visitor("timur").get("/moderation/people/timur").text
    other = world.visitor("zarina").get("/moderation/people/timur").text
    for words in ("zq a remark", "maria, ", "Reports of this person’s replies", "reported-title"):
        assert words in other
        assert words not in own
    assert re.search(r"Moderator \d+, ", own)
