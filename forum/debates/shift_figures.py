"""The figures of a shift as its page draws and tells them: bars, intervals on an axis, counts that name nobody.

Everything is mirrored: for a debate with the sides exchanged it is the same picture with left and right exchanged.
Coordinates are those of a drawing WIDTH units wide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from sqlalchemy import select

from forum.db import db
from forum.debates.models import Debate
from forum.debates.position_models import SCALE, ShownShift
from forum.few import FEW

WIDTH = 1000
GAP = 5  # between the parts of a bar
SHARES = (0.02, 0.05, 0.1, 0.2, 0.25)  # from one line of an axis to the next


@dataclass(frozen=True)
class Part:
    """A part of a bar: the `point` of the scale, how many stand there, and its place."""

    point: int
    people: int
    left: float
    width: float


@dataclass(frozen=True)
class Bar:
    """The positions of all at one time, from for on the left to against on the right."""

    reading: str
    parts: list[Part]

    @property
    def pro(self) -> int:
        """How many are for the motion."""
        return sum(part.people for part in self.parts if part.point > 0)

    @property
    def undecided(self) -> int:
        """How many stand in the middle."""
        return sum(part.people for part in self.parts if part.point == 0)

    @property
    def anti(self) -> int:
        """How many are against it."""
        return sum(part.people for part in self.parts if part.point < 0)


@dataclass(frozen=True)
class Axis:
    """Shares from `low` to `high`, with a line at each of `lines`; `turned`: the higher the further to the left."""

    low: float
    high: float
    lines: list[float]
    turned: bool = False

    def at(self, share: float) -> float:
        """Return the place of a share."""
        part = (share - self.low) / (self.high - self.low)
        return round(WIDTH * (1 - part if self.turned else part), 1)


@dataclass(frozen=True)
class Estimate:
    """A share with its 95 % interval; `people`: how many make it up."""

    share: float
    interval: Sequence[float]
    people: int = 0

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self.interval[0]

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self.interval[1]


class Figures:
    """What is shown of a shift."""

    def __init__(self, shown: ShownShift) -> None:
        """Work out what is drawn from the counts that are kept."""
        self.people = shown.people
        self.facts = repr((shown.people, shown.towards_pro, shown.towards_anti, shown.intervals, shown.movements))
        self.towards = {"pro": shown.towards_pro, "anti": shown.towards_anti}
        self.shares = {
            side: Estimate(moved / shown.people, shown.intervals[side], moved) for side, moved in self.towards.items()
        }
        difference = shown.towards_pro - shown.towards_anti
        self.net = Estimate(difference / shown.people, shown.intervals["net"])
        self.bars = bars(shown.movements)
        self.table = [[about(people) for people in row[::-1]] for row in shown.movements[::-1]]

    @property
    def outcome(self) -> str:
        """Which side positions moved to: `pro`, `anti`, or `close` where no shift at all would also fit."""
        return "pro" if self.net.low > 0 else "anti" if self.net.high < 0 else "close"

    @property
    def more(self) -> str:
        """Towards which side more members moved: `pro`, `anti` or, in equal numbers, neither."""
        difference = self.towards["pro"] - self.towards["anti"]
        return "pro" if difference > 0 else "anti" if difference < 0 else ""

    @property
    def has_shares(self) -> bool:
        """Whether those who moved each way are enough to be counted by themselves, or nobody."""
        return not any(is_few(moved) for moved in self.towards.values())

    @property
    def share_axis(self) -> Axis:
        """The axis of the shares that moved each way."""
        step, count = _steps(max(share.high for share in self.shares.values()), most=5)
        return Axis(0, step * count, [step * n for n in range(count + 1)])

    @property
    def net_axis(self) -> Axis:
        """The axis of the difference, for on the left and as long to both sides."""
        step, count = _steps(max(-self.net.low, self.net.high), most=3)
        return Axis(-step * count, step * count, [step * n for n in range(count, -count - 1, -1)], turned=True)


def shown(debate: Debate) -> ShownShift | None:
    """Return what is kept to be shown of a debate; None: of too few people."""
    return db.session.scalar(select(ShownShift).where(ShownShift.debate_id == debate.id))


def figures(debate: Debate) -> Figures | None:
    """Return the same, ready to be drawn and told."""
    found = shown(debate)
    return Figures(found) if found else None


def is_few(people: int) -> bool:
    """Say whether so few people would be told apart."""
    return 0 < people < FEW


def about(people: int) -> int:
    """Return a count to the nearest five, 0 for fewer than five: sums then tell nobody's answer either."""
    return 0 if people < FEW else FEW * round(people / FEW)


def bars(movements: Sequence[Sequence[int]]) -> list[Bar]:
    """Return both bars, in five parts or, where few stand at one point, in three; none where that is not enough."""
    before = [sum(row) for row in movements]
    after = [sum(column) for column in zip(*movements, strict=True)]
    if any(map(is_few, [*before, *after])):
        before, after = ([0, side[0] + side[1], side[2], side[3] + side[4], 0] for side in (before, after))
    if any(map(is_few, [*before, *after])):
        return []
    return [_bar(reading, side[::-1]) for reading, side in (("before", before), ("after", after))]


def _bar(reading: str, people: list[int]) -> Bar:
    parts, left = [], 0.0
    for point, count in zip(SCALE, people, strict=True):
        width = WIDTH * count / sum(people)
        if count:
            parts.append(Part(point, count, round(left + GAP / 2, 1), round(max(1.0, width - GAP), 1)))
        left += width
    return Bar(reading, parts)


def _steps(reach: float, most: int) -> tuple[float, int]:
    """Return the smallest step of an axis, and how many, that reach far enough with few lines."""
    for step in SHARES:
        if ceil(reach / step - 1e-9) <= most:
            return step, max(1, ceil(reach / step - 1e-9))
    return 0.5, 2
