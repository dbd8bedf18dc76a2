"""Fresh sign-in: what could do harm on a device found open asks once more who is there."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from forum.accounts import carrying
from forum.accounts.models import Role
from forum.moderation.models import Action
from forum.moderation.sanction_models import Proposal, Sanction
from forum.notifications.mail_models import MailAddress
from tests.world import PASSWORD, TOTP_SECRET, WHY, Visitor, World, at_once, hidden_field

MINUTE = timedelta(minutes=1)
ASKED = "Confirm that it is you"
GRAVE = {  # each address that asks, with who sends what
    "people.sanction": ("maria", "/moderation/people/boris/sanctions", {"kind": "warning", "rule": "respect"}),
    "people.end": ("maria", "/sanctions/1/ending", {"reason": WHY}),
    "people.propose_role": ("zarina", "/moderation/people/boris/role", {"role": "moderator", "reason": WHY}),
    "people.propose_purge": ("zarina", "/moderation/people/boris/purge", {"reason": WHY}),
    "people.propose_export": ("zarina", "/moderation/people/boris/export", {"reason": WHY}),
    "people.confirm": ("sanzhar", "/proposals/1/confirmation", {}),
    "people.close": ("sanzhar", "/proposals/1/closing", {}),
    "sanction_appeals.judge": ("timur", "/moderation/appeals/sanctions/1/judgement", {"explanation": WHY}),
    "privacy.export": ("boris", "/accounts/export", {"do": "make"}),
    "privacy.delete": ("boris", "/accounts/delete", {"replies": "account", "when": "later"}),
    "sessions.index": ("boris", "/accounts/sessions", {"end": "others"}),
    "mail.wishes": ("boris", "/notifications/mail", {"change": "address", "address": "quiet@example.org"}),
}
OF_TWO_LEADS = {"readings.archive"}  # tests/privacy/test_readings.py
OF_FACTORS = {"second_factor.show", "second_factor.remove_app"}  # tests/accounts/test_second_factor.py
OF_FACTORS |= {"passkeys.options", "passkeys.add", "passkeys.remove"}
MORE = {"people.sanction": {"explanation": WHY}, "mail.wishes": {"frequency": "daily"}}
MORE |= {"sanction_appeals.judge": {"outcome": "decision_stands"}}


@pytest.fixture
def clock(world: World) -> Iterator[Any]:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def grave(world: World, clock: Any) -> World:
    """Return a forum in which each of the grave things can be done."""
    for name in ("boris", "aigerim", "dana", "timur", "sanzhar"):
        world.person(name)
    world.appeal_sanction(world.suspend("aigerim"))
    world.suspend("boris")
    world.propose_role("dana", Role.MODERATOR)
    for by in ("maria", "zarina"):
        world.open_person("boris", by=by)
        world.open_person("aigerim", by=by)
    return world


def next_code() -> str:
    """Return what the apps of the cast show in half a minute, which none of them has been used with yet."""
    return pyotp.TOTP(TOTP_SECRET).at(datetime.now(UTC) + MINUTE / 2)


def confirm(visitor: Visitor, asked: TestResponse | None = None, password: str = PASSWORD, **more: str) -> TestResponse:
    """Give password and code on the page that asked for them; who has no app is not asked for a code."""
    fields = {name: hidden_field(asked.text, name) for name in ("carried", "next")} if asked else {}
    return visitor.post("/accounts/confirm", current=password, **{"code": next_code()} | fields | more)


def do(world: World, visitor: Visitor, what: str) -> TestResponse:
    """Send the form of one of the grave things."""
    _who, path, fields = GRAVE[what]
    return visitor.post(path, **fields, **MORE.get(what, {}))


@pytest.mark.parametrize("what", GRAVE)
def test_grave_things_ask_who_is_there_ten_minutes_after_the_sign_in(grave: World, clock: Any, what: str) -> None:
    early, late = (grave.visitor(GRAVE[what][0]) for _ in range(2))
    clock.shift(11 * MINUTE)
    before = grave.everything()
    asked = do(grave, late, what)
    assert asked.status_code == 401
    assert ASKED in asked.text
    assert grave.everything() == before
    shown = confirm(late, asked)
    assert shown.status_code == 200
    assert "Nothing has been done yet" in shown.text
    assert f'action="{GRAVE[what][1]}"' in shown.text, "and leads where it led before"
    for text in (text for text in {**GRAVE[what][2], **MORE.get(what, {})}.values() if " " in text or "@" in text):
        assert text in shown.text, "what was typed is kept"
    after = grave.everything()
    changed = {table for table in after if after[table] != before[table]}
    assert changed - {"code_apps"} == {"sessions", "audit_entries"}, "nothing is sent by itself"
    assert do(grave, late, what).status_code == 303
    assert do(grave, early, what).status_code == 401, "another browser of the same person has proven nothing"


def test_every_change_of_a_sanction_or_a_role_asks(app: Flask) -> None:
    asks = {name for name, view in app.view_functions.items() if hasattr(view, "needs_fresh")}
    assert asks == (set(GRAVE) | OF_FACTORS | OF_TWO_LEADS) - {"mail.wishes"}  # for the address, not for how often


@pytest.mark.parametrize("minutes", [0, 9])
def test_a_sign_in_is_fresh_for_ten_minutes(grave: World, clock: Any, minutes: int) -> None:
    maria = grave.visitor("maria")
    clock.shift(minutes * MINUTE)
    assert do(grave, maria, "people.sanction").status_code == 303


def test_how_often_letters_come_asks_for_nothing(grave: World, clock: Any) -> None:
    grave.give_address("boris", confirmed=True)
    boris = grave.visitor("boris")
    clock.shift(timedelta(hours=1))
    assert boris.post("/notifications/mail", change="wishes", frequency="off").status_code == 303
    assert boris.post("/notifications/mail", change="remove").status_code == 401
    assert grave.count(MailAddress) == 1


def test_a_wrong_password_confirms_nothing_and_lets_the_delays_grow(grave: World, clock: Any) -> None:
    maria = grave.visitor("maria")
    clock.shift(11 * MINUTE)
    asked = do(grave, maria, "people.sanction")
    tries = [confirm(maria, asked, "not this one") for _ in range(5)]
    assert [answer.status_code for answer in tries] == [422, 422, 422, 422, 429]
    assert "This is not your password now." in tries[0].text
    assert hidden_field(tries[4].text, "carried"), "what was typed is kept"
    assert int(tries[4].headers["Retry-After"]) <= 3
    assert do(grave, maria, "people.sanction").status_code == 401
    clock.shift(MINUTE)
    assert confirm(maria, asked).status_code == 200
    assert do(grave, maria, "people.sanction").status_code == 303


def test_the_password_alone_proves_nothing_of_who_has_an_app(grave: World, clock: Any) -> None:
    maria = grave.visitor("maria")
    clock.shift(11 * MINUTE)
    asked = do(grave, maria, "people.sanction")
    assert 'name="code"' in asked.text
    before = grave.everything()["sessions"]
    for code in ("", "123456"):
        answer = confirm(maria, asked, code=code)
        assert (answer.status_code, 'id="code-error"' in answer.text) == (422, True)
        assert hidden_field(answer.text, "carried"), "what was typed is kept"
    assert grave.everything()["sessions"] == before
    assert do(grave, maria, "people.sanction").status_code == 401
    code = next_code()
    assert confirm(maria, asked, code=code).status_code == 200
    assert confirm(maria, asked, code=code).status_code == 422, "each code is taken once"


def test_wrong_codes_let_the_delays_grow_like_wrong_passwords(grave: World, clock: Any) -> None:
    maria = grave.visitor("maria")
    tries = [confirm(maria, code="123456").status_code for _ in range(4)]
    assert [*tries, confirm(maria).status_code] == [422, 422, 422, 422, 429]


@pytest.mark.parametrize("change", ["password", "codes"])
def test_nor_does_it_change_the_password_of_who_has_an_app(grave: World, clock: Any, change: str) -> None:
    maria, boris = grave.visitor("maria"), grave.visitor("boris")
    fields = {"change": change, "current": PASSWORD, "password": "four calm camels"}
    clock.shift(11 * MINUTE)
    assert maria.post("/accounts/settings", **fields).status_code == 401
    assert boris.post("/accounts/settings", **fields).status_code == 200, "who has none gives the old one in the form"
    confirm(maria)
    clock.shift(9 * MINUTE)
    assert maria.post("/accounts/settings", **fields).status_code == 200
    clock.shift(2 * MINUTE)
    assert do(grave, maria, "people.sanction").status_code == 401, "a password proves nothing for longer"


def test_who_has_only_a_passkey_is_asked_for_it_and_for_no_password(world: World, clock: Any) -> None:
    world.passkey("boris")
    boris = world.visitor("boris")
    clock.shift(11 * MINUTE)
    asked = boris.post("/accounts/export", do="make")
    assert "Use a passkey" in asked.text
    assert 'name="current"' not in asked.text
    assert confirm(boris, asked).status_code == 422
    assert boris.post("/accounts/confirm/passkey", credential="{}").status_code == 422
    assert boris.post("/accounts/export", do="make").status_code == 401


def test_a_stranger_who_guesses_at_the_sign_in_page_holds_up_nobody_who_is_signed_in(grave: World) -> None:
    maria = grave.visitor("maria")
    for _ in range(6):
        answer = grave.visitor().post("/accounts/sign-in", name="maria", password="not this one")
    assert answer.status_code == 429
    assert confirm(maria).status_code == 303
    changed = maria.post("/accounts/settings", change="password", current=PASSWORD, password="four calm camels")
    assert changed.status_code == 200


def test_the_carried_form_of_a_door_that_is_shut_is_not_shown(grave: World, clock: Any) -> None:
    maria, boris = grave.visitor("maria"), grave.visitor("boris")
    clock.shift(11 * MINUTE)
    asked = do(grave, maria, "people.sanction")
    answer = confirm(boris, asked)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/accounts/settings")


def test_confirming_gives_the_session_another_token_and_ends_no_other(grave: World) -> None:
    maria, elsewhere = grave.visitor("maria"), grave.visitor("maria")
    thief = grave.visitor()
    thief.client.set_cookie("session", maria.client.get_cookie("session").value)
    assert thief.get("/moderation").status_code == 200
    confirm(maria)
    assert thief.get("/moderation").status_code == 401
    for browser in (maria, elsewhere):
        assert browser.get("/moderation").status_code == 200


def test_two_leads_confirm_what_they_decide(grave: World, clock: Any) -> None:
    sanzhar = grave.visitor("sanzhar")
    clock.shift(11 * MINUTE)
    asked = do(grave, sanzhar, "people.confirm")
    confirm(sanzhar, asked)
    assert do(grave, sanzhar, "people.confirm").status_code == 303
    assert grave.count(Proposal) == 1
    assert grave.visitor("dana").get("/moderation").status_code == 200


def test_a_decision_on_a_reply_asks_for_nothing_more(world: World, clock: Any) -> None:
    number = world.reply("aigerim")
    maria = world.visitor("maria")
    clock.shift(timedelta(hours=3))
    fields = {"action": Action.PUBLISH.value, "revision": world.wording(number)}
    assert maria.post(f"/moderation/replies/{number}/decisions", **fields).status_code == 303
    assert world.count(Sanction) == 0


def test_setting_up_an_app_is_no_proof_of_who_is_there(world: World, clock: Any) -> None:
    boris = world.visitor("boris")
    clock.shift(9 * MINUTE)
    assert boris.set_up_app().status_code == 303
    clock.shift(9 * MINUTE)
    assert ASKED in boris.post("/accounts/export", do="make").text


def test_guesses_that_come_at_once_are_delayed_like_those_that_come_one_after_the_other(world: World) -> None:
    people = [world.visitor("boris") for _ in range(8)]
    tokens = [person.token() for person in people]
    for _ in range(5):
        people[0].post("/accounts/confirm", current="four loud horses")
    with time_machine.travel(datetime.now(UTC) + MINUTE):
        answers = at_once(
            *(
                lambda person=person, token=token: person.post("/accounts/confirm", token=token, current="no horse")
                for person, token in zip(people, tokens, strict=True)
            )
        )
    assert sorted(answer.status_code for answer in answers) == [422, *[429] * 7]


def test_a_form_of_sessions_comes_back_after_the_sign_in(world: World) -> None:
    asked = world.visitor().post("/accounts/sessions", end="others")
    assert asked.status_code == 401
    world.person("boris")
    carried = hidden_field(asked.text, "carried")
    back = world.visitor().post("/accounts/sign-in", name="boris", password=PASSWORD, carried=carried)
    assert back.status_code == 200
    assert "Nothing has been" in back.text or "Where you are signed in" in back.text


def test_a_door_without_a_form_is_not_opened_by_what_another_form_carried(world: World, clock: Any) -> None:
    boris = world.visitor("boris")
    with world.app.test_request_context("/accounts/passkeys/options", method="POST", data={"a": "b"}):
        carried = carrying.pack()
    clock.shift(11 * MINUTE)
    assert boris.post("/accounts/resume", carried=carried).status_code == 303


def test_no_page_with_a_form_is_kept_by_the_browser(world: World) -> None:
    reader = world.visitor()
    for _visit in range(2):
        for path in ("/accounts/sign-in", "/accounts/recover", "/accounts/sign-up"):
            assert reader.get(path).headers["Cache-Control"] == "private, no-store"
