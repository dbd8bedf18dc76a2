"""What a first visit to a debate costs a reader on a slow line: bytes, requests, and nothing that moves afterwards."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from forum.debates.models import SIDES
from forum.moderation.models import Action
from tests import moderation
from tests.browser import PHONE, WIDE, Site
from tests.world import DEBATE

MOST_BYTES = 45_000  # of page, stylesheet, script and icon together, compressed, with the heads of the answers
MOST_SCRIPT = 6_000
PER_SIDE = 25
LONG = 600  # characters of a reply

# How far what was already painted has moved, as browsers count it, from the first moment on.
SHIFTS = """window.shifted = 0;
new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shifted += one.value; })
  .observe({type: "layout-shift", buffered: true});"""

pytestmark = pytest.mark.browser


@pytest.fixture
def full(site: Site) -> Site:
    """Return a forum with fifty replies of 600 characters, of arguments that people have written."""
    folder = Path(moderation.__file__).parent / "screening" / "corpus"
    lines = [line for file in sorted(folder.glob("arguments_*.txt")) for line in file.read_text().splitlines()]
    rest = iter(line for line in lines if line and not line.startswith("#"))
    names = count(1)
    for _ in range(PER_SIDE):
        for side in SIDES:
            words = ""
            while len(words) < LONG:
                words += next(rest) + " "
            reply = site.world.reply(f"member-{next(names)}", side, words[:LONG])
            site.world.decide(reply, Action.PUBLISH, by="zarina")  # also what screening holds
    return site


def visit(page: Page, address: str) -> list[dict[str, Any]]:
    """Open an address and read it to its end; return what was asked for: its kind, and the bytes of the answer."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    asked: dict[str, dict[str, Any]] = {}
    session.on(
        "Network.responseReceived",
        lambda e: asked.setdefault(e["requestId"], {"kind": e["type"], "url": e["response"]["url"]}),
    )
    session.on("Network.loadingFinished", lambda e: asked.get(e["requestId"], {}).update(size=e["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    for _ in range(12):
        page.keyboard.press("End")
        page.keyboard.press("PageUp")
    return list(asked.values())


def test_a_first_visit_takes_three_requests_and_45_kilobytes(full: Site) -> None:
    for prefix in ("", "/ru", "/kk"):
        page = full.window()
        asked = visit(page, prefix + DEBATE)
        apart = {"Other"}  # the icon, which browsers fetch in their own time, and once
        assert sorted(one["kind"] for one in asked if one["kind"] not in apart) == ["Document", "Script", "Stylesheet"]
        total = sum(one["size"] for one in asked)
        assert total <= MOST_BYTES, asked
        assert page.locator(".reply").count() == 2 * PER_SIDE


def test_scripts_stay_within_six_kilobytes_and_nothing_moves_after_it_was_shown(full: Site) -> None:
    for who, size in (("", WIDE), ("", PHONE), ("aigerim", WIDE), ("aigerim", PHONE)):
        page = full.window(who, viewport=size)
        page.add_init_script(SHIFTS)
        scripts = [one for one in visit(page, DEBATE) if one["kind"] == "Script"]
        assert len(scripts) == (2 if who else 1)
        assert sum(one["size"] for one in scripts) <= MOST_SCRIPT, scripts
        assert page.evaluate("window.shifted") == 0, (who, size)
