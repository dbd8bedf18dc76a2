"""What a person sees in a real browser, with and without scripts, by hand, by keyboard, on a phone and on paper."""

import re
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from playwright.sync_api import expect

from forum.accounts import sessions, signin
from forum.db import now, writing
from forum.debates.models import SIDES, Stance
from forum.moderation.models import Action
from tests.browser import (
    FORMS,
    LINES,
    NARROWEST,
    PHONE,
    READING,
    RICH,
    SEND,
    STOPS,
    TEXT,
    WIDE,
    Site,
    Tour,
    assert_left,
    assert_written,
    boxes,
    faults,
    fill,
    open_first_at_desk,
    reword,
    send,
    tab_to,
    undirected,
    window_with_exit,
    write,
)
from tests.keyboard import UNSEEN
from tests.world import DEBATE, PASSWORD, PLEA, SECOND_WHY, WHY, World

pytestmark = pytest.mark.browser


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Return an empty database of one engine: what the pages look like does not depend on it."""
    return sqlite_database


NO_PAGES = {"static", "transparency.feed", "transparency.table"}
NO_PAGES |= {"second_factor.step"}  # the page between two others: a test of its own
NO_PAGES |= {"feeds.of_site", "feeds.of_debate", "feeds.of_member", "feeds.sitemap", "feeds.robots"}
NO_PAGES |= {"api.debates", "api.debate", "api.replies", "api.reply", "api.log", "api.openapi"}
NO_PAGES |= {"health.alive", "health.ready"}


def test_the_tour_leaves_no_page_out(tour: Tour) -> None:
    urls = tour.world.app.url_map
    of_the_map = {
        rule.endpoint for rule in urls.iter_rules() if "GET" in rule.methods and rule.endpoint not in NO_PAGES
    }
    seen = set()
    for who, addresses in STOPS.items():
        visitor = tour.world.visitor("" if who == "reader" else who)
        for address in (address.format(**tour.numbers) for address in addresses):
            if visitor.get(address).status_code == 200:
                seen.add(urls.bind("").match(address.partition("?")[0])[0])
    assert seen == of_the_map


def test_whatever_members_wrote_runs_in_its_own_direction_on_every_page(tour: Tour) -> None:
    """Each text with the words of `RICH` stands in an element that asks for it, whatever page shows it to whom."""
    answers = []
    for who, addresses in STOPS.items():
        visitor = tour.world.visitor("" if who == "reader" else who)
        answers += [(who, at.format(**tour.numbers), visitor.get(at.format(**tour.numbers)).text) for at in addresses]
    reader = tour.world.visitor()
    answers.append(("reader", "the preview", reader.post(f"{DEBATE}/replies/preview", text=RICH, stance="pro").text))
    found = {f"{who} {at}: {words}" for who, at, page in answers for words in undirected(page, "thing, then")}
    assert not found, "\n".join(sorted(found))
    assert len([page for _who, _at, page in answers if "thing, then" in page]) > 30


PAGES = [(who, address) for who in STOPS for address in STOPS[who]]


@pytest.mark.parametrize(
    ("who", "address"),
    [pytest.param(*page, marks=[] if n % 6 == 0 else pytest.mark.long) for n, page in enumerate(PAGES)],
)
def test_a_page_is_fit_for_everybody_in_light_and_dark_and_on_a_small_phone(tour: Tour, who: str, address: str) -> None:
    found = faults(tour.open(who, address)) + tour.blocked
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("who", "address", "typed", "button", "status"), FORMS)
def test_so_is_the_page_of_a_form_that_was_answered(
    tour: Tour, who: str, address: str, typed: dict[str, str], button: str, status: int
) -> None:
    page = tour.open(who, address)
    pressed = page.get_by_role("button", name=button, exact=True)
    form = page.locator("form", has=pressed)
    for label, value in typed.items():
        form.get_by_label(label, exact=True).fill(value)
    if button == SEND:
        form.get_by_label("For legalisation").check()
    assert send(page, pressed) == status
    found = faults(page) + tour.blocked
    assert not found, "\n".join(found)


def test_so_is_the_second_step_of_signing_in(tour: Tour) -> None:
    page = tour.window()
    page.goto("/accounts/sign-in")
    fill(page, Pseudonym="timur", Password=PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("Code of your app")).to_be_focused()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible()
    found = faults(page)
    page.get_by_label("Code of your app").fill("000000")
    assert send(page, page.get_by_role("button", name="Sign in", exact=True)) == 422
    found += faults(page)
    assert not found, "\n".join(found)


def test_so_are_the_pages_of_codes_and_passwords(tour: Tour) -> None:
    page = tour.window()
    page.goto("/accounts/sign-up")
    fill(page, Pseudonym="nurlan", Password=PASSWORD)
    send(page, page.get_by_role("button", name="Make the account"))
    code = page.locator(".codes li").first.inner_text()
    found = faults(page)
    page.goto("/accounts/settings")
    password = page.locator("form", has=page.get_by_role("button", name="Change the password"))
    password.get_by_label("Password now").fill(PASSWORD)
    password.get_by_label("New password").fill("another " + PASSWORD)
    send(page, page.get_by_role("button", name="Change the password"))
    expect(page.get_by_role("heading", name="The password is changed")).to_be_visible()
    found += faults(page)
    page.goto("/accounts/recover")
    page.get_by_label("Pseudonym").fill("nurlan")
    page.get_by_label("Recovery code").fill(code)
    page.get_by_label("New password").fill(PASSWORD)
    send(page, page.get_by_role("button", name="Set the password"))
    expect(page.get_by_text("7 recovery codes are left")).to_be_visible()
    found += faults(page)
    assert not found, "\n".join(found)


def test_so_are_the_pages_of_those_who_were_too_late(tour: Tour) -> None:
    number = tour.world.reply("saule")
    page = tour.open("maria", f"/moderation/replies/{number}")
    tour.world.decide(number, Action.PUBLISH, by="timur")
    page.get_by_label("No contempt for a group").check()
    page.get_by_label("To the author").fill(WHY)
    assert send(page, page.get_by_role("button", name="Reject")) == 409
    expect(page.get_by_text("timur has published this reply meanwhile")).to_be_visible()
    expect(page.get_by_label("To the author")).to_have_value(WHY)
    found = faults(page)

    page = tour.open("aigerim", "/replies/{waiting}/edit")
    reword(tour.world, "aigerim", tour.numbers["waiting"])
    page.get_by_label("Your argument").fill(TEXT)
    assert send(page, page.get_by_role("button", name=SEND)) == 409
    expect(page.get_by_label("Your argument")).to_have_value(TEXT)
    found += faults(page)
    assert not found, "\n".join(found)


def test_a_reader_who_does_nothing_gets_no_cookie_and_is_seen_by_no_other_host(tour: Tour) -> None:
    page = tour.window()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for address in READING:
        answer = page.goto(address.format(**tour.numbers))
        assert "set-cookie" not in answer.headers
        assert answer.status == (404 if address == "/no-such-page" else 200)
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(tour.address).netloc}
    assert [words for words in said if "status of 404" not in words] == []


@pytest.mark.parametrize("way", ["link", "keys"])
def test_a_reader_who_leaves_is_not_brought_back_by_the_back_button(tour: Tour, way: str) -> None:
    page = window_with_exit(tour)
    page.goto("/rules")
    page.goto(DEBATE)
    if way == "link":
        page.get_by_role("link", name="Leave this page").click()
    for _ in range(3):
        page.keyboard.press("Escape")
    assert_left(page)
    page.go_back()
    assert page.url == f"{tour.address}/rules"


def test_a_key_between_means_that_nobody_wants_to_leave(tour: Tour) -> None:
    page = window_with_exit(tour)
    page.goto(DEBATE)
    for key in ("Escape", "Escape", "a", "Escape"):
        page.keyboard.press(key)
    assert page.locator("body").is_visible()
    assert page.url == tour.address + DEBATE


def test_without_scripts_the_link_leads_away(tour: Tour) -> None:
    page = window_with_exit(tour, java_script_enabled=False)
    page.goto(DEBATE)
    page.get_by_role("link", name="Leave this page").click()
    assert_left(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_reader_writes_first_joins_sends_and_is_read_by_all(site: Site, scripts: bool) -> None:
    site.world.person("maria")
    aigerim = site.window(java_script_enabled=scripts)
    aigerim.goto(DEBATE)
    aigerim.get_by_role("link", name="Write a reply").click()
    write(aigerim, TEXT)
    aigerim.get_by_role("button", name=SEND).click()
    expect(aigerim.get_by_text("Your text is kept on this page")).to_be_visible()
    aigerim.get_by_role("button", name="Join instead").click()
    fill(aigerim, Pseudonym="aigerim", Password=PASSWORD)
    aigerim.get_by_role("button", name="Make the account").click()
    expect(aigerim.locator(".codes li")).to_have_count(8)
    aigerim.get_by_label("I have kept the codes").check()
    aigerim.get_by_role("button", name="Go on to your text").click()
    assert_written(aigerim, TEXT)
    aigerim.get_by_role("button", name=SEND).click()
    expect(aigerim.get_by_text("Waiting: only you see it here")).to_be_visible()
    expect(aigerim.locator("#replies").get_by_text(TEXT)).to_be_visible()

    maria = site.window(java_script_enabled=scripts)
    open_first_at_desk(maria, site.world.code("maria"))
    expect(maria.get_by_text("aigerim")).to_have_count(0)
    maria.get_by_role("button", name="Publish").click()
    expect(maria.get_by_role("status")).to_contain_text(re.compile(r"Published, \d\d:\d\d: reply 1,"))
    expect(maria.get_by_text("Nothing waits.")).to_be_visible()

    boris = site.window(java_script_enabled=scripts)
    boris.goto(DEBATE)
    expect(boris.get_by_role("article", name="For legalisation aigerim").get_by_text(TEXT)).to_be_visible()
    expect(boris.locator(".side-heads")).to_contain_text("1 reply")


def test_a_rejected_author_finds_the_rule_the_reason_and_the_own_words(site: Site) -> None:
    site.world.reply("boris", text=TEXT)
    site.world.person("maria")
    maria = site.window()
    open_first_at_desk(maria, site.world.code("maria"))
    maria.get_by_role("button", name="Reject").click()
    for words in ("Say which rule it breaks.", "Tell the author why the rule applies"):
        expect(maria.get_by_text(words)).to_have_count(2)  # above the form, leading to the field, and at the field
    maria.get_by_role("link", name="Say which rule it breaks.").click()
    expect(maria.get_by_label("Argue with the point")).to_be_focused()
    maria.get_by_label("Nobody may be recognised").check()
    maria.get_by_label("To the author").fill(WHY)
    maria.get_by_role("button", name="Reject").click()
    expect(maria.get_by_role("status")).to_contain_text(re.compile(r"Rejected, \d\d:\d\d: reply 1,"))

    boris = site.window("boris", java_script_enabled=False)
    boris.goto("/")
    boris.get_by_role("link", name="Notices 1").click()
    boris.get_by_role("link", name="Rejected").click()
    own = boris.get_by_role("region", name="Rejected")
    for words in (TEXT, WHY, "Nobody may be recognised", "Moderator 1"):
        expect(own.get_by_text(words).last).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_removed_reply_returns_to_its_old_place_when_another_moderator_says_so(site: Site, scripts: bool) -> None:
    world = site.world
    for author, text in (("boris", ""), ("aigerim", TEXT), ("boris", "")):
        world.published(author, text=text)
    world.decide(2, Action.REMOVE)
    aigerim = site.window("aigerim", java_script_enabled=scripts)
    aigerim.goto("/accounts/replies")
    expect(aigerim.get_by_text("There is no second moderator yet")).to_have_count(0)
    aigerim.get_by_role("link", name="Appeal").click()
    expect(aigerim.get_by_text("There is no second moderator yet")).to_be_visible()
    aigerim.get_by_label("Why the decision is wrong").fill(PLEA)
    aigerim.get_by_role("button", name="Send the appeal").click()
    expect(aigerim.get_by_role("status")).to_have_text("Your appeal is on its way to another moderator.")

    timur = site.window("timur", java_script_enabled=scripts)
    timur.goto("/moderation")
    timur.get_by_role("link", name="Appeals 1").click()
    timur.get_by_role("link", name=TEXT[:40]).click()
    expect(timur.get_by_text(PLEA)).to_be_visible()
    for hidden in ("maria", WHY):
        expect(timur.get_by_text(hidden)).to_have_count(0)
    timur.get_by_label("It should stay removed").check()
    timur.get_by_label("To the author").fill(SECOND_WHY)
    timur.get_by_role("button", name="Decide the appeal").click()
    expect(timur.get_by_text("Say which rule it breaks.")).to_be_visible()
    expect(timur.get_by_label("To the author")).to_have_value(SECOND_WHY)
    timur.get_by_label("It should be shown again").check()
    timur.get_by_role("button", name="Decide the appeal").click()
    for shown in ("maria", WHY, SECOND_WHY):
        expect(timur.locator("article").get_by_text(shown)).to_be_visible()

    reader = site.window(java_script_enabled=scripts)
    reader.goto(f"{DEBATE}?sort=oldest")
    places = reader.locator("#replies .pairs .reply:not(.voice)").evaluate_all("list => list.map(reply => reply.id)")
    assert [place for place in places if place] == ["reply-1", "reply-2", "reply-3"]
    aigerim.goto("/accounts/replies")
    own = aigerim.get_by_role("region", name="Published")
    for words in (WHY, PLEA, SECOND_WHY, "The decision was reversed"):
        expect(own.get_by_text(words)).to_be_visible()


def test_a_member_reads_writes_and_sends_with_the_keyboard_alone(site: Site) -> None:
    page = site.window("aigerim")
    page.goto(DEBATE)
    skip = page.get_by_role("link", name="Skip to the content")
    tab_to(page, skip, most=1)
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    tab_to(page, page.get_by_role("link", name="Write a reply"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{DEBATE}/replies/new*")
    tab_to(page, page.get_by_label("For legalisation"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_label("Your argument"), most=1)
    page.keyboard.type(TEXT)
    tab_to(page, page.get_by_role("button", name=SEND), most=2)  # past the language that the reply is in
    page.keyboard.press("Enter")
    expect(page.get_by_text("Waiting: only you see it here")).to_be_visible()


@pytest.mark.parametrize(
    ("who", "address", "size"),
    [
        ("aigerim", DEBATE, WIDE),
        ("aigerim", DEBATE, PHONE),
        ("aigerim", "/accounts/replies", PHONE),
        ("reader", f"{DEBATE}/replies/new", WIDE),
        ("maria", "/moderation/replies/{waiting}", WIDE),
    ],
)
def test_one_always_sees_where_the_keyboard_is(tour: Tour, who: str, address: str, size: dict[str, int]) -> None:
    page = tour.open(who, address)
    page.set_viewport_size(size)
    unseen = page.evaluate(UNSEEN)
    assert not unseen, "\n".join(unseen)


def test_what_was_typed_survives_a_refusal(tour: Tour) -> None:
    page = tour.open("aigerim", f"{DEBATE}/replies/new?passage=4")
    write(page, "Too short")
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_text("Please write at least 20 characters.")).to_be_visible()
    assert_written(page, "Too short")


@pytest.mark.parametrize(("name", "scripts"), [("", True), ("aigerim", False)], ids=["reader", "member-no-scripts"])
def test_what_was_typed_survives_the_back_button(site: Site, name: str, scripts: bool) -> None:
    page = site.window(name, java_script_enabled=scripts)
    page.goto(f"{DEBATE}/replies/new")
    write(page, TEXT)
    page.locator(".rules a").first.click()
    page.wait_for_url("**/rules#*")
    page.go_back()
    assert_written(page, TEXT)
    page.get_by_role("button", name=SEND).click()
    page.wait_for_url(f"**{DEBATE}{'#reply-1' if name else '/replies'}")
    page.go_back()
    assert_written(page, TEXT)


def test_what_was_typed_survives_a_session_that_ended_meanwhile(site: Site) -> None:
    page = site.window("aigerim")
    page.goto(f"{DEBATE}/replies/new?passage=4")
    write(page, TEXT)
    with site.world.at_work(), writing():
        sessions.end_all(signin.find("aigerim"))
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_text("Your text is kept on this page")).to_be_visible()
    fill(page, Pseudonym="aigerim", Password=PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    assert_written(page, TEXT)
    expect(page.get_by_text("You are replying to passage 4.")).to_be_visible()
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_text("Waiting: only you see it here")).to_be_visible()


def test_both_sides_get_the_same_room(site: Site) -> None:
    for number in (1, 2, 3):
        for side in SIDES:
            longer = " Again." * (30 * number if side is Stance.PRO else number)
            site.world.published(f"{side}-{number}", side, TEXT + longer)
    page = site.window()
    page.goto(DEBATE)
    for pairs in (page.locator(".pairs").first, page.locator(".pairs").last):
        page.set_viewport_size(PHONE)
        phone = boxes(pairs)
        sides, tops = [box["side"] for box in phone], [box["top"] for box in phone]
        assert sides in ([*SIDES] * 3, [*reversed(SIDES)] * 3), "they alternate"
        assert tops == sorted(tops), "in the order of the source, in which they are read aloud"
        assert len({(box["left"], box["right"]) for box in phone}) == 1

        page.set_viewport_size(WIDE)
        columns = {side: {(b["left"], b["right"]) for b in boxes(pairs) if b["side"] == side} for side in SIDES}
        ((left, inner),), ((outer, right),) = columns[Stance.PRO], columns[Stance.ANTI]
        assert left < inner < WIDE["width"] / 2 < outer < right
        assert inner - left == pytest.approx(right - outer, abs=0.5)


def test_the_smallest_phone_does_not_break_the_name_of_the_site(tour: Tour) -> None:
    page = tour.open("reader", "/")
    page.set_viewport_size(NARROWEST)
    assert page.locator(".name").evaluate(LINES) == 1


def test_the_side_that_opens_changes_with_every_hour(world: World) -> None:
    for side in SIDES:
        world.published("boris", side)
    tomorrow = now().astimezone(ZoneInfo(world.app.config["TIMEZONE"])) + timedelta(days=1)
    start, opening = tomorrow.replace(hour=12), []  # the order changes as well from one day to the next
    for hour in range(6):
        with time_machine.travel(start + timedelta(hours=hour), tick=False):
            opening.append(re.findall(r'<li data-stance="(\w+)"><article', world.visitor().get(DEBATE).text))
    assert opening in ([[*SIDES], [*reversed(SIDES)]] * 3, [[*reversed(SIDES)], [*SIDES]] * 3)


@pytest.mark.parametrize("address", [DEBATE, f"{DEBATE}/replies/{{thread}}", "/accounts/replies", "/notifications"])
def test_on_paper_there_are_words_and_nothing_to_press(tour: Tour, address: str) -> None:
    page = tour.open("aigerim", address)
    page.emulate_media(media="print", color_scheme="light")
    seen = "list => list.map(e => e.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true}))"
    texts = page.locator(".reply .text, .snippet").evaluate_all(seen)
    pressable = page.locator(".exit, form, button, .button, input, textarea").evaluate_all(seen)
    page.emulate_media(media="screen")
    assert len(texts) > 3
    assert all(texts)
    assert not any(pressable)


def test_a_reader_reports_without_scripts_or_account_on_a_phone_and_the_receipt_tells_the_outcome(site: Site) -> None:
    reply = site.world.published("aigerim")
    page = site.window(viewport=PHONE, java_script_enabled=False)
    page.goto(DEBATE)
    page.get_by_role("link", name=f"Report reply {reply}").click()
    page.get_by_label("It is illegal").check()
    page.get_by_label("What should the moderator know?").fill(WHY)
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("Open: a moderator has yet to answer")).to_be_visible()
    address = page.locator("main code").inner_text()
    assert address == page.url
    site.world.decide(reply, Action.REMOVE)
    other = site.window()
    other.goto(address)
    expect(other.get_by_role("heading", name="The answer")).to_be_visible()
    assert other.context.cookies() == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_warned_member_reads_the_warning_on_a_phone_and_sends_what_was_typed(site: Site, scripts: bool) -> None:
    site.world.warn("aigerim")
    page = site.window("aigerim", viewport=PHONE, java_script_enabled=scripts)
    page.goto(DEBATE)
    expect(page.get_by_text("A moderator warns you: please read this before your next reply")).to_be_visible()
    page.goto(f"{DEBATE}/replies/new?passage=4")
    write(page, TEXT)
    expect(page.get_by_role("button", name=SEND)).to_have_count(0)
    page.get_by_role("button", name="I have read this").click()
    assert_written(page, TEXT)
    expect(page.get_by_text("A moderator warns you")).to_have_count(0)
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_text("Waiting: only you see it here")).to_be_visible()
    expect(page.get_by_text("On passage 4")).to_be_visible()


def test_a_moderator_suspends_a_member_by_keyboard_from_the_reply_that_led_to_it(site: Site) -> None:
    number = site.world.reply_that_is("rejected")
    page = site.window("maria", viewport=PHONE, java_script_enabled=False)
    page.goto(f"/moderation/replies/{number}")
    for name in ("Show the author", "Open the page of aigerim"):
        tab_to(page, page.get_by_role("button", name=name))
        page.keyboard.press("Enter")
        page.wait_for_load_state()
    page.get_by_label("Suspension: reads, cannot write").check()
    fill(page, **{"For how many days": "3", "To the person": WHY})
    page.get_by_label("Argue with the point").check()
    page.get_by_label("Which decision led to it").select_option(index=1)
    tab_to(page, page.get_by_role("button", name="Decide"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Suspended: aigerim can read, but not write.")).to_be_visible()
    expect(page.get_by_text("Holds now")).to_be_visible()


def test_the_article_speaks_in_serif_and_members_in_sans_wherever_their_words_go(tour: Tour) -> None:
    def voices(who: str, address: str, words: str) -> set[str]:
        found = tour.open(who, address).locator(words)
        return {
            font.split(",")[0] for font in found.evaluate_all("all => all.map(e => getComputedStyle(e).fontFamily)")
        }

    article, members = {"ui-serif"}, {"-apple-system"}
    new = f"{DEBATE}/replies/new"
    for who, address in (("reader", f"{new}?passage=4"), ("maria", "/moderation/replies/{thread}")):
        assert voices(who, address, "blockquote.of-article") == article
    assert voices("reader", DEBATE, "figure.quote blockquote, .voice blockquote") == article
    assert voices("reader", DEBATE, ".text, .text blockquote, .text p") == members
    assert voices("aigerim", f"{new}?parent={{thread}}", "figure.quote blockquote") == members
    assert voices("timur", "/moderation/replies/{waiting_answer}", ".context blockquote, .text, .snippet") == members
    assert voices("reader", "/replies/{thread}/report", "figure.quote blockquote") == members
    assert voices("aigerim", "/accounts/replies", ".changes, .text, .text *:not(code)") == members


def test_a_long_text_scrolls_within_its_field_and_the_buttons_stay_in_reach(tour: Tour) -> None:
    page = tour.open("reader", f"{DEBATE}/replies/new")
    page.set_viewport_size(PHONE)
    area = page.get_by_label("Your argument")
    area.fill("A line of it.\n" * 300)
    assert area.bounding_box()["height"] <= 0.7 * PHONE["height"] + 1
