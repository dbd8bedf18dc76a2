"""Members delete their accounts, with their words or without."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from forum.accounts import signin, signup
from forum.accounts.models import CodeApp, Passkey, Role, Session, User
from forum.db import db, writing
from forum.errors import Refused
from forum.events import AuditEntry, Event
from forum.moderation.models import Action
from forum.privacy import carried, erasure
from forum.privacy.models import Erased, Erasure, Leaving
from forum.transparency import chain, queries
from tests.world import DEBATE, PASSWORD, SLUG, Visitor, World, hidden_field

WORD = "xylothrope"
SAID = f"The {WORD} of the court can be read by anybody, and it says the contrary of this."
AT_ONCE = {"when": "now", "sure": "yes"}
NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)


def leave(world: World, name: str, erases: str = "account", **fields: str) -> Visitor:
    """Let somebody delete their account by the form."""
    visitor = world.visitor(name)
    answer = visitor.post("/accounts/delete", replies=erases, **(AT_ONCE | fields))
    assert answer.status_code in {200, 303}, answer.text
    return visitor


def gone(world: World, number: int) -> bool:
    with world.at_work():
        return db.session.get_one(User, number).erased_at is not None


def test_who_leaves_is_signed_out_everywhere_and_cannot_come_back(world: World) -> None:
    phone, number = world.visitor("aigerim"), world.person("aigerim")
    visitor = leave(world, "aigerim")
    assert gone(world, number)
    assert phone.get("/accounts/settings").status_code == 401
    assert visitor.get("/accounts/settings").status_code == 401
    for name in ("aigerim", f"deleted {number}", f"DELETED {number}", ""):
        assert world.visitor().post("/accounts/sign-in", name=name, password=PASSWORD).status_code == 422
    assert world.count(Session) == 0


def test_nothing_is_left_of_a_second_factor(world: World) -> None:
    world.give_app("aigerim"), world.passkey("aigerim", "A phone that tells who I am")
    leave(world, "aigerim")
    assert world.count(CodeApp) == world.count(Passkey) == 0


def test_who_signed_in_a_while_ago_is_asked_who_they_are_first(world: World) -> None:
    number = world.person("aigerim")
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        visitor = world.visitor("aigerim")
        clock.shift(timedelta(minutes=11))
        answer = visitor.post("/accounts/delete", replies="account", when="now")
        assert answer.status_code == 401
        assert "Confirm that it is you" in answer.text
    assert not gone(world, number)


def test_what_cannot_be_called_off_is_asked_twice(world: World) -> None:
    number, visitor = world.person("aigerim"), world.visitor("aigerim")
    asked = visitor.post("/accounts/delete", replies="account_and_words", when="now")
    assert asked.status_code == 200
    assert "Nothing is deleted yet" in asked.text
    assert not gone(world, number)
    chosen = {name: hidden_field(asked.text, name) for name in ("replies", "when")}
    back = visitor.post("/accounts/delete", sure="back", **chosen)
    for value in ("account_and_words", "now"):
        assert f'value="{value}" checked' in back.text, "what was chosen is kept"
    assert not gone(world, number)
    farewell = visitor.post("/accounts/delete", sure="yes", **chosen)
    assert "Your account is deleted" in farewell.text
    assert farewell.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert visitor.client.get_cookie("session") is None
    assert gone(world, number)


def test_a_form_that_says_too_little_is_shown_again(world: World) -> None:
    number = world.person("aigerim")
    answer = world.visitor("aigerim").post("/accounts/delete", replies="account", when="soon")
    assert answer.status_code == 422
    assert 'id="when-error"' in answer.text
    assert not gone(world, number)


def test_what_is_public_stays_without_a_name(world: World) -> None:
    stays = world.published("aigerim", text=SAID)
    other = world.published("boris")
    leave(world, "aigerim")
    for address in (DEBATE, f"{DEBATE}/replies/{stays}", f"/feeds/debates/{SLUG}.atom", f"/search?q={WORD}"):
        page = world.visitor().get(address).text
        assert WORD in page
        assert "former member" in page
        assert "aigerim" not in page
    assert world.visitor().get("/search?q=court&person=aigerim").text.count(SAID) == 0
    assert world.visitor().get("/people/aigerim").status_code == 404
    assert world.visitor().get("/people/former member").status_code == 404
    found = world.visitor().get(f"/api/v1/replies/{stays}").json
    assert (found["author"], found["text"]) == (None, SAID)
    assert world.visitor().get(f"/api/v1/replies/{other}").json["author"] == "boris"


def test_erased_words_leave_a_place_where_somebody_has_answered(world: World) -> None:
    answered, alone = world.published("aigerim", text=SAID), world.published("aigerim", text=SAID + " Again.")
    answer = world.published("boris", parent=answered)
    leave(world, "aigerim", "account_and_words")
    page = world.visitor().get(DEBATE).text
    assert "The words of this reply were erased." in page
    assert f'id="reply-{answer}"' in page
    assert f'id="reply-{alone}"' not in page
    assert WORD not in page
    assert WORD not in repr(world.everything())


@pytest.mark.parametrize("status", ["pending", "returned", "rejected", "removed", "withdrawn"])
def test_what_is_not_public_goes_in_any_case(world: World, status: str) -> None:
    number = world.reply_that_is(status, text=SAID)
    leave(world, "aigerim")
    assert world.status(number) == "withdrawn"
    assert WORD not in repr(world.everything())
    assert world.visitor("maria").get("/moderation").status_code == 200


def test_a_new_wording_that_waits_goes_and_the_public_one_stays(world: World) -> None:
    number = world.published("aigerim")
    world.reword(number, SAID)
    leave(world, "aigerim")
    assert world.status(number) == "published"
    assert WORD not in repr(world.everything())
    assert "former member" in world.visitor().get(DEBATE).text


def test_a_deleted_name_stays_taken_and_nobody_can_read_it(world: World) -> None:
    leave(world, "aigerim")
    assert "aigerim" not in repr(world.everything()).casefold()
    with world.at_work():
        for name in ("aigerim", "Aigerim", "aigerіm"):
            with pytest.raises(Refused, match="Somebody here has this name"), writing():
                signup.add_user(name, Role.MEMBER)
        with writing():
            signup.add_user("aigerim2", Role.MEMBER)


def test_the_last_lead_stays(world: World) -> None:
    number = world.person("zarina")
    for when in ("now", "later"):
        fields = {"replies": "account", "when": when}
        answer = world.visitor("zarina").post("/accounts/delete", **fields)
        assert answer.status_code == 403
        assert "Let somebody else lead it first" in answer.text
    assert not gone(world, number)
    world.person("sanzhar")
    leave(world, "zarina")
    assert gone(world, number)


def test_a_lead_who_is_the_last_one_by_then_stays_and_is_told(world: World) -> None:
    number, other = world.person("zarina"), world.person("sanzhar")
    with time_machine.travel(NOON, tick=False) as clock:
        leave(world, "zarina", when="later")
        leave(world, "sanzhar")
        assert gone(world, other)
        clock.shift(timedelta(hours=25))
        world.do_jobs()
        assert not gone(world, number)
        assert "nobody else leads this forum" in world.visitor("zarina").get("/notifications").text
    assert world.count(Leaving) == 0
    with world.at_work():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == Event.LEAVING_CALLED_OFF)).one()
        assert entry.actor_id is None


def test_the_page_promises_what_the_database_does(world: World) -> None:
    is_prompt = world.app.config["DATABASE_URL"].startswith("sqlite")
    page = world.visitor("aigerim").get("/accounts/delete").text
    assert ("within 15 minutes" in page) is is_prompt
    assert ("when it needs the room" in page) is not is_prompt


def test_what_a_moderator_decided_stays_under_the_number(world: World) -> None:
    rejected = world.reply_that_is("rejected", author="boris")
    leave(world, "maria")
    page = world.visitor("boris").get("/accounts/replies").text
    assert "Moderator 1" in page
    assert f"{rejected}" in page
    assert "maria" not in repr(world.everything())
    assert world.visitor("zarina").get(f"/moderation/replies/{rejected}").status_code == 200


def test_a_day_later_the_account_is_gone_unless_it_was_called_off(world: World) -> None:
    stays, goes = world.person("boris"), world.person("aigerim")
    with time_machine.travel(NOON, tick=False) as clock:
        for name in ("aigerim", "boris"):
            leave(world, name, when="later")
        told = "Your account will be deleted on"
        for page in (
            "/accounts/delete",
            "/accounts/settings",
            DEBATE,
        ):  # it may be the doing of another
            assert told in world.visitor("boris").get(page).text
        assert told not in world.visitor("dana").get(DEBATE).text
        clock.shift(timedelta(hours=23))
        world.do_jobs()
        assert not gone(world, goes)
        assert world.visitor("boris").post("/accounts/delete/off").status_code == 303
        clock.shift(timedelta(hours=2))
        world.do_jobs()
    assert gone(world, goes)
    assert not gone(world, stays)


def test_who_asks_anew_gets_a_whole_day(world: World) -> None:
    number = world.person("boris")
    with time_machine.travel(NOON, tick=False) as clock:
        leave(world, "boris", when="later")
        clock.shift(timedelta(hours=20))
        leave(world, "boris", "account_and_words", when="later")
        clock.shift(timedelta(hours=20))
        world.do_jobs()
        assert not gone(world, number)
        clock.shift(timedelta(hours=5))
        world.do_jobs()
    assert gone(world, number)


def test_the_log_still_verifies_and_leads_to_no_text(world: World) -> None:
    world.reply_that_is("rejected", text=SAID)
    world.reply_that_is("removed", text=SAID + " More.")
    world.appeal_sanction(world.suspend("aigerim"))
    leave(world, "aigerim", "account_and_words")
    with world.at_work():
        assert chain.first_fault(queries.facts()) is None
    assert world.everything()["log_salts"] == []


def test_the_audit_log_says_that_an_account_was_deleted_and_whose_number_it_had(world: World) -> None:
    number = world.person("aigerim")
    leave(world, "aigerim")
    with world.at_work():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == Event.ACCOUNT_DELETED)).one()
        assert (entry.actor_id, entry.subject_id, entry.facts) == (number, number, {"erases": "account"})


def test_reports_of_somebody_who_left_are_still_answered(world: World) -> None:
    reply = world.published("boris")
    world.report(reply, by="aigerim", explanation=f"It is a {WORD}.")
    leave(world, "aigerim")
    assert WORD not in repr(world.everything())
    world.decide(reply, Action.REMOVE)
    assert world.visitor().get(f"/reports/{world.receipts[0]}").status_code == 200


def test_an_older_state_is_erased_again(world: World) -> None:
    for name in ("aigerim", "boris"):
        world.published(name, text=f"{SAID} {name}.")
    items = []
    with world.at_work():
        for name, erases in (("aigerim", Erased.ACCOUNT), ("boris", Erased.ACCOUNT_AND_WORDS)):
            user = signin.find(name)
            moment = datetime.now(UTC).isoformat()
            items.append(carried.Item(user.id, user.created_at.isoformat(), erases.value, moment))
        strange = carried.Item(items[0].user_id, NOON.isoformat(), "account", NOON.isoformat())
        assert erasure.replay([strange]) == 0
        assert erasure.replay(items) == 2
        assert erasure.replay(items) == 0
    rows = repr(world.everything())
    assert SAID + " aigerim." in rows
    assert SAID + " boris." not in rows
    assert world.visitor().get(DEBATE).text.count(">former member</") == 1


def test_words_written_after_their_erasure_stay(world: World) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        former = world.published("aigerim")
        world.erase_words("aigerim")
        with world.at_work():
            items = erasure.listed()
            with writing():
                db.session.query(Erasure).delete()
        clock.shift(timedelta(hours=1))
        later = world.published("aigerim")
        with world.at_work():
            assert erasure.replay(items) == 1
    assert (world.status(former), world.status(later)) == ("withdrawn", "published")


def test_the_list_of_erasures_is_kept_beside_the_database(world: World) -> None:
    number = world.person("aigerim")
    leave(world, "aigerim")
    world.do_jobs()
    with world.at_work():
        assert [item.user_id for item in carried.read()] == [number]
        assert carried.read() == erasure.listed()
