"""Reporting a published reply, with an account or without, and learning what became of it."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from forum.accounts.passwords import token_digest
from forum.db import Base, db, writing
from forum.debates import articles, queries
from forum.debates.models import Stance
from forum.events import AuditEntry, Event
from forum.moderation import appeal_queries, reports
from forum.moderation.models import Action, Decision
from forum.moderation.report_models import Report, ReportedReply, ReporterRecord
from forum.notifications.models import Notification
from forum.privacy.models import Erased
from tests.world import DEBATE, UNKNOWN, WHY, Visitor, World, hidden_field, typed

NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
BECAUSE = "The third sentence gives the street and the hour at which a woman is there."
SECRET = re.compile(r"^/reports/([0-9a-f]{64})$")


def send(person: Visitor, reply: int, reason: str = "privacy", explanation: str = "", **more: Any) -> TestResponse:
    """Open the form of a report and send it."""
    page = person.get(f"/replies/{reply}/report").text
    fields = {"key": hidden_field(page, "key"), "reason": reason, "explanation": explanation} | more
    return person.post(f"/replies/{reply}/report", token=hidden_field(page, "csrf_token"), **fields)


def said(page: str) -> str:
    """Return the words of a page without its markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", page[page.index("<main") : page.index("</main>")])))


def notices(world: World, name: str) -> list[tuple[str, int | None]]:
    number = world.person(name)
    with world.at_work():
        query = select(Notification.event, Notification.report_id).where(Notification.user_id == number)
        return [(event.value, report) for event, report in db.session.execute(query.order_by(Notification.id))]


def test_a_reader_without_an_account_reports_and_the_receipt_tells_what_became_of_it(world: World) -> None:
    reply = world.published("aigerim", text="A house of two floors stands at the corner, with a green door.")
    reader = world.visitor()
    assert f'href="/replies/{reply}/report"' in reader.get(DEBATE).text
    page = reader.get(f"/replies/{reply}/report").text
    assert "A house of two floors stands at the corner" in page
    assert all(words in said(page) for words in ("Nobody may be recognised", "It is illegal", "I just disagree"))
    sent = send(reader, reply, "privacy", BECAUSE)
    assert sent.status_code == 303
    receipt = SECRET.match(sent.location)[1]

    page = said(world.visitor().get(sent.location).text)  # in another browser, too
    for words in ("Report no. 1", "Open: a moderator has yet to answer", BECAUSE, "Rule 2", "is a person", receipt):
        assert words in page
    maria = world.visitor("maria")
    assert "Reported by readers without an account" in maria.get("/moderation/reports").text
    item = maria.get(f"/moderation/replies/{reply}").text
    assert BECAUSE in item
    assert receipt not in item
    world.decide(reply, Action.REMOVE, rule="privacy")

    page = said(reader.get(sent.location).text)
    for words in ("A moderator removed the reply", "2. Nobody may be recognised", "no longer public", "Moderator 1."):
        assert words in page
    assert "green door" not in page
    assert "maria" not in page
    assert "Nothing is reported." in maria.get("/moderation/reports").text


def test_a_member_is_told_by_a_notice_that_leads_to_the_outcome(world: World) -> None:
    reply = world.published("aigerim")
    boris = world.visitor("boris")
    sent = send(boris, reply, "respect", BECAUSE)
    assert sent.location == "/reports/1"
    assert "Keep this address" not in boris.get("/reports/1").text
    assert "Nothing yet." in boris.get("/notifications").text
    world.decide(reply, Action.REMOVE)
    page = boris.get("/notifications").text
    assert '<a href="/reports/1">' in page
    assert f"Your report of reply {reply}" in page
    assert "A moderator removed the reply" in page
    assert "Argument number" not in page, "what was removed is not shown again"
    assert WHY not in page, "what the author is told is for the author"
    assert "1. Argue with the point" in said(boris.get("/reports/1").text)
    assert notices(world, "boris") == [("report_answered", 1)]
    for stranger in ("", "timur", "aigerim"):
        assert world.visitor(stranger).get("/reports/1").status_code == 404


