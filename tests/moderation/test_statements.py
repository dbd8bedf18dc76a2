"""What the author of a restricted text is told: everything, in the author's language, and never less."""

import dataclasses
import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
import time_machine

from forum.accounts import signin
from forum.db import db, now, writing
from forum.debates.models import Reply
from forum.moderation import people, statements
from forum.moderation.appeal_queries import decision_with_words
from forum.moderation.models import Action, Decision, Explanation
from forum.moderation.policy import appeal_until
from forum.moderation.rules import all_rules
from forum.moderation.statements import Appeal, Edit, Incomplete, StatementOfReasons
from forum.text import render
from tests.world import WHY, World

TEXT = "The clinic asks for no name, so the number of visits is the only figure that we have."
NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
PARTS = [part.name for part in dataclasses.fields(StatementOfReasons)]
NO_WORDS = ("language", "restriction", "facts", "facts_html", "facts_language", "explanation")


def parts() -> dict[str, Any]:
    """Return everything that a statement is made of."""
    return {
        "language": "en",
        "restriction": "Your reply 7 was removed after it had appeared.",
        "since": now(),
        "facts": TEXT,
        "facts_html": render(TEXT),
        "facts_language": "en",
        "rule": all_rules()["respect"],
        "explanation": WHY,
        "was_marked": False,
        "was_reported": False,
        "reported_before": (),
        "staff_number": 3,
        "redress": Appeal(until=now()),
    }


def statement(page: str) -> dict[str, str]:
    """Return the first statement of a page, by its headings."""
    part = re.search(r'<dl class="statement".*?</dl>', page, re.DOTALL)[0]
    rows = re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", part, re.DOTALL)
    return {
        name: re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", value)).replace("\u202f", " ")).strip()
        for name, value in rows
    }


def test_a_statement_with_all_its_parts_can_be_made_and_not_changed() -> None:
    made = StatementOfReasons(**parts())
    for part in PARTS:
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(made, part, "something else")


@pytest.mark.parametrize("part", PARTS)
def test_a_statement_without_one_of_its_parts_cannot_be_made(part: str) -> None:
    given = parts()
    del given[part]
    with pytest.raises(TypeError, match=part):
        StatementOfReasons(**given)
    with pytest.raises(Incomplete, match=part):
        StatementOfReasons(**parts() | {part: None})


@pytest.mark.parametrize("part", NO_WORDS)
@pytest.mark.parametrize("nothing", ["", " ", "\n\t "])
def test_a_part_that_says_nothing_is_missing(part: str, nothing: str) -> None:
    with pytest.raises(Incomplete, match=part):
        StatementOfReasons(**parts() | {part: nothing})


def test_a_statement_without_a_person_who_decided_cannot_be_made() -> None:
    with pytest.raises(Incomplete, match="staff_number"):
        StatementOfReasons(**parts() | {"staff_number": 0})


@pytest.mark.parametrize("status", ["returned", "rejected", "removed"])
@pytest.mark.parametrize("address", ["/accounts/replies", "/notifications"])
def test_the_author_of_a_restricted_reply_reads_the_whole_statement(world: World, status: str, address: str) -> None:
    with time_machine.travel(NOON, tick=False):
        world.person("zarina")
        number = world.reply_that_is(status, text=TEXT)
    told = statement(world.visitor("aigerim").get(address).text)
    how = {
        "returned": "returned for an edit before it appeared",
        "rejected": "rejected before it appeared",
        "removed": "removed after it had appeared",
    }
    to_do = told.pop("What you can do")
    assert told == {
        "What and since when": f"Your reply {number} was {how[status]}. Since 3 May 2031, 12:00.",
        "Which words": TEXT,
        "Which rule": "1. Argue with the point, not with the person",
        "Why": WHY,
        "Automatic checks": "No automatic check took part.",
        "By whom": "Moderator 2. A person read it and decided.",
    }
    if status == "returned":
        assert to_do.startswith("Edit your reply and send it again")
    else:
        assert to_do.startswith("You can appeal until 30 October 2031, once, in your own words")


