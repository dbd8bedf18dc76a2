"""Who may pass which door: every route of the forum, every kind of person."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from forum import create_app
from forum.accounts import carrying, links
from forum.accounts.models import Role
from forum.db import writing
from forum.events import Event
from forum.moderation.models import Action
from tests.conftest import environ
from tests.world import PASSWORD, SLUG, UNKNOWN, WHY, Visitor, World, hidden_field

NAMES = {"reader": "", "author": "aigerim", "another member": "boris", "moderator": "maria", "lead": "zarina"}
ALL = set(NAMES)
MEMBERS = ALL - {"reader"}
STAFF = {"moderator", "lead"}
AUTHOR = {"author"}
LEADS = {"lead"}

MAY = {
    ("GET", "static"): ALL,
    ("GET", "debates.index"): ALL,
    ("GET", "debates.show"): ALL,
    ("GET", "debates.show_reply"): ALL,
    ("GET", "debates.new_reply"): ALL,
    ("GET", "debates.history"): ALL,
    ("GET", "passages.show"): ALL,
    ("GET", "members.show"): ALL,
    ("POST", "members.mute"): MEMBERS,
    ("POST", "follows.debate"): MEMBERS,
    ("POST", "follows.thread"): MEMBERS,
    ("GET", "search.show"): ALL,
    ("GET", "feeds.of_site"): ALL,
    ("GET", "feeds.of_debate"): ALL,
    ("GET", "feeds.of_member"): ALL,
    ("GET", "feeds.sitemap"): ALL,
    ("GET", "feeds.robots"): ALL,
    ("GET", "api.debates"): ALL,
    ("GET", "api.debate"): ALL,
    ("GET", "api.replies"): ALL,
    ("GET", "api.reply"): ALL,
    ("GET", "api.log"): ALL,
    ("GET", "api.openapi"): ALL,
    ("GET", "reports.make"): ALL - AUTHOR,  # nobody reports an own reply
    ("POST", "reports.make"): ALL - AUTHOR,
    ("GET", "reports.show"): ALL,
    ("GET", "moderation.rules"): ALL,
    ("GET", "transparency.log"): ALL,
    ("GET", "transparency.feed"): ALL,
    ("GET", "transparency.table"): ALL,
    ("GET", "health.alive"): ALL,
    ("GET", "health.ready"): ALL,
    ("GET", "house.about"): ALL,
    ("GET", "house.safety"): ALL,
    ("GET", "house.privacy"): ALL,
    ("GET", "accounts.sign_up"): ALL,
    ("POST", "accounts.sign_up"): ALL,
    ("GET", "accounts.sign_in"): ALL,
    ("POST", "accounts.sign_in"): ALL,
    ("GET", "accounts.recover"): ALL,
    ("POST", "accounts.recover"): ALL,
    ("GET", "accounts.link"): ALL,
    ("POST", "accounts.link"): ALL,
    ("GET", "second_factor.step"): ALL,
    ("POST", "second_factor.step"): ALL,
    ("GET", "second_factor.show"): MEMBERS,
    ("POST", "second_factor.show"): MEMBERS,
    ("POST", "second_factor.remove_app"): MEMBERS,
    ("POST", "passkeys.sign_in_options"): ALL,
    ("POST", "passkeys.sign_in"): ALL,
    ("POST", "passkeys.options"): MEMBERS,
    ("POST", "passkeys.add"): MEMBERS,
    ("POST", "passkeys.remove"): {"another member"},  # whose it is
    ("GET", "accounts.settings"): MEMBERS,
    ("POST", "accounts.settings"): MEMBERS,
    ("POST", "accounts.resume"): MEMBERS,
    ("GET", "sessions.index"): MEMBERS,
    ("POST", "sessions.index"): MEMBERS,
    ("GET", "sessions.confirm"): MEMBERS,
    ("POST", "sessions.confirm"): MEMBERS,
    ("POST", "passkeys.confirm_options"): MEMBERS,
    ("POST", "passkeys.confirm"): MEMBERS,
    ("GET", "privacy.export"): MEMBERS,
    ("POST", "privacy.export"): MEMBERS,
    ("GET", "privacy.delete"): MEMBERS,
    ("POST", "privacy.delete"): MEMBERS,
    ("POST", "privacy.call_off"): MEMBERS,
    ("GET", "moderation.own_replies"): MEMBERS,
    ("GET", "notifications.index"): MEMBERS,
    ("POST", "notifications.read"): MEMBERS,
    ("GET", "mail.confirm"): ALL,
    ("POST", "mail.confirm"): ALL,
    ("GET", "mail.unsubscribe"): ALL,
    ("POST", "mail.unsubscribe"): ALL,
    ("GET", "mail.wishes"): MEMBERS,
    ("POST", "mail.wishes"): MEMBERS,
    ("POST", "debates.post_reply"): MEMBERS,
    ("GET", "positions.take"): MEMBERS,
    ("POST", "positions.take"): MEMBERS,
    ("GET", "names.take"): MEMBERS,
    ("POST", "names.take"): MEMBERS,
    ("POST", "votes.take"): MEMBERS,
    ("GET", "debates.edit"): AUTHOR,
    ("POST", "debates.edit"): AUTHOR,
    ("POST", "drafts.preview"): ALL,
    ("POST", "drafts.keep"): MEMBERS,
    ("POST", "drafts.preview_edit"): AUTHOR,
    ("POST", "drafts.keep_edit"): AUTHOR,
    ("POST", "drafts.discard"): MEMBERS,  # whose it is not is told nothing else
    ("POST", "debates.withdraw_wording"): AUTHOR,
    ("GET", "moderation.queue"): STAFF,
    ("GET", "moderation.item"): STAFF,
    ("POST", "moderation.show_author"): STAFF,
    ("POST", "moderation.decide"): STAFF,
    ("GET", "appeals.lodge"): AUTHOR,
    ("POST", "appeals.lodge"): AUTHOR,
    ("GET", "appeals.index"): STAFF,
    ("GET", "appeals.show"): STAFF,
    ("POST", "appeals.judge"): STAFF,
    ("POST", "moderation.undo_decision"): {"moderator"},  # who made the decision
    ("GET", "reports.listed"): STAFF,
    ("POST", "reports.dismiss"): STAFF,
    ("POST", "moderation.claim"): STAFF,
    ("POST", "moderation.release"): STAFF,
    ("POST", "moderation.note"): STAFF,
    ("GET", "moderation.same"): STAFF,
    ("POST", "moderation.same"): STAFF,
    ("GET", "moderation.canned"): STAFF,
    ("POST", "moderation.canned"): STAFF,
    ("GET", "moderation.change_canned"): STAFF,
    ("POST", "moderation.change_canned"): STAFF,
    ("POST", "moderation.retire_canned"): STAFF,
    ("POST", "moderation.keep_preferences"): STAFF,
    ("GET", "people.search"): STAFF,
    ("POST", "people.ask"): STAFF,  # before the others: it opens the page
    ("GET", "people.show"): STAFF,
    ("POST", "people.sanction"): STAFF,
    ("POST", "people.propose_role"): LEADS,
    ("POST", "people.propose_purge"): LEADS,
    ("POST", "people.propose_export"): LEADS,
    ("POST", "people.note"): STAFF,
    ("POST", "people.delete_note"): {"moderator"},  # who wrote it
    ("POST", "people.end"): STAFF,
    ("POST", "people.acknowledge"): AUTHOR,
    ("GET", "people.open_proposals"): LEADS,
    ("POST", "people.confirm"): LEADS,
    ("GET", "readings.archive"): LEADS,
    ("POST", "readings.archive"): LEADS,
    ("POST", "people.close"): LEADS,
    ("GET", "sanction_appeals.lodge"): AUTHOR,
    ("POST", "sanction_appeals.lodge"): AUTHOR,
    ("GET", "sanction_appeals.show"): STAFF,
    ("POST", "sanction_appeals.judge"): STAFF,
    ("POST", "debates.withdraw"): AUTHOR,
    ("POST", "accounts.sign_out"): MEMBERS,  # the last, because it ends the session
}

# A form that would be stored, in an order in which all are: from whom, with what. It needs nothing but its token.
TEXT = "A rule that nobody can enforce protects nobody. Begin with the office that takes the complaint."
NEW_PASSWORD = "another four quiet horses"
FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "accounts.sign_up": ("reader", {"name": "newcomer", "password": PASSWORD}),
    "accounts.sign_in": ("reader", {"name": "aigerim", "password": PASSWORD}),
    "accounts.recover": ("reader", {"name": "aigerim", "code": "2222-2222", "password": NEW_PASSWORD}),
    "accounts.link": ("reader", {"name": "firstlead", "password": PASSWORD}),
    "accounts.resume": ("author", {}),
    "second_factor.step": ("reader", {"code": "123456"}),
    "second_factor.show": ("author", {"code": "123456"}),
    "second_factor.remove_app": ("author", {}),
    "passkeys.sign_in_options": ("reader", {}),
    "passkeys.sign_in": ("reader", {"credential": "{}"}),
    "passkeys.confirm_options": ("author", {}),
    "passkeys.confirm": ("author", {"credential": "{}"}),
    "passkeys.options": ("author", {}),
    "passkeys.add": ("author", {"credential": "{}"}),
    "passkeys.remove": ("another member", {}),
    "people.acknowledge": ("author", {}),  # then she can write again
    "drafts.preview": ("author", {"stance": "pro", "text": TEXT}),
    "drafts.keep": ("author", {"text": TEXT, "parent": 2}),
    "drafts.preview_edit": ("author", {"text": TEXT}),
    "drafts.keep_edit": ("author", {"text": f"{TEXT} More.", "draft": 1}),
    "drafts.discard": ("author", {"draft": 1}),
    "debates.post_reply": ("author", {"stance": "anti", "text": TEXT}),
    "debates.edit": ("author", {"stance": "anti", "text": TEXT}),
    "debates.withdraw_wording": ("author", {"wording": 7}),
    "moderation.show_author": ("moderator", {}),
    "moderation.claim": ("moderator", {}),
    "moderation.release": ("moderator", {}),
    "moderation.note": ("moderator", {"note": WHY}),
    "moderation.canned": ("moderator", {"rule": "topic", "language": "en", "title": "Other", "text": WHY}),
    "moderation.change_canned": ("moderator", {"rule": "topic", "title": "Better", "text": WHY, "version": 1}),
    "moderation.retire_canned": ("moderator", {"version": 2}),
    "moderation.keep_preferences": ("moderator", {"languages": "ru"}),
    "moderation.same": ("moderator", {"action": "reject", "rule": "respect", "explanation": WHY, "chosen": "6-6"}),
    "moderation.decide": ("moderator", {"action": "reject", "rule": "respect", "explanation": WHY}),
    "positions.take": ("author", {"position": "1", "moment": "before"}),
    "names.take": ("author", {"name": "Moth"}),
    "votes.take": ("moderator", {"well_argued": "1"}),
    "appeals.lodge": ("author", {"text": TEXT}),
    "appeals.judge": ("lead", {"outcome": "decision_stands", "rule": "respect", "explanation": WHY}),
    "moderation.undo_decision": ("moderator", {}),
    "reports.make": ("reader", {"reason": "respect", "explanation": TEXT}),
    "reports.dismiss": ("moderator", {"answer": WHY, "seen": "1"}),
    "sanction_appeals.lodge": ("author", {"text": TEXT}),
    "sanction_appeals.judge": ("lead", {"outcome": "decision_stands", "explanation": WHY}),
    "people.ask": ("moderator", {}),
    "people.note": ("moderator", {"text": WHY}),
    "people.delete_note": ("moderator", {}),
    "people.end": ("moderator", {"reason": WHY}),
    "people.propose_role": ("lead", {"role": "moderator", "reason": WHY}),
    "people.propose_purge": ("lead", {"reason": WHY}),
    "people.propose_export": ("lead", {"reason": WHY}),
    "readings.archive": ("lead", {}),
    "people.confirm": ("lead", {}),
    "people.close": ("lead", {}),
    "people.sanction": ("moderator", {"kind": "warning", "rule": "respect", "explanation": WHY}),
    "members.mute": ("moderator", {"mute": "1"}),
    "follows.debate": ("moderator", {"follow": "1"}),
    "follows.thread": ("moderator", {"follow": "1"}),
    "debates.withdraw": ("author", {}),
    "notifications.read": ("author", {}),
    "mail.confirm": ("reader", {}),
    "mail.unsubscribe": ("reader", {}),
    "mail.wishes": ("author", {"change": "wishes", "frequency": "daily"}),
    "sessions.index": ("author", {"end": "others"}),
    "sessions.confirm": ("author", {"current": PASSWORD}),
    "privacy.export": ("author", {"do": "make"}),
    "privacy.delete": ("author", {"replies": "account", "when": "later"}),
    "privacy.call_off": ("author", {}),
    "accounts.settings": ("author", {"change": "password", "current": PASSWORD, "password": NEW_PASSWORD}),
    "accounts.sign_out": ("author", {}),
}
FIT = {  # what is public is read and reported, what was rejected appealed, what still holds undone or ended
    f"/debates/{SLUG}/replies/2",
    "/replies/2/report",
    "/replies/2/history",
    "/api/v1/replies/2",
    "/replies/2/vote",
    "/replies/2/follow",
    "/replies/2/wording/withdraw",
    "/moderation/replies/2/reports",
    "/decisions/2/appeal",
    "/decisions/4/undo",
    "/sanctions/2/ending",
    "/proposals/2/closing",
    "/proposals/3/archive",
}
NEED_NO_TOKEN = {"mail.confirm", "mail.unsubscribe"}  # the secret in their address is the authority (RFC 8058)
STORES_NOTHING = {
    "accounts.resume",  # it leads on to the form of somebody who has just signed in
    "second_factor.step",  # only after the first step,
    "second_factor.show",  # only with the secret of its page,
    "second_factor.remove_app",  # and only where there is one: tests/accounts/test_second_factor.py
    "names.take",  # only before the first reply in a debate: tests/debates/test_debate_names.py
    "passkeys.sign_in_options",
    "passkeys.confirm_options",
    "passkeys.confirm",
    "passkeys.sign_in",  # these need a device: tests/accounts/test_passkeys.py
    "passkeys.options",
    "passkeys.add",
}


@pytest.fixture
def stopped_clock() -> Iterator[None]:
    """Let no time pass: what can be undone for half a minute can be undone on a slow machine too."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


