"""A second look: once for each decision, by somebody who had no part in it, and what comes of it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from forum.accounts import signin
from forum.accounts.models import Role
from forum.db import db, writing
from forum.debates import articles, queries, replies
from forum.debates.models import Outcome, Reply, ReplyStatus, Revision, Stance
from forum.errors import Overtaken, Refused
from forum.events import AuditEntry, Event
from forum.moderation import appeal_queries, appeals
from forum.moderation.appeal_models import Appeal, AppealOutcome, AppealReasons, AppealWords
from forum.moderation.models import Action, Decision
from forum.notifications.models import Notification
from tests.world import DEBATE, PLEA, SECOND_WHY, SLUG, WHY, Visitor, World, hidden_field, typed

TEXT = "The clinic asks for no name, so the number of visits is the only figure that we have."
NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
STANDS, REVERSED = "decision_stands", "decision_reversed"

# Who can appeal against the last decision on a reply of Aigerim's in each state, and what comes of trying.
LODGING = """
            aigerim  boris  maria  timur  zarina
published   422      403    403    403    403
returned    422      403    403    403    403
rejected    ok       403    403    403    403
removed     ok       403    403    403    403
withdrawn   409      403    403    403    403
restored    422      403    403    403    403
"""
# What each can make of an appeal against Maria's decision on a reply that stands there meanwhile, by each judgement.
JUDGING = """
                      aigerim  boris  maria  timur      zarina
rejected   stands     403      403    403    rejected   rejected
rejected   reversed   403      403    403    published  published
removed    stands     403      403    403    removed    removed
removed    reversed   403      403    403    published  published
withdrawn  stands     403      403    403    409        409
withdrawn  reversed   403      403    403    409        409
restored   stands     403      403    403    409        409
restored   reversed   403      403    403    409        409
judged     stands     403      403    403    409        409
judged     reversed   403      403    403    409        409
"""


def table(lines: str) -> tuple[list[str], list[list[str]]]:
    names, *rows = [line.split() for line in lines.strip().splitlines()]
    return names, rows


def post(visitor: Visitor, decision: int, plea: str = PLEA, **more: Any) -> TestResponse:
    return visitor.post(f"/decisions/{decision}/appeal", text=plea, **more)


def judge(visitor: Visitor, appeal: int, outcome: str = STANDS, **more: Any) -> TestResponse:
    fields = {"outcome": outcome, "rule": "topic", "explanation": SECOND_WHY} | more
    return visitor.post(f"/moderation/appeals/{appeal}/judgement", **fields)


def rejected(world: World, author: str = "aigerim", by: str = "maria", **more: Any) -> tuple[int, int]:
    """Let a reply be rejected; return its number and that of the decision."""
    reply = world.reply(author, **{"text": TEXT} | more)
    return reply, world.decide(reply, Action.REJECT, by)


def removed(world: World, author: str = "aigerim", by: str = "maria", **more: Any) -> tuple[int, int]:
    """Let a reply be published by Zarina, then removed."""
    reply = world.reply(author, **{"text": TEXT} | more)
    world.decide(reply, Action.PUBLISH, "zarina")
    return reply, world.decide(reply, Action.REMOVE, by)


def outcome_of(world: World, appeal: int = 1) -> str | None:
    with world.at_work():
        return db.session.get_one(Appeal, appeal).outcome


def everybody(world: World) -> list[str]:
    """Let the cast be there; return their names."""
    for name in ("aigerim", "boris", "maria", "timur", "zarina"):
        world.person(name)
    return ["aigerim", "boris", "maria", "timur", "zarina"]


# Who may what, when


@pytest.mark.parametrize("row", table(LODGING)[1], ids=lambda row: row[0])
def test_who_can_appeal_against_the_last_decision_in_each_state(world: World, row: list[str]) -> None:
    names, (state, *expected) = everybody(world), row
    number = world.reply_that_is({"withdrawn": "rejected", "restored": "removed"}.get(state, state))
    if state == "withdrawn":
        world.withdraw(number)
    if state == "restored":
        world.decide(number, Action.RESTORE)
    found = []
    for name in names:
        with world.at_work():
            last = db.session.scalar(select(Decision.id).order_by(Decision.id.desc()).limit(1))
            try:
                appeals.lodge(appeal_queries.decision_to_appeal(last), PLEA, by=signin.find(name))
                found.append("ok")
            except Refused as refusal:
                found.append(str(refusal.status))
            db.session.rollback()
    assert dict(zip(table(LODGING)[0], found, strict=True)) == dict(zip(names, expected, strict=True))


@pytest.mark.parametrize("row", table(JUDGING)[1], ids=lambda row: "-".join(row[:2]))
def test_who_can_make_what_of_an_appeal_in_each_state(world: World, row: list[str]) -> None:
    names, (state, judgement, *expected) = everybody(world), row
    number, decision = rejected(world) if state in {"rejected", "withdrawn", "judged"} else removed(world)
    appeal = world.appeal(decision)
    if state == "withdrawn":
        world.withdraw(number)
    if state == "restored":
        world.decide(number, Action.RESTORE, "maria")
    if state == "judged":
        world.judge(appeal, REVERSED, by=world_lead(world))
    found = []
    for name in names:
        with world.at_work():
            case = appeal_queries.appeal_to_change(appeal)
            before = (case.outcome, case.reply.status, case.reply.shown_revision_id, case.decided_by_id)
            try:
                appeals.decide(
                    case, AppealOutcome(f"decision_{judgement}"), by=signin.find(name), rule="topic", explanation=WHY
                )
                db.session.flush()
                found.append(case.reply.status.value)
            except Refused as refusal:
                found.append(str(refusal.status))
                assert before == (case.outcome, case.reply.status, case.reply.shown_revision_id, case.decided_by_id)
            db.session.rollback()
    assert dict(zip(names, found, strict=True)) == dict(zip(names, expected, strict=True))


def world_lead(world: World) -> str:
    """Return a further lead, who has decided already in the table's last rows."""
    world.person("sanzhar", Role.LEAD)
    return "sanzhar"


