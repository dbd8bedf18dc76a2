"""Nobody makes a browser act for its person: every form, with every way in which it could be forged."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.test_doors import FORMS, NAMES, NEED_NO_TOKEN, addresses, busy, link_in, without_sign_ins  # noqa: F401
from tests.world import Visitor, World

Forgery = tuple[Callable[[Visitor, World], dict[str, str]], dict[str, str]]


def none(_person: Visitor, _world: World) -> dict[str, str]:
    return {}


def good(person: Visitor, _world: World) -> dict[str, str]:
    return {"csrf_token": person.token()}


def of_another(_person: Visitor, world: World) -> dict[str, str]:
    return {"csrf_token": world.visitor("timur").token()}


def of_an_ended_session(person: Visitor, _world: World) -> dict[str, str]:
    token = person.token()
    with person.client.session_transaction() as kept:
        kept.pop("csrf_token")  # what signing out and in again does
    person.token()
    return {"csrf_token": token}


def wrong(_person: Visitor, _world: World) -> dict[str, str]:
    return {"csrf_token": "IjEyMzQ1Njc4OTAi.aaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaa"}


FORGERIES: dict[str, Forgery] = {
    "no token": (none, {}),
    "a wrong token": (wrong, {}),
    "another one's token": (of_another, {}),
    "a token of an ended session": (of_an_ended_session, {}),
    "no token, but the right origin": (none, {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}),
    "another origin": (good, {"Origin": "https://evil.example"}),
    "a hidden origin": (good, {"Origin": "null"}),
    "another port": (good, {"Origin": "http://localhost:81"}),
    "another scheme": (good, {"Origin": "https://localhost"}),
    "another site": (good, {"Sec-Fetch-Site": "cross-site"}),
    "a neighbour of the same site": (good, {"Sec-Fetch-Site": "same-site"}),
}
MAY_COME_FROM_ELSEWHERE = {"mail.unsubscribe"}  # by the secret in its address (RFC 8058)


def is_honest(endpoint: str, forgery: str) -> bool:
    """Say whether what looks forged is none: the secret in the address of a letter is authority enough."""
    without_token = endpoint in NEED_NO_TOKEN and ("token" in forgery)
    return endpoint in MAY_COME_FROM_ELSEWHERE or without_token


@pytest.mark.parametrize("forgery", FORGERIES)
def test_no_forged_form_is_taken(busy: World, forgery: str) -> None:  # noqa: F811
    token, headers = FORGERIES[forgery]
    where, people = addresses(busy, "POST", link_in(busy)), {}
    for who, name in NAMES.items():
        people[who] = busy.visitor(name)
    busy.visitor("timur")
    before, taken = busy.everything(), []
    for endpoint, (who, fields) in FORMS.items():
        if is_honest(endpoint, forgery):
            continue
        sent: dict[str, Any] = fields | {"revision": busy.wording(1)} | token(people[who], busy)
        answer = people[who].client.post(where[endpoint], data=sent, headers=headers)
        if answer.status_code not in {400, 403, 422}:
            taken.append(f"{endpoint}: {answer.status_code}")
    assert taken == []
    assert without_sign_ins(busy.everything()) == without_sign_ins(before)
