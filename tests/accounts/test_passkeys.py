"""Passkeys, in Chromium with a device of its own: added, used instead of the password and after it, and removed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import CDPSession, Page, expect
from sqlalchemy import select, update

from forum.accounts import passkeys, signin
from forum.accounts.models import Passkey, Session
from forum.accounts.passkeys import Challenge, Signed, Site
from forum.db import db, now, writing
from forum.errors import Refused
from forum.events import AuditEntry, Event
from tests.browser import Site as Served
from tests.browser import fill
from tests.world import DEBATE, PASSWORD, World, hidden_field

SET_UP = "/accounts/second-factor"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
TEXT = "A rule that nobody can enforce protects nobody. Begin with the office that takes the complaint."


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Return an empty database of one engine: what a device does, does not depend on it."""
    return sqlite_database


class Device:
    """A window of Chromium with a phone, or a security stick, that keeps passkeys."""

    def __init__(self, site: Served, name: str = "", **more: Any) -> None:
        site.address = site.address.replace("127.0.0.1", "localhost")  # browsers make passkeys for names only
        self.page: Page = site.window(name)
        self.cdp: CDPSession = self.page.context.new_cdp_session(self.page)
        self.cdp.send("WebAuthn.enable")
        made = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE | more})
        self.number = made["authenticatorId"]

    def knows_its_owner(self, knows: bool) -> None:
        """Let the finger be right or wrong."""
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.number, "isUserVerified": knows})

    def kept(self) -> list[dict[str, Any]]:
        """Return what the device keeps."""
        return self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.number})["credentials"]

    def add(self, called: str = "My phone") -> None:
        """Add a passkey on the page for it."""
        self.page.goto(SET_UP)
        self.page.get_by_label("Name of the new passkey").fill(called)
        self.page.get_by_role("button", name="Add a passkey").click()
        expect(self.page.get_by_role("status").first).to_contain_text("The passkey is added")

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Sign out").click()
        expect(self.page.get_by_role("link", name="Sign in")).to_be_visible()

    def use(self, button: str = "Sign in with a passkey") -> None:
        self.page.get_by_role("button", name=button).click()


@pytest.fixture
def phone(site: Served) -> Iterator[Device]:
    return Device(site, "boris")


def is_signed_in(page: Page) -> bool:
    return page.request.get("/accounts/settings").status == 200


@pytest.mark.browser
def test_a_passkey_signs_in_without_name_or_password(site: Served, phone: Device) -> None:
    phone.add()
    expect(phone.page.get_by_text("My phone, added on")).to_be_visible()
    (kept,) = phone.kept()
    assert kept["isResidentCredential"]
    assert kept["rpId"] == "localhost"
    phone.sign_out()
    phone.page.goto("/accounts/sign-in?")
    phone.use()
    expect(phone.page.get_by_role("link", name="boris")).to_be_visible()
    with site.world.at_work():
        (passkey,) = db.session.scalars(select(Passkey))
        assert passkey.sign_count == phone.kept()[0]["signCount"] > 1
        assert passkey.asked_at > passkey.created_at
        happened = db.session.scalars(select(AuditEntry.event).where(AuditEntry.subject_kind == "passkeys")).all()
    assert happened == [Event.SECOND_FACTOR_ADDED, Event.SECOND_FACTOR_USED]


@pytest.mark.browser
def test_a_passkey_proves_who_is_there_and_what_was_chosen_comes_back(site: Served, phone: Device) -> None:
    phone.add()
    with site.world.at_work(), writing():
        db.session.execute(update(Session).values(confirmed_at=now() - timedelta(1)))
    page = phone.page
    page.goto("/accounts/delete")
    page.get_by_label("In 24 hours").check()
    page.get_by_label("Their text is erased too").check()
    page.get_by_role("button", name="Delete the account").click()
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    phone.use("Use a passkey")
    expect(page.get_by_label("Their text is erased too")).to_be_checked()
    page.get_by_role("button", name="Delete the account").click()
    expect(page.get_by_role("heading", name="You have asked for it")).to_be_visible()


@pytest.mark.browser
def test_after_the_password_a_passkey_is_the_second_step_and_what_was_typed_survives_it(
    site: Served, phone: Device
) -> None:
    phone.add()
    phone.sign_out()
    page = phone.page
    page.goto(f"{DEBATE}/replies/new")
    page.get_by_label("For legalisation").check()
    page.get_by_label("Your argument").fill(TEXT)
    page.get_by_role("button", name="Send to the moderators").click()
    fill(page, Pseudonym="boris", Password=PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="The second step")).to_be_visible()
    assert not is_signed_in(page)
    phone.use("Use a passkey")
    expect(page.get_by_label("Your argument")).to_have_value(TEXT)
    assert is_signed_in(page)


