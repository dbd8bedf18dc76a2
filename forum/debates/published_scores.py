"""The scores by which replies stand under “Well argued”: made for the next hour, so that none changes within one.

They are sealed: whoever has only the database learns no more of them than the order tells.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, func, select

from forum import seals
from forum.db import db, insert_into, now
from forum.debates import order as orders
from forum.debates.models import SIDES, Debate, HourlyScores, Stance

WHAT = "evenhand: the scores of a debate in an hour, 1"
FORM = np.dtype([("wording", "<i8"), ("score", "<f4")])
UNSCORED = 50.0  # of a hundred: the score of a reply of which nothing is known yet

Wordings = NDArray[np.int64]
Scores = NDArray[np.float32]
Scoring = Callable[[Wordings], Scores]


@dataclass(frozen=True)
class Published:
    """The score of each wording, the smallest number first; `usual`: of a wording without one, by side."""

    wordings: Wordings
    scores: Scores
    usual: tuple[float, float]

    def of(self, side: Stance) -> Scoring:
        """Return what gives the scores of wordings of a side."""
        return partial(self._of, np.float32(self.usual[SIDES.index(side)]))

    def _of(self, usual: np.float32, wordings: Wordings) -> Scores:
        if not len(self.wordings):
            return np.full(len(wordings), usual)
        place = np.minimum(np.searchsorted(self.wordings, wordings), len(self.wordings) - 1)
        return np.where(self.wordings[place] == wordings, self.scores[place], usual)


NOTHING = Published(np.array([], np.int64), np.array([], np.float32), (UNSCORED, UNSCORED))


def in_use(debate: Debate, hour: datetime) -> Published:
    """Return the scores that are in use in an hour."""
    query = select(HourlyScores.hour, HourlyScores.sealed).where(
        HourlyScores.debate_id == debate.id, HourlyScores.hour <= hour
    )
    row = db.session.execute(query.order_by(HourlyScores.hour.desc()).limit(1)).first()
    words = seals.of(WHAT).open(row.sealed, _about(debate.id, row.hour)) if row else None
    if words is None:
        return NOTHING
    rows = np.frombuffer(words, FORM)
    usual, kept = rows[: len(SIDES)], rows[len(SIDES) :]
    return Published(kept["wording"], kept["score"], (float(usual["score"][0]), float(usual["score"][1])))


def publish(debate_id: int, hour: datetime, published: Published) -> None:
    """Keep scores that are in use from an hour on, and forget those that no page can ask for any more."""
    rows = np.zeros(len(SIDES) + len(published.wordings), FORM)
    order = np.argsort(published.wordings)
    rows["wording"][len(SIDES) :], rows["score"][len(SIDES) :] = published.wordings[order], published.scores[order]
    rows["score"][: len(SIDES)] = published.usual
    sealed = seals.of(WHAT).seal(rows.tobytes(), _about(debate_id, hour))
    new = insert_into(HourlyScores).values(debate_id=debate_id, hour=hour, sealed=sealed, created_at=now())
    key = ["debate_id", "hour"]
    db.session.execute(new.on_conflict_do_update(index_elements=key, set_={"sealed": new.excluded.sealed}))
    of_debate, oldest = HourlyScores.debate_id == debate_id, orders.hour_of(now()) - orders.KEPT
    last = select(func.max(HourlyScores.hour)).where(of_debate, HourlyScores.hour <= oldest).scalar_subquery()
    db.session.execute(delete(HourlyScores).where(of_debate, HourlyScores.hour < last))


def _about(debate_id: int, hour: datetime) -> bytes:
    return b"%d:%d" % (debate_id, int(hour.timestamp()))