def test_staff_whose_own_reply_was_rejected_appeal_and_never_judge(world: World) -> None:
    _reply, decision = rejected(world, "timur")
    timur = world.visitor("timur")
    assert post(timur, decision).status_code == 303
    assert "The reply is yours: a colleague decides." in timur.get("/moderation/appeals").text
    refused = judge(timur, 1, REVERSED)
    assert refused.status_code == 403
    assert typed(refused.text, "explanation") == SECOND_WHY
    assert outcome_of(world) is None
    assert judge(world.visitor("zarina"), 1, REVERSED).status_code == 303


@pytest.mark.parametrize("name", ["maria", "aigerim", "boris", ""])
def test_whoever_had_a_part_or_does_not_moderate_finds_the_address_shut(world: World, name: str) -> None:
    _reply, decision = rejected(world)
    world.appeal(decision)
    answer = judge(world.visitor(name), 1, REVERSED)
    assert answer.status_code == (403 if name else 401)
    assert outcome_of(world) is None
    assert world.count(AppealReasons) == 0
    if name == "maria":
        assert "Only a moderator who had no part in this case can decide the appeal." in answer.text
        assert typed(answer.text, "explanation") == SECOND_WHY


def test_the_door_of_an_appeal_does_not_show_whether_somebody_elses_decision_exists(world: World) -> None:
    _reply, decision = rejected(world)
    boris = world.visitor("boris")
    for method in (boris.get, boris.post):
        assert method(f"/decisions/{decision}/appeal").status_code == 404
        assert method("/decisions/999/appeal").status_code == 404


# The database


BEHIND = "UPDATE appeals SET outcome = 'decision_reversed', decided_at = created_at, decided_by_id = :judge"


@pytest.mark.parametrize("who", ["maria", "aigerim"])
def test_the_database_itself_refuses_the_first_moderator_and_the_author_as_judge(world: World, who: str) -> None:
    world.appeal(rejected(world)[1])
    world.person("timur")
    with world.at_work(), pytest.raises(IntegrityError):
        db.session.execute(text(BEHIND), {"judge": world.person(who)})
    with world.at_work(), writing():
        db.session.execute(text(BEHIND), {"judge": world.person("timur")})
    assert outcome_of(world) == REVERSED


