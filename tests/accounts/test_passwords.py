"""Passwords: which ones are taken, how they are kept, and what a guesser learns."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from argon2 import Type, extract_parameters
from sqlalchemy import select

from forum import create_app
from forum.accounts import passwords, signup
from forum.accounts.models import Role, SignInDelay, User
from forum.db import db, writing
from forum.errors import Refused
from tests.world import PASSWORD, Visitor, World

COMMON = (Path(passwords.__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split()
GOOD = [
    "xkqzvwpj",  # eight small letters: no rule asks for more kinds
    "7392046158",
    "three quiet horses",
    "три тихие лошади",
    "үш тыныш жылқы",
    " begins and ends with a space ",
    "🐎🐎🐎🐎🐎🐎🐎🐎",
    "ж" * 256,  # characters are counted, not bytes
]
BAD = ["", "xkqzvwp", "ж" * 257, "password", "PassWord", "12345678", COMMON[-1], COMMON[-1].upper()]
WRONG = "no such horses"
NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let refusals find their words; no database is asked."""
    app = create_app({"FORUM_INSTANCE": str(tmp_path_factory.mktemp("words"))})
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("password", GOOD)
def test_any_long_and_uncommon_password_is_good(password: str) -> None:
    passwords.check(password)


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("password", BAD)
def test_a_short_long_or_common_password_is_refused_beside_its_field(password: str) -> None:
    with pytest.raises(Refused) as refusal:
        passwords.check(password)
    assert refusal.value.field == "password"


def test_the_list_has_the_three_thousand_commonest_that_are_long_enough() -> None:
    assert len(set(COMMON)) == 3000
    assert [p for p in COMMON if not 8 <= len(p) <= 256 or p != p.casefold()] == []


@pytest.mark.parametrize("page", ["/accounts/sign-up", "/accounts/settings"])
def test_a_refused_password_stands_beside_its_field_and_is_not_sent_back(world: World, page: str) -> None:
    visitor = world.visitor("boris" if page.endswith("settings") else "")
    token = visitor.token()
    for password in ("sesame", "qwertyuiop", "x" * 257, ""):
        answer = visitor.post(page, token=token, change="password", name="aigerim", current=PASSWORD, password=password)
        assert answer.status_code == 422
        assert re.search(r'<input id="password"[^>]*aria-invalid="true"', answer.text)
        assert PASSWORD not in answer.text
        assert not password or password not in answer.text


def test_every_character_of_a_password_counts(world: World) -> None:
    password = "  Үш тыныш жылқы 🐎 "
    with world.at_work(), writing():
        signup.join("aigerim", signup.Secrets(password))
    for typed, status in [(password.strip(), 422), (password.lower(), 422), (password, 303)]:
        answer = world.visitor().post("/accounts/sign-in", name="aigerim", password=typed)
        assert answer.status_code == status


def test_what_is_stored_is_an_argon2id_hash_of_the_stated_cost(world: World) -> None:
    world.person("aigerim")
    with world.at_work():
        stored = db.session.scalar(select(User.password_hash))
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert extract_parameters(stored).hash_len >= 32
    assert extract_parameters(stored).salt_len >= 16


def test_an_unknown_name_costs_the_same_work_as_a_known_one() -> None:
    known, nobody = (extract_parameters(hashed) for hashed in (passwords.digest("any"), passwords._nobody()))
    assert known == nobody
    assert known.type is Type.ID
    assert passwords._nobody() == passwords._nobody(), "it is not made anew each time: that would cost twice"
    assert not passwords.matches("any", None)


def test_whoever_has_no_password_yet_cannot_sign_in_with_any(world: World) -> None:
    with world.at_work(), writing():
        signup.add_user("dana", Role.MEMBER)
    for password in ("", "None", "!", PASSWORD):
        assert world.visitor().post("/accounts/sign-in", name="dana", password=password).status_code == 422


def without_what_was_typed(page: str) -> str:
    """Return a page without its form token and the name that the visitor typed."""
    return re.sub(r'value="[^"]*"', "", page)


def try_to_sign_in(visitor: Visitor, name: str, token: str, password: str = WRONG) -> tuple[int, str | None, str]:
    answer = visitor.post("/accounts/sign-in", token=token, name=name, password=password)
    return answer.status_code, answer.headers.get("Retry-After"), without_what_was_typed(answer.text)


def test_a_guesser_cannot_tell_whether_a_name_exists(world: World) -> None:
    world.person("aigerim")
    with time_machine.travel(NOON, tick=False):
        visitor = world.visitor()
        token = visitor.token()
        tries = [{name: try_to_sign_in(visitor, name, token) for name in ("aigerim", "nobody")} for _ in range(6)]
    for answers in tries:
        assert answers["aigerim"] == answers["nobody"]
    assert [answers["nobody"][0] for answers in tries] == [422, 422, 422, 422, 429, 429]


def test_delays_grow_to_a_quarter_of_an_hour_and_no_further(world: World) -> None:
    world.person("aigerim")
    visitor, waits = world.visitor(), []
    with time_machine.travel(NOON, tick=False) as clock:
        token = visitor.token()
        while len(waits) < 12:
            status, wait, page = try_to_sign_in(visitor, "aigerim", token)
            if status == 429:
                assert f"wait {wait} seconds" in page
                waits.append(int(wait))
                clock.shift(timedelta(seconds=int(wait)))
        assert waits == sorted(waits)
        assert waits[0] <= 5
        assert 14 * 60 < waits[-1] == waits[-2] <= 15 * 60 + 1
        assert try_to_sign_in(visitor, "aigerim", token, PASSWORD)[0] == 303
    assert world.count(SignInDelay) == 0, "a right password ends the delays"


def test_a_delay_is_kept_for_the_right_password_too(world: World) -> None:
    world.person("aigerim")
    visitor = world.visitor()
    with time_machine.travel(NOON, tick=False) as clock:
        token = visitor.token()
        for _ in range(5):
            try_to_sign_in(visitor, " AIGERIM ", token)  # the same name, written otherwise
        assert try_to_sign_in(visitor, "aigerim", token, PASSWORD)[0] == 429
        clock.shift(timedelta(days=3))
        try_to_sign_in(visitor, "somebody else", token)
    assert world.count(SignInDelay) == 1, "an old delay is forgotten"


def test_delays_do_not_store_the_names_that_were_tried(world: World) -> None:
    visitor = world.visitor()
    try_to_sign_in(visitor, "my-secret-name", visitor.token())
    assert "my-secret-name" not in repr(world.everything())
