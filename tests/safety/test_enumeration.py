"""Nobody learns from sign-in, recovery or the mail page whether a name or an address is known here."""

import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from unittest import mock

import argon2._password_hasher
import numpy as np
import pytest
import time_machine
from werkzeug.test import TestResponse

from forum.accounts import passwords
from tests.world import PASSWORD, Visitor, World, secrets_of_all

NEW = "four calm camels"
DOORS = {
    "/accounts/sign-in": {"password": "not this one"},
    "/accounts/recover": {"code": "2222-2222", "password": NEW},
}
TRIES = 3  # under one name, before there is a delay
on_one_engine = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@contextmanager
def counted_hashes() -> Iterator[list[object]]:
    """Collect the calls of Argon2; each still does its work."""
    calls: list[object] = []

    def spied(function):
        def call(*args, **more):
            calls.append(function.__name__)
            return function(*args, **more)

        return call

    hasher = argon2._password_hasher
    with (
        mock.patch.object(hasher, "verify_secret", spied(hasher.verify_secret)),
        mock.patch.object(hasher, "hash_secret", spied(hasher.hash_secret)),
        mock.patch.object(passwords, "hash_secret_raw", spied(passwords.hash_secret_raw)),
    ):
        yield calls


def seen(answer: TestResponse, name: str) -> tuple[int, str, list[tuple[str, str]]]:
    """Return what a guesser sees of an answer, without the name that was typed and the form token."""
    text = re.sub(r'name="csrf_token" value="[^"]*"', "", answer.text).replace(name, "")
    headers = [(key, value) for key, value in answer.headers if key not in {"Content-Length", "X-Request-Id"}]
    return answer.status_code, text, headers


@pytest.mark.parametrize("path", DOORS)
def test_an_unknown_name_is_answered_as_a_known_one_and_costs_the_same_queries_and_hashes(
    world: World, path: str
) -> None:
    world.person("boris")
    found, moment = {}, datetime.now(UTC)
    for name in ("boris", "erlan-of-no-account"):
        visitor, answers = world.visitor(), []
        with time_machine.travel(moment, tick=False):
            token = visitor.token()
        for _ in range(TRIES + 3):
            with time_machine.travel(moment, tick=False), world.counted_queries() as sent, counted_hashes() as hashes:
                answer = visitor.post(path, name=name, token=token, **DOORS[path])
            answers.append((seen(answer, name), [s.partition("WHERE")[0] for s in sent], list(hashes)))
        found[name] = answers
    assert found["boris"] == found["erlan-of-no-account"]
    assert found["boris"][0][0][0] == 422
    assert found["boris"][-1][0][0] == 429


def test_an_address_that_somebody_else_has_given_is_taken_like_any_other(world: World) -> None:
    world.person("dana")
    world.give_address("boris", confirmed=True)  # quiet.fox@example.org
    found = []
    for name, address in (("aigerim", "quiet.fox@example.org"), ("dana", "loud.fox@example.org")):
        visitor = world.visitor(name)
        token = visitor.token()
        with world.counted_queries() as sent:
            fields = {"change": "address", "address": address, "frequency": "daily"}
            answer = visitor.post("/notifications/mail", token=token, **fields)
        found.append((answer.status_code, answer.headers["Location"], len(sent)))
    assert found[0] == found[1]
    assert found[0][0] == 303


def auc(known: list[float], unknown: list[float]) -> float:
    """Return how often a known name takes longer than an unknown one; 0.5 tells nothing."""
    a, b = np.array(known), np.array(unknown)
    return float((a[:, None] > b[None, :]).mean() + (a[:, None] == b[None, :]).mean() / 2)


def took(visitor: Visitor, path: str, name: str, token: str) -> float:
    begun = time.perf_counter()
    visitor.post(path, name=name, token=token, **DOORS[path])
    return time.perf_counter() - begun


@pytest.mark.long
@pytest.mark.parametrize(("path", "pairs"), [("/accounts/sign-in", 1000), ("/accounts/recover", 200)])
def test_the_time_of_an_answer_tells_nothing_of_a_name(world: World, path: str, pairs: int) -> None:
    visitor = world.visitor()
    token = visitor.token()
    names = [f"member-{number}" for number in range(-(-pairs // TRIES))]
    for name in names:
        world.person(name)
    took(visitor, path, "warm-up", token)
    times: dict[bool, list[float]] = {True: [], False: []}
    order = random.Random(7)
    for number in range(pairs):
        name = names[number // TRIES]
        for is_known in order.sample([True, False], 2):
            times[is_known].append(took(visitor, path, name if is_known else f"nobody-{name}", token))
    assert 0.45 < auc(times[True], times[False]) < 0.55


@on_one_engine
def test_a_right_password_is_right_again_after_a_stranger_has_guessed(world: World) -> None:
    world.person("boris")
    for _ in range(TRIES + 1):
        world.visitor().post("/accounts/sign-in", name="boris", password="not this one")
    assert world.visitor().post("/accounts/sign-in", name="boris", password=PASSWORD).status_code == 429
    answer = world.visitor().post("/accounts/recover", name="boris", code=secrets_of_all().codes[0], password=NEW)
    assert answer.status_code == 200, "the codes lead past it"
    assert world.visitor().post("/accounts/sign-in", name="boris", password=NEW).status_code == 303