def test_a_finding_that_nothing_breaks_a_rule_is_told_with_its_words(world: World) -> None:
    reply = world.published("aigerim")
    boris, reader = world.visitor("boris"), world.visitor()
    send(boris, reply)
    receipt = send(reader, reply, "illegal", BECAUSE).location
    maria = world.visitor("maria")
    seen = hidden_field(maria.get(f"/moderation/replies/{reply}").text, "seen")
    answer = maria.post(f"/moderation/replies/{reply}/reports", seen=seen, answer="No street and no hour is named.")
    assert (answer.status_code, answer.location) == (303, "/moderation/reports")
    for page in (boris.get("/reports/1"), reader.get(receipt)):
        assert "A moderator found nothing that has to be removed; the reply stays" in page.text
        assert "No street and no hour is named." in page.text
        assert "Moderator 1. A person decided" in page.text
    assert world.status(reply) == "published"
    assert notices(world, "boris") == [("report_answered", 1)]
    assert 'class="n">1</span>' not in maria.get("/moderation").text


@pytest.mark.parametrize("leaves", [True, False])
def test_what_is_erased_is_not_said_to_be_taken_back(world: World, leaves: bool) -> None:
    reply = world.published("aigerim")
    world.report(reply, "boris"), world.report(reply)
    world.leave("aigerim", Erased.ACCOUNT_AND_WORDS) if leaves else world.erase_words("aigerim")
    for page in (world.visitor("boris").get("/reports/1"), world.visitor().get(f"/reports/{world.receipts[1]}")):
        assert "The reply was erased before a moderator answered" in page.text
        assert "took the reply back" not in page.text


def test_what_its_author_takes_back_is_answered_by_that(world: World) -> None:
    reply = world.published("aigerim")
    world.report(reply, "boris"), world.report(reply)
    world.withdraw(reply)
    assert "The author took the reply back before a moderator answered" in world.visitor("boris").get("/reports/1").text
    assert "no longer public" in world.visitor().get(f"/reports/{world.receipts[1]}").text
    assert world.count(ReportedReply) == 0
    with world.at_work():
        assert [(row.judged, row.led) for row in db.session.scalars(select(ReporterRecord))] == [(0, 0)]


@pytest.mark.parametrize("who", ["", "boris"])
def test_illegal_needs_an_explanation_and_gives_a_receipt(world: World, who: str) -> None:
    reply, person = world.published("aigerim"), world.visitor(who)
    refused = send(person, reply, "illegal", "  \n ")
    assert refused.status_code == 422
    assert "Say why you think that it is illegal" in refused.text
    assert 'value="illegal" required checked' in refused.text
    sent = send(person, reply, "illegal", BECAUSE)
    receipt = SECRET.match(sent.location)[1]
    page = person.get(sent.location).text
    assert f"<code>http://localhost/reports/{receipt}</code>" in page
    assert "Report no. 1" in page
    world.decide(reply, Action.REMOVE)
    assert "A moderator removed the reply" in world.visitor().get(sent.location).text
    assert notices(world, "boris") == ([("report_answered", 1)] if who else [])
    if who:
        assert person.get("/reports/1").status_code == 200


@pytest.mark.parametrize("who", ["", "boris"])
def test_i_just_disagree_is_thanked_for_and_stored_nowhere(world: World, who: str) -> None:
    reply, person = world.published("aigerim"), world.visitor(who)
    person.token()
    before = world.everything()
    for _time in range(12):  # it counts towards no limit either
        answer = send(person, reply, "disagree", "It forgets what the law costs.")
    assert answer.status_code == 200
    assert "Thank you for reading it" in answer.text
    assert f'href="{DEBATE}/replies/new?parent={reply}"' in answer.text
    assert "It forgets what the law costs." in answer.text, "what was typed is given back"
    assert world.everything() == before
    assert "Nothing is reported." in world.visitor("maria").get("/moderation/reports").text


def test_only_the_digest_of_a_receipt_is_stored_and_no_other_address_is_good(world: World) -> None:
    world.report(world.published("aigerim"), "boris")
    world.report(world.published("aigerim"), explanation=BECAUSE)
    receipt = world.receipts[1]
    assert receipt not in str(world.everything())
    assert token_digest(receipt) in str(world.everything())
    reader = world.visitor()
    good = reader.get(f"/reports/{receipt}")
    assert good.headers["Cache-Control"] == "private, no-store"
    assert good.headers["X-Robots-Tag"] == "noindex"
    assert good.headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in good.headers
    for wrong in (
        receipt[:-1],
        receipt + "0",
        receipt.upper(),
        token_digest(receipt),
        "1",
        "2",
        "0",
        "٣",
        "9" * 30,
        "%00",
    ):
        assert reader.get(f"/reports/{wrong}").status_code == 404
        assert wrong in {"1"} or world.visitor("boris").get(f"/reports/{wrong}").status_code == 404
    assert len(bytes.fromhex(receipt)) * 8 >= 128


