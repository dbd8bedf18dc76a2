"""What members do with the question under a reply: answer it, change the answer, take it back.

Nothing of it is recorded in the audit log: a line for each click would keep what somebody has taken back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select
from sqlalchemy.sql.elements import ColumnElement

from forum import jobs
from forum.accounts.locks import lock
from forum.accounts.models import User
from forum.accounts.policy import may_write
from forum.db import db, now
from forum.debates import limits, vote_tags
from forum.debates.models import Reply
from forum.debates.policy import may_vote
from forum.debates.replies import closed_message
from forum.debates.vote_models import Said, Vote
from forum.debates.vote_tags import BATCH
from forum.errors import NotAllowed, Overtaken, Refused
from forum.jobs import Kind

HOUR = 3600  # seconds
COUNTED_EVERY = timedelta(minutes=5)  # on the clock, so that the moment of a new count is nobody's


def answer(reply: Reply, well_argued: bool | None, *, by: User, seen: int | None = None) -> None:
    """Keep whether a member finds a reply well argued; None takes the answer back, the same twice is one.

    `seen`: id of the wording that was read. Another one published since is another question.
    """
    lock(by)
    shown = reply.shown_revision_id
    if shown is None or not may_vote(by, reply.debate, reply):
        raise _refusal(reply, by)
    if seen is not None and seen != shown:
        raise Overtaken(_("This reply has a new wording since you read it. Please read it again, then answer."))
    (tag,) = vote_tags.tags([reply.id], by.id)
    vote = db.session.scalar(select(Vote).where(Vote.tag == tag).with_for_update())
    said = next((said for row, said in vote_tags.read([vote] if vote else []) if row.revision_id == shown), None)
    kept, counted = (said.well_argued, said.counted) if said else (None, None)
    if well_argued is kept:
        return
    limits.count_answer(by)
    if vote is not None and well_argued is None and counted is None:
        db.session.delete(vote)
    else:
        vote = vote or Vote(tag=tag, reply_id=reply.id)
        vote.revision_id = shown
        vote.sealed = vote_tags.seal(Said(by.id, well_argued, counted, _hour()), tag, reply.id, shown)
        db.session.add(vote)
    jobs.put(Kind.COUNT_VOTES, reply.id, at=_counted_at(now()))


def keep(answers: Iterable[tuple[int, int, int, bool]]) -> None:
    """Keep new answers of many at once, from numbers of reply, wording and voter, and yes: for synthetic content."""
    rows: list[tuple[bytes, int, int, bytes]] = []
    for reply, wording, voter, yes in answers:
        (tag,) = vote_tags.tags([reply], voter)
        rows.append((tag, reply, wording, vote_tags.seal(Said(voter, yes, None, _hour()), tag, reply, wording)))
    columns = ("tag", "reply_id", "revision_id", "sealed")
    rows.sort()
    for start in range(0, len(rows), BATCH):
        batch = [dict(zip(columns, row, strict=True)) for row in rows[start : start + BATCH]]
        db.session.execute(insert(Vote), batch)


def said(*where: ColumnElement[bool]) -> Iterator[tuple[int, Said]]:
    """Give the answers about the shown wordings of the replies that `where` names: number of the reply, what is said.

    For the arithmetic of a job only: what comes of it is shown for five answers or more at a time.
    """
    is_shown = (Reply.id == Vote.reply_id) & (Reply.shown_revision_id == Vote.revision_id)
    query = select(Vote.tag, Vote.reply_id, Vote.revision_id, Vote.sealed).join(Reply, is_shown).where(*where)
    return ((row.reply_id, said) for row, said in vote_tags.read(db.session.execute(query)))


def held(reply: Reply) -> list[tuple[Vote, Said]]:
    """Return the answers about the shown wording of a reply, held until the transaction ends."""
    query = select(Vote).where(Vote.reply_id == reply.id, Vote.revision_id == reply.shown_revision_id)
    return list(vote_tags.read(db.session.scalars(query.order_by(Vote.tag).with_for_update())))


def settle(found: Iterable[tuple[Vote, Said]]) -> None:
    """Note that held answers are counted now; of one that was taken back no row is left."""
    for vote, said in found:
        if said.well_argued is None:
            db.session.delete(vote)
        elif said.well_argued is not said.counted:
            settled = replace(said, counted=said.well_argued)
            vote.sealed = vote_tags.seal(settled, vote.tag, vote.reply_id, vote.revision_id)


def of(member: User) -> list[dict[str, Any]]:
    """Return all answers of a member that stand, for nobody but that member."""
    found = vote_tags.tags(db.session.scalars(select(Reply.id).order_by(Reply.id)), member.id)
    told: list[dict[str, Any]] = []
    query = select(Vote.tag, Vote.reply_id, Vote.revision_id, Vote.sealed).order_by(Vote.reply_id)
    for start in range(0, len(found), BATCH):
        rows = db.session.execute(query.where(Vote.tag.in_(found[start : start + BATCH])))
        for row, said in vote_tags.read(rows):
            hour = datetime.fromtimestamp(said.hour * HOUR, UTC)
            facts = {"reply": row.reply_id, "wording": row.revision_id, "well_argued": said.well_argued}
            told.append({**facts, "counted": said.counted is not None, "hour": hour})
    return told


def forget(member: User) -> None:
    """Delete all answers of a member; shown counts lose them with the next step of five answers."""
    lock(member)
    found = vote_tags.tags(db.session.scalars(select(Reply.id)), member.id)
    for start in range(0, len(found), BATCH):
        db.session.execute(delete(Vote).where(Vote.tag.in_(found[start : start + BATCH])))


def _hour() -> int:
    return int(now().timestamp()) // HOUR


def _counted_at(moment: datetime) -> datetime:
    step = int(COUNTED_EVERY.total_seconds())
    return datetime.fromtimestamp((int(moment.timestamp()) // step + 1) * step, UTC)


def _refusal(reply: Reply, by: User) -> Refused:
    """Return why `by` cannot answer about a public reply."""
    if not may_write(by):
        return NotAllowed(_("You can read here, but not answer now. The box on the page of the debate says why."))
    if reply.author_id == by.id:
        return NotAllowed(_("Others say whether your reply is well argued."))
    if not reply.debate.is_open:
        return Refused(closed_message(reply.debate))
    return Overtaken(_("This reply is no longer public."))