@pytest.mark.browser
def test_a_device_that_does_not_know_who_holds_it_opens_nothing(phone: Device) -> None:
    phone.add()
    phone.sign_out()
    phone.page.goto("/accounts/sign-in")
    phone.knows_its_owner(False)
    phone.use()
    expect(phone.page.get_by_role("alert")).to_contain_text("The passkey was not used")
    expect(phone.page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()
    assert not is_signed_in(phone.page)


@pytest.mark.browser
def test_a_passkey_that_was_removed_opens_nothing(site: Served, phone: Device) -> None:
    phone.add()
    phone.page.get_by_role("button", name="Remove My phone").click()
    expect(phone.page.get_by_role("status").first).to_contain_text("“My phone” opens nothing here any more")
    phone.sign_out()
    phone.page.goto("/accounts/sign-in")
    phone.use()
    expect(phone.page.get_by_role("alert").first).to_contain_text("This passkey opens nothing here")
    assert not is_signed_in(phone.page)
    assert site.world.count(Passkey) == 0


@pytest.mark.browser
def test_a_device_has_one_passkey_of_a_person_and_a_person_several_devices(site: Served, phone: Device) -> None:
    phone.add()
    phone.page.get_by_role("button", name="Add a passkey").click()
    expect(phone.page.get_by_role("alert")).to_contain_text("The passkey was not used")
    stick = Device(site, "boris", transport="usb")
    stick.add("A stick")
    expect(stick.page.get_by_text("A stick, added on")).to_be_visible()
    expect(stick.page.get_by_text("My phone, added on")).to_be_visible()


@pytest.mark.browser
def test_a_moderator_opens_the_desk_with_a_passkey_as_the_second_factor(site: Served) -> None:
    site.world.person("dana")
    site.world.app.test_cli_runner().invoke(args=["users", "promote", "dana", "moderator"])
    device = Device(site)
    page = device.page
    page.goto("/accounts/sign-in")
    fill(page, Pseudonym="dana", Password=PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Desk").click()
    expect(page.get_by_text("The desk opens once you have set up a second factor")).to_be_visible()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    page.goto(SET_UP)
    expect(page.get_by_text("add another one before you remove it")).to_be_visible()
    expect(page.get_by_role("button", name="Remove")).to_have_count(0)


@pytest.mark.browser
def test_without_scripts_or_under_a_number_no_passkey_is_offered(site: Served) -> None:
    page = site.window("boris", java_script_enabled=False)
    page.goto(SET_UP)
    expect(page.get_by_text("Browsers make passkeys for names only")).to_be_visible()
    page.goto(page.url.replace("127.0.0.1", "localhost"))
    page.goto("/accounts/sign-in")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()


@pytest.mark.browser
def test_a_page_that_was_open_for_long_asks_who_is_there_before_the_device_does(site: Served, phone: Device) -> None:
    phone.page.goto(SET_UP)
    with site.world.at_work(), writing():
        db.session.execute(update(Session).values(confirmed_at=now() - timedelta(1)))
    phone.page.get_by_label("Name of the new passkey").fill("A late phone")
    phone.page.get_by_role("button", name="Add a passkey").click()
    expect(phone.page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    assert phone.kept() == []
    phone.page.get_by_label("Password").fill(PASSWORD)
    phone.page.get_by_role("button", name="Confirm").click()
    expect(phone.page.get_by_label("Name of the new passkey")).to_have_value("A late phone")
    phone.page.get_by_role("button", name="Add a passkey").click()
    expect(phone.page.get_by_text("A late phone, added on")).to_be_visible()


@pytest.mark.browser
def test_what_a_device_has_signed_is_taken_once_and_for_five_minutes(site: Served, phone: Device) -> None:
    phone.add()
    phone.sign_out()
    page = phone.page
    sent: list[str] = []
    page.route("**/accounts/sign-in/passkey", lambda route: (sent.append(route.request.post_data or ""), route.abort()))
    page.goto("/accounts/sign-in")
    phone.use()
    while not sent:
        page.wait_for_timeout(20)
    cookie = next(kept for kept in page.context.cookies() if kept["name"] == "session")

    def replay(moment: datetime) -> int:
        client = site.world.app.test_client()
        client.set_cookie("session", cookie["value"])
        with time_machine.travel(moment, tick=False):
            fields = {"data": sent[0], "content_type": "application/x-www-form-urlencoded"}
            answer = client.post("/accounts/sign-in/passkey", base_url=site.address, **fields)
            return answer.status_code

    present = datetime.now(UTC)
    assert replay(present + timedelta(minutes=6)) == 422
    assert replay(present) == 303
    assert replay(present) == 422, "whoever has a copy of cookie and form comes too late"


# Without a device


def test_what_no_device_has_signed_is_refused_in_words(world: World) -> None:
    number = world.passkey("boris", credential_id=b"known")
    reader = world.visitor()
    for credential in ("", "{}", "[]", "null", "{" * 1000, json.dumps(signed_by(b"known")), "x" * 30000):
        reader.post("/accounts/sign-in/passkey/options")
        answer = reader.post("/accounts/sign-in/passkey", credential=credential, carried="kept", next=DEBATE)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert hidden_field(answer.text, "next") == DEBATE
    assert number
    assert reader.get("/accounts/settings").status_code == 401


def signed_by(credential_id: bytes) -> dict[str, Any]:
    """Return what a browser would send, with a signature that is none."""
    number = credential_id.hex()
    parts = dict.fromkeys(("clientDataJSON", "authenticatorData", "signature"), "AAAA")
    return {"id": number, "rawId": number, "type": "public-key", "response": parts}


def test_nobody_adds_what_no_device_has_made(world: World) -> None:
    boris = world.visitor("boris")
    for credential in ("", "{}", json.dumps(signed_by(b"new"))):
        boris.post("/accounts/passkeys/options")
        answer = boris.post("/accounts/passkeys", credential=credential, label="My phone")
        assert answer.status_code == 422
        assert "My phone" in answer.text
    assert world.count(Passkey) == 0


def test_nobody_removes_the_passkey_of_somebody_else(world: World) -> None:
    number = world.passkey("boris")
    assert world.visitor("aigerim").post(f"/accounts/passkeys/{number}/removal").status_code == 404
    assert world.count(Passkey) == 1
    assert world.visitor("boris").post(f"/accounts/passkeys/{number}/removal").status_code == 303
    assert world.count(Passkey) == 0


def use(world: World, number: int, count: int, challenge: Challenge) -> str:
    """Let a passkey have signed a challenge; return whose it is, or why it is refused."""
    with world.at_work():
        owner = db.session.get_one(Passkey, number).user_id
        try:
            with writing():
                return passkeys.use(Signed(number, owner, count, challenge)).name
        except Refused as error:
            return str(error)


def test_a_challenge_is_answered_once_and_none_that_was_made_before_it(world: World) -> None:
    number = world.passkey("boris")
    with world.at_work():
        earlier, challenge = Challenge.new(), Challenge.new()
    answers = [use(world, number, 0, asked) for asked in (challenge, challenge, earlier)]
    assert answers[0] == "boris"
    assert all("sent twice" in answer for answer in answers[1:])


@pytest.mark.parametrize(
    ("before", "count", "is_taken"), [(0, 0, True), (0, 1, True), (5, 6, True), (5, 5, False), (5, 0, False)]
)
def test_a_device_that_counts_has_to_count_on(world: World, before: int, count: int, is_taken: bool) -> None:
    number = world.passkey("boris", sign_count=before)
    with world.at_work():
        challenge = Challenge.new()
    assert (use(world, number, count, challenge) == "boris") == is_taken


def test_devices_know_a_person_by_a_number_that_tells_nothing(world: World) -> None:
    world.person("boris")
    with world.at_work():
        site = Site("example.org", "https://example.org", "Evenhand")
        options = json.loads(passkeys.options_to_add(signin.find("boris"), Challenge.new(), site))
    assert options["rp"] == {"name": "Evenhand", "id": "example.org"}
    assert len(options["user"]["id"]) == 43, "256 bits"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"


def test_passkeys_belong_to_the_public_address(world: World) -> None:
    world.app.config["URL"] = "https://forum.example.org"
    visitor = world.visitor()
    form = {"csrf_token": visitor.token()}
    answer = visitor.client.post("/accounts/sign-in/passkey/options", data=form)
    assert answer.json["rpId"] == "forum.example.org"
    assert answer.json["userVerification"] == "required"
    assert answer.json["allowCredentials"] == []
