"""A moderator at the keyboard, in a real browser: fifty waiting replies, and no mouse."""

import re
from collections import Counter

import pytest
from playwright.sync_api import Page, expect

from forum.debates.models import SIDES
from tests.browser import PHONE, SIDEWAYS, Site
from tests.keyboard import UNSEEN
from tests.world import WHY

pytestmark = pytest.mark.browser


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Return an empty database of one engine: what a key does does not depend on it."""
    return sqlite_database


def furnished(forum: Site, count: int) -> Page:
    """Let replies wait, and Maria open the desk."""
    forum.world.app.config.update(REPLIES_PER_HOUR=10**6, WAITING_PER_MEMBER=10**6)
    for number in range(count):
        forum.world.reply("aigerim", SIDES[number % 2])
    forum.world.ready("topic", "What does it mean for the motion?")
    page = forum.window("maria")
    page.goto("/moderation")
    return page


@pytest.mark.long
def test_a_moderator_clears_fifty_waiting_replies_by_keyboard_alone(site: Site) -> None:
    page = furnished(site, 50)
    page.keyboard.press("j")
    for number in range(50):
        expect(page.locator("#item-title")).to_be_focused()
        before = page.url
        if number % 3 == 0:
            page.keyboard.press("p")
        else:
            page.keyboard.press(str(1 + number % 7))
            page.keyboard.press("t")
            page.keyboard.type(f"Please write {number} without it: P, E and R are letters here.")
            page.keyboard.press("Escape")
            page.keyboard.press("e" if number % 3 == 1 else "r")
        page.wait_for_url(lambda url, former=before: url != former)
    expect(page.get_by_text("Nothing waits. Every reply has been read.")).to_be_visible()
    found = Counter(site.world.decisions_on(reply)[0] for reply in range(1, 51))
    assert found == {"publish": 17, "return": 17, "reject": 16}


def test_keys_rest_in_fields_with_other_keys_held_and_when_they_repeat(site: Site) -> None:
    page = furnished(site, 2)
    page.keyboard.press("j")
    expect(page.locator("#item-title")).to_be_focused()
    for key in ("Control+p", "Alt+p", "Meta+p"):
        page.keyboard.press(key)
    page.evaluate("""() => document.body.dispatchEvent(
        new KeyboardEvent("keydown", {key: "p", code: "KeyP", repeat: true, bubbles: true}))""")
    page.keyboard.press("t")
    page.keyboard.type("pe")
    expect(page.get_by_label("To the author")).to_have_value("pe")
    page.locator("summary", has_text="Write a note").click()
    page.get_by_label("Note to colleagues").press("p")
    assert site.world.decisions_on(1) == site.world.decisions_on(2) == []


def test_keys_are_found_by_their_place_where_a_layout_has_other_letters(site: Site) -> None:
    page = furnished(site, 2)
    page.keyboard.press("j")
    expect(page.locator("#item-title")).to_be_focused()
    before = page.url
    strike = """(key) => document.body.dispatchEvent(
        new KeyboardEvent("keydown", {key: key[0], code: key[1], bubbles: true, cancelable: true}))"""
    page.evaluate(strike, ["ә", "Digit2"])
    expect(page.get_by_label("Nobody may be recognised")).to_be_checked()
    page.get_by_label("To the author").fill(WHY)
    page.keyboard.press("Escape")
    page.evaluate(strike, ["к", "KeyR"])
    page.wait_for_url(lambda url: url != before)
    assert site.world.decisions_on(1) + site.world.decisions_on(2) == ["reject"]


def test_moving_on_taking_showing_and_the_list_of_keys(site: Site) -> None:
    page = furnished(site, 3)
    page.keyboard.press("j")
    expect(page.locator("#item-title")).to_be_focused()
    first = page.url
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != first)
    expect(page.locator("#item-title")).to_be_focused()
    page.keyboard.press("k")
    page.wait_for_url(first)
    expect(page.locator("#item-title")).to_be_focused()
    page.keyboard.press("c")
    expect(page.get_by_text("open with you, less than a minute")).to_be_visible()
    page.wait_for_load_state()  # with it the script that knows the keys
    page.keyboard.press("a")
    expect(page.get_by_text("Author: aigerim")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("?")
    expect(page.get_by_text("return for an edit", exact=True)).to_be_visible()
    page.keyboard.press("z")  # there is nothing to undo
    expect(page.get_by_text("Author: aigerim")).to_be_visible()


def test_a_ready_explanation_is_there_at_once_and_only_those_of_the_chosen_rule_are_shown(site: Site) -> None:
    page = furnished(site, 1)
    site.world.ready("repeat", "Once is enough.")
    page.keyboard.press("j")
    page.get_by_label("To the author").fill("The year is missing.")
    page.get_by_text("Ready explanations").click()
    page.get_by_label("Keep to the motion").check()
    expect(page.get_by_text("Once is enough.")).to_be_hidden()
    page.get_by_role("button", name="Use “Ready, topic”").click()
    expect(page.get_by_label("To the author")).to_have_value(
        "The year is missing.\n\nWhat does it mean for the motion?"
    )


def test_the_bar_that_undoes_leaves_room_for_the_decision(site: Site) -> None:
    page = furnished(site, 3)
    page.keyboard.press("j")
    expect(page.locator("#item-title")).to_be_focused()
    page.keyboard.press("p")
    expect(page.locator("#undo")).to_be_visible()
    page.get_by_role("button", name="Reject").click()
    expect(page.locator("#decide-title")).to_be_focused()  # with what is missing: the longest form
    last, bar = page.get_by_role("button", name="Reject").bounding_box(), page.locator("#undo").bounding_box()
    assert last["y"] + last["height"] <= bar["y"]
    assert page.evaluate(UNSEEN) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate(UNSEEN) == []


def test_on_a_phone_no_key_is_shown(site: Site) -> None:
    site.world.reply("aigerim")
    page = site.window("maria", has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740})
    page.goto("/moderation/replies/1")
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_visible()
    assert page.locator("kbd:visible").count() == 0


def test_enter_on_a_rule_chooses_it_and_sends_nothing(site: Site) -> None:
    reply = site.world.published("aigerim")
    page = site.window("maria")
    page.goto(f"/moderation/replies/{reply}")
    page.locator("#rule-5").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#rule-5")).to_be_checked()
    assert page.url.endswith(f"/moderation/replies/{reply}")
    assert "Your asking was recorded" not in page.content()


@pytest.mark.parametrize("prefix", ["", "/ru", "/kk"])
def test_on_a_phone_the_bar_that_undoes_says_what_it_undoes(site: Site, prefix: str) -> None:
    site.world.published("aigerim")
    page = site.window("maria", viewport=PHONE)
    page.goto(f"{prefix}/moderation")
    box = page.locator(".undo p").bounding_box()
    assert box is not None
    assert box["width"] >= 176, "words are not cut by the letter"
    expect(page.locator(".undo p")).to_contain_text(re.compile(r", [“«]Argument"))
    expect(page.locator(".undo button")).to_be_in_viewport(ratio=1)
    assert page.evaluate(SIDEWAYS) == []
