"""Whatever arrives in a form or an address: an answer in words, with what was typed, and never an error of ours."""

import io
import json
import random
import re
import string
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from werkzeug.test import TestResponse

from forum.accounts import limits, links
from forum.accounts.models import User
from forum.db import writing
from forum.debates.models import Reply
from forum.moderation.models import Action
from forum.web import MAX_BODY
from tests.world import DEBATE, PASSWORD, UNKNOWN, WHY, Visitor, World, hidden_field

TEXT = "A rule that nobody can enforce protects nobody. Begin with the office that takes the complaint."
NEW_PASSWORD = "another four quiet horses"
Value = str | bytes | None  # None: the field is not sent

EMPTY: dict[str, Value] = {"missing": None, "empty": ""}
DAMAGED: dict[str, Value] = {
    "NUL": "Some words and \x00 then more of them",
    "control character": "Some words and \x1b[31m then more of them",
    "broken encoding": b"Some words and \xff\xfe then more of them",
    "lone surrogate": b"Some words and \xed\xa0\x80 then more of them",
}
LONG: dict[str, Value] = {"ten times too long": "word " * 3000, "far too long": "x" * 60_000}
NO_NUMBER: dict[str, Value] = {"letters": "abc", "fraction": "1.5", "negative": "-1", "zero": "0", "beyond": "9" * 30}
NO_CHOICE: dict[str, Value] = {"unknown": "sideways", "number": "7"}
NO_PASSWORD: dict[str, Value] = EMPTY | {"short": "seven 7", "common": "password123"} | DAMAGED | LONG


@dataclass
class Form:
    """A form that would be stored; what each field must not be; and the fields whose text the page gives back."""

    who: str
    address: str
    good: dict[str, Value]
    bad: dict[str, dict[str, Value]]
    keeps: tuple[str, ...] = ()


