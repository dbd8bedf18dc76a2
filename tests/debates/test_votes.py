"""Is it well argued? Who may say so, what is kept of it, and what others see: never whose answer, never whose side."""

import re
from datetime import timedelta
from functools import partial
from html import unescape
from itertools import count
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from forum.db import db, now, writing
from forum.debates import articles, queries, vote_tags
from forum.debates.models import HourlyScores, ReplyMarks, ReplyStatus, Stance
from forum.debates.vote_models import Vote
from forum.fragments import Kept
from forum.jobs import Job, Kind
from forum.moderation.models import Action
from tests.debates.test_columns import NOON, fill, shown, tops
from tests.world import DEBATE, PASSWORD, SLUG, World, at_once, hidden_field

ASKED = "Is this well argued?"


def send(world: World, reply: int, name: str, **fields: str) -> TestResponse:
    return world.visitor(name).post(f"/replies/{reply}/vote", **fields)


def kept(world: World) -> list[tuple[int, int, bool | None]]:
    """Return who answered about which reply, and how, as the secret reads it."""
    with world.at_work():
        rows = list(vote_tags.read(db.session.scalars(select(Vote))))
        return sorted((said.voter_id, row.reply_id, said.well_argued) for row, said in rows)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def reword(world: World, reply: int) -> int:
    """Let another wording of a public reply be published."""
    world.reword(reply)
    world.decide(reply, Action.PUBLISH)
    return world.wording(reply)


def let_vote(world: World, reply: int, **answers: str) -> None:
    """Let new members answer: `pro="yyn"` are three who are for, of whom two say yes."""
    names = count(world.count(Vote))
    for side, said in answers.items():
        for letter in said:
            name = f"reader-{next(names)}"
            if side in {"pro", "anti"}:
                world.answer(name, before=1 if side == "pro" else -1)
            world.vote(reply, name, letter == "y")


def later(hours: int = 2) -> time_machine.travel:
    """Let it be so much later, when the scores of the hour before are in use."""
    return time_machine.travel(now() + timedelta(hours=hours))


# Who may


WHO = {
    "": (401, []),  # the page for signing in
    "aigerim": (403, []),  # the author
    "boris": (303, [True]),
    "maria": (303, [True]),  # who decided on it: she is a member too
    "warned": (403, []),
    "suspended": (403, []),
    "banned": (403, []),
}


@pytest.mark.parametrize("who", WHO)
def test_members_who_may_write_answer_about_replies_of_others(world: World, who: str) -> None:
    reply = world.published("aigerim")
    world.warn("warned"), world.suspend("suspended"), world.ban("banned")
    status, said = WHO[who]
    page = shown(world, "", who)
    assert (ASKED in page) == (status == 303)
    assert send(world, reply, who, well_argued="1").status_code == status
    assert [answer for _who, _what, answer in kept(world)] == said


@pytest.mark.parametrize("status", [status.value for status in ReplyStatus])
def test_only_public_replies_are_asked_about(world: World, status: str) -> None:
    reply = world.reply_that_is(status)
    wanted = 303 if status == "published" else 404
    assert send(world, reply, "boris", well_argued="1").status_code == wanted
    assert len(kept(world)) == (wanted == 303)


def test_answers_of_all_sides_are_asked_about_too(world: World) -> None:
    top = world.published("aigerim")
    answer = world.published("boris", Stance.NEITHER, parent=top)
    assert send(world, answer, "aigerim", well_argued="0").status_code == 303
    assert shown(world, "", "aigerim").count(ASKED) == 1
    assert send(world, top, "aigerim", well_argued="0").status_code == 403


def test_when_a_debate_has_closed_the_answers_stay_as_they_are(world: World) -> None:
    reply = world.published("aigerim")
    world.vote(reply, "boris")
    with world.at_work(), writing():
        articles.close(queries.by_slug(SLUG), "All has been said.")
    answer = send(world, reply, "boris", well_argued="0")
    assert answer.status_code == 422
    assert "All has been said." in answer.text
    assert [said for *_, said in kept(world)] == [True]
    assert ASKED not in shown(world, "", "boris")


# What is kept


def test_an_answer_can_be_changed_and_taken_back_and_is_one_row(world: World) -> None:
    reply, boris = world.published("aigerim"), world.person("boris")
    for sent, said in (("1", True), ("1", True), ("0", False), ("1", True)):
        assert send(world, reply, "boris", well_argued=sent).status_code == 303
        assert kept(world) == [(boris, reply, said)]
    for sent in ("none", ""):
        world.vote(reply, "boris")
        assert send(world, reply, "boris", well_argued=sent).status_code == 303
        assert kept(world) == []
    assert send(world, reply, "boris", well_argued="none").status_code == 303


