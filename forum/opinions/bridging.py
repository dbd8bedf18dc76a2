"""How well argued a reply is found on both sides: a score that one side alone cannot raise.

The score of a reply is the geometric mean of the shares of readers on each side who find it well argued, each drawn
towards what the debate usually gives, so that few answers move it little. After the bridging of Community Notes
(Wojcik et al. 2022), the group-aware consensus of Polis (Small et al. 2021) and Ovadya & Thorburn, "Bridging systems"
(2023): what readers who disagree both value counts, not how many they are. Two weights make coordinated voting cheap
to ignore: voters who always give the same answer say little, and so do many voters who answer alike beyond chance.

Pure arithmetic over arrays; it knows no database. What it cannot resist: accounts that declare the other side, vote
like honest readers elsewhere, and use that standing on a few replies.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]  # halve the memory of the comparison
Numbers = NDArray[np.intp]

PRIOR = 8.0  # answers' worth of what the debate usually gives
CLIP = (0.02, 0.98)  # an average of 0 or 1 would silence the answers to come
ALIKE = 0.6  # cosine of two ballots from which on they count as alike
SHARED = 4  # replies that two voters must both have answered for that
FREE_ALIKE = 3.0  # so many voters may be alike by taste
MOST_VOTERS = 5000  # the most recent of a debate; beyond them the comparison of all pairs would take minutes
PERMUTATIONS = 5
BLOCK = (16, 256)  # fewest and most voters compared with all others at a time, and …
COLUMNS = 1024  # … replies looked at for them at a time: both bound the memory, however many replies a debate has


@dataclass(frozen=True)
class Ballots:
    """All answers of a debate, one entry for each: who (0 …), which reply (0 …), 1 for yes or 0 for no.

    `voter_side` and `reply_side` give 0 or 1 for each voter and reply. Only voters with a declared side belong here.
    """

    voter: Numbers
    reply: Numbers
    yes: Floats
    voter_side: Numbers
    reply_side: Numbers

    @property
    def cell(self) -> Numbers:
        """The pair of sides of each answer: 0 to 3."""
        return 2 * self.voter_side[self.voter] + self.reply_side[self.reply]


def averages(ballots: Ballots, weight: Floats) -> Floats:
    """Return what the debate gives on average: a 2 × 2 table by side of the voter and side of the reply, clipped."""
    cell = ballots.cell
    ups = np.bincount(cell, weight * ballots.yes, minlength=4)
    answers = np.bincount(cell, weight, minlength=4)
    return np.clip((ups + 1) / (answers + 2), *CLIP).reshape(2, 2)


def discrimination(ballots: Ballots) -> Floats:
    """Return a weight for each voter on each side of replies: 4r(1 − r), 1 for one who divides evenly."""
    who = 2 * ballots.voter + ballots.reply_side[ballots.reply]
    size = 2 * len(ballots.voter_side)
    ups = np.bincount(who, ballots.yes, minlength=size)
    share = (ups + 2) / (np.bincount(who, minlength=size) + 4)
    return np.asarray(4 * share * (1 - share)).reshape(-1, 2)


def independence(ballots: Ballots, *, seed: int = 0) -> Floats:
    """Return a weight for each voter: below 1 for those who vote alike with more others than chance explains.

    Chance is what remains when the answers to each reply are dealt anew among those who gave them, which keeps what
    is thought of each reply: honest readers who agree on good replies are not made suspects by it.
    """
    alike = _alike(ballots, ballots.yes)
    draw = np.random.default_rng(seed)
    dealt = [_dealt(ballots.yes, ballots.reply, draw) for _ in range(PERMUTATIONS)]
    by_chance = np.concatenate([_alike(ballots, yes) for yes in dealt])
    expected = max(FREE_ALIKE, float(np.percentile(by_chance, 95))) if len(by_chance) else FREE_ALIKE
    return np.asarray(np.minimum(1.0, expected / np.maximum(alike, 1)))


def scores(ballots: Ballots, *, seed: int = 0) -> Floats:
    """Return the score of each reply, 0 to 100; 50 or so for a reply that nobody has answered."""
    weight = weights(ballots, seed=seed)
    return weighed(ballots, weight, averages(ballots, weight))


def weighed(ballots: Ballots, weight: Floats, usual: Floats) -> Floats:
    """Return the score of each reply from the weight of each answer and what the debate usually gives."""
    replies = len(ballots.reply_side)
    place = 2 * ballots.reply + ballots.voter_side[ballots.voter]
    ups = _sums(place, weight * ballots.yes, 2 * replies).reshape(-1, 2)
    answers = _sums(place, weight, 2 * replies).reshape(-1, 2)
    return score(ups, answers, usual[:, ballots.reply_side].T)


def weights(ballots: Ballots, *, seed: int = 0) -> Floats:
    """Return the weight of each answer, 0 to 1."""
    by_side = discrimination(ballots) * independence(ballots, seed=seed)[:, None]
    return np.asarray(by_side[ballots.voter, ballots.reply_side[ballots.reply]])


def score(ups: Floats, answers: Floats, usual: Floats) -> Floats:
    """Return 100·sqrt(p₀·p₁) for replies with weighted `ups` among `answers` of each side (last axis: the two sides).

    `usual` holds what voters of each side give replies of this side. It is moved by half of the surprise on the other
    side: a reply that surprises one side will probably surprise the other, until that one has answered itself.
    """
    surprise = (ups - answers * usual) / (answers + PRIOR)
    prior = np.clip(usual + surprise[..., ::-1] / 2, *CLIP)
    share = (ups + PRIOR * prior) / (answers + PRIOR)
    return np.asarray(100 * np.sqrt(share.prod(axis=-1)))


def _alike(ballots: Ballots, yes: Floats) -> Floats:
    """Return for each voter how many others answered alike: cosine ≥ ALIKE over SHARED common replies or more."""
    surprise, alike = _surprise(ballots, yes), np.zeros(len(ballots.voter_side))
    for start, stop in _blocks(ballots):
        shared, product, size = _compared(ballots, surprise, start, stop)
        close = (shared >= SHARED) & (product >= ALIKE * np.maximum(size, 1e-9))
        alike[start:stop] = close.sum(axis=1) - close[np.arange(stop - start), np.arange(start, stop)]
    return alike


def _blocks(ballots: Ballots) -> Iterator[tuple[int, int]]:
    """Cut the voters into blocks, where there are many replies of those who have together answered few of them."""
    voters, (fewest, most) = len(ballots.voter_side), BLOCK
    answers = np.cumsum(np.bincount(ballots.voter, minlength=voters))
    few_replies, start = len(ballots.reply_side) <= COLUMNS, 0
    while start < voters:
        fitting = np.searchsorted(answers, (answers[start - 1] if start else 0) + COLUMNS, side="right")
        size = most if few_replies else min(most, max(fewest, int(fitting) - start))
        yield start, min(voters, start + size)
        start += size


def _compared(ballots: Ballots, surprise: Floats, start: int, stop: int) -> tuple[Singles, Singles, Singles]:
    """Return of some voters with all: replies in common, the product of their surprises there, and of their sizes."""
    voters, voter, reply = len(ballots.voter_side), ballots.voter, ballots.reply
    shared, product, own, other = np.zeros((4, stop - start, voters), np.float32)
    theirs = np.unique(reply[(voter >= start) & (voter < stop)])
    for some in np.split(theirs, range(COLUMNS, len(theirs), COLUMNS)):
        place = np.full(len(ballots.reply_side), -1)
        place[some] = np.arange(len(some))
        column = place[reply]
        seen = column >= 0
        answered, residual = np.zeros((2, voters, len(some)), np.float32)
        answered[voter[seen], column[seen]] = 1
        residual[voter[seen], column[seen]] = surprise[seen]
        square, part = residual**2, slice(start, stop)
        shared += answered[part] @ answered.T
        product += residual[part] @ residual.T
        own += square[part] @ answered.T
        other += answered[part] @ square.T
    return shared, product, np.sqrt(own * other)


def _surprise(ballots: Ballots, yes: Floats) -> Floats:
    """Return each answer without what its pair of sides and its reply let expect."""
    cell, replies = ballots.cell, len(ballots.reply_side)
    usual = np.bincount(cell, yes, minlength=4) / np.maximum(np.bincount(cell, minlength=4), 1)
    rest = yes - usual[cell]
    of_reply = np.bincount(ballots.reply, rest, replies) / (np.bincount(ballots.reply, minlength=replies) + PRIOR)
    return np.asarray(rest - of_reply[ballots.reply])


def _sums(place: Numbers, values: Floats, size: int) -> Floats:
    """Return the sum of `values` at each place."""
    return np.bincount(place, values, size).astype(np.float64)


# Its type is told in quotes: to name `np.random` loads it, 17 ms of a start and 2 MB, where nothing is weighed yet.
def _dealt(yes: Floats, group: Numbers, draw: "np.random.Generator") -> Floats:
    """Return the answers dealt anew within each group."""
    order = np.lexsort((draw.random(len(yes)), group))
    dealt = np.empty_like(yes)
    dealt[np.argsort(group, kind="stable")] = yes[order]
    return dealt
