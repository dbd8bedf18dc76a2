"""In which order the replies of a column stand: one rule for both sides, and one that nobody can buy.

The fair order is drawn for each hour. Places are those of a hash of debate, hour and reply, keyed with the forum's
secret, so that every process draws alike, nobody can foresee a draw, and which of two replies comes first does not
depend on the others. What was published after the hour began stands behind in the order of publication: a new reply
moves nobody, and a second page that carries the hour repeats nothing of the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from zoneinfo import ZoneInfo

import numpy as np
from flask import current_app
from numpy.typing import NDArray

from forum.db import now
from forum.debates.models import Debate
from forum.extensions import written_languages

FAIR, NEWEST, OLDEST, WELL_ARGUED = SORTS = ("fair", "newest", "oldest", "well-argued")
KEPT = timedelta(hours=24)  # so long a page of an hour can be followed by its next one
SECOND = "b"  # ends the name of an hour that the clocks repeat


@dataclass(frozen=True)
class Order:
    """The rule of both columns, the hour for which it is drawn, and the only language shown, if there is one."""

    sort: str
    hour: datetime
    language: str | None = None

    @property
    def facts(self) -> tuple[str, datetime, bool, str | None]:
        """All that pages show of it."""
        return self.sort, self.hour, self.is_past, self.language

    @property
    def is_fair(self) -> bool:
        """Whether the lot alone decides."""
        return self.sort == FAIR

    @property
    def is_drawn(self) -> bool:
        """Whether the lot decides, alone or between equals."""
        return self.sort in {FAIR, WELL_ARGUED}

    @property
    def is_past(self) -> bool:
        """Whether a later one has been drawn since."""
        return self.hour != hour_of(now())

    @property
    def ends_at(self) -> datetime:
        """When the next one is drawn."""
        return hour_of(self.hour + timedelta(hours=1))

    @property
    def carried(self) -> str | None:
        """The hour as the links of the page carry it; None where no page depends on it."""
        return name_of(self.hour) if self.is_drawn else None


def asked(debate: Debate, wanted: Mapping[str, str]) -> Order:
    """Return the order that an address asks for; what it cannot ask for is as if it had not asked."""
    sort = wanted.get("sort", "")
    sort = sort if sort in SORTS else usual(debate)
    language = wanted.get("language") if wanted.get("language") in written_languages() else None
    present = Order(sort, hour_of(now()), language)
    return replace(present, hour=(present.is_drawn and _past(wanted.get("hour", ""))) or present.hour)


def usual(debate: Debate) -> str:
    """Return the order in which a debate opens."""
    return WELL_ARGUED if debate.ended_at else FAIR


def hour_of(moment: datetime) -> datetime:
    """Return the beginning, in UTC, of the hour on the forum's clock to which a moment belongs."""
    return _local(moment).replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def name_of(hour: datetime) -> str:
    """Return the name of an hour on the forum's clock: 2026-11-28T14; the second of two equal ones ends with b."""
    return _named(hour.astimezone(UTC), _zone())  # in UTC: two local hours that the clocks repeat are equal to Python


@lru_cache(maxsize=64)
def _named(hour: datetime, zone: ZoneInfo) -> str:
    local = hour.astimezone(zone)
    is_second = local.fold and local.utcoffset() != local.replace(fold=0).utcoffset()
    return f"{local:%Y-%m-%dT%H}" + (SECOND if is_second else "")


def drawn(debate_id: int, hour: datetime, ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers of replies in the order of an hour."""
    seed = blake2b(
        f"{debate_id} {int(hour.timestamp())}".encode(),
        key=blake2b(current_app.config["SECRET_KEY"].encode(), person=b"fair order").digest(),
        digest_size=8,
    )
    return ids[np.argsort(_mixed(ids.astype(np.uint64), int.from_bytes(seed.digest())), kind="stable")]


def opens_with_first(hour: datetime) -> bool:
    """Say whether the first side opens a list of both in this hour: by turns, and from day to day the other way."""
    hours = int(hour.timestamp()) // 3600
    return (hours + hours // 24) % 2 == 0


def _past(name: str) -> datetime | None:
    """Return an hour of the last day by its name; nobody can look at one to come, or choose among all past ones."""
    if not name:
        return None
    try:
        local = datetime.strptime(name.removesuffix(SECOND), "%Y-%m-%dT%H").replace(
            tzinfo=_zone(), fold=name.endswith(SECOND)
        )
    except ValueError:
        return None
    present = hour_of(now())
    hour = hour_of(local) if abs(local.year - present.year) <= 1 else present
    return hour if name_of(hour) == name and present - KEPT <= hour <= present else None


def _mixed(values: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """Return the numbers of SplitMix64 that begin at `seed` (Steele, Lea & Flood 2014), one for each value."""
    state = values * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def _local(moment: datetime) -> datetime:
    return moment.astimezone(_zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(current_app.config["TIMEZONE"])
