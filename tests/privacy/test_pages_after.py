"""After somebody has left, every page still answers, and none names them."""

import pytest

from forum.accounts.models import Role
from forum.moderation.models import Action
from forum.privacy.models import Erased
from tests.privacy.test_wiping import MAIL, NAME, SAID, WORD, fill
from tests.world import World


@pytest.mark.parametrize("erases", [pytest.param(Erased.ACCOUNT, marks=pytest.mark.long), Erased.ACCOUNT_AND_WORDS])
def test_every_page_answers_and_names_nobody_who_has_left(world: World, erases: Erased) -> None:
    fill(world, 3)
    for name in ("maria", "zarina"):
        world.open_person(NAME, by=name)
    world.propose_ban(NAME)
    world.leave(NAME, erases)
    for who in ("", "boris", "maria", "zarina"):
        visitor = world.visitor(who)
        for endpoint, address in world.addresses():
            answer = visitor.get(address, buffered=True)
            assert answer.status_code < 500, f"{endpoint} {address} for {who}"
            text = answer.text
            assert NAME not in text, f"{endpoint} {address} for {who}"
            assert MAIL not in text
            if erases is Erased.ACCOUNT_AND_WORDS:
                assert WORD not in text, f"{endpoint} {address} for {who}"


def test_every_page_answers_after_a_moderator_has_left(world: World) -> None:
    world.person(NAME, Role.MODERATOR)
    world.reply_that_is("rejected", author="boris", by=NAME)
    world.appeal(world.decide(world.reply("boris"), Action.REJECT, by=NAME))
    world.note("boris", text=SAID.format("note"), by=NAME)
    world.dismiss(reported(world), by=NAME)
    world.open_person("boris", by="maria")
    world.open_person("boris", by="zarina")
    world.warn("boris", by=NAME)
    world.leave(NAME)
    for who in ("", "boris", "maria", "zarina"):
        visitor = world.visitor(who)
        for endpoint, address in world.addresses():
            answer = visitor.get(address, buffered=True)
            assert answer.status_code < 500, f"{endpoint} {address} for {who}"
            assert NAME not in answer.text, f"{endpoint} {address} for {who}"
    assert "Moderator" in world.visitor("boris").get("/accounts/replies").text


def reported(world: World) -> int:
    number = world.published("boris")
    world.report(number, by="dana")
    return number
