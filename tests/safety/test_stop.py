"""Told to stop, the server ends what it has begun: nobody's request is cut off."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.test_start import PATIENCE, Start, get, new_browser, starts
from tests.world import PASSWORD, hidden_field

LONGER = 3.0  # seconds between the order to stop and the moment in which the slow requests can end


@pytest.mark.parametrize("how", ["SIGTERM", pytest.param("Ctrl+C", marks=pytest.mark.long)])
def test_no_request_is_cut_off_when_the_server_is_stopped(tmp_path: Path, port: int, how: str) -> None:
    stop: Callable[[Start], None] = Start.press_ctrl_c if how == "Ctrl+C" else lambda start: start.process.terminate()
    names, answers = ["aigerim", "boris", "dana"], {}
    with (
        starts(tmp_path, port) as (start,),
        closing(sqlite3.connect(tmp_path / "forum.sqlite3", timeout=PATIENCE)) as other,
    ):
        assert start.serves()
        address = f"{start.address}/accounts/sign-up"
        browsers = {name: new_browser() for name in names}
        tokens = {name: hidden_field(get(browser, address)[1], "csrf_token") for name, browser in browsers.items()}

        def join(name: str) -> None:
            answers[name] = get(browsers[name], address, csrf_token=tokens[name], name=name, password=PASSWORD)[0]

        other.execute("BEGIN IMMEDIATE")  # now nobody else can write
        joining = [threading.Thread(target=join, args=(name,)) for name in names]
        for thread in joining:
            thread.start()
        assert not start.has_ended(1)
        stop(start)
        assert not start.has_ended(LONGER), "it waits for those whom it has begun to answer"
        assert answers == {}
        other.rollback()
        for thread in joining:
            thread.join(PATIENCE)
        assert start.has_ended(PATIENCE), (answers, start.said)
        assert start.process.returncode == 0, start.said
        assert answers == dict.fromkeys(names, 200)
        assert {name for (name,) in other.execute("SELECT name FROM users")} == set(names)


def test_the_log_of_a_stopped_server_has_its_last_requests(tmp_path: Path, port: int) -> None:
    with starts(tmp_path, port) as (start,):
        assert start.serves()
        assert get(new_browser(), f"{start.address}/rules")[0] == 200
        assert '"route": "moderation.rules", "status": 200' in start.stop()
