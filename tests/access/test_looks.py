"""Every page is for everybody: in light and dark, three languages, large, by touch and in forced colours."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser import NARROWEST, PHONE, SIDEWAYS, STANDARDS, STOPS, WIDE, Tour, violations
from tests.keyboard import UNSEEN
from tests.world import DEBATE

PAGES = [(who, address) for who in STOPS for address in dict.fromkeys(STOPS[who])]
PREFIXES = ("", "/ru", "/kk")
# What the ordinary run looks at: the parts that most people meet, and the desk.
FEW = [
    ("reader", DEBATE),
    ("reader", f"{DEBATE}/replies/{{thread}}"),
    ("reader", "/accounts/sign-up"),
    ("aigerim", "/accounts/replies"),
    ("maria", "/moderation/replies/{reported}"),
]
pages = pytest.mark.parametrize(
    ("who", "address"),
    [*FEW, *(pytest.param(*page, marks=pytest.mark.long) for page in PAGES if page not in FEW)],
)
pytestmark = pytest.mark.browser


def unfolded(tour: Tour, who: str, address: str, prefix: str = "") -> Page:
    """Open a page with everything unfolded that can be."""
    page = tour.open(who, prefix + address)
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    return page


def anew(page: Page) -> None:
    """Leave a window as others expect it."""
    page.emulate_media(color_scheme="light", contrast="no-preference", forced_colors="none")
    page.set_viewport_size(WIDE)


@pytest.mark.long
@pytest.mark.parametrize("prefix", PREFIXES, ids=["en", "ru", "kk"])
@pytest.mark.parametrize(("who", "address"), PAGES)
def test_axe_finds_nothing_in_any_language_colours_and_width(tour: Tour, who: str, address: str, prefix: str) -> None:
    assert not axe_everywhere(tour, who, address, prefix)


@pytest.mark.parametrize(("who", "address", "prefix"), [(*FEW[0], "/ru"), (*FEW[2], "/kk"), (*FEW[4], "/kk")])
def test_axe_finds_nothing_on_some_pages_in_russian_and_kazakh(tour: Tour, who: str, address: str, prefix: str) -> None:
    assert not axe_everywhere(tour, who, address, prefix)


def axe_everywhere(tour: Tour, who: str, address: str, prefix: str) -> list[str]:
    """Return what axe finds on one page, wide and on a phone, in light and dark; and what the browser complains of."""
    page = unfolded(tour, who, address, prefix)
    page.evaluate(AXE_SCRIPT)
    found = list(tour.blocked)
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        page.evaluate("scrollTo(0, 0)")
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours)
            found += [f"{size['width']} {colours}: {fault}" for fault in violations(page, STANDARDS)]
        found += [f"{size['width']}: {element} sticks out" for element in page.evaluate(SIDEWAYS)]
    anew(page)
    return found


@pages
def test_running_text_stands_out_seven_to_one(tour: Tour, who: str, address: str) -> None:
    page = unfolded(tour, who, address)
    page.evaluate(AXE_SCRIPT)
    found = []
    for colours in ("light", "dark"):
        for contrast in ("no-preference", "more"):
            page.emulate_media(color_scheme=colours, contrast=contrast)
            found += [f"{colours}, {contrast}: {fault}" for fault in page.evaluate(PALE)]
    anew(page)
    assert not found, "\n".join(found)


@pages
def test_what_acts_is_large_under_a_finger_and_everything_is_large_enough(
    tour: Tour, who: str, address: str, touched: dict[str, Page]
) -> None:
    page = unfolded(tour, who, address)
    found = [f"mouse: {small}" for small in page.evaluate(SMALL, [24, 24])]
    if who not in touched:
        touched[who] = tour.window("" if who == "reader" else who, viewport=PHONE, has_touch=True, is_mobile=True)
    page = touched[who]
    page.goto(address.format(**tour.numbers))
    assert page.evaluate("matchMedia('(any-pointer: coarse)').matches")
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    found += [f"finger: {small}" for small in page.evaluate(SMALL, [44, 24])]
    assert not found, "\n".join(found)


@pytest.fixture(scope="module")
def touched() -> dict[str, Page]:
    """Return the windows of people who have a phone, by their names."""
    return {}


@pages
def test_twice_as_large_and_four_times_as_near_nothing_sticks_out(tour: Tour, who: str, address: str) -> None:
    page = tour.open(who, address)
    session = page.context.new_cdp_session(page)
    found = []
    for size, letters in ((WIDE, 32), (PHONE, 32), ({"width": 320, "height": 256}, 16)):
        session.send("Page.setFontSizes", {"fontSizes": {"standard": letters, "fixed": letters - 3}})
        page.set_viewport_size(size)
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        found += [f"{size['width']}, {letters} px: {element}" for element in page.evaluate(SIDEWAYS)]
    session.detach()
    anew(page)
    assert not found, "\n".join(found)


@pages
def test_one_sees_where_the_keyboard_is_also_near_and_in_forced_colours(tour: Tour, who: str, address: str) -> None:
    """A line of the ring and a part of what has the focus are in sight: `UNSEEN` says how much, and why."""
    page = unfolded(tour, who, address)
    found = []
    for size in (WIDE, NARROWEST, {"width": 320, "height": 256}):
        page.set_viewport_size(size)
        found += [f"{size}: {unseen}" for unseen in page.evaluate(UNSEEN)]
    page.emulate_media(forced_colors="active")
    page.set_viewport_size(WIDE)
    found += [f"forced colours: {unseen}" for unseen in page.evaluate(UNSEEN)]
    found += [f"forced colours: {lost}" for lost in page.evaluate(LOST)]
    anew(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("prefix", PREFIXES, ids=["en", "ru", "kk"])
def test_nothing_is_behind_the_buttons_of_the_decision_also_when_it_was_refused(tour: Tour, prefix: str) -> None:
    page = unfolded(tour, "maria", "/moderation/replies/{reworded}", prefix)
    page.set_viewport_size({"width": 1120, "height": 640})  # in Russian and Kazakh four buttons stand in four lines
    found = page.evaluate(UNSEEN)
    with page.expect_navigation() as answer:
        page.locator(".acts [value=reject]").click()
    assert answer.value.status == 422
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    found += [f"refused: {unseen}" for unseen in page.evaluate(UNSEEN)]
    anew(page)
    assert not found, "\n".join(found)


@pages
def test_nothing_moves_by_itself_where_somebody_wants_no_movement(tour: Tour, who: str, address: str) -> None:
    page = tour.open(who, address)
    moving: dict[str, Any] = page.evaluate(MOVING)
    assert moving == {"scrolling": "auto", "running": 0, "moved": []}


# Text of several words that is not seven times as light or dark as what it stands on, large text four and a half.
PALE = """() => axe.run({include: [["p"], ["li"], ["dd"], ["dt"], ["td"], ["blockquote"], ["label"], [".text"]]},
  {runOnly: ["color-contrast-enhanced"], resultTypes: ["violations"]}).then(({violations}) =>
  violations.flatMap(({nodes}) => nodes.map(({target, any}) => `${target} ${any[0]?.message}`)).slice(0, 8))"""

# What can be pressed and is smaller than it has to be: what acts, and the rest. A link within a sentence is exempt.
SMALL = """([acting, others]) => {
  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")];
  const shown = all.filter(e => e.checkVisibility({visibilityProperty: true}) && !e.matches(".skip"));
  return shown.flatMap(e => {
    const area = e.matches("[type=radio], [type=checkbox]") ? e.closest("label") ?? e : e;
    if (e.matches("a") && getComputedStyle(e).display === "inline") return [];
    const least = e.matches("a:not(.button, .quiet, .first)") ? others : acting;
    const {width, height} = area.getBoundingClientRect();
    const fits = width >= least - .5 && height >= least - .5;
    return fits ? [] : [`${Math.round(width)} x ${Math.round(height)}: ${e.outerHTML.slice(0, 110)}`];
  });
}"""

# What cannot be told apart where the system paints everything in its own few colours.
LOST = """() => {
  const style = getComputedStyle;
  const probe = document.body.appendChild(document.createElement("span"));
  const colour = name => { probe.style.color = name; return style(probe).color; };
  const [canvas, grey] = [colour("Canvas"), colour("GrayText")];
  const shown = [...document.querySelectorAll("svg:not([aria-hidden=true] svg) rect, .plot path, .mark, .seam rect")]
    .filter(e => e.checkVisibility());
  const unpainted = shown.filter(e => {
    const {fill, stroke} = style(e);
    return [fill, stroke].every(paint => paint === "none" || paint === canvas) && !e.closest(".qr");
  });
  const pressed = [...document.querySelectorAll("[aria-pressed=true]:not(.quiet), .scale [aria-pressed=true]")];
  const same = pressed.filter(e => style(e).borderTopWidth === "1px" && style(e).fontWeight === "600");
  probe.remove();
  return [...unpainted, ...same].map(e => e.outerHTML.slice(0, 110));
}"""

MOVING = """() => ({
  scrolling: getComputedStyle(document.documentElement).scrollBehavior,
  running: document.getAnimations().length,
  moved: [...document.querySelectorAll("*")].filter(e => {
    const {transitionDuration, animationName} = getComputedStyle(e);
    return parseFloat(transitionDuration) > 0 || animationName !== "none";
  }).map(e => e.outerHTML.slice(0, 80)),
})"""
