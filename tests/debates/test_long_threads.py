"""A thread with more answers than a page has: which of them stand where, and how one gets on."""

import re

import pytest

from forum.debates import thread_queries
from forum.debates.models import Stance
from forum.debates.places import PER_PAGE
from tests.world import DEBATE, World


def answers_on(page: str, root: int) -> list[int]:
    return [number for number in map(int, re.findall(r'id="reply-(\d+)"', page)) if number != root]


def step(page: str, words: str) -> str:
    """Return where a link leads."""
    found = re.search(rf'href="([^"#]+)#reply-\d+">{words}</a>', page)
    return found[1] if found else ""


@pytest.fixture
def free(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    world.app.config.update(REPLIES_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    monkeypatch.setattr(thread_queries, "ANSWERS", 4)
    return world


def test_the_debate_shows_the_first_answers_and_leads_to_the_next_one(free: World) -> None:
    root = free.published("aigerim")
    numbers = [free.published("boris", parent=root) for _n in range(PER_PAGE + 2)]
    other = free.published("boris", parent=free.published("aigerim", Stance.ANTI))
    for address in (DEBATE, f"{DEBATE}?sort=newest"):
        page = free.visitor().get(address).text
        assert set(answers_on(page, root)) - {other - 1, other} == set(numbers[:PER_PAGE])
        assert other in answers_on(page, root)
        assert f"<summary>{PER_PAGE + 2} answers</summary>" in page
        assert page.count("Later answers") == 1
        assert step(page, "Later answers") == f"{DEBATE}/replies/{numbers[PER_PAGE]}"
        assert "Earlier answers" not in page


@pytest.mark.parametrize("name", ["", "aigerim"])
def test_every_answer_stands_at_its_address_and_on_one_page_of_the_thread(free: World, name: str) -> None:
    root = free.published("aigerim")
    numbers = [free.published("boris", parent=root) for _n in range(10)]
    reader = free.visitor(name)
    for place, number in enumerate(numbers):
        page = reader.get(f"{DEBATE}/replies/{number}").text
        assert answers_on(page, root) == numbers[place - place % 4 :][:4]
    address, walked = f"{DEBATE}/replies/{root}", []
    while address:
        page = reader.get(address).text
        assert "<summary>10 answers</summary>" in page
        walked += answers_on(page, root)
        address = step(page, "Later answers")
    assert walked == numbers
    back = step(page, "Earlier answers")
    assert answers_on(reader.get(back).text, root) == numbers[4:8]


def test_an_answer_is_shown_below_what_it_answers_whenever_that_was_written(free: World) -> None:
    root = free.published("aigerim")
    first = free.published("boris", parent=root)
    second = free.published("aigerim", parent=first)
    between = [free.published("boris", parent=root) for _n in range(6)]
    deep = free.published("boris", parent=second)
    beside = free.published("aigerim", parent=deep)
    page = free.visitor().get(f"{DEBATE}/replies/{deep}").text
    assert answers_on(page, root) == [first, second, deep, beside]
    assert between[-1] not in answers_on(page, root)
    assert "<summary>10 answers</summary>" in page


def test_who_is_answered_beside_is_named_though_the_answer_stands_on_another_page(free: World) -> None:
    root = free.published("aigerim")
    number = root
    for _level in range(3):
        number = free.published("boris", parent=number)
    for _n in range(5):
        free.published("boris", parent=root)
    beside = free.published("aigerim", parent=number)
    page = free.visitor().get(f"{DEBATE}/replies/{beside}").text
    assert f">boris, No. {number}</a>" in page
    assert "no longer public" not in page


def test_ones_own_answer_that_waits_stands_where_it_will_appear(free: World) -> None:
    root = free.published("aigerim")
    numbers = [free.published("boris", parent=root) for _n in range(6)]
    waits = free.reply("aigerim", parent=numbers[5])
    page = free.visitor("aigerim").get(f"{DEBATE}/replies/{waits}").text
    assert answers_on(page, root) == [*numbers[4:], waits]
    assert free.visitor().get(f"{DEBATE}/replies/{waits}").status_code == 404
