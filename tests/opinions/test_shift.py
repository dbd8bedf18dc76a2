"""The shift: who moved which way, and an interval that means what it says."""

from math import comb, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.opinions import shift
from forum.opinions.shift import POSITIONS, Shift, differing, interval, movements, share_interval

position = st.sampled_from(POSITIONS)
pairs = st.lists(st.tuples(position, position), max_size=60)


def coverage(people: int, one: float, other: float) -> float:
    """Return how often the interval holds the true difference: exact, over every possible outcome."""
    true, found = one - other, 0.0
    for moved in range(people + 1):
        chance = comb(people, moved) * (one + other) ** moved * (1 - one - other) ** (people - moved)
        if chance < 1e-12:
            continue
        for first in range(moved + 1):
            low, high = interval(first, moved - first, people)
            if low <= true <= high:
                share = one / (one + other)
                found += chance * comb(moved, first) * share**first * (1 - share) ** (moved - first)
    return found


@pytest.mark.parametrize(("people", "step"), [(30, 0.1), (100, 0.2), pytest.param(300, 0.2, marks=pytest.mark.long)])
def test_the_interval_holds_the_truth_in_93_to_97_of_100_forums(people: int, step: float) -> None:
    shares = [0.1 + step * i for i in range(int(0.8 / step) + 1)]
    found = [coverage(people, one, other) for one in shares for other in shares if one + other <= 0.9 + 1e-9]
    assert len(found) >= 10
    assert min(found) >= 0.93
    assert max(found) <= 0.97


@pytest.mark.parametrize("people", [30, 100])
@pytest.mark.parametrize("shares", [(0.01, 0.01), (0.02, 0.001), (0.05, 0.02), (0.05, 0.6), (0.01, 0.3)])
def test_where_few_move_the_interval_is_never_too_short(people: int, shares: tuple[float, float]) -> None:
    assert coverage(people, *shares) >= 0.93


@given(st.integers(1, 300).flatmap(lambda people: st.tuples(st.integers(0, people), st.just(people))))
def test_the_interval_of_a_share_ends_where_the_share_found_would_be_just_unlikely(case: tuple[int, int]) -> None:
    moved, people = case
    low, high = share_interval(moved, people)
    assert 0 <= low <= moved / people + 1e-9 <= high + 2e-9 <= 1 + 2e-9
    for end in (low, high):  # the score test, of which Wilson's interval is the inversion
        assert abs(moved / people - end) == pytest.approx(1.959964 * sqrt(end * (1 - end) / people), abs=1e-6)


@given(pairs, pairs)
def test_answers_that_differ_are_counted_new_changed_or_deleted(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    assert differing(movements(one), movements(one)) == 0
    assert differing(movements(one), movements(one + other)) == len(other)
    assert differing(movements(one + other), movements(one)) == len(other)
    assert differing(movements(one), movements(other)) == differing(movements(other), movements(one))
    changed = [(before, 2 if after != 2 else 1) for before, after in one]
    assert differing(movements([*other, (0, 0)]), movements([*other, (0, 1)])) == 1
    assert differing(movements(one), movements(changed)) <= len(one)


@given(pairs)
def test_the_sides_are_mirrors_of_each_other(answers: list[tuple[int, int]]) -> None:
    found, mirrored = shift.shift(answers), shift.shift((-before, -after) for before, after in answers)
    if found is None or mirrored is None:
        assert found is mirrored
        return
    assert (found.net, found.low, found.high) == pytest.approx((-mirrored.net, -mirrored.high, -mirrored.low))
    assert found.is_too_close_to_call is mirrored.is_too_close_to_call


@given(pairs)
def test_everybody_who_answered_twice_stands_in_the_table_once(answers: list[tuple[int, int]]) -> None:
    table = movements(answers)
    assert sum(map(sum, table)) == len(answers)
    assert table[0][4] == answers.count((-2, 2))


def test_nothing_is_said_of_fewer_than_five_people() -> None:
    assert shift.shift([(0, 1)] * 4) is None
    assert shift.shift([(0, 1)] * 5) == Shift(5, 5, 0, 1.0, *interval(5, 0, 5))


def test_when_nobody_moves_it_is_too_close_to_call() -> None:
    found = shift.shift([(2, 2), (-2, -2)] * 50)
    assert found is not None
    assert found.net == 0
    assert found.is_too_close_to_call
    assert found.high == pytest.approx(-found.low)
