"""A walk through the forum in a language that nobody speaks: no visible word was forgotten to be marked."""

import io
import re
import shutil
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser
from werkzeug.test import TestResponse

from forum import catalogues, create_app
from forum.accounts.models import Role, User
from forum.db import db, writing
from forum.debates.models import DebateName
from forum.jobs import Kind
from forum.moderation.models import Action
from forum.settings import ROOT
from tests.browser import MANY, PHONE, SIDEWAYS, STOPS, WIDE, Site, furnish, served
from tests.notifications.test_letters import Postbox, body, postbox
from tests.pseudo import CODE, Content, spoken, write_catalogue
from tests.world import DEBATE, UNKNOWN, World

__all__ = ["postbox"]
TABLES = [ROOT / "forum" / "moderation" / name for name in ("rules.toml", "explanations.toml")]
DATA = {"English", "Русский", "Қазақша", "police law", "plice"}  # languages by their own names, and what is looked for
FEEDS = ["/feeds/debates.atom", f"/feeds{DEBATE}.atom", "/feeds/people/boris.atom", "/log.atom"]
# What no field can be, for every field of every form.
FIELDS = "name password current code address quote text wording version do chosen draft frequency well_argued outcome"
ODD = dict.fromkeys(FIELDS.split(), "x") | {"note": "", "title": "", "answer": "x" * 2001, "credential": "{}"}
CHOICES = "stance action parent passage position language reason rule kind role days"
ODD |= dict.fromkeys(CHOICES.split(), "unheard-of") | {"change": "password", "explanation": "x"}


@pytest.fixture(scope="module")
def world(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return a forum in which everything has happened once, and which speaks the language that nobody speaks."""
    folder = tmp_path_factory.mktemp("pseudo")
    write_catalogue(folder / "translations")
    (folder / "pages" / CODE).mkdir(parents=True)
    for name in ("about", "privacy", "safety"):  # the operator's
        (folder / "pages" / CODE / f"{name}.md").write_text(f"# {spoken(name)}", encoding="utf-8")
    shutil.copy(migrated_file, folder / "forum.sqlite3")
    facts = {"FORUM_INSTANCE": str(folder), "FORUM_LANGUAGES": f"{CODE},en,ru,kk"} | MANY
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogues, "FOLDER", folder / "translations")
        app = create_app(facts, TESTING=True, PROPAGATE_EXCEPTIONS=False, SMTP_URL="smtp://127.0.0.1:9")
        world = World(app)
        numbers = furnish(world, folder)
        for name in STOPS.keys() - {"reader"}:
            world.person(name)
        with world.at_work(), writing():
            db.session.execute(db.update(User).values(language=CODE))
        app.extensions["furnished"] = numbers
        yield world
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def content(world: World) -> Content:
    with world.at_work():
        names = [*db.session.scalars(db.select(User.name))]
        names += [words for row in db.session.scalars(db.select(DebateName)) for words in (row.name, row.tag)]
        return Content([*names, *DATA, *ODD.values(), world.app.config["SITE_NAME"], *leaves(TABLES)])


def leaves(tables: Iterable[Path]) -> Iterator[str]:
    """Give every text of the house's rules and ready explanations, which have their languages in their files."""
    items: list[Any] = [tomllib.loads(table.read_text(encoding="utf-8")) for table in tables]
    while items:
        item = items.pop()
        if isinstance(item, str):
            yield item
        else:
            items += item.values() if isinstance(item, dict) else item


def assert_marked(content: Content, answers: Iterable[tuple[str, TestResponse]]) -> None:
    """See that nothing in the answers is bare, and that none is an error of ours."""
    found: dict[str, str] = {}
    for where, answer in answers:
        assert answer.status_code < 500, where
        if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
            for bare in content.unmarked(answer.text):
                found.setdefault(bare, where)
    assert not found, "visible, and never marked:\n" + "\n".join(f"{bare} ({at})" for bare, at in found.items())


def test_no_page_shows_a_word_that_was_never_marked(world: World, content: Content) -> None:
    assert_marked(content, walk(world))


def walk(world: World) -> Iterator[tuple[str, TestResponse]]:
    for who, addresses in STOPS.items():
        visitor = world.visitor("" if who == "reader" else who)
        for address in addresses:
            yield f"{who} {address}", visitor.get(address.format(**world.app.extensions["furnished"]))


def test_no_feed_has_such_a_title(world: World, content: Content) -> None:
    for address in FEEDS:
        feed = world.visitor().get(address).text
        titles = re.findall(r"<(?:sub)?title>(.*?)</|<d[td]>(.*?)</d|label=\"(.*?)\"", feed)
        said = [title for found in titles for title in found if not re.fullmatch("[0-9a-f]{64}", title)]
        parts = [part for title in said for part in ([title] if content.is_fine(title) else title.split(": ", 1))]
        assert [part for part in parts if not content.is_fine(part)] == [], address  # a side, and its first words


def test_nor_has_an_archive_or_a_page_of_an_error(world: World, content: Content) -> None:
    reader = world.visitor()
    answers = [("unread", reader.client.post("/accounts/sign-in", data={"csrf_token": "old"}))]
    answers += [("too much", reader.client.post("/accounts/sign-in", data={"name": "x" * 100_000}))]
    answers += [("no such request", reader.client.put("/about")), ("a program’s", reader.get("/api/v1/unknown"))]
    assert_marked(content, answers)
    with zipfile.ZipFile(io.BytesIO(world.export("aigerim"))) as files:
        page = files.read("everything.html").decode()
    assert content.unmarked(re.sub(r"<dd[^>]*>.*?</dd>", "", page, flags=re.DOTALL)) == []  # what is stored, as it is
    assert page.count("<dt>⟦") > 100


def test_nor_does_a_letter(world: World, content: Content, postbox: Postbox) -> None:
    for name in ("aigerim", "boris", "gulnar", "maria", "zarina"):
        world.give_address(name, confirmed=True)
    world.visitor("timea").post("/notifications/mail", change="address", address="a@example.org", frequency="immediate")
    for status in ("rejected", "returned", "removed"):
        world.reply_that_is(status, "boris")
    world.published("saule", parent=world.published("boris"))
    world.judge(world.appeal(world.decide(world.reply("boris"), Action.REJECT)))
    world.propose_role("maria", Role.LEAD)
    world.warn("gulnar")
    world.export("aigerim")
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
        world.do_jobs(kinds=[Kind.START_LETTERS])
    letters = postbox.taken()
    assert {letter["To"] for letter in letters} == {"a@example.org", "quiet.fox@example.org"}
    assert sum(body(letter).count("⟦") for letter in letters) > 20
    for letter in letters:
        said = f"<title>{letter['Subject']}</title><p>{escape(body(letter))}</p>"
        assert content.unmarked(said) == []


@pytest.mark.parametrize("who", ["aigerim", *(pytest.param(name, marks=pytest.mark.long) for name in ("", "zarina"))])
def test_nor_does_a_form_that_was_refused(world: World, content: Content, who: str) -> None:
    assert_marked(content, forms(world, who))


def forms(world: World, who: str) -> Iterator[tuple[str, TestResponse]]:
    """Send nothing, and what no field can be, to one row of each kind, and to one that is not there."""
    seen: set[tuple[str, bool]] = set()
    for endpoint, address in world.addresses("POST"):
        is_unknown = str(UNKNOWN) in address or "unknown" in address
        if (endpoint, is_unknown) not in seen:
            seen.add((endpoint, is_unknown))
            for fields in [ODD] if is_unknown else [{}, ODD]:
                yield f"{who} sends {len(fields)} fields to {address}", world.visitor(who).post(address, **fields)


PAGES = [(who, address) for who in STOPS for address in STOPS[who]]
MAIN = [("reader", "/"), ("reader", DEBATE), ("aigerim", f"{DEBATE}/replies/new"), ("aigerim", "/accounts/replies")]
MAIN += [("maria", "/moderation"), ("maria", "/moderation/replies/{waiting}"), ("timea", DEBATE)]


@pytest.fixture(scope="module")
def site(world: World, chromium: Browser) -> Iterator[Site]:
    with served(world.app) as address:
        site = Site(world, address, chromium)
        yield site
        site.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("who", "address"),
    [pytest.param(*page, marks=[] if page in MAIN else pytest.mark.long) for page in dict.fromkeys(PAGES)],
)
def test_a_page_holds_words_that_are_longer_by_two_fifths(site: Site, who: str, address: str) -> None:
    page = site.window("" if who == "reader" else who)
    page.goto(address.format(**site.world.app.extensions["furnished"]))
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    found = []
    for size in (PHONE, WIDE):
        page.set_viewport_size(size)
        found += [f"{size['width']} px: {fault}" for fault in page.evaluate(SIDEWAYS) + page.evaluate(CUT)]
    page.context.close()
    assert not found, "\n".join(found)


