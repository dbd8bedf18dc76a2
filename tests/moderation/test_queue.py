"""The order of the queue, by severity and hour and side by side; and what of it one sees."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import insert, text, update

from forum.db import db, now, writing
from forum.debates import article_files, articles, queries, replies
from forum.debates.models import Outcome, Reply, ReplyStatus, Revision, Stance
from forum.moderation import order, queue
from forum.moderation.models import Action, Decision
from tests.moderation.test_desk import listed
from tests.world import World, most_queries

LATE = "Where a registrar signs slowly, whoever can pay signs faster; that alone decides who ends up with papers."
SCANS = re.compile(r"SCAN (?:replies|revisions|decisions)\b(?! USING)|Seq Scan on (?:replies|revisions|decisions)")
NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
TEXTS = {  # unlike one another
    "plain": "A permit that is sold protects nobody, and whoever sells it once will sell it again next year.",
    "other": "Three nurses and one door are not yet a clinic, whatever the sign above that door may promise us.",
    "phone": "Whoever doubts my account of the winter may ring +7 701 234 56 78 and hear it told at length there.",
    "short": "Nonsense, nonsense!!",
    "minor": "I am 15 years old and saw it myself, though no grown person ever cared to ask me what I had seen.",
    "russian": "Разрешение, которое продают, никого не защищает: кто продал его однажды, продаст и снова.",
}


def at(moment: datetime, world: World, author: str, stance: Stance = Stance.PRO, words: str = "") -> int:
    with time_machine.travel(moment, tick=False):
        return world.reply(author, stance, words or f"Argument {next(world.words)} of its own here.")


def edit(world: World, reply: int, words: str) -> None:
    with world.at_work():
        said = replies.wording(words)
        with writing():
            found = queries.reply_to_change(reply)
            replies.edit(found, said, by=found.author, stance=found.stance)


def seen(world: World, query: str = "", name: str = "maria") -> list[int]:
    return listed(world.visitor(name).get(f"/moderation{query}").text)


@pytest.fixture
def free(world: World) -> World:
    """Return a forum in which members may write as much as they like."""
    world.app.config.update(REPLIES_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    return world


def test_held_first_then_what_came_back_then_by_what_was_found_then_by_hour(free: World) -> None:
    came_back = at(NOON, free, "aigerim", words=TEXTS["plain"])
    found = {}
    for step, name in enumerate(("other", "short", "phone", "minor")):
        found[name] = at(NOON + timedelta(hours=step), free, "boris", words=TEXTS[name])
    late = at(NOON + timedelta(hours=7), free, "boris", words=LATE)
    with time_machine.travel(NOON + timedelta(hours=8), tick=False):
        free.decide(came_back, Action.RETURN)
        edit(free, came_back, TEXTS["plain"] + " Every year, in every town.")
        assert seen(free) == [found["minor"], came_back, found["phone"], found["short"], found["other"], late]
        edit(free, came_back, TEXTS["plain"] + " Every year, in each of the towns.")
        assert seen(free)[1] == came_back, "edited once more while it waits, it stays on top"


@pytest.mark.parametrize("hour", range(4))
def test_within_one_hour_the_sides_alternate_and_the_one_that_begins_changes_by_the_hour(
    free: World, hour: int
) -> None:
    start = NOON + timedelta(hours=hour)
    pros = [at(start + timedelta(minutes=n), free, "aigerim", Stance.PRO) for n in range(4)]
    antis = [at(start + timedelta(minutes=10 + n), free, "boris", Stance.ANTI) for n in range(2)]
    earlier = at(start - timedelta(minutes=1), free, "aigerim", Stance.PRO)
    first, second = (pros, antis) if order.hour_of(start) % 2 == 0 else (antis, pros)
    assert seen(free) == [earlier, first[0], second[0], first[1], second[1], *pros[2:]]


def test_answers_of_neither_side_have_their_turn_too(free: World) -> None:
    parent = free.published("boris")
    moment = NOON.replace(hour=14)
    with time_machine.travel(moment, tick=False):
        asked = [
            free.reply("aigerim", Stance.NEITHER, f"Argument {n} of its own here.", parent=parent) for n in (17, 18)
        ]
    sides = [at(moment, free, "boris", stance) for stance in (Stance.PRO, Stance.ANTI) * 2]
    first = [sides[0], sides[1]] if order.hour_of(moment) % 2 == 0 else [sides[1], sides[0]]
    assert seen(free)[:4] == [*first, asked[0], sides[2] if first[0] == sides[0] else sides[3]]


def test_pages_follow_the_same_order_whatever_leaves_meanwhile(free: World) -> None:
    for number in range(120):
        hour = NOON + timedelta(hours=number // 40)
        at(hour, free, "aigerim", (Stance.PRO, Stance.ANTI)[number % 3 % 2])
    with free.at_work():
        everything = [row.reply_id for row in whole(queue.Choice())]
    assert sorted(everything) == list(range(1, 121))
    maria = free.visitor("maria")
    page = maria.get("/moderation").text
    for gone in listed(page)[40:50]:
        free.decide(gone, Action.PUBLISH)
    further = re.search(r'href="(/moderation\?after=[0-9-]+)"', page)
    assert further
    assert listed(maria.get(further[1]).text) == everything[50:100]


def whole(choice: queue.Choice) -> list[Revision]:
    """Return the queue page by page."""
    rows: list[Revision] = []
    page = queue.waiting(choice)
    while page.rows:
        rows += page.rows
        page = queue.waiting(choice, after=queue.place_of(page.rows[-1]))
    return rows


def test_filters_by_language_debate_and_what_was_found_ride_along(free: World, tmp_path: Path) -> None:
    file = tmp_path / "other.md"
    file.write_text(
        '---\ntitle: "Other"\nsource: "S"\nmotion: "M"\nstances:\n'
        '  pro: {label: "Yes", gist: "G."}\n  anti: {label: "No", gist: "G."}\n---\n\nText.\n',
        encoding="utf-8",
    )
    with free.at_work(), writing():
        articles.publish(article_files.read(file))
    plain, russian = (free.reply("aigerim", text=TEXTS[name]) for name in ("plain", "russian"))
    phone, elsewhere = free.reply("boris", text=TEXTS["phone"]), free.reply("boris", slug="other", text=TEXTS["other"])
    again = free.reply("boris", text="Разрешили продавать, и продают его теперь на каждом углу, за любые деньги.")
    assert seen(free, "?language=ru") == [russian, again]
    assert seen(free, "?debate=other") == [elsewhere]
    assert seen(free, "?flag=phone") == [phone]
    assert seen(free, "?flag=phone&language=ru") == []
    assert set(seen(free, "?language=xx&debate=Not+one&flag=none")) == {plain, russian, phone, elsewhere, again}
    assert seen(free, "?debate=no-such") == []
    assert set(seen(free, "?stance=pro")) == set(seen(free)), "nobody chooses a side"

    maria = free.visitor("maria")
    page = maria.get("/moderation?language=ru").text
    assert f'href="/moderation/replies/{russian}?language=ru#item-title"' in page
    assert "Only in Russian." in page
    page = maria.get(f"/moderation/replies/{russian}?language=ru").text
    assert f'action="/moderation/replies/{russian}/decisions?language=ru#decide-title"' in page
    assert f'href="/moderation/replies/{again}?language=ru#item-title"' in page
    answer = maria.post(
        f"/moderation/replies/{russian}/decisions?language=ru", action="publish", revision=free.wording(russian)
    )
    assert answer.location == f"/moderation/replies/{again}?language=ru#item-title"
    answer = maria.post(
        f"/moderation/replies/{again}/decisions?language=ru", action="publish", revision=free.wording(again)
    )
    assert answer.location == "/moderation?language=ru"


def test_a_moderators_languages_are_kept_shown_and_can_be_set_aside(free: World) -> None:
    plain, russian = (free.reply("aigerim", text=TEXTS[name]) for name in ("plain", "russian"))
    maria = free.visitor("maria")
    assert maria.post("/moderation/preferences", languages="ru", keys="1").location == "/accounts/settings#desk-title"
    page = maria.get("/moderation").text
    assert listed(page) == [russian]
    assert "Only in Russian." in page
    assert '<a href="/moderation?language=all">Show all</a>' in page
    assert set(listed(maria.get("/moderation?language=all").text)) == {plain, russian}
    assert listed(maria.get("/moderation?language=en").text) == [plain]
    assert set(seen(free, name="timur")) == {plain, russian}
    answer = maria.post(f"/moderation/replies/{russian}/decisions", action="publish", revision=free.wording(russian))
    assert answer.location == "/moderation", "nothing in her languages is left"
    assert 'value="ru" checked' in maria.get("/accounts/settings").text
    maria.post("/moderation/preferences", languages="xx")
    assert set(listed(maria.get("/moderation").text)) == {plain}


def test_after_a_decision_one_goes_on_and_does_not_return_to_what_one_left(free: World) -> None:
    numbers = [at(NOON + timedelta(hours=n), free, "aigerim") for n in range(3)]
    maria = free.visitor("maria")
    second = maria.post(
        f"/moderation/replies/{numbers[1]}/decisions", action="publish", revision=free.wording(numbers[1])
    )
    assert second.location == f"/moderation/replies/{numbers[2]}#item-title"
    last = maria.post(
        f"/moderation/replies/{numbers[2]}/decisions", action="publish", revision=free.wording(numbers[2])
    )
    assert last.location == f"/moderation/replies/{numbers[0]}#item-title"


def test_next_and_before_are_plain_links_in_the_order_of_the_list(free: World) -> None:
    numbers = [at(NOON + timedelta(hours=n), free, "aigerim") for n in range(6)]
    page = free.visitor("maria").get(f"/moderation/replies/{numbers[4]}").text
    links = dict(re.findall(r'href="/moderation/replies/(\d+)#item-title" aria-keyshortcuts="([JK])"', page))
    assert links == {str(numbers[5]): "J", str(numbers[3]): "K"}
    assert listed(page) == numbers[1:]
    assert 'aria-keyshortcuts="K"' not in free.visitor("maria").get(f"/moderation/replies/{numbers[0]}").text


def test_the_list_shows_words_not_markdown(free: World) -> None:
    free.reply("aigerim", text="> quoted\n\n**Bold** and [a link](https://example.org/x) & `code` < that")
    page = free.visitor("maria").get("/moderation").text
    assert "quoted Bold and a link &amp; code &lt; that" in page


def test_who_cannot_publish_what_is_held_is_told_so_and_comes_back_to_it_last(free: World) -> None:
    held = at(NOON, free, "aigerim", words=TEXTS["minor"])
    first, last = (
        at(NOON + timedelta(hours=n), free, "boris", words=TEXTS[name]) for n, name in ((1, "other"), (2, "plain"))
    )
    maria = free.visitor("maria")
    for name, words in (("maria", "held for a lead: minor"), ("zarina", "held: minor")):
        page = free.visitor(name).get("/moderation").text
        assert words in page
        assert ("What is held you can return, reject, or leave to a lead." in page) == (name == "maria")
    assert [
        reply for reply in (held, first) if 'value="publish"' in maria.get(f"/moderation/replies/{reply}").text
    ] == [first]
    went = []
    for reply in (last, first):
        answer = maria.post(f"/moderation/replies/{reply}/decisions", action="publish", revision=free.wording(reply))
        went.append(answer.location)
    assert went == [f"/moderation/replies/{reply}#item-title" for reply in (first, held)]


# Many


def fill(world: World, waiting: int, decided: int) -> None:
    """Let many wordings wait and many have been decided, all at once."""
    author, maria = world.person("aigerim"), world.person("maria")
    with world.at_work(), writing():
        total, start = waiting + decided, now() - timedelta(days=20)
        made = {"debate_id": 1, "author_id": author, "status": ReplyStatus.PENDING, "language": "en", "depth": 0}
        made |= {"public_answers": 0, "version": 1, "created_at": start}
        rows = [
            {"id": n, "key": f"k{n}", "stance": (Stance.PRO, Stance.ANTI)[n % 2], **made} for n in range(1, total + 1)
        ]
        words = {"text": "x", "html": "<p>x</p>", "renderer": 1, "number": 1}
        wordings = []
        for n in range(1, total + 1):
            arrived = start + timedelta(minutes=n)
            outcome = Outcome.WAITING if n % (total // waiting) == 0 else Outcome.REJECTED
            place = order.place(order.tier(n % 4, came_back=False), arrived, rows[n - 1]["stance"], n)
            facts = {"id": n, "reply_id": n, "outcome": outcome, "severity": n % 4, "place": place}
            wordings.append({**facts, "created_at": arrived, **words})
        rejected = [w["id"] for w in wordings if w["outcome"] is Outcome.REJECTED]
        made = {"moderator_id": maria, "action": Action.REJECT, "rule": "topic", "created_at": now()}
        for model, batch in (
            (Reply, rows),
            (Revision, wordings),
            (Decision, [{"reply_id": n, "revision_id": n, **made} for n in rejected]),
        ):
            for begin in range(0, len(batch), 5000):
                db.session.execute(insert(model), batch[begin : begin + 5000])
        db.session.execute(update(Reply).where(Reply.id.in_(rejected[:1000])).values(status=ReplyStatus.REJECTED))
    with world.at_work():
        db.session.execute(text("ANALYZE"))
        db.session.commit()


def test_the_desk_tells_exactly_how_many_wait_up_to_a_thousand(free: World) -> None:
    fill(free, 1001, 0)
    maria = free.visitor("maria")
    page = maria.get("/moderation").text
    assert "<title>1,000+ replies waiting" in page
    assert page.count('<span class="n">1,000+</span>') == 2, "in the menu and above the list"
    assert "<title>1\N{NO-BREAK SPACE}000+ реплик ждут" in maria.get("/ru/moderation").text
    free.decide(7, Action.PUBLISH)
    page = maria.get("/moderation").text
    assert "<title>1,000 replies waiting" in page
    assert page.count('<span class="n">1,000</span>') == 2


def plans(world: World, sent: list[tuple[str, object]]) -> list[str]:
    """Return how the database goes about each statement."""
    engine = db.engine
    ask = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        return ["\n".join(str(row) for row in connection.exec_driver_sql(ask + s, p)) for s, p in sent]


@pytest.mark.long
def test_the_queue_stays_quick_with_many_waiting_and_very_many_decisions(free: World) -> None:
    fill(free, 5_000, 30_000)
    check_the_queue(free)


@pytest.mark.long
def test_the_queue_stays_quick_with_20000_waiting_and_100000_decisions(free: World) -> None:
    fill(free, 20_000, 100_000)
    check_the_queue(free)


def check_the_queue(world: World) -> None:
    maria = world.visitor("maria")
    first = maria.get("/moderation").text
    further = re.search(r'href="(/moderation\?after=[0-9-]+)"', first)
    assert further
    middle = listed(maria.get(further[1]).text)[10]
    addresses = ["/moderation", further[1], f"/moderation/replies/{middle}", "/moderation?flag=phone"]
    for address in addresses:
        with world.sent_statements() as sent:
            assert maria.get(address).status_code == 200
        assert len(sent) <= most_queries(address), [statement for statement, _parameters in sent]
        with world.at_work():
            for (statement, _parameters), plan in zip(sent, plans(world, sent), strict=True):
                assert not SCANS.findall(plan), f"{address}: {statement}\n{plan}"


def test_lines_that_are_kept_drawn_show_every_claim_and_wording_as_it_is_now(free: World) -> None:
    reply = free.reply("aigerim", text=TEXTS["plain"])
    maria, timur = free.visitor("maria"), free.visitor("timur")
    steps = [
        (lambda: None, "", ""),
        (lambda: timur.post(f"/moderation/replies/{reply}/claim"), "open with timur", "open with you"),
        (
            lambda: maria.post(f"/moderation/replies/{reply}/claim", holder=free.person("timur")),
            "open with you",
            "maria",
        ),
        (lambda: maria.post(f"/moderation/replies/{reply}/release"), "", ""),
    ]
    for act, to_maria, to_timur in steps:
        act()
        for _twice in range(2):
            for visitor, told in ((maria, to_maria), (timur, to_timur)):
                line = the_line(visitor.get("/moderation").text)
                assert (told in line) if told else ("open with" not in line)
    edit(free, reply, TEXTS["other"])
    line = the_line(maria.get("/moderation").text)
    assert "wording 2" in line
    assert "Three nurses" in line
    free.decide(reply, Action.PUBLISH)
    assert listed(maria.get("/moderation").text) == []


def the_line(page: str) -> str:
    """Return the one line of the queue."""
    lines = re.findall(r'<li><a href="/moderation/replies/.*?</li>', page, re.DOTALL)
    assert len(lines) == 1
    return str(lines[0])
