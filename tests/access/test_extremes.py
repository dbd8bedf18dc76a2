"""Pages keep their look with nothing, the usual and the most in them: at three widths, in three languages."""

from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import browser, extremes
from tests.browser import WIDE, Tour
from tests.conftest import toured
from tests.extremes import LONG, exaggerate
from tests.faults import KINDS, faults_of, faults_of_look
from tests.world import DEBATE

WIDTHS = (360, 768, 1280)
PREFIXES = ("", "/ru", "/kk")
# What the ordinary run looks at of a forum in which nothing has happened; the most is made for the long run.
FEW_BARE = [("reader", DEBATE, "/kk"), ("maria", "/moderation", "/ru")]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def extreme(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Tour]:
    """Return the forum of extremes, served."""
    with toured(migrated_file, tmp_path_factory.mktemp("extremes"), chromium, exaggerate) as tour:
        yield tour


@pytest.fixture(scope="module")
def bare(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Tour]:
    """Return a forum in which nothing has happened yet, served."""
    with toured(migrated_file, tmp_path_factory.mktemp("bare"), chromium, lambda _world, _folder: {}) as tour:
        yield tour


def looks(stops: dict[str, list[str]], few: Collection[tuple[str, str, str]] = ()) -> pytest.MarkDecorator:
    """Return who looks at what in which language; all but a few belong to the long run."""
    every = [(who, at, prefix) for who in stops for at in dict.fromkeys(stops[who]) for prefix in PREFIXES]
    assert set(few) <= set(every)
    marks = [[] if look in few else [pytest.mark.long] for look in every]
    ids = [f"{who} at {prefix}{at}" for who, at, prefix in every]
    found = [pytest.param(*look, marks=mark, id=name) for look, mark, name in zip(every, marks, ids, strict=True)]
    return pytest.mark.parametrize(("who", "address", "prefix"), found)


@looks(extremes.STOPS)
def test_a_page_keeps_its_look_with_the_most_in_it(extreme: Tour, who: str, address: str, prefix: str) -> None:
    assert not faults(extreme, who, prefix + address)


@looks(extremes.BARE, FEW_BARE)
def test_it_does_with_nothing_in_it(bare: Tour, who: str, address: str, prefix: str) -> None:
    assert not faults(bare, who, prefix + address)


@looks(browser.STOPS)
def test_it_does_with_the_usual(tour: Tour, who: str, address: str, prefix: str) -> None:
    assert not faults(tour, who, prefix + address)


def faults(tour: Tour, who: str, address: str) -> list[str]:
    """Return what is wrong with a page at each width, with everything unfolded."""
    page = tour.open(who, address)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width}: {fault}" for fault in faults_of_look(page)]
    page.set_viewport_size(WIDE)
    return found


PAPER = {"width": 794, "height": 1123}  # an A4 sheet


@pytest.mark.long
@pytest.mark.parametrize("prefix", ["/ru", "/kk"])
@pytest.mark.parametrize(
    "address", ["/debates/forty", "/debates/many", "/debates/forty/replies/{thread}", "/log", "/rules"]
)
def test_on_paper_it_does_too_and_says_where_it_was_read(extreme: Tour, address: str, prefix: str) -> None:
    page = extreme.open("reader", prefix + address)
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    found = [fault for kind in ("sideways", "cut", "overlapping", "broken") for fault in faults_of(page, kind)]
    has_address = page.locator(".printed").is_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size(WIDE)
    assert not found
    assert has_address


@pytest.mark.long
def test_on_paper_so_does_what_was_decided_on_own_replies(extreme: Tour) -> None:
    page = extreme.open(LONG, "/kk/accounts/replies")
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    found = faults_of(page, "sideways") + faults_of(page, "cut") + faults_of(page, "overlapping")
    page.emulate_media(media="screen")
    page.set_viewport_size(WIDE)
    assert not found


def test_a_list_in_an_answer_stands_as_in_any_reply(tour: Tour) -> None:
    page = tour.open("reader", f"{DEBATE}/replies/{{thread}}")
    lined = page.locator(".text ol").evaluate_all("lists => lists.map(e => getComputedStyle(e).borderInlineStartWidth)")
    assert len(lined) > 3
    assert set(lined) == {"0px"}


@pytest.mark.long
def test_the_original_of_a_passage_stands_below_its_translation(extreme: Tour) -> None:
    page = extreme.open("reader", "/ru/debates/forty/passages/1")
    page.get_by_text("Оригинал", exact=True).click()
    translation, original = page.locator(".passage [lang=ru]").first, page.locator(".original > div")
    place, below = translation.bounding_box(), original.bounding_box()
    assert place is not None
    assert below is not None
    assert (below["x"], below["width"]) == (place["x"], place["width"])
    assert below["y"] > place["y"] + place["height"]


# What breaks the look of a debate in the way that each script looks for.
PLANTED = {
    "sideways": "document.querySelector('h1').style.minWidth = '2000px'",
    "cut": "Object.assign(document.querySelector('.lead, .motion > p').style, {height: '1em', overflow: 'hidden'})",
    "overlapping": "document.querySelector('.source').style.marginBlockEnd = '-60px'",
    "unequal": "document.querySelector('.halves > li + li').style.paddingInlineStart = '40px'",
    "broken": "document.querySelector('.exit').style.width = '50px'",
    "headline": "document.querySelector('h2').outerHTML = '<h1>One more</h1>'",
}


@pytest.mark.parametrize("fault", KINDS)
def test_each_of_these_faults_would_be_seen(bare: Tour, fault: str) -> None:
    page: Page = bare.open("reader", DEBATE)
    assert not faults_of(page, fault)
    page.evaluate(PLANTED[fault])
    assert faults_of(page, fault)


@pytest.mark.long
def test_columns_of_unequal_width_and_text_out_of_its_box_would_be_seen(extreme: Tour) -> None:
    page = extreme.open("reader", "/debates/many")
    page.evaluate("document.querySelector('.pairs > [data-stance=anti]').style.width = '45%'")
    assert faults_of(page, "unequal")
    page.evaluate("document.querySelector('.reply .text p').style.whiteSpace = 'nowrap'")
    assert any("out of its box" in fault for fault in faults_of(page, "cut"))


@pytest.mark.parametrize(("prefix", "count"), [("", "1,500"), ("/ru", "1\u00a0500"), ("/kk", "1\u00a0500")])
def test_the_count_below_a_long_text_is_written_as_elsewhere_on_the_page(bare: Tour, prefix: str, count: str) -> None:
    """Also in a language whose numbers the browser does not know, as Kazakh here."""
    page = bare.open("reader", f"{prefix}{DEBATE}/replies/new")
    page.locator("#text").fill("x" * 1500)
    expect(page.locator(".count output")).to_contain_text(count)
