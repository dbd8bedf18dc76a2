"""Appeals against sanctions: once, by the person; the judge had no part in it and sees no reasons before."""

import re
from functools import partial

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from forum.accounts import signin
from forum.accounts.models import Role
from forum.db import db, writing
from forum.debates.models import Reply
from forum.errors import Refused
from forum.events import AuditEntry, Event
from forum.moderation import people, sanction_appeals, sanctions
from forum.moderation.models import Action
from forum.moderation.sanction_models import Grounds, SanctionAppeal, SanctionAppealOutcome
from tests.moderation.test_races import MORE, hands
from tests.world import DEBATE, WHY, World, at_once, typed

PLEA = "I spoke of the figures, and of nobody. Please read the second sentence again."
ANSWER = "The sentence speaks of the figures indeed; nothing in it is about a person."
ENOUGH = "The person has explained it; it was a misunderstanding."
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
    aigerim = world.visitor("aigerim")
    waiting = aigerim.get("/accounts/replies").text
    assert "You have appealed. What comes of it will stand on the page" in waiting
    world.judge_sanction(appeal)
    page = aigerim.get("/accounts/replies").text
    assert "You can appeal until" not in waiting + page
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


def judged_by(person: int) -> str:
    """Return the statement that would store a whole judgement of this person."""
    return (
        f"UPDATE sanction_appeals SET outcome = 'decision_stands', decided_by_id = {person},"  # noqa: S608
        " decided_at = created_at, reasons_id = words_id"
    )


def refused(statement: str) -> bool:
    """Say whether the database refuses a statement; nothing is kept."""
    try:
        db.session.execute(text(statement))
    except IntegrityError:
        return True
    finally:
        db.session.rollback()
    return False


def test_the_database_itself_refuses_a_judge_who_had_a_part(world: World) -> None:
    reply = world.published("aigerim")
    world.report(reply, by="sanzhar")
    cited = world.decide(reply, Action.REMOVE, by="timur")
    number = world.ban("aigerim", decision=cited)
    people_of = {name: world.person(name) for name in ("timur", "sanzhar", "zarina", "aigerim", "maria")}
    world.appeal_sanction(number)
    with world.at_work():
        assert {name: refused(judged_by(person)) for name, person in people_of.items()} == {
            "timur": True,  # decided on the reply
            "sanzhar": True,  # has reported it, and confirmed the ban
            "zarina": True,  # proposed the ban
            "aigerim": True,
            "maria": False,
        }


@pytest.mark.parametrize("part", ["confirmed", "reported"])
def test_the_database_refuses_each_part_alone_even_if_the_appeal_does_not_name_it(world: World, part: str) -> None:
    reply = world.published("aigerim")
    world.report(reply, by="timur")
    cited = world.decide(reply, Action.REMOVE)
    number = world.ban("aigerim", decision=cited)
    maria, timur, sanzhar = (world.person(name) for name in ("maria", "timur", "sanzhar"))
    with world.at_work(), writing():
        sanction = people.sanction(number)
        unnamed = SanctionAppeal(
            sanction_id=number,
            user_id=sanction.user_id,
            first_moderator_id=sanction.moderator_id,
            words=Grounds(text=PLEA),
        )
        db.session.add(unnamed)
    with world.at_work():
        assert refused(judged_by({"confirmed": sanzhar, "reported": timur}[part]))
        assert refused(judged_by(maria))
        assert not refused(judged_by(world.person("dana", Role.MODERATOR)))


def test_the_database_keeps_an_appeal_its_judgement_and_whose_it_is(world: World) -> None:
    world.appeal_sanction(world.ban("aigerim"))
    dana = world.person("dana", Role.LEAD)
    statements = ["DELETE FROM sanction_appeals"]
    for column in ("first_moderator_id", "second_lead_id", "user_id", "words_id", "sanction_id"):
        statements.append(f"UPDATE sanction_appeals SET {column} = {dana}")  # noqa: S608
    statements.append("UPDATE sanction_appeals SET second_lead_id = NULL")
    with world.at_work():
        assert [statement for statement in statements if not refused(statement)] == []
    world.judge_sanction(1)
    statements.append("UPDATE sanction_appeals SET outcome = 'decision_reversed'")
    statements.append("UPDATE sanction_appeals SET outcome = NULL, decided_by_id = NULL, decided_at = NULL")
    with world.at_work():
        assert [statement for statement in statements if not refused(statement)] == []


