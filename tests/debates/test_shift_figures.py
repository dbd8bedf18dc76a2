"""The picture of a shift: mirrored like the sides, and telling nobody's answer."""

from hypothesis import given
from hypothesis import strategies as st

from forum.debates.position_models import ShownShift
from forum.debates.shift_figures import Figures, about, bars
from forum.opinions.shift import POSITIONS, movements, shift

position = st.sampled_from(POSITIONS)
answers = st.lists(st.tuples(position, position), min_size=5, max_size=120)


def figures(pairs: list[tuple[int, int]]) -> Figures:
    found = shift(pairs)
    assert found is not None
    kept = {"people": found.people, "towards_pro": found.towards_pro, "towards_anti": found.towards_anti}
    return Figures(ShownShift(**kept, movements=movements(pairs), intervals=found.intervals))


@given(answers)
def test_with_the_sides_exchanged_it_is_the_same_picture_with_left_and_right_exchanged(
    pairs: list[tuple[int, int]],
) -> None:
    one, other = figures(pairs), figures([(-before, -after) for before, after in pairs])
    assert one.table == [row[::-1] for row in other.table[::-1]]
    assert (one.outcome, other.outcome) in {("pro", "anti"), ("anti", "pro"), ("close", "close")}
    assert one.shares["pro"] == other.shares["anti"]
    assert one.net_axis.at(one.net.high) == round(1000 - other.net_axis.at(other.net.low), 1)
    assert one.has_shares == other.has_shares
    for bar, mirrored in zip(one.bars, other.bars, strict=True):
        assert [(p.people, p.width) for p in bar.parts] == [(p.people, p.width) for p in mirrored.parts[::-1]]
        assert (bar.pro, bar.anti) == (mirrored.anti, mirrored.pro)


@given(answers)
def test_every_mark_stands_on_its_axis_and_within_the_drawing(pairs: list[tuple[int, int]]) -> None:
    found = figures(pairs)
    for axis, estimates in ((found.share_axis, found.shares.values()), (found.net_axis, [found.net])):
        for estimate in estimates:
            ends = sorted((axis.at(estimate.low), axis.at(estimate.high)))
            assert 0 <= ends[0] <= axis.at(estimate.share) <= ends[1] <= 1000
        assert 2 <= len(axis.lines) <= 7
        assert {axis.at(axis.lines[0]), axis.at(axis.lines[-1])} == {0, 1000}
    for bar in found.bars:
        assert sum(part.people for part in bar.parts) == len(pairs)
        assert all(part.left >= 0 and part.left + part.width <= 1000 for part in bar.parts)


@given(answers)
def test_no_part_of_a_bar_and_no_cell_of_the_table_counts_fewer_than_five(pairs: list[tuple[int, int]]) -> None:
    found = figures(pairs)
    assert all(part.people >= 5 for bar in found.bars for part in bar.parts)
    assert all(count == 0 or count >= 5 for row in found.table for count in row)
    assert all(count % 5 == 0 for row in found.table for count in row)


def test_where_few_stand_at_one_point_the_bars_have_three_parts_or_there_are_none() -> None:
    five = [(2, 2)] * 5 + [(1, 1)] * 5 + [(0, 0)] * 5 + [(-1, -1)] * 5 + [(-2, -2)] * 5
    assert [[part.point for part in bar.parts] for bar in bars(movements(five))] == [[2, 1, 0, -1, -2]] * 2
    three = [*five, (2, 1)]
    assert [[part.point for part in bar.parts] for bar in bars(movements(three))] == [[2, 1, 0, -1, -2]] * 2
    three = five[1:]
    assert [[part.point for part in bar.parts] for bar in bars(movements(three))] == [[1, 0, -1]] * 2
    assert bars(movements(three[:-6])) == []


def test_counts_in_the_table_are_rounded_so_that_sums_tell_no_single_answer() -> None:
    assert [about(n) for n in (0, 4, 5, 7, 8, 12, 13, 87)] == [0, 0, 5, 5, 10, 10, 15, 85]


def test_it_is_called_only_when_zero_lies_outside_the_interval() -> None:
    for step, outcome, hand in ((1, "pro", "left"), (-1, "anti", "right")):
        found = figures([(0, step)] * 5 + [(0, 0)] * 5)
        assert found.outcome == found.more == outcome
        assert ("left" if found.net_axis.at(found.net.share) < 500 else "right") == hand  # as the columns stand
    close = figures([(0, 1)] * 3 + [(0, -1)] * 2)
    assert (close.outcome, close.more, close.has_shares) == ("close", "pro", False)
