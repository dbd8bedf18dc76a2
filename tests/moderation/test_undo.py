"""Undoing a decision: by whom, until when, and that everything stands again where it stood."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from forum.accounts import signin
from forum.db import db, writing
from forum.debates.models import Reply, ReplyStatus, Revision
from forum.events import AuditEntry, Event
from forum.moderation.models import Action, Decision, Explanation, Undo
from forum.notifications.models import Notification
from tests.moderation.test_races import LATER, MANY, REVISED, deciding, hands, stream
from tests.world import DEBATE, WHY, World, at_once, most_queries, typed

# What was decided from where; undone, everything is again as it was.
WAYS = [
    ("pending", Action.PUBLISH),
    ("pending", Action.RETURN),
    ("pending", Action.REJECT),
    ("published", Action.REMOVE),
    ("removed", Action.RESTORE),
]


def standing(world: World, *numbers: int) -> list[tuple[Any, ...]]:
    """Return all that readers, authors and the desk go by, of replies and their wordings."""
    with world.at_work():
        rows = db.session.scalars(select(Reply).where(Reply.id.in_(numbers)).order_by(Reply.id))
        facts = [(r.status, r.shown_revision_id, r.published_at, r.removed_under, r.public_answers) for r in rows]
        outcomes = select(Revision.id, Revision.outcome).where(Revision.reply_id.in_(numbers)).order_by(Revision.id)
        return facts + [tuple(row) for row in db.session.execute(outcomes)]


def undo(world: World, decision: int, by: str = "maria") -> TestResponse:
    return world.visitor(by).post(f"/decisions/{decision}/undo")


def bar(page: str) -> str:
    """Return what the bar of the desk says was decided, or nothing."""
    match = re.search(r'<form class="undo" id="undo".*?<p role="status">(.*?)</p>', page, re.DOTALL)
    return re.sub(r"(?:<[^>]*>|\s)+", " ", match[1]).strip() if match else ""


@pytest.mark.parametrize(("status", "action"), WAYS)
def test_an_undone_decision_leaves_everything_where_it_stood(world: World, status: str, action: Action) -> None:
    top = world.published("boris")
    reply = world.reply_that_is(status, parent=top)
    before = standing(world, top, reply)
    decision = world.decide(reply, action)
    assert standing(world, top, reply) != before
    answer = undo(world, decision)
    assert (answer.status_code, answer.location) == (303, f"/moderation/replies/{reply}#item-title")
    assert standing(world, top, reply) == before
    assert world.decisions_on(reply)[-1] == action, "the decision itself stays"


def test_twice_is_once_and_both_entries_stay(world: World) -> None:
    reply = world.reply("aigerim")
    decision = world.decide(reply, Action.PUBLISH)
    assert [undo(world, decision).status_code for _ in range(2)] == [303, 303]
    assert (world.status(reply), world.count(Undo), world.count(Decision)) == ("pending", 1, 1)
    with world.at_work():
        events = select(AuditEntry.event).where(AuditEntry.subject_kind == "decisions").order_by(AuditEntry.id)
        assert list(db.session.scalars(events)) == [Event.DECISION_MADE, Event.DECISION_UNDONE]


def test_only_who_decided_can_undo_it(world: World) -> None:
    decision = world.decide(world.reply("aigerim"), Action.PUBLISH)
    world.person("zarina")
    answers = {name: undo(world, decision, name).status_code for name in ("timur", "zarina", "aigerim")}
    assert answers == {"timur": 403, "zarina": 403, "aigerim": 403}
    assert world.visitor().post(f"/decisions/{decision}/undo").status_code == 401
    assert undo(world, 99999).status_code == 404
    assert (world.status(1), world.count(Undo)) == ("published", 0)


def test_who_no_longer_moderates_undoes_nothing(world: World) -> None:
    decision = world.decide(world.reply("aigerim"), Action.PUBLISH)
    maria = world.visitor("maria")
    token = maria.token()
    with world.at_work(), writing():
        signin.find("maria").role = signin.find("aigerim").role
    assert maria.post(f"/decisions/{decision}/undo", token=token).status_code == 403
    assert world.status(1) == "published"


@pytest.mark.parametrize(("seconds", "code"), [(20, 303), (31, 422), (3600, 422)])
def test_it_can_be_undone_for_half_a_minute(world: World, seconds: int, code: int) -> None:
    decision = world.decide(world.reply("aigerim"), Action.PUBLISH)
    maria = world.visitor("maria")
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds), tick=False):
        page = maria.get("/moderation").text
        answer = maria.post(f"/decisions/{decision}/undo")
    assert answer.status_code == code
    assert bool(bar(page)) == (code == 303)
    assert ("can be undone for 30 seconds. That time is over" in answer.text) == (code == 422)
    assert world.status(1) == ("pending" if code == 303 else "published")


def withdrawn(world: World, reply: int) -> None:
    world.withdraw(reply)


def edited(world: World, reply: int) -> None:
    answer = world.visitor("aigerim").post(f"/replies/{reply}/edit", stance="pro", text=REVISED)
    assert answer.status_code == 303


def removed_by_a_colleague(world: World, reply: int) -> None:
    world.decide(reply, Action.REMOVE, by="timur", rule="privacy")


def answered(world: World, reply: int) -> None:
    world.reply("boris", parent=reply)


def answer_published(world: World, reply: int) -> None:
    world.decide(reply + 1, Action.PUBLISH, by="timur")


def sanctioned(world: World, reply: int) -> None:
    world.warn("aigerim", decision=1)


def ban_proposed(world: World, reply: int) -> None:
    world.propose_ban("aigerim", decision=1)


# What was decided, what happened since, and what the moderator is told.
SINCE = [
    ("pending", Action.PUBLISH, withdrawn, "This reply was taken back or erased meanwhile."),
    ("pending", Action.REJECT, withdrawn, "This reply was taken back or erased meanwhile."),
    ("pending", Action.RETURN, edited, "The author has changed this reply meanwhile."),
    ("pending", Action.PUBLISH, removed_by_a_colleague, "timur has removed this reply meanwhile. Rule 2:"),
    ("removed", Action.RESTORE, removed_by_a_colleague, "timur has removed this reply meanwhile. Rule 2:"),
    ("pending", Action.PUBLISH, answered, "Somebody has answered this reply meanwhile."),
    ("removed", Action.RESTORE, answered, "Somebody has answered this reply meanwhile."),
    ("pending", Action.REJECT, sanctioned, "A sanction was made or proposed on this decision meanwhile."),
    ("pending", Action.REJECT, ban_proposed, "A sanction was made or proposed on this decision meanwhile."),
]


@pytest.mark.parametrize(("status", "action", "happens", "told"), SINCE)
def test_what_others_have_built_on_a_decision_is_not_pulled_away(
    world: World, status: str, action: Action, happens: Any, told: str
) -> None:
    reply = world.reply_that_is(status)
    decision = world.decide(reply, action)
    happens(world, reply)
    before = standing(world, reply)
    answer = undo(world, decision)
    assert answer.status_code == 409
    assert told in answer.text
    assert (standing(world, reply), world.count(Undo)) == (before, 0)


def test_an_answer_that_waited_and_appears_after_the_restoring_counts_too(world: World) -> None:
    reply = world.published("aigerim")
    world.reply("boris", parent=reply)
    world.decide(reply, Action.REMOVE)
    decision = world.decide(reply, Action.RESTORE)
    answer_published(world, reply)
    assert undo(world, decision).status_code == 409


def test_older_answers_do_not_stand_in_the_way(world: World) -> None:
    reply = world.published("aigerim")
    world.published("boris", parent=reply)
    world.decide(reply, Action.REMOVE, rule="privacy")
    removed = standing(world, reply)
    assert undo(world, world.decide(reply, Action.RESTORE)).status_code == 303
    assert standing(world, reply) == removed
    assert "privacy" in str(removed)


def test_a_tombstone_names_the_rule_that_stands(world: World) -> None:
    """Removed under one rule, restored, removed under another and undone, restored and undone."""
    reply = world.published("aigerim")
    world.published("boris", parent=reply)
    world.decide(reply, Action.REMOVE, rule="privacy")
    world.decide(reply, Action.RESTORE)
    world.undo(world.decide(reply, Action.REMOVE, rule="topic"))
    world.decide(reply, Action.REMOVE, rule="danger")
    world.undo(world.decide(reply, Action.RESTORE))
    page = world.visitor().get(f"{DEBATE}/replies/{reply}").text
    assert "danger" in str(standing(world, reply))
    assert "/rules#danger" in page
    assert "/rules#topic" not in page


# The desk


def test_the_next_page_of_the_desk_offers_to_undo_what_was_decided(world: World) -> None:
    first, second = world.reply("aigerim", text="The clinic asks for no name, and that is why people come."), None
    second = world.reply("boris")
    maria = world.visitor("maria")
    fields = {"action": "publish", "revision": world.wording(first)}
    answer = maria.post(f"/moderation/replies/{first}/decisions", **fields)
    assert answer.location == f"/moderation/replies/{second}#item-title"
    page = maria.get(answer.location).text
    assert (
        re.sub(r"\d\d:\d\d ", "14:32", bar(page))
        == f"Published, 14:32: reply {first}, “The clinic asks for no name, and that is why people come.”"
    )
    assert bar(maria.get("/moderation").text)
    assert not bar(world.visitor("timur").get("/moderation").text), "nobody else’s desk"
    address = re.search(r'id="undo" method="post" action="([^"]*)"', page)[1]
    undone = maria.post(address)
    page = maria.get(undone.location).text
    assert f"Undone; it stands where it stood before: reply {first}." in page
    assert not bar(page)
    assert "The same moderator undid it within half a minute; it counts for nothing." in page
    assert 'value="publish"' in page, "and she can decide anew"


def test_the_bar_never_shows_words_that_are_the_authors_alone_again(world: World) -> None:
    maria = world.visitor("maria")
    reply = world.published("aigerim", text="Words that will be taken back within the half minute.")
    world.withdraw(reply)
    again = world.reply_that_is("returned", text="Words that will be replaced within the half minute.")
    edited(world, again)
    page = maria.get("/moderation").text
    assert "within the half minute" not in page
    assert not bar(page)
    reply = world.published("aigerim", text="Former words, to be taken back within the half minute.")
    former = world.wording(reply)
    world.reword(reply), world.decide(reply, Action.PUBLISH), world.decide(reply, Action.REMOVE_WORDING, former=former)
    assert "within the half minute" in bar(maria.get("/moderation").text)
    world.withdraw(reply)
    assert not bar(maria.get("/moderation").text)


def test_a_decision_after_an_undone_one_is_a_new_one(world: World) -> None:
    reply = world.reply("aigerim")
    world.undo(world.decide(reply, Action.REJECT))
    world.decide(reply, Action.REJECT)
    assert world.decisions_on(reply) == ["reject", "reject"]
    world.undo(world.decide(world.reply("aigerim"), Action.PUBLISH))
    assert world.status(reply) == "rejected"


def test_a_colleague_whose_page_shows_the_undone_state_is_told(world: World) -> None:
    reply = world.reply("aigerim")
    decision = world.decide(reply, Action.PUBLISH)
    world.undo(decision)
    form = {"action": "remove", "rule": "topic", "explanation": WHY, "revision": world.wording(reply)}
    answer = world.visitor("timur").post(f"/moderation/replies/{reply}/decisions", **form)
    assert answer.status_code == 409
    assert "maria has undone a decision meanwhile; the reply stands where it stood before." in answer.text
    assert typed(answer.text, "explanation") == WHY


def test_the_heading_of_a_reply_tells_the_decision_that_stands(world: World) -> None:
    reply = world.published("aigerim")
    world.undo(world.decide(reply, Action.REMOVE))
    page = world.visitor("timur").get(f"/moderation/replies/{reply}").text
    assert re.search(r'class="hint">Published</span>', page)


# What the author is told


def notices(world: World) -> list[Event]:
    with world.at_work():
        return list(db.session.scalars(select(Notification.event).order_by(Notification.id)))


def test_an_author_who_has_not_seen_the_notice_is_not_troubled(world: World) -> None:
    reply = world.reply("aigerim")
    world.undo(world.decide(reply, Action.REJECT, explanation="Meant for another reply: there a street is named."))
    assert notices(world) == []
    aigerim = world.visitor("aigerim")
    assert "Nothing yet." in aigerim.get("/notifications").text
    page = aigerim.get("/accounts/replies").text
    assert "Waiting for a moderator" in page
    assert "<h3>The decision</h3>" not in page
    assert "another reply" not in page
    assert "1 earlier decision" in page, "nor is anything hidden"
    assert "it counts for nothing" in page


def test_an_author_who_has_seen_the_notice_is_told_that_it_was_undone(world: World) -> None:
    reply = world.reply("aigerim")
    decision = world.decide(reply, Action.REJECT)
    aigerim = world.visitor("aigerim")
    aigerim.post("/notifications/read")
    world.undo(decision)
    assert notices(world) == [Event.DECISION_MADE, Event.DECISION_UNDONE]
    page = aigerim.get("/notifications").text
    assert "This decision was undone; it counts for nothing" in page
    assert "Undone since; it counts for nothing" in page
    assert 'Notices <span class="n">1</span>' in page
    world.decide(reply, Action.PUBLISH)
    page = aigerim.get("/accounts/replies").text
    assert page.index("Published, ") < page.index("1 earlier decision") < page.index("Rejected; it has not appeared")


def test_an_undone_publication_is_seen_by_nobody(world: World) -> None:
    text = "Nobody who works at night can come to an office that opens at nine."
    reply = world.reply("aigerim", text=text)
    world.undo(world.decide(reply, Action.PUBLISH))
    boris = world.visitor("boris")
    assert boris.get(f"{DEBATE}/replies/{reply}").status_code == 404
    assert text not in boris.get(DEBATE).text
    assert world.count(Explanation) == 0


# At once


def undone(act: Any, decision: int) -> Any:
    return partial(act, f"/decisions/{decision}/undo")


def entries(world: World, event: Event) -> int:
    with world.at_work():
        return len(list(db.session.scalars(select(AuditEntry).where(AuditEntry.event == event))))


@pytest.mark.parametrize("tries", [10, MANY])
def test_undoing_against_a_second_decision_has_one_winner(world: World, tries: int) -> None:
    maria, timur = hands(world, "maria"), hands(world, "timur")
    undos = 0
    for reply, read in stream(world, tries):
        decision = world.decide(reply, Action.PUBLISH)
        removing = deciding(timur, reply, "remove", rule="topic", explanation=LATER, revision=read)
        first, second = at_once(undone(maria, decision), removing)
        assert sorted([first.status_code, second.status_code]) == [303, 409]
        undos += first.status_code == 303
        if second.status_code == 409:
            assert "maria has undone a decision meanwhile" in second.text
            assert typed(second.text, "explanation") == LATER
        else:
            assert "timur has removed this reply meanwhile." in first.text
        assert world.status(reply) == ("pending" if first.status_code == 303 else "removed")
    assert (world.count(Undo), entries(world, Event.DECISION_UNDONE)) == (undos, undos)
    assert entries(world, Event.DECISION_MADE) == world.count(Decision) == 2 * tries - undos


@pytest.mark.parametrize("tries", [10, MANY])
def test_undoing_against_the_author_has_one_winner(world: World, tries: int) -> None:
    """The author edits what was returned, or takes back what was published."""
    maria, aigerim = hands(world, "maria"), hands(world, "aigerim")
    undos = 0
    for place, (reply, read) in enumerate(stream(world, tries)):
        if place % 2:
            decision = world.decide(reply, Action.RETURN)
            acting = partial(aigerim, f"/replies/{reply}/edit", stance="pro", text=REVISED, revision=read)
            ends, told = {"pending"}, "The author has changed this reply meanwhile."
        else:
            decision = world.decide(reply, Action.PUBLISH)
            acting, ends = partial(aigerim, f"/replies/{reply}/withdraw"), {"withdrawn"}
            told = "This reply was taken back or erased meanwhile."
        first, second = at_once(undone(maria, decision), acting)
        undos += first.status_code == 303
        assert second.status_code == 303, "she may edit what waits and take back what waits, undone or not"
        assert first.status_code == 303 or told in first.text
        assert world.status(reply) in ends
    assert (world.count(Undo), entries(world, Event.DECISION_UNDONE)) == (undos, undos)
    acts = entries(world, Event.REPLY_EDITED) + entries(world, Event.REPLY_WITHDRAWN)
    assert (acts, entries(world, Event.DECISION_MADE)) == (tries, tries)
    with world.at_work():
        assert not [reply.id for reply in db.session.scalars(select(Reply)) if reply.is_public]


@pytest.mark.parametrize("tries", [10, pytest.param(200, marks=pytest.mark.long)])
def test_no_answer_is_left_without_its_place(world: World, tries: int) -> None:
    world.app.config.update(REPLIES_PER_HOUR=10**6, EDITS_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    maria, boris = hands(world, "maria"), hands(world, "boris")
    for _try in range(tries):
        reply = world.reply("aigerim")
        decision = world.decide(reply, Action.PUBLISH)
        text = f"An answer that is written while the reply above it goes: {_try}."
        answering = partial(boris, f"{DEBATE}/replies", stance="anti", text=text, parent=reply)
        first, second = at_once(undone(maria, decision), answering)
        assert sorted([first.status_code, second.status_code]) in ([303, 409], [303, 422])
        if second.status_code != 303:
            assert typed(second.text) == text
    with world.at_work():
        above = select(Reply.status).where(Reply.id.in_(select(Reply.parent_id)))
        assert set(db.session.scalars(above)) <= {ReplyStatus.PUBLISHED}


def test_an_undo_sent_twice_at_once_is_one(world: World) -> None:
    left, right = hands(world, "maria"), hands(world, "maria")
    for reply, _read in stream(world, 10):
        decision = world.decide(reply, Action.RETURN)
        answers = at_once(undone(left, decision), undone(right, decision))
        assert [answer.status_code for answer in answers] == [303, 303]
    assert world.count(Undo) == entries(world, Event.DECISION_UNDONE) == 10


def test_the_desk_takes_few_queries_with_the_bar_too(world: World) -> None:
    reply = world.published("aigerim")
    world.undo(world.decide(reply, Action.REMOVE))
    world.decide(reply, Action.REMOVE)
    maria = world.visitor("maria")
    for address in ("/moderation", f"/moderation/replies/{reply}"):
        with world.counted_queries() as sent:
            assert bar(maria.get(address).text)
        assert len(sent) <= most_queries(address), sent
