"""Recovery codes: eight ways back in, each for one time, and no word to a guesser."""

import re
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from forum.accounts import passwords, signin, signup
from forum.accounts.models import RecoveryCode, Session, User
from forum.db import db, writing
from forum.errors import Refused
from tests.world import PASSWORD, Visitor, World, secrets_of_all

SETTINGS = "/accounts/settings"
NEW = "four calm camels"
NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
on_one_engine = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # hashing is slow on purpose
CODES = re.compile(r"<li>([2-9A-Z]{4}-[2-9A-Z]{4})</li>")


def codes_of_all() -> list[str]:
    """Return the codes that everybody has whom the world made."""
    return secrets_of_all().codes


def recover(visitor: Visitor, name: str, code: str, password: str = NEW, **more: str) -> TestResponse:
    return visitor.post("/accounts/recover", name=name, code=code, password=password, **more)


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.get(SETTINGS).status_code == 200


def may_enter(world: World, name: str, password: str) -> bool:
    return world.visitor().post("/accounts/sign-in", name=name, password=password).status_code == 303


def secrets_in(world: World) -> list[object]:
    """Return all that opens the accounts, as it is stored."""
    with world.at_work():
        queries = [select(User.password_hash), select(RecoveryCode.digest), select(RecoveryCode.used_at)]
        return [sorted(map(str, db.session.scalars(query))) for query in [*queries, select(Session.token_digest)]]


def test_the_answer_to_a_sign_up_shows_eight_codes_this_once(world: World) -> None:
    aigerim = world.visitor()
    answer = aigerim.post("/accounts/sign-up", name="aigerim", password=PASSWORD)
    codes = CODES.findall(answer.text)
    assert len(set(codes)) == 8
    assert answer.headers["Cache-Control"] == "private, no-store"
    for page in ("/accounts/sign-up", SETTINGS, "/notifications"):
        assert not any(code in aigerim.get(page, follow_redirects=True).text for code in codes)
    stored = repr(world.everything())
    for code in codes:
        assert code not in stored
        assert code.replace("-", "") not in stored
        assert code.replace("-", "").lower() not in stored


def test_a_code_sets_a_new_password_signs_in_and_ends_every_other_session(world: World) -> None:
    there = world.visitor("boris")
    here = world.visitor()
    answer = recover(here, "boris", codes_of_all()[0])
    assert answer.status_code == 200
    assert "7 recovery codes are left" in answer.text
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert not may_enter(world, "boris", PASSWORD)
    assert may_enter(world, "boris", NEW)


def test_a_code_works_once_and_the_others_stay(world: World) -> None:
    world.person("boris")
    first, second = codes_of_all()[:2]
    assert recover(world.visitor(), "boris", first).status_code == 200
    assert recover(world.visitor(), "boris", first, "five odd otters").status_code == 422
    assert may_enter(world, "boris", NEW)
    answer = recover(world.visitor(), "boris", second, "five odd otters")
    assert "6 recovery codes are left" in answer.text


@on_one_engine
@pytest.mark.parametrize(("used", "left"), [(6, "1 recovery code is left"), (7, "0 recovery codes are left")])
def test_a_member_is_told_how_many_codes_are_left(world: World, used: int, left: str) -> None:
    world.person("boris")
    with world.at_work(), writing():
        assert all(signup.use_code(signin.find("boris"), digest) for digest in secrets_of_all().digests[:used])
    assert left in recover(world.visitor(), "boris", codes_of_all()[7]).text


@on_one_engine
@pytest.mark.parametrize(
    "written", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code[:2]} {code[2:]} "]
)
def test_a_code_can_be_typed_carelessly(world: World, written) -> None:
    world.person("boris")
    assert recover(world.visitor(), " BORIS ", written(codes_of_all()[3])).status_code == 200


@on_one_engine
@pytest.mark.parametrize("code", ["", "-", "ABCD-2345", "x" * 300, "\x00", "ж" * 8], ids=ascii)
def test_anything_but_a_code_opens_nothing(world: World, code: str) -> None:
    world.person("boris")
    before = secrets_in(world)
    assert recover(world.visitor(), "boris", code).status_code == 422
    assert secrets_in(world) == before


def test_a_code_of_somebody_else_opens_nothing(world: World) -> None:
    world.person("boris")
    aigerim = world.visitor()
    joined = aigerim.post("/accounts/sign-up", name="aigerim", password=PASSWORD)
    code = CODES.findall(joined.text)[0]
    assert recover(world.visitor(), "boris", code).status_code == 422
    assert recover(world.visitor(), "aigerim", code).status_code == 200