NAMES = (
    EMPTY | DAMAGED | LONG | {"short": "ab", "with a space": "two words", "sign": "<b>name", "reserved": "Moderator"}
)
FORMS = {
    "sign-up": Form(
        who="",
        address="/accounts/sign-up",
        good={"name": "newcomer", "password": PASSWORD},
        bad={"name": NAMES, "password": NO_PASSWORD},
        keeps=("name",),
    ),
    "sign-in": Form(
        who="",
        address="/accounts/sign-in",
        good={"name": "aigerim", "password": PASSWORD},
        bad={"name": EMPTY | DAMAGED | LONG, "password": EMPTY | DAMAGED | LONG | {"wrong": "four loud horses"}},
        keeps=("name",),
    ),
    "recover": Form(
        who="",
        address="/accounts/recover",
        good={"name": "aigerim", "code": "2222-2222", "password": NEW_PASSWORD},
        bad={
            "name": EMPTY | DAMAGED | LONG,
            "code": EMPTY | DAMAGED | LONG | {"wrong": "2222-2222"},
            "password": NO_PASSWORD,
        },
        keeps=("name", "code"),
    ),
    "link": Form(
        who="",
        address="/accounts/links/{link}",
        good={"name": "firstlead", "password": PASSWORD},
        bad={"name": NAMES, "password": NO_PASSWORD},
        keeps=("name",),
    ),
    "codes": Form(
        who="aigerim",
        address="/accounts/settings",
        good={"change": "codes", "current": PASSWORD},
        bad={"current": EMPTY | DAMAGED | LONG | {"wrong": "four loud horses"}},
    ),
    "password": Form(
        who="aigerim",
        address="/accounts/settings",
        good={"change": "password", "current": PASSWORD, "password": NEW_PASSWORD},
        bad={"current": EMPTY | DAMAGED | LONG | {"wrong": "four loud horses"}, "password": NO_PASSWORD},
    ),
    "language": Form(
        who="aigerim",
        address="/accounts/settings",
        good={"change": "language", "language": "en"},
        bad={"language": EMPTY | DAMAGED | LONG | NO_CHOICE},
    ),
    "titles": Form(
        who="aigerim",
        address="/accounts/settings",
        good={"change": "titles", "plain": "1"},
        bad={},
    ),
    "reply": Form(
        who="aigerim",
        address=f"{DEBATE}/replies",
        good={"stance": "anti", "text": TEXT, "parent": "", "passage": "2", "key": "k1", "quote": "an outrage"},
        bad={
            "stance": EMPTY | DAMAGED | LONG | NO_CHOICE | {"neither side": "neither"},
            "language": DAMAGED | LONG | NO_CHOICE,
            "text": EMPTY | DAMAGED | LONG | {"blank": " \t ", "short": "Nineteen characters"},
            "parent": NO_NUMBER | DAMAGED | LONG | {"unknown": str(UNKNOWN), "not public": "2"},
            "passage": NO_NUMBER | DAMAGED | LONG | {"unknown": str(UNKNOWN)},
            "article": NO_NUMBER | DAMAGED | LONG | {"unknown": str(UNKNOWN)},
            "quote": DAMAGED | LONG | {"other words": "an outrage!", "many times": "a"},
            "key": DAMAGED | LONG | {"spaces": "no key of ours"},
            "draft": NO_NUMBER | DAMAGED | LONG,
        },
        keeps=("text",),
    ),
    "position": Form(
        who="aigerim",
        address=f"{DEBATE}/position",
        good={"position": "-1", "moment": "before"},
        bad={
            "position": EMPTY | DAMAGED | LONG | NO_CHOICE | {"fraction": "0.5", "beyond": "3"},
            "moment": EMPTY | DAMAGED | LONG | NO_CHOICE,
        },
    ),
    "name in a debate": Form(
        who="saule",
        address=f"{DEBATE}/name",
        good={"name": "Moth", "next": ""},
        bad={"name": EMPTY | DAMAGED | LONG | {"spaces": "a moth", "of the house": "moderator"}},
    ),
    "vote": Form(
        who="maria",
        address="/replies/1/vote",
        good={"well_argued": "1", "wording": "", "place": DEBATE},
        bad={
            "well_argued": DAMAGED | LONG | NO_CHOICE | {"missing": None},
            "wording": NO_NUMBER | DAMAGED | LONG,
        },
    ),
    "edit": Form(
        who="aigerim",
        address="/replies/2/edit",
        good={"stance": "anti", "text": TEXT, "revision": ""},
        bad={
            "stance": DAMAGED | LONG | NO_CHOICE | {"neither side": "neither"},
            "language": DAMAGED | LONG | NO_CHOICE,
            "text": EMPTY | DAMAGED | LONG | {"blank": " \t ", "short": "Nineteen characters"},
            "revision": NO_NUMBER | DAMAGED | LONG,
        },
        keeps=("text",),
    ),
    "decision": Form(
        who="maria",
        address="/moderation/replies/2/decisions",
        good={"action": "reject", "rule": "respect", "explanation": WHY, "revision": "2"},
        bad={
            "action": EMPTY | DAMAGED | LONG | NO_CHOICE,
            "rule": EMPTY | DAMAGED | LONG | NO_CHOICE,
            "explanation": EMPTY | DAMAGED | LONG | {"blank": " \t "},
            "revision": NO_NUMBER | DAMAGED | LONG,
        },
        keeps=("explanation",),
    ),
    "appeal": Form(
        who="aigerim",
        address="/decisions/2/appeal",
        good={"text": TEXT},
        bad={"text": EMPTY | DAMAGED | LONG | {"blank": " \t ", "short": "Nineteen characters"}},
        keeps=("text",),
    ),
    "judgement": Form(
        who="timur",
        address="/moderation/appeals/1/judgement",
        good={"outcome": "decision_stands", "rule": "respect", "explanation": WHY},
        bad={
            "outcome": EMPTY | DAMAGED | LONG | NO_CHOICE | {"an end of another kind": "reply_withdrawn"},
            "rule": EMPTY | DAMAGED | LONG | NO_CHOICE,
            "explanation": EMPTY | DAMAGED | LONG | {"blank": " \t "},
        },
        keeps=("explanation",),
    ),
    "report": Form(
        who="",
        address="/replies/1/report",
        good={"reason": "illegal", "explanation": TEXT, "key": "k1"},
        bad={
            "reason": EMPTY | DAMAGED | LONG | NO_CHOICE,
            "explanation": EMPTY | DAMAGED | LONG | {"blank": " \t "},
            "key": DAMAGED | LONG | {"spaces": "no key of ours"},
        },
        keeps=("explanation",),
    ),
    "dismissal": Form(
        who="maria",
        address="/moderation/replies/1/reports",
        good={"answer": WHY, "seen": "1"},
        bad={"answer": DAMAGED | LONG, "seen": EMPTY | NO_NUMBER | DAMAGED | LONG},
        keeps=("answer",),
    ),
    "together": Form(
        who="maria",
        address="/moderation/replies/2/same",
        good={"action": "reject", "rule": "respect", "explanation": WHY, "chosen": "2-2"},
        bad={
            "action": EMPTY | DAMAGED | LONG | NO_CHOICE,
            "rule": EMPTY | DAMAGED | LONG | NO_CHOICE,
            "explanation": EMPTY | DAMAGED | LONG | {"blank": " \t "},
            "chosen": EMPTY | DAMAGED | LONG | {"no pair": "2"},
        },
        keeps=("explanation",),
    ),
    "ready words": Form(
        who="maria",
        address="/moderation/explanations",
        good={"rule": "topic", "language": "en", "title": "Name", "text": WHY},
        bad={
            "rule": EMPTY | DAMAGED | LONG | NO_CHOICE,
            "title": EMPTY | DAMAGED | LONG | {"blank": " \t "},
            "text": EMPTY | DAMAGED | LONG | {"blank": " \t "},
        },
        keeps=("title", "text"),
    ),
    "sanction": Form(
        who="maria",
        address="/moderation/people/aigerim/sanctions",
        good={"kind": "suspension", "days": "3", "rule": "respect", "explanation": WHY, "decision": ""},
        bad={
            "kind": EMPTY | DAMAGED | LONG | NO_CHOICE,
            "days": EMPTY | NO_NUMBER | DAMAGED | LONG | {"a year and a day": "366"},
            "rule": EMPTY | DAMAGED | LONG | NO_CHOICE,
            "explanation": EMPTY | DAMAGED | LONG | {"blank": " \t "},
            "decision": NO_NUMBER | DAMAGED | LONG | {"unknown": str(UNKNOWN)},
        },
        keeps=("explanation",),
    ),
    "role": Form(
        who="zarina",
        address="/moderation/people/aigerim/role",
        good={"role": "moderator", "reason": WHY},
        bad={
            "role": EMPTY | DAMAGED | LONG | NO_CHOICE | {"the one held": "member"},
            "reason": EMPTY | DAMAGED | LONG | {"blank": " \t "},
        },
        keeps=("reason",),
    ),
    "end": Form(
        who="maria",
        address="/sanctions/1/ending",
        good={"reason": WHY},
        bad={"reason": EMPTY | DAMAGED | LONG | {"blank": " \t "}},
        keeps=("reason",),
    ),
    "note": Form(
        who="maria",
        address="/moderation/people/aigerim/notes",
        good={"text": WHY},
        bad={"text": EMPTY | DAMAGED | LONG | {"blank": " \t "}},
        keeps=("text",),
    ),
}
ANSWERS = {"sign-up": 200, "link": 200, "password": 200, "codes": 200, "recover": 422}  # the other forms lead on


