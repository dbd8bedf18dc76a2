"""Requests take turns, so that threads do not take Python from each other."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock
from time import sleep
from typing import Any

import pytest

from forum.turns import Turns

READERS = 4
PATIENT, HURRIED = 60, 0.01  # seconds


def test_one_request_is_answered_after_the_other() -> None:
    inside, most, counting = 0, 0, Lock()

    def page(_environ: dict[str, Any], _start: object) -> Iterable[bytes]:
        nonlocal inside, most
        with counting:
            inside += 1
            most = max(most, inside)
        sleep(0.01)  # so that the others are there
        with counting:
            inside -= 1
        return [b"page"]

    turns = Turns(page, PATIENT)
    with ThreadPoolExecutor(READERS) as readers:
        answers = list(readers.map(lambda _reader: turns({}, None), range(5 * READERS)))
    assert answers == [[b"page"]] * 5 * READERS
    assert most == 1


def test_who_has_waited_for_long_goes_on_beside_the_others() -> None:
    together = Barrier(READERS)

    def page(_environ: dict[str, Any], _start: object) -> Iterable[bytes]:
        together.wait(60)  # none of them ends before all have begun
        return [b"page"]

    turns = Turns(page, HURRIED)
    with ThreadPoolExecutor(READERS) as readers:
        assert list(readers.map(lambda _reader: turns({}, None), range(READERS))) == [[b"page"]] * READERS


def test_a_page_that_cannot_be_made_gives_its_turn_back() -> None:
    def page(environ: dict[str, Any], _start: object) -> Iterable[bytes]:
        return [environ["page"]]

    turns = Turns(page, PATIENT)
    with pytest.raises(KeyError):
        turns({}, None)
    assert turns({"page": b"page"}, None) == [b"page"]
