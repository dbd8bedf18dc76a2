"""The scores of replies, stored: what `bridging` makes of the answers under them.

Sides are known only here, for the time of a job; what is stored is of a reply, a debate, or a voter whether with a side
or without one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Select, exists, insert, select, update

from forum import jobs
from forum.db import db, now, writing
from forum.debates import positions
from forum.debates.models import SIDES, Debate, Reply, ReplyMarks, ReplyStatus, Stance
from forum.debates.vote_models import Vote
from forum.jobs import Kind
from forum.opinions import bridging
from forum.opinions.bridging import Ballots, Floats
from forum.opinions.models import NOTHING_KNOWN, DebateUsual, VoterWeight

CELLS = ("pro_pro", "pro_anti", "anti_pro", "anti_anti")
NEARLY = 0.001  # of a score or a weight: less is not worth a write

# Public replies of a side, whose order and whose voters' habits count.
IS_SCORED = (Reply.status == ReplyStatus.PUBLISHED, Reply.stance.in_(SIDES))


@dataclass(frozen=True)
class Answers:
    """The answers about the shown wordings of a debate, of which the last voters come last."""

    voters: list[int]
    sides: dict[int, Stance]
    replies: dict[int, Stance]
    rows: list[tuple[int, int, bool]]  # voter, reply, yes

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


def after_decision(decision: Any) -> None:
    """Let a reply be scored whose public wording may have changed by a decision, or by that on an appeal."""
    jobs.put(Kind.SCORE_REPLY, decision.reply_id)


def score_reply(reply_id: int) -> None:
    """Score one reply by the weights and averages of the last hour."""
    reply = db.session.scalar(select(Reply).where(Reply.id == reply_id, *IS_SCORED))
    if reply is None:
        return
    debate = db.session.get_one(Debate, reply.debate_id)
    votes = select(Vote.voter_id, Vote.well_argued).where(
        Vote.reply_id == reply.id, Vote.revision_id == reply.shown_revision_id, Vote.well_argued.is_not(None)
    )
    weight = VoterWeight.on_pro if reply.stance is Stance.PRO else VoterWeight.on_anti
    known = (VoterWeight.voter_id == Vote.voter_id) & (VoterWeight.debate_id == debate.id)
    found = db.session.execute(votes.outerjoin(VoterWeight, known).add_columns(weight)).all()
    sides = positions.sides(debate, [voter for voter, _yes, _weight in found])
    ups, answers = np.zeros(2), np.zeros(2)
    for voter, yes, weight_of_voter in found:
        if voter in sides:
            side, worth = SIDES.index(sides[voter]), 1.0 if weight_of_voter is None else weight_of_voter
            answers[side] += worth
            ups[side] += worth * yes
    usual = _usual(debate)[:, SIDES.index(reply.stance)]
    score = float(bridging.score(ups, answers, usual))
    with writing():
        _write_scores({reply_id: score})


def score_debates(_nothing: int) -> None:
    """Ask for the scoring of every debate in which somebody has answered, unless it ended before the last time."""
    voted = exists(select(Vote.id).join(Reply, Reply.id == Vote.reply_id).where(Reply.debate_id == Debate.id))
    times = db.session.execute(select(DebateUsual.debate_id, DebateUsual.computed_at))
    last = {debate_id: computed for debate_id, computed in times}  # noqa: C416 (a result has keys of its own)
    debates = db.session.scalars(select(Debate).where(voted).order_by(Debate.id)).all()
    due = [d.id for d in debates if d.id not in last or d.ended_at is None or d.ended_at > last[d.id]]
    with writing():
        for debate_id in due:
            jobs.put(Kind.SCORE_DEBATE, debate_id)


def score_debate(debate_id: int) -> None:
    """Weigh the voters of a debate anew, and score all its replies; of 5,000 voters it takes up to a minute."""
    moment, answers = now(), _answers(db.session.get_one(Debate, debate_id))
    db.session.rollback()  # no transaction stays open while it computes
    habits = bridging.discrimination(answers.ballots(answers.voters))
    with_side = [voter for voter in answers.voters if voter in answers.sides]
    compared = with_side[-bridging.MOST_VOTERS :]
    alone = dict(zip(compared, bridging.independence(answers.ballots(compared)).tolist(), strict=True))
    # Those without a side have a weight too, so that the rows tell nobody's; who is no longer compared keeps the last.
    weights = {voter: habits[n] * alone.get(voter, 1.0) for n, voter in enumerate(answers.voters)}
    weights |= _last_weights(debate_id, set(with_side) - set(compared))
    ballots = answers.ballots(with_side)
    table = np.array([weights[voter] for voter in with_side]).reshape(-1, 2)
    weight = table[ballots.voter, ballots.reply_side[ballots.reply]]
    usual = bridging.averages(ballots, weight)
    scores = bridging.weighed(ballots, weight, usual)
    with writing():
        _write_usual(debate_id, dict(zip(CELLS, usual.ravel().tolist(), strict=True)) | {"computed_at": moment})
        _write_weights(debate_id, weights)
        _write_scores(dict(zip(answers.replies, scores.tolist(), strict=True)))
        for reply_id in db.session.scalars(_answered_since(debate_id, moment)).all():
            jobs.put(Kind.SCORE_REPLY, reply_id)


def _answers(debate: Debate) -> Answers:
    replies = select(Reply.id, Reply.stance).where(Reply.debate_id == debate.id, *IS_SCORED).order_by(Reply.id)
    stances = {reply: stance for reply, stance in db.session.execute(replies)}  # noqa: C416 (the same)
    shown = (Reply.id == Vote.reply_id) & (Reply.shown_revision_id == Vote.revision_id)
    query = (
        select(Vote.voter_id, Vote.reply_id, Vote.well_argued)
        .join(Reply, shown)
        .where(Reply.debate_id == debate.id, *IS_SCORED, Vote.well_argued.is_not(None))
        .order_by(Vote.answered_at, Vote.id)
    )
    rows = [(voter, reply, bool(yes)) for voter, reply, yes in db.session.execute(query) if reply in stances]
    voters = list(dict.fromkeys(voter for voter, _reply, _yes in reversed(rows)))[::-1]
    return Answers(voters, positions.sides(debate, voters), stances, rows)


def _answered_since(debate_id: int, moment: datetime) -> Select[int]:
    """Return the question for replies that were answered while the debate was being scored."""
    query = select(Vote.reply_id).join(Reply, Reply.id == Vote.reply_id)
    return query.where(Reply.debate_id == debate_id, Vote.answered_at >= moment).distinct()


def _last_weights(debate_id: int, voters: set[int]) -> dict[int, Floats]:
    query = select(VoterWeight.voter_id, VoterWeight.on_pro, VoterWeight.on_anti)
    rows = db.session.execute(query.where(VoterWeight.debate_id == debate_id)) if voters else ()
    return {voter: np.array(pair) for voter, *pair in rows if voter in voters}


def _usual(debate: Debate) -> Floats:
    """Return what a debate gave on average when it was last scored: by side of the voter, then of the reply."""
    row = db.session.scalar(select(DebateUsual).where(DebateUsual.debate_id == debate.id))
    values = [getattr(row, cell) for cell in CELLS] if row else [NOTHING_KNOWN] * 4
    return np.array(values).reshape(2, 2)


def _write_usual(debate_id: int, values: Mapping[str, Any]) -> None:
    done = db.session.execute(update(DebateUsual).where(DebateUsual.debate_id == debate_id).values(values))
    if not done.rowcount:  # type: ignore[attr-defined]
        db.session.execute(insert(DebateUsual).values(debate_id=debate_id, **values))


def _write_weights(debate_id: int, weights: Mapping[int, Floats]) -> None:
    query = select(VoterWeight.voter_id, VoterWeight.id, VoterWeight.on_pro, VoterWeight.on_anti)
    kept = {voter: row for voter, *row in db.session.execute(query.where(VoterWeight.debate_id == debate_id))}
    new, changed = [], []
    for voter, (on_pro, on_anti) in ((voter, pair.tolist()) for voter, pair in weights.items()):
        values = {"on_pro": on_pro, "on_anti": on_anti}
        if voter not in kept:
            new.append({"debate_id": debate_id, "voter_id": voter, **values})
        elif max(abs(kept[voter][1] - on_pro), abs(kept[voter][2] - on_anti)) > NEARLY:
            changed.append({"id": kept[voter][0], **values})
    _write(VoterWeight, new, changed)


def _write_scores(scores: Mapping[int, float]) -> None:
    kept: dict[int, tuple[int, float]] = {}
    for batch in _batches(scores):
        query = select(ReplyMarks.reply_id, ReplyMarks.id, ReplyMarks.score).where(ReplyMarks.reply_id.in_(batch))
        kept |= {reply: (number, score) for reply, number, score in db.session.execute(query)}
    new = [{"reply_id": reply, "score": score} for reply, score in scores.items() if reply not in kept]
    changed = [
        {"id": kept[reply][0], "score": score}
        for reply, score in scores.items()
        if reply in kept and abs(kept[reply][1] - score) > NEARLY
    ]
    _write(ReplyMarks, new, changed)


def _write(model: type[Any], new: list[dict[str, Any]], changed: list[dict[str, Any]]) -> None:
    if new:
        db.session.execute(insert(model), new)
    if changed:
        db.session.execute(update(model), changed)


def _batches(values: Iterable[int], size: int = 5000) -> list[list[int]]:
    numbers = list(values)
    return [numbers[start : start + size] for start in range(0, len(numbers), size)]
