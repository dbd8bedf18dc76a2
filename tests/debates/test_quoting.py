"""Quoting words of the article in a real browser: by mouse, by keyboard, on a phone, without scripts."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from forum.moderation.models import Action
from tests.browser import PHONE, SEND, TEXT, Site, tab_to, write
from tests.world import DEBATE

pytestmark = pytest.mark.browser

# Selects what begins with `first` and ends with `last`, as a hand does; `last` may stand in another passage.
SELECT = """([first, last]) => {
  const find = words => {
    const texts = document.createTreeWalker(document.querySelector("#story, .story"), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const at = texts.currentNode.data.indexOf(words);
      if (at >= 0) return [texts.currentNode, at];
    }
  };
  const [start, startAt] = find(first), [end, endAt] = find(last);
  getSelection().setBaseAndExtent(start, startAt, end, endAt + last.length);
}"""


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Return an empty database of one engine: what the pages look like does not depend on it."""
    return sqlite_database


def select(page: Page, first: str, last: str) -> None:
    page.evaluate(SELECT, [first, last])


def quotation(page: Page):
    return page.get_by_label("Words you answer (optional)")


@pytest.mark.parametrize("viewport", [PHONE, None], ids=["phone", "wide"])
def test_selected_words_are_quoted_and_stand_over_the_reply(site: Site, viewport: dict[str, int] | None) -> None:
    page = site.window("aigerim", **({"viewport": viewport} if viewport else {}))
    page.goto(DEBATE)
    link = page.get_by_role("link", name="Quote this")
    expect(link).to_be_hidden()
    page.locator("#passage-4").scroll_into_view_if_needed()
    select(page, "sk police", "for hel")  # a hand seldom meets the edges of words
    expect(link).to_be_in_viewport()
    line = page.evaluate("[...getSelection().getRangeAt(0).getClientRects()].at(-1).bottom")
    assert 0 < link.bounding_box()["y"] - line < 30, "beside the selection"
    link.click()
    expect(quotation(page)).to_have_value("ask police for help")
    write(page, TEXT)
    page.get_by_role("button", name=SEND).click()
    own = page.locator("article.reply").filter(has_text=TEXT)
    expect(own.locator(".quote blockquote")).to_have_text("“ask police for help”")
    site.world.decide(1, Action.PUBLISH)
    reader = site.window()
    reader.goto(DEBATE)
    expect(reader.locator(".reply .quote")).to_contain_text("Passage 4")
    reader.get_by_role("link", name="Passage 4", exact=True).click()
    expect(reader.locator("#passage-4")).to_be_in_viewport()


def test_the_offer_goes_with_the_selection_and_never_leaves_its_passage(site: Site) -> None:
    page = site.window()
    page.goto(DEBATE)
    link = page.get_by_role("link", name="Quote this")
    select(page, "We have no rights", "they would prefer")  # from passage 4 into 5
    expect(link).to_be_visible()
    page.evaluate("getSelection().removeAllRanges()")
    expect(link).to_be_hidden()
    select(page, "The article", "numbered passages")  # no words of a passage
    page.wait_for_timeout(200)
    expect(link).to_be_hidden()
    select(page, "We have no rights", "they would prefer")
    link.click()
    expect(quotation(page)).to_have_value("We have no rights.”")
    page.go_back()
    select(page, "If we reported", "If we reported")
    page.evaluate("""() => {
      const range = getSelection().getRangeAt(0);
      range.setEnd(range.startContainer, range.startOffset + "If we".length);
    }""")
    link.click()
    expect(quotation(page)).to_have_value("If we")
    expect(page.locator(".error")).to_have_count(0)  # which of the two it is, rides along


def test_the_offer_is_the_next_stop_of_the_keyboard(site: Site) -> None:
    page = site.window()
    page.goto(f"{DEBATE}/passages/4")
    page.clock.install()
    page.get_by_text("ask police for help").dblclick(position={"x": 60, "y": 12})
    link = page.get_by_role("link", name="Quote this")
    expect(link).to_be_visible()
    page.clock.pause_at(
        datetime.now(UTC) + timedelta(hours=1)
    )  # quick hands: the offer waits for the end of a movement
    page.keyboard.press("Control+Shift+ArrowRight")
    words = page.evaluate("getSelection().toString().trim()")
    tab_to(page, link, most=1)
    expect(link).to_be_visible()
    page.keyboard.press("Enter")
    expect(quotation(page)).to_have_value(words)


def test_without_scripts_words_are_copied_into_the_form_and_a_slip_loses_nothing(site: Site) -> None:
    page = site.window("aigerim", java_script_enabled=False, viewport=PHONE)
    page.goto(DEBATE)
    page.get_by_role("link", name="Reply to passage 4").click()
    quotation(page).fill("We have all rights.")
    write(page, TEXT)
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_text("do not stand in passage 4")).to_be_visible()
    expect(quotation(page)).to_have_value("We have all rights.")
    expect(page.get_by_label("Your argument")).to_have_value(TEXT)
    quotation(page).fill("We have no rights.")
    page.get_by_role("button", name=SEND).click()
    expect(page.locator(".reply .quote blockquote")).to_have_text("“We have no rights.”")
