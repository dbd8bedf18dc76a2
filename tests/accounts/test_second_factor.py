"""The second factor: a code after the password, taken once, asked of everybody who has it and of all who moderate."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from forum.accounts import second_factor, signin
from forum.accounts.models import CodeApp, Session
from forum.db import db, writing
from forum.debates import queries
from forum.errors import NotAllowed
from forum.events import AuditEntry, Event
from forum.moderation import decisions
from forum.moderation.models import Action
from tests.world import DEBATE, PASSWORD, TOTP_SECRET, WHY, Visitor, World, at_once, hidden_field, secrets_of_all

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
STEP = "/accounts/sign-in/code"
SET_UP = "/accounts/second-factor"
TEXT = "A rule that nobody can enforce protects nobody. Begin with the office that takes the complaint."
HALF_A_MINUTE = timedelta(seconds=30)


def with_password(world: World, name: str, **more: str) -> Visitor:
    """Return a browser in which somebody has given the right password."""
    visitor = world.visitor()
    page = visitor.post("/accounts/sign-in", name=name, password=PASSWORD, **more)
    assert page.status_code == 200
    assert "The second step" in page.text
    return visitor


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.get("/accounts/settings").status_code == 200


def test_a_code_is_asked_for_after_the_password_and_only_then_is_one_signed_in(world: World) -> None:
    world.give_app("boris")
    boris = with_password(world, "boris")
    assert not is_signed_in(boris)
    assert world.count(Session) == 0
    assert boris.post(STEP, code=world.code("boris")).status_code == 303
    assert is_signed_in(boris)


@pytest.mark.parametrize("name", ["boris", "nobody-here"])
def test_without_the_right_password_nobody_learns_of_a_second_factor(world: World, name: str) -> None:
    world.give_app("boris")
    answer = world.visitor().post("/accounts/sign-in", name=name, password="three loud horses")
    assert answer.status_code == 422
    assert "second" not in answer.text.lower()


def test_a_wrong_code_is_refused_beside_its_field(world: World) -> None:
    world.give_app("boris")
    boris = with_password(world, "boris")
    for code in ("000000", "", "six digits", "٠٠٠٠٠٠", "0" * 400):
        answer = boris.post(STEP, code=code)
        assert answer.status_code == 422
        assert 'id="code-error"' in answer.text
    assert not is_signed_in(boris)


def test_spaces_in_a_code_do_not_matter(world: World) -> None:
    world.give_app("boris")
    code = world.code("boris")
    boris = with_password(world, "boris")
    assert boris.post(STEP, code=f" {code[:3]} {code[3:]} ").status_code == 303


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_clock_may_be_wrong_by_half_a_minute(world: World, steps: int, status: int) -> None:
    world.give_app("boris")
    with time_machine.travel(NOON, tick=False):
        world.code("boris")
        code = pyotp.TOTP(TOTP_SECRET).at(NOON + steps * HALF_A_MINUTE)
        assert with_password(world, "boris").post(STEP, code=code).status_code == status


def test_a_code_works_once_and_none_before_it_works_later(world: World) -> None:
    world.give_app("boris")
    with time_machine.travel(NOON, tick=False) as clock:
        former, code = pyotp.TOTP(TOTP_SECRET).at(NOON - HALF_A_MINUTE), world.code("boris")
        assert with_password(world, "boris").post(STEP, code=code).status_code == 303
        for seen in (code, former):
            thief = with_password(world, "boris")
            assert thief.post(STEP, code=seen).status_code == 422
            assert not is_signed_in(thief)
        clock.shift(HALF_A_MINUTE)
        assert (
            with_password(world, "boris").post(STEP, code=pyotp.TOTP(TOTP_SECRET).at(NOON + HALF_A_MINUTE)).status_code
            == 303
        )


def test_of_two_who_send_one_code_at_once_one_comes_in(world: World) -> None:
    world.give_app("boris")
    code = world.code("boris")
    browsers = [with_password(world, "boris") for _ in range(4)]
    for browser in browsers:
        browser.token()
    answers = at_once(*(lambda browser=browser: browser.post(STEP, code=code) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]


def test_wrong_codes_are_answered_more_and_more_slowly(world: World) -> None:
    world.give_app("boris")
    with time_machine.travel(NOON, tick=False) as clock:
        boris, waits = with_password(world, "boris"), []
        for _ in range(8):
            while (answer := boris.post(STEP, code="000000")).status_code == 429:
                waits.append(int(answer.headers["Retry-After"]))
                clock.shift(timedelta(seconds=waits[-1]))
        assert waits == [3, 5, 9, 17]
        with_the_right_one = boris.post(STEP, code=world.code("boris"))
        assert with_the_right_one.status_code == 429
        clock.shift(timedelta(seconds=33))
        assert boris.post(STEP, code=world.code("boris")).status_code == 303


def test_the_second_step_has_ten_minutes(world: World) -> None:
    world.give_app("boris")
    with time_machine.travel(NOON, tick=False) as clock:
        boris = with_password(world, "boris")
        clock.shift(timedelta(minutes=10))
        assert boris.get(STEP).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert boris.get(STEP).location == "/accounts/sign-in"
        answer = boris.post(STEP, code=world.code("boris"), next=DEBATE)
        assert answer.status_code == 422
        assert "Please begin anew" in answer.text
        assert hidden_field(answer.text, "next") == DEBATE
        assert not is_signed_in(boris)


def test_the_second_step_ends_with_the_password_of_the_first(world: World) -> None:
    world.give_app("boris")
    boris, here = with_password(world, "boris"), world.visitor("boris")
    here.post("/accounts/settings", change="password", current=PASSWORD, password="four calm camels")
    assert boris.post(STEP, code=world.code("boris")).status_code == 422
    assert not is_signed_in(boris)


def test_a_code_of_somebody_else_does_not_help(world: World) -> None:
    """Nor does the code alone, without a first step."""
    world.give_app("boris"), world.person("aigerim")
    with world.at_work(), writing():
        other = pyotp.random_base32()
        second_factor.add_app(signin.find("aigerim"), other, pyotp.TOTP(other).now())
    for visitor in (with_password(world, "aigerim"), world.visitor()):
        assert visitor.post(STEP, code=world.code("boris")).status_code == 422
        assert not is_signed_in(visitor)


def test_the_session_begins_at_the_end_of_the_second_step_with_a_new_token(world: World) -> None:
    world.give_app("boris")
    boris = with_password(world, "boris", stay="y")
    token = boris.token()
    boris.post(STEP, code=world.code("boris"))
    assert boris.token() != token
    assert boris.client.get_cookie("session").expires is not None, "who wished to stay stays"


def test_what_was_typed_survives_both_steps(world: World) -> None:
    world.give_app("boris")
    reader = world.visitor()
    asked = reader.post(f"{DEBATE}/replies", stance="anti", text=TEXT)
    step = reader.post(
        "/accounts/sign-in", name="boris", password=PASSWORD, carried=hidden_field(asked.text, "carried")
    )
    wrong = reader.post(STEP, code="000000", carried=hidden_field(step.text, "carried"))
    assert wrong.status_code == 422
    back = reader.post(STEP, code=world.code("boris"), carried=hidden_field(wrong.text, "carried"))
    assert back.status_code == 200
    assert TEXT in back.text


def test_a_recovery_code_sets_the_password_and_never_replaces_the_second_factor(world: World) -> None:
    world.give_app("boris")
    browser = world.visitor()
    fields = {"name": "boris", "code": secrets_of_all().codes[0], "password": "four calm camels"}
    page = browser.post("/accounts/recover", **fields)
    assert "The password is changed. Now the second factor" in page.text
    assert not is_signed_in(browser)
    assert browser.post(STEP, code=world.code("boris")).status_code == 303
    assert is_signed_in(browser)


def test_an_app_is_set_up_by_its_first_code(world: World) -> None:
    boris, elsewhere = world.visitor("boris"), world.visitor("boris")
    page = boris.get(SET_UP).text
    secret = re.sub(r"\s", "", re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1])
    assert f"otpauth://totp/Evenhand:boris?secret={secret}" in page
    assert "<svg" in page
    wrong = boris.post(SET_UP, sealed=hidden_field(page, "sealed"), code="000000")
    assert wrong.status_code == 422
    assert world.count(CodeApp) == 0
    assert secret in re.sub(r"(?<=[A-Z2-7]) (?=[A-Z2-7])", "", wrong.text), "the app has been given this one"
    code = pyotp.TOTP(secret).now()
    assert boris.post(SET_UP, sealed=hidden_field(wrong.text, "sealed"), code=code).location == SET_UP
    assert is_signed_in(boris)
    assert not is_signed_in(elsewhere), "its session was begun with the password alone"
    assert with_password(world, "boris").post(STEP, code=code).status_code == 422, "it has been used"


def test_a_secret_that_was_made_for_somebody_else_is_not_taken(world: World) -> None:
    sealed = hidden_field(world.visitor("aigerim").get(SET_UP).text, "sealed")
    boris = world.visitor("boris")
    for field in (sealed, "", "00", "no secret"):
        answer = boris.set_up_app(sealed=field)
        assert answer.status_code == 422
        assert "Here is a new square" in answer.text
    assert world.count(CodeApp) == 0


def test_the_secret_is_nowhere_at_rest(world: World) -> None:
    world.give_app("boris")
    rows = repr(world.everything())
    assert TOTP_SECRET not in rows
    with world.at_work():
        app = db.session.scalars(select(CodeApp)).one()
        assert TOTP_SECRET.encode() not in app.sealed


def test_who_moderates_opens_the_desk_only_with_a_second_factor(world: World) -> None:
    reply = world.reply("boris")
    world.person("dana")
    assert world.app.test_cli_runner().invoke(args=["users", "promote", "dana", "moderator"]).exit_code == 0
    dana = world.visitor()
    assert dana.post("/accounts/sign-in", name="dana", password=PASSWORD).status_code == 303
    fields = {"action": "reject", "rule": "respect", "explanation": WHY, "revision": world.wording(reply)}
    assert dana.get("/accounts/replies").status_code == 200
    asked = dana.get("/moderation")
    assert asked.status_code == 403
    assert "The desk opens once you have set up a second factor" in asked.text
    assert re.search(r'href="/moderation"[^>]*>Desk</a>', asked.text), "how much waits is told at the desk only"
    assert hidden_field(asked.text, "next") == "/moderation"
    refused = dana.post(f"/moderation/replies/{reply}/decisions", **fields)
    assert refused.status_code == 403
    assert world.decisions_on(reply) == []
    back = dana.set_up_app(carried=hidden_field(refused.text, "carried"))
    assert back.status_code == 200
    assert WHY in back.text, "what was typed comes back"
    assert re.search(r'href="/moderation"[^>]*>Desk <span class="n">1<', back.text)
    assert dana.post(f"/moderation/replies/{reply}/decisions", **fields).status_code == 303


def test_no_verb_lets_staff_decide_without_a_second_factor(world: World) -> None:
    reply = world.reply("boris")
    world.person("maria")
    with world.at_work(), writing():
        second_factor.forget(signin.find("maria"))
    with world.at_work(), writing():
        found, maria = queries.reply_to_change(reply), signin.find("maria")
        with pytest.raises(NotAllowed, match="cannot decide"):
            decisions.decide(found.latest_revision, Action.PUBLISH, by=maria)


def test_the_last_second_factor_of_staff_can_be_replaced_but_not_removed(world: World) -> None:
    maria = world.visitor("maria")
    assert "Remove the app" not in maria.get(SET_UP).text
    refused = maria.post(f"{SET_UP}/removal")
    assert refused.status_code == 422
    assert "Add another one first" in refused.text
    assert maria.get("/moderation").status_code == 200
    page = maria.get(f"{SET_UP}?replace=1").text
    secret = re.sub(r"\s", "", re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1])
    assert maria.post(SET_UP, sealed=hidden_field(page, "sealed"), code=pyotp.TOTP(secret).now()).status_code == 303
    assert world.count(CodeApp) == 1
    with time_machine.travel(datetime.now(UTC) + 2 * HALF_A_MINUTE, tick=False):
        for made_with, status in ((TOTP_SECRET, 422), (secret, 303)):
            assert with_password(world, "maria").post(STEP, code=pyotp.TOTP(made_with).now()).status_code == status


def test_a_member_removes_the_second_factor_and_the_password_is_enough_again(world: World) -> None:
    world.give_app("boris")
    boris = world.visitor("boris")
    assert boris.post(f"{SET_UP}/removal").status_code == 303
    assert world.count(CodeApp) == 0
    assert world.visitor().post("/accounts/sign-in", name="boris", password=PASSWORD).status_code == 303
    assert boris.post(f"{SET_UP}/removal").status_code == 303, "and again nothing happens"


def test_a_reset_ends_the_second_factor_with_the_rest(world: World) -> None:
    maria = world.visitor("maria")
    assert world.app.test_cli_runner().invoke(args=["users", "reset", "maria"]).exit_code == 0
    assert world.count(CodeApp) == 0
    assert not is_signed_in(maria)


def test_the_log_says_by_id_that_a_second_factor_came_was_used_and_went(world: World) -> None:
    boris = world.visitor("boris")
    boris.set_up_app()
    world.give_app("boris")
    with_password(world, "boris").post(STEP, code=world.code("boris"))
    boris.post(f"{SET_UP}/removal")
    with world.at_work():
        query = select(AuditEntry).where(AuditEntry.subject_kind == "code_apps").order_by(AuditEntry.id)
        entries = db.session.scalars(query).all()
        assert {entry.actor_id for entry in entries} == {signin.find("boris").id}
    happened = [entry.event for entry in entries]
    added, used, removed = Event.SECOND_FACTOR_ADDED, Event.SECOND_FACTOR_USED, Event.SECOND_FACTOR_REMOVED
    assert happened == [added, added, used, removed]
