"""Sessions: begun and ended from either end, kept as a digest, and silent about the person's machine."""

from datetime import UTC, datetime, timedelta
from hashlib import sha512
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from forum.accounts.models import Session
from forum.db import db
from tests.world import DEBATE, PASSWORD, SLUG, Visitor, World

MEMBERS_PAGE = "/accounts/settings"
NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def cookie(world: World, visitor: Visitor) -> dict[str, Any]:
    """Return what the session cookie of a browser says."""
    signer = world.app.session_interface.get_signing_serializer(world.app)
    return signer.loads(visitor.client.get_cookie("session").value)


def copy_of(world: World, visitor: Visitor) -> Visitor:
    """Return another browser with the cookie that `visitor` has now, as a thief would have it."""
    other = world.visitor()
    other.client.set_cookie("session", visitor.client.get_cookie("session").value)
    return other


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.get(MEMBERS_PAGE).status_code == 200


def test_a_session_is_a_row_with_a_digest_and_the_token_is_nowhere(world: World) -> None:
    boris = world.visitor("boris")
    token = cookie(world, boris)["sid"]
    assert len(token) >= 43, "256 bits"
    with world.at_work():
        (row,) = db.session.scalars(select(Session))
        assert len(row.token_digest) == 64
    assert token not in repr(world.everything())


def test_signing_in_gives_a_new_session_and_a_new_form_token(world: World) -> None:
    world.person("boris")
    browser = world.visitor()
    before = browser.token()
    old = copy_of(world, browser)
    browser.post("/accounts/sign-in", name="boris", password=PASSWORD)
    first = cookie(world, browser)
    assert browser.token() != before
    assert not is_signed_in(old)
    browser.post("/accounts/sign-in", name="boris", password=PASSWORD)
    assert cookie(world, browser)["sid"] != first["sid"]


def test_each_browser_has_a_session_of_its_own(world: World) -> None:
    phone, laptop = world.visitor("boris"), world.visitor("boris")
    assert cookie(world, phone)["sid"] != cookie(world, laptop)["sid"]
    assert phone.post("/accounts/sign-out").status_code == 302
    assert not is_signed_in(phone)
    assert is_signed_in(laptop)


def test_an_old_cookie_is_dead_after_signing_out(world: World) -> None:
    boris = world.visitor("boris")
    thief = copy_of(world, boris)
    assert is_signed_in(thief)
    boris.post("/accounts/sign-out")
    assert not is_signed_in(thief)
    assert world.count(Session) == 0


def test_a_cookie_that_was_changed_or_names_another_person_opens_nothing(world: World) -> None:
    world.person("maria")
    boris = world.visitor("boris")
    signer = world.app.session_interface.get_signing_serializer(world.app)
    said = cookie(world, boris)
    forged = [
        boris.client.get_cookie("session").value[:-2] + "xx",
        signer.dumps({**said, "_user_id": "1"}),
        signer.dumps({**said, "sid": "x" * 43}),
        signer.dumps({name: value for name, value in said.items() if name != "seen"}),
    ]
    for value in forged:
        other = world.visitor()
        other.client.set_cookie("session", value)
        assert not is_signed_in(other)


def test_a_change_of_role_ends_every_session(world: World) -> None:
    browsers = [world.visitor("boris"), world.visitor("boris")]
    aigerim = world.visitor("aigerim")
    assert world.app.test_cli_runner().invoke(args=["users", "promote", "boris", "moderator"]).exit_code == 0
    assert not any(is_signed_in(browser) for browser in browsers)
    assert is_signed_in(aigerim)
    assert world.visitor("boris").get("/moderation").status_code == 200


def test_a_new_password_ends_the_other_sessions_and_renews_this_one(world: World) -> None:
    here, there = world.visitor("boris"), world.visitor("boris")
    thief = copy_of(world, here)
    changed = here.post(MEMBERS_PAGE, change="password", current=PASSWORD, password="four calm camels")
    assert changed.status_code == 200
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert not is_signed_in(thief)
    for password, status in [(PASSWORD, 422), ("four calm camels", 303)]:
        assert world.visitor().post("/accounts/sign-in", name="boris", password=password).status_code == status


def test_a_session_ends_after_two_weeks_without_a_visit(world: World) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        boris = world.visitor("boris")
        clock.shift(14 * DAY - timedelta(minutes=1))
        assert is_signed_in(boris)
        clock.shift(14 * DAY + timedelta(minutes=1))
        assert not is_signed_in(boris)
        assert boris.get(DEBATE).status_code == 200, "reading needs no session"


@pytest.mark.parametrize("stay", ["y", ""])
def test_a_session_ends_after_ninety_days_even_with_a_visit_every_week(world: World, stay: str) -> None:
    world.person("boris")
    with time_machine.travel(NOON, tick=False) as clock:
        boris = world.visitor()
        boris.post("/accounts/sign-in", name="boris", password=PASSWORD, stay=stay)
        for _week in range(12):
            clock.shift(7 * DAY)
            assert is_signed_in(boris)
        clock.shift(6 * DAY - timedelta(minutes=1))
        assert is_signed_in(boris)
        clock.shift(timedelta(minutes=2))
        assert not is_signed_in(boris)
        world.visitor("boris")
    assert world.count(Session) == 1, "the one past its time is swept out"


