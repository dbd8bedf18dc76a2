"""Appeals against sanctions: once, by the person; the judge had no part in it and sees no reasons before."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from forum.accounts import signin
from forum.accounts.models import Role
from forum.db import db, writing
from forum.errors import Refused
from forum.moderation import people, sanctions
from forum.moderation.models import Action
from forum.moderation.sanction_models import SanctionAppeal
from tests.world import DEBATE, WHY, World, typed

PLEA = "I spoke of the figures, and of nobody. Please read the second sentence again."
ANSWER = "The sentence speaks of the figures indeed; nothing in it is about a person."
CASE = "/moderation/appeals/sanctions/1"


def test_a_suspended_member_appeals_and_a_reversal_ends_it_at_once(world: World) -> None:
    world.suspend("aigerim")
    aigerim, timur = world.visitor("aigerim"), world.visitor("timur")
    assert 'href="/sanctions/1/appeal"' in aigerim.get("/accounts/replies").text
    short = aigerim.post("/sanctions/1/appeal", text="Too short")
    assert (short.status_code, typed(short.text)) == (422, "Too short")
    assert aigerim.post("/sanctions/1/appeal", text=PLEA).status_code == 303
    assert aigerim.post("/sanctions/1/appeal", text=PLEA).status_code == 303
    again = aigerim.post("/sanctions/1/appeal", text=PLEA + " And the first one.")
    assert again.status_code == 409
    assert typed(again.text) == PLEA + " And the first one."
    assert PLEA[:40] in timur.get("/moderation/appeals").text
    assert 'Appeals <span class="n">1</span>' in timur.get("/moderation").text

    bad = timur.post(f"{CASE}/judgement", outcome="decision_reversed", explanation="")
    assert bad.status_code == 422
    fields = {"outcome": "decision_reversed", "explanation": ANSWER}
    assert timur.post(f"{CASE}/judgement", **fields).status_code == 303
    late = world.visitor("zarina").post(f"{CASE}/judgement", outcome="decision_stands", explanation=WHY)
    assert late.status_code == 409
    assert typed(late.text, "explanation") == WHY
    assert aigerim.post(f"{DEBATE}/replies", stance="pro", text=PLEA).status_code == 303
    for name in ("aigerim", "maria"):
        page = world.visitor(name).get("/notifications").text
        assert "An appeal is decided: the sanction is reversed and has ended" in page
        assert ANSWER in page


def test_a_sanction_that_stands_goes_on(world: World) -> None:
    appeal = world.appeal_sanction(world.suspend("aigerim"))
    world.judge_sanction(appeal)
    page = world.visitor("aigerim").get("/accounts/replies").text
    assert "The decision stands. It is not looked at a third time here." in page
    assert "suspended until" in page


def test_until_it_is_decided_nobody_but_the_first_one_sees_who_and_why(world: World) -> None:
    world.appeal_sanction(world.suspend("aigerim", explanation="zq the reasons of the first one"))
    for name in ("timur", "maria"):
        world.open_person("aigerim", by=name)
    for address in (CASE, "/moderation/people/aigerim", "/moderation/appeals"):
        assert "zq the reasons" not in world.visitor("timur").get(address).text, address
    assert "zq the reasons" in world.visitor("maria").get("/moderation/people/aigerim").text
    world.judge_sanction(1)
    for address in (CASE, "/moderation/people/aigerim"):
        assert "zq the reasons" in world.visitor("timur").get(address).text


def test_the_page_of_a_person_hides_the_decision_on_a_reply_while_its_appeal_is_open(world: World) -> None:
    world.appeal(world.decide(world.reply("aigerim"), Action.REJECT))
    for name in ("timur", "maria"):
        world.open_person("aigerim", by=name)
    assert "Rejected; it has not appeared" not in world.visitor("timur").get("/moderation/people/aigerim").text
    assert "Rejected; it has not appeared" in world.visitor("maria").get("/moderation/people/aigerim").text


def test_neither_lead_of_a_ban_decides_the_appeal_and_a_forum_without_others_says_so(world: World) -> None:
    number = world.ban("aigerim")
    aigerim = world.visitor("aigerim")
    assert "There is nobody here yet who had no part in it." in aigerim.get(f"/sanctions/{number}/appeal").text
    appeal = world.appeal_sanction(number)
    for name in ("zarina", "sanzhar"):
        with pytest.raises(Refused, match="had no part"):
            world.judge_sanction(appeal, by=name)
        assert "The appeal waits until there is." in world.visitor(name).get(CASE).text
    world.judge_sanction(appeal, "decision_reversed", by="timur")
    with world.at_work():
        assert not signin.find("aigerim").is_banned


def test_the_person_appeals_once_within_180_days_and_not_against_what_was_ended(world: World) -> None:
    number = world.suspend("aigerim")
    with world.at_work(), writing():
        sanctions.end(people.sanction_to_change(number), by=signin.find("maria"), reason=WHY)
    refused = world.visitor("aigerim").post(f"/sanctions/{number}/appeal", text=PLEA)
    assert (refused.status_code, typed(refused.text)) == (409, PLEA)
    assert world.visitor("boris").get(f"/sanctions/{number}/appeal").status_code == 404
    assert world.visitor("maria").post(f"/sanctions/{number}/appeal", text=PLEA).status_code == 404
    assert world.count(SanctionAppeal) == 0


def test_the_database_itself_refuses_a_judge_who_had_a_part(world: World) -> None:
    world.person("timur")
    world.judge_sanction(world.appeal_sanction(world.ban("aigerim")))
    world.person("dana", Role.LEAD)
    taken = []
    for part in ("first_moderator_id", "second_lead_id", "user_id"):
        with world.at_work():
            try:
                db.session.execute(text(f"UPDATE sanction_appeals SET decided_by_id = {part}"))  # noqa: S608
                taken.append(part)
            except IntegrityError:
                db.session.rollback()
    for column in ("first_moderator_id", "user_id"):
        with world.at_work():
            try:
                dana = world.person("dana")
                db.session.execute(text(f"UPDATE sanction_appeals SET {column} = {dana}"))  # noqa: S608
                taken.append(column)
            except IntegrityError:
                db.session.rollback()
    assert taken == []


def test_a_sanction_tells_nobody_of_the_decision_that_led_to_it_while_its_appeal_is_open(world: World) -> None:
    decision = world.decide(world.reply("aigerim"), Action.REJECT)
    world.suspend("aigerim", explanation="zq the reasons of the first one", decision=decision)
    appeal = world.appeal(decision)
    page = {name: shown(world, name) for name in ("timur", "maria")}
    assert "zq the reasons" not in page["timur"]
    assert "<dd>maria</dd>" not in page["timur"]
    assert "once the appeal against the decision that led to it is decided" in page["timur"]
    assert "zq the reasons" in page["maria"]
    world.judge(appeal, by="timur")
    assert "zq the reasons" in shown(world, "timur")


def test_the_decision_that_led_to_a_sanction_is_hidden_while_the_appeal_against_the_sanction_is_open(
    world: World,
) -> None:
    reply = world.reply("aigerim")
    decision = world.decide(reply, Action.REJECT, by="sanzhar", explanation="zq why it was rejected")
    appeal = world.appeal_sanction(world.suspend("aigerim", decision=decision))
    item = f"/moderation/replies/{reply}"
    for name, knows in (("timur", False), ("zarina", False), ("maria", True), ("sanzhar", True)):
        desk = world.visitor(name).get(item).text
        assert ("zq why it was rejected" in desk) is knows, name
        assert ("is looked at a second time" in desk) is not knows, name
        assert "aigerim" not in desk  # whoever asks for no author learns of none
        assert ("Rejected; it has not appeared" in shown(world, name)) is knows, name
    world.judge_sanction(appeal, by="timur")
    assert "zq why it was rejected" in world.visitor("timur").get(item).text
    assert "Rejected; it has not appeared" in shown(world, "timur")


@pytest.mark.parametrize("kind", ["reply", "sanction"])
def test_notes_about_a_person_are_hidden_until_their_appeal_is_decided(world: World, kind: str) -> None:
    world.note("aigerim", "zq a remark", by="maria")
    if kind == "reply":
        appeal, judge = world.appeal(world.decide(world.reply("aigerim"), Action.REJECT)), world.judge
    else:
        appeal, judge = world.appeal_sanction(world.suspend("aigerim")), world.judge_sanction
    sentence = "What colleagues remark is shown here once it is decided."
    assert "zq a remark" in shown(world, "maria")
    timur = shown(world, "timur")
    assert "zq a remark" not in timur
    assert sentence in timur
    judge(appeal, by="timur")
    assert "zq a remark" in shown(world, "timur")


def shown(world: World, name: str) -> str:
    """Return the page of Aigerim as a moderator who has asked for it sees it."""
    world.open_person("aigerim", by=name)
    return world.visitor(name).get("/moderation/people/aigerim").text
