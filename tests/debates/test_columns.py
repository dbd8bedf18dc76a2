"""What readers see of a debate: two columns by one rule, threads, tombstones, counts, in few queries."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from forum import versions
from forum.accounts import signin
from forum.accounts.models import User
from forum.db import db, writing
from forum.debates import queries, replies
from forum.debates.models import Debate, Reply, ReplyStatus, Stance
from forum.errors import Refused
from forum.moderation import decisions
from forum.moderation.models import NEEDS_RULE, Action
from tests.doubt import believe
from tests.world import DEBATE, SLUG, WHY, Visitor, World

NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
GONE = "Its author took this reply back"
REMOVED = "A moderator removed this reply"


def tops(page: str) -> list[int]:
    """Return the numbers of the replies at top level in the order of the page."""
    return [int(n) for n in re.findall(r'<li data-stance="\w+">\s*<article class="reply[^"]*" id="reply-(\d+)"', page)]


def column(page: str, side: str) -> list[int]:
    """Return the same of one side."""
    sides = dict(re.findall(r'id="reply-(\d+)" data-stance="(\w+)"', page))
    return [number for number in tops(page) if sides[str(number)] == side]


def shown(world: World, query: str = "", name: str = "") -> str:
    answer = world.visitor(name).get(DEBATE + query)
    assert answer.status_code == 200
    return answer.text


def fill(world: World, side: Stance, count: int, backwards: bool = False) -> list[int]:
    """Publish `count` replies, one a minute, and return their numbers, the oldest first.

    `backwards`: the last one sent is published first.
    """
    world.app.config.update(REPLIES_PER_HOUR=1000, WAITING_PER_MEMBER=1000)
    world.person("aigerim"), world.person("maria")
    with world.at_work(), writing():
        debate, author, maria = queries.by_slug(SLUG), signin.find("aigerim"), signin.find("maria")
        said = [replies.wording(f"An argument {side.value} of its own, number {n}.") for n in range(count)]
        numbers = [replies.post(debate, words, author=author, stance=side).id for words in said]
        numbers = numbers[::-1] if backwards else numbers
        for minute, number in enumerate(numbers):
            with time_machine.travel(NOON + timedelta(minutes=minute), tick=False):
                reply = queries.reply_to_change(number)
                decisions.decide(reply.latest_revision, Action.PUBLISH, by=maria)
    return numbers


# Order and pages


def test_each_side_is_paged_by_itself(world: World) -> None:
    pro, anti = fill(world, Stance.PRO, 51)[::-1], fill(world, Stance.ANTI, 26)[::-1]
    for page, pro_page, anti_page in (("", 1, 1), ("&pro=2", 2, 1), ("&anti=2", 1, 2), ("&pro=3&anti=2", 3, 2)):
        text = shown(world, f"?sort=newest{page}")
        assert column(text, "pro") == pro[25 * (pro_page - 1) : 25 * pro_page]
        assert column(text, "anti") == anti[25 * (anti_page - 1) : 25 * anti_page]
        assert f"Page {pro_page} of 3" in text
        assert f"Page {anti_page} of 2" in text
    for beyond in ("pro=4", "anti=3", "pro=1&anti=99", "pro=0", "pro=-1", "anti=two", "pro=", "pro=" + "9" * 30):
        assert world.visitor().get(f"{DEBATE}?{beyond}").status_code == 404


def test_an_empty_column_has_one_page(world: World) -> None:
    assert world.visitor().get(f"{DEBATE}?pro=1").status_code == 200
    assert world.visitor().get(f"{DEBATE}?pro=2").status_code == 404
    assert shown(world).count("nobody has replied yet") == 2


def test_the_order_is_that_of_publication_not_of_sending(world: World) -> None:
    first, second, third = (world.reply("aigerim") for _ in range(3))
    for minute, reply in enumerate((second, third, first)):
        with time_machine.travel(NOON + timedelta(minutes=minute)):
            world.decide(reply, Action.PUBLISH)
    assert tops(shown(world, "?sort=newest")) == [first, third, second]
    assert tops(shown(world, "?sort=oldest")) == [second, third, first]
    for unknown in ("?sort=", "?sort=loudest", "?sort=oldest%00", "?sort=" + "x" * 2000):
        assert tops(shown(world, unknown)) == tops(shown(world))


def test_pages_follow_the_order_of_publication_too(world: World) -> None:
    numbers = fill(world, Stance.PRO, 30, backwards=True)
    assert tops(shown(world, "?sort=oldest")) == numbers[:25]
    assert tops(shown(world, "?sort=oldest&pro=2")) == numbers[25:]
    assert tops(shown(world, "?sort=newest")) == numbers[:4:-1]


def test_the_links_between_pages_keep_the_order_and_the_page_of_the_other_side(world: World) -> None:
    fill(world, Stance.PRO, 51), fill(world, Stance.ANTI, 26)
    text = shown(world, "?sort=oldest&pro=2&anti=2").replace("&amp;", "&")
    assert f'href="{DEBATE}?sort=oldest&pro=3&anti=2#replies"' in text
    assert f'href="{DEBATE}?sort=oldest&anti=2#replies"' in text
    assert f'href="{DEBATE}?sort=oldest&pro=2#replies"' in text


def test_the_sides_alternate_and_the_longer_one_ends_the_list(world: World) -> None:
    pro, anti = fill(world, Stance.PRO, 2), fill(world, Stance.ANTI, 5)
    lists = []
    for hour in (0, 1):
        with time_machine.travel(NOON + timedelta(days=1, hours=hour)):
            lists.append(tops(shown(world, "?sort=oldest")))
    assert sorted(lists) == sorted(
        [
            [pro[0], anti[0], pro[1], anti[1], *anti[2:]],
            [anti[0], pro[0], anti[1], pro[1], *anti[2:]],
        ]
    )


# Tombstones


def test_a_removed_reply_with_answers_keeps_its_place_with_the_rule_and_without_its_words(world: World) -> None:
    reply = world.published("aigerim", text="These words were public and are no longer shown.")
    answer = world.published("boris", Stance.ANTI, parent=reply)
    world.decide(reply, Action.REMOVE, rule="contempt")
    for page in (shown(world), world.visitor().get(f"{DEBATE}/replies/{answer}").text):
        assert REMOVED in page
        assert 'href="/rules#contempt"' in page
        assert "No contempt for a group" in page
        assert "These words were public" not in page
        assert "aigerim" not in page
        assert f'id="reply-{answer}"' in page


def test_a_withdrawn_reply_with_answers_keeps_its_place_without_a_name(world: World) -> None:
    reply = world.published("aigerim", text="These words were public and are no longer shown.")
    world.published("boris", parent=reply)
    world.withdraw(reply)
    page = shown(world)
    assert GONE in page
    assert "These words were public" not in page
    assert "aigerim" not in page


def test_a_reply_that_was_removed_and_then_taken_back_no_longer_names_a_rule(world: World) -> None:
    reply = world.published("aigerim")
    world.published("boris", parent=reply)
    world.decide(reply, Action.REMOVE)
    world.withdraw(reply)
    assert GONE in shown(world)
    assert REMOVED not in shown(world)


def test_without_public_answers_it_vanishes(world: World) -> None:
    removed, withdrawn = world.published("aigerim"), world.published("aigerim")
    for reply in (removed, withdrawn):
        world.reply("boris", parent=reply)
    world.decide(removed, Action.REMOVE), world.withdraw(withdrawn)
    assert tops(shown(world)) == []
    for reply in (removed, withdrawn):
        assert world.visitor().get(f"{DEBATE}/replies/{reply}").status_code == 404


def test_tombstones_above_one_another_stand_as_long_as_the_last_answer(world: World) -> None:
    top = world.published("aigerim")
    middle = world.published("boris", parent=top)
    last = world.published("aigerim", parent=middle)
    world.withdraw(top)
    world.decide(middle, Action.REMOVE)
    page = shown(world)
    assert [page.count(GONE), page.count(REMOVED)] == [1, 1]
    assert all(f'id="reply-{number}"' in page for number in (top, middle, last))
    world.withdraw(last)
    assert tops(shown(world)) == []
    for number in (top, middle, last):
        assert world.visitor().get(f"{DEBATE}/replies/{number}").status_code == 404


def test_a_restored_reply_returns_to_its_old_place(world: World) -> None:
    old = fill(world, Stance.PRO, 3)
    world.decide(old[1], Action.REMOVE)
    assert tops(shown(world, "?sort=oldest")) == [old[0], old[2]]
    world.decide(old[1], Action.RESTORE)
    page = shown(world, "?sort=oldest")
    assert tops(page) == old
    assert "number 1." in page
    assert REMOVED not in page


def test_tombstones_take_places_so_that_no_page_is_longer_than_the_other(world: World) -> None:
    numbers = fill(world, Stance.PRO, 26)
    world.published("boris", parent=numbers[-1])
    world.withdraw(numbers[-1])
    assert len(column(shown(world, "?sort=newest"), "pro")) == 25
    assert column(shown(world, "?sort=newest&pro=2"), "pro") == [numbers[0]]


# Counts


def test_only_public_replies_at_top_level_are_counted_and_answers_apart(world: World) -> None:
    statuses = [status.value for status in ReplyStatus]
    for status in statuses:
        world.reply_that_is(status, passage=4)
    top = world.published("boris", Stance.ANTI, passage=4)
    world.published("boris", Stance.ANTI, passage=9)
    answer = world.published("aigerim", Stance.NEITHER, parent=top)
    world.published("boris", parent=answer)
    world.reply("boris", parent=answer)
    page = re.sub(r"\s+", " ", shown(world))
    assert page.count("<small>1 reply</small>") == page.count("<small>2 replies</small>") == 1
    assert "with 2 answers" in page
    assert "Replies to passage 4: 1 for, 1 against" in page
    assert "Replies to passage 9: 0 for, 1 against" in page
    assert page.count("Replies to passage") == 2
    assert "<p>2 replies</p>" in re.sub(r"\s+", " ", world.visitor().get("/").text)


def test_a_tombstone_is_not_counted_but_its_answers_are(world: World) -> None:
    top = world.published("aigerim", passage=4)
    world.published("boris", parent=top)
    world.withdraw(top)
    page = shown(world)
    assert page.count("<small>0 replies</small>") == 2
    assert "with 1 answer" in page
    assert "Replies to passage" not in page


THINGS = st.sampled_from(["answer", "answered", "top", "withdraw", "edit", *Action])
STEP = st.tuples(THINGS, st.integers(0, 30), st.integers(0, 2))


@contextmanager
def undone(world: World) -> Iterator[None]:
    """Run the block in one transaction that leaves nothing behind."""
    with world.at_work():
        db.session.rollback()
        db.session.connection()
        try:
            yield
        finally:
            db.session.rollback()


def act(what: Any, reply: Reply | None, debate: Debate, author: User, maria: User) -> None:
    """Do one thing, as far as it is possible."""
    said = replies.wording(f"The argument that stands here after {what}.")
    if what in ("answer", "answered", "top"):
        sent = replies.post(debate, said, author=author, stance=Stance.PRO, parent=None if what == "top" else reply)
        if what == "answered":
            act(Action.PUBLISH, queries.reply_to_change(sent.id), debate, author, maria)
    elif what == "withdraw":
        replies.withdraw(reply, by=reply.author)
    elif what == "edit":
        replies.edit(reply, said, by=reply.author, stance=Stance.ANTI)
    else:
        shown = what in {Action.REMOVE, Action.RESTORE} and reply.shown_revision
        words = {"rule": "topic", "explanation": WHY} if what in NEEDS_RULE else {}
        decisions.decide(shown or reply.latest_revision, what, by=maria, **words)


def miscounted() -> list[tuple[int, int, int]]:
    """Return the replies whose number of public answers is not the number of published replies below them."""
    rows = {reply.id: reply for reply in db.session.scalars(select(Reply).execution_options(populate_existing=True))}
    below = dict.fromkeys(rows, 0)
    for reply in rows.values():
        above = reply.parent_id
        while above is not None and reply.status is ReplyStatus.PUBLISHED:
            below[above] += 1
            above = rows[above].parent_id
    return [(n, reply.public_answers, below[n]) for n, reply in rows.items() if reply.public_answers != below[n]]


@pytest.mark.long
def test_every_reply_knows_how_many_public_answers_stand_below_it(world: World) -> None:
    world.app.config.update(REPLIES_PER_HOUR=1000, WAITING_PER_MEMBER=1000)
    people = [world.person(name) for name in ("aigerim", "boris", "timur", "maria")]

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEP, min_size=5, max_size=15))
    def holds(steps: list[tuple[Any, int, int]]) -> None:
        with undone(world):
            debate, maria = queries.by_slug(SLUG), db.session.get_one(User, people[3])
            for what, which, who in [*[("answered", -1, 0)] * 4, *steps]:  # a thread as deep as can be, then anything
                numbers = list(db.session.scalars(select(Reply.id).order_by(Reply.id)))
                reply = queries.reply_to_change(numbers[which % len(numbers)]) if numbers else None
                try:
                    act(what, reply, debate, db.session.get_one(User, people[who]), maria)
                except Refused:
                    continue
                db.session.flush()
                assert miscounted() == []

    holds()


def test_synthetic_content_is_counted_alike(world: World) -> None:
    world.app.test_cli_runner().invoke(args=["generate", "--replies", "300"])
    with world.at_work():
        assert miscounted() == []
        assert db.session.scalar(select(func.max(Reply.public_answers))) > 1


# One's own, and links


def test_an_own_waiting_reply_heads_its_column_on_the_first_page_only_and_for_nobody_else(world: World) -> None:
    fill(world, Stance.ANTI, 26)
    waiting, returned = world.reply("boris", Stance.ANTI), world.reply_that_is("returned", "boris", stance=Stance.ANTI)
    boris = world.visitor("boris")
    for page in ("", "?sort=oldest"):
        found = column(boris.get(DEBATE + page).text, "anti")
        assert found[:2] == [waiting, returned]
        assert len(found) == 27
    assert len(column(boris.get(f"{DEBATE}?anti=2").text, "anti")) == 1
    for other in (world.visitor(name) for name in ("", "aigerim", "maria")):
        assert not {waiting, returned} & set(tops(other.get(DEBATE).text))
        for number in (waiting, returned):
            assert other.get(f"{DEBATE}/replies/{number}").status_code == 404


def test_an_own_waiting_reply_stays_while_the_other_side_is_paged(world: World) -> None:
    fill(world, Stance.ANTI, 26)
    waiting = world.reply("boris", Stance.PRO)
    assert column(shown(world, "?anti=2", "boris"), "pro") == [waiting]


def test_an_own_waiting_answer_stands_under_its_parent_for_its_author_alone(world: World) -> None:
    top = world.published("aigerim")
    answer = world.reply("boris", parent=top)
    boris = world.visitor("boris")
    for page in (boris.get(DEBATE).text, boris.get(f"{DEBATE}/replies/{answer}").text):
        assert page.index(f'id="reply-{top}"') < page.index(f'id="reply-{answer}"')
        assert "Waiting: only you see it here" in page
        assert "1 answer" in page
    for other in (world.visitor(name) for name in ("", "aigerim", "maria")):
        assert f"reply-{answer}" not in other.get(DEBATE).text
        assert other.get(f"{DEBATE}/replies/{answer}").status_code == 404


def test_every_public_reply_opens_at_its_link_with_its_whole_thread(world: World) -> None:
    world.app.test_cli_runner().invoke(args=["generate", "--replies", "60", "--seed", "3"])
    with world.at_work():
        query = select(Reply.id, Reply.root_id, Reply.status).where(Reply.key.startswith("g-"))
        found = [(number, root or number, status) for number, root, status in db.session.execute(query)]
    public = {number: root for number, root, status in found if status is ReplyStatus.PUBLISHED}
    assert any(number != root for number, root in public.items())
    for number, _root, _status in found:
        answer = world.visitor().get(f"/debates/g3-1/replies/{number}")
        assert answer.status_code == (200 if number in public else 404)
        if number in public:
            thread = {int(n) for n in re.findall(r'id="reply-(\d+)"', answer.text)}
            assert thread == {other for other, root in public.items() if root == public[number]}


# Queries


def cost(world: World, visitor: Visitor, address: str, *, with_kept: bool = False) -> int:
    with world.counted_queries(with_kept=with_kept) as sent:
        assert visitor.get(address).status_code == 200
    return len(sent)


@pytest.mark.long
def test_a_debate_with_500_replies_takes_as_many_queries_as_one_with_10(world: World) -> None:
    believe(world.app)
    for count in (10, 570):
        world.app.test_cli_runner().invoke(args=["generate", "--replies", str(count), "--seed", str(count)])
        world.reply("aigerim", slug=f"g{count}-1")
    with world.at_work():
        assert db.session.scalar(select(func.count()).where(Reply.status == "published")) > 500
    for name in ("", "aigerim", "boris", "maria"):
        visitor = world.visitor(name)
        visitor.get("/")  # when debates open and close is asked once for all pages
        few, many = (costs(world, visitor, f"/debates/g{count}-1") for count in (10, 570))
        assert few == many
        drawn, kept, changed = many
        assert drawn <= (12 if name else 8), "nothing is kept: words and article are read, too"
        assert kept <= (6 if name else 2)
        assert changed <= (8 if name else 4), (
            "somebody has acted: the parts of the page are kept, where they stand is not"
        )
        assert cost(world, visitor, "/debates/g570-1?sort=oldest&pro=2&anti=3") <= (13 if name else 9)


def costs(world: World, visitor: Visitor, address: str) -> list[int]:
    """Return how many queries a page takes at first, the next time, and after an act by which it does not change."""
    found = []
    for acts, with_kept in ((False, False), (False, True), (True, True)):
        if acts:
            with world.at_work(), writing():
                versions.change_debate(queries.by_slug(address.rpartition("/")[2]).id)
        world.app.extensions["kept"].clear()
        found.append(cost(world, visitor, address, with_kept=with_kept))
    return found


def test_words_for_which_an_index_is_made_are_in_no_question_as_a_value(world: World) -> None:
    """SQLite plans a statement anew each time a value is given for such a word: ten times as long as to answer it."""
    fill(world, Stance.PRO, 2)
    aigerim = world.visitor("aigerim")
    with world.counted_queries() as sent:
        assert aigerim.get(DEBATE).status_code == 200
    assert any("replies.status = 'published'" in statement for statement in sent)
    assert not [statement for statement in sent if re.search(r"(status|outcome)\)? (=|!=|IN) (\(?\?|\(?%)", statement)]
