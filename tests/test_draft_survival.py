"""What somebody has typed survives joining, an ended session, going back, a refusal, a second window, a restart.

Scripts are needed only to keep what nobody has sent or kept yet.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from forum.accounts import sessions, signin
from forum.db import writing
from forum.debates.models import Reply
from tests.browser import PATIENCE, SEND, TEXT, WIDE, Site, assert_written, fill, write
from tests.test_start import starts
from tests.world import DEBATE, PASSWORD

NEW = f"{DEBATE}/replies/new"
OTHER = "Whoever wants inspectors has to say from which budget they are paid, and who inspects them."
WAITS = "Waiting: only you see it here"


def send(page: Page) -> None:
    page.get_by_role("button", name=SEND).first.click()  # a preview has it once more


def wait_until_kept(page: Page) -> None:
    expect(page.locator("#keeping")).to_contain_text("Draft kept")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_text_comes_through_a_refusal_joining_an_ended_session_and_the_back_button(site: Site, scripts: bool) -> None:
    page = site.window(java_script_enabled=scripts)
    page.goto(f"{NEW}?passage=4")
    write(page, TEXT)
    page.get_by_label("Words you answer").fill("words that are not in the passage")
    page.get_by_role("button", name="Preview").click()
    assert_written(page, TEXT)
    send(page)
    page.get_by_role("button", name="Join instead").click()
    fill(page, Pseudonym="x", Password="short")
    page.get_by_role("button", name="Make the account").click()
    fill(page, Pseudonym="aigerim", Password=PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.get_by_label("I have kept the codes").check()
    page.get_by_role("button", name="Go on to your text").click()
    assert_written(page, TEXT)
    expect(page.get_by_text("You are replying to passage 4.")).to_be_visible()
    send(page)
    expect(page.locator(".error").first).to_be_visible()  # the quotation is refused
    assert_written(page, TEXT)

    with site.world.at_work(), writing():
        sessions.end_all(signin.find("aigerim"))
    send(page)
    fill(page, Pseudonym="aigerim", Password=PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    assert_written(page, TEXT)
    page.locator(".rules a").first.click()
    page.wait_for_url("**/rules#*")
    page.goto(f"{NEW}?passage=4")  # the draft, whatever the browser remembers
    assert_written(page, TEXT)
    page.get_by_label("Words you answer").fill("")
    send(page)
    expect(page.get_by_text(WAITS)).to_be_visible()
    page.goto(f"{NEW}?passage=4")
    expect(page.get_by_label("Your argument")).to_have_value("")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_back_and_send_again_make_no_second_reply(site: Site, scripts: bool) -> None:
    page = site.window("aigerim", java_script_enabled=scripts)
    page.goto(NEW)
    for _time in range(2):
        write(page, TEXT)
        send(page)
        expect(page.get_by_text(WAITS)).to_be_visible()
        page.go_back()
        expect(page.get_by_text("You have sent reply 1 from this page")).to_be_visible()
    assert site.world.count(Reply) == 1


def test_of_two_windows_the_later_one_is_told_and_both_texts_stand_on_its_page(site: Site) -> None:
    first = site.window("aigerim")
    second = first.context.new_page()
    for page in (first, second):
        page.goto(NEW)
    write(first, TEXT)
    wait_until_kept(first)
    write(second, OTHER)
    expect(second.locator("#keeping")).to_contain_text("Nothing is overwritten")
    second.get_by_role("button", name="Keep as a draft").click()
    assert_written(second, OTHER)
    expect(second.get_by_role("region", name="The draft that another window has kept")).to_contain_text(TEXT)
    first.reload()
    assert_written(first, TEXT)
    second.get_by_role("button", name="Keep as a draft").click()
    first.goto(NEW)
    assert_written(first, OTHER)


@pytest.mark.parametrize("scripts", [pytest.param(True, marks=pytest.mark.long), False], ids=["scripts", "no-scripts"])
def test_a_text_outlives_the_server(tmp_path: Path, port: int, chromium: Browser, scripts: bool) -> None:
    context = chromium.new_context(viewport=WIDE, base_url=f"http://127.0.0.1:{port}", java_script_enabled=scripts)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    with starts(tmp_path, port) as [server]:
        assert server.serves(), server.said
        page.goto(re.search(r"/accounts/links/[\w-]{43}", server.said)[0])
        fill(page, Pseudonym="zarina", Password=PASSWORD)
        page.get_by_role("button", name="Set the password").click()
        page.goto(NEW)
        write(page, TEXT)
        if scripts:
            wait_until_kept(page)
        server.kill()
    with starts(tmp_path, port) as [server]:
        assert server.serves(), server.said
        if scripts:  # the window is gone too
            page.close()
            page = context.new_page()
            page.goto(NEW)
            assert_written(page, TEXT)
        send(page)
        expect(page.get_by_text(WAITS)).to_be_visible()
        expect(page.locator("#replies").get_by_text(TEXT)).to_be_visible()
    context.close()