@pytest.fixture
def busy(world: World) -> World:
    """Return a forum in which there is something to do for everybody."""
    return make_busy(world)


def make_busy(world: World) -> World:
    """Return the forum with replies of Aigerim's: waiting, reported and reworded, rejected and appealed, returned.

    She has a warning to read, Boris is suspended, and a lead has proposed to ban him and to give him another role.
    """
    for name in NAMES.values():
        if name:
            world.person(name)
    world.reply("aigerim", text="This reply of Aigerim’s waits for a moderator, who has yet to read it.")
    world.report(world.published("aigerim"))
    world.decide(world.reply("aigerim"), Action.REJECT)
    world.appeal(world.decide(world.reply("aigerim"), Action.REJECT))
    world.decide(world.reply("aigerim"), Action.RETURN)
    world.reply("aigerim", text="And a sixth one, which waits as well, to be rejected with others of its kind.")
    world.reword(2)
    world.draft("aigerim", place="passage-2")
    world.ready()
    world.warn("aigerim")
    world.appeal_sanction(world.suspend("boris"))
    world.propose_ban("boris", by="sanzhar")
    world.propose_role("boris", Role.MODERATOR, by="sanzhar")
    world.confirm(world.propose_export("boris"))
    world.do_jobs()
    world.note("aigerim")
    world.give_address("aigerim")
    world.passkey("boris")
    for name in ("aigerim", "boris"):
        world.open_person(name, by="maria")
        world.open_person(name, by="zarina")
    return world