@pytest.mark.parametrize(
    "values",
    [
        "{decision}, {reply}, {timur}, {aigerim}",  # as if another had decided first
        "{decision}, {reply}, {maria}, {timur}",  # as if another had written it
        "{decision}, {other}, {maria}, {boris}",  # as if it were about another reply
        "999, {reply}, {maria}, {aigerim}",
    ],
)
def test_the_database_ties_an_appeal_to_who_decided_and_to_who_wrote(world: World, values: str) -> None:
    reply, decision = rejected(world)
    numbers = {name: world.person(name) for name in ("aigerim", "boris", "maria", "timur")}
    values = values.format(decision=decision, reply=reply, other=world.reply("boris"), **numbers)
    insert = "INSERT INTO appeals (created_at, decision_id, reply_id, first_moderator_id, appellant_id) VALUES ({})"
    with world.at_work(), pytest.raises(IntegrityError):
        db.session.execute(text(insert.format("'2031-05-03', " + values)))
    good = "'2031-05-03', {}, {}, {maria}, {aigerim}".format(decision, reply, **numbers)
    with world.at_work(), writing():
        db.session.execute(text(insert.format(good)))
    with world.at_work(), pytest.raises(IntegrityError):  # once for each decision
        db.session.execute(text(insert.format(good)))


@pytest.mark.parametrize("judgement", [None, STANDS])
def test_the_database_keeps_an_appeal_as_it_is(world: World, judgement: str | None) -> None:
    appeal = world.appeal(rejected(world)[1])
    reply, decision = rejected(world, "boris", by="timur")
    other = {name: world.person(name) for name in ("timur", "boris", "zarina")} | {"reply": reply, "decision": decision}
    if judgement:
        world.judge(appeal, judgement)
    changes = [
        "DELETE FROM appeals",
        "UPDATE appeals SET decision_id = :decision, reply_id = :reply, first_moderator_id = :timur, "
        "appellant_id = :boris",
        "UPDATE appeals SET first_moderator_id = :timur",
        "UPDATE appeals SET appellant_id = :boris",
        "UPDATE appeals SET id = 7",
        "UPDATE appeals SET created_at = '2020-01-01'",
    ]
    if judgement:
        changes += [
            "UPDATE appeals SET outcome = 'decision_reversed', rule = NULL",
            "UPDATE appeals SET outcome = NULL, rule = NULL, decided_at = NULL, decided_by_id = NULL",
            "UPDATE appeals SET decided_by_id = :zarina",
            "UPDATE appeals SET rule = 'respect'",
        ]
    with world.at_work():  # the words go first, so that no key of theirs is what refuses
        for table in ("appeal_words", "appeal_reasons", "notifications"):
            db.session.execute(text(f"DELETE FROM {table}"))  # noqa: S608
        db.session.commit()
    for change in changes:
        with world.at_work(), pytest.raises(IntegrityError):
            db.session.execute(text(change), other)


@pytest.mark.parametrize(
    "nonsense",
    [
        "outcome = 'upheld', decided_at = created_at",
        "outcome = 'decision_reversed', decided_at = created_at",  # by nobody
        "outcome = 'decision_stands', decided_at = created_at, decided_by_id = :timur",  # under no rule
        "outcome = 'decision_reversed', decided_at = created_at, decided_by_id = :timur, rule = 'topic'",
        "outcome = 'reply_withdrawn', decided_at = created_at, decided_by_id = :timur",
        "outcome = 'reply_restored'",  # at no time
        "decided_by_id = :timur",
        "decided_at = created_at",
        "rule = 'topic'",
    ],
)
def test_the_database_refuses_half_a_judgement(world: World, nonsense: str) -> None:
    world.appeal(rejected(world)[1])
    with world.at_work(), pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE appeals SET " + nonsense), {"timur": world.person("timur")})  # noqa: S608


# Asking


