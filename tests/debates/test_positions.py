"""Where members stand: kept apart from who they are, the first answer for ever, a later one beside it."""

import re
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
import time_machine
from sqlalchemy import inspect, text

from forum.accounts import signin
from forum.db import db, writing
from forum.debates import articles, positions, queries
from forum.debates.models import Debate, Stance
from forum.debates.position_models import Position, Reading
from forum.errors import Overtaken, Refused
from forum.opinions import shifts
from tests.test_migrations import references
from tests.world import DEBATE, PASSWORD, SLUG, World, hidden_field


def kept(world: World, name: str) -> tuple[Any, ...]:
    """Return what is kept of somebody: before, before later, after, after later."""
    with world.at_work():
        found = positions.own(queries.by_slug(SLUG), signin.find(name))
        return (found.before, found.before_later, found.after, found.after_later) if found else ()


def test_the_first_answer_stays_and_a_later_one_is_kept_beside_it(world: World) -> None:
    world.answer("aigerim", before=2)
    world.answer("aigerim", before=-1)
    assert kept(world, "aigerim") == (2, -1, None, None)
    world.answer("aigerim", after=0)
    world.answer("aigerim", after=1)
    world.answer("aigerim", after=-2)
    assert kept(world, "aigerim") == (2, -1, 0, -2)
    with world.at_work():
        debate = queries.by_slug(SLUG)
        assert positions.pairs(debate) == [(2, -2)]
        assert positions.sides(debate, [1]) == {1: Stance.PRO}


def test_the_same_answer_twice_is_one(world: World) -> None:
    for _ in range(2):
        world.answer("aigerim", before=1)
        world.answer("aigerim", after=1)
    assert kept(world, "aigerim") == (1, None, 1, None)


def test_whoever_has_answered_after_reading_cannot_answer_before_it(world: World) -> None:
    world.answer("boris", after=1)
    with pytest.raises(Overtaken):
        world.answer("boris", before=1)
    assert kept(world, "boris") == (None, None, 1, None)
    world.answer("aigerim", before=1, after=1)
    world.answer("aigerim", before=1)  # sent once more, it is no other answer
    with pytest.raises(Overtaken):
        world.answer("aigerim", before=2)


def test_an_answer_beyond_the_scale_or_to_a_closed_debate_is_refused(world: World) -> None:
    with pytest.raises(Refused):
        world.answer("aigerim", before=3)
    with world.at_work(), writing():
        articles.close(queries.by_slug(SLUG), "All has been said.")
    with pytest.raises(Refused, match="closed"):
        world.answer("aigerim", before=1)
    assert kept(world, "aigerim") == ()


def test_whoever_is_suspended_may_still_say_where_they_stand(world: World) -> None:
    world.person("boris")
    world.suspend("boris")
    world.answer("boris", before=1)
    assert kept(world, "boris") == (1, None, None, None)


def test_a_side_is_what_was_declared_before_reading(world: World) -> None:
    members = {name: world.person(name) for name in ("aigerim", "boris", "dana", "saule", "timur")}
    world.answer("aigerim", before=1, after=-2)
    world.answer("boris", before=-2)
    world.answer("dana", before=0, after=2)
    world.answer("saule", after=2)
    with world.at_work():
        found = positions.sides(queries.by_slug(SLUG), members.values())
        assert found == {members["aigerim"]: Stance.PRO, members["boris"]: Stance.ANTI}
        assert positions.sides(queries.by_slug(SLUG), []) == {}


def test_a_member_is_forgotten_in_all_debates_and_others_are_not(world: World) -> None:
    for name in ("aigerim", "boris"):
        world.answer(name, before=1)
    with world.at_work(), writing():
        first = queries.by_slug(SLUG)
        facts = {column.name: getattr(first, column.name) for column in Debate.__table__.columns}
        second = Debate(**{name: value for name, value in facts.items() if name not in {"id", "slug"}}, slug="second")
        db.session.add(second)
        db.session.flush()
        for name in ("aigerim", "boris"):
            positions.answer(second, -1, Reading.BEFORE, by=signin.find(name))
    assert len({tag for _debate, tag, *_answers in world.everything()["positions"]}) == 4  # each debate has its own
    with world.at_work(), writing():
        positions.forget(signin.find("aigerim"))
    assert kept(world, "aigerim") == ()
    assert kept(world, "boris") == (1, None, None, None)
    assert world.count(Position) == 2


def test_no_key_no_time_and_no_number_leads_from_a_position_to_its_member(world: World) -> None:
    table = Position.__table__
    assert {column.name for column in table.columns} == {
        *("debate_id", "tag"),
        *("before", "before_later", "after", "after_later"),
    }
    assert [str(c) for t, c in references() if t is table] == ["positions.debate_id"]
    with world.at_work():
        found = inspect(db.engine).get_columns("positions")
        assert {column["name"] for column in found} == {column.name for column in table.columns}
        if db.engine.dialect.name == "sqlite":
            sql = db.session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'positions'"))
            assert "WITHOUT ROWID" in sql