def test_the_page_shows_ones_own_answer_and_pressing_it_again_takes_it_back(world: World) -> None:
    reply = world.published("aigerim")
    assert shown(world, "", "boris").count('aria-pressed="false"') >= 2
    world.vote(reply, "boris", False)
    page = shown(world, "", "boris")
    assert re.search(r'value="1" data-answer="1" aria-pressed="false">Yes<', page)
    assert re.search(r'value="" data-answer="0" aria-pressed="true">No<', page)
    assert "aria-pressed" not in shown(world)


def test_the_question_stands_on_every_page_with_replies(world: World) -> None:
    reply = world.published("aigerim", passage=2)
    for path in (DEBATE, f"{DEBATE}/passages/2", f"{DEBATE}/replies/{reply}"):
        page = world.visitor("boris").get(path).text
        assert page.count(ASKED) == page.count("That is not agreement") == page.count("votes.js") == 1, path
        assert "votes.js" not in world.visitor().get(path).text


def test_one_returns_to_the_page_and_the_question_from_which_one_answered(world: World) -> None:
    reply = world.published("aigerim")
    page = world.visitor("boris").get(f"{DEBATE}?sort=oldest&pro=1&x=y").text
    assert 'name="place" value="/debates/prostitution-in-kazakhstan?sort=oldest&amp;pro=1"' in page
    assert re.search(r'name="place" value="[^"]+\?hour=\d{4}-\d\d-\d\dT\d\d"', shown(world, "", "boris"))
    for place, where in [
        (f"{DEBATE}?sort=oldest", f"{DEBATE}?sort=oldest#question-{reply}"),
        *(
            (elsewhere, f"{DEBATE}/replies/{reply}#question-{reply}")
            for elsewhere in ("", "//example.org", "http://x.org")
        ),
    ]:
        assert send(world, reply, "boris", well_argued="1", place=place).location == where


def test_a_script_is_told_the_answer(world: World) -> None:
    reply, boris = world.published("aigerim"), world.visitor("boris")
    for sent, said in (("1", "1"), ("0", "0"), ("", "")):
        fields = {"well_argued": sent, "csrf_token": boris.token()}
        answer = boris.client.post(f"/replies/{reply}/vote", data=fields, headers={"Accept": "application/json"})
        assert answer.json == {"well_argued": said}


def test_another_wording_is_another_question(world: World) -> None:
    reply = world.published("aigerim")
    first = world.wording(reply)
    world.vote(reply, "boris")
    second = reword(world, reply)
    assert 'aria-pressed="true"' not in shown(world, "", "boris")
    stale = send(world, reply, "boris", well_argued="1", wording=str(first))
    assert stale.status_code == 409
    assert "new wording" in stale.text
    assert send(world, reply, "boris", well_argued="0", wording=str(second)).status_code == 303
    assert [said for *_, said in kept(world)] == [False]
    assert 'aria-pressed="true">No<' in shown(world, "", "boris")


@pytest.mark.long
def test_two_clicks_at_once_are_one_answer(world: World) -> None:
    replies = [world.published("aigerim") for _ in range(4)]
    boris = [world.visitor("boris") for _ in range(4)]
    tokens = [visitor.token() for visitor in boris]
    for reply in replies:
        address = f"/replies/{reply}/vote"
        clicks = [
            partial(visitor.post, address, token=token, well_argued=said)
            for visitor, token, said in zip(boris, tokens, "1010", strict=True)
        ]
        assert {answer.status_code for answer in at_once(*clicks)} == {303}
    assert len(kept(world)) == len(replies)


def test_who_answers_as_often_as_one_can_within_an_hour_is_told_how_long_to_wait(world: World) -> None:
    world.app.config["VOTES_PER_HOUR"] = 3
    replies = [world.published("aigerim") for _ in range(3)]
    boris = world.visitor("boris")
    token = boris.token()

    def said(reply: int, answer: str) -> TestResponse:
        return boris.post(f"/replies/{reply}/vote", token=token, well_argued=answer)

    assert {said(replies[0], "1").status_code for _ in range(5)} == {303}, "the same again is no other answer"
    assert [said(replies[0], "0").status_code, said(replies[1], "1").status_code] == [303, 303]
    refused = said(replies[2], "1")
    assert (refused.status_code, said(replies[0], "").status_code) == (429, 429)
    assert re.search(r"what you have answered is kept. Please read on, .* again in \d+ minutes?\.", refused.text)
    assert int(refused.headers["Retry-After"]) > 0
    assert ASKED in refused.text
    assert [row[1:] for row in kept(world)] == [(replies[0], False), (replies[1], True)]
    assert send(world, replies[2], "maria", well_argued="1").status_code == 303


# What others see


