"""The question under a reply in a real browser: with and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from forum.debates.models import Stance
from tests.browser import PHONE, Site, faults
from tests.world import DEBATE

pytestmark = pytest.mark.browser


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Return an empty database of one engine: what the pages look like does not depend on it."""
    return sqlite_database


def answer_yes(page: Page, reply: int) -> None:
    page.locator(f"#reply-{reply} > footer").get_by_role("button", name="Yes").click()


def assert_chosen(page: Page, reply: int, **chosen: bool) -> None:
    footer = page.locator(f"#reply-{reply} > footer")
    for word in ("Yes", "No"):
        button = footer.get_by_role("button", name=word)
        expect(button).to_have_attribute("aria-pressed", str(chosen.get(word, False)).lower())


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_member_answers_changes_the_answer_and_takes_it_back(site: Site, scripts: bool) -> None:
    top = site.world.published("aigerim")
    answer = site.world.published("aigerim", Stance.NEITHER, parent=top)
    page = site.window("boris", java_script_enabled=scripts, viewport=PHONE)
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    page.goto(f"{DEBATE}?sort=oldest")
    footer = page.locator(f"#reply-{top} > footer")
    answer_yes(page, top)
    assert_chosen(page, top, Yes=True)
    expect(footer.locator(".found")).to_contain_text("Few readers yet.")
    footer.get_by_role("button", name="No").click()
    assert_chosen(page, top, No=True)
    footer.get_by_role("button", name="No").click()
    assert_chosen(page, top)
    page.locator("details.answers > summary").click()
    answer_yes(page, answer)
    assert_chosen(page, answer, Yes=True)
    assert ("sort=oldest" in page.url, f"#question-{answer}" in page.url) == (True, not scripts)
    assert (len(loads) == 1) == scripts
    if not scripts:
        expect(page.locator(f"#question-{answer}")).to_be_focused()
        expect(page.locator(f"#question-{answer}")).to_be_in_viewport()
    page.goto(f"{DEBATE}?sort=oldest")
    page.locator("details.answers > summary").click()
    assert_chosen(page, answer, Yes=True)
    assert_chosen(page, top)


def test_a_script_says_what_became_of_the_answer_and_leaves_a_refusal_to_the_page(site: Site) -> None:
    reply = site.world.published("aigerim")
    page = site.window("boris")
    page.goto(DEBATE)
    answer_yes(page, reply)
    expect(page.get_by_role("status")).to_have_text("Your answer is kept: yes. Press again to take it back.")
    site.world.withdraw(reply)
    page.locator(f"#reply-{reply} > footer").get_by_role("button", name="No").click()
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()


@pytest.mark.long
def test_pages_with_answers_and_counts_are_fit_for_everybody(site: Site) -> None:
    reply = site.world.published("aigerim")
    for number in range(12):
        site.world.answer(f"reader-{number}", before=1 if number % 2 else -1)
        site.world.vote(reply, f"reader-{number}", number < 7)
    site.world.count_votes()
    for name in ("", "reader-1", "boris"):
        page = site.window(name)
        for address in (DEBATE, f"{DEBATE}/replies/{reply}", f"{DEBATE}?sort=well-argued"):
            page.goto(address)
            assert faults(page) == []
    expect(page.locator("footer .found")).to_contain_text("by 4 of 6 readers who disagree and 3 of 6 who agree")
