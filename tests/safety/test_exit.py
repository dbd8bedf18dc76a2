"""Leaving in haste: also out of a field in which one writes, and without losing what was typed."""

import pytest
from playwright.sync_api import expect

from tests.browser import EXIT, PHONE, Site
from tests.world import DEBATE

pytestmark = pytest.mark.browser
TEXT = "A few words that no button has kept yet."


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Return an empty database of one engine: how one leaves does not depend on it."""
    return sqlite_database


@pytest.mark.parametrize("way", ["link", "keys"])
def test_a_member_leaves_out_of_a_field_and_finds_what_was_typed(site: Site, way: str) -> None:
    page = site.window("aigerim", viewport=PHONE)
    page.context.route(f"{EXIT}**", lambda route: route.fulfill(body="An ordinary page"))
    page.goto(f"{DEBATE}/replies/new")
    page.get_by_label("Your argument").press_sequentially(TEXT)
    if way == "link":
        page.get_by_role("link", name="Leave this page").click()
    else:
        for _ in range(3):
            page.keyboard.press("Escape")
    page.wait_for_url(EXIT)
    other = page.context.new_page()
    for _ in range(50):  # the browser sends it when the page has gone
        other.goto(f"{DEBATE}/replies/new")
        if other.get_by_label("Your argument").input_value():
            break
    expect(other.get_by_label("Your argument")).to_have_value(TEXT)


def test_the_way_out_is_in_reach_on_the_smallest_error_page(site: Site) -> None:
    page = site.window(viewport=PHONE)
    for address in ("/no-such-page", "/accounts/settings", f"{DEBATE}?pro=99"):
        page.goto(address)
        leave = page.get_by_role("link", name="Leave this page")
        expect(leave).to_be_in_viewport()
        expect(leave).to_have_attribute("rel", "nofollow noreferrer")
        expect(page.get_by_text("It cannot clear your browser’s history")).to_be_visible()
