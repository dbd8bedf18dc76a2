"""Until the second moderator has judged, no page tells them who decided first, under which rule and why.

Two forums are made that differ in nothing else. What the second moderator can open must be the same in both.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from sqlalchemy import delete

from forum.accounts.models import Role
from forum.db import db, writing
from forum.moderation.desk_models import RevisionFlag
from forum.moderation.models import Action
from tests.world import DEBATE, PLEA, UNKNOWN, Visitor, World, most_queries

NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
TEXT = "The clinic asks for no name, so the number of visits is the only figure that we have."
FIRST = [  # who decides first, under which rule, with which reason
    {"by": "gentle", "rule": "privacy", "explanation": "It names a clinic."},
    {"by": "severe", "rule": "honesty", "explanation": "Nobody has ever counted these visits, as far as we know."},
]
SECRET = re.compile(r"gentle|severe|names a clinic|Nobody has ever counted")


def rejected(world: World, **first: Any) -> int:
    return world.decide(world.reply("aigerim", text=TEXT), Action.REJECT, **first)


def removed(world: World, **first: Any) -> int:
    reply = world.reply("aigerim", text=TEXT)
    world.decide(reply, Action.PUBLISH, by=first["by"])  # the first one's hand shows in other decisions too
    return world.decide(reply, Action.REMOVE, **first)


def returned_then_rejected(world: World, **first: Any) -> int:
    reply = world.reply("aigerim", text=TEXT)
    world.decide(reply, Action.RETURN, **first)
    world.visitor("aigerim").post(f"/replies/{reply}/edit", stance="pro", text=TEXT + " It doubled in a year.")
    return world.decide(reply, Action.REJECT, **first)


def addresses(world: World) -> Iterator[str]:
    """Return every address of the forum that can be read, but the files."""
    for endpoint, path in world.addresses():
        if endpoint != "static" and str(UNKNOWN) not in path:
            yield path


def seen(person: Visitor, address: str) -> str:
    """Return a page without what belongs to the session alone."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", person.get(address).text)


def judging(person: Visitor, **fields: Any) -> str:
    """Return the page of a judgement that is refused."""
    answer = person.post("/moderation/appeals/1/judgement", **fields)
    assert answer.status_code == 422
    return answer.text


@pytest.mark.parametrize("case", [rejected, removed, returned_then_rejected])
def test_no_page_tells_the_second_moderator_anything_of_the_first_before_the_judgement(
    world: World, case: Callable[..., int]
) -> None:
    with time_machine.travel(NOON, tick=False):
        for name in ("gentle", "severe", "timur"):
            world.person(name, Role.MODERATOR)
        decisions = [case(world, **first) for first in FIRST]
        for decision in decisions:
            world.appeal(decision)
        with world.at_work(), writing():  # that the second text repeats the first one is no matter here
            db.session.execute(delete(RevisionFlag))
        timur = world.visitor("timur")
        pages = {address: seen(timur, address) for address in addresses(world)}
        pages["refused"] = judging(timur, outcome="decision_stands", explanation="Two sentences of my own.")
        of_colleagues = {f"/moderation/people/{first['by']}" for first in FIRST}  # their own pages bear their names
        assert {address for address, page in pages.items() if SECRET.search(page)} <= of_colleagues
        for row in (1, 2):
            assert f"/moderation/appeals/{row}" in pages
        # And what is alike but for the first one looks alike: no hint is left in order, counts or marks.
        # Only the ways to the next appeal and the one before differ: they say where it stands in the list.
        ways = re.compile(r'<a class="quiet"[^>]* aria-keyshortcuts="[JK]">.*?</a>\s*')
        mine = [ways.sub("", pages[f"/moderation/appeals/{row}"]) for row in (1, 2)]
        assert PLEA in mine[0]
        assert nameless(mine[0]) == nameless(mine[1])
        replies = sorted(address for address in pages if re.fullmatch(r"/moderation/replies/\d+", address))
        assert len(replies) == 2
        assert nameless(pages[replies[0]]) == nameless(pages[replies[1]])
        assert "Who decided what, and why, is shown here once" in pages[replies[0]]

        world.judge(1, by="timur")
        after = seen(timur, "/moderation/appeals/1")
        assert "gentle" in after
        assert "It names a clinic." in after
        assert "2. Nobody may be recognised" in after
        assert "gentle" in seen(timur, replies[0])
        assert not SECRET.search(seen(timur, replies[1]))


def nameless(page: str) -> str:
    """Return a page without the numbers of its rows, and without the list of all that waits."""
    return re.sub(r"\b\d+\b", "…", re.sub(r' aria-current="\w+"', "", page))


