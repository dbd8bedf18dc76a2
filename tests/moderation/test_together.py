"""Moderators work side by side: who has what open, notes, the same words decided together, ready words, waits."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from forum.db import db, writing
from forum.debates.models import Stance
from forum.events import AuditEntry, Event
from forum.moderation import explanations, waits
from forum.moderation.desk_models import CannedExplanation, Claim, ReplyNote
from forum.moderation.models import Action
from forum.moderation.rules import all_rules
from tests.moderation.test_desk import listed
from tests.world import WHY, Visitor, World, at_once, hidden_field, typed

NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
SPAM = "Cheap certificates for everybody, delivered to every town and signed by every office that you may need."
BATCH = {"rule": "offers", "explanation": WHY}


def desk(reply: int, door: str = "") -> str:
    return f"/moderation/replies/{reply}{door}"


def decide(visitor: Visitor, reply: int, **fields: Any) -> Any:
    return visitor.post(desk(reply, "/decisions"), **fields)


# Claims


def test_a_reply_that_somebody_took_is_shown_so_to_colleagues_for_ten_minutes(world: World) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        reply = world.reply("aigerim")
        timur, maria = world.visitor("timur"), world.visitor("maria")
        assert "nobody has it open" in maria.get(desk(reply)).text
        assert world.count(Claim) == 0, "to open is not to take"
        page = timur.post(desk(reply, "/claim"), explanation=WHY, revision=world.wording(reply))
        assert typed(page.text, "explanation") == WHY
        assert "open with you" in page.text
        clock.shift(timedelta(minutes=4))
        assert "open with timur, 4 min" in maria.get(desk(reply)).text
        assert "open with timur" in maria.get("/moderation").text
        clock.shift(timedelta(minutes=7))
        assert "nobody has it open" in maria.get(desk(reply)).text
        assert "open with" not in maria.get("/moderation").text


def test_a_colleague_takes_it_over_with_one_press_and_is_told_from_whom(world: World) -> None:
    reply = world.reply("aigerim")
    world.visitor("timur").post(desk(reply, "/claim"))
    maria = world.visitor("maria")
    page = maria.get(desk(reply)).text
    assert "Take it over from timur" in page
    holder = hidden_field(page, "holder")
    assert maria.post(desk(reply, "/claim"), holder=holder).status_code == 303
    assert "open with maria" in world.visitor("timur").get(desk(reply)).text
    late = world.visitor("zarina").post(desk(reply, "/claim"), holder=holder, explanation=WHY)
    assert late.status_code == 409
    assert "maria took this reply a moment ago." in late.text
    assert typed(late.text, "explanation") == WHY


def test_only_ones_own_claim_is_released_and_a_decision_ends_it(world: World) -> None:
    first, second = world.reply("aigerim"), world.reply("boris")
    timur, maria = world.visitor("timur"), world.visitor("maria")
    for reply in (first, second):
        timur.post(desk(reply, "/claim"))
    maria.post(desk(first, "/release"))
    assert world.count(Claim) == 2
    timur.post(desk(first, "/release"))
    assert world.count(Claim) == 1
    assert decide(maria, second, action="publish", revision=world.wording(second)).status_code == 303
    assert world.count(Claim) == 0
    assert maria.post(desk(second, "/claim")).status_code == 409
    assert maria.post(desk(world.reply("maria"), "/claim")).status_code == 403


def test_next_is_rather_one_that_nobody_has_open(world: World) -> None:
    first, taken, free = (world.reply(name) for name in ("aigerim", "boris", "aigerim"))
    world.visitor("timur").post(desk(taken, "/claim"))
    maria = world.visitor("maria")
    assert decide(maria, first, action="publish", revision=world.wording(first)).location.startswith(desk(free))
    assert decide(maria, free, action="publish", revision=world.wording(free)).location.startswith(desk(taken))


@pytest.mark.parametrize("tries", [15, pytest.param(300, marks=pytest.mark.long)])
def test_of_two_who_take_the_same_reply_at_once_one_has_it(world: World, tries: int) -> None:
    world.app.config.update(REPLIES_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    people = {name: world.visitor(name) for name in ("maria", "timur")}
    hands = {name: partial(person.post, token=person.token()) for name, person in people.items()}
    for _ in range(tries):
        reply = world.reply("aigerim")
        answers = at_once(*(partial(hand, desk(reply, "/claim")) for hand in hands.values()))
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        winner = next(name for name, answer in zip(hands, answers, strict=True) if answer.status_code == 303)
        with world.at_work():
            assert db.session.scalars(select(Claim.moderator_id).where(Claim.reply_id == reply)).all() == [
                world.person(winner)
            ]


# Notes


def test_a_note_is_read_by_colleagues_and_by_nobody_else(world: World) -> None:
    reply = world.reply("aigerim")
    maria = world.visitor("maria")
    answer = maria.post(desk(reply, "/notes"), note="zqnote, seen before", explanation=WHY)
    assert typed(answer.text, "explanation") == WHY
    maria.post(desk(reply, "/notes"), note="zqnote, seen before")
    assert world.count(ReplyNote) == 1, "a double click is one note"
    assert "zqnote, seen before" in world.visitor("timur").get(desk(reply)).text
    world.decide(reply, Action.PUBLISH)
    everyone = {name: world.visitor(name) for name in ("", "aigerim", "boris", "timur")}
    for name, person in everyone.items():
        for _endpoint, address in world.addresses():
            if not (name == "timur" and address == desk(reply)):
                assert "zqnote" not in person.get(address, buffered=True).text, f"{name} at {address}"
    with world.at_work():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == Event.REPLY_NOTED)).one()
        assert entry.facts == {"reply": reply}


@pytest.mark.parametrize("words", ["", "  ", "x" * 2001, "damaged \0"])
def test_a_note_that_cannot_be_kept_is_given_back(world: World, words: str) -> None:
    reply = world.reply("aigerim")
    answer = world.visitor("maria").post(desk(reply, "/notes"), note=words)
    assert answer.status_code == 422
    assert 'id="note-error"' in answer.text
    assert world.count(ReplyNote) == 0


def test_after_a_small_act_the_page_can_be_loaded_anew_and_nothing_that_was_typed_is_lost(world: World) -> None:
    reply = world.reply("aigerim")
    maria, address = world.visitor("maria"), desk(reply)
    acts = {"/claim": "item-title", "/notes": "notes", "/author": "author", "/release": "item-title"}
    for door, anchor in acts.items():
        answer = maria.post(f"{address}{door}?language=en", note="Seen." if door == "/notes" else "")
        assert (answer.status_code, answer.location) == (303, f"{address}?language=en#{anchor}"), door
        drawn = maria.post(f"{address}{door}", note="Seen as well.", explanation=WHY, rule="topic")
        assert (drawn.status_code, typed(drawn.text, "explanation")) == (200, WHY), door
    assert world.count(ReplyNote) == 2


def test_a_note_typed_while_deciding_is_not_lost(world: World) -> None:
    reply = world.reply("aigerim")
    fields = {"action": "publish", "revision": world.wording(reply), "note": "Look at the figures again."}
    assert decide(world.visitor("maria"), reply, **fields).status_code == 303
    assert "Look at the figures again." in world.visitor("timur").get(desk(reply)).text


# The same words


def spam(world: World, *authors: str) -> list[int]:
    world.app.config.update(REPLIES_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    return [world.reply(author, text=SPAM) for author in authors]


def pairs(world: World, replies: list[int]) -> list[str]:
    return [f"{reply}-{world.wording(reply)}" for reply in replies]


def test_the_same_words_in_many_replies_are_rejected_together_each_with_a_decision_of_its_own(world: World) -> None:
    same = spam(world, "boris", "saule", "boris")
    other = world.reply("aigerim", text="An argument that has nothing to do with what is sold here and by whom.")
    maria = world.visitor("maria")
    assert "2 other waiting replies have the same words" in maria.get(desk(same[0])).text
    assert "the same words" not in maria.get(desk(other)).text
    page = maria.get(desk(same[1], "/same")).text
    assert page.count(SPAM) == 3
    assert re.findall(r'name="chosen" value="([0-9-]+)"', page) == pairs(world, same)
    answer = maria.post(desk(same[1], "/same"), action="reject", chosen=pairs(world, same[:2]), **BATCH)
    assert answer.location == "/moderation"
    assert "Rejected: 2 replies." in maria.get(answer.location).text
    assert [world.status(reply) for reply in same] == ["rejected", "rejected", "pending"]
    with world.at_work():
        made = select(AuditEntry).where(AuditEntry.event == Event.DECISION_MADE)
        assert len(db.session.scalars(made).all()) == 2


def test_those_that_moved_on_meanwhile_and_own_ones_are_left_and_told(world: World) -> None:
    same = spam(world, "boris", "saule", "maria", "boris")
    chosen, maria = pairs(world, same), world.visitor("maria")
    world.decide(same[0], Action.PUBLISH, by="timur")
    world.withdraw(same[1])
    answer = maria.post(desk(same[3], "/same"), action="return", chosen=[*chosen, "99-99", "x", "1-2-3"], **BATCH)
    page = maria.get(answer.location).text
    assert "Returned for an edit: 1 reply." in page
    assert "because they moved on or are your own: 1, 2, 3, 99." in page
    assert [world.status(reply) for reply in same] == ["published", "withdrawn", "pending", "returned"]


def test_a_batch_without_a_rule_changes_nothing_and_keeps_ticks_and_words(world: World) -> None:
    same, maria = spam(world, "boris", "saule"), world.visitor("maria")
    chosen = pairs(world, same)
    for fields in ({"rule": ""}, {"explanation": ""}, {"chosen": []}, {"action": "publish"}):
        sent = {"action": "reject", "chosen": chosen} | BATCH | fields
        answer = maria.post(desk(same[0], "/same"), **sent)
        assert answer.status_code == 422
        assert typed(answer.text, "explanation") == sent["explanation"]
        assert answer.text.count('" checked> ') - answer.text.count('name="rule" value="offers" checked') == len(
            sent["chosen"]
        )
    assert [world.status(reply) for reply in same] == ["pending", "pending"]
    assert maria.get(desk(99, "/same")).status_code == 404


# Ready explanations


def test_the_shipped_explanations_cover_every_rule_in_three_languages(world: World) -> None:
    with world.at_work(), writing():
        explanations.ship()
        explanations.ship()
    with world.at_work():
        for language in ("en", "ru", "kk"):
            assert list(dict.fromkeys(one.rule for one in explanations.offered(language))) == list(all_rules())


def test_a_ready_explanation_fills_the_field_without_a_script_and_decides_nothing(world: World) -> None:
    ready, reply = world.ready("honesty", "Please name the source."), world.reply("aigerim")
    world.ready("honesty", "Назовите источник.", "ru")
    maria = world.visitor("maria")
    page = maria.get(desk(reply)).text
    assert "Please name the source." in page
    assert "Назовите" not in page, "the author reads English"
    answer = decide(maria, reply, fill=ready, explanation="The year is missing.", revision=world.wording(reply))
    assert answer.status_code == 200
    assert typed(answer.text, "explanation") == "The year is missing.\n\nPlease name the source."
    assert 'value="honesty" checked' in answer.text
    assert world.decisions_on(reply) == []
    again = decide(maria, reply, fill=ready, explanation=typed(answer.text, "explanation"))
    assert typed(again.text, "explanation") == typed(answer.text, "explanation")
    for nonsense in ("0", "-1", "x", "9" * 30, "99999"):
        answer = decide(maria, reply, fill=nonsense, explanation=WHY)
        assert answer.status_code in {200, 422}
        assert typed(answer.text, "explanation") == WHY


def test_moderators_add_change_and_retire_them(world: World) -> None:
    maria = world.visitor("maria")
    fields = {"rule": "topic", "language": "ru", "title": "К тезису", "text": "Что это значит для тезиса?"}
    assert maria.post("/moderation/explanations", **fields).location == "/moderation/explanations?language=ru"
    maria.post("/moderation/explanations", **fields)
    assert world.count(CannedExplanation) == 1
    assert "Что это значит для тезиса?" in maria.get("/moderation/explanations?language=ru").text
    changed = {"rule": "repeat", "title": "Иначе", "text": "Скажите иначе.", "version": 1}
    assert maria.post("/moderation/explanations/1", **changed).status_code == 303
    page = world.visitor("timur").get("/moderation/explanations?language=ru").text
    assert "Скажите иначе." in page
    late = world.visitor("timur").post("/moderation/explanations/1", **changed | {"text": "Моё слово."})
    assert late.status_code == 409
    assert typed(late.text) == "Моё слово."
    assert "Скажите иначе." in late.text
    assert maria.post("/moderation/explanations/1/retire", version=1).status_code == 409
    assert maria.post("/moderation/explanations/1/retire", version=2).status_code == 303
    assert "Скажите иначе." not in maria.get("/moderation/explanations?language=ru").text
    assert maria.get("/moderation/explanations/1").status_code == 404
    gone = maria.post("/moderation/explanations/1", **changed)
    assert gone.status_code == 409
    assert typed(gone.text) == "Скажите иначе."


@pytest.mark.parametrize(
    "bad", [{"text": ""}, {"title": " "}, {"title": "x" * 81}, {"text": "x" * 2001}, {"rule": "no"}]
)
def test_an_explanation_that_cannot_be_kept_is_given_back(world: World, bad: dict[str, str]) -> None:
    fields = {"rule": "topic", "language": "en", "title": "Name", "text": WHY} | bad
    answer = world.visitor("maria").post("/moderation/explanations", **fields)
    assert answer.status_code == 422
    assert typed(answer.text) == fields["text"]
    assert 'class="error"' in answer.text
    assert world.count(CannedExplanation) == 0


# Waits


def test_the_head_of_the_desk_tells_how_long_each_side_waits(world: World) -> None:
    world.app.config.update(REPLIES_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    for stance, hours in ((Stance.PRO, 2), (Stance.ANTI, 3)):
        for number in range(5 if stance is Stance.PRO else 4):
            with time_machine.travel(NOON, tick=False):
                reply = world.reply("aigerim", stance)
            with time_machine.travel(NOON + timedelta(hours=hours, minutes=number), tick=False):
                world.decide(reply, Action.PUBLISH)
    with time_machine.travel(NOON, tick=False):
        world.reply("boris")
    with time_machine.travel(NOON + timedelta(hours=6, minutes=10), tick=False):
        page = world.visitor("maria").get("/moderation").text
        with world.at_work():
            found = waits.measure()
    assert found.usual == {Stance.PRO: timedelta(hours=2, minutes=2), Stance.ANTI: None}
    assert found.longest == timedelta(hours=6, minutes=10)
    assert re.findall(r'<dd class="n">([^<]*)</dd>', page) == ["6 h 10 min", "2 h 2 min", "not enough data"]
    with time_machine.travel(NOON + timedelta(days=8), tick=False), world.at_work():
        assert set(waits.measure().usual.values()) == {None}, "of the last seven days only"


def test_an_empty_desk_has_no_longest_wait(world: World) -> None:
    with world.at_work():
        assert waits.measure().longest is None


# Keys


def test_keys_can_be_switched_off_and_then_nothing_shows_them(world: World) -> None:
    reply, maria = world.reply("aigerim"), world.visitor("maria")
    assert "<kbd" in maria.get(desk(reply)).text
    maria.post("/moderation/preferences", languages="")
    for address in (desk(reply), "/moderation"):
        page = maria.get(address).text
        assert "<kbd" not in page
        assert "aria-keyshortcuts" not in page
    assert listed(maria.get("/moderation").text) == [reply]
    assert "<kbd" in world.visitor("timur").get(desk(reply)).text
    assert 'id="desk-title"' not in world.visitor("aigerim").get("/accounts/settings").text
