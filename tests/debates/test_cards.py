"""Cards and other parts of pages are kept drawn: a page is the same, byte for byte, whether anything is kept or not."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import time_machine

from forum import memory
from forum.db import now, writing
from forum.debates import articles, queries
from forum.debates.article_files import Paragraph
from forum.debates.models import Stance
from forum.memory import Kept
from forum.moderation.models import Action
from tests.doubt import believe
from tests.world import DEBATE, SLUG, Visitor, World, the_article

READERS = ("", "boris", "aigerim", "maria", "zarina")
TOKEN = re.compile(r'(name="csrf_token" value=")[^"]+')
Acts = list[tuple[str, Callable[[World], Any]]]
THREAD, OTHER = 1, 2  # numbers of the first replies


def pages(world: World, visitors: dict[str, Visitor], addresses: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """Return what each reader sees at each address, past the pages that are kept whole."""
    world.app.extensions["kept"].clear()
    return {
        (name, address): TOKEN.sub(r"\1", visitor.get(address).text)
        for name, visitor in visitors.items()
        for address in addresses
    }


def close(world: World) -> None:
    with world.at_work(), writing():
        articles.close(queries.by_slug(SLUG), "All has been said.")


def publish(world: World, **changed: Any) -> None:
    with world.at_work(), writing():
        articles.publish(replace(the_article(), **changed))


def with_other_notes(world: World) -> None:
    publish(world, notes=[{**note, "text": "A new remark."} for note in the_article().notes])


def with_another_beginning(world: World) -> None:
    publish(world, paragraphs=[Paragraph("Words that nobody has read so far.", False), *the_article().paragraphs])


def mistaken(world: World) -> None:
    """Remove a reply, and think better of it."""
    decisions.append(world.decide(THREAD, Action.REMOVE))


decisions: list[int] = []


ACTS: Acts = [
    ("a reply is published", lambda w: w.published("aigerim")),
    ("one of the other side", lambda w: w.published("boris", Stance.ANTI)),
    ("an answer", lambda w: w.published("boris", Stance.ANTI, parent=THREAD)),
    ("one waits", lambda w: w.reply("aigerim", text="These words wait for somebody who reads them first.")),
    ("it is returned", lambda w: w.decide(4, Action.RETURN)),
    ("a new wording waits", lambda w: w.reword(THREAD)),
    ("the new wording is published", lambda w: w.decide(THREAD, Action.PUBLISH)),
    ("one names another", lambda w: w.published("boris", text=f"What is said at {DEBATE}/replies/{OTHER} is right.")),
    ("an answer waits", lambda w: w.reply("boris", Stance.NEITHER, parent=THREAD)),
    ("somebody is muted", lambda w: w.mute("aigerim", by="boris")),
    ("somebody follows", lambda w: w.follow("boris")),
    ("and says where they stand", lambda w: w.answer("boris", before=1)),
    ("somebody answers the question", lambda w: w.vote(THREAD, "boris")),
    ("others too", lambda w: [w.vote(THREAD, f"reader{n}") for n in range(6)] and w.count_votes()),
    ("one is removed", lambda w: w.decide(OTHER, Action.REMOVE)),
    ("and restored", lambda w: w.decide(OTHER, Action.RESTORE)),
    ("one with answers is removed", mistaken),
    ("that is undone", lambda w: w.undo(decisions.pop())),
    ("somebody is suspended", lambda w: w.suspend("boris")),
    ("an editor remarks something else", with_other_notes),
    ("the article is revised", with_another_beginning),
    ("one with answers is taken back", lambda w: w.withdraw(THREAD)),
    ("an account is deleted", lambda w: w.leave("boris")),
    ("the debate is closed", close),
]


@pytest.mark.long
def test_after_every_act_a_page_of_kept_parts_is_the_page_that_is_drawn_anew(world: World) -> None:
    believe(world.app)
    visitors = {name: world.visitor(name) for name in READERS}
    addresses = (DEBATE, f"{DEBATE}/replies/{THREAD}", f"/ru{DEBATE}?sort=newest")
    with time_machine.travel(now(), tick=False) as clock:
        for what, act in ACTS:
            clock.shift(10)
            act(world)
            kept = pages(world, visitors, addresses)
            world.app.extensions["fragments"] = Kept()
            anew = pages(world, visitors, addresses)
            for page, text in anew.items():
                assert kept[page] == text, f"after: {what}; {page}"


def test_what_a_member_may_do_with_a_card_is_theirs_alone(world: World) -> None:
    reply = world.published("aigerim")
    world.published("boris", Stance.ANTI)
    believe(world.app)
    tokens = {}
    for name in ("aigerim", "boris", "maria", "", "boris"):
        page = world.visitor(name).get(DEBATE).text
        assert (f"/replies/{reply}/edit" in page) is (name == "aigerim")
        assert (f"/replies/{reply}/vote" in page) is (name in {"boris", "maria"})
        assert (f"/moderation/replies/{reply}" in page) is (name == "maria")
        assert (f"/replies/{reply}/report" in page) is (name != "aigerim")
        tokens[name] = set(re.findall(r'name="csrf_token" value="([^"]*)"', page))
        assert len(tokens[name]) == (1 if name else 0)
        assert "\0" not in page
    assert len(set.union(*tokens.values())) == 3


@pytest.mark.parametrize("size", [0, 4000])
def test_what_is_kept_stays_within_its_bytes(size: int) -> None:
    store = Kept(10_000)
    for number in range(100):
        store.put(number, "words", size)
        assert store.size <= 10_000
        assert store.get(number) == "words"
    assert store.get(0) is None
    assert len(store.rows) < 12


def test_what_nobody_asks_for_any_more_is_gone_after_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    store, moment = Kept(), [0.0]
    monkeypatch.setattr(memory, "monotonic", lambda: moment[0])
    store.put("erased words", "…", 10)
    for moment[0] in range(0, 11 * 60, 60):
        store.put("others", "…", 10)
    assert list(store.rows) == ["others"]
    assert store.get("erased words") is None


def test_no_page_carries_the_indentation_of_its_template(world: World) -> None:
    reply = world.published("aigerim", text="It costs less.\n\nOn every street.")
    for name in ("", "boris"):
        for address in ("/", DEBATE, f"{DEBATE}/replies/{reply}", "/rules", "/log"):
            page = world.visitor(name).get(address).text
            assert not re.search(r"\n[ \t]+<", page), address
            assert page.startswith("<!doctype html>")
