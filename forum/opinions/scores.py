"""The scores of replies: what `bridging` makes of the answers under them, once an hour and for the next hour.

Sides are known only here, for the time of a job; what is kept of it is sealed. New scores are published when the
answers of at least five voters with a side have changed: who watches the order then learns nobody's answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import exists, select

from forum import jobs, versions
from forum.db import db, now, writing
from forum.debates import order as orders
from forum.debates import positions, published_scores, votes
from forum.debates.models import SIDES, Debate, Reply, Stance, is_counted
from forum.debates.published_scores import Published
from forum.debates.vote_models import Vote
from forum.few import FEW
from forum.jobs import Kind
from forum.opinions import bridging, voters
from forum.opinions.bridging import Ballots, Floats
from forum.opinions.models import DebateVoters
from forum.opinions.voters import Voters, Weights

# Public replies of a side, whose order and whose voters' habits count.
IS_SCORED = (is_counted(Reply), Reply.stance.in_(SIDES))


@dataclass(frozen=True)
class Answers:
    """The answers about the shown wordings of a debate; the voters who answered last come last."""

    voters: list[int]
    sides: dict[int, Stance]
    replies: dict[int, Stance]
    wordings: list[int]  # of the replies
    rows: list[tuple[int, int, bool]]  # voter, reply, yes

    @property
    def with_side(self) -> list[int]:
        """The voters with a side."""
        return [voter for voter in self.voters if voter in self.sides]

    def ballots(self, voters: list[int]) -> Ballots:
        """Return the ballots of some voters; those without a side count as of the first, for what asks for no side."""
        place = {voter: n for n, voter in enumerate(voters)}
        column = {reply: n for n, reply in enumerate(self.replies)}
        rows = [(place[voter], column[reply], yes) for voter, reply, yes in self.rows if voter in place]
        parts = np.array(rows, np.intp).reshape(-1, 3).T
        sides = [SIDES.index(self.sides.get(voter, SIDES[0])) for voter in voters]
        of_replies = [SIDES.index(stance) for stance in self.replies.values()]
        yes = parts[2].astype(np.float64)
        return Ballots(parts[0], parts[1], yes, np.array(sides, np.intp), np.array(of_replies, np.intp))


def score_debates(_nothing: int) -> None:
    """Ask for the scoring of every debate in which somebody has answered, unless it ended before the last time."""
    voted = exists(select(Vote.tag).join(Reply, Reply.id == Vote.reply_id).where(Reply.debate_id == Debate.id))
    times = db.session.execute(select(DebateVoters.debate_id, DebateVoters.computed_at))
    last = {debate_id: computed for debate_id, computed in times}  # noqa: C416 (a result has keys of its own)
    debates = db.session.scalars(select(Debate).where(voted).order_by(Debate.id)).all()
    due = [d.id for d in debates if d.id not in last or d.ended_at is None or d.ended_at > last[d.id]]
    with writing():
        for debate_id in due:
            jobs.put(Kind.SCORE_DEBATE, debate_id)


def score_debate(debate_id: int, *, at: datetime | None = None) -> None:
    """Weigh the voters of a debate anew, and score its replies for the next hour, or for that of `at`.

    Of 5,000 voters it takes up to a minute.
    """
    moment, answers = now(), _answers(db.session.get_one(Debate, debate_id))
    last = voters.last(debate_id)
    db.session.rollback()  # no transaction stays open while it computes
    weights = _weights(answers, last.weights)
    scores = _scores(answers, weights)
    ballots = voters.ballots(row for row in answers.rows if row[0] in answers.sides)
    is_news = voters.differing(last.ballots, ballots) >= FEW
    with writing():
        if is_news:
            published_scores.publish(debate_id, orders.hour_of(at or now() + timedelta(hours=1)), scores)
            versions.change_debate(debate_id)
        voters.keep(debate_id, Voters(weights, ballots if is_news else last.ballots), moment)


def _answers(debate: Debate) -> Answers:
    query = select(Reply.id, Reply.stance, Reply.shown_revision_id).where(Reply.debate_id == debate.id, *IS_SCORED)
    replies = {reply: (stance, wording or 0) for reply, stance, wording in db.session.execute(query.order_by(Reply.id))}
    said = sorted(votes.said(Reply.debate_id == debate.id, *IS_SCORED), key=lambda pair: (pair[1].hour, pair[0]))
    rows = [(it.voter_id, reply, it.well_argued) for reply, it in said if it.well_argued is not None]
    recent = list(dict.fromkeys(voter for voter, _reply, _yes in reversed(rows)))[::-1]
    stances = {reply: stance for reply, (stance, _wording) in replies.items()}
    wordings = [wording for _stance, wording in replies.values()]
    return Answers(recent, positions.sides(debate, recent), stances, wordings, rows)


def _weights(answers: Answers, last: Weights) -> dict[int, tuple[float, float]]:
    """Return what each voter's answers weigh on replies of either side; who is no longer compared keeps the last."""
    habits = bridging.discrimination(answers.ballots(answers.voters)).tolist()
    compared = answers.with_side[-bridging.MOST_VOTERS :]
    alone = dict(zip(compared, bridging.independence(answers.ballots(compared)).tolist(), strict=True))
    made: dict[int, tuple[float, float]] = {}
    for voter, (on_pro, on_anti) in zip(answers.voters, habits, strict=True):
        made[voter] = on_pro * alone.get(voter, 1.0), on_anti * alone.get(voter, 1.0)
    old = set(answers.with_side) - set(compared)
    return made | {voter: last[voter] for voter in old & last.keys()}


def _scores(answers: Answers, weights: Weights) -> Published:
    ballots = answers.ballots(answers.with_side)
    table: Floats = np.array([weights[voter] for voter in answers.with_side]).reshape(-1, 2)
    weight = table[ballots.voter, ballots.reply_side[ballots.reply]]
    usual = bridging.averages(ballots, weight)
    pro, anti = bridging.score(np.zeros((2, 2)), np.zeros((2, 2)), usual.T).tolist()
    scores = bridging.weighed(ballots, weight, usual).astype(np.float32)
    return Published(np.array(answers.wordings, np.int64), scores, (pro, anti))