def test_the_form_is_kept_nowhere_and_found_by_no_search_engine(world: World) -> None:
    reply = world.published("aigerim")
    for person in (world.visitor(), world.visitor("boris")):
        for _time in range(2):
            answer = person.get(f"/replies/{reply}/report")
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert answer.headers["X-Robots-Tag"] == "noindex"
    assert 'rel="nofollow"' in world.visitor().get(DEBATE).text


def timeless(page: str) -> str:
    """Return a page without its form tokens, which bear the second at which they were made."""
    return re.sub(r'"csrf_token" value="[^"]*"', "", page)


def test_only_what_is_public_can_be_reported_and_nothing_else_shows(world: World) -> None:
    text = "These words are nobody's but the author's and the moderators'."
    hidden = [world.reply_that_is(status, text=text) for status in ("pending", "returned", "rejected", "withdrawn")]
    people = [world.visitor(name) for name in ("", "boris", "maria")]
    for person in people:
        unknown = person.get(f"/replies/{UNKNOWN}/report")
        for number in hidden:
            for answer in (person.get(f"/replies/{number}/report"), person.post(f"/replies/{number}/report")):
                assert answer.status_code == 404
                assert timeless(answer.text) == timeless(unknown.text)
    removed, taken_back = world.reply_that_is("removed", text=text), world.published("aigerim", text=text)
    world.withdraw(taken_back)
    rows = world.count(Report)
    for person in people:
        for number in (removed, taken_back):
            for answer in (
                person.get(f"/replies/{number}/report"),
                person.post(f"/replies/{number}/report", reason="topic", explanation=BECAUSE),
            ):
                assert answer.status_code == 409
                assert "This reply is no longer public." in answer.text
                assert text not in unescape(answer.text)
                assert "aigerim" not in answer.text
    assert typed(answer.text, "explanation") == BECAUSE
    assert world.count(Report) == rows


def test_nobody_reports_an_own_reply(world: World) -> None:
    reply = world.published("aigerim")
    aigerim = world.visitor("aigerim")
    assert f"/replies/{reply}/report" not in aigerim.get(DEBATE).text
    assert f"/replies/{reply}/report" not in aigerim.get(f"{DEBATE}/replies/{reply}").text
    assert aigerim.get(f"/replies/{reply}/report").status_code == 403
    answer = aigerim.post(f"/replies/{reply}/report", reason="topic", explanation=BECAUSE)
    assert answer.status_code == 403
    assert "You can take it back instead." in answer.text
    assert world.count(Report) == 0


def test_both_sides_and_answers_carry_the_same_link(world: World) -> None:
    top = world.published("aigerim", Stance.PRO)
    others = [world.published("boris", Stance.ANTI), world.published("saule", Stance.NEITHER, parent=top)]
    page = world.visitor().get(DEBATE).text
    links = re.findall(r'<a class="([^"]*)" rel="nofollow" href="/replies/(\d+)/report">([^<]*)<', page)
    assert {int(number) for _look, number, _words in links} == {top, *others}
    assert len({(look, words) for look, _number, words in links}) == 1


def test_a_member_has_one_open_report_of_a_reply(world: World) -> None:
    reply = world.published("aigerim")
    boris = world.visitor("boris")
    assert send(boris, reply).status_code == 303
    page = boris.get(f"/replies/{reply}/report").text
    assert "You reported this reply on" in page
    assert 'href="/reports/1"' in page
    assert "Send the report" not in page
    second = boris.post(f"/replies/{reply}/report", reason="topic", explanation=BECAUSE)
    assert second.status_code == 409
    assert "You have reported this reply already" in second.text
    assert 'href="/reports/1"' in second.text
    assert typed(second.text, "explanation") == BECAUSE
    assert world.count(Report) == 1
    world.dismiss(reply)
    assert send(boris, reply, "topic").status_code == 303, "something new may have come to light"


