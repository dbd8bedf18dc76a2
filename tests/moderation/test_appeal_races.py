"""Two people reach for the same appeal in the same moment: one of them wins, and nothing typed is lost."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from forum.db import db
from forum.debates.models import Reply
from forum.events import AuditEntry, Event
from forum.moderation.appeal_models import Appeal, AppealReasons, AppealWords
from forum.moderation.models import Action
from forum.notifications.models import Notification
from tests.moderation.test_races import MANY, MORE, hands
from tests.world import PLEA, SECOND_WHY, WHY, World, at_once, typed

OTHER = PLEA + " And nobody asked me before."
MINE = "What I would have said, had I been the faster one."


def judging(act: Any, appeal: int, outcome: str, why: str) -> Any:
    return partial(act, f"/moderation/appeals/{appeal}/judgement", outcome=outcome, rule="topic", explanation=why)


def restrictions(world: World, tries: int, action: Action = Action.REJECT) -> Any:
    """Let a reply be restricted by Maria and give it with the decision, one after the other."""
    world.app.config.update(REPLIES_PER_HOUR=10**6, EDITS_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    for _try in range(tries):
        reply = world.published("aigerim") if action is Action.REMOVE else world.reply("aigerim")
        yield reply, world.decide(reply, action)


def books_agree(world: World, judged: int) -> None:
    """Hold all rows about appeals to one another: one of each for each, and a line in the log for each."""
    with world.at_work():
        found = list(db.session.scalars(select(Appeal)))
        ids = sorted(appeal.id for appeal in found)
        assert len({appeal.decision_id for appeal in found}) == len(found)
        assert sorted(db.session.scalars(select(AppealWords.appeal_id))) == ids
        log = {event: [] for event in (Event.APPEAL_LODGED, Event.APPEAL_DECIDED)}
        for entry in db.session.scalars(select(AuditEntry).where(AuditEntry.event.in_(log))):
            log[entry.event].append(entry.subject_id)
        decided = sorted(appeal.id for appeal in found if appeal.is_judged)
        assert len(decided) == judged
        assert sorted(log[Event.APPEAL_LODGED]) == ids
        assert sorted(log[Event.APPEAL_DECIDED]) == decided
        assert sorted(db.session.scalars(select(AppealReasons.appeal_id))) == decided
        told = select(Notification.appeal_id).where(Notification.event == Event.APPEAL_DECIDED)
        assert sorted(db.session.scalars(told)) == sorted(decided * 2)


@pytest.mark.parametrize("tries", [10, MANY])
def test_of_two_appeals_sent_at_once_one_is_stored_and_the_other_given_back(world: World, tries: int) -> None:
    left, right = hands(world, "aigerim"), hands(world, "aigerim")
    for _reply, decision in restrictions(world, tries):
        address = f"/decisions/{decision}/appeal"
        answers = at_once(partial(left, address, text=PLEA), partial(right, address, text=OTHER))
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        lost = next(answer for answer in answers if answer.status_code == 409)
        assert typed(lost.text) == (OTHER if lost is answers[1] else PLEA)
    assert world.count(Appeal) == tries
    books_agree(world, judged=0)


@pytest.mark.parametrize("tries", [6, MORE])
def test_an_appeal_whose_button_is_pressed_twice_is_one(world: World, tries: int) -> None:
    left, right = hands(world, "aigerim"), hands(world, "aigerim")
    for _reply, decision in restrictions(world, tries):
        address = f"/decisions/{decision}/appeal"
        answers = at_once(partial(left, address, text=PLEA), partial(right, address, text=PLEA))
        assert [answer.status_code for answer in answers] == [303, 303]
    assert world.count(Appeal) == tries
    books_agree(world, judged=0)


@pytest.mark.parametrize("tries", [10, MANY])
def test_of_two_second_moderators_who_decide_at_once_one_wins(world: World, tries: int) -> None:
    timur, zarina = hands(world, "timur"), hands(world, "zarina")
    for reply, decision in restrictions(world, tries):
        appeal = world.appeal(decision)
        answers = at_once(
            judging(timur, appeal, "decision_stands", SECOND_WHY), judging(zarina, appeal, "decision_reversed", MINE)
        )
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        stands = answers[0].status_code == 303
        lost, words, winner = (answers[1], MINE, "timur") if stands else (answers[0], SECOND_WHY, "zarina")
        assert typed(lost.text, "explanation") == words
        assert f"{winner} has decided this appeal meanwhile." in lost.text
        assert world.status(reply) == ("rejected" if stands else "published")
    books_agree(world, judged=tries)


@pytest.mark.parametrize("tries", [6, MORE])
def test_an_appeal_and_a_restoring_at_the_desk_at_once_agree(world: World, tries: int) -> None:
    timur, zarina = hands(world, "timur"), hands(world, "zarina")
    judged = 0
    for reply, decision in restrictions(world, tries, Action.REMOVE):
        appeal = world.appeal(decision)
        read = world.wording(reply)
        answers = at_once(
            judging(timur, appeal, "decision_reversed", SECOND_WHY),
            partial(zarina, f"/moderation/replies/{reply}/decisions", action="restore", revision=read),
        )
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        assert world.status(reply) == "published"
        judged += answers[0].status_code == 303
        assert answers[0].status_code == 303 or typed(answers[0].text, "explanation") == SECOND_WHY
    books_agree(world, judged)


@pytest.mark.parametrize("tries", [6, MORE])
def test_a_reply_taken_back_while_its_appeal_is_decided_stays_so(world: World, tries: int) -> None:
    timur, aigerim = hands(world, "timur"), hands(world, "aigerim")
    judged = 0
    for reply, decision in restrictions(world, tries):
        appeal = world.appeal(decision)
        answers = at_once(
            judging(timur, appeal, "decision_reversed", SECOND_WHY), partial(aigerim, f"/replies/{reply}/withdraw")
        )
        assert answers[1].status_code == 303
        assert answers[0].status_code == 303 or "taken back or erased" in answers[0].text
        assert world.status(reply) == "withdrawn"
        judged += answers[0].status_code == 303
    books_agree(world, judged)


@pytest.mark.parametrize("tries", [6, MORE])
def test_an_appeal_sent_while_the_desk_restores_the_reply_ends_or_is_refused(world: World, tries: int) -> None:
    aigerim, zarina = hands(world, "aigerim"), hands(world, "zarina")
    for reply, decision in restrictions(world, tries, Action.REMOVE):
        read = world.wording(reply)
        answers = at_once(
            partial(aigerim, f"/decisions/{decision}/appeal", text=PLEA),
            partial(zarina, f"/moderation/replies/{reply}/decisions", action="restore", revision=read),
        )
        assert answers[1].status_code == 303
        assert answers[0].status_code == 303 or typed(answers[0].text) == PLEA
    with world.at_work():
        assert list(db.session.scalars(select(Appeal.id).where(Appeal.outcome.is_(None)))) == []
        assert {reply.status.value for reply in db.session.scalars(select(Reply))} == {"published"}
    books_agree(world, judged=0)


def test_the_races_above_begin_from_a_restriction_that_can_be_appealed(world: World) -> None:
    """Hold them to something."""
    for action in (Action.REJECT, Action.REMOVE):
        ((_reply, decision),) = restrictions(world, 1, action)
        assert hands(world, "aigerim")(f"/decisions/{decision}/appeal", text=WHY).status_code == 303