@pytest.fixture
def busy(world: World) -> World:
    """Return a forum in which Aigerim has a public reply (1), one that waits (2) and two rejected, one appealed.

    Dana was warned.
    """
    limits._counts.cache_clear()
    world.person("maria")
    world.report(world.published("aigerim"))
    world.reply("aigerim")
    world.decide(world.reply("aigerim"), Action.REJECT)
    world.appeal(world.decide(world.reply("aigerim"), Action.REJECT))
    world.warn("dana")
    for name in ("aigerim", "dana"):
        world.open_person(name, by="maria")
        world.open_person(name, by="zarina")
    return world


@pytest.fixture
def zarina(busy: World) -> Visitor:
    return busy.visitor("zarina")


def send(person: Visitor, address: str, fields: dict[str, Any], **more: Any) -> TestResponse:
    """Send a form byte for byte, with its token; a list is a field sent several times."""
    sent = {name: value for name, value in fields.items() if value is not None}
    body = urlencode({"csrf_token": person.token()} | sent, doseq=True)
    return person.client.post(address, data=body, content_type="application/x-www-form-urlencoded", **more)


def address_of(world: World, form: Form) -> str:
    """Return where a form is sent; a one-time link is made for it."""
    if "{link}" not in form.address:
        return form.address
    with world.at_work(), writing():
        return form.address.format(link=links.make(None))


def readable(value: Value) -> list[str]:
    """Return the parts of a value that can be read whatever becomes of bytes that cannot."""
    return [part.decode() for part in re.split(rb"[^ -~]+", value)] if isinstance(value, bytes) else [value or ""]