@pytest.mark.parametrize("who", ["", "boris"])
def test_a_form_sent_twice_is_one_report_and_other_words_are_kept(world: World, who: str) -> None:
    reply, other = world.published("aigerim"), world.published("aigerim")
    person = world.visitor(who)
    form = {"reason": "illegal", "explanation": BECAUSE, "key": "k"}
    first, again = (person.post(f"/replies/{reply}/report", **form) for _time in range(2))
    assert (first.status_code, first.location) == (again.status_code, again.location)
    changed = person.post(f"/replies/{reply}/report", **form | {"explanation": "Other words."})
    elsewhere = person.post(f"/replies/{other}/report", **form)
    for answer in (changed, elsewhere):
        assert answer.status_code == 409
        assert "another report from this page already" in answer.text
        assert hidden_field(answer.text, "key") != "k"
    assert typed(changed.text, "explanation") == "Other words."
    assert world.count(Report) == 1
    assert world.visitor("saule").post(f"/replies/{reply}/report", reason="topic", key="k").status_code == 303
    world.decide(reply, Action.REMOVE)
    late = person.post(f"/replies/{reply}/report", **form)
    assert (late.status_code, late.location) == (303, first.location), "answered meanwhile, it is still the same one"


def test_the_eleventh_report_of_an_hour_has_to_wait_and_keeps_its_words(world: World) -> None:
    assert world.app.config["REPORTS_PER_HOUR"] == 10
    world.app.config.update(REPLIES_PER_HOUR=100, WAITING_PER_MEMBER=100)
    numbers = [world.published("aigerim") for _ in range(12)]
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1), tick=False) as clock:
        boris = world.visitor("boris")
        for number in numbers[:10]:
            assert send(boris, number).status_code == 303
            clock.shift(timedelta(minutes=1))
        refused = send(boris, numbers[10], "topic", BECAUSE)
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) == pytest.approx(50 * 60, abs=2)
        assert "Please wait 51 minutes" in refused.text or "Please wait 50 minutes" in refused.text
        assert typed(refused.text, "explanation") == BECAUSE
        assert send(world.visitor("saule"), numbers[10]).status_code == 303
        clock.shift(timedelta(seconds=int(refused.headers["Retry-After"])))
        assert send(boris, numbers[10], "topic", BECAUSE).status_code == 303
        assert send(boris, numbers[11]).status_code == 429


def from_address(world: World, reply: int, address: str, **fields: Any) -> TestResponse:
    reader = world.visitor()
    data = {"csrf_token": reader.token(), "reason": "topic"} | fields
    return reader.client.post(f"/replies/{reply}/report", data=data, environ_base={"REMOTE_ADDR": address})


def test_without_an_account_an_address_prefix_has_its_share_and_keeps_its_words(world: World) -> None:
    world.app.config["REPORTS_PER_HOUR"] = 2
    reply = world.published("aigerim")
    with time_machine.travel("2030-05-14T12:00Z", tick=False) as clock:
        assert from_address(world, reply, "203.0.113.7", key="a").status_code == 303
        for _time in range(3):  # sent again, it is the same one
            assert from_address(world, reply, "203.0.113.7", key="a").status_code == 303
        assert from_address(world, reply, "203.0.113.99").status_code == 303
        refused = from_address(world, reply, "203.0.113.200", explanation=BECAUSE)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 3600
        assert re.search(r"Please wait \d+ minutes?; what you typed is kept", refused.text)
        assert typed(refused.text, "explanation") == BECAUSE
        assert from_address(world, reply, "203.0.113.7", key="a").status_code == 303
        assert from_address(world, reply, "198.51.100.7").status_code == 303
        clock.shift(timedelta(hours=2))
        assert from_address(world, reply, "203.0.113.200").status_code == 303
    assert "203.0.113" not in str(world.everything())


def test_the_audit_keeps_ids_and_codes_only(world: World) -> None:
    reply = world.published("aigerim")
    world.report(reply, "boris", "illegal", BECAUSE), world.report(reply, explanation=BECAUSE)
    world.dismiss(reply, explanation=WHY)
    with world.at_work():
        of_reports = select(AuditEntry).where(AuditEntry.subject_kind == "reports").order_by(AuditEntry.id)
        entries = [(e.event, e.subject_id, e.actor_id is None, e.facts) for e in db.session.scalars(of_reports)]
    assert entries == [
        (Event.REPORT_MADE, 1, False, {"reason": "illegal", "reply": reply}),
        (Event.REPORT_MADE, 2, True, {"reason": "respect", "reply": reply}),
        (Event.REPORT_ANSWERED, 1, False, {"outcome": "kept"}),
        (Event.REPORT_ANSWERED, 2, False, {"outcome": "kept"}),
    ]