def test_a_visit_writes_no_row(world: World) -> None:
    number = world.reply_that_is("published", author="boris")
    world.reply_that_is("pending", author="boris")
    pages = [DEBATE, f"{DEBATE}/replies/{number}", f"{DEBATE}/replies/new", "/accounts/replies", "/notifications"]
    with time_machine.travel(NOON, tick=False) as clock:
        visitors = [world.visitor("boris"), world.visitor("maria")]
        before = world.everything()
        clock.shift(timedelta(hours=1))
        with world.counted_queries() as sent:
            for visitor in visitors:
                for page in [*pages, MEMBERS_PAGE, "/moderation", f"/moderation/replies/{number}"]:
                    visitor.get(page)
        assert [statement for statement in sent if not statement.startswith("SELECT")] == []
        assert world.everything() == before


def test_the_last_activity_is_renewed_at_most_every_ten_minutes_in_the_cookie(world: World) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        boris = world.visitor("boris")
        boris.get(MEMBERS_PAGE)
        for minutes, is_renewed in [(0, False), (9, False), (2, True), (5, False), (4, False), (60, True), (1, False)]:
            clock.shift(timedelta(minutes=minutes))
            answer = boris.get("/rules")
            assert ("Set-Cookie" in answer.headers) is is_renewed
        assert cookie(world, boris)["seen"] == int((NOON + timedelta(minutes=80)).timestamp())


@pytest.mark.parametrize("stay", [True, False])
def test_a_cookie_outlives_the_window_only_for_those_who_want_to_stay(world: World, stay: bool) -> None:
    world.person("boris")
    with time_machine.travel(NOON, tick=False) as clock:
        boris = world.visitor()
        answers = [boris.post("/accounts/sign-in", name="boris", password=PASSWORD, **({"stay": "y"} if stay else {}))]
        clock.shift(timedelta(hours=1))
        answers.append(boris.get(MEMBERS_PAGE))
        answers.append(boris.post(MEMBERS_PAGE, change="password", current=PASSWORD, password="four calm camels"))
        answers.append(boris.post(MEMBERS_PAGE, change="codes", current="four calm camels"))
    for answer in answers:
        sent = answer.headers["Set-Cookie"]
        assert ("Expires=" in sent or "Max-Age=" in sent) is stay, sent
        assert boris.client.get_cookie("session").path == "/"
        assert "HttpOnly" in sent
        assert "SameSite=Lax" in sent
        assert "Domain" not in sent


def test_over_https_the_cookie_is_bound_to_the_host(world: World) -> None:
    world.person("boris")
    client = world.app.test_client()
    page = client.get("/accounts/sign-in", base_url="https://localhost")
    sent = page.headers["Set-Cookie"]
    assert sent.startswith("__Host-session=")
    assert "Secure" in sent
    assert "Path=/" in sent


def test_nothing_of_address_or_browser_is_kept(world: World) -> None:
    world.person("boris")
    address, agent, forwarded = "203.0.113.77", "Strange-Browser/7.7", "198.51.100.9"
    client = world.app.test_client()
    client.environ_base.update({"REMOTE_ADDR": address, "HTTP_USER_AGENT": agent, "HTTP_X_FORWARDED_FOR": forwarded})
    client.environ_base["HTTP_REFERER"] = "http://localhost/came-from"
    boris = Visitor(client)
    boris.post("/accounts/sign-up", name="dana", password=PASSWORD)
    boris.post("/accounts/sign-out")
    boris.post("/accounts/sign-in", name="boris", password="not this one")
    boris.post("/accounts/sign-in", name="boris", password=PASSWORD)
    boris.post(f"/debates/{SLUG}/replies", stance="pro", text="One reason that one can follow.", key="k1")
    assert is_signed_in(boris)
    said = cookie(world, boris)
    assert set(said) <= {"_fresh", "_user_id", "csrf_token", "seen", "sid", "_permanent"}
    fingerprint = sha512(f"{address}|{agent}".encode()).hexdigest()
    for kept in (repr(said), repr(world.everything())):
        for trace in (address, "203.0.113", agent, forwarded, fingerprint, "came-from"):
            assert trace not in kept


def test_signing_in_again_ends_the_session_that_the_browser_had(world: World) -> None:
    aigerim = world.visitor("aigerim")
    thief = copy_of(world, aigerim)
    assert aigerim.post("/accounts/sign-in", name="aigerim", password=PASSWORD).status_code == 303
    assert world.count(Session) == 1
    assert thief.get(MEMBERS_PAGE).status_code == 401
    assert aigerim.get(MEMBERS_PAGE).status_code == 200
