"""Who may do what, wherever a reply stands: every address, method, person and state, against a table of rules."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select

from forum.accounts import sessions, signin
from forum.accounts.models import CodeApp, Role
from forum.db import db, writing
from forum.debates.models import Stance
from forum.events import Event
from forum.moderation import sanctions
from forum.moderation.models import Action
from forum.moderation.sanction_models import Sanction
from forum.notifications import mailboxes
from forum.notifications.mail_models import MailAddress
from tests.safety.kept import Kept
from tests.safety.matrix import NO_SUCH, PEOPLE, PUBLIC, RULES, STATES, expected
from tests.test_doors import FORMS, link_in
from tests.world import PLEA, SECOND_WHY, SLUG, UNKNOWN, World

Door = tuple[str, str, str, set[str]]  # method, address, what answers there if it takes it, the parts of the address
OF_REPLIES = {"reply_id", "decision_id", "appeal_id"}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
NUMBERS = {"reply_id", "decision_id", "appeal_id", "sanction_id", "sanction_appeal_id", "proposal_id", "note_id"}
NUMBERS |= {"draft_id", "explanation_id", "passkey_id", "number"}
ABSENT = dict.fromkeys(NUMBERS, UNKNOWN) | {"slug": "no-such-debate", "name": "nobody-of-this-name"}
ABSENT |= dict.fromkeys(["receipt", "token", "confirmation", "unsubscription", "filename"], "unknown")
NEXT = {  # what is decided where the reply stands; elsewhere nothing can be
    "removed": Action.RESTORE,
    "removal appealed": Action.RESTORE,
    "tombstone": Action.RESTORE,
    "public": Action.REMOVE,
    "reported": Action.REMOVE,
    "edited": Action.REMOVE,
}


STEPS = {  # how Aigerim’s reply comes to a state, by Maria’s decisions
    "waiting": [],
    "returned": ["return"],
    "rejected": ["reject"],
    "appealed": ["reject", "appeal"],
    "taken back": ["withdraw"],
    "public": ["publish"],
    "reported": ["publish", "report"],
    "edited": ["publish", "reword", "publish"],
    "reworded": ["publish", "reword"],
    "removed": ["publish", "remove"],
    "removal appealed": ["publish", "remove", "appeal"],
    "tombstone": ["publish", "answer", "remove"],
    "withdrawn": ["publish", "withdraw"],
}


def reply_in(state: str, world: World, clock: time_machine.Traveller) -> dict[str, int]:
    """Let a reply come to a state; return its number and those of the last decision on it and of its appeal."""
    if state == "absent":
        return dict.fromkeys(OF_REPLIES, UNKNOWN)
    made = dict.fromkeys(OF_REPLIES, UNKNOWN) | {"reply_id": world.reply("aigerim")}
    number = made["reply_id"]
    for step in STEPS[state]:
        clock.shift(1)
        if step == "appeal":
            made["appeal_id"] = world.appeal(made["decision_id"])
        elif step == "answer":
            world.published("boris", parent=number)
        elif step in {"reword", "withdraw", "report"}:
            getattr(world, step)(number)
        else:
            made["decision_id"] = world.decide(number, Action(step))
    return made


@dataclass
class Case:
    """A forum in which the reply stands somewhere, and everybody’s browser in it."""

    world: World
    state: str
    names: dict[str, Any]  # what stands in addresses, by the name of the argument
    fields: dict[str, dict[str, Any]]  # of forms, as a page of this state would send them
    browsers: dict[str, tuple[str, str]]  # by person: the cookie, and a token for forms

    def __post_init__(self) -> None:
        self.kept, self.was = Kept(self.world), rows(self.world)

    def knock(self, who: str, method: str, address: str, endpoint: str) -> int:
        """Return the status with which an address answers somebody; a form has good fields and its token."""
        client, (cookie, token) = self.world.app.test_client(), self.browsers[who]
        client.set_cookie("session", cookie)
        data = None if method in {"GET", "HEAD"} else {"csrf_token": token} | self.fields.get(endpoint, {})
        return client.open(address, method=method, data=data, buffered=True).status_code


def places(app: Flask, names: dict[str, Any], methods: Sequence[str]) -> Iterator[Door]:
    """Return each method with each address, with what answers there, if it takes it, and the parts of the address."""
    build = app.url_map.bind("localhost").build
    taken: dict[str, tuple[dict[str, str], set[str]]] = {}
    for rule in app.url_map.iter_rules():
        method = next(iter(rule.methods or ()))
        address = build(rule.endpoint, {argument: names[argument] for argument in rule.arguments}, method)
        taken.setdefault(address, ({}, rule.arguments))[0].update(dict.fromkeys(rule.methods or (), rule.endpoint))
    for (address, (endpoints, arguments)), method in itertools.product(taken.items(), methods):
        yield method, address, endpoints.get(method, ""), arguments


def browser(world: World, name: str) -> tuple[str, str]:
    visitor = world.visitor(name)
    token = visitor.token()
    return visitor.client.get_cookie("session").value, token


def furnish(world: World, state: str, clock: time_machine.Traveller) -> Case:
    """Return a forum with the reply and with something of each kind that addresses name."""
    for name in [*PEOPLE.values(), "sanzhar"][1:]:
        world.person(name, Role.MODERATOR if name == "ruslan" else None)
    made = reply_in(state, world, clock)
    reply = made["reply_id"]
    warning, other = world.warn("aigerim"), world.published("boris", stance=Stance.ANTI)
    world.report(other)
    suspension = world.suspend("erlan")
    world.ban("timofey")
    names = made | {
        "slug": SLUG,
        "name": "aigerim",
        "filename": "evenhand.css",
        "number": 1,
        "sanction_id": warning,
        "sanction_appeal_id": world.appeal_sanction(suspension),
        "proposal_id": world.propose_role("boris", Role.MODERATOR, by="sanzhar"),
        "note_id": world.note("aigerim"),
        "draft_id": world.draft("aigerim", place="passage-2"),
        "explanation_id": world.ready(),
        "passkey_id": world.passkey("boris"),
        "receipt": world.receipts[-1],
        "token": link_in(world),
    }
    world.give_address("aigerim")
    for name, staff in itertools.product(["aigerim", "erlan"], ["maria", "timur", "zarina"]):
        world.open_person(name, by=staff)
    with world.at_work(), writing():
        mailed = db.session.scalars(select(MailAddress)).one()
        names |= {"confirmation": mailboxes.confirmation(mailed), "unsubscription": mailboxes.unsubscription(mailed)}
        sanctions.read(db.session.get_one(Sanction, warning), by=signin.find("aigerim"))
    wording = world.wording(reply) if state != "absent" else UNKNOWN
    fields = {endpoint: {"revision": wording} | sent for endpoint, (_who, sent) in FORMS.items()}
    fields["moderation.decide"] |= {"action": NEXT.get(state, Action.REJECT).value, "explanation": SECOND_WHY}
    fields["moderation.same"] |= {"chosen": f"{reply}-{wording}"}
    fields["debates.edit"] |= {
        "stance": "pro",
        "state": {"returned": "returned"}.get(state, "published" if state in PUBLIC - {"reworded"} else "waiting"),
    }
    fields["debates.withdraw_wording"] |= {"wording": wording}
    fields["drafts.keep_edit"].pop("draft")
    fields["moderation.retire_canned"] |= {"version": 1}
    fields["reports.dismiss"] |= {"seen": UNKNOWN}
    fields["appeals.lodge"] |= {"text": PLEA + " And there is more to it."}
    browsers = {who: browser(world, name) for who, name in PEOPLE.items()}
    with world.at_work(), writing():
        sessions.end_all(signin.find("saule"))
        bare = signin.find("ruslan")
        bare.second_factor_at = None
        db.session.execute(delete(CodeApp).where(CodeApp.user_id == bare.id))
    world.leave("madina")
    return Case(world, state, names if state != "absent" else ABSENT, fields, browsers)


def rows(world: World) -> dict[str, list[Any]]:
    """Return all rows but what a refusal may leave: its line in the audit log, and the text as a draft."""
    kept = world.everything()
    kept["audit_entries"] = [row for row in kept["audit_entries"] if Event.ACCESS_REFUSED not in row]
    return {name: found for name, found in kept.items() if name not in {"drafts", "draft_texts"}}


def told_of(case: Case, door: Door, who: str) -> Iterator[str]:
    """Let somebody knock at a door, and tell what should not have come of it."""
    method, address, endpoint, parts = door
    name = f"{method.replace('HEAD', 'GET')} {endpoint}"
    may_come = expected(name, who, case.state, parts) if endpoint else NO_SUCH
    status = case.knock(who, method, address, endpoint)
    if status not in may_come:
        yield f"{method} {endpoint or address} by {who}: {status} and not {sorted(may_come)}"
    if case.kept.have_changed():
        is_refused = status >= 400 and endpoint != "accounts.recover"  # a wrong guess is counted
        if method != "POST" or (is_refused and rows(case.world) != case.was):
            yield f"{method} {endpoint or address} by {who}: {status}, and something was stored"
        case.kept.put_back()


SAMPLE = [
    (who, state) for (i, who), (j, state) in itertools.product(enumerate(PEOPLE), enumerate(STATES)) if (i + j) % 5 == 0
]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "state", [pytest.param(state, marks=[pytest.mark.long] if place % 2 else []) for place, state in enumerate(STATES)]
)
def test_who_may_do_what_with_a_reply_is_in_the_table(world: World, state: str) -> None:
    """A fifth of the people in each state; the long run knows all."""
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        case = furnish(world, state, clock)
        doors = [door for door in places(world.app, case.names, ["GET", "POST"]) if door[3] & OF_REPLIES]
        people = [who for who, there in SAMPLE if there == state]
        told = [word for who, door in itertools.product(people, doors) for word in told_of(case, door, who)]
    assert told == []


@pytest.mark.long
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("state", STATES)
def test_everybody_finds_open_what_the_table_says_and_nothing_else(world: World, state: str) -> None:
    """Doors that no reply stands behind are tried in two states."""
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        case = furnish(world, state, clock)
        told = [word for who, door in cells(world.app, case.names, state) for word in told_of(case, door, who)]
    assert told == []


def cells(app: Flask, names: dict[str, Any], state: str) -> Iterator[tuple[str, Door]]:
    doors = [door for door in places(app, names, METHODS) if door[3] & OF_REPLIES or state in {"public", "absent"}]
    return itertools.product(PEOPLE, doors)


def test_the_table_has_thousands_of_cells_and_a_rule_for_each(app: Flask) -> None:
    every = [(who, door, state) for state in STATES for who, door in cells(app, ABSENT, state)]
    for who, (method, _address, endpoint, parts), state in every:
        if endpoint:
            expected(f"{method.replace('HEAD', 'GET')} {endpoint}", who, state, parts)
    assert len(every) > 20_000
    assert {door.split()[1] for door in RULES} <= set(app.view_functions)
