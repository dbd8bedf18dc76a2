"""Where appeals, reports, undo, screening and batches meet: nobody judges twice, nothing waits for itself."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import delete, select, update

from forum import jobs
from forum.accounts import signin
from forum.db import db, writing
from forum.debates.models import Revision
from forum.errors import NotAllowed
from forum.jobs import Kind
from forum.moderation import same_words, screened, waits
from forum.moderation.desk_models import Fingerprint, RevisionFlag
from forum.moderation.models import Action
from forum.moderation.report_models import ReporterRecord
from forum.start import prepare
from forum.transparency.models import LogEntry
from tests.world import WHY, World

HELD = "I am 15 years old, and I say that nobody has asked us what we think of it."


def test_only_a_lead_shows_a_held_wording_after_an_appeal(world: World) -> None:
    appeal = world.appeal(world.decide(world.reply("aigerim", text=HELD), Action.REJECT))
    assert "only a lead may decide that it is shown" in (
        page := world.visitor("timur").get("/moderation/appeals/1").text
    )
    assert "Your own judgement" in page
    with pytest.raises(NotAllowed, match="only a lead may show it"):
        world.judge(appeal, "decision_reversed", by="timur")
    world.judge(appeal, "decision_reversed", by="zarina")
    assert world.status(1) == "published"


def test_whoever_was_overruled_does_not_remove_the_same_wording_again(world: World) -> None:
    reply = world.published("aigerim")
    world.judge(world.appeal(world.decide(reply, Action.REMOVE)), "decision_reversed")
    with pytest.raises(NotAllowed, match="A colleague has reversed your decision"):
        world.decide(reply, Action.REMOVE)
    world.decide(reply, Action.REMOVE, by="zarina")
    assert world.status(reply) == "removed"


def test_a_moderator_who_has_reported_a_reply_does_not_remove_it(world: World) -> None:
    reply = world.published("aigerim")
    world.report(reply, "timur")
    with pytest.raises(NotAllowed, match="You have reported this reply yourself"):
        world.decide(reply, Action.REMOVE, by="timur")
    world.decide(reply, Action.REMOVE)


def test_a_report_whose_removal_was_reversed_counts_as_vain(world: World) -> None:
    reply = world.published("aigerim")
    world.report(reply, "boris")
    world.judge(world.appeal(world.decide(reply, Action.REMOVE)), "decision_reversed")
    with world.at_work():
        record = db.session.scalars(select(ReporterRecord)).one()
        assert (record.judged, record.led) == (1, 0)


def test_an_appeal_that_ends_by_itself_is_told_and_logged(world: World) -> None:
    reply = world.published("aigerim")
    world.report(reply, "boris")
    world.appeal(world.decide(reply, Action.REMOVE))
    world.decide(reply, Action.RESTORE, by="zarina")
    for name in ("aigerim", "maria", "boris"):
        assert f"The appeal about reply {reply} has ended" in world.visitor(name).get("/notifications").text
    world.appeal(world.decide(reply, Action.REMOVE, by="zarina"))
    world.withdraw(reply)
    with world.at_work():
        ended = select(LogEntry).where(LogEntry.action == "appeal_ended")
        assert [entry.moderator for entry in db.session.scalars(ended)] == [None, None]


def _unscreened(world: World) -> int:
    """Let a reply wait as if the forum had not known how to screen when it came."""
    number = world.reply("aigerim", text=HELD)
    with world.at_work(), writing():
        db.session.execute(delete(RevisionFlag))
        db.session.execute(delete(Fingerprint))
        db.session.execute(update(Revision).values(severity=0))
    return number


def test_what_waited_before_there_was_screening_is_screened_by_a_job_and_once(world: World) -> None:
    world.app.config.update(REPLIES_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    found = set()
    waiting = [_unscreened(world) for _number in range(screened.BATCH + 2)]
    for _start in range(2):
        world.do_jobs(kinds=[Kind.SCREEN_WAITING])
        with world.at_work():
            assert set(db.session.scalars(select(Revision.severity))) == {3}
            assert sorted(db.session.scalars(select(Fingerprint.reply_id))) == waiting
            found.add(len(db.session.scalars(select(RevisionFlag)).all()))
    assert len(found) == 1


def test_the_start_asks_for_it_and_does_not_wait_for_it(world: World) -> None:
    _unscreened(world)
    with world.app.app_context():
        prepare()
    with world.at_work():
        assert jobs.is_asked_for(Kind.SCREEN_WAITING)
        assert db.session.scalars(select(Revision.severity)).one() == 0
    world.do_jobs()
    with world.at_work():
        assert not jobs.is_asked_for(Kind.SCREEN_WAITING)
        assert db.session.scalars(select(Revision.severity)).one() == 3


def test_nothing_is_decided_on_words_that_screening_has_not_seen(world: World) -> None:
    reply = _unscreened(world)
    not_yet = "Screening has not looked at this wording yet"
    assert not_yet in world.visitor("maria").get(f"/moderation/replies/{reply}").text
    with pytest.raises(NotAllowed, match="Screening holds this wording"):
        world.decide(reply, Action.PUBLISH)
    world.decide(reply, Action.PUBLISH, by="zarina")
    with world.at_work():
        assert db.session.scalars(select(Revision)).one().severity == 3
    assert not_yet not in world.visitor("maria").get(f"/moderation/replies/{reply}").text


def test_a_decision_that_was_undone_is_no_end_of_a_wait(world: World) -> None:
    for number in range(6):
        reply = world.reply("aigerim" if number % 2 else "boris")
        world.undo(world.decide(reply, Action.PUBLISH))
    with world.at_work():
        assert set(waits.measure().usual.values()) == {None}


@pytest.mark.parametrize("tries", [5, pytest.param(100, marks=pytest.mark.long)])
def test_a_batch_and_a_colleague_never_wait_for_each_other(world: World, tries: int) -> None:
    world.app.config.update(REPLIES_PER_HOUR=10**6, EDITS_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    for name in ("maria", "timur"):
        world.person(name)
    failed: list[BaseException] = []

    def batch(chosen: list[tuple[int, int]], gate: Barrier) -> None:
        gate.wait()
        try:
            with world.at_work(), writing():
                facts = {"rule": "repeat", "explanation": WHY, "by": signin.find("maria")}
                same_words.decide_together(chosen, Action.REJECT, **facts)
        except BaseException as error:
            failed.append(error)

    def single(number: int, gate: Barrier) -> None:
        gate.wait()
        try:
            world.decide(number, Action.REJECT, by="timur")
        except Exception as error:
            failed.extend([error] if "deadlock" in str(error).lower() else [])

    for _try in range(tries):
        replies = [world.reply("aigerim") for _ in range(4)]
        chosen = [(number, world.wording(number)) for number in replies]
        gate = Barrier(2)
        threads = [Thread(target=batch, args=[chosen, gate]), Thread(target=single, args=[replies[-1], gate])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert {world.status(number) for number in replies} == {"rejected"}
        assert len(world.decisions_on(replies[-1])) == 1
