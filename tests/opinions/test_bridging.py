"""The bridging score: what both sides find well argued comes first, and a camp that votes in step is worth little."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.opinions import bridging
from forum.opinions.bridging import Ballots, Floats

VOTERS, REPLIES, ANSWERS = 300, 80, 12
TARGETS = 5  # weak replies to push, and strong ones to bury


def simulated(seed: int, camp: float = 0.0) -> tuple[Ballots, Floats, set[int]]:
    """Return the ballots of a debate, the true quality of its replies, and those that a camp pushes.

    Readers say yes the likelier the better a reply is, the nearer its side, and the milder they are. `camp`: the share
    of accounts, all of one side, that push its five weakest replies and bury the five strongest of the other.
    """
    draw = np.random.default_rng(seed)
    voter_side, reply_side = draw.permutation(np.arange(VOTERS) % 2), np.arange(REPLIES) % 2
    quality, mildness = draw.normal(size=REPLIES), draw.normal(0, 0.4, VOTERS)
    of_camp = set(draw.choice(np.flatnonzero(voter_side == 0), int(camp * VOTERS), replace=False).tolist())
    own, other = np.flatnonzero(reply_side == 0), np.flatnonzero(reply_side == 1)
    pushed, buried = own[np.argsort(quality[own])[:TARGETS]], other[np.argsort(-quality[other])[:TARGETS]]
    rows: list[tuple[int, int, float]] = []
    for voter in range(VOTERS):
        chosen, count = np.array([], int), draw.poisson(ANSWERS)
        if voter in of_camp:
            rows += [(voter, reply, float(reply in pushed)) for reply in (*pushed, *buried)]
            chosen, count = np.concatenate([pushed, buried]), count - 2 * TARGETS
        rest = draw.choice(np.setdiff1d(np.arange(REPLIES), chosen), max(0, count), replace=False)
        for reply in rest:
            nearness = 0.8 if reply_side[reply] == voter_side[voter] else -0.8
            odds = 1.5 * quality[reply] + nearness + mildness[voter]
            rows.append((voter, reply, float(draw.random() < 1 / (1 + np.exp(-odds)))))
    voters, replies, yes = map(np.array, zip(*rows, strict=True))
    return Ballots(voters, replies, yes, voter_side, reply_side), quality, set(pushed.tolist())


def agreement(scores: Floats, quality: Floats) -> float:
    """Return Spearman's rank correlation (there are no ties)."""
    ranks = [np.argsort(np.argsort(values)) for values in (scores, quality)]
    return float(np.corrcoef(*ranks)[0, 1])


@pytest.mark.parametrize("seed", range(5))
def test_without_an_attack_the_score_finds_the_true_quality(seed: int) -> None:
    ballots, quality, _ = simulated(seed)
    assert agreement(bridging.scores(ballots), quality) >= 0.86


@pytest.mark.parametrize("seed", range(5))
def test_a_camp_of_three_in_ten_gets_none_of_its_replies_into_the_top_ten(seed: int) -> None:
    ballots, quality, pushed = simulated(seed, camp=0.3)
    scores = bridging.scores(ballots)
    assert agreement(scores, quality) >= 0.70
    assert not pushed & set(np.argsort(-scores)[:10].tolist())


def test_the_camp_alone_loses_weight() -> None:
    ballots, _, pushed = simulated(1, camp=0.3)
    target = min(pushed)
    of_camp = np.unique(ballots.voter[(ballots.reply == target) & (ballots.yes == 1)])
    weight = bridging.independence(ballots)
    honest = np.setdiff1d(np.arange(VOTERS), of_camp)
    assert weight[honest].mean() > 0.9
    assert weight[of_camp].mean() < 0.4


@pytest.mark.parametrize("columns", [3, 30, bridging.COLUMNS])
def test_who_answers_alike_is_counted_over_all_common_replies_however_they_are_cut(
    monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setattr(bridging, "COLUMNS", columns)
    monkeypatch.setattr(bridging, "BLOCK", (2, 7))
    ballots, *_ = simulated(1, camp=0.3)
    rest = np.zeros((VOTERS, REPLIES))
    rest[ballots.voter, ballots.reply] = bridging._surprise(ballots, ballots.yes)
    answered = rest != 0
    wanted = np.zeros(VOTERS)
    for one in range(VOTERS):
        both = answered[one] & answered
        sizes = np.sqrt((rest[one] ** 2 * both).sum(axis=1) * (rest**2 * both).sum(axis=1))
        cosine = (rest[one] * rest * both).sum(axis=1) / np.maximum(sizes, 1e-9)
        wanted[one] = ((cosine >= 0.6) & (both.sum(axis=1) >= 4)).sum() - (both[one].sum() >= 4)
    assert wanted.max() > 40
    assert bridging._alike(ballots, ballots.yes).tolist() == wanted.tolist()


def test_the_memory_for_comparing_voters_does_not_grow_with_the_replies_of_a_debate() -> None:
    voters, replies = 200, 50_000
    dice = np.random.default_rng(1)
    who, which = np.repeat(np.arange(voters), 12), dice.integers(0, replies, 12 * voters)
    ballots = Ballots(who, which, np.ones(len(who)), np.arange(voters) % 2, np.arange(replies) % 2)
    tracemalloc.start()
    bridging.weights(ballots)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20e6, "a table of all voters and replies takes 40 MB, and three are needed"


def ballots_of(rows: list[tuple[int, int, int]]) -> Ballots:
    """Return ballots of six voters and four replies, sides alternating."""
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Ballots(columns[0], columns[1], columns[2].astype(float), np.arange(6) % 2, np.arange(4) % 2)


answers = st.dictionaries(
    st.tuples(st.integers(0, 5), st.integers(0, 3)), st.integers(0, 1), min_size=1, max_size=24
).map(lambda found: [(voter, reply, yes) for (voter, reply), yes in found.items()])


@given(answers)
def test_a_score_lies_between_nothing_and_a_hundred(rows: list[tuple[int, int, int]]) -> None:
    scores = bridging.scores(ballots_of(rows))
    assert scores.shape == (4,)
    assert ((scores > 0) & (scores < 100)).all()


@given(answers)
def test_neither_side_is_favoured_when_the_sides_change_their_names(rows: list[tuple[int, int, int]]) -> None:
    ballots = ballots_of(rows)
    mirrored = Ballots(ballots.voter, ballots.reply, ballots.yes, 1 - ballots.voter_side, 1 - ballots.reply_side)
    assert np.allclose(bridging.scores(ballots), bridging.scores(mirrored))


def test_one_side_alone_cannot_lift_a_reply_as_both_can() -> None:
    usual = np.full((3, 2), 0.5)
    ups = np.array([[40.0, 0.0], [20.0, 20.0], [0.0, 40.0]])
    answers = np.array([[40.0, 40.0], [20.0, 20.0], [40.0, 40.0]])
    one, both, other = bridging.score(ups, answers, usual)
    assert one == pytest.approx(other)
    assert both > one + 40


def test_nobody_has_answered_yet_and_the_score_is_what_the_debate_usually_gives() -> None:
    nothing = np.zeros((1, 2))
    assert bridging.score(nothing, nothing, np.array([[0.8, 0.2]])) == pytest.approx(100 * np.sqrt(0.8 * 0.2))


def test_who_always_says_the_same_counts_less_than_who_divides() -> None:
    rows = [(0, reply, 1) for reply in range(4)] + [(1, 0, 1), (1, 2, 0), (1, 1, 1), (1, 3, 0)]
    weight = bridging.discrimination(ballots_of(rows))
    assert weight[0].max() < weight[1].min() == 1
