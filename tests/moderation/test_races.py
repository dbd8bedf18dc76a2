"""Two people act on the same reply in the same moment: one of them wins, nothing is lost, nothing is done twice."""

from collections.abc import Callable
from functools import partial
from itertools import cycle
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from forum.db import db
from forum.debates.models import Outcome, Reply, ReplyStatus, Revision
from forum.events import AuditEntry, Event
from forum.moderation.models import ACTIONS, Decision
from forum.notifications.models import Notification
from tests.world import WHY, World, at_once, typed

MANY = pytest.param(1000, marks=pytest.mark.long)
MORE = pytest.param(200, marks=pytest.mark.long)
LATER = "What I would have said, had I been the faster one."
REVISED = "The same argument in other words, which nobody has read yet."

Act = Callable[..., TestResponse]


def hands(world: World, name: str) -> Act:
    """Return what a person's browser sends: an address and fields, from a page that is open already."""
    visitor = world.visitor(name)
    return partial(visitor.post, token=visitor.token())


def deciding(act: Act, reply: int, action: str, **fields: Any) -> Callable[[], TestResponse]:
    return partial(act, f"/moderation/replies/{reply}/decisions", action=action, **fields)


def rejecting(act: Act, reply: int, read: int, why: str = LATER) -> Callable[[], TestResponse]:
    return deciding(act, reply, "reject", rule="topic", explanation=why, revision=read)


def stream(world: World, tries: int) -> Any:
    """Let a reply wait and give it with its wording, one after the other."""
    world.app.config.update(REPLIES_PER_HOUR=10**6, EDITS_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    for _try in range(tries):
        reply = world.reply("aigerim")
        yield reply, world.wording(reply)


def books_agree(world: World) -> int:
    """Hold all rows about decisions to one another, and return how many decisions there are."""
    with world.at_work():
        decided = list(db.session.scalars(select(Decision)))
        by_reply = {decision.reply_id: decision for decision in decided}
        ids = sorted(decision.id for decision in decided)
        assert len(by_reply) == len(decided), "one decision for each reply"
        assert sorted(db.session.scalars(select(Notification.decision_id))) == ids
        made = select(AuditEntry).where(AuditEntry.event == Event.DECISION_MADE)
        assert sorted(entry.subject_id for entry in db.session.scalars(made)) == ids
        for reply in db.session.scalars(select(Reply).where(Reply.status != ReplyStatus.WITHDRAWN)):
            made_it = by_reply.get(reply.id)
            assert reply.status is (ACTIONS[made_it.action][1] if made_it else ReplyStatus.PENDING)
            assert (reply.shown_revision_id is not None) == reply.is_public
        for revision in db.session.scalars(select(Revision).where(Revision.outcome == Outcome.PUBLISHED)):
            assert by_reply[revision.reply_id].revision_id == revision.id
        return len(decided)


@pytest.mark.parametrize("tries", [10, MANY])
def test_of_two_moderators_who_decide_at_once_one_wins(world: World, tries: int) -> None:
    maria, timur = hands(world, "maria"), hands(world, "timur")
    for reply, read in stream(world, tries):
        answers = at_once(deciding(maria, reply, "publish", revision=read), rejecting(timur, reply, read))
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        if answers[1].status_code == 409:
            assert "maria has published this reply meanwhile." in answers[1].text
            assert typed(answers[1].text, "explanation") == LATER
        else:
            assert "timur has rejected this reply meanwhile." in answers[0].text
    assert books_agree(world) == tries


@pytest.mark.parametrize("tries", [6, MORE])
def test_two_moderators_who_decide_the_same_at_once_are_told_apart(world: World, tries: int) -> None:
    maria, timur = hands(world, "maria"), hands(world, "timur")
    for reply, read in stream(world, tries):
        answers = at_once(rejecting(maria, reply, read, WHY), rejecting(timur, reply, read, LATER))
        assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert books_agree(world) == tries


@pytest.mark.parametrize("tries", [6, MORE])
def test_a_click_that_is_sent_twice_at_once_is_one_decision(world: World, tries: int) -> None:
    left, right = hands(world, "maria"), hands(world, "maria")
    for reply, read in stream(world, tries):
        answers = at_once(rejecting(left, reply, read), rejecting(right, reply, read))
        assert [answer.status_code for answer in answers] == [303, 303]
    assert books_agree(world) == tries


@pytest.mark.parametrize("tries", [6, MORE])
def test_a_decision_and_an_edit_at_once_never_publish_what_was_not_read(world: World, tries: int) -> None:
    maria, aigerim = hands(world, "maria"), hands(world, "aigerim")
    published = 0
    for reply, read in stream(world, tries):
        decided, edited = at_once(
            deciding(maria, reply, "publish", revision=read),
            partial(aigerim, f"/replies/{reply}/edit", stance="pro", text=REVISED, revision=read),
        )
        assert sorted([decided.status_code, edited.status_code]) == [303, 409]
        published += decided.status_code == 303
        if edited.status_code == 409:
            assert typed(edited.text) == REVISED
        else:
            assert "The author has changed this reply since you opened it." in decided.text
    assert books_agree(world) == published
    with world.at_work():
        waiting = select(Revision.text).where(Revision.outcome == Outcome.WAITING)
        assert list(db.session.scalars(waiting)) == [REVISED] * (tries - published)


@pytest.mark.parametrize("tries", [6, MORE])
def test_a_reply_that_is_taken_back_stays_so_whatever_is_decided_at_once(world: World, tries: int) -> None:
    maria, aigerim = hands(world, "maria"), hands(world, "aigerim")
    published = 0
    for reply, read in stream(world, tries):
        decided, withdrawn = at_once(
            deciding(maria, reply, "publish", revision=read), partial(aigerim, f"/replies/{reply}/withdraw")
        )
        assert withdrawn.status_code == 303
        assert decided.status_code == 303 or "taken back or erased" in decided.text
        published += decided.status_code == 303
    assert books_agree(world) == published
    with world.at_work():
        assert set(db.session.scalars(select(Reply.status))) == {ReplyStatus.WITHDRAWN}


@pytest.mark.parametrize("tries", [6, MORE])
def test_answers_that_appear_at_once_are_all_counted(world: World, tries: int) -> None:
    world.app.config.update(REPLIES_PER_HOUR=10**6, EDITS_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    maria, timur, zarina = hands(world, "maria"), hands(world, "timur"), hands(world, "zarina")
    top = world.published("boris")
    answers = [world.reply("aigerim", parent=top) for _answer in range(2 * tries)]
    above = cycle([{"action": "remove", "rule": "topic", "explanation": WHY}, {"action": "restore"}])
    for done in range(0, 2 * tries, 2):
        first, second = answers[done : done + 2]
        decided = at_once(
            deciding(maria, first, "publish", revision=world.wording(first)),
            deciding(timur, second, "publish", revision=world.wording(second)),
            deciding(zarina, top, revision=world.wording(top), **next(above)),
        )
        assert [answer.status_code for answer in decided] == [303, 303, 303]
        with world.at_work():
            assert db.session.get_one(Reply, top).public_answers == done + 2