def test_the_author_sees_nothing_of_reports_and_nobody_sees_who_reported(world: World) -> None:
    reply = world.published("aigerim")
    aigerim = world.visitor("aigerim")
    pages = (DEBATE, "/accounts/replies", "/notifications")
    with time_machine.travel(NOON, tick=False):
        before = [re.sub(r'"csrf_token" value="[^"]*"', "", aigerim.get(page).text) for page in pages]
        world.report(reply, "zqboris", "illegal", "zqwords of a reporter")
        world.dismiss(reply, explanation="zqfinding")
        world.report(reply, "zqsaule", "topic", "zqother words")
        assert [re.sub(r'"csrf_token" value="[^"]*"', "", aigerim.get(page).text) for page in pages] == before
        maria = world.visitor("maria")
        for address in ("/moderation/reports", f"/moderation/replies/{reply}"):
            page = maria.get(address).text
            assert "zqother words" in page
            assert not re.search("zqboris|zqsaule", page)
        for name in ("", "zqsaule", "dana"):
            person = world.visitor(name)
            for _endpoint, address in world.addresses():
                if world.receipts[0] not in address and world.receipts[1] not in address and "accounts" not in address:
                    if "zqboris" in address:  # a page of the desk, refused: the address itself is given back
                        continue
                    assert not re.search("zqwords|zqfinding|zqboris", person.get(address, buffered=True).text)


def undo(world: World, decision: int) -> None:
    with world.at_work(), writing():
        reports.reopen(db.session.get_one(Decision, decision))


def test_an_undone_removal_opens_its_reports_again_and_a_later_answer_is_told_anew(world: World) -> None:
    reply, other = world.published("aigerim"), world.published("aigerim")
    (
        world.report(reply, "boris"),
        world.report(reply, reason="illegal", explanation=BECAUSE),
        world.report(other, "boris"),
    )
    before = rows_of(world, "reports", "reported_replies", "reporter_records")
    removal = world.decide(reply, Action.REMOVE)
    assert rows_of(world, "reports", "reported_replies", "reporter_records") != before
    undo(world, removal)
    world.decide(reply, Action.RESTORE)
    assert rows_of(world, "reports", "reported_replies", "reporter_records") == before
    boris = world.visitor("boris")
    assert "Open: a moderator has yet to answer" in boris.get("/notifications").text
    assert boris.post("/notifications/read").status_code == 303
    world.dismiss(reply)
    page = boris.get("/notifications").text
    assert page.count("Your report of reply") == 1
    assert "<span>new</span>" in page
    assert "the reply stays" in page


def rows_of(world: World, *tables: str) -> list[Any]:
    """Return the rows of tables without their own numbers and dates, in an order of their own."""
    found = []
    with world.at_work():
        for name in tables:
            table = Base.metadata.tables[name]
            columns = [c for c in table.columns if name == "reports" or c.name not in {"id", "created_at"}]
            found.append(sorted(str(tuple(row)) for row in db.session.execute(select(*columns))))
    return found


def test_a_restored_reply_is_said_to_be_public_again(world: World) -> None:
    reply = world.published("aigerim")
    world.report(reply)
    world.decide(reply, Action.REMOVE)
    world.decide(reply, Action.RESTORE)
    assert "The removal was reversed later: the reply is public again." in (
        world.visitor().get(f"/reports/{world.receipts[0]}").text
    )


def test_who_has_ever_reported_a_reply_has_a_part_in_what_is_decided_on_it(world: World) -> None:
    reply, other = world.published("aigerim"), world.published("aigerim")
    world.report(reply, "boris"), world.report(reply), world.report(other, "dana")
    world.dismiss(reply)
    world.report(reply, "saule")
    decision = world.decide(reply, Action.REMOVE)
    had_a_part = {world.person(name) for name in ("boris", "saule", "aigerim", "maria")}
    with world.at_work():
        assert appeal_queries.involved_in([appeal_queries.decision_with_words(decision)]) == {decision: had_a_part}
        assert appeal_queries.involved_in([]) == {}


def test_a_closed_debate_can_still_be_reported_and_disagreeing_leads_back_to_it(world: World) -> None:
    reply = world.published("aigerim")
    with world.at_work(), writing():
        articles.close(queries.by_slug(DEBATE.rsplit("/", 1)[1]), "All has been said.")
    reader = world.visitor()
    assert "Answer this reply" not in send(reader, reply, "disagree").text
    assert send(reader, reply, "topic").status_code == 303


def test_what_was_typed_survives_a_form_of_another_day(world: World) -> None:
    reply = world.published("aigerim")
    answer = world.visitor().post(f"/replies/{reply}/report", token="old", reason="topic", explanation=BECAUSE)
    assert answer.status_code == 422
    assert typed(answer.text, "explanation") == BECAUSE
    assert "Nothing is lost: please send it once more." in answer.text
    assert world.count(Report) == 0
