"""The desk's list of reported replies, its order, and the answer that nothing breaks a rule."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event, insert, select, text, update

from forum.accounts.models import User
from forum.accounts.passwords import token_digest
from forum.db import db, writing
from forum.debates import queries
from forum.debates.models import Outcome, Reply, ReplyStatus, Revision, Stance
from forum.errors import NotAllowed, Overtaken
from forum.moderation import report_queries
from forum.moderation.credibility import SCALE, credibility, rank
from forum.moderation.models import Action, Decision
from forum.moderation.report_models import Dismissal, Report, ReportedReply, ReporterRecord, ReportWords
from tests.moderation.test_desk import listed
from tests.world import WHY, Visitor, World, hidden_field, most_queries, typed

NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
LIST = "/moderation/reports"
BECAUSE = "The third sentence gives the street and the hour at which a woman is there."


def desk(reply: int | str) -> str:
    """Return the address of a reply at the desk."""
    return f"/moderation/replies/{reply}"


def row_of(page: str, reply: int) -> str:
    """Return what the list says of a reply, in words."""
    start = page.index(f'<a href="/moderation/replies/{reply}?of=reports#item-title">')
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page[start : page.index("</li>", start)])).replace("&nbsp;", " ")


def order(world: World) -> list[int]:
    return in_list(world.visitor("maria").get(LIST).text)


def in_list(page: str) -> list[int]:
    """Return the numbers of the reported replies that a page lists, in their order."""
    return [int(n) for n in re.findall(r'<li><a href="/moderation/replies/(\d+)\?of=reports#item-title"', page)]


def records(world: World) -> dict[str, tuple[int, int, int]]:
    with world.at_work():
        query = select(User.name, ReporterRecord.led, ReporterRecord.judged, ReporterRecord.credibility)
        rows = db.session.execute(query.join(ReporterRecord, ReporterRecord.user_id == User.id))
        return {name: (led, judged, found) for name, led, judged, found in rows}


def open_reports(world: World, reply: int) -> list[int]:
    with world.at_work():
        mine = select(Report.id).where(Report.reply_id == reply, Report.answered_at.is_(None))
        return list(db.session.scalars(mine.order_by(Report.id)))


def test_several_reports_of_one_reply_are_one_item(world: World) -> None:
    reply = world.published("aigerim", text="A house of two floors stands at the corner.")
    with time_machine.travel(NOON - timedelta(hours=3), tick=False):
        world.report(reply, "boris", "privacy")
    with time_machine.travel(NOON, tick=False):
        world.report(reply, "saule", "privacy", BECAUSE)
        world.report(reply, "", "topic"), world.report(reply, "", "privacy")
        page = world.visitor("maria").get(LIST).text
    assert in_list(page) == [reply]
    said = row_of(page, reply)
    assert "Reported by 2 members, and by readers without an account" in said
    assert "Rule 2: Nobody may be recognised: no names, numbers, places × 3" in said
    assert "Rule 5: Keep to the motion × 1" in said
    assert "3 h 0 min" in said
    assert BECAUSE in said
    assert "A house of two floors stands at the corner." in said
    assert "<title>1 reported reply" in page


def test_a_report_belongs_to_the_wording_that_was_read(world: World) -> None:
    old, new = "The house is the green one at the corner of that street.", "The house is the one that all of us know."
    reply = world.published("aigerim", text=old)
    boris, maria = world.visitor("boris"), world.visitor("maria")
    page = boris.get(f"/replies/{reply}/report").text
    fields = {name: hidden_field(page, name) for name in ("key", "wording")} | {"reason": "privacy"}
    world.reword(reply, new), world.decide(reply, Action.PUBLISH)
    refused = boris.post(f"/replies/{reply}/report", **fields | {"reason": "illegal"}).text
    assert old in refused
    assert "Its author has changed it since; you report these former words." in refused
    assert hidden_field(refused, "wording") == fields["wording"]
    assert boris.post(f"/replies/{reply}/report", **fields).status_code == 303
    assert "in a wording that its author has changed since" in boris.get("/reports/1").text
    assert "The reply as it was reported; its author has changed it since " + old in row_of(maria.get(LIST).text, reply)
    item = maria.get(f"/moderation/replies/{reply}").text
    assert item.index("Reported: wording 1, which its author has changed since") < item.index(old)
    assert "<del>" in item

    form = boris.get(f"/replies/{reply}/report").text
    assert new in form
    assert "You reported this reply" not in form
    for status in (303, 409):  # the new wording too, once
        assert boris.post(f"/replies/{reply}/report", reason="respect").status_code == status
    page = maria.get(LIST).text
    assert in_list(page) == [reply]
    assert "Reported by 1 member " in row_of(page, reply)
    elsewhere = world.wording(world.published("saule"))
    stranger = world.visitor().post(f"/replies/{reply}/report", reason="topic", wording=elsewhere)
    assert (stranger.status_code, new in stranger.text) == (409, True)

    removal = world.decide(reply, Action.REMOVE)
    own = world.visitor("aigerim").get("/accounts/replies").text
    told = own[own.index("Which words") : own.index("What you can do")]
    assert told.index(new) < told.index("A reader had reported the text.") < told.index(old)
    assert "A former wording, which was reported" in told
    world.undo(removal)
    assert open_reports(world, reply) == [1, 2]


@pytest.mark.parametrize(
    ("reporters", "words"),
    [
        (["boris"], "Reported by 1 member "),
        (["boris", "saule"], "Reported by 2 members "),
        (["boris", ""], "Reported by 1 member, and by readers without an account"),
        (["", ""], "Reported by readers without an account"),
    ],
)
def test_readers_without_an_account_are_not_counted_as_people(world: World, reporters: list[str], words: str) -> None:
    reply = world.published("aigerim")
    for name in reporters:
        world.report(reply, name)
    assert words in row_of(world.visitor("maria").get(LIST).text, reply)
    assert words in re.sub(
        r"\s+", " ", re.sub("<[^>]*>", " ", world.visitor("maria").get(f"/moderation/replies/{reply}").text)
    )


def test_the_list_shows_no_side_and_no_name(world: World) -> None:
    top = world.published("aigerim", Stance.ANTI)
    for reply in (top, world.published("aigerim"), world.published("saule", Stance.NEITHER, parent=top)):
        world.report(reply, "boris")
    page = world.visitor("maria").get(LIST).text
    part = page[page.index('<ol class="queue') : page.index("</ol>", page.index('<ol class="queue'))]
    part = re.sub(r'<span class="snippet".*?</span>', "", part)
    assert len(in_list(part)) == 3
    for hint in ("stance", "pro", "anti", "neither", "For ", "Against", "legalisation", "aigerim", "boris", "saule"):
        assert hint not in part


def test_who_comes_from_the_list_of_reports_goes_on_along_it(world: World) -> None:
    kept, own = world.published("aigerim"), world.reply("maria")
    world.decide(own, Action.PUBLISH, by="timur")
    removed, last = world.published("aigerim"), world.published("boris")
    waiting = world.reply("aigerim")
    for reply in (kept, own, removed, last):
        world.report(reply)
    maria, tail = world.visitor("maria"), "?of=reports"
    assert f'href="{desk(kept)}{tail}#item-title" aria-keyshortcuts="J"' in maria.get(LIST).text
    page = maria.get(desk(removed) + tail).text
    assert in_list(page) == [kept, own, removed, last]
    assert f'{removed}{tail}#item-title" aria-current="true"' in page
    links = dict(re.findall(rf'href="{desk("")}(\d+)\?of=reports#item-title" aria-keyshortcuts="([JK])"', page))
    assert links == {str(last): "J", str(own): "K"}
    assert '<a href="/moderation/reports" aria-current="true">' in page
    assert desk(waiting) not in page
    assert 'aria-keyshortcuts="N">Nothing breaks a rule' in page
    assert page.count(f'{tail}"') + page.count(f"{tail}#reports") >= 4, "each form keeps the list"
    answer = maria.post(f"{desk(kept)}/reports{tail}", answer="", seen=1)
    assert (answer.status_code, answer.location) == (303, f"{desk(removed)}{tail}#item-title"), "past the own one"
    fields = {"action": "remove", "rule": "topic", "explanation": WHY, "revision": world.wording(removed)}
    answer = maria.post(f"{desk(removed)}/decisions{tail}", **fields)
    assert answer.location == f"{desk(last)}{tail}#item-title"
    assert re.search(r'action="(/decisions/\d+/undo\?of=reports)"', maria.get(answer.location).text)
    world.visitor("timur").post(f"{desk(last)}/reports{tail}", answer="", seen=4)
    refused = maria.post(f"{desk(last)}/reports{tail}", answer="", seen=4)
    assert refused.status_code == 409
    assert in_list(refused.text) == [own]
    undone = maria.post(f"/decisions/{world.count(Decision)}/undo{tail}")
    assert undone.location == f"{desk(removed)}{tail}#item-title"
    assert maria.post(f"{desk(removed)}/reports{tail}", answer="", seen=3).location == LIST


def test_the_number_of_reported_replies_stands_on_the_desk(world: World) -> None:
    first, second = world.published("aigerim"), world.published("aigerim")
    world.report(first), world.report(first), world.report(second)
    for name in ("maria", "zarina"):
        assert (
            '<a href="/moderation/reports">Reports <span class="n">2</span></a>'
            in world.visitor(name).get("/moderation").text
        )
    world.decide(first, Action.REMOVE)
    assert 'Reports <span class="n">1</span>' in world.visitor("maria").get("/moderation").text
    assert listed(world.visitor("maria").get("/moderation").text) == []


def test_what_may_be_illegal_stands_first_then_the_more_credible_then_the_oldest(world: World) -> None:
    world.app.config.update(REPLIES_PER_HOUR=100, WAITING_PER_MEMBER=100)
    with time_machine.travel(NOON, tick=False) as clock:
        for _time in range(3):  # Boris has often been right, Saule rarely
            right, wrong = world.published("aigerim"), world.published("aigerim")
            world.report(right, "boris"), world.report(wrong, "saule")
            world.decide(right, Action.REMOVE), world.dismiss(wrong)
        assert records(world) == {"boris": (3, 3, credibility(3, 3)), "saule": (0, 3, credibility(0, 3))}
        by: dict[str, int] = {}
        for what, reporter, reason in [
            ("illegal, of Saule", "saule", "illegal"),
            ("of Saule", "saule", "topic"),
            ("of a reader", "", "topic"),
            ("of a newcomer", "dana", "topic"),
            ("of Boris", "boris", "topic"),
            ("illegal, of a reader", "", "illegal"),
        ]:
            clock.shift(timedelta(minutes=1))
            by[what] = world.published("aigerim")
            world.report(by[what], reporter, reason, BECAUSE)
        names = {number: what for what, number in by.items()}
        assert [names[number] for number in order(world)] == [
            *("illegal, of a reader", "illegal, of Saule", "of Boris", "of a reader", "of a newcomer", "of Saule")
        ]
        clock.shift(timedelta(minutes=1))
        world.report(by["of Saule"], "boris")  # an item ranks by its most credible reporter
        assert [names[number] for number in order(world)][2:4] == ["of Saule", "of Boris"]


def test_a_list_that_sinks_hides_nothing(world: World) -> None:
    world.app.config.update(REPLIES_PER_HOUR=100, WAITING_PER_MEMBER=100, REPORTS_PER_HOUR=100)
    for _time in range(12):
        wrong = world.published("aigerim")
        world.report(wrong, "saule"), world.dismiss(wrong)
    last, other = world.published("aigerim"), world.published("aigerim")
    world.report(last, "saule"), world.report(other)
    assert order(world) == [other, last]


def test_an_answer_moves_what_else_its_reporter_has_reported(world: World) -> None:
    first, second, third = (world.published("aigerim") for _ in range(3))
    with time_machine.travel(NOON, tick=False) as clock:
        for reply, name in ((first, "saule"), (second, "boris"), (third, "saule")):
            clock.shift(timedelta(minutes=1))
            world.report(reply, name)
        assert order(world) == [first, second, third]
        world.dismiss(first)
        assert order(world) == [second, third]
        world.decide(world.published("saule"), Action.REMOVE)  # nobody had reported it
        world.decide(third, Action.REMOVE)
        assert records(world)["saule"] == (1, 2, credibility(1, 2))
    assert world.count(ReportedReply) == 1


def test_the_author_and_who_reported_it_never_answer_the_reports(world: World) -> None:
    of_timur, of_aigerim = world.published("timur"), world.published("aigerim")
    world.report(of_timur, "boris"), world.report(of_aigerim, "timur"), world.report(of_aigerim, "boris")
    before = world.everything()
    timur = world.visitor("timur")
    for reply, words in (
        (of_timur, "You cannot answer reports of a reply of your own."),
        (of_aigerim, "You have reported this reply yourself."),
    ):
        with pytest.raises(NotAllowed):
            world.dismiss(reply, by="timur")
        answer = timur.post(f"/moderation/replies/{reply}/reports", seen="9", answer=WHY)
        assert answer.status_code == 403
        assert words in answer.text
    assert typed(answer.text, "answer") == WHY
    assert "This reply is yours: a colleague answers." in timur.get(f"/moderation/replies/{of_timur}").text
    assert world.everything()["reports"] == before["reports"]
    assert world.everything()["dismissals"] == []
    world.dismiss(of_aigerim), world.dismiss(of_timur)
    assert world.count(ReportedReply) == 0


def test_a_report_that_came_after_the_page_was_opened_stays_open(world: World) -> None:
    reply = world.published("aigerim")
    world.report(reply, "boris")
    maria = world.visitor("maria")
    seen = hidden_field(maria.get(f"/moderation/replies/{reply}").text, "seen")
    late = world.report(reply, "saule", "illegal", BECAUSE)
    assert maria.post(f"/moderation/replies/{reply}/reports", seen=seen, answer="").status_code == 303
    assert open_reports(world, reply) == [late]
    assert order(world) == [reply]
    page = maria.get(f"/moderation/replies/{reply}").text
    assert "found that nothing breaks a rule" in page
    assert BECAUSE in page


def test_who_comes_second_is_told_and_a_double_click_does_no_harm(world: World) -> None:
    reply = world.published("aigerim")
    world.report(reply, "boris")
    maria, timur = world.visitor("maria"), world.visitor("timur")
    address = f"/moderation/replies/{reply}/reports"
    assert [maria.post(address, seen="1", answer=WHY).status_code for _time in range(2)] == [303, 303]
    late = timur.post(address, seen="1", answer="Nothing here.")
    assert late.status_code == 409
    assert "have been answered meanwhile" in late.text
    assert typed(late.text, "answer") == "Nothing here."
    assert maria.post(address, seen="1", answer="Other words.").status_code == 409
    assert world.count(Dismissal) == 1


def test_reports_of_what_was_removed_meanwhile_are_answered_already(world: World) -> None:
    reply = world.published("aigerim")
    world.report(reply)
    world.decide(reply, Action.REMOVE, by="timur")
    answer = world.visitor("maria").post(f"/moderation/replies/{reply}/reports", seen="1", answer=WHY)
    assert answer.status_code == 409
    assert "timur" in answer.text, "the page shows what was decided"
    with pytest.raises(Overtaken):
        world.dismiss(reply)


def test_ten_thousand_words_of_answer_are_given_back(world: World) -> None:
    reply = world.published("aigerim")
    world.report(reply)
    long = "word " * 2000 + "the end"
    answer = world.visitor("maria").post(f"/moderation/replies/{reply}/reports", seen="1", answer=long)
    assert answer.status_code == 422
    assert typed(answer.text, "answer") == long
    assert open_reports(world, reply) == [1]


def test_a_place_in_the_list_survives_its_address_and_nothing_else_is_one(world: World) -> None:
    place = report_queries.Place(1500, datetime(2031, 5, 3, 12, 0, 0, 7, UTC), 31)
    assert report_queries.Place.read(str(place)) == place
    zarina = world.visitor("zarina")
    assert zarina.get(f"{LIST}?after={place}").status_code == 200
    for wrong in (
        "",
        "1",
        "1_2_3",
        "x_20310503T120000.000007_1",
        "1500_20310503T120000_31",
        "٣_20310503T120000.000007_1",
    ):
        assert zarina.get(f"{LIST}?after={wrong}").status_code == 404, wrong


def fill(world: World, replies: int, reports: int) -> None:
    """Put replies with open reports into the tables, as if they had come one by one."""
    first = world.published("aigerim")
    people = [world.person(name) for name in ("boris", "saule")]
    with world.at_work(), writing():
        reply = queries.reply_to_change(first)
        facts = {c.name: getattr(reply, c.name) for c in Reply.__table__.columns if c.name not in {"id", "key"}}
        wording = {c.name: getattr(reply.shown_revision, c.name) for c in Revision.__table__.columns if c.name != "id"}
        waits = {"shown_revision_id": None, "status": ReplyStatus.PENDING}
        numbers = range(first + 1, first + 1 + replies)
        start = db.session.scalar(select(Revision.id).order_by(Revision.id.desc()).limit(1)) or 0
        db.session.execute(insert(Reply), [facts | waits | {"id": n, "key": f"k{n}"} for n in numbers])
        shown = {n: start + 1 + place for place, n in enumerate(numbers)}
        rows = [wording | {"id": shown[n], "reply_id": n, "outcome": Outcome.PUBLISHED} for n in numbers]
        db.session.execute(insert(Revision), rows)
        link = select(Revision.id).where(Revision.reply_id == Reply.id).scalar_subquery()
        values = {"shown_revision_id": link, "status": ReplyStatus.PUBLISHED}
        db.session.execute(update(Reply.__table__).where(Reply.id > first).values(values))
        every = range(1, reports + 1)
        reason = ("respect", "privacy", "topic")
        db.session.execute(
            insert(Report),
            [
                {
                    "id": n,
                    "reply_id": first + 1 + n % replies,
                    "revision_id": shown[first + 1 + n % replies],
                    "reporter_id": people[n // replies] if n // replies < len(people) else None,
                    "reason": reason[n % 3],
                    "receipt_digest": token_digest(str(n)),
                    "created_at": NOON + timedelta(seconds=n),
                }
                for n in every
            ],
        )
        db.session.execute(insert(ReportWords), [{"report_id": n, "text": f"Words {n}"} for n in every])
        places = [
            {"reply_id": n, "rank": rank(1 + n % (SCALE - 1), is_illegal=n % 50 == 0), "oldest_at": NOON}
            for n in numbers
        ]
        db.session.execute(insert(ReportedReply), places)
        db.session.execute(insert(ReporterRecord), [{"user_id": number} for number in people])
    with world.at_work(), db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def test_every_reported_reply_stands_on_one_page_of_the_list_in_its_order(world: World) -> None:
    size = report_queries.LIST_PAGE
    fill(world, 2 * size + 3, 3 * size)
    maria, address, seen = world.visitor("maria"), LIST, []
    for _page in range(3):
        page = maria.get(address).text
        seen.append(in_list(page))
        following = re.search(r'href="(/moderation/reports\?after=[^"]+)"', page)
        address = following[1] if following else ""
    assert [len(numbers) for numbers in seen] == [size, size, 3]
    assert address == ""
    with world.at_work():
        query = select(ReportedReply.reply_id).order_by(
            ReportedReply.rank, ReportedReply.oldest_at, ReportedReply.reply_id
        )
        assert [number for numbers in seen for number in numbers] == list(db.session.scalars(query))


@pytest.mark.parametrize("reports", [3000, pytest.param(100_000, marks=pytest.mark.long)])
def test_no_page_reads_a_whole_table_however_many_reports_there_are(world: World, reports: int) -> None:
    fill(world, reports // 5, reports)
    maria = world.visitor("maria")
    second = re.search(r'href="(/moderation/reports\?after=[^"]+)"', maria.get(LIST).text)[1].replace("&amp;", "&")
    busiest, amid = "/moderation/replies/3", "/moderation/replies/300?of=reports"
    for address in (LIST, second, busiest, amid):
        with world.counted_queries() as sent:
            assert maria.get(address).status_code == 200
        assert len(sent) <= most_queries(address), address
    for address in (LIST, second, amid):
        plans = planned(world, maria, address, is_large=reports >= 100_000)
        assert plans
        for plan in plans:
            assert not re.search(r"Seq Scan on (reports|reported_replies|report_words|replies|revisions)\b", plan), plan
            assert not re.search(
                r"SCAN (reports|reported_replies|report_words|replies|revisions)$", plan, re.MULTILINE
            ), plan
            assert not re.search(r"SCAN \w+ USING INDEX (?!ix_reported_replies_order)", plan), plan


def planned(world: World, person: Visitor, address: str, *, is_large: bool) -> list[str]:
    """Return how the database answers each question about reports that a page asks, but for the counts of the menu.

    PostgreSQL reads a small table as a whole where it can choose, so there it may only if it must.
    """
    asked: list[tuple[str, object]] = []

    def collect(connection, cursor, statement, parameters, *rest) -> None:
        if statement.startswith("SELECT") and "report" in statement and "AS waiting" not in statement:
            asked.append((statement, parameters))

    with world.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", collect)
    person.get(address)
    event.remove(engine, "before_cursor_execute", collect)
    explain = "EXPLAIN " if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql" and not is_large:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return [
            "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + statement, parameters))
            for statement, parameters in asked
        ]
