"""The order of the queue as one number: severity, then hour of arrival; within one hour the sides alternate."""

from collections.abc import Sequence
from datetime import datetime

from forum.debates.models import SIDES, Stance
from forum.moderation.screening import Severity

SLOTS = 4  # who is next within one turn: one side, the other, neither; so much further is the next turn of a side
_TURNS = 2**24  # of one side within one hour
_HOURS = 2**26
_MOST = _TURNS - 1


def tier(severity: int, *, came_back: bool) -> int:
    """Return the shelf of the queue, 0 on top: held, sent again after a return, then by what screening found.

    >>> [tier(3, came_back=False), tier(0, came_back=True), tier(2, came_back=False), tier(0, came_back=False)]
    [0, 1, 2, 4]
    """
    if severity >= Severity.HOLD:
        return 0
    return 1 if came_back else 4 - severity


def slot(stance: Stance, moment: datetime) -> int:
    """Return who is first within one turn: the side that begins changes with each hour; neither side comes last."""
    if stance is Stance.NEITHER:
        return 2
    return (SIDES.index(stance) + hour_of(moment)) % 2


def hour_of(moment: datetime) -> int:
    """Return the hour of a moment, counted from 1970."""
    return int(moment.timestamp()) // 3600


def hour_begins(shelf: int, moment: datetime) -> int:
    """Return the smallest place of an hour on one shelf; the hour ends before the place of the next one."""
    return (shelf * _HOURS + hour_of(moment)) * _TURNS * SLOTS


def hour_ends(shelf: int, moment: datetime) -> int:
    """Return the place after the last one of an hour."""
    return hour_begins(shelf, moment) + _TURNS * SLOTS


def place(shelf: int, moment: datetime, stance: Stance, turn: int) -> int:
    """Return the place of a wording: `turn` counts those of its side that arrived in the same hour, from 0."""
    return hour_begins(shelf, moment) + min(turn, _MOST) * SLOTS + slot(stance, moment)


def beside(numbers: Sequence[int], number: int) -> tuple[int | None, int | None]:
    """Return what stands before and behind a number in a list; of one that is not there, nothing and the first."""
    if number not in numbers:
        return None, numbers[0] if numbers else None
    place = numbers.index(number)
    return (numbers[place - 1] if place else None), (numbers[place + 1] if place + 1 < len(numbers) else None)
