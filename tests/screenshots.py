"""Pictures of the main pages, of the demo at a fixed hour: `./run screenshots [FOLDER]`."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from forum import create_app
from forum.accounts import signin
from forum.db import db, now, writing
from forum.settings import ROOT
from tests.browser import LAUNCH, served
from tests.world import DEBATE

FOLDER = ROOT / "docs" / "screenshots"
FILLED = datetime(2026, 11, 18, 9, 40, tzinfo=UTC)  # the dates, the order and the waits of the demo are always these
LOOKED_AT = FILLED + timedelta(minutes=5)
SIZES = ({"width": 1280, "height": 800}, {"width": 360, "height": 740})
SCHEMES = ("light", "dark")
# What a picture is called, who looks, at which address.
PAGES = [
    ("debates", "", "/"),
    ("debate", "", DEBATE),
    ("replies", "", f"{DEBATE}#replies"),
    ("passage", "", f"{DEBATE}/passages/4"),
    ("write", "", f"{DEBATE}/replies/new?passage=4"),
    ("rules", "", "/rules"),
    ("log", "", "/log"),
    ("search", "", "/search?q=police"),
    ("own-replies", "aigerim", "/accounts/replies"),
    ("notices", "aigerim", "/notifications"),
    ("settings", "aigerim", "/accounts/settings"),
    ("desk", "maria", "/moderation"),
    ("reports", "maria", "/moderation/reports"),
    ("appeals", "maria", "/moderation/appeals"),
]


@contextmanager
def demo() -> Iterator[Flask]:
    """Give a demo in which the same has always just happened; it is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        facts = {"FORUM_INSTANCE": folder, "FORUM_SECRET_KEY": "for pictures only", "FORUM_KEPT_MIB": "0"}
        app = create_app(facts)
        with time_machine.travel(FILLED, tick=False):
            filled = app.test_cli_runner().invoke(args=["demo"])
        if filled.exit_code:
            sys.exit(filled.output)
        yield app
        with app.app_context():
            db.engine.dispose()


def signed_in(app: Flask, name: str) -> str:
    """Return the cookie of somebody who has signed in."""
    client = app.test_client()
    with app.test_request_context(base_url="http://127.0.0.1"), writing():
        user = signin.find(name)
        number, token = user.id, signin.sign_in(user)
    with client.session_transaction() as kept:
        kept.update(_user_id=str(number), _fresh=True, sid=token, seen=int(now().timestamp()))
    return client.get_cookie("session").value


def windows(browser: Browser, address: str, cookies: dict[str, str]) -> Iterator[tuple[str, str, Page]]:
    """Give a window of each size and scheme, for each person, with what its pictures are called."""
    for size in SIZES:
        for scheme in SCHEMES:
            for name, cookie in cookies.items():
                look = {"viewport": size, "color_scheme": scheme, "reduced_motion": "reduce"}
                context = browser.new_context(**look, base_url=address, locale="en-GB")
                if cookie:
                    context.add_cookies([{"name": "session", "value": cookie, "url": address}])
                yield name, f"{size['width']}-{scheme}", context.new_page()
                context.close()


def make(folder: Path, pages: list[tuple[str, str, str]] = PAGES) -> list[Path]:
    """Write the pictures into a folder; return their files."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with (
        demo() as app,
        time_machine.travel(LOOKED_AT) as clock,
        served(app) as address,
        sync_playwright() as playwright,
    ):
        cookies = {name: name and signed_in(app, name) for name in dict.fromkeys(who for _title, who, _path in pages)}
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=LAUNCH)
        for name, look, page in windows(browser, address, cookies):
            for title, _who, path in (entry for entry in pages if entry[1] == name):
                clock.move_to(LOOKED_AT)  # every page at the same moment, however long the others took
                page.goto(path)
                made.append(folder / f"{title}-{look}.png")
                page.screenshot(path=made[-1], animations="disabled", caret="hide")
        browser.close()
    return made


if __name__ == "__main__":
    made = make(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)
    sys.stderr.write(f"{len(made)}: {made[0].parent}\n")