def test_who_decided_on_the_reply_or_has_reported_it_does_not_judge_what_it_led_to(world: World) -> None:
    reply = world.published("aigerim")
    world.report(reply, by="zarina")
    cited = world.decide(reply, Action.REMOVE, by="timur")
    appeal = world.appeal_sanction(world.suspend("aigerim", decision=cited))
    for name in ("timur", "zarina"):
        page = world.visitor(name)
        assert "You had a part in this case: a colleague decides." in page.get("/moderation/appeals").text
        assert "Decide the appeal" not in page.get(CASE).text
        assert 'Appeals <span class="n">' not in page.get("/moderation").text
        with pytest.raises(Refused, match="had no part"):
            world.judge_sanction(appeal, by=name)
        assert "The appeal waits until there is." in page.get(CASE).text
    world.person("sanzhar")
    assert 'Appeals <span class="n">1</span>' in world.visitor("sanzhar").get("/moderation").text
    world.judge_sanction(appeal, by="sanzhar")
    for name in ("timur", "zarina"):
        assert "An appeal is decided" not in world.visitor(name).get("/notifications").text


def test_who_has_sanctioned_for_a_decision_does_not_judge_the_appeal_against_it(world: World) -> None:
    reply = world.reply("aigerim")
    cited = world.decide(reply, Action.REJECT)
    world.suspend("aigerim", by="timur", decision=cited)
    world.ban("aigerim", decision=cited)
    appeal = world.appeal(cited)
    for name in ("timur", "zarina", "sanzhar"):
        visitor = world.visitor(name)
        assert 'Appeals <span class="n">' not in visitor.get("/moderation").text
        assert "You had a part in this case: a colleague decides." in visitor.get("/moderation/appeals").text
        with pytest.raises(Refused, match="had no part"):
            world.judge(appeal, by=name)
    world.person("dana", Role.MODERATOR)
    assert 'Appeals <span class="n">1</span>' in world.visitor("dana").get("/moderation").text
    world.judge(appeal, by="dana")


def test_the_same_judgement_sent_twice_is_one_and_another_one_is_given_back(world: World) -> None:
    world.appeal_sanction(world.suspend("aigerim"))
    timur = world.visitor("timur")
    fields = {"outcome": "decision_stands", "explanation": ANSWER}
    for _time in range(2):
        assert timur.post(f"{CASE}/judgement", **fields).status_code == 303
    other = timur.post(f"{CASE}/judgement", **fields | {"explanation": WHY})
    assert (other.status_code, typed(other.text, "explanation")) == (409, WHY)
    with world.at_work():
        judged = select(AuditEntry).where(AuditEntry.event == Event.SANCTION_JUDGED)
        assert len(list(db.session.scalars(judged))) == 1


def ended(world: World, number: int) -> None:
    with world.at_work(), writing():
        sanctions.end(people.sanction_to_change(number), by=signin.find("maria"), reason=ENOUGH)


def test_who_ends_a_sanction_ends_its_open_appeal_and_the_person_is_told_of_both(world: World) -> None:
    number = world.suspend("aigerim")
    world.appeal_sanction(number)
    world.person("timur")
    ended(world, number)
    timur, aigerim = world.visitor("timur"), world.visitor("aigerim")
    assert 'Appeals <span class="n">' not in timur.get("/moderation").text
    assert "The sanction was ended early, and the appeal with it." in timur.get(CASE).text
    late = timur.post(f"{CASE}/judgement", outcome="decision_stands", explanation=ANSWER)
    assert (late.status_code, typed(late.text, "explanation")) == (409, ANSWER)
    told = aigerim.get("/notifications").text
    assert "Your appeal against it ended with it: nothing is left to decide." in told
    assert "Your suspension has ended: you can write again" in told
    for address in ("/accounts/replies", f"/sanctions/{number}/appeal"):
        page = aigerim.get(address).text
        assert "The sanction was ended early, and your appeal with it." in page
        assert ENOUGH in page


def test_a_sanction_that_stood_and_was_ended_later_tells_both_reasons(world: World) -> None:
    number = world.suspend("aigerim")
    world.judge_sanction(world.appeal_sanction(number))
    ended(world, number)
    page = world.visitor("aigerim").get("/accounts/replies").text
    assert "The decision stands." in page
    assert ENOUGH in page


def test_nobody_is_told_that_they_can_write_again_while_something_else_keeps_them_from_it(world: World) -> None:
    number = world.suspend("aigerim")
    world.ban("aigerim")
    ended(world, number)
    page = world.visitor("aigerim").get("/notifications").text
    assert "Your suspension has ended" in page
    assert "you can write again" not in page