def test_an_answer_leaves_no_line_in_the_audit_log_and_no_trace_in_another_table(world: World) -> None:
    world.person("aigerim")
    before = world.everything()
    world.answer("aigerim", before=1, after=2)
    after = world.everything()
    assert {name for name in after if before[name] != after[name]} == {"positions"}
    assert before["audit_entries"] == after["audit_entries"]


def test_rows_do_not_stand_in_the_order_of_the_answers(world: World) -> None:
    names = [f"member-{n}" for n in range(12)]
    with world.at_work():
        query = text("SELECT tag FROM positions")  # as the engine finds them
        for name in names:
            world.answer(name, before=1)
        with writing():
            positions.shuffle(queries.by_slug(SLUG))
        found, debate = [bytes(tag) for tag in db.session.scalars(query)], queries.by_slug(SLUG)
        answered = [positions.own(debate, signin.find(name)).tag for name in names]
        assert found != answered
        if db.engine.dialect.name == "postgresql":  # which puts rows where there is room, so nearly in that order
            assert db.session.scalar(text("SELECT count(DISTINCT xmin::text) FROM positions")) == 1
        else:
            assert found == sorted(answered)
    assert all(kept(world, name) == (1, None, None, None) for name in names)


def test_without_the_secret_nobody_can_tell_whose_a_position_is(world: World) -> None:
    world.answer("aigerim", before=1)
    world.app.config["SECRET_KEY"] = "another one"
    assert kept(world, "aigerim") == ()
    assert world.count(Position) == 1


def part(page: str, name: str) -> str:
    """Return a page from the element with this id to the end of its part, or nothing."""
    found = re.search(rf'id="{name}".*?(?=<article|</main>)', page, re.DOTALL)
    return unescape(found[0]) if found else ""


def test_a_member_answers_with_one_tap_before_reading_and_after_and_then_sees_what_has_moved(world: World) -> None:
    for n in range(5):
        world.answer(f"member-{n}", before=0, after=1)
    with world.at_work():
        shifts.refresh_all()
    aigerim = world.visitor("aigerim")
    page = aigerim.get(DEBATE).text
    asked = part(page, "where-you-stand")
    points = re.findall(r'<button name="position" value="(-?\d)">([^<]+)<', asked)
    names = ["Strongly for", "For", "Undecided", "Against", "Strongly against"]
    assert points == list(zip(["2", "1", "0", "-1", "-2"], names, strict=True))
    assert '<a class="quiet" href="#story">Skip the question</a>' in asked
    assert "not a poll" not in page

    answer = aigerim.post(f"{DEBATE}/position", position="-1", moment="before")
    assert (answer.status_code, answer.location) == (303, f"{DEBATE}#where-you-stand")
    page = aigerim.get(DEBATE).text
    assert "Before reading you answered: <b>Against</b>" in part(page, "where-you-stand")
    assert "After reading: where do you stand now?" in page
    assert "not a poll" not in page

    answer = aigerim.post(f"{DEBATE}/position", position="0", moment="after")
    assert (answer.status_code, answer.location) == (303, f"{DEBATE}#where-people-stand")
    page = part(aigerim.get(DEBATE).text, "where-people-stand")
    assert "before reading <b>Against</b>, after it <b>Undecided</b>" in page
    assert "Of the 5 members who answered twice – not a poll." in page  # hers is not in yet
    assert "Positions moved towards “for”" in page

    assert aigerim.post(f"{DEBATE}/position", position="2", moment="after").status_code == 303
    page = part(aigerim.get(DEBATE).text, "where-people-stand")
    assert "after it <b>Strongly for</b>" in page
    assert "At first you answered <b>Undecided</b> after reading" in page


def test_a_member_reads_which_of_two_answers_before_reading_counts(world: World) -> None:
    world.answer("aigerim", before=1)
    world.answer("aigerim", before=-2)
    page = part(world.visitor("aigerim").get(DEBATE).text, "where-you-stand")
    assert "Before reading you answered: <b>For</b>." in page
    assert "A later answer, <b>Strongly against</b>, is kept beside it; the first one counts." in page


def test_readers_are_told_of_the_question_and_see_the_shift_once_the_debate_is_closed(world: World) -> None:
    for n in range(5):
        world.answer(f"member-{n}", before=0, after=-1)
    reader = world.visitor()
    page = reader.get(DEBATE).text
    assert "Members are asked where they stand, before reading and after." in page
    assert 'name="position"' not in page
    assert "not a poll" not in page
    with world.at_work(), writing():
        articles.close(queries.by_slug(SLUG), "All has been said.")
    page = reader.get(DEBATE).text
    assert "Positions moved towards “against”" in page
    assert "Of the 5 members who answered twice – not a poll." in page
    assert 'name="position"' not in world.visitor("aigerim").get(DEBATE).text


