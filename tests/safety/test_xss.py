"""Words that try to become a program: on no page that shows them do they run, or ask another site for anything.

Each page is looked at twice: as the forum sends it, and in a browser that has switched its content policy off.
"""

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route

from forum import create_app
from forum.accounts import signin
from forum.db import db
from forum.privacy import exports
from forum.text import is_storable, render
from tests import browser
from tests.browser import MANY, STOPS, Tour, served
from tests.safety.payloads import payloads
from tests.world import DEBATE, Visitor, World

pytestmark = pytest.mark.browser

ALL = payloads()
STORABLE = [text for text in ALL if is_storable(text)]
PARTS = 12  # of all texts, so that a page that shows several stays near the size of a page
RAN = "a text became a program"
LONGEST = {"FORUM_REPLIES_PER_HOUR": "100000", "FORUM_WAITING_PER_MEMBER": "100000"}
SHOWN = "/shown-by-the-test"
FEEDS = ["/feeds/debates.atom", f"/feeds{DEBATE}.atom", "/feeds/people/boris.atom", "/log.atom"]
POLICIES = [pytest.param(False, id="with-the-policy", marks=pytest.mark.long), pytest.param(True, id="policy-off")]
# Elements of the page itself that would run something as soon as a person touches them.
ARMED = """() => [...document.querySelectorAll("*")].filter(element => [...element.attributes].some(({name, value}) =>
  name.startsWith("on") || name === "srcdoc" || (name === "style" && value.includes("evil"))
  || (["href", "src", "action", "data", "formaction", "xlink:href"].includes(name)
      && (/^[\\s\\x00-\\x1f]*(javascript|vbscript|data):/i.test(value) || (value.includes("evil.example")
          && element.tagName !== "A"))))).map(element => element.outerHTML.slice(0, 120))"""


class Witness:
    """A browser window that notes each text that ran, and each request to another site."""

    def __init__(self, chromium: Browser, address: str, visitor: Visitor | None = None, *, bypass: bool) -> None:
        self.home = urlsplit(address).netloc
        self.found: list[str] = []
        self.context: BrowserContext = chromium.new_context(base_url=address, bypass_csp=bypass)
        self.context.add_init_script(f"for (const ask of ['alert', 'msgbox']) window[ask] = () => console.log({RAN!r})")
        self.context.on("console", self._hear)
        self.context.on("dialog", lambda dialog: self._note(f"a window opened: {dialog.message}") or dialog.dismiss())
        self.context.route("**/*", self._pass)
        self.shown: tuple[str, dict[str, str]] = ("", {})
        if visitor and (cookie := visitor.client.get_cookie("session")):
            self.context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
        self.page: Page = self.context.new_page()

    def open(self, path: str) -> list[str]:
        """Open a page, unfold all of it, and return what happened that must not."""
        self.found = []
        self.page.goto(path)
        self.page.evaluate("document.querySelectorAll('details').forEach(folded => folded.open = true)")
        self.found += self.page.evaluate(ARMED)
        return [f"{path}: {fault}" for fault in self.found]

    def show(self, body: str, headers: dict[str, str]) -> list[str]:
        """Show an answer that was got in another way."""
        self.shown = body, headers
        return self.open(SHOWN)

    def _hear(self, message: ConsoleMessage) -> None:
        if RAN in message.text:
            self._note(RAN)

    def _note(self, fault: str) -> None:
        self.found.append(fault)

    def _pass(self, route: Route) -> None:
        asked = urlsplit(route.request.url)
        if asked.netloc != self.home:
            self._note(f"asked for {route.request.url[:80]}")
            route.abort()
        elif asked.path == SHOWN:
            body, headers = self.shown
            route.fulfill(body=body, headers={"Content-Type": "text/html; charset=utf-8"} | headers)
        else:
            route.continue_()