@pytest.mark.parametrize("name", FORMS)
def test_a_bad_field_is_named_and_what_was_typed_is_given_back(busy: World, name: str) -> None:
    form = FORMS[name]
    address = address_of(busy, form)
    busy.visitor(form.who)
    rows = busy.count(Reply), busy.count(User), busy.status(2), busy.wording(2)
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        for part, what, value in [(part, what, bad) for part, bads in form.bad.items() for what, bad in bads.items()]:
            clock.shift(timedelta(minutes=20))  # after a wrong password one has to wait
            person = busy.visitor(form.who)  # and after ten minutes, grave things ask who is there
            fields = form.good | {part: value}
            answer = send(person, address, fields)
            page, case = unescape(answer.text), f"{part} {what}: {answer.status_code}"
            assert answer.status_code == 422, case
            assert re.search(rf'class="error" id="{part}-error"', page), f"{case} without a word beside the field"
            for kept in form.keeps:
                assert all(words in page for words in readable(fields[kept])), f"{case}, and {kept} is lost"
    assert (busy.count(Reply), busy.count(User), busy.status(2), busy.wording(2)) == rows


@pytest.mark.parametrize("name", FORMS)
def test_a_form_in_another_shape_breaks_nothing(busy: World, name: str) -> None:
    form = FORMS[name]
    person, address = busy.visitor(form.who), address_of(busy, form)
    fields = {"csrf_token": person.token()} | {part: value for part, value in form.good.items() if value}
    shapes: list[Any] = [fields | {part: shape} for part in form.bad for shape in (5, None, [], {"a": 1})]
    for body in [*map(json.dumps, [*shapes, [], [1, 2], 5, "text", None, [["a", 1]]]), "{", "\x00", '"\\ud800"']:
        answer = person.client.post(address, data=body, content_type="application/json")
        assert answer.status_code < 500, f"JSON {body[-60:]}"
    for part in form.bad:
        upload = fields | {part: (io.BytesIO(b"\x00\xff a file"), "a.txt")}
        assert person.client.post(address, data=upload).status_code < 500, f"{part} as a file"
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "text/plain", "", "a/b; charset=\x80"):
        answer = person.client.post(address, data=b"--x\r\n\xff\x00\r\n--x--", content_type=kind)
        assert answer.status_code in {400, 413, 415, 422}, kind
    raw = person.client.post(address, data=b"name=\xff&text=\xff", content_type="application/x-www-form-urlencoded")
    assert raw.status_code in {400, 413, 422}


def test_a_field_sent_twice_counts_once_and_the_first_is_taken(busy: World) -> None:
    """It holds the table of bad fields to something, too: with good ones each form is stored."""
    people = {who: busy.visitor(who) for who in ("aigerim", "saule", "maria", "timur", "zarina")}
    for name, form in FORMS.items():
        good = form.good | ({"revision": str(busy.wording(2))} if "revision" in form.good else {})
        twice = {part: [value, "other"] for part, value in good.items() if value}
        answer = send(people.get(form.who) or busy.visitor(), address_of(busy, form), twice)
        assert answer.status_code == ANSWERS.get(name, 303), name


def test_a_body_over_the_limit_is_refused_before_it_is_read(busy: World) -> None:
    for who, address in [("", "/accounts/sign-up"), ("", f"{DEBATE}/replies"), ("aigerim", f"{DEBATE}/replies")]:
        answer = send(busy.visitor(who), address, {"text": "x" * (MAX_BODY + 1)})
        assert answer.status_code == 413
        assert "Go back in your browser: your text is still there" in answer.text


