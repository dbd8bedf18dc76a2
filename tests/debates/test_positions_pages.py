"""The question where one stands, and the shift, in a real browser."""

import pytest
from playwright.sync_api import Locator, Page, expect

from forum.opinions import shifts
from tests.browser import NARROWEST, PHONE, Site, tab_to
from tests.world import DEBATE, World

pytestmark = pytest.mark.browser


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Return an empty database of one engine: what the pages look like does not depend on it."""
    return sqlite_database


def many_answer(world: World) -> None:
    """Let as many members move towards each side as away from it, at every point of the scale."""
    for n in range(60):
        before, step = n % 5 - 2, (n % 3) - 1
        world.answer(f"member-{n}", before=before, after=max(-2, min(2, before + step)))
    with world.at_work():
        shifts.refresh_all()


def asked(page: Page, place: str) -> Locator:
    return page.locator(f"#{place}")


@pytest.mark.parametrize("scripts", [pytest.param(True, marks=pytest.mark.long), False])
def test_on_a_phone_a_member_answers_with_one_tap_each_time(site: Site, scripts: bool) -> None:
    many_answer(site.world)
    page = site.window("aigerim", viewport=PHONE, java_script_enabled=scripts, has_touch=True)
    page.goto(DEBATE)
    asked(page, "where-you-stand").get_by_role("button", name="For", exact=True).tap()
    expect(asked(page, "where-you-stand")).to_have_text(
        "Before reading you answered: For. Nobody else sees it. You are asked once more after the replies."
    )
    expect(asked(page, "where-you-stand")).to_be_in_viewport()
    asked(page, "where-people-stand").get_by_role("button", name="Against", exact=True).tap()
    expect(page.get_by_role("heading", name="Where people stand, before and after")).to_be_in_viewport()
    expect(asked(page, "where-people-stand")).to_contain_text("Your answers: before reading For, after it Against.")
    expect(asked(page, "where-people-stand")).to_contain_text("Of the 60 members who answered twice – not a poll.")
    page.get_by_text("Change the second one").tap()
    asked(page, "where-people-stand").get_by_role("button", name="Undecided").tap()
    expect(asked(page, "where-people-stand")).to_contain_text("before reading For, after it Undecided.")


def test_by_keyboard_one_skips_the_question_or_answers_it(site: Site) -> None:
    page = site.window("aigerim")
    page.goto(DEBATE)
    tab_to(page, page.get_by_role("link", name="Skip the question"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The article", exact=True)).to_be_in_viewport()
    page.goto(DEBATE)
    tab_to(page, asked(page, "where-you-stand").get_by_role("button", name="Strongly against"))
    page.keyboard.press("Space")
    expect(asked(page, "where-you-stand")).to_contain_text("Before reading you answered: Strongly against.")


def test_the_points_of_both_sides_have_the_same_room_and_are_as_large_as_a_finger(site: Site) -> None:
    page = site.window("aigerim")
    for width in (1280, 768, PHONE["width"], NARROWEST["width"]):
        page.set_viewport_size({"width": width, "height": 740})
        page.goto(DEBATE)
        points = asked(page, "where-you-stand").locator(".scale button").all()
        boxes = [box for box in (point.bounding_box() for point in points) if box]
        assert [point.inner_text() for point in points][::4] == ["Strongly for", "Strongly against"]
        assert {round(box["width"]) for box in boxes} == {round(boxes[0]["width"])}
        assert {round(box["height"]) for box in boxes} == {round(boxes[0]["height"])}
        assert boxes[0]["height"] >= 44
        along = "x" if width >= 768 else "y"  # the side that is on the left in the columns comes first
        assert [box[along] for box in boxes] == sorted(box[along] for box in boxes)


@pytest.mark.long
def test_whoever_sees_no_picture_hears_or_reads_the_same(site: Site) -> None:
    many_answer(site.world)
    site.world.answer("aigerim", before=0, after=0)
    page = site.window("aigerim", viewport=PHONE)
    page.goto(DEBATE)
    shift = asked(page, "where-people-stand")
    assert "Too close to call. As many members moved one way as the other." in shift.inner_text()
    bar = "Strongly for: 12; For: 12; Undecided: 12; Against: 12; Strongly against: 12"
    share = "26.7%; 95% interval 17.1% to 39.0%"
    for name in (f"Before {bar}", f"After {bar}", f"Towards for {share}", f"Towards against {share}"):
        expect(shift.get_by_role("img", name=name, exact=True)).to_be_visible()
    shift.get_by_text("The same figures as tables").click()
    assert shift.get_by_text("24 for, 12 undecided, 24 against").count() == 2
    for region in shift.locator(".scroll").all():  # both sides stand on the screen
        assert region.evaluate("it => it.scrollWidth <= it.clientWidth")
    table = shift.get_by_role("table", name="Who moved from where to where")
    rows = [row.inner_text().split("\t") for row in table.get_by_role("row").all()]
    assert rows[1] == ["Strongly for", "10", "0–4", "0–4", "0–4", "0–4"]
    assert rows[5] == ["Strongly against", "0–4", "0–4", "0–4", "0–4", "10"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
