"""Another name for one debate alone: when it can be chosen, which one, and that it stays."""

from html import unescape

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from forum.accounts.models import NameLook
from forum.db import db
from forum.debates.models import DebateName, Reply
from forum.errors import NotAllowed
from tests.world import DEBATE, PASSWORD, World, at_once

NAME = f"{DEBATE}/name"
FORM = f"{DEBATE}/replies/new"
OFFER = "Another name for this debate"


def test_a_name_is_offered_at_the_form_of_the_first_reply_and_is_that_of_all_replies_here(world: World) -> None:
    aigerim = world.visitor("aigerim")
    assert OFFER in aigerim.get(FORM).text
    assert "aigerim</b>, as everywhere" in aigerim.get(NAME).text
    taken = aigerim.post(NAME, name="Moth", next=f"{FORM}?passage=2")
    assert (taken.status_code, taken.location) == (303, f"{FORM}?passage=2")
    form = aigerim.get(FORM).text
    assert "Shown as from <b>Moth</b>, your name in this debate alone" in form
    assert OFFER not in form
    assert (
        '<span class="by">Moth</span>' in aigerim.post(f"{DEBATE}/replies/preview", text="Words enough to be one.").text
    )
    for _time in range(2):
        world.published("aigerim")
    page = world.visitor().get(DEBATE).text
    assert page.count(">Moth</a>") == 2
    assert "aigerim" not in page
    assert aigerim.get("/accounts/replies").text.count(">Moth</a>, your name in this debate alone") == 2


def test_in_other_debates_she_writes_under_her_own_name(world: World) -> None:
    world.open_debate("second")
    world.take_name("Moth", "aigerim")
    world.published("aigerim", slug="second")
    reader = world.visitor()
    assert ">aigerim</a>" in reader.get("/debates/second").text
    assert reader.get("/people/Moth").status_code == 404


@pytest.mark.parametrize("status", ["pending", "published", "returned", "rejected", "removed", "withdrawn"])
def test_once_a_reply_was_sent_under_the_own_name_no_other_can_be_chosen(world: World, status: str) -> None:
    world.reply_that_is(status)
    aigerim = world.visitor("aigerim")
    assert OFFER not in aigerim.get(FORM).text
    assert "can no longer be chosen, whatever became of that reply" in aigerim.get(NAME).text
    refused = aigerim.post(NAME, name="Moth")
    assert refused.status_code == 422
    assert "under your own name" in refused.text
    assert "You typed: <b>Moth</b>" in refused.text
    assert world.count(DebateName) == 0


def test_a_name_cannot_be_changed(world: World) -> None:
    world.take_name("Moth", "aigerim")
    aigerim = world.visitor("aigerim")
    assert "It stays." in aigerim.post(NAME, name="Owl").text
    with world.at_work():
        assert db.session.scalars(select(DebateName.stored_name)).all() == ["Moth"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("moderator", "kept for the house"),
        ("М0derator", "kept for the house"),
        ("boris", "looks like it"),
        ("Вoris", "looks like it"),
        ("0wl", "looks like it"),  # a name for a debate, of somebody else
        ("madina", "looks like it"),  # who has left
        ("Heron", "looks like it"),  # under which she wrote
        ("aigerim", "tells yours"),
        ("Aigerim_2", "tells yours"),
        ("ger", "tells yours"),
        ("ab", "3 to 30 characters"),
        ("a moth", "Use letters"),
    ],
)
def test_the_names_obey_the_rules_of_all_names_and_tell_nothing_of_the_own_one(
    world: World, name: str, why: str
) -> None:
    world.person("boris")
    world.take_name("Owl", "dana")
    world.take_name("Heron", "madina")
    world.leave("madina")
    refused = world.visitor("aigerim").post(NAME, name=name)
    assert refused.status_code == 422
    assert why in refused.text
    assert f'value="{name}"' in unescape(refused.text)


@pytest.mark.parametrize("name", ["moth", "M0th", "МOTН"])
def test_nobody_joins_under_a_name_for_a_debate_nor_signs_in(world: World, name: str) -> None:
    world.take_name("Moth", "aigerim")
    reader = world.visitor()
    assert "looks like it" in reader.post("/accounts/sign-up", name=name, password=PASSWORD).text
    assert reader.post("/accounts/sign-in", name=name, password=PASSWORD).status_code == 422


def test_the_database_itself_keeps_all_names_apart(world: World) -> None:
    world.take_name("Moth", "aigerim")
    number = world.person("boris")
    with world.at_work():
        look = db.session.scalars(select(NameLook.look).where(NameLook.look.contains("th"))).first()
        db.session.add(NameLook(look=look, user_id=number))
        with pytest.raises(IntegrityError):
            db.session.flush()


def test_of_two_who_choose_a_name_at_once_one_gets_it(world: World) -> None:
    people = [world.visitor(name) for name in ("aigerim", "boris")]
    for person in people:
        person.token()
    answers = at_once(*(lambda person=person: person.post(NAME, name="Moth") for person in people))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert world.count(DebateName) == 1


def test_a_reply_sent_while_a_name_is_chosen_stands_under_one_name_for_good(world: World) -> None:
    first, second = (world.visitor("aigerim") for _window in range(2))
    fields = {"stance": "pro", "text": "One reason, put so that the other side could follow it.", "key": "k" * 16}
    for window in (first, second):
        window.token()
    named, sent = at_once(
        lambda: first.post(NAME, name="Moth"), lambda: second.post(f"{DEBATE}/replies", hints_seen="", **fields)
    )
    assert (sent.status_code, world.count(Reply)) == (303, 1)
    assert named.status_code == (303 if world.count(DebateName) else 422)


def test_staff_have_no_other_name_and_who_is_suspended_chooses_none(world: World) -> None:
    for name in ("maria", "zarina"):
        assert OFFER not in world.visitor(name).get(FORM).text
        assert world.visitor(name).post(NAME, name="Moth").status_code == 403
    world.suspend("boris")
    with pytest.raises(NotAllowed):
        world.take_name("Moth", "boris")
    assert world.count(DebateName) == 0


def test_readers_are_led_to_sign_in_and_get_back_what_they_typed(world: World) -> None:
    answer = world.visitor().post(NAME, name="Moth")
    assert answer.status_code == 401
    assert 'name="carried"' in answer.text


def test_what_a_name_does_not_protect_from_stands_on_its_page(world: World) -> None:
    page = world.visitor("aigerim").get(NAME).text
    for told in ("has its database", "How you write", "“former member” at the same time", "Moderators see a tag"):
        assert told in page