def test_counts_by_side_appear_from_five_readers_a_side_on_and_the_undecided_are_of_none(world: World) -> None:
    reply = world.published("aigerim", Stance.PRO)
    for answers, sentence in [
        ({"pro": "yyyn", "anti": "", "undecided": "nnnnnnn"}, "Few readers yet."),
        ({"pro": "y"}, "by 4 of 5 readers who agree; few readers yet who disagree."),
        ({"anti": "yynn"}, "by 4 of 5 readers who agree; few readers yet who disagree."),
        ({"anti": "n"}, "by 2 of 5 readers who disagree and 4 of 5 who agree."),
    ]:
        let_vote(world, reply, **answers)
        world.count_votes()
        assert sentence in words(shown(world))


def test_the_sentence_names_the_sides_from_where_the_reply_stands(world: World) -> None:
    top = world.published("aigerim", Stance.ANTI)
    neither = world.published("aigerim", Stance.NEITHER, parent=top)
    for reply in (top, neither):
        let_vote(world, reply, pro="yyyyynn", anti="ynnnn")
    world.count_votes()
    page = words(shown(world))
    assert "Found well argued by 5 of 7 readers who disagree and 1 of 5 who agree." in page
    assert "Found well argued by 5 of 7 readers who are for and 1 of 5 who are against." in page


def test_counts_move_by_five_answers_of_different_readers_at_least(world: World) -> None:
    reply = world.published("aigerim")
    let_vote(world, reply, pro="yyyyyy")
    world.count_votes()
    before = words(shown(world))
    assert "6 of 6" in before
    world.answer("watcher", before=1)
    for said in [True, False] * 6:  # one who presses and presses
        world.vote(reply, "watcher", said)
        world.count_votes()
    for name in ("reader-0", "reader-1", "reader-2"):
        world.vote(reply, name, None)
        world.count_votes()
    assert words(shown(world)) == before
    world.vote(reply, "reader-3", False)
    world.count_votes()
    assert "Few readers yet." in words(shown(world)), "below five a side nothing shows"
    with world.at_work():
        marks = db.session.scalars(select(ReplyMarks)).one()
        assert (marks.pro_yes, marks.pro_all) == (0, 0), "and nothing is kept"
    assert len(kept(world)) == 4, "of what was taken back no row is left"


def test_the_counts_of_a_wording_do_not_stand_under_another(world: World) -> None:
    reply = world.published("aigerim")
    let_vote(world, reply, pro="yyyyy")
    world.count_votes()
    assert "5 of 5" in words(shown(world))
    reword(world, reply)
    world.count_votes()
    assert "Few readers yet." in words(shown(world))


def test_a_member_answers_before_the_counts_unfold(world: World) -> None:
    reply = world.published("aigerim")
    assert "What others found" in shown(world, "", "boris")
    world.vote(reply, "boris")
    for name in ("boris", "", "aigerim"):
        assert "What others found" not in shown(world, "", name)


def test_nobody_sees_a_single_answer(world: World) -> None:
    reply = world.published("aigerim")
    pages = [f"{DEBATE}/replies/{reply}", DEBATE, "/moderation", f"/moderation/replies/{reply}"]
    before = [re.sub(r'value="[^"]*"', "", world.visitor("maria").get(page).text) for page in pages]
    world.answer("boris", before=1)
    world.vote(reply, "boris")
    world.count_votes()
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    assert before == [re.sub(r'value="[^"]*"', "", world.visitor("maria").get(page).text) for page in pages]


# The order


def test_well_argued_puts_first_what_both_sides_value_and_a_closed_debate_opens_in_it(world: World) -> None:
    both, one_side, nobody = (world.published("aigerim") for _ in range(3))
    let_vote(world, both, pro="yyyn", anti="yyyn")
    let_vote(world, one_side, pro="yyyyyyyyyy", anti="nnnnnnnnnn")
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    with later():
        page = shown(world, "?sort=well-argued")
        assert tops(page) == [both, nobody, one_side]
        assert re.search(r'aria-current="true">Well argued<', page)
        with world.at_work(), writing():
            articles.close(queries.by_slug(SLUG), "All has been said.")
        page = shown(world)
    assert tops(page)[0] == both
    assert re.search(r'aria-current="true">Well argued<', page)
    assert f'href="{DEBATE}?sort=fair#replies"' in page


def test_what_is_answered_in_an_hour_moves_replies_from_the_next_one_on_so_no_page_repeats_another(
    world: World,
) -> None:
    replies = fill(world, Stance.PRO, 30)
    sort = "?sort=well-argued"
    with time_machine.travel(NOON + timedelta(days=1), tick=False) as clock:
        first = shown(world, sort)
        last = re.search(rf'href="{DEBATE}(\?sort=well-argued&amp;hour=[^&"]+&amp;pro=2)#replies"', first)
        clock.shift(timedelta(minutes=30))
        least = tops(first)[0]
        let_vote(world, least, pro="nnnnn", anti="nnnnn")
        world.do_jobs(kinds=[Kind.SCORE_DEBATES])
        assert shown(world, sort) == first
        clock.shift(timedelta(minutes=40))
        assert tops(shown(world, f"{sort}&pro=2"))[-1] == least, "the hour after, what is found wanting stands last"
        second = shown(world, unescape(last[1]))
        assert sorted(tops(first) + tops(second)) == sorted(replies)
        assert "Well argued, as it stood" in second
        reword(world, least)
        assert tops(shown(world, f"{sort}&pro=2"))[-1] != least, "another wording is not judged by the one before"


