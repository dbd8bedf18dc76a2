"""Synthetic positions and answers to “is it well argued?”, for load and growth tests."""

import random
from collections import defaultdict
from itertools import accumulate
from typing import Any

from sqlalchemy import select

from forum import jobs
from forum.db import db
from forum.debates import positions, votes
from forum.debates.models import Reply, is_counted
from forum.debates.position_models import SCALE
from forum.jobs import Kind


def add(users: list[int], debates: list[int], each: int, dice: random.Random) -> int:
    """Let every person say where they stand and answer about `each` replies, the first ones of a debate the likeliest.

    Scores and counts are left to the worker. Returns how many answers there are.
    """
    query = select(Reply.id, Reply.author_id, Reply.shown_revision_id, Reply.debate_id).where(
        Reply.debate_id.in_(debates), is_counted(Reply)
    )
    public: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query.order_by(Reply.id)):
        public[row.debate_id].append(row)
    answers: list[tuple[int, int, int, bool]] = []
    for number, found in public.items():
        positions.declare(number, {user: dice.choice(SCALE) for user in users})
        ladder = list(accumulate(1 / place for place in range(1, len(found) + 1)))
        share = -(-each // len(public))
        for user in users:
            chosen = {row.id: row for row in dice.choices(found, cum_weights=ladder, k=share)}
            answers += [_answer(user, row, dice) for row in chosen.values() if row.author_id != user]
        jobs.put(Kind.SCORE_DEBATE, number)
    votes.keep(answers)
    for reply in {reply for reply, *_rest in answers}:
        jobs.put(Kind.COUNT_VOTES, reply)
    return len(answers)


def _answer(user: int, row: Any, dice: random.Random) -> tuple[int, int, int, bool]:
    """Return an answer; replies differ in how many find them well argued."""
    return row.id, row.shown_revision_id, user, dice.random() < 0.2 + 0.6 * (row.id % 7) / 6