def test_an_appeal_is_possible_for_180_days_and_through_the_whole_last_one(world: World) -> None:
    with time_machine.travel(NOON, tick=False):
        (_first, early), (_second, late) = rejected(world), rejected(world)
    last = datetime(2031, 10, 30, 23, 59, 59, tzinfo=UTC)
    with time_machine.travel(last, tick=False):
        assert f'href="/decisions/{early}/appeal"' in world.visitor("aigerim").get("/accounts/replies").text
        assert post(world.visitor("aigerim"), early).status_code == 303
    with time_machine.travel(last + timedelta(seconds=1), tick=False):
        aigerim = world.visitor("aigerim")
        page = aigerim.get("/accounts/replies").text
        assert f'href="/decisions/{late}/appeal"' not in page
        assert "The time in which one can appeal against this ended on" in page
        assert "You can appeal until" not in page
        refused = post(aigerim, late)
        assert refused.status_code == 422
        assert "was possible until 30 October 2031." in refused.text
        assert typed(refused.text) == PLEA
    assert world.count(Appeal) == 1


@pytest.mark.parametrize(
    ("plea", "said"),
    [
        ("", "Say in your own words why the decision is wrong."),
        (" \r\n ", "Say in your own words why the decision is wrong."),
        ("Nineteen characters", "Please write at least 20 characters."),
        ("x" * 2001, "At most 2000 characters, please."),
        ("A NUL \0 in the middle of it.", "Some characters arrived damaged"),
    ],
)
def test_words_that_cannot_be_stored_are_refused_and_given_back(world: World, plea: str, said: str) -> None:
    _reply, decision = rejected(world)
    answer = post(world.visitor("aigerim"), decision, plea)
    assert answer.status_code == 422
    assert said in answer.text
    assert typed(answer.text).replace("\ufffd", "\0").strip() == plea.strip()
    assert world.count(Appeal) == world.count(AppealWords) == 0


@pytest.mark.parametrize("plea", ["Twenty characters ok", "я" * 2000, "<b>Not</b> *markup* & so on"])
def test_words_within_the_limits_are_stored_as_written(world: World, plea: str) -> None:
    _reply, decision = rejected(world)
    assert post(world.visitor("aigerim"), decision, plea).status_code == 303
    with world.at_work():
        assert db.session.scalar(select(AppealWords.text)) == plea
    page = world.visitor("timur").get("/moderation/appeals/1").text
    assert plea.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in page


def test_an_appeal_is_possible_once_and_a_second_one_is_given_back(world: World) -> None:
    _reply, decision = rejected(world)
    aigerim = world.visitor("aigerim")
    for _click in range(2):
        assert post(aigerim, decision).status_code == 303, "a double click does no harm"
    again = post(aigerim, decision, PLEA + " And one thing more.")
    assert again.status_code == 409
    assert "You have appealed against this decision already" in again.text
    assert typed(again.text) == PLEA + " And one thing more."
    world.judge(1)
    assert post(aigerim, decision, PLEA + " And one thing more.").status_code == 409
    assert world.count(Appeal) == world.count(AppealWords) == 1
    page = aigerim.get(f"/decisions/{decision}/appeal")
    assert page.status_code == 200
    assert "<textarea" not in page.text
    assert PLEA in page.text
    assert SECOND_WHY in page.text


def test_a_decision_that_no_longer_holds_cannot_be_appealed_but_a_later_one_can(world: World) -> None:
    reply, first = removed(world)
    world.decide(reply, Action.RESTORE)
    again = world.decide(reply, Action.REMOVE, by="timur")
    aigerim = world.visitor("aigerim")
    page = aigerim.get("/accounts/replies").text
    assert re.findall(r'href="/decisions/(\d+)/appeal"', page) == [str(again)]
    assert post(aigerim, first).status_code == 409
    assert post(aigerim, again).status_code == 303


def test_a_return_is_answered_by_an_edit_and_says_so(world: World) -> None:
    world.reply_that_is("returned")
    aigerim = world.visitor("aigerim")
    assert "/decisions/" not in aigerim.get("/accounts/replies").text
    answer = aigerim.get("/decisions/1/appeal")
    assert answer.status_code == 422
    assert "A return is answered by an edit" in answer.text
    assert "<textarea" not in answer.text


def test_a_member_whose_session_ended_meanwhile_signs_in_and_finds_the_appeal_in_the_form(world: World) -> None:
    _reply, decision = rejected(world)
    asked = post(world.visitor(), decision)
    assert asked.status_code == 401
    assert "Your text is kept on this page" in asked.text
    reader = world.visitor()
    form = reader.post(
        "/accounts/sign-in", name="aigerim", password="three quiet horses", carried=hidden_field(asked.text, "carried")
    )
    assert typed(form.text) == PLEA
    assert world.count(Appeal) == 0, "it is never sent by itself"
    assert post(reader, decision).status_code == 303


