"""What is shown of positions: nothing of fewer than five people, and never a step of fewer than five answers."""

from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum import jobs
from forum.accounts import signin
from forum.db import writing
from forum.debates import articles, positions, queries, shift_figures
from forum.debates.position_models import Position, ShownShift
from forum.opinions import shifts
from forum.opinions.shift import POSITIONS, differing, movements
from tests.conftest import rarely_on_postgres
from tests.world import SLUG, World

NOTHING = movements([])


def shown(world: World) -> list[list[int]]:
    """Let the job look, and return the table that is shown then; an empty one where nothing is."""
    with world.at_work():
        shifts.refresh_all()
        found = shift_figures.shown(queries.by_slug(SLUG))
        return found.movements if found else NOTHING


def forget(world: World, name: str) -> None:
    with world.at_work(), writing():
        positions.forget(signin.find(name))


def test_nothing_is_shown_before_five_have_answered_both_times(world: World) -> None:
    for n in range(4):
        world.answer(f"member-{n}", before=0, after=1)
    world.answer("aigerim", before=2)
    world.answer("boris", after=2)
    assert shown(world) == NOTHING
    world.answer("aigerim", after=2)
    assert shown(world) == movements([(0, 1)] * 4 + [(2, 2)])
    with world.at_work():
        found = shift_figures.shown(queries.by_slug(SLUG))
        assert (found.people, found.towards_pro, found.towards_anti) == (5, 4, 0)
        assert found.intervals["net"][0] < 0.8 < found.intervals["net"][1]


def test_the_worker_looks_once_an_hour_so_the_fifth_answer_itself_changes_nothing(world: World) -> None:
    with time_machine.travel("2030-05-14T12:00Z", tick=False) as clock, world.at_work():
        with writing():
            jobs.plan()
        jobs.work()
        for n in range(5):
            world.answer(f"member-{n}", before=0, after=1)
        clock.shift(timedelta(minutes=59))
        jobs.work()
        assert world.count(ShownShift) == 0
        clock.shift(timedelta(minutes=1))
        jobs.work()
        assert world.count(ShownShift) == 1


def test_a_changed_answer_and_the_next_four_show_only_with_the_fifth(world: World) -> None:
    for n in range(5):
        world.answer(f"member-{n}", before=0, after=0)
    first = shown(world)
    world.answer("member-0", after=2)
    for n in range(5, 8):
        world.answer(f"member-{n}", before=1, after=0)
    assert shown(world) == first
    world.answer("member-1", after=-2)
    assert shown(world) == movements([(0, 2), (0, -2)] + [(0, 0)] * 3 + [(1, 0)] * 3)


def test_who_is_forgotten_leaves_the_figures_with_the_next_step(world: World) -> None:
    for n in range(9):
        world.answer(f"member-{n}", before=0, after=1)
    first = shown(world)
    for n in range(4):
        forget(world, f"member-{n}")
    assert shown(world) == first
    forget(world, "member-4")
    assert shown(world) == NOTHING
    assert world.count(ShownShift) == 0
    assert world.count(Position) == 4


def test_closing_shows_the_last_step_but_not_the_last_four(world: World) -> None:
    for n in range(5):
        world.answer(f"member-{n}", before=0, after=1)
    with world.at_work(), writing():
        articles.close(queries.by_slug(SLUG), "All has been said.")
    with world.at_work():
        assert shift_figures.shown(queries.by_slug(SLUG)).people == 5


@pytest.mark.parametrize("late", [1, 4])
def test_up_to_four_late_answers_stay_out_when_the_debate_closes(world: World, late: int) -> None:
    for n in range(5):
        world.answer(f"member-{n}", before=0, after=1)
    first = shown(world)
    for n in range(late):
        world.answer(f"late-{n}", before=0, after=-1)
    with world.at_work(), writing():
        articles.close(queries.by_slug(SLUG), "All has been said.")
    assert shown(world) == first


NAMES = [f"member-{n}" for n in range(9)]
DONE = st.sampled_from(["after", "after", "after", "look"])
ACT = st.tuples(st.sampled_from(NAMES), DONE, st.sampled_from(POSITIONS))


@rarely_on_postgres
@settings(max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACT, max_size=40))
def test_whatever_is_answered_two_tables_shown_after_each_other_differ_by_five_answers_or_not_at_all(
    world: World, acts: list[tuple[str, str, int]]
) -> None:
    for name in NAMES:
        forget(world, name) if world.person(name) else None
    seen = [shown(world)]
    for name, act, position in acts:
        if act == "look":
            seen.append(shown(world))
        else:
            world.answer(name, **({} if has_answered(world, name) else {"before": position}), after=position)
    seen.append(shown(world))
    steps = [differing(before, after) for before, after in pairwise(seen)]
    assert all(step == 0 or step >= 5 for step in steps), steps


def has_answered(world: World, name: str) -> bool:
    with world.at_work():
        return positions.own(queries.by_slug(SLUG), signin.find(name)) is not None