def link_in(world: World) -> str:
    """Return the token of a one-time link that works."""
    with world.at_work(), writing():
        return links.make(None)


def addresses(world: World, method: str, link: str) -> dict[str, str]:
    """Return an address of each route that answers `method`: of the waiting reply, or of what it is there for."""
    every = world.addresses(method, link)
    return dict(reversed(every)) | {name: path for name, path in every if path in FIT}


def knock(person: Visitor, method: str, address: str) -> TestResponse:
    """Open an address, or send nothing but a good token to it."""
    return person.get(address, buffered=True) if method == "GET" else person.post(address)


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield method, rule.endpoint


def test_every_route_says_to_whom_it_is_open(app: Flask) -> None:
    silent = [name for name, view in app.view_functions.items() if not hasattr(view, "door")]
    assert silent == ["static"]


def test_the_table_of_doors_names_every_route_and_method_and_no_other(app: Flask) -> None:
    assert set(routes(app)) == set(MAY)


def test_a_route_that_says_nothing_is_closed(sqlite_database: str, tmp_path: Path) -> None:
    app = create_app(environ(tmp_path, sqlite_database))
    app.add_url_rule("/forgotten", "forgotten", lambda: "a secret", methods=["GET", "POST"])
    client = app.test_client()
    for method in ("GET", "HEAD", "OPTIONS", "POST"):
        answer = client.open("/forgotten", method=method)
        assert answer.status_code == 403
        assert "a secret" not in answer.text