# Judging


def test_whoever_lets_it_stand_names_a_rule_and_everybody_gives_a_reason(world: World) -> None:
    world.appeal(rejected(world)[1])
    timur = world.visitor("timur")
    for fields, said in [
        ({"outcome": ""}, "Choose whether it should stay as it is."),
        ({"rule": ""}, "Say which rule it breaks."),
        ({"explanation": " \n"}, "Tell the author why you decide so."),
        ({"outcome": REVERSED, "explanation": ""}, "Tell the author why you decide so."),
        ({"outcome": "", "explanation": ""}, "Choose whether it should stay as it is."),
        ({"outcome": "", "explanation": ""}, "Tell the author why you decide so."),
        ({"rule": "", "explanation": ""}, "Say which rule it breaks."),
        ({"rule": "", "explanation": ""}, "Tell the author why you decide so."),
        ({"explanation": "x" * 2001}, "At most 2000 characters, please."),
    ]:
        refused = judge(timur, 1, **fields)
        assert refused.status_code == 422
        assert said in refused.text
        assert (
            typed(refused.text, "explanation").strip() == ({"explanation": SECOND_WHY} | fields)["explanation"].strip()
        )
        assert "The first decision" not in refused.text
    assert outcome_of(world) is None
    assert judge(timur, 1, REVERSED, rule="").status_code == 303


def test_a_judgement_that_stands_keeps_everything_and_is_told_to_the_author_with_its_own_reasons(world: World) -> None:
    reply, decision = removed(world)
    before = world.everything()
    world.appeal(decision)
    assert judge(world.visitor("timur"), 1).location == "/moderation/appeals/1"
    after = world.everything()
    assert [after[table] for table in ("replies", "revisions", "decisions")] == [
        before[table] for table in ("replies", "revisions", "decisions")
    ]
    page = world.visitor("aigerim").get("/accounts/replies").text
    own = page[page.index(f'id="reply-{reply}"') :]
    for words in (WHY, PLEA, SECOND_WHY, "The decision stands, as decided on", "5. Keep to the motion", "Moderator 2"):
        assert words in own
    assert "Moderator 3, who had no part in the first decision. A person decided" in own
    assert "timur" not in page
    assert "maria" not in page


def test_a_removed_reply_returns_to_its_old_place(world: World) -> None:
    numbers = []
    for minute in range(3):
        with time_machine.travel(NOON + timedelta(minutes=minute), tick=False):
            numbers.append(world.published("boris" if minute != 1 else "aigerim"))

    def order() -> list[int]:
        page = world.visitor().get(f"{DEBATE}?sort=oldest").text
        return [int(number) for number in re.findall(r'<article class="reply"[^>]* id="reply-(\d+)"', page)]

    assert order() == numbers
    with time_machine.travel(NOON + timedelta(days=9), tick=False):
        appeal = world.appeal(world.decide(numbers[1], Action.REMOVE))
        assert order() == [numbers[0], numbers[2]]
        world.judge(appeal, REVERSED)
        assert order() == numbers
    with world.at_work():
        reply = db.session.get_one(Reply, numbers[1])
        assert reply.published_at == NOON + timedelta(minutes=1)
        assert reply.removed_under is None


def test_a_rejected_reply_appears_now_in_the_wording_that_was_judged(world: World) -> None:
    with time_machine.travel(NOON, tick=False):
        reply = world.reply_that_is("returned", text=TEXT)
        world.visitor("aigerim").post(f"/replies/{reply}/edit", stance="pro", text=TEXT + " It doubled in a year.")
        appeal = world.appeal(world.decide(reply, Action.REJECT))
    assert TEXT not in world.visitor().get(DEBATE).text
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        world.judge(appeal, REVERSED)
    assert TEXT + " It doubled in a year." in world.visitor().get(DEBATE).text
    with world.at_work():
        found = db.session.get_one(Reply, reply)
        assert found.published_at == NOON + timedelta(days=3)
        outcomes = select(Revision.outcome).where(Revision.reply_id == reply).order_by(Revision.number)
        assert list(db.session.scalars(outcomes)) == [Outcome.RETURNED, Outcome.PUBLISHED]