class Stage(Tour):
    """A forum in which everything has happened once, and everybody has written hostile texts everywhere."""

    def __init__(self, words: str, world: World, address: str, chromium: Browser, folder: Path) -> None:
        self.words = words
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(browser, "RICH", words)
            for longest in ("words.WORDS_MAX", "reports.WORDS_MAX", "colleagues.NOTE_MAX"):  # room for them all
                patch.setattr(f"forum.moderation.{longest}", 30_000)
            super().__init__(world, address, chromium, browser.furnish(world, folder))

    def witness(self, who: str = "reader", *, bypass: bool) -> Witness:
        """Return a window of a person."""
        witness = Witness(
            self.chromium, self.address, self.world.visitor("" if who == "reader" else who), bypass=bypass
        )
        self.contexts.append(witness.context)
        return witness


@contextmanager
def staged(part: int, migrated_file: Path, folder: Path, chromium: Browser) -> Iterator[Stage]:
    """Serve a forum full of one part of the texts."""
    shutil.copy(migrated_file, folder / "forum.sqlite3")
    app = create_app({"FORUM_INSTANCE": str(folder)} | MANY | LONGEST, TESTING=True, REPLY_MAX=30_000)
    with served(app) as address:
        stage = Stage("\n\n".join(STORABLE[part::PARTS]), World(app), address, chromium, folder)
        yield stage
        stage.close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def stage(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Stage]:
    """Return a forum full of one part of the texts."""
    with staged(0, migrated_file, tmp_path_factory.mktemp("stage"), chromium) as stage:
        yield stage


@pytest.fixture(params=POLICIES)
def bypass(request: pytest.FixtureRequest) -> bool:
    """Say whether the browser ignores the content policy."""
    return request.param


def as_headers(visitor: Visitor, path: str, **fields: str) -> tuple[str, dict[str, str]]:
    """Return the page that answers a form, with the policy that it came with."""
    answer = visitor.post(path, **fields)
    return answer.text, {"Content-Security-Policy": answer.headers["Content-Security-Policy"]}


def test_there_are_a_thousand_of_them_and_each_is_another() -> None:
    assert len(set(ALL)) == len(ALL) >= 1000


def test_the_witness_sees_a_text_that_runs(stage: Stage, bypass: bool) -> None:
    """What is let through raw runs: else the tests below would see nothing."""
    witness = stage.witness(bypass=bypass)
    seen = sum(bool(witness.show(f"<!doctype html><p>{text}</p>", {})) for text in ALL[::40])
    assert seen > len(ALL[::40]) / 2
    witness.context.close()


def test_each_text_by_itself_is_harmless_as_soon_as_it_is_rendered(stage: Stage) -> None:
    witness = stage.witness(bypass=True)
    for few in [ALL[start : start + 25] for start in range(0, len(ALL), 25)]:
        bodies = "\n".join(f"<article>{render(text)}</article>" for text in few)
        assert witness.show(f"<!doctype html>{bodies}", {}) == []
    witness.context.close()


PAGES = [(who, address) for who in STOPS for address in STOPS[who]]
ORDINARY = [
    ("reader", DEBATE),
    ("reader", "/replies/{reworded}/history"),
    ("aigerim", "/accounts/replies"),
    ("aigerim", "/notifications"),
    ("maria", "/moderation/replies/{reported}"),
]


def ran(stage: Stage, pages: list[tuple[str, str]], *, bypass: bool) -> list[str]:
    """Return what happened on pages of the forum that must not."""
    found = []
    for who in dict.fromkeys(who for who, _address in pages):
        witness = stage.witness(who, bypass=bypass)
        for address in (address for name, address in pages if name == who):
            found += [f"{who} {fault}" for fault in witness.open(address.format(**stage.numbers))]
        witness.context.close()
    return found


def test_no_page_runs_what_people_wrote(stage: Stage, bypass: bool) -> None:
    assert ran(stage, ORDINARY, bypass=bypass) == []


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_of_all_runs_any_of_it(
    part: int, bypass: bool, migrated_file: Path, tmp_path: Path, chromium: Browser
) -> None:
    with staged(part, migrated_file, tmp_path, chromium) as stage:
        assert ran(stage, PAGES, bypass=bypass) == []