@pytest.mark.parametrize("who", NAMES)
def test_doors_open_to_those_in_the_table_and_to_nobody_else(busy: World, who: str) -> None:
    person = busy.visitor(NAMES[who])
    link = link_in(busy)
    where = {(method, name): at for method in ("GET", "POST") for name, at in addresses(busy, method, link).items()}
    before = busy.everything()
    for method, endpoint in [door for door, allowed in MAY.items() if who not in allowed]:
        answer = knock(person, method, where[method, endpoint])
        assert answer.status_code in ({401} if who == "reader" else {403, 404}), f"{method} {endpoint} is open to {who}"
    after = busy.everything()
    for tables in (before, after):  # but for the line in the audit log that says so
        tables["audit_entries"] = [row for row in tables["audit_entries"] if Event.ACCESS_REFUSED not in row]
    assert after == before, f"{who} changed something behind a shut door"
    for method, endpoint in [door for door, allowed in MAY.items() if who in allowed]:
        answer = knock(person, method, where[method, endpoint])
        assert answer.status_code in {200, 302, 303, 422}, f"{method} {endpoint} is shut to {who}"


@pytest.mark.parametrize("who", ["reader", "another member", "lead"])
def test_nobody_learns_whether_a_reply_of_somebody_else_waits(busy: World, who: str) -> None:
    person = busy.visitor(NAMES[who])
    with time_machine.travel(datetime.now(UTC), tick=False):
        for method, address in [
            ("GET", f"/debates/{SLUG}/replies/{{}}"),
            ("GET", f"/debates/{SLUG}/replies/new?parent={{}}"),
            ("GET", "/replies/{}/edit"),
            ("GET", "/replies/{}/history"),
            ("GET", "/replies/{}/report"),
            ("POST", "/replies/{}/report"),
            ("POST", "/replies/{}/withdraw"),
            ("POST", "/replies/{}/wording/withdraw"),
        ]:
            waiting, unknown = (knock(person, method, address.format(number)) for number in (1, UNKNOWN))
            assert waiting.status_code == unknown.status_code
            assert waiting.text.replace("/1/", f"/{UNKNOWN}/") == unknown.text, f"{method} {address} tells {who}"