def test_an_answer_that_returns_is_counted_above_it(world: World) -> None:
    top = world.published("boris")
    first, second = (world.reply("aigerim", parent=top) for _ in range(2))
    world.decide(first, Action.PUBLISH)
    pleas = [world.appeal(world.decide(first, Action.REMOVE)), world.appeal(world.decide(second, Action.REJECT))]
    counts = []
    for appeal in pleas:
        world.judge(appeal, REVERSED)
        with world.at_work():
            counts.append(db.session.get_one(Reply, top).public_answers)
    assert counts == [1, 2]


def test_a_debate_that_has_closed_meanwhile_is_no_obstacle(world: World) -> None:
    (reply, decision), aigerim = rejected(world), world.visitor("aigerim")
    with world.at_work(), writing():
        articles.close(queries.by_slug(SLUG), "All has been said.")
    assert f'href="/decisions/{decision}/appeal"' in aigerim.get("/accounts/replies").text
    assert post(aigerim, decision).status_code == 303
    assert judge(world.visitor("timur"), 1, REVERSED).status_code == 303
    assert TEXT in world.visitor().get(f"{DEBATE}/replies/{reply}").text


def test_the_desk_itself_cannot_publish_a_rejected_reply(world: World) -> None:
    reply, _decision = rejected(world)
    with world.at_work(), writing():
        found = queries.reply_to_change(reply)
        with pytest.raises(Overtaken):
            replies.move(found, ReplyStatus.PUBLISHED)
    for name in ("maria", "zarina"):
        answer = world.visitor(name).post(
            f"/moderation/replies/{reply}/decisions", action="publish", revision=world.wording(reply)
        )
        assert answer.status_code == 409
    assert world.status(reply) == "rejected"


def test_a_reply_that_came_back_can_be_removed_and_appealed_anew(world: World) -> None:
    reply, decision = rejected(world)
    world.judge(world.appeal(decision), REVERSED)
    second = world.decide(reply, Action.REMOVE, by="zarina")
    appeal = world.appeal(second)
    assert judge(world.visitor("maria"), appeal, REVERSED).status_code == 303, "she had no part in the removal"
    assert world.status(reply) == "published"
    assert world.count(Appeal) == 2


# What happens meanwhile


def test_taking_the_reply_back_ends_the_appeal_and_nobody_reads_either_any_more(world: World) -> None:
    reply, decision = removed(world)
    appeal, timur = world.appeal(decision), world.visitor("timur")
    assert "Your appeal ends with it." in world.visitor("aigerim").get("/accounts/replies").text
    world.visitor("aigerim").post(f"/replies/{reply}/withdraw")
    assert outcome_of(world, appeal) == "reply_withdrawn"
    refused = judge(timur, appeal, REVERSED)
    assert refused.status_code == 409
    assert "This reply was taken back or erased meanwhile, and the appeal ended with it." in refused.text
    assert typed(refused.text, "explanation") == SECOND_WHY
    for address in (f"/moderation/appeals/{appeal}", "/moderation/appeals", f"/moderation/replies/{reply}"):
        page = timur.get(address).text
        assert TEXT[:40] not in page
        assert PLEA not in page
    assert world.status(reply) == "withdrawn"
    own = world.visitor("aigerim").get("/accounts/replies").text
    assert "It ended when you took the reply back" in own
    assert PLEA in own


def test_when_the_desk_restores_the_reply_the_appeal_ends_with_what_it_asked_for(world: World) -> None:
    reply, decision = removed(world)
    appeal, timur = world.appeal(decision), world.visitor("timur")
    world.decide(reply, Action.RESTORE, by="maria")
    assert outcome_of(world, appeal) == "reply_restored"
    refused = judge(timur, appeal)
    assert refused.status_code == 409
    assert "The desk has restored this reply meanwhile" in refused.text
    assert typed(refused.text, "explanation") == SECOND_WHY
    assert world.status(reply) == "published"
    assert "It ended when the desk itself restored the reply." in world.visitor("aigerim").get("/accounts/replies").text