def test_the_first_moderator_sees_the_own_decision_and_knows_why_a_colleague_decides(world: World) -> None:
    world.person("timur")
    world.appeal(rejected(world, **FIRST[1] | {"by": "maria"}))
    maria = world.visitor("maria")
    page = maria.get("/moderation/appeals/1").text
    assert "Nobody has ever counted these visits" in page
    assert "You made the decision: a colleague looks at it anew." in page
    assert "<textarea" not in page
    assert "Nobody has ever counted these visits" in maria.get("/moderation/replies/1").text


@pytest.mark.parametrize("action", ["remove", "restore", "publish", "reject"])
def test_a_click_on_an_old_page_does_not_tell_either(world: World, action: str) -> None:
    world.person("severe", Role.MODERATOR)
    decision = (removed if action in {"remove", "restore"} else rejected)(world, **FIRST[1])
    world.appeal(decision)
    answer = world.visitor("timur").post(
        "/moderation/replies/1/decisions",
        action=action,
        rule="topic",
        explanation="Two sentences of my own.",
        revision=world.wording(1),
    )
    if action == "restore":  # which can be done at any time, and ends the appeal
        assert answer.status_code == 303
        return
    assert answer.status_code == 409
    assert not SECRET.search(answer.text)
    assert "Rule 7" not in answer.text
    assert "This reply has moved on since you opened it." in answer.text


def test_colleagues_of_a_decided_case_read_both_with_names(world: World) -> None:
    world.appeal(rejected(world, **FIRST[1] | {"by": "maria"}))
    world.judge(1, "decision_reversed")
    for name in ("maria", "timur", "zarina"):
        page = world.visitor(name).get("/moderation/appeals/1").text
        assert "<dd>maria</dd>" in page
        assert "<dd>timur</dd>" in page
        assert "The first decision is reversed, and the reply shown" in page


def test_a_tombstone_names_its_rule_to_all_but_the_staff_who_could_still_judge_it(world: World) -> None:
    reply = world.published("aigerim", text=TEXT)
    world.published("boris", parent=reply)
    appeal = world.appeal(world.decide(reply, Action.REMOVE, **FIRST[1] | {"by": "maria"}))
    for address in (DEBATE, f"{DEBATE}/replies/{reply}"):
        for name, knows in (("timur", False), ("zarina", False), ("maria", True), ("aigerim", True), ("", True)):
            page = world.visitor(name).get(address).text
            assert "A moderator removed this reply" in page, name
            assert ("A moderator removed this reply: <a" in page) is knows, name
    zarina = world.visitor("zarina")
    world.judge(appeal, by="timur")
    assert "A moderator removed this reply: <a" in zarina.get(DEBATE).text


def test_the_history_names_the_rule_of_a_wording_to_all_but_the_staff_who_could_still_judge_it(world: World) -> None:
    reply = world.published("aigerim", text=TEXT)
    former = world.wording(reply)
    world.reword(reply), world.decide(reply, Action.PUBLISH)
    appeal = world.appeal(world.decide(reply, Action.REMOVE_WORDING, former=former, rule="honesty"))
    history = f"/replies/{reply}/history"
    for name, knows in (("timur", False), ("zarina", False), ("maria", True), ("aigerim", True), ("", True)):
        page = world.visitor(name).get(history).text
        assert "A moderator has taken this wording out of the history." in page, name
        assert ("/rules#honesty" in page) is knows, name
    zarina = world.visitor("zarina")
    world.judge(appeal, by="timur")
    assert "/rules#honesty" in zarina.get(history).text


def test_who_undoes_too_late_is_not_told_either_what_a_colleague_decided(world: World) -> None:
    world.person("zarina")
    reply = world.reply("aigerim")
    decision = world.decide(reply, Action.PUBLISH)
    world.appeal(world.decide(reply, Action.REMOVE, by="timur", rule="honesty"))
    answer = world.visitor("maria").post(f"/decisions/{decision}/undo")
    assert answer.status_code == 409
    assert "timur" not in answer.text
    assert "This reply has moved on since you opened it." in answer.text


def test_a_page_asks_once_for_all_its_tombstones_what_it_may_tell_staff(world: World) -> None:
    costs = []
    for _number in range(2):
        for _tombstone in range(2):
            reply = world.published("aigerim")
            world.published("boris", parent=reply)
            world.decide(reply, Action.REMOVE)
        timur = world.visitor("timur")
        with world.counted_queries() as sent:
            assert "A moderator removed this reply" in timur.get(DEBATE).text
        costs.append(len(sent))
    assert costs[0] == costs[1] <= most_queries(DEBATE)