def test_the_order_moves_when_the_answers_of_five_readers_with_a_side_are_new(world: World) -> None:
    low, high = (world.published("aigerim") for _ in range(2))
    let_vote(world, low, pro="nn", anti="nn", undecided="nnn")
    let_vote(world, high, undecided="yyy")
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    assert world.count(HourlyScores) == 0
    let_vote(world, low, pro="n")
    world.do_jobs(kinds=[Kind.SCORE_DEBATES])
    assert world.count(HourlyScores) == 1
    with later(1):
        assert tops(shown(world, "?sort=well-argued")) == [high, low]
        for _ in range(3):
            for said in (None, False):
                for name in ("reader-0", "reader-1", "reader-2", "reader-3"):
                    world.vote(low, name, said)
                world.do_jobs(kinds=[Kind.SCORE_DEBATES])
        assert world.count(HourlyScores) == 1, "four who change their minds ten times are four"


def test_between_equals_the_lot_decides_and_the_pages_carry_its_hour(world: World) -> None:
    fill(world, Stance.PRO, 30)
    found = set()
    for hour in range(3):
        with time_machine.travel(NOON + timedelta(days=1, hours=hour), tick=False):
            page = shown(world, "?sort=well-argued")
            assert tops(page) == tops(shown(world))
            assert f"?sort=well-argued&amp;hour=2031-05-04T{12 + hour}&amp;pro=2#replies" in page
            found.add(tuple(tops(page)))
    assert len(found) == 3


def test_counts_are_looked_at_every_five_minutes_and_only_where_somebody_has_answered(world: World) -> None:
    reply, other = world.published("aigerim"), world.published("aigerim")
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False) as clock:
        let_vote(world, reply, pro="yyyyy")
        let_vote(world, other, undecided="yyyyyyy")
        for minutes, sentence in ((3, "Few readers yet."), (1, "5 of 5")):
            clock.shift(timedelta(minutes=minutes))
            world.do_jobs()
            assert sentence in words(shown(world))
        with world.sent_statements() as sent:
            clock.shift(timedelta(minutes=5))
            world.do_jobs()
    assert not [statement for statement, _values in sent if "votes" in statement]
    assert world.count(Job) == 0


def test_a_page_asks_as_many_questions_for_many_votes_as_for_none(world: World) -> None:
    def cost(name: str, query: str) -> int:
        visitor = world.visitor(name)
        visitor.get("/")  # when debates open and close is asked once for all pages
        with world.counted_queries() as sent:
            assert visitor.get(DEBATE + query).status_code == 200
        return len(sent)

    replies = [world.published("aigerim") for _ in range(3)]
    asked: list[tuple[str, str]] = [("", ""), ("boris", ""), ("", "?sort=well-argued"), ("boris", "?sort=well-argued")]
    before = [cost(*page) for page in asked]
    for reply in replies:
        let_vote(world, reply, pro="yyyyy", anti="yynnn")
        world.vote(reply, "boris")
    world.count_votes()
    assert [cost(*page) for page in asked] == before


def test_places_and_counts_of_a_column_are_read_from_the_index_alone(world: World) -> None:
    with world.at_work():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL decides by what it knows of the table")
    world.app.extensions["fragments"] = Kept()
    with world.sent_statements() as sent:
        shown(world)
    plans: list[Any] = []
    with world.at_work():
        for statement, values in sent:
            if "FROM replies" in statement and "replies.html" not in statement and "JOIN" not in statement:
                rows = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                plans.append([row.detail for row in rows])
    steps = [step for plan in plans for step in plan if "replies" in step]
    assert steps, plans
    assert all("USING COVERING INDEX ix_replies_column" in step for step in steps), plans


def test_an_answer_sent_signed_out_leads_back_to_the_question_and_is_not_sent_by_itself(world: World) -> None:
    reply = world.published("aigerim")
    world.person("boris")
    reader = world.visitor()
    asked = reader.post(f"/replies/{reply}/vote", well_argued="1")
    assert asked.status_code == 401
    carried = {"name": "boris", "password": PASSWORD, "carried": hidden_field(asked.text, "carried")}
    back = reader.post("/accounts/sign-in", **carried)
    page = reader.get(back.location) if back.status_code in {302, 303} else back
    assert ASKED in page.text
    assert kept(world) == []