def test_a_colleague_who_was_faster_is_named_and_nothing_typed_is_lost(world: World) -> None:
    world.appeal(rejected(world)[1])
    world.judge(1, REVERSED, by="timur")
    refused = judge(world.visitor("zarina"), 1)
    assert refused.status_code == 409
    assert "timur has decided this appeal meanwhile." in refused.text
    assert typed(refused.text, "explanation") == SECOND_WHY
    assert outcome_of(world) == REVERSED


def test_a_double_click_is_one_judgement(world: World) -> None:
    world.appeal(rejected(world)[1])
    timur = world.visitor("timur")
    for _click in range(2):
        assert judge(timur, 1, REVERSED).status_code == 303
    assert judge(timur, 1, STANDS).status_code == 409, "another judgement is no double click"
    assert world.count(AppealReasons) == 1
    with world.at_work():
        made = select(AuditEntry).where(AuditEntry.event == Event.APPEAL_DECIDED)
        assert len(list(db.session.scalars(made))) == 1
        told = select(Notification).where(Notification.event == Event.APPEAL_DECIDED)
        assert len(list(db.session.scalars(told))) == 2


def test_a_click_on_an_old_page_of_the_desk_after_a_reversal_blames_nobody(world: World) -> None:
    reply, decision = removed(world)
    world.judge(world.appeal(decision), REVERSED)
    answer = world.visitor("zarina").post(
        f"/moderation/replies/{reply}/decisions", action="restore", revision=world.wording(reply)
    )
    assert answer.status_code == 409
    assert "This reply has moved on since you opened it." in answer.text
    assert "has removed this reply meanwhile" not in answer.text


# Telling


@pytest.mark.parametrize(("judgement", "title"), [(STANDS, "stands"), (REVERSED, "is reversed, the reply shown")])
def test_author_and_first_moderator_are_told_once_and_nobody_else(world: World, judgement: str, title: str) -> None:
    (reply, decision), names = rejected(world), everybody(world)
    world.judge(world.appeal(decision), judgement)
    said = f"An appeal is decided: the decision on reply {reply} {title}"
    told = [name for name in names if said in world.visitor(name).get("/notifications").text]
    assert told == ["aigerim", "maria"]
    page = world.visitor("aigerim").get("/notifications").text
    assert PLEA in page
    assert SECOND_WHY in page
    page = world.visitor("maria").get("/notifications").text
    assert 'href="/moderation/appeals/1"' in page
    assert TEXT not in page
    assert PLEA not in page


def test_a_first_moderator_who_moderates_no_more_is_told_without_a_way_to_the_desk(world: World) -> None:
    world.judge(world.appeal(rejected(world)[1]), REVERSED)
    with world.at_work(), writing():
        signin.find("maria").role = Role.MEMBER
    page = world.visitor("maria").get("/notifications").text
    assert "An appeal is decided" in page
    assert "/moderation" not in page


def test_the_same_notice_cannot_be_left_twice(world: World) -> None:
    world.judge(world.appeal(rejected(world)[1]))
    with world.at_work(), pytest.raises(IntegrityError):
        db.session.execute(
            text(
                "INSERT INTO notifications (user_id, event, reply_id, appeal_id, created_at) SELECT user_id, event, "
                "reply_id, appeal_id, created_at FROM notifications WHERE appeal_id IS NOT NULL"
            )
        )


def test_appeals_and_the_audit_log_hold_ids_and_codes_and_the_words_have_rows_of_their_own(world: World) -> None:
    _reply, decision = rejected(world)
    world.judge(world.appeal(decision))
    everything = world.everything()
    kept = str([everything[table] for table in ("audit_entries", "appeals", "notifications")])
    for words in (TEXT, PLEA, SECOND_WHY, WHY, "aigerim", "maria", "timur"):
        assert words not in kept
    assert PLEA in str(everything["appeal_words"])
    assert SECOND_WHY in str(everything["appeal_reasons"])
    with world.at_work():
        found = {entry.event: (entry.actor_id, entry.facts) for entry in db.session.scalars(select(AuditEntry))}
    assert found[Event.APPEAL_LODGED] == (world.person("aigerim"), {"decision": decision})
    assert found[Event.APPEAL_DECIDED] == (world.person("timur"), {"outcome": STANDS, "rule": "topic"})