# Words that do not fit into what holds them, where it does not scroll; and halves of different width.
CUT = """() => {
  const seen = [...document.body.querySelectorAll("*")].filter(e => e.checkVisibility() && e.clientWidth);
  const cut = seen.filter(e => {
    const {overflowX, overflowY, webkitLineClamp} = getComputedStyle(e);
    const hides = [overflowX, overflowY].some(way => ["hidden", "clip"].includes(way));
    const holds = e.matches("button, .button, .stance, label, th, td, dt, dd, summary, legend, h1, h2, h3");
    const isForEars = e.clientWidth <= 1 || e.clientHeight <= 1;
    const isOnPurpose = webkitLineClamp !== "none";  // of two lines the end, where somebody’s first words stand
    return !isForEars && !isOnPurpose && (hides || holds) && overflowX !== "auto" && overflowX !== "scroll"
      && (e.scrollWidth > e.clientWidth + 1 || (hides && e.scrollHeight > e.clientHeight + 1));
  });
  const halves = [...document.querySelectorAll(".halves, .sides, .side-heads")].filter(list => {
    const widths = [...list.children].map(child => Math.round(child.getBoundingClientRect().width));
    return widths.length === 2 && Math.abs(widths[0] - widths[1]) > 1;
  });
  const named = e => `${e.tagName} ${e.className}: ${e.textContent.trim().slice(0, 40)}`;
  return [...cut.map(e => `cut off: ${named(e)}`), ...halves.map(e => `unequal: ${named(e)}`)].slice(0, 6);
}"""


def test_the_walk_itself_finds_a_bare_word_wherever_it_can_stand(content: Content) -> None:
    fine = spoken("Fine %(name)s, <b>here</b>").replace("%(name)s", "boris")
    page = f"""<html lang="{CODE}"><title>{fine} – Evenhand</title><meta name="description" content="Bare one">
    <p>{fine} <bdi>boris</bdi> 12 · <use href="#x"/><br>Bare two</p><a title="Bare three" href="/en">{fine}</a>
    <p dir="auto">Argument number 1, bare four</p><code>a1b2</code><button>{fine}, bare five</button><option>bare six
    <input type="submit" value="bare seven"><img alt="bare eight"><textarea>what is typed</textarea></html>"""
    assert [found.rpartition(": ")[2] for found in content.unmarked(page)] == [
        *("Bare one", "Bare two", "Bare three", "Argument number 1, bare four"),
        *(", bare five", "bare six", "bare seven", "bare eight"),
    ]
