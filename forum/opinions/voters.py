"""The voters of a debate as the last scoring knew them: a weight on replies of each side, and the answers it used.

It names members and follows from their sides, so it is kept sealed, as one whole for each debate.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

import numpy as np
from sqlalchemy import select

from forum import seals
from forum.db import db, insert_into
from forum.opinions.models import DebateVoters

WHAT = "evenhand: the voters of a debate, 1"
FORM = np.dtype([("voter", "<i8"), ("on_pro", "<f4"), ("on_anti", "<f4"), ("ballot", "<u8")])
NONE = 0  # the digest of no answers

Weights = Mapping[int, tuple[float, float]]


@dataclass(frozen=True)
class Voters:
    """`weights` of all who have answered; `ballots`: a digest of the answers of each that are in the scores."""

    weights: Weights = field(default_factory=dict)
    ballots: Mapping[int, int] = field(default_factory=dict)


def ballots(rows: Iterable[tuple[int, int, bool]]) -> dict[int, int]:
    """Return a digest of the answers of each voter, from rows of voter, reply, yes."""
    answers: dict[int, list[tuple[int, bool]]] = {}
    for voter, reply, yes in rows:
        answers.setdefault(voter, []).append((reply, yes))
    return {voter: _digest(repr(sorted(given))) for voter, given in answers.items()}


def differing(before: Mapping[int, int], after: Mapping[int, int]) -> int:
    """Return of how many voters the answers differ."""
    return sum(before.get(voter, NONE) != after.get(voter, NONE) for voter in before.keys() | after.keys())


def last(debate_id: int) -> Voters:
    """Return what the last scoring has left."""
    sealed = db.session.scalar(select(DebateVoters.sealed).where(DebateVoters.debate_id == debate_id))
    words = seals.of(WHAT).open(sealed, _about(debate_id)) if sealed else None
    if words is None:
        return Voters()
    rows = np.frombuffer(words, FORM).tolist()
    return Voters(
        {voter: (on_pro, on_anti) for voter, on_pro, on_anti, _ballot in rows if on_pro >= 0},
        {voter: ballot for voter, _on_pro, _on_anti, ballot in rows if ballot != NONE},
    )


def keep(debate_id: int, voters: Voters, moment: datetime) -> None:
    """Keep it for the next one; who has taken back the last answer has no weight any longer."""
    numbers = sorted(voters.weights.keys() | voters.ballots.keys())
    rows = [(n, *voters.weights.get(n, (-1.0, -1.0)), voters.ballots.get(n, NONE)) for n in numbers]
    sealed = seals.of(WHAT).seal(np.array(rows, FORM).tobytes(), _about(debate_id))
    values = {"sealed": sealed, "computed_at": moment}
    new = insert_into(DebateVoters).values(debate_id=debate_id, created_at=moment, **values)
    db.session.execute(new.on_conflict_do_update(index_elements=["debate_id"], set_=values))


def _digest(words: str) -> int:
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest()) or 1


def _about(debate_id: int) -> bytes:
    return b"%d" % debate_id