@pytest.mark.parametrize("status", ["published", "pending", "withdrawn"])
def test_what_restricts_nothing_has_no_statement(world: World, status: str) -> None:
    world.reply_that_is(status)
    page = world.visitor("aigerim").get("/accounts/replies").text
    assert "What you can do" not in page


def test_the_words_are_those_that_were_judged_not_later_ones(world: World) -> None:
    number = world.reply_that_is("returned", text=TEXT)
    aigerim = world.visitor("aigerim")
    aigerim.post(f"/replies/{number}/edit", stance="pro", text="Another wording, which nobody has judged yet.")
    world.decide(number, Action.REJECT)
    page = aigerim.get("/accounts/replies").text
    assert statement(page)["Which words"] == "Another wording, which nobody has judged yet."
    earlier = page[page.index("1 earlier decision") :]
    assert statement(earlier)["Which words"] == TEXT


def test_a_return_that_was_answered_by_an_edit_or_taken_back_asks_for_no_edit(world: World) -> None:
    number = world.reply_that_is("returned")
    aigerim = world.visitor("aigerim")
    assert "Edit your reply and send it again, on the page" in aigerim.get("/accounts/replies").text
    world.reword(number)
    assert "Edit your reply and send it again, on the page" not in aigerim.get("/accounts/replies").text
    assert "Edit your reply and send it again, on the page" not in aigerim.get("/notifications").text
    world.withdraw(world.reply_that_is("returned", author="boris"))
    assert "Edit your reply and send it again, on the page" not in world.visitor("boris").get("/accounts/replies").text


def test_the_exact_words_are_given_as_written_and_never_as_markup(world: World) -> None:
    world.reply_that_is("rejected", text="Leave out *the name*, <b>please</b>, and the street & the house.")
    page = world.visitor("aigerim").get("/accounts/replies").text
    assert "Leave out *the name*, &lt;b&gt;please&lt;/b&gt;, and the street &amp; the house.</p></details>" in page
    assert "<p>Leave out <em>the name</em>, &lt;b&gt;please&lt;/b&gt;, and the street &amp; the house.</p>" in page


@pytest.mark.parametrize(
    ("marked", "reported", "told"),
    [
        (False, False, ["No automatic check took part."]),
        (True, False, ["An automatic check had marked words for the moderator to look at; it decided nothing."]),
        (False, True, ["No automatic check took part.", "A reader had reported the text."]),
        (True, True, ["An automatic check had marked words", "A reader had reported the text."]),
    ],
)
def test_a_statement_says_what_led_to_the_decision(world: World, marked: bool, reported: bool, told: list[str]) -> None:
    world.reply_that_is("rejected")
    with world.at_work():
        decision = decision_with_words(1)
        words = {decision.revision_id: TEXT} if reported else {}
        given = statements.of(decision, marked=marked, reported=words, redress=Edit(1))
        spoken = world.app.jinja_env.globals["spoken"]
        text = re.sub(r"\s+", " ", spoken("moderation/_statement.html", "en", statement=given))
    assert all(words in text for words in told)
    assert ("No automatic check" in text) != marked
    assert ("A reader had reported" in text) == reported


@pytest.mark.parametrize("kind", ["marked", "reported", "neither", "no decision"])
def test_a_statement_of_a_sanction_says_what_led_to_the_decision_that_it_names(world: World, kind: str) -> None:
    words = "Write to me@example.org, and we talk about what the law says." if kind == "marked" else TEXT
    reply = world.reply("aigerim", text=words)
    world.decide(reply, Action.PUBLISH, by="zarina")
    if kind == "reported":
        world.report(reply, by="boris")
    cited = world.decide(reply, Action.REMOVE)
    number = world.suspend("aigerim", decision=None if kind == "no decision" else cited)
    with world.at_work(), writing():
        db.session.get_one(Reply, reply).language = "kk"
    with world.at_work():
        found = people.sanction(number)
        given = statements.of_sanctions([found])[number]
    assert (given.was_marked, given.was_reported) == (kind == "marked", kind == "reported")
    assert given.facts == (WHY if kind == "no decision" else words)
    assert given.facts_language == ("en" if kind == "no decision" else "kk")