def test_staff_decide_nothing_about_their_own_reply(world: World) -> None:
    number = world.reply("zarina")
    before = world.everything()
    fields, wording = FORMS["moderation.decide"][1], world.wording(number)
    answer = world.visitor("zarina").post(f"/moderation/replies/{number}/decisions", revision=wording, **fields)
    assert answer.status_code == 403
    assert WHY in answer.text
    assert world.everything()["decisions"] == before["decisions"]
    assert world.status(number) == "pending"


def test_the_forms_of_this_file_are_those_of_the_forum(app: Flask) -> None:
    assert set(FORMS) == {endpoint for method, endpoint in routes(app) if method == "POST"}


@pytest.mark.usefixtures("stopped_clock")
def test_a_form_without_its_token_stores_nothing_and_with_it_something(busy: World) -> None:
    where, strange = addresses(busy, "POST", link_in(busy)), busy.visitor("timur").token()
    before = busy.everything()
    for endpoint, (who, fields) in FORMS.items():
        person = busy.visitor(NAMES[who]).client
        for token in ({}, {"csrf_token": ""}, {"csrf_token": "wrong"}, {"csrf_token": strange}):
            if endpoint in NEED_NO_TOKEN:
                continue
            answer = person.post(where[endpoint], data=fields | {"revision": busy.wording(1)} | token)
            assert answer.status_code in {400, 422}, f"{endpoint} took {token}"
    assert without_sign_ins(busy.everything()) == without_sign_ins(before)

    people = {who: busy.visitor(NAMES[who]) for who in ("author", "another member", "moderator", "lead")}
    for endpoint, (who, fields) in FORMS.items():
        person = people.get(who) or busy.visitor()
        token, before = person.token(), busy.everything()
        answer = person.post(where[endpoint], token=token, **fields, revision=busy.wording(1))
        assert answer.status_code in {200, 302, 303, 422}
        assert (busy.everything() == before) == (endpoint in STORES_NOTHING), endpoint


