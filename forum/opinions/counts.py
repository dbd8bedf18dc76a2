"""The counts that everybody sees under a reply: by side, and never fewer than five new answers at a time."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select, update

from forum.db import db, writing
from forum.debates import positions
from forum.debates.models import Debate, Reply, ReplyMarks, ReplyStatus, Stance
from forum.debates.vote_models import Vote

STEP = 5  # new answers of voters with a side: watching a count then tells nobody's side

IS_NEW = Vote.well_argued.is_distinct_from(Vote.counted)


def count_votes(_nothing: int) -> None:
    """Show the new answers of all replies that have enough of them."""
    query = (
        select(Vote.reply_id)
        .join(Reply, (Reply.id == Vote.reply_id) & (Reply.shown_revision_id == Vote.revision_id))
        .where(IS_NEW, Reply.status == ReplyStatus.PUBLISHED)
        .group_by(Vote.reply_id)
        .having(func.count() >= STEP)
    )
    for reply_id in db.session.scalars(query).all():
        with writing():
            _count(reply_id)


def _count(reply_id: int) -> None:
    """Show the answers about one reply, if at least `STEP` of them are new and of somebody with a side."""
    reply = db.session.get_one(Reply, reply_id)
    query = select(Vote).where(Vote.reply_id == reply.id, Vote.revision_id == reply.shown_revision_id)
    votes = db.session.scalars(query.with_for_update()).all()
    sides = positions.sides(db.session.get_one(Debate, reply.debate_id), [vote.voter_id for vote in votes])
    if sum(vote.well_argued is not vote.counted and vote.voter_id in sides for vote in votes) < STEP:
        return
    shown: dict[str, Any] = {"revision_id": reply.shown_revision_id}
    for stance in (Stance.PRO, Stance.ANTI):
        said = [v.well_argued for v in votes if sides.get(v.voter_id) is stance and v.well_argued is not None]
        shown |= {f"{stance.value}_yes": sum(said), f"{stance.value}_all": len(said)}
    done = db.session.execute(update(ReplyMarks).where(ReplyMarks.reply_id == reply_id).values(shown))
    if not done.rowcount:  # type: ignore[attr-defined]
        db.session.add(ReplyMarks(reply_id=reply_id, **shown))
    _settle(votes)


def _settle(votes: Sequence[Vote]) -> None:
    """Note what is counted now; an answer that was taken back leaves no row any longer."""
    for vote in votes:
        vote.counted = vote.well_argued
    db.session.flush()
    gone = [vote.id for vote in votes if vote.well_argued is None]
    if gone:
        db.session.execute(delete(Vote).where(Vote.id.in_(gone)))
