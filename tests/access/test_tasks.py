"""Every task is done with keys alone, with scripts and without: nothing is clicked, and no script moves the focus."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import SEND, TEXT, Site, tab_to
from tests.world import DEBATE, PASSWORD, PLEA, WHY

BACK = "Shift+Tab"  # what stands near the end of a long page is reached from there

pytestmark = pytest.mark.browser


class Keyboard:
    """Somebody who has nothing but keys, in one window."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, role: Any, name: str | re.Pattern[str], key: str = "Tab") -> None:
        """Go to a link or a button with Tab, and press Enter on it."""
        tab_to(self.page, self.page.get_by_role(role, name=name, exact=True).first, key=key)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def tick(self, label: str) -> None:
        """Go to a box or to the first of several choices, and take it."""
        tab_to(self.page, self.page.get_by_label(label))
        self.page.keyboard.press("Space")
        expect(self.page.get_by_label(label)).to_be_checked()

    def choose_next(self, label: str) -> None:
        """Take the next of several choices."""
        self.page.keyboard.press("ArrowDown")
        expect(self.page.get_by_label(label)).to_be_checked()

    def type(self, label: str | re.Pattern[str], words: str) -> None:
        """Go to a field and write."""
        tab_to(self.page, self.page.get_by_label(label, exact=True))  # type: ignore[arg-type]
        self.page.keyboard.insert_text(words)

    def sees(self, words: str | re.Pattern[str]) -> Locator:
        """See words on the page."""
        found = self.page.get_by_text(words).first
        expect(found).to_be_visible()
        return found

    def sign_in(self, name: str, code: str = "") -> None:
        """Come in by the link at the top of every page."""
        self.press("link", "Sign in")
        self.type("Pseudonym", name)
        self.type("Password", PASSWORD)
        self.press("button", "Sign in")
        if code:
            expect(self.page.get_by_label("Code of your app")).to_be_focused()
            self.page.keyboard.type(code)
            self.press("button", "Sign in")


@pytest.mark.long
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_every_task_is_done_with_keys_alone(site: Site, scripts: bool) -> None:
    published = site.world.published("boris", text="The office that takes the complaint decides whether one is made.")
    page = site.window(java_script_enabled=scripts)
    keys = Keyboard(page)
    page.goto("/")  # the one address that is typed

    # Read: the article, past the menu, and a reply in its thread.
    keys.press("link", "Prostitution in Kazakhstan: abuse and risk")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to the content
    page.wait_for_url("**#main")
    keys.press("link", re.compile("^No. 1, "), BACK)
    keys.sees("The office that takes the complaint")

    # Sign up, and keep the codes.
    keys.press("link", "Join")
    keys.type("Pseudonym", "nurlan")
    keys.type("Password", PASSWORD)
    keys.press("button", "Make the account")
    keys.tick("I have kept the codes")
    keys.press("button", "Go on")

    # Vote.
    keys.press("link", "Debates")
    keys.press("link", "Prostitution in Kazakhstan: abuse and risk")
    question = page.get_by_role("group", name=re.compile("Is this well argued"))
    tab_to(page, question.get_by_role("button", name="Yes"), key=BACK)
    page.keyboard.press("Enter")
    expect(question.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "true")
    expect(question.get_by_role("button", name="No")).to_have_attribute("aria-pressed", "false")

    # Report.
    keys.press("link", f"Report reply {published}", BACK)
    keys.tick("Argue with the point")
    keys.choose_next("Nobody may be recognised")
    keys.type("What should the moderator know?", WHY)
    keys.press("button", "Send the report")
    keys.sees("Open: a moderator has yet to answer")

    # Reply.
    keys.press("link", "Debates")
    keys.press("link", "Prostitution in Kazakhstan: abuse and risk")
    keys.press("link", "Write a reply", BACK)
    keys.tick("For legalisation")
    keys.choose_next("Against legalisation")
    keys.type("Your argument", TEXT)
    keys.press("button", SEND)
    keys.sees("Waiting: only you see it here")

    # Sign out; moderate.
    keys.press("button", "Sign out")
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    keys.press("link", "Debates")
    site.world.person("maria")
    keys.sign_in("maria", site.world.code("maria"))
    keys.press("link", re.compile("^Desk"))
    keys.press("link", re.compile(re.escape(TEXT[:40])))
    keys.tick("Argue with the point")
    keys.type(re.compile("^To the author"), WHY)  # with its key behind it
    keys.press("button", re.compile("^Reject"))
    expect(page.get_by_role("status").first).to_contain_text("Rejected")
    keys.press("button", "Sign out")

    # Appeal.
    keys.press("link", "Debates")
    keys.sign_in("nurlan")
    keys.press("link", "Your replies")
    keys.press("link", "Appeal")
    keys.type("Why the decision is wrong", PLEA)
    keys.press("button", "Send the appeal")
    keys.sees("Your appeal is on its way to another moderator.")
    keys.press("button", "Sign out")
    page.goto(DEBATE)
    assert [cookie for cookie in page.context.cookies() if cookie["name"] == "session"] == []