def test_a_refused_password_does_not_use_the_code_up_and_keeps_what_was_typed(world: World) -> None:
    world.person("boris")
    code = codes_of_all()[0]
    visitor = world.visitor()
    for password in ("short", "password", ""):
        answer = recover(visitor, "boris", code, password)
        assert answer.status_code == 422
        assert f'value="{code}"' in answer.text
        assert 'value="boris"' in answer.text
    assert recover(visitor, "boris", code).status_code == 200


def seen(answer: TestResponse) -> tuple[int, str | None, str]:
    """Return what a guesser sees of an answer, without what was typed and the form token."""
    return answer.status_code, answer.headers.get("Retry-After"), re.sub(r'value="[^"]*"', "", answer.text)


@on_one_engine
def test_unknown_name_wrong_code_and_used_code_get_one_answer_and_the_same_delays(world: World) -> None:
    world.person("boris")
    world.person("dana")
    used, unused = codes_of_all()[:2]
    with time_machine.travel(NOON, tick=False):
        assert recover(world.visitor(), "dana", used).status_code == 200
        guesser = world.visitor()
        token = guesser.token()
        tries = []
        for _ in range(5):
            guesses = [("nobody", unused), ("boris", "ABCD-2345"), ("dana", used)]
            tries.append([seen(recover(guesser, *guess, token=token)) for guess in guesses])
        assert recover(world.visitor(), "boris", unused).status_code == 200, "no stranger locks anybody out"
    for unknown, wrong, spent in tries:
        assert unknown == wrong == spent
    assert [unknown[0] for unknown, _wrong, _spent in tries] == [422, 422, 422, 422, 429]
    assert "Name and code do not belong together" in tries[0][0][2]


def test_an_unknown_name_costs_a_code_hash_too(world: World) -> None:
    with world.at_work():
        nobody = signin.code_salt("nobody")
    assert len(nobody) == len(secrets_of_all().salt)
    assert len(passwords.code_digest("ABCD-2345", nobody)) == len(secrets_of_all().digests[0])


def test_a_code_used_twice_at_once_works_once(world: World) -> None:
    world.person("boris")
    ended: list[str] = []

    def recover_at_once(digest: str, start: Barrier) -> None:
        start.wait()
        try:
            with world.at_work(), writing():
                signin.recover(signin.find("boris"), digest, secrets_of_all().password_hash)
            ended.append("recovered")
        except Refused:
            ended.append("refused")

    for digest in secrets_of_all().digests:
        start = Barrier(2)
        threads = [Thread(target=recover_at_once, args=[digest, start]) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert ended.count("recovered") == ended.count("refused") == 8


def test_new_codes_end_the_old_ones_and_the_other_sessions(world: World) -> None:
    here, there = world.visitor("boris"), world.visitor("boris")
    answer = here.post(SETTINGS, change="codes", current=PASSWORD)
    codes = CODES.findall(answer.text)
    assert len(set(codes)) == 8
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert "8 codes are unused" in here.get(SETTINGS).text
    assert may_enter(world, "boris", PASSWORD), "the password stays"
    assert recover(world.visitor(), "boris", codes_of_all()[0]).status_code == 422
    assert recover(world.visitor(), "boris", codes[7]).status_code == 200


@pytest.mark.parametrize("change", ["password", "codes", "", "role"])
@pytest.mark.parametrize("current", ["not this one", ""])
def test_a_wrong_password_now_changes_nothing(world: World, change: str, current: str) -> None:
    here, there = world.visitor("boris"), world.visitor("boris")
    before = secrets_in(world)
    answer = here.post(SETTINGS, change=change, current=current, password=NEW)
    assert answer.status_code == 422
    assert secrets_in(world) == before
    assert is_signed_in(here)
    assert is_signed_in(there)


def test_whoever_guesses_at_an_open_screen_is_slowed_and_told_for_how_long(world: World) -> None:
    with time_machine.travel(NOON, tick=False):
        here = world.visitor("boris")
        token = here.token()
        answers = [here.post(SETTINGS, token=token, change="password", current="no", password=NEW) for _ in range(5)]
        late = here.post(SETTINGS, token=token, change="codes", current=PASSWORD)
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]
    assert late.status_code == 429
    assert "Retry-After" in late.headers