def test_of_fewer_than_five_nothing_is_shown_to_those_who_have_answered(world: World) -> None:
    for n in range(4):
        world.answer(f"member-{n}", before=0, after=-1)
    with world.at_work():
        shifts.refresh_all()
    page = part(world.visitor("member-0").get(DEBATE).text, "where-people-stand")
    assert "Nothing is shown yet of fewer than five members" in page
    assert "<svg" not in page


def test_an_answer_to_a_closed_debate_is_refused_in_words(world: World) -> None:
    aigerim = world.visitor("aigerim")
    with world.at_work(), writing():
        articles.close(queries.by_slug(SLUG), "All has been said.")
    answer = aigerim.post(f"{DEBATE}/position", position="1", moment="before")
    assert answer.status_code == 422
    assert "All has been said." in answer.text
    assert aigerim.post("/debates/no-such-debate/position", position="1", moment="before").status_code == 404


def test_an_answer_sent_after_the_session_has_ended_comes_back_marked_to_be_sent_again(world: World) -> None:
    world.person("aigerim")
    reader = world.visitor()
    asked = reader.post(f"{DEBATE}/position", position="-1", moment="after")
    assert asked.status_code == 401
    carried = hidden_field(asked.text, "carried")
    page = reader.post("/accounts/sign-in", name="aigerim", password=PASSWORD, carried=carried).text
    assert "After reading: where do you stand now?" in page
    assert '<button name="position" value="-1" aria-pressed="true">' in page
    assert kept(world, "aigerim") == ()


def test_a_reader_who_signs_in_to_answer_is_asked_at_once_and_comes_back_to_the_debate(world: World) -> None:
    world.person("aigerim")
    reader = world.visitor()
    assert f'<a href="{DEBATE}/position">Sign in to answer</a>' in reader.get(DEBATE).text
    asked = reader.get(f"{DEBATE}/position")
    assert asked.status_code == 401
    onward = hidden_field(asked.text, "next")
    answer = reader.post("/accounts/sign-in", name="aigerim", password=PASSWORD, next=onward)
    page = reader.get(answer.location).text
    assert "Before reading: where do you stand?" in page
    answer = reader.post(f"{DEBATE}/position", moment=hidden_field(page, "moment"), position="1")
    assert answer.location == f"{DEBATE}#where-you-stand"
    assert "After reading: where do you stand now?" in reader.get(f"{DEBATE}/position").text


def test_the_desk_shows_and_asks_for_no_position(world: World) -> None:
    """The import contracts say that it cannot; here its pages are asked."""
    number = world.reply("aigerim")
    world.open_person("aigerim")
    maria = world.visitor("maria")
    pages = ["/moderation", f"/moderation/replies/{number}", "/moderation/people/aigerim", "/accounts/replies"]
    with time_machine.travel(datetime.now(UTC), tick=False):
        before = [maria.get(page).text for page in pages]
        world.answer("aigerim", before=2, after=-2)
        with world.sent_statements() as sent:
            after = [maria.get(page).text for page in pages]
    assert before == after
    assert not [statement for statement, _values in sent if "positions" in statement]


def test_an_answer_waits_for_another_one_that_is_being_kept_and_stands_beside_it(world: World) -> None:
    window = world.visitor("aigerim")
    fields = {"position": "-1", "moment": "before", "token": window.token()}
    with ThreadPoolExecutor(1) as pool:
        with world.at_work(), writing():
            positions.answer(queries.by_slug(SLUG), 1, Reading.BEFORE, by=signin.find("aigerim"))
            db.session.flush()
            second = pool.submit(window.post, f"{DEBATE}/position", **fields)
            assert not wait([second], timeout=0.5).done
        assert second.result().status_code == 303
    assert kept(world, "aigerim") == (1, -1, None, None)


def test_who_is_forgotten_while_rows_are_written_anew_does_not_come_back(world: World) -> None:
    world.answer("aigerim", before=1), world.answer("boris", before=1)

    def forget() -> None:
        with world.at_work(), writing():
            positions.forget(signin.find("aigerim"))

    with ThreadPoolExecutor(1) as other, world.at_work():
        with writing():
            debate = queries.by_slug(SLUG)
            positions.lock(debate)
            forgetting = other.submit(forget)
            assert not wait([forgetting], timeout=0.5).done
            positions.shuffle(debate)
        forgetting.result()
    assert world.count(Position) == 1


def test_the_page_of_the_question_marks_what_was_answered(world: World) -> None:
    world.answer("aigerim", before=1, after=-1)
    page = world.visitor("aigerim").get(f"{DEBATE}/position").text
    assert 'value="-1" aria-pressed="true"' in page
    assert page.count('aria-pressed="true"') == 1
    assert "You have answered: before reading <b>For</b>, after it <b>Against</b>." in page
