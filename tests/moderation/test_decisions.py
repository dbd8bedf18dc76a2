"""Deciding: by whom, on which wording, with which words; and what becomes of it, all or nothing."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from forum.accounts import signin
from forum.accounts.models import Role
from forum.db import db
from forum.debates import queries, replies
from forum.debates.models import Outcome, Reply, ReplyStatus, Revision
from forum.errors import Refused
from forum.events import AuditEntry, Event
from forum.moderation import decisions
from forum.moderation.models import Action, Decision, Explanation
from forum.moderation.rules import all_rules
from forum.notifications.models import Notification
from tests.world import DEBATE, WHY, Visitor, World, hidden_field, typed

TEXT = "The clinic asks for no name, so the number of visits is the only figure that we have."
REVISED = TEXT + " It doubled in a year."

# What a moderator's action makes of a reply in each state; 409: it is not possible (any more).
TABLE = """
          publish   return   reject   remove  restore   remove_wording
pending   published returned rejected 409     409       409
published 409       409      409      removed 409       409
returned  409       409      409      409     409       409
rejected  409       409      409      409     409       409
removed   409       409      409      409     published 409
withdrawn 409       409      409      409     409       409
"""
HELD = "I am 15 years old and I was there: that is why I know what I am writing about here."
# The same for a wording that screening holds: only a lead publishes it; to restore it is to publish it again.
OF_HELD = {
    "moderator": {"pending": {Action.PUBLISH: "403"}, "removed": {Action.RESTORE: "403"}},
    "lead": {},
}
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]
RESULTS = {status: dict(zip(Action, results, strict=True)) for status, *results in ROWS}


def post(visitor: Visitor, reply: int, action: str, **fields: Any) -> TestResponse:
    return visitor.post(f"/moderation/replies/{reply}/decisions", action=action, **fields)


def reword(world: World, reply: int) -> None:
    with world.at_work():
        found = queries.reply_to_change(reply)
        replies.edit(found, replies.wording(REVISED), by=found.author, stance=found.stance)
        db.session.commit()


def chosen(page: str) -> str:
    """Return the rule that is chosen on the page of a reply at the desk."""
    match = re.search(r'name="rule" value="([a-z]+)" checked', page)
    return match[1] if match else ""


def standing(reply: Reply) -> tuple[Any, ...]:
    decided = db.session.scalars(select(Decision.id).where(Decision.reply_id == reply.id)).all()
    return (reply.status, reply.shown_revision_id, reply.removed_under, reply.latest_revision.outcome, len(decided))


def outcome(number: int, action: Action, name: str) -> str:
    """Return what `name` makes of a reply by `action`, or the code of the refusal; nothing is kept."""
    reply = queries.reply_to_change(number)
    before = standing(reply)
    try:
        decisions.decide(reply.latest_revision, action, by=signin.find(name), rule="topic", explanation=WHY)
        result = reply.status.value
    except Refused as refusal:
        result = str(refusal.status)
        assert standing(reply) == before
    db.session.rollback()
    return result


@pytest.mark.parametrize("status", ReplyStatus)
def test_who_can_make_what_of_a_reply_in_each_state(world: World, status: ReplyStatus) -> None:
    for name, role in (("boris", Role.MEMBER), ("maria", Role.MODERATOR), ("sanzhar", Role.LEAD)):
        world.person(name, role)
    number = world.reply_that_is(status.value, author="timur", by="zarina")
    with world.at_work():
        found = {
            name: {action: outcome(number, action, name) for action in Action}
            for name in ("boris", "timur", "maria", "sanzhar")
        }
    never = dict.fromkeys(Action, "403")
    expected = RESULTS[status.value]
    assert found == {"boris": never, "timur": never, "maria": expected, "sanzhar": expected}


@pytest.mark.parametrize("status", ReplyStatus)
def test_who_can_make_what_of_a_held_reply_in_each_state(world: World, status: ReplyStatus) -> None:
    for name, role in (("boris", Role.MEMBER), ("maria", Role.MODERATOR), ("sanzhar", Role.LEAD)):
        world.person(name, role)
    number = world.reply_that_is(status.value, author="timur", by="zarina", text=HELD)
    with world.at_work():
        assert db.session.get_one(Revision, world.wording(number)).severity == 3
        names = ("boris", "timur", "maria", "sanzhar")
        found = {name: {action: outcome(number, action, name) for action in Action} for name in names}
    never, expected = dict.fromkeys(Action, "403"), RESULTS[status.value]
    held = {role: expected | changed.get(status.value, {}) for role, changed in OF_HELD.items()}
    assert found == {"boris": never, "timur": never, "maria": held["moderator"], "sanzhar": held["lead"]}


def test_the_page_of_a_held_reply_says_why_and_offers_a_moderator_what_is_left(world: World) -> None:
    reply, maria = world.reply("aigerim", text=HELD), world.visitor("maria")
    page = maria.get(f"/moderation/replies/{reply}").text
    assert "Screening holds this wording, so only a lead may publish it." in page
    assert re.findall(r'name="action" value="(\w+)"', page) == ["return", "reject"]
    answer = post(maria, reply, "publish", revision=world.wording(reply), explanation=WHY)
    assert answer.status_code == 403
    assert "leave it to a lead" in answer.text
    assert typed(answer.text, "explanation") == WHY
    page = world.visitor("zarina").get(f"/moderation/replies/{reply}").text
    assert re.findall(r'name="action" value="(\w+)"', page) == ["publish", "return", "reject"]
    assert post(world.visitor("zarina"), reply, "publish", revision=world.wording(reply)).status_code == 303


# What is refused, and what was typed


@pytest.mark.parametrize("action", ["return", "reject", "remove"])
def test_a_restriction_needs_a_rule_and_a_reason(world: World, action: str) -> None:
    reply = world.reply_that_is("published" if action == "remove" else "pending")
    maria, before = world.visitor("maria"), world.status(reply)
    fields = {"revision": world.wording(reply)}
    for rule in ("", "no-such-rule"):
        refused = post(maria, reply, action, rule=rule, explanation=WHY, **fields)
        assert refused.status_code == 422
        assert typed(refused.text, "explanation") == WHY
        assert rule or "Say which rule it breaks." in refused.text
    refused = post(maria, reply, action, **fields).text
    for place, words in {"rule-1": "Say which rule it breaks.", "explanation": "Tell the author why"}.items():
        assert f'<a href="#{place}">{words}' in refused
        assert f'id="{place}"' in refused
    assert 'id="rule-error"' in refused
    assert 'id="explanation-error"' in refused
    for words in ("", " \r\n ", "x" * 2001, "A NUL \0 in the reason."):
        refused = post(maria, reply, action, rule="topic", explanation=words, **fields)
        assert refused.status_code == 422
        assert chosen(refused.text) == "topic"
        assert typed(refused.text, "explanation").replace("\ufffd", "\0").strip() == words.strip()
        assert 'class="error"' in refused.text
    assert (world.status(reply), world.count(Explanation)) == (before, 0)
    assert post(maria, reply, action, rule="topic", explanation="x" * 2000, **fields).status_code == 303


def test_publishing_needs_neither_rule_nor_reason_and_stores_none(world: World) -> None:
    reply = world.reply("aigerim")
    answer = post(
        world.visitor("maria"), reply, "publish", rule="topic", explanation=WHY, revision=world.wording(reply)
    )
    assert answer.status_code == 303
    assert world.count(Explanation) == 0
    with world.at_work():
        assert db.session.scalar(select(Decision.rule)) is None


def test_what_no_page_of_ours_sends_is_given_back(world: World) -> None:
    reply, maria = world.reply("aigerim"), world.visitor("maria")
    good = {"action": "reject", "revision": world.wording(reply), "rule": "topic", "explanation": WHY}
    found = {}
    for name, value in [("action", "burn"), ("action", ""), *(("revision", n) for n in ("", "one", "9" * 30, "999"))]:
        answer = post(maria, reply, **good | {name: value})
        assert typed(answer.text, "explanation") == WHY
        found[name, value] = answer.status_code
    assert found.pop(("revision", "999")) == 409
    assert set(found.values()) == {422}
    assert world.decisions_on(reply) == []
    assert post(maria, 999, **good).status_code == 404


def test_nobody_decides_on_an_own_reply(world: World) -> None:
    reply = world.reply("maria", text=TEXT)
    maria = world.visitor("maria")
    assert "This reply is yours: a colleague decides." in maria.get(f"/moderation/replies/{reply}").text
    answer = post(maria, reply, "reject", rule="topic", explanation=WHY, revision=world.wording(reply))
    assert answer.status_code == 403
    assert typed(answer.text, "explanation") == WHY
    assert world.decisions_on(reply) == []


def test_neither_members_nor_readers_decide(world: World) -> None:
    reply = world.reply("aigerim")
    for name, status in (("boris", 403), ("aigerim", 403)):
        assert post(world.visitor(name), reply, "publish", revision=world.wording(reply)).status_code == status
    assert post(world.visitor(), reply, "publish", revision=world.wording(reply)).status_code == 401
    assert world.status(reply) == "pending"


# Somebody was faster


def test_a_wording_that_is_no_longer_the_latest_is_not_judged(world: World) -> None:
    reply = world.reply("aigerim", text=TEXT)
    read, maria = world.wording(reply), world.visitor("maria")
    reword(world, reply)
    for action in ("publish", "return", "reject"):
        answer = post(maria, reply, action, rule="honesty", explanation=WHY, revision=read)
        assert answer.status_code == 409
        assert "The author has changed this reply since you opened it." in answer.text
        assert "It doubled in a year." in answer.text
        assert (
            f'The wording that you judged, wording 1</h3>\n<div class="text" lang="en" dir="auto">'
            f"<p>{TEXT}</p>" in answer.text
        )
        assert (typed(answer.text, "explanation"), chosen(answer.text)) == (WHY, "honesty")
    assert world.decisions_on(reply) == []
    assert post(maria, reply, "publish", revision=hidden_field(answer.text, "revision")).status_code == 303


@pytest.mark.parametrize("door", ["decisions", "author"])
def test_a_page_that_comes_back_tells_of_the_new_wording_or_holds_on_to_the_one_that_was_read(
    world: World, door: str
) -> None:
    reply = world.reply("aigerim", text=TEXT)
    read, maria = world.wording(reply), world.visitor("maria")
    reword(world, reply)
    answer = maria.post(f"/moderation/replies/{reply}/{door}", action="reject", explanation=WHY, revision=read)
    told = "The author has changed this reply" in answer.text
    assert told or hidden_field(answer.text, "revision") == str(read)


@pytest.mark.parametrize(
    ("former", "words"),
    [
        (Action.PUBLISH, "timur has published this reply meanwhile."),
        (Action.RETURN, "timur has returned this reply for an edit meanwhile. Rule 1: Argue with the point"),
        (Action.REJECT, "timur has rejected this reply meanwhile. Rule 1: Argue with the point"),
    ],
)
def test_when_a_colleague_was_faster_the_page_names_the_decision_and_keeps_what_was_typed(
    world: World, former: Action, words: str
) -> None:
    reply = world.reply("aigerim")
    read, maria = world.wording(reply), world.visitor("maria")
    world.decide(reply, former, by="timur")
    answer = post(maria, reply, "reject", rule="privacy", explanation=WHY + " Mine.", revision=read)
    assert answer.status_code == 409
    assert words in answer.text
    assert typed(answer.text, "explanation") == WHY + " Mine."
    assert chosen(answer.text) == "privacy"
    assert world.decisions_on(reply) == [former.value]
    assert world.count(Notification) == 1


def test_that_a_colleague_was_faster_is_told_before_a_missing_rule(world: World) -> None:
    reply, maria = world.reply("aigerim"), world.visitor("maria")
    world.decide(reply, Action.PUBLISH, by="timur")
    answer = post(maria, reply, "reject", explanation="Half a reason", revision=world.wording(reply))
    assert answer.status_code == 409
    assert "timur has published this reply meanwhile." in answer.text
    assert typed(answer.text, "explanation") == "Half a reason"


def test_when_its_author_took_it_back_meanwhile_nothing_is_decided(world: World) -> None:
    timur = world.visitor("timur")
    for action, status in (("publish", "pending"), ("reject", "pending"), ("remove", "published")):
        reply = world.reply_that_is(status, text=TEXT)
        read, before = world.wording(reply), world.decisions_on(reply)
        world.withdraw(reply)
        answer = post(timur, reply, action, rule="topic", explanation=WHY, revision=read)
        assert answer.status_code == 409
        assert "This reply was taken back or erased meanwhile." in answer.text
        assert typed(answer.text, "explanation") == WHY
        assert TEXT not in answer.text, "the words are the author's alone now"
        assert (world.status(reply), world.decisions_on(reply)) == ("withdrawn", before)


def test_a_double_click_is_one_decision(world: World) -> None:
    maria = world.visitor("maria")
    for count, action in enumerate(("publish", "return", "reject"), start=1):
        reply = world.reply("aigerim")
        for _click in range(2):
            answer = post(maria, reply, action, rule="topic", explanation=WHY, revision=world.wording(reply))
            assert answer.status_code == 303
        assert world.decisions_on(reply) == [action]
        assert world.count(Notification) == count


def test_another_reason_under_the_same_rule_is_no_double_click_and_is_not_lost(world: World) -> None:
    reply = world.reply("aigerim", text=TEXT)
    maria, read = world.visitor("maria"), world.wording(reply)
    post(maria, reply, "return", rule="honesty", explanation=WHY, revision=read)
    reword(world, reply)
    answer = post(maria, reply, "return", rule="honesty", explanation="And name the year.", revision=read)
    assert answer.status_code == 409
    assert typed(answer.text, "explanation") == "And name the year."


# What follows


def test_what_becomes_of_a_reply_from_its_first_decision_to_its_return(world: World) -> None:
    reply = world.reply("aigerim", text=TEXT)
    steps = [(Action.RETURN, None, Outcome.RETURNED), (Action.PUBLISH, None, Outcome.PUBLISHED)]
    steps += [(Action.REMOVE, "respect", Outcome.PUBLISHED), (Action.RESTORE, None, Outcome.PUBLISHED)]
    for action, tombstone, result in steps:
        if action is Action.PUBLISH:
            reword(world, reply)
        world.decide(reply, action)
        last = world.wording(reply)
        with world.at_work():
            assert db.session.get_one(Reply, reply).removed_under == tombstone
            assert db.session.get_one(Revision, last).outcome is result
        assert (REVISED in world.visitor().get(DEBATE).text) == (action in {Action.PUBLISH, Action.RESTORE})
    assert world.decisions_on(reply) == ["return", "publish", "remove", "restore"]
    assert world.count(Notification) == 4


def test_after_a_decision_the_longest_waiting_reply_comes_next_but_not_an_own_one(world: World) -> None:
    first, _own, third = world.reply("aigerim"), world.reply("maria"), world.reply("boris")
    maria = world.visitor("maria")
    answer = post(maria, first, "publish", revision=world.wording(first))
    assert answer.location == f"/moderation/replies/{third}#item-title"
    assert f": reply {first}," in maria.get(answer.location).text
    assert post(maria, third, "publish", revision=world.wording(third)).location == "/moderation"


def test_the_author_is_hidden_until_a_moderator_asks_and_the_asking_is_recorded(world: World) -> None:
    reply = world.reply("aigerim", text=TEXT)
    maria = world.visitor("maria")
    address = f"/moderation/replies/{reply}"
    assert "aigerim" not in maria.get(address).text
    assert "aigerim" not in maria.get("/moderation").text
    asked = maria.post(f"{address}/author", rule="honesty", explanation=WHY, revision=world.wording(reply))
    assert asked.status_code == 200
    assert "Author: <b>aigerim</b>" in asked.text
    assert (typed(asked.text, "explanation"), chosen(asked.text)) == (WHY, "honesty")
    assert "aigerim" in maria.get(address).text
    assert "aigerim" not in world.visitor("timur").get(address).text
    with world.at_work():
        query = select(AuditEntry).where(AuditEntry.event == Event.AUTHOR_SHOWN)
        found = [(entry.actor_id, entry.subject_kind, entry.subject_id) for entry in db.session.scalars(query)]
    assert found == [(world.person("maria"), "replies", reply)]
    assert "looking the name up is recorded" in world.visitor("aigerim").get("/accounts/replies").text


def test_looking_at_a_reply_is_no_asking_and_members_cannot_ask(world: World) -> None:
    reply = world.reply("aigerim")
    world.visitor("maria").get(f"/moderation/replies/{reply}")
    assert world.visitor("maria").get(f"/moderation/replies/{reply}/author").status_code == 405
    assert world.visitor("boris").post(f"/moderation/replies/{reply}/author").status_code == 403
    with world.at_work():
        assert db.session.scalar(select(AuditEntry).where(AuditEntry.event == Event.AUTHOR_SHOWN)) is None


def test_decisions_and_the_audit_log_hold_ids_and_codes_and_the_reason_has_a_row_of_its_own(world: World) -> None:
    reply = world.reply_that_is("returned", text=TEXT)
    reword(world, reply)
    world.decide(reply, Action.PUBLISH)
    world.decide(reply, Action.REMOVE)
    world.visitor("maria").post(f"/moderation/replies/{reply}/author", revision=1)
    everything = world.everything()
    kept = str([everything["audit_entries"], everything["decisions"], everything["notifications"]])
    for words in (TEXT, REVISED, WHY, "aigerim", "maria", all_rules()["respect"].titles["en"]):
        assert words not in kept
    assert str(everything["explanations"]).count(WHY) == 2
    codes = {"return", "publish", "remove", "respect"}
    with world.at_work():
        for entry in db.session.scalars(select(AuditEntry)):
            assert all(isinstance(fact, int | None) or fact in codes for fact in entry.facts.values())
        made = select(AuditEntry.actor_id).where(AuditEntry.event == Event.DECISION_MADE)
        assert list(db.session.scalars(made)) == [signin.find("maria").id] * 3


def test_when_a_consequence_fails_nothing_at_all_is_stored(world: World, app: Flask) -> None:
    reply = world.reply("aigerim")
    maria, read = world.visitor("maria"), world.wording(reply)
    token, before = maria.token(), world.everything()

    def fail(decision: Decision) -> None:
        raise RuntimeError("the last consequence fails")

    wiring = app.extensions["consequences"]
    app.extensions["consequences"] = wiring | {Event.DECISION_MADE: [*wiring[Event.DECISION_MADE], fail]}
    answer = post(maria, reply, "reject", rule="topic", explanation=WHY, revision=read, token=token)
    assert answer.status_code == 500
    assert world.everything() == before
    app.extensions["consequences"] = wiring
    assert post(maria, reply, "reject", rule="topic", explanation=WHY, revision=read, token=token).status_code == 303
    assert world.decisions_on(reply) == ["reject"]
    assert world.count(Notification) == world.count(Explanation) == 1


def test_a_second_click_after_the_author_has_taken_it_back_is_told_so(world: World) -> None:
    reply = world.published("aigerim")
    wording = world.wording(reply)
    world.visitor("aigerim").post(f"/replies/{reply}/withdraw")
    answer = post(world.visitor("maria"), reply, "publish", revision=wording)
    assert answer.status_code == 409
    assert "taken back or erased meanwhile" in answer.text
