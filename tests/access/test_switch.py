"""Who changes the language stays at the passage that they read."""

import pytest
from playwright.sync_api import expect

from forum.start import TRANSLATIONS
from tests.browser import Site
from tests.world import DEBATE

pytestmark = pytest.mark.browser


def test_the_switch_of_languages_keeps_the_passage(site: Site) -> None:
    site.world.translate_article(*TRANSLATIONS)
    page = site.window()
    page.goto(f"{DEBATE}#passage-7")
    page.get_by_role("link", name="Русский").click()
    page.wait_for_url(f"**/ru{DEBATE}#passage-7")
    expect(page.locator("#passage-7")).to_be_in_viewport()
    page.locator("#passage-9 .pilcrow").click()
    page.get_by_role("link", name="Қазақша").click()
    page.wait_for_url(f"**/kk{DEBATE}#passage-9")
    expect(page.locator("#passage-9")).to_be_in_viewport()
    expect(page.locator("#passage-9 [lang=kk]").first).to_be_visible()


def test_without_scripts_the_page_of_a_passage_does(site: Site) -> None:
    site.world.translate_article(*TRANSLATIONS)
    page = site.window(java_script_enabled=False)
    page.goto(f"{DEBATE}/passages/7")
    page.get_by_role("link", name="Русский").click()
    page.wait_for_url(f"**/ru{DEBATE}/passages/7")
    expect(page.locator("#passage-7 [lang=ru]").first).to_be_visible()