def test_the_longest_text_comes_back_from_a_refusal_and_rides_through_sign_in(busy: World) -> None:
    long = "".join(random.choices(string.ascii_letters, k=MAX_BODY // 2))
    refused = send(busy.visitor("aigerim"), f"{DEBATE}/replies", {"stance": "pro", "text": long})
    assert refused.status_code == 422
    assert long in refused.text

    reader = busy.visitor()
    asked = send(reader, f"{DEBATE}/replies", {"stance": "pro", "text": long})
    assert asked.status_code == 401
    carried = hidden_field(asked.text, "carried")
    form = send(reader, "/accounts/sign-in", {"name": "aigerim", "password": PASSWORD, "carried": carried})
    assert form.status_code == 200
    assert long in form.text


NO_PAGE = ["0", "-1", "99999", "abc", "1e9", "", " 1", "1.0", "%ff", "%00", "%D9%A3", "9" * 400, "1%0a"]
PAGED = [f"{DEBATE}?pro={{}}", f"{DEBATE}?anti={{}}", f"{DEBATE}?pro=1&anti={{}}", f"{DEBATE}/replies/new?passage={{}}"]
PAGED += [
    f"{DEBATE}/replies/new?parent={{}}",
    f"{DEBATE}/replies/new?passage=1&article={{}}",
    f"{DEBATE}/passages/{{}}",
    f"{DEBATE}/passages/1?anti={{}}",
    "/accounts/replies?page={}",
    "/notifications?page={}",
    "/moderation/proposals?page={}",
]


def test_a_page_or_passage_or_parent_that_is_not_there_is_404(busy: World, zarina: Visitor) -> None:
    for address in PAGED:
        assert zarina.get(address.format(1)).status_code == 200
        answers = {number: zarina.get(address.format(number)).status_code for number in NO_PAGE}
        assert answers == dict.fromkeys(NO_PAGE, 404), address


def test_an_unknown_order_shows_the_default_page(busy: World) -> None:
    reader = busy.visitor()
    for sort in ("", "x", "NEWEST", "%ff", "%00", "1", "x" * 5000, "fair&sort=oldest"):
        assert reader.get(f"{DEBATE}?sort={sort}").data == reader.get(DEBATE).data


def test_the_eleventh_reply_of_an_hour_has_to_wait_and_keeps_its_text(busy: World) -> None:
    boris = busy.visitor("boris")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1), tick=False) as clock:
        for _ in range(10):
            busy.published("boris")
            clock.shift(timedelta(minutes=1))
        refused = boris.post(f"{DEBATE}/replies", stance="pro", text=TEXT)
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) == pytest.approx(50 * 60, abs=2)
        assert TEXT in refused.text
        clock.shift(timedelta(seconds=int(refused.headers["Retry-After"])))
        assert boris.post(f"{DEBATE}/replies", stance="pro", text=TEXT).status_code == 303


def test_the_sixth_waiting_reply_is_refused_until_one_has_been_read(busy: World) -> None:
    boris = busy.visitor("boris")
    waiting = [busy.reply("boris") for _ in range(5)]
    refused = boris.post(f"{DEBATE}/replies", stance="pro", text=TEXT)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert TEXT in refused.text
    busy.decide(waiting[0], Action.PUBLISH)
    assert boris.post(f"{DEBATE}/replies", stance="pro", text=TEXT).status_code == 303


def sign_up(world: World, number: int, address: str) -> TestResponse:
    reader = world.visitor()
    fields = {"csrf_token": reader.token(), "name": f"newcomer-{number}", "password": PASSWORD}
    return reader.client.post("/accounts/sign-up", data=fields, environ_base={"REMOTE_ADDR": address})


def test_one_address_prefix_has_its_share_of_sign_ups_and_others_have_theirs(busy: World) -> None:
    assert busy.app.config["SIGN_UPS_PER_HOUR"] == 20
    busy.app.config["SIGN_UPS_PER_HOUR"] = 2
    with time_machine.travel("2030-05-14T12:00Z", tick=False) as clock:
        assert sign_up(busy, 1, "203.0.113.7").status_code == 200
        assert sign_up(busy, 2, "203.0.113.99").status_code == 200
        refused = sign_up(busy, 3, "203.0.113.200")
        assert refused.status_code == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 3600
        assert 'value="newcomer-3"' in refused.text
        assert sign_up(busy, 4, "198.51.100.7").status_code == 200
        clock.shift(timedelta(hours=2))
        assert sign_up(busy, 3, "203.0.113.200").status_code == 200


@pytest.mark.parametrize("name", ["aigerim", "nobody-of-this-name"])
def test_wrong_passwords_make_the_next_try_wait_ever_longer_whether_or_not_there_is_such_a_name(
    busy: World, name: str
) -> None:
    def try_with(password: str) -> TestResponse:
        return send(reader, "/accounts/sign-in", {"name": name, "password": password})

    reader, waits = busy.visitor(), []
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        for _ in range(3):
            assert try_with("four loud horses").status_code == 422
        for _ in range(11):
            assert try_with("four loud horses").status_code == 422
            early = try_with(PASSWORD)  # the right one, if there is one
            assert early.status_code == 429
            assert f'value="{name}"' in early.text
            waits.append(int(early.headers["Retry-After"]) - 1)
            clock.shift(timedelta(seconds=waits[-1] + 1))
        assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]

        assert try_with(PASSWORD).status_code == (303 if name == "aigerim" else 422)
        again = [try_with("four loud horses").status_code for _ in range(4)]
        assert again == ([422] * 4 if name == "aigerim" else [429] * 4)