def test_a_first_moderator_who_is_one_no_more_is_told_the_outcome_alone(world: World) -> None:
    appeal = world.appeal_sanction(world.suspend("aigerim"))
    world.confirm(world.propose_role("maria", Role.MEMBER))
    world.person("timur")
    with world.at_work(), writing():
        found = sanction_appeals.to_change(appeal)
        stands = SanctionAppealOutcome.DECISION_STANDS
        sanction_appeals.decide(found, stands, by=signin.find("timur"), explanation=ANSWER)
    page = world.visitor("maria").get("/notifications").text
    notice = page[page.index("An appeal is decided: the sanction stands") :]
    assert ANSWER not in page
    assert "<a " not in notice[: notice.index("</li>")]
    assert 'href="/accounts/replies"' not in page[page.index("<ol") : page.index("</ol>")]


def test_words_that_were_taken_back_are_not_shown_to_the_judge(world: World) -> None:
    reply = world.reply("aigerim", text="zq the words that led to it all, which I take back now.")
    cited = world.decide(reply, Action.RETURN)
    world.appeal_sanction(world.suspend("aigerim", decision=cited))
    timur = world.visitor("timur")
    with world.at_work(), writing():
        db.session.get_one(Reply, reply).language = "kk"
    assert re.search(r'<div class="text" lang="kk" dir="auto">\s*<p>zq the words', timur.get(CASE).text)
    world.withdraw(reply)
    page = timur.get(CASE).text
    assert "zq the words" not in page
    assert "Its author took this reply back; the words are theirs alone now." in page


# Ending, reading and judging at once


@pytest.mark.parametrize("tries", [10, MORE])
@pytest.mark.parametrize("outcome", ["decision_stands", "decision_reversed"])
def test_of_an_ending_and_a_judgement_at_once_one_wins_and_no_text_is_lost(
    world: World, outcome: str, tries: int
) -> None:
    world.person("aigerim")
    world.open_person("aigerim")
    maria, timur = hands(world, "maria"), hands(world, "timur")
    for _try in range(tries):
        number = world.suspend("aigerim")
        appeal = world.appeal_sanction(number)
        judgement = f"/moderation/appeals/sanctions/{appeal}/judgement"
        end, judge = at_once(
            partial(maria, f"/sanctions/{number}/ending", reason=ENOUGH),
            partial(timur, judgement, outcome=outcome, explanation=ANSWER),
        )
        stands = outcome == "decision_stands"
        allowed = [(303, 409), (303, 303) if stands else (409, 303)]
        assert (end.status_code, judge.status_code) in allowed
        if judge.status_code == 409:
            assert typed(judge.text, "explanation") == ANSWER
        if end.status_code == 409:
            assert ENOUGH in end.text
        with world.at_work():
            sanction = people.sanction(number)
            assert sanction.ending.text == (ENOUGH if end.status_code == 303 else ANSWER)
            assert (sanction.appeal.outcome == "sanction_ended") == (judge.status_code == 409)


@pytest.mark.parametrize("tries", [10, MORE])
def test_a_warning_is_read_and_its_appeal_judged_at_once(world: World, tries: int) -> None:
    aigerim, timur = hands(world, "aigerim"), hands(world, "timur")
    for _try in range(tries):
        number = world.warn("aigerim")
        appeal = world.appeal_sanction(number)
        judgement = f"/moderation/appeals/sanctions/{appeal}/judgement"
        answers = at_once(
            partial(aigerim, f"/sanctions/{number}/acknowledgement"),
            partial(timur, judgement, outcome="decision_reversed", explanation=ANSWER),
        )
        assert [answer.status_code for answer in answers] == [303, 303]
        with world.at_work():
            assert people.sanction(number).ending.text == ANSWER
            assert signin.find("aigerim").warned_at is None


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


def test_a_judge_reads_all_that_is_missing_at_once_and_goes_on_by_keys(world: World) -> None:
    for name in ("aigerim", "boris"):
        world.appeal_sanction(world.suspend(name))
    timur = world.visitor("timur")
    refused = timur.post(f"{CASE}/judgement")
    assert refused.status_code == 422
    assert "Choose whether it should stay as it is." in refused.text
    assert "Tell the person why you decide so." in refused.text
    assert re.search(r'href="/moderation/appeals/sanctions/2#item-title" aria-keyshortcuts="J"', refused.text)
    second = timur.get("/moderation/appeals/sanctions/2").text
    assert re.search(r'href="/moderation/appeals/sanctions/1#item-title" aria-keyshortcuts="K"', second)
    assert re.search(r'href="/moderation/appeals" aria-keyshortcuts="J"', second)