@pytest.mark.long
def test_the_texts_stand_on_the_pages_that_were_looked_at(stage: Stage) -> None:
    """They are there, as words: else the pages above would be harmless because they are empty."""
    marks = ["<script>alert(1)</script>", *STORABLE[0::PARTS][5:50:10]]
    holding = []
    for who, address in PAGES:
        page = stage.world.visitor("" if who == "reader" else who).get(address.format(**stage.numbers)).text
        words = "".join(unescape(re.sub(r"<[^>]*>", "", page)).split())
        holding += [(who, address)] if any("".join(mark.split()) in words for mark in marks) else []
    assert len(holding) > 30
    assert set(holding) >= set(ORDINARY)


@pytest.mark.parametrize("every", [pytest.param(200, id="some"), pytest.param(1, id="all", marks=pytest.mark.long)])
def test_what_is_searched_for_is_echoed_as_words(stage: Stage, bypass: bool, every: int) -> None:
    witness = stage.witness(bypass=bypass)
    for text in ALL[::every]:
        asked = quote(text)
        assert witness.open(f"/search?q={asked}") == []
    for text in ALL[:: every * 10]:
        asked = quote(text)
        for path in (f"/search?q=police&person={asked}&since={asked}", f"/log?rule={asked}&action={asked}"):
            assert witness.open(path) == []
    witness.context.close()


def test_what_a_form_gives_back_stands_in_its_fields(stage: Stage, bypass: bool) -> None:
    """Names, passwords, reports, previews and refused replies: what was typed comes back as words."""
    reader = stage.world.visitor()
    witness = stage.witness(bypass=bypass)
    answers = {
        "preview": as_headers(reader, f"{DEBATE}/replies/preview", stance="pro", text=stage.words),
        "report": as_headers(reader, f"/replies/{stage.numbers['thread']}/report", reason="x", explanation=stage.words),
        "refused": as_headers(stage.world.visitor("aigerim"), f"{DEBATE}/replies", stance="x", text=stage.words),
    }
    for name, (page, headers) in answers.items():
        assert "onstart=" in page, name
        assert witness.show(page, headers) == [], name
    witness.context.close()


@pytest.mark.parametrize("every", [pytest.param(200, id="some"), pytest.param(1, id="all", marks=pytest.mark.long)])
def test_nobody_has_a_name_that_runs(stage: Stage, bypass: bool, every: int) -> None:
    reader = stage.world.visitor()
    witness = stage.witness(bypass=bypass)
    for text in ALL[::every]:
        answer = reader.post("/accounts/sign-up", name=text, password="three quiet horses")
        assert answer.status_code == 422, text
        policy = {"Content-Security-Policy": answer.headers["Content-Security-Policy"]}
        assert witness.show(answer.text, policy) == [], text
    witness.context.close()


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_is_harmless_even_where_it_is_opened_as_a_page(stage: Stage, path: str, bypass: bool) -> None:
    """As it is; taken for a page; and as a reader of feeds shows it, without a policy at all."""
    witness = stage.witness(bypass=bypass)
    answer = stage.world.visitor().get(path)
    policy = {"Content-Security-Policy": answer.headers["Content-Security-Policy"]}
    assert witness.show(answer.text, policy | {"Content-Type": answer.headers["Content-Type"]}) == []
    assert witness.show(answer.text, policy) == []
    contents = re.findall(r'<(?:content|title|summary)[^>]* type="html"[^>]*>(.*?)</', answer.text, re.DOTALL)
    assert contents or path == "/log.atom"  # which has no words of members
    assert witness.show("<!doctype html>" + "\n".join(unescape(content) for content in contents), {}) == []
    witness.context.close()


def test_an_archive_is_harmless_where_it_is_opened(stage: Stage) -> None:
    """It lies on somebody's disk, so it is shown without any header."""
    with stage.world.at_work():
        packed = exports.archive(signin.find("aigerim"))
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        page = next(files.read(name).decode() for name in files.namelist() if name.endswith(".html"))
    assert "onstart=" in page
    witness = stage.witness(bypass=True)
    assert witness.show(page, {}) == []
    witness.context.close()
