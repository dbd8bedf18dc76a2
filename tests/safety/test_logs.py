"""What the log tells of a request and of a fault, and what it never tells."""

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from forum import logs
from forum.db import db
from tests.world import DEBATE, SLUG, World

SECRET = "+7 701 000 00 00"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Return what the log of a served forum writes to standard error."""
    loggers = [logging.getLogger(name) for name in (None, "forum", "forum.requests")]
    before = [(logger, logger.level, list(logger.handlers)) for logger in loggers]
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    output = io.StringIO()
    monkeypatch.setattr(sys, "stderr", output)
    logging.getLogger("forum").handlers.clear()
    logging.getLogger().handlers.clear()
    logs.to_standard_error(is_short=False)
    yield output
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    for handler in logging.getLogger().handlers:
        handler.flush()
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_each_request_is_one_line_without_the_person_and_what_they_asked_for(
    world: World, written: io.StringIO
) -> None:
    person = world.visitor("aigerim")
    told = {"User-Agent": SECRET, "Referer": f"http://localhost/{SECRET}", "X-Forwarded-For": "203.0.113.7"}
    with time_machine.travel(datetime(2026, 11, 28, 14, 35, 17, tzinfo=UTC), tick=False):
        asked = [
            ("GET", DEBATE, "debates.show", 200),
            ("GET", f"/search?q={SECRET}", "search.show", 200),
            ("GET", f"/people/{SECRET}", "members.show", 404),
            ("GET", f"/{SECRET}", None, 404),
            ("POST", "/accounts/sign-in", "accounts.sign_in", 422),
            ("BREW", "/about", None, 405),
        ]
        for method, address, _route, _status in asked:
            person.client.open(
                address, method=method, headers=told, data={"name": SECRET} if method == "POST" else None
            )
    found = lines(written)
    assert [(line["route"], line["status"]) for line in found] == [(route, status) for *_who, route, status in asked]
    assert [line["method"] for line in found] == ["GET"] * 4 + ["POST", "other"]
    assert {tuple(line) for line in found} == {("hour", "method", "route", "status", "ms", "request")}
    assert {line["hour"] for line in found} == {"2026-11-28T14"}
    assert len({line["request"] for line in found}) == len(found)
    for secret in (SECRET, "203.0.113.7", "aigerim", SLUG):
        assert secret not in written.getvalue()


def test_a_fault_is_told_by_type_place_and_number_without_what_was_sent(
    world: World, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_given: Any) -> None:
        db.session.execute(text("SELECT :it FROM a_table_that_is_missing"), {"it": SECRET})

    broken: Any = break_down
    broken.door = world.app.view_functions["house.about"].door  # type: ignore[attr-defined]
    broken.keeps_text = broken.from_elsewhere = False
    monkeypatch.setitem(world.app.view_functions, "house.about", broken)
    monkeypatch.setitem(world.app.view_functions, "house.safety", _raise_what_was_sent(broken))
    for address in ("/about", "/safety"):
        answer = world.visitor("aigerim").get(address)
        assert answer.status_code in {500, 503}
        fault, line = lines(written)[-2:]
        assert fault["request"] == line["request"]
        assert f"<code>{line['request']}</code>" in answer.text, "who tells of it can name it"
        assert SECRET not in written.getvalue()
        assert "SELECT" not in written.getvalue()
        if answer.status_code == 500:
            assert fault["error"] in {"ValueError", "ProgrammingError"}
            assert "test_logs.py" in fault["at"][-1] or "SELECT" not in str(fault["at"])


def _raise_what_was_sent(like: Any) -> Any:
    def view() -> None:
        raise ValueError(f"what does {SECRET} mean?")

    marked: Any = view
    marked.door, marked.keeps_text, marked.from_elsewhere = like.door, False, False
    return marked


def test_an_error_that_no_page_can_tell_of_reaches_neither_the_reader_nor_the_log(
    world: World, written: io.StringIO
) -> None:
    def break_everything(_response: Any) -> None:
        raise ValueError(SECRET)

    world.app.after_request_funcs[None].append(break_everything)
    try:
        answer = world.visitor().get(f"/about?{SECRET}")
    finally:
        world.app.after_request_funcs[None].pop()
    assert answer.status_code == 500
    assert SECRET not in answer.text
    assert SECRET not in written.getvalue()
    assert lines(written)[-1]["status"] == 500


def test_of_other_peoples_code_the_log_tells_where_it_spoke_only(app: Flask, written: io.StringIO) -> None:
    logging.getLogger("a.library").warning(f"cannot send to {SECRET}")
    thread = threading.Thread(target=lambda: int(SECRET))
    thread.start()
    thread.join()
    warned, ended = lines(written)
    assert warned["said"].startswith("a.library, test_logs:")
    assert (ended["said"], ended["error"]) == ("a thread has ended", "ValueError")
    assert SECRET not in written.getvalue()


def test_a_short_log_tells_of_faults_only(app: Flask, written: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", written)
    logs.to_standard_error(is_short=True)
    app.test_client().get("/about")
    assert written.getvalue() == ""
    app.logger.error("something of ours")
    assert lines(written)[-1]["said"] == "something of ours"