def test_many_past_sanctions_are_stated_in_as_many_queries_as_one(world: World) -> None:
    def queries() -> int:
        with world.counted_queries() as sent:
            assert aigerim.get("/accounts/replies").status_code == 200
        return len(sent)

    aigerim = world.visitor("aigerim")

    def warned() -> None:
        number = world.warn("aigerim", decision=world.decide(world.reply("aigerim"), Action.REJECT))
        aigerim.post(f"/sanctions/{number}/acknowledgement")

    warned()
    one = queries()
    for _time in range(3):
        warned()
    assert queries() == one
    assert one <= 14


@pytest.mark.parametrize(("of_author", "of_page"), [("en", "ru"), ("kk", "ru"), ("ru", "kk")])
def test_a_statement_speaks_the_authors_language_on_a_page_in_another(
    world: World, of_author: str, of_page: str
) -> None:
    world.reply_that_is("rejected")
    with world.at_work(), writing():
        signin.find("aigerim").language = of_author
    for address in ("/accounts/replies", "/notifications", "/decisions/1/appeal"):
        page = world.visitor("aigerim").get(f"/{of_page}{address}").text
        assert f'<html lang="{of_page}">' in page
        assert re.search(rf'<dl class="statement" lang="{of_author}">', page)
        assert f"1. {all_rules()['respect'].titles[of_author]}" in statement(page).values()


def test_a_language_without_a_catalogue_is_stated_in_the_first_one(world: World) -> None:
    world.app.extensions["languages"] = ["en"]
    world.reply_that_is("rejected")
    with world.at_work(), writing():
        signin.find("aigerim").language = "kk"
    assert '<dl class="statement" lang="en">' in world.visitor("aigerim").get("/accounts/replies").text


def test_a_decision_whose_words_were_erased_is_told_in_short_and_breaks_no_page(world: World) -> None:
    world.reply_that_is("rejected")
    with world.at_work(), writing():
        db.session.execute(db.update(Explanation).values(text=""))
    aigerim = world.visitor("aigerim")
    for address in ("/accounts/replies", "/notifications", "/decisions/1/appeal"):
        answer = aigerim.get(address)
        assert answer.status_code == 200
    assert "Rejected; it has not appeared" in aigerim.get("/accounts/replies").text


def test_what_no_longer_holds_is_not_said_to_be_appealable(world: World) -> None:
    reply = world.published("aigerim")
    for action in (Action.REMOVE, Action.RESTORE):
        world.decide(reply, action)
    aigerim = world.visitor("aigerim")
    for address in ("/accounts/replies", "/notifications", "/decisions/2/appeal"):
        page = aigerim.get(address).text
        assert "Nothing is left to do: it is no longer this decision that keeps your words from being read." in page
        assert "You can appeal until" not in page
    world.reword(reply), world.decide(reply, Action.REJECT)
    again = world.decide(reply, Action.REMOVE)
    page = aigerim.get("/accounts/replies").text
    assert page.count("You can appeal until") == 2, "against the rejected wording, and the new removal"
    assert page.count("Nothing is left to do") == 1
    world.judge(world.appeal(again), "decision_reversed")
    assert aigerim.get("/accounts/replies").text.count("You can appeal until") == 1


def test_who_has_appealed_is_not_told_to_appeal(world: World) -> None:
    world.reply_that_is("rejected")
    appeal = world.appeal(1)
    aigerim = world.visitor("aigerim")
    for told in ("You have appealed. What comes of it will stand", "You have appealed, and the decision stands."):
        for address in ("/accounts/replies", "/notifications", "/decisions/1/appeal"):
            page = aigerim.get(address).text
            assert told in page
            assert "You can appeal until" not in page
        if told.endswith("stand"):
            world.judge(appeal)


def test_the_last_day_for_an_appeal_is_the_day_that_is_named_and_whole(world: World) -> None:
    for zone in ("UTC", "Asia/Almaty", "America/Los_Angeles"):
        world.app.config["TIMEZONE"] = zone
        with world.at_work(), time_machine.travel(NOON, tick=False):
            until = appeal_until(Decision(id=1, reply_id=1, action=Action.REJECT, created_at=now()))
            assert (until.hour, until.minute) == (23, 59)
            assert until.date().isoformat() == "2031-10-30"
