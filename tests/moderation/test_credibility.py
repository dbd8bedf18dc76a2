"""How far a member's earlier reports speak for the next one: arithmetic, held to what it promises."""

from hypothesis import given
from hypothesis import strategies as st

from forum.moderation.credibility import NEUTRAL, PRIOR, SCALE, credibility, rank

MANY = 10**6
answers = st.integers(0, MANY).flatmap(lambda judged: st.tuples(st.integers(0, judged), st.just(judged)))


def test_a_newcomer_is_neutral() -> None:
    assert credibility(0, 0) == NEUTRAL


@given(answers)
def test_nobody_is_believed_or_doubted_wholly(counts: tuple[int, int]) -> None:
    assert 0 < credibility(*counts) < SCALE


@given(answers)
def test_a_report_that_led_to_a_decision_never_lowers_it_and_one_that_did_not_never_raises_it(
    counts: tuple[int, int],
) -> None:
    led, judged = counts
    assert credibility(led, judged + 1) <= credibility(led, judged) <= credibility(led + 1, judged + 1)


@given(answers, st.integers(1, 50))
def test_whose_reports_lead_more_often_is_believed_more(counts: tuple[int, int], more: int) -> None:
    led, judged = counts
    assert credibility(min(judged, led + more), judged) >= credibility(led, judged)


@given(st.integers(0, MANY))
def test_half_and_half_is_neutral_however_many(half: int) -> None:
    assert credibility(half, 2 * half) == NEUTRAL


@given(answers)
def test_those_whose_reports_rarely_led_to_a_decision_stand_below_a_newcomer(counts: tuple[int, int]) -> None:
    led, judged = counts
    if 2 * led < judged:
        assert credibility(led, judged) <= NEUTRAL
    if judged <= 100 and 2 * led < judged:
        assert credibility(led, judged) < NEUTRAL


@given(answers)
def test_it_comes_close_to_the_share_that_led_to_a_decision(counts: tuple[int, int]) -> None:
    led, judged = counts
    if judged >= 100:
        assert abs(credibility(led, judged) / SCALE - led / judged) <= PRIOR / judged + 1 / SCALE


@given(answers)
def test_one_answer_alone_moves_it_by_a_fifth_at_most(counts: tuple[int, int]) -> None:
    led, judged = counts
    before = credibility(led, judged)
    for after in (credibility(led, judged + 1), credibility(led + 1, judged + 1)):
        assert abs(after - before) <= SCALE / (PRIOR + 1)


@given(st.integers(1, SCALE - 1), st.integers(1, SCALE - 1))
def test_what_may_be_illegal_stands_first_and_within_it_the_more_credible(one: int, other: int) -> None:
    assert rank(one, is_illegal=True) < rank(other, is_illegal=False)
    for is_illegal in (True, False):
        assert (rank(one, is_illegal=is_illegal) < rank(other, is_illegal=is_illegal)) == (one > other)
