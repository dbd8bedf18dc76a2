"""Reports and their answers in the same moment: nothing is answered twice, nothing is lost, the books agree."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from forum.db import db
from forum.debates.models import Reply, ReplyStatus
from forum.events import AuditEntry, Event
from forum.moderation.models import Action, Decision
from forum.moderation.report_models import Dismissal, Report, ReportedReply, ReporterRecord, ReportOutcome
from forum.notifications.models import Notification
from tests.moderation.test_races import deciding, hands
from tests.world import DEBATE, WHY, World, at_once, typed

MANY = pytest.param(1000, marks=pytest.mark.long)
MORE = pytest.param(200, marks=pytest.mark.long)
LATER = "What I would have said, had I been the faster one."


def stream(world: World, tries: int, *reporters: str) -> Any:
    """Let a public reply be reported and give it with its wording, one after the other."""
    world.app.config.update(REPLIES_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6, REPORTS_PER_HOUR=10**6)
    for _try in range(tries):
        reply = world.published("aigerim")
        for name in reporters:
            world.report(reply, name)
        yield reply, world.wording(reply)


def books_agree(world: World) -> None:
    """Hold all rows about reports to one another."""
    with world.at_work():
        reports = list(db.session.scalars(select(Report)))
        audited = (
            select(AuditEntry.subject_id).where(AuditEntry.subject_kind == "reports").order_by(AuditEntry.subject_id)
        )
        made = db.session.scalars(audited.where(AuditEntry.event == Event.REPORT_MADE))
        assert list(made) == sorted(report.id for report in reports)
        answered = db.session.scalars(audited.where(AuditEntry.event == Event.REPORT_ANSWERED))
        assert list(answered) == sorted(report.id for report in reports if not report.is_open)
        told = db.session.scalars(select(Notification.report_id).where(Notification.report_id.is_not(None)))
        assert sorted(told) == sorted(report.id for report in reports if report.reporter_id and not report.is_open)
        items = set(db.session.scalars(select(ReportedReply.reply_id)))
        assert items == {report.reply_id for report in reports if report.is_open}
        for record in db.session.scalars(select(ReporterRecord)):
            mine = [report.outcome for report in reports if report.reporter_id == record.user_id]
            assert record.led == mine.count(ReportOutcome.REMOVED)
            assert record.judged == record.led + mine.count(ReportOutcome.KEPT)
        public = set(db.session.scalars(select(Reply.id).where(Reply.status == ReplyStatus.PUBLISHED)))
        assert items <= public
        findings = db.session.scalar(select(func.count()).select_from(Dismissal))
        assert findings == len({report.dismissal_id for report in reports} - {None})
        removals = set(db.session.scalars(select(Decision.id).where(Decision.action == Action.REMOVE)))
        assert {report.decision_id for report in reports} - {None} <= removals


def dismissing(act: Any, reply: int, seen: int, words: str = "") -> Any:
    return partial(act, f"/moderation/replies/{reply}/reports", seen=str(seen), answer=words)


@pytest.mark.parametrize("tries", [10, MANY])
def test_of_two_moderators_of_whom_one_removes_and_one_finds_nothing_each_is_told_the_truth(
    world: World, tries: int
) -> None:
    maria, timur = hands(world, "maria"), hands(world, "timur")
    for reply, read in stream(world, tries, "boris", ""):
        newest = len(world.receipts)
        removed, kept = at_once(
            deciding(maria, reply, "remove", rule="privacy", explanation=WHY, revision=read),
            dismissing(timur, reply, newest, LATER),
        )
        assert removed.status_code == 303, "the finding does not keep a reply from being removed"
        assert kept.status_code in {303, 409}
        if kept.status_code == 409:
            assert "answered meanwhile" in kept.text
            assert typed(kept.text, "answer") == LATER
        assert world.status(reply) == "removed"
    with world.at_work():
        outcomes = {}
        for report in db.session.scalars(select(Report)):
            outcomes.setdefault(report.reply_id, set()).add(report.outcome)
        assert all(len(found) == 1 for found in outcomes.values()), "one answer for all who reported a reply"
        assert None not in set.union(*outcomes.values())
    books_agree(world)


@pytest.mark.parametrize("tries", [10, MANY])
def test_of_two_moderators_who_find_nothing_at_once_one_answers(world: World, tries: int) -> None:
    maria, timur = hands(world, "maria"), hands(world, "timur")
    for reply, _read in stream(world, tries, "boris", "", "saule"):
        newest = len(world.receipts)
        answers = at_once(dismissing(maria, reply, newest, WHY), dismissing(timur, reply, newest, LATER))
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        late = next(answer for answer in answers if answer.status_code == 409)
        assert typed(late.text, "answer") in {WHY, LATER}
    assert world.count(Dismissal) == tries
    books_agree(world)


@pytest.mark.parametrize("tries", [10, MANY])
def test_of_two_reports_that_a_member_makes_of_a_reply_at_once_one_counts(world: World, tries: int) -> None:
    left, right = hands(world, "boris"), hands(world, "boris")
    for reply, _read in stream(world, tries):
        address = f"/replies/{reply}/report"
        answers = at_once(
            partial(left, address, reason="topic", explanation=WHY, key=f"left-{reply}"),
            partial(right, address, reason="privacy", explanation=LATER, key=f"right-{reply}"),
        )
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        late = next(answer for answer in answers if answer.status_code == 409)
        assert typed(late.text, "explanation") in {WHY, LATER}
    assert world.count(Report) == tries
    books_agree(world)


@pytest.mark.parametrize("tries", [6, MORE])
@pytest.mark.parametrize("who", ["", "boris"])
def test_a_report_that_is_sent_twice_at_once_is_one(world: World, tries: int, who: str) -> None:
    visitor = world.visitor(who)
    act = partial(visitor.post, token=visitor.token())
    for reply, _read in stream(world, tries):
        send = partial(act, f"/replies/{reply}/report", reason="illegal", explanation=WHY, key=f"k{reply}")
        answers = at_once(send, send)
        assert [answer.status_code for answer in answers] == [303, 303]
        assert len({answer.location for answer in answers}) == 1
    assert world.count(Report) == tries
    books_agree(world)


@pytest.mark.parametrize("tries", [6, MORE])
def test_a_member_who_sends_many_at_once_is_held_to_the_limit(world: World, tries: int) -> None:
    replies = [reply for reply, _read in stream(world, 2 * tries)]
    world.app.config["REPORTS_PER_HOUR"] = tries
    act = hands(world, "boris")
    answers = []
    for begin in range(0, 2 * tries, 5):
        acts = [
            partial(act, f"/replies/{reply}/report", reason="topic", key=f"k{reply}")
            for reply in replies[begin : begin + 5]
        ]
        answers += [answer.status_code for answer in at_once(*acts)]
    assert sorted(answers) == [303] * tries + [429] * tries
    books_agree(world)


@pytest.mark.parametrize("tries", [6, MORE])
def test_a_report_that_comes_with_an_answer_is_answered_or_stays_open(world: World, tries: int) -> None:
    maria, saule, aigerim = hands(world, "maria"), hands(world, "saule"), hands(world, "aigerim")
    for reply, read in stream(world, tries, "boris"):
        end = [
            dismissing(maria, reply, 10**6),
            deciding(maria, reply, "remove", rule="topic", explanation=WHY, revision=read),
            partial(aigerim, f"/replies/{reply}/withdraw"),
        ][reply % 3]
        answered, reported = at_once(end, partial(saule, f"/replies/{reply}/report", reason="topic", key=f"k{reply}"))
        assert answered.status_code == 303
        assert reported.status_code in {303, 409}
    books_agree(world)


@pytest.mark.parametrize("tries", [6, MORE])
def test_answers_about_replies_of_the_same_reporters_do_not_wait_for_each_other(world: World, tries: int) -> None:
    """Each moves the places of the other's items: without an order of locks, two of them would stand still."""
    maria, timur = hands(world, "maria"), hands(world, "timur")
    numbers = [reply for reply, _read in stream(world, 2 * tries, "boris", "saule", "")]
    for first, second in zip(numbers[:tries], reversed(numbers[tries:]), strict=True):
        answers = at_once(dismissing(maria, first, 10**6), dismissing(timur, second, 10**6))
        assert [answer.status_code for answer in answers] == [303, 303]
    books_agree(world)


@pytest.mark.parametrize("tries", [6, MORE])
def test_a_reporter_who_answers_the_reply_in_that_moment_is_told_and_heard(world: World, tries: int) -> None:
    maria, boris = hands(world, "maria"), hands(world, "boris")
    for reply, _read in stream(world, tries, "boris"):
        answers = at_once(
            dismissing(maria, reply, 10**6),
            partial(boris, f"{DEBATE}/replies", stance="anti", parent=str(reply), text=f"{LATER} {reply}."),
        )
        assert [answer.status_code for answer in answers] == [303, 303]
    books_agree(world)