def test_when_a_consequence_fails_nothing_at_all_is_stored(world: World, app: Flask) -> None:
    reply, decision = rejected(world)
    appeal, timur = world.appeal(decision), world.visitor("timur")
    token, before = timur.token(), world.everything()

    def fail(appeal: Appeal) -> None:
        raise RuntimeError("the last consequence fails")

    wiring = app.extensions["consequences"]
    app.extensions["consequences"] = wiring | {Event.APPEAL_DECIDED: [*wiring[Event.APPEAL_DECIDED], fail]}
    answer = judge(timur, appeal, REVERSED, token=token)
    assert answer.status_code == 500
    assert typed(answer.text, "explanation") == SECOND_WHY
    assert world.everything() == before
    assert world.status(reply) == "rejected"


# A forum with one moderator


def test_a_forum_with_one_moderator_says_so_plainly(world: World) -> None:
    _reply, decision = rejected(world)
    aigerim, maria = world.visitor("aigerim"), world.visitor("maria")
    yours = "There is no second moderator yet. Your appeal waits until there is one."
    assert yours in aigerim.get(f"/decisions/{decision}/appeal").text, "said before it is sent"
    assert post(aigerim, decision).status_code == 303
    for address in ("/accounts/replies", f"/decisions/{decision}/appeal"):
        assert yours in aigerim.get(address).text
    for address in ("/moderation/appeals", "/moderation/appeals/1"):
        assert "There is no second moderator yet. The appeal waits until there is one." in maria.get(address).text
    world.person("timur")
    for person, address in [(aigerim, "/accounts/replies"), (maria, "/moderation/appeals")]:
        assert "There is no second moderator yet" not in person.get(address).text
    assert "It waits for another moderator" in aigerim.get("/accounts/replies").text


def test_somebody_who_has_not_joined_yet_is_no_second_moderator(world: World) -> None:
    world.appeal(rejected(world)[1])
    world.app.test_cli_runner().invoke(args=["users", "add", "timur", "--role", "moderator"])
    assert "There is no second moderator yet" in world.visitor("aigerim").get("/accounts/replies").text


def test_the_author_is_no_second_moderator_either(world: World) -> None:
    world.appeal(rejected(world, "timur")[1])
    assert "There is no second moderator yet" in world.visitor("timur").get("/accounts/replies").text


# The list


def numbers_in(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<li><a href="/moderation/appeals/(\d+)"', page)]


def test_the_list_shows_open_appeals_the_oldest_first_with_their_age(world: World) -> None:
    for days in (3, 2, 1):
        with time_machine.travel(NOON - timedelta(days=days), tick=False):
            world.appeal((rejected if days != 2 else removed)(world, stance=Stance.ANTI)[1])
    world.judge(1)
    with time_machine.travel(NOON, tick=False):
        page = world.visitor("timur").get("/moderation/appeals").text
    assert numbers_in(page) == [2, 3]
    assert re.findall(r'<span class="n">([^<]*)</span> <span>', page) == ["2 days", "1 day"]
    assert "against a removal" in page
    assert "against a rejection" in page
    assert "stance" not in page[page.index('<ol class="queue">') :]
    assert "aigerim" not in page


def test_the_tab_counts_the_open_appeals_that_one_may_decide(world: World) -> None:
    everybody(world)
    for author, by in (("aigerim", "maria"), ("aigerim", "timur"), ("zarina", "maria")):
        world.appeal(rejected(world, author, by)[1])
    world.judge(world.appeal(rejected(world)[1]))
    counts = {}
    for name in ("maria", "timur", "zarina"):
        tab = re.search(
            r'<a href="/moderation/appeals"[^>]*>Appeals(?: <span class="n">(\d+)</span>)?',
            world.visitor(name).get("/moderation").text,
        )
        counts[name] = tab[1]
    assert counts == {"maria": "1", "timur": "2", "zarina": "2"}


def test_an_empty_list_says_so(world: World) -> None:
    assert "No appeal waits." in world.visitor("maria").get("/moderation/appeals").text


def test_after_is_the_number_of_a_row_or_no_page(world: World) -> None:
    maria = world.visitor("maria")
    for wrong in ("0", "-1", "two", "", "9" * 12):
        assert maria.get(f"/moderation/appeals?after={wrong}").status_code == 404
    assert maria.get("/moderation/appeals?after=7").status_code == 200