def without_sign_ins(rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Leave out what the people of the test left behind by signing in."""
    kept = {name: found for name, found in rows.items() if name != "sessions"}
    return kept | {"audit_entries": [row for row in rows["audit_entries"] if Event.SIGNED_IN not in row]}


@pytest.mark.parametrize(
    "endpoint",
    ["debates.post_reply", "debates.edit", "moderation.decide", "reports.make", "appeals.lodge", "appeals.judge"],
)
def test_an_old_form_gives_back_what_was_typed(busy: World, endpoint: str) -> None:
    who, fields = FORMS[endpoint]
    answer = busy.visitor(NAMES[who]).post(
        addresses(busy, "POST", link_in(busy))[endpoint], token="of another day", **fields
    )
    assert answer.status_code == 422
    assert (fields.get("text") or fields["explanation"]) in answer.text
    assert "Nothing is lost: please send it once more." in answer.text


def test_no_password_rides_through_sign_in_with_the_form_it_was_typed_into(busy: World) -> None:
    typed = FORMS["accounts.settings"][1]
    asked = busy.visitor().post("/accounts/settings", **typed)
    assert asked.status_code == 401
    with busy.at_work():
        carried = str(carrying.unpack(hidden_field(asked.text, "carried")))
    assert PASSWORD not in carried
    assert NEW_PASSWORD not in carried
    back = busy.visitor("aigerim").post("/accounts/resume", carried=hidden_field(asked.text, "carried"))
    assert back.status_code == 200
    assert "This is not your password" not in back.text


@pytest.mark.parametrize("who", ["reader", "author", "lead"])
def test_looking_changes_nothing(busy: World, who: str) -> None:
    person = busy.visitor(NAMES[who])
    link = link_in(busy)
    before = busy.everything()
    with a_while_later():
        for _endpoint, address in busy.addresses("GET", link):
            for method in ("GET", "HEAD", "OPTIONS"):
                person.client.open(address, method=method, buffered=True)
    assert busy.everything() == before


def test_looking_around_after_a_pause_keeps_a_member_signed_in(world: World) -> None:
    person = world.visitor("boris")
    with a_while_later():
        answer = person.get("/accounts/settings")
    assert answer.status_code == 200
    assert "Set-Cookie" in answer.headers


def a_while_later() -> time_machine.travel:
    """Return the time in two hours: a session is still good then, but its last activity has to be renewed."""
    return time_machine.travel(datetime.now(UTC) + timedelta(hours=2))
