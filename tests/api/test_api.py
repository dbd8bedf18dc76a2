"""The same facts as data: what programs are given, and what they are never given."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import schemathesis
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from sqlalchemy import text
from werkzeug.test import TestResponse

from forum.api import queries
from forum.db import db, writing
from forum.debates import articles
from forum.debates.models import Stance
from forum.debates.queries import by_slug
from forum.moderation.models import UNDO_WITHIN, Action
from forum.opinions import shifts
from forum.transparency import chain
from tests.world import SLUG, UNKNOWN, WAYS, World

API = "/api/v1"
OF_DEBATE = f"{API}/debates/{SLUG}"
REPLIES = f"{OF_DEBATE}/replies"
TEXT = "The clinic asks for **no name**, so the number of visits is the only figure that we have."
WORDS = "The clinic asks for <strong>no name</strong>"


def asked(world: World, address: str, status: int = 200) -> Any:
    """Return what a program without a cookie is given."""
    return json_of(world.app.test_client().get(address), status)


def json_of(answer: TestResponse, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    assert answer.mimetype == ("application/json" if status == 200 else "application/problem+json")
    return json.loads(answer.data)


def walked(world: World, address: str) -> list[Any]:
    """Return all items of a list, page by page, as its links lead."""
    items = []
    while address:
        answer = world.app.test_client().get(address)
        page = json_of(answer)
        items += page["items"]
        address = page["next"]
        assert answer.headers.get("Link") == (f'<{address}>; rel="next"' if address else None)
    return items


def test_a_debate_is_told_with_both_sides_and_its_article(world: World) -> None:
    first = world.published("aigerim", Stance.PRO)
    world.published("boris", Stance.ANTI)
    world.published("boris", Stance.ANTI)
    world.published("boris", Stance.NEITHER, parent=first)
    debate = asked(world, OF_DEBATE)
    assert [(side["side"], side["label"], side["replies"]) for side in debate["sides"]] == [
        ("pro", "For legalisation", 1),
        ("anti", "Against legalisation", 2),
    ]
    assert debate["answers"] == 1
    assert (debate["state"], debate["closed_on"]) == ("open", None)
    assert debate["motion"] == "Prostitution should be legalised in Kazakhstan"
    assert [passage["number"] for passage in debate["article"]["passages"][:3]] == [1, 2, 3]
    assert {voice["side"] for voice in debate["article"]["voices"]} == {"pro", "anti"}
    (listed,) = asked(world, f"{API}/debates")["items"]
    assert listed == {name: debate[name] for name in listed}
    assert json_of(world.app.test_client().get(listed["url"])) == debate


def test_a_reply_is_told_as_its_page_tells_it(world: World) -> None:
    words = asked(world, OF_DEBATE)["article"]["passages"][3]["text"][10:40]
    number = world.published("aigerim", Stance.ANTI, TEXT, passage=4, quote=words)
    answer = world.published("boris", Stance.NEITHER, "Which clinic do you mean, please?", parent=number)
    world.decide(world_reworded(world, number, TEXT + " Now it is two."), Action.PUBLISH)
    told = asked(world, f"{API}/replies/{number}")
    assert (told["side"], told["author"], told["passage"], told["answers"]) == ("anti", "aigerim", 4, 1)
    assert told["text"] == TEXT + " Now it is two."
    assert WORDS in told["html"]
    assert told["quote"]["exact"] == words
    assert told["quote"]["is_in_text"]
    assert told["published_on"] == told["edited_on"] == datetime.now(UTC).date().isoformat()
    below = asked(world, f"{API}/replies/{answer}")
    assert (below["parent"], below["answers_to"], below["side"]) == (number, number, "neither")
    assert asked(world, REPLIES)["items"] == [told, below]


def world_reworded(world: World, reply: int, wording: str) -> int:
    world.reword(reply, wording)
    return reply


def test_a_program_learns_the_day_and_never_the_time(world: World) -> None:
    with time_machine.travel(datetime(2030, 5, 14, 17, 23, 11, tzinfo=UTC), tick=False):
        number = world.published("aigerim")
        told = json.dumps([asked(world, REPLIES), asked(world, f"{API}/replies/{number}"), asked(world, OF_DEBATE)])
    assert '"published_on": "2030-05-14"' in told
    assert "17:23" not in told
    assert "T17" not in told


@pytest.mark.parametrize("status", ["pending", "returned", "rejected", "removed", "withdrawn"])
def test_what_is_not_public_is_not_there(world: World, status: str) -> None:
    number = world.reply_that_is(status, text=TEXT)
    asked(world, f"{API}/replies/{number}", 404)
    assert asked(world, REPLIES)["items"] == []
    assert [side["replies"] for side in asked(world, OF_DEBATE)["sides"]] == [0, 0]


def test_a_new_wording_shows_when_it_is_published(world: World) -> None:
    number = world.published("aigerim", text=TEXT)
    world.reword(number, "A new wording that nobody has read yet, and that may break a rule.")
    assert asked(world, f"{API}/replies/{number}")["text"] == TEXT


@pytest.mark.parametrize(("status", "rule"), [("removed", "respect"), ("withdrawn", None)])
def test_of_a_reply_with_answers_the_place_is_kept_without_words_and_name(
    world: World, status: str, rule: str | None
) -> None:
    number = world.published("aigerim", text=TEXT)
    world.published("boris", parent=number)
    world.decide(number, Action.REMOVE) if rule else world.withdraw(number)
    told = asked(world, f"{API}/replies/{number}")
    assert (told["state"], told["removed_under"], told["answers"]) == (status, rule, 1)
    assert [told[name] for name in ("text", "html", "author", "quote", "well_argued")] == [None] * 5
    assert [reply["id"] for reply in asked(world, REPLIES)["items"]] == [number + 1]


def test_a_walk_gives_every_reply_once_in_the_order_of_publication(world: World) -> None:
    numbers = [world.reply("aigerim" if n % 2 else "boris", list(Stance)[n % 2]) for n in range(5)]
    for number in reversed(numbers):
        world.decide(number, Action.PUBLISH)
    assert [reply["id"] for reply in walked(world, f"{REPLIES}?limit=2")] == numbers[::-1]
    assert [reply["id"] for reply in walked(world, f"{REPLIES}?limit=1&side=pro")] == numbers[::-2]


def test_a_reader_of_one_language_is_given_what_is_written_in_it_and_the_counts_of_all(world: World) -> None:
    english = world.published("aigerim")
    russian = world.published("boris", Stance.ANTI, "Клиника не спрашивает имени, и этого достаточно.")
    answer = world.published("aigerim", Stance.NEITHER, "О какой клинике вы говорите, поясните?", parent=english)
    world.translated(english, by="boris", language="ru")
    counts = asked(world, OF_DEBATE)["sides"]
    assert [reply["id"] for reply in walked(world, f"{REPLIES}?language=ru&limit=1")] == [russian, answer]
    assert [reply["id"] for reply in walked(world, f"{REPLIES}?language=ru&side=anti")] == [russian]
    (told,) = walked(world, f"{REPLIES}?language=en")
    assert (told["id"], [it["language"] for it in told["translations"]]) == (english, ["ru"])
    assert walked(world, f"{REPLIES}?language=kk") == []
    assert [side["replies"] for side in counts] == [1, 1]
    assert asked(world, f"{OF_DEBATE}?language=ru")["sides"] == counts


def test_the_description_names_the_languages_that_this_forum_can_tell(world: World) -> None:
    parameters = asked(world, f"{API}/openapi.json")["paths"][f"{API}/debates/{{slug}}/replies"]["get"]["parameters"]
    (language,) = [it for it in parameters if it["name"] == "language"]
    assert language["schema"] == {"type": "string", "enum": ["en", "ru", "kk"]}


def test_a_walk_goes_on_where_it_was_though_the_last_reply_has_gone(world: World) -> None:
    first, second = world.published("aigerim"), world.published("boris")
    onward = asked(world, f"{REPLIES}?limit=1")["next"]
    world.withdraw(first)
    assert [reply["id"] for reply in asked(world, onward)["items"]] == [second]


@pytest.mark.parametrize("which", ["waiting", "unknown"])
def test_a_walk_cannot_ask_for_what_was_never_public(world: World, which: str) -> None:
    number = world.reply("aigerim") if which == "waiting" else UNKNOWN
    problem = asked(world, f"{REPLIES}?after={number}", 409)
    assert problem["parameter"] == "after"
    assert problem["detail"] == "No reply with this number is or was public in this debate. Please begin anew."


def test_the_log_can_be_checked_from_what_is_given(world: World) -> None:
    for status in WAYS:
        world.reply_that_is(status)
    with time_machine.travel(datetime.now(UTC) + 2 * UNDO_WITHIN):
        check_log(world)


def check_log(world: World) -> None:
    entries = walked(world, f"{API}/log?limit=2")
    assert [entry["action"] for entry in entries] == ["publish", "return", "reject", "publish", "remove"]
    assert [chain.digest([entry[name] for name in chain.FACTS]) for entry in entries] == [e["hash"] for e in entries]
    assert [entry["id"] for entry in walked(world, f"{API}/log?action=publish&debate={SLUG}")] == [1, 4]
    assert [entry["id"] for entry in walked(world, f"{API}/log?rule=respect&side=pro&moderator=1")] == [2, 3, 5]


def test_the_log_waits_as_long_as_a_decision_can_be_undone(world: World) -> None:
    world.published("aigerim")
    assert asked(world, f"{API}/log")["items"] == []
    with time_machine.travel(datetime.now(UTC) + UNDO_WITHIN + timedelta(seconds=1)):
        assert len(asked(world, f"{API}/log")["items"]) == 1


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        (f"{REPLIES}?side=left", "side"),
        (f"{REPLIES}?language=xx", "language"),
        (f"{REPLIES}?language=", "language"),
        (f"{REPLIES}?after=1_0", "after"),
        (f"{REPLIES}?after=9999999999999999", "after"),
        (f"{REPLIES}?limit=0", "limit"),
        (f"{REPLIES}?limit=5&limit=6", "limit"),
        (f"{REPLIES}?order=fair", "order"),
        (f"{API}/log?action=praise", "action"),
        (f"{API}/log?rule=manners", "rule"),
        (f"{API}/log?debate=%00", "debate"),
        (f"{API}/debates?after=", "after"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(world: World, address: str, parameter: str) -> None:
    problem = asked(world, address, 422)
    assert problem["parameter"] == parameter
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", "Unprocessable Entity", 422)


def test_every_error_speaks_json(world: World) -> None:
    assert asked(world, f"{API}/nothing", 404)["detail"] == "There is no such page"
    assert asked(world, f"{API}/debates/nothing", 404)["title"] == "Not Found"
    refused = world.app.test_client().post(f"{API}/debates")
    assert json_of(refused, 405)["status"] == 405
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_nobody_is_asked_who_they_are_and_every_site_may_read(world: World) -> None:
    world.published("aigerim")
    member = world.visitor("aigerim")
    for address in (REPLIES, OF_DEBATE, f"{API}/openapi.json"):
        for person in (member.client, world.app.test_client()):
            answer = person.get(address)
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert answer.headers["Cache-Control"] == "no-cache"
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Vary"] == "Accept-Encoding"
            again = person.get(address, headers={"If-None-Match": answer.headers["ETag"]})
            assert (again.status_code, again.data) == (304, b"")
    assert member.get(REPLIES).data == world.app.test_client().get(REPLIES).data


def test_the_number_of_queries_is_the_same_however_much_there_is(world: World) -> None:
    def cost() -> list[int]:
        counts = []
        for address in (f"{API}/debates", OF_DEBATE, REPLIES, f"{API}/replies/1", f"{API}/log"):
            with world.counted_queries() as sent:
                asked(world, address)
            counts.append(len(sent))
        return counts

    first = world.published("aigerim")
    few = cost()
    for _ in range(3):
        world.published("boris", parent=first)
    assert cost() == few
    assert max(few) <= 6


@pytest.mark.parametrize(("language", "index"), [(None, "ix_replies_published"), ("kk", "ix_replies_published_in")])
def test_the_replies_of_a_large_debate_are_walked_by_their_index(
    world: World, language: str | None, index: str
) -> None:
    with world.at_work():
        query = queries.replies_after(by_slug(SLUG), (datetime.now(UTC), 5), 50, language=language)
        engine = db.engine.dialect.name
        sent = str(query.compile(db.engine, compile_kwargs={"render_postcompile": True}))
        values = query.compile(db.engine).params
        how = "EXPLAIN QUERY PLAN " if engine == "sqlite" else "EXPLAIN "
        if engine == "postgresql":
            db.session.execute(text("SET LOCAL enable_seqscan = off"))
            db.session.execute(text("SET LOCAL enable_sort = off"))
        rows = db.session.connection().exec_driver_sql(how + sent, _bound(query, values))
        plan = "\n".join(str(row) for row in rows)
    assert re.search(rf"\b{index}\b", plan)


def _bound(query: Any, values: dict[str, Any]) -> Any:
    compiled = query.compile(db.engine)
    ordered = compiled.positiontup
    return tuple(values[name] for name in ordered) if ordered else values


def test_the_description_is_valid_and_names_every_address(world: World) -> None:
    document = asked(world, f"{API}/openapi.json")
    OpenAPIV31SpecValidator(document).validate()
    assert set(document["paths"]) == addresses_of(world.app)


def addresses_of(app: Flask) -> set[str]:
    rules = [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    return {rule.replace("<slug:", "{").replace("<id:", "{").replace(">", "}") for rule in rules}


@pytest.mark.parametrize(
    "examples", [15, pytest.param(500, marks=pytest.mark.long)], ids=["some requests", "many requests"]
)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=["as described", "not as described"])
def test_generated_requests_get_answers_as_described(world: World, mode: GenerationMode, examples: int) -> None:
    first = world.published("aigerim", text=TEXT)
    world.published("boris", Stance.ANTI, parent=first)
    world.decide(first, Action.REMOVE)
    schema = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", world.app)
    operations = [result.ok() for result in schema.get_all_operations()]
    # What cannot be asked anything can be asked nothing that is not as described.
    operations = [it for it in operations if mode is GenerationMode.POSITIVE or it.query or it.path_parameters]
    sent = []
    for operation in operations:

        @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def hold(case: schemathesis.Case) -> None:
            sent.append(case)
            case.call_and_validate(headers={"Accept-Encoding": "identity"})  # without a server nothing decodes it

        hold()
    assert len(sent) > examples


def test_the_shift_is_told_once_everybody_sees_it(world: World) -> None:
    for n in range(6):
        world.answer(f"member-{n}", before=0, after=-1)
    for n in range(6, 13):
        world.answer(f"member-{n}", before=1, after=1)
    with world.at_work():
        shifts.refresh_all()
    assert asked(world, OF_DEBATE)["shift"] is None
    with world.at_work(), writing():
        articles.close(by_slug(SLUG), "All has been said.")
    told = asked(world, OF_DEBATE)["shift"]
    assert (told["people"], told["towards"], told["pro"]["people"], told["anti"]["people"]) == (13, "anti", 0, 6)
    assert told["net"]["share"] == pytest.approx(-6 / 13)
    assert told["net"]["low"] < told["net"]["share"] < told["net"]["high"] < 0
    assert told["before"] == {"pro": 7, "undecided": 6, "anti": 0, "strongly_pro": None, "strongly_anti": None}
    assert (told["after"]["undecided"], told["after"]["anti"]) == (0, 6)
    assert told["movements"] == [[0] * 5, [0, 5, 0, 0, 0], [0, 0, 0, 5, 0], [0] * 5, [0] * 5]


def test_the_shift_tells_fewer_than_five_people_apart_no_more_than_the_page(world: World) -> None:
    for n in range(5):
        world.answer(f"member-{n}", before=2, after=2 if n else -2)
    with world.at_work(), writing():
        articles.close(by_slug(SLUG), "All has been said.")
    told = asked(world, OF_DEBATE)["shift"]
    assert [told[name] for name in ("towards", "pro", "anti", "before", "after")] == [None] * 5
    assert sum(map(sum, told["movements"])) == 0
