"""What is over by the clock is deleted, whether or not somebody comes back."""

from datetime import UTC, datetime, timedelta

import time_machine

from forum.accounts import delays, links, signin
from forum.accounts.models import OneTimeLink, Session, SignInDelay
from forum.db import writing
from forum.jobs import Kind
from tests.world import World

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)


def test_what_has_run_out_is_deleted_within_the_hour(world: World) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        world.visitor("aigerim"), world.visitor("maria")
        with world.at_work(), writing():
            links.make(signin.find("aigerim"))
            delays.failed("nobody")
        left = []
        for time in (timedelta(hours=71), timedelta(hours=1), timedelta(days=4), timedelta(days=83)):
            clock.shift(time)
            world.make_due(Kind.FORGET_EXPIRED)
            world.do_jobs(kinds=[Kind.FORGET_EXPIRED])
            left.append((world.count(OneTimeLink), world.count(SignInDelay), world.count(Session)))
    assert left == [(1, 0, 2), (0, 0, 2), (0, 0, 1), (0, 0, 0)]
