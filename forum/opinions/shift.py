"""How positions moved between the article and the replies: who moved which way, and how sure one can be.

The net shift is the difference of two shares of the same people: those who moved towards the motion and those who moved
away from it. Its 95 % interval is Wald's for a paired difference with the adjustment of Bonett & Price (2012, "Adjusted
Wald confidence interval for a difference of binomial proportions based on paired data"): one person more is thought to
have moved each way. The share of those who moved one way has the score interval of Wilson (1927, "Probable inference,
the law of succession, and statistical inference"). Pure arithmetic; it knows no database.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from forum.few import FEW

POSITIONS = range(-2, 3)  # from firmly against to firmly for the motion
Z95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Shift:
    """Movements among `people` who answered twice; `net`, `low`, `high`: shares from −1 to 1, for minus against."""

    people: int
    towards_pro: int
    towards_anti: int
    net: float
    low: float
    high: float

    @property
    def is_too_close_to_call(self) -> bool:
        """Whether no shift at all would also fit."""
        return self.low <= 0 <= self.high

    @property
    def intervals(self) -> dict[str, tuple[float, float]]:
        """The intervals of the share that moved towards each side, and of their difference."""
        pro, anti = (share_interval(moved, self.people) for moved in (self.towards_pro, self.towards_anti))
        return {"pro": pro, "anti": anti, "net": (self.low, self.high)}


def shift(pairs: Iterable[tuple[int, int]]) -> Shift | None:
    """Return the shift of pairs (position before, position after); None for a few people."""
    moves = Counter((after > before) - (after < before) for before, after in pairs)
    people = moves.total()
    if people < FEW:
        return None
    net = (moves[1] - moves[-1]) / people
    low, high = interval(moves[1], moves[-1], people)
    return Shift(people, moves[1], moves[-1], net, low, high)


def interval(one_way: int, other_way: int, people: int) -> tuple[float, float]:
    """Return the 95 % interval of the difference of the shares that moved one way and the other."""
    one, other = (one_way + 1) / (people + 2), (other_way + 1) / (people + 2)
    middle = one - other
    half = Z95 * sqrt((one + other - middle**2) / (people + 2))
    return max(-1.0, middle - half), min(1.0, middle + half)


def share_interval(moved: int, people: int) -> tuple[float, float]:
    """Return the 95 % interval of the share that moved one way."""
    spread = Z95**2 / people
    middle = (moved / people + spread / 2) / (1 + spread)
    half = sqrt(moved * (people - moved) / people + Z95**2 / 4) * Z95 / people / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def movements(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the table of movements: a row for each position before, a column for each after, in POSITIONS' order."""
    counts = Counter(pairs)
    return [[counts[before, after] for after in POSITIONS] for before in POSITIONS]


def differing(before: list[list[int]], after: list[list[int]]) -> int:
    """Return how many answers differ at least between two tables of movements, new, changed and deleted ones."""
    changes = [b - a for rows in zip(before, after, strict=True) for a, b in zip(*rows, strict=True)]
    return max(sum(c for c in changes if c > 0), -sum(c for c in changes if c < 0))
