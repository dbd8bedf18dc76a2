"""What members do with the question under a reply: answer it, change the answer, take it back.

Nothing of it is recorded in the audit log: a line for each click would keep what somebody has taken back.
"""

from flask_babel import gettext as _
from sqlalchemy import select

from forum import jobs
from forum.accounts.locks import lock
from forum.accounts.models import User
from forum.accounts.policy import may_write
from forum.db import db, now
from forum.debates import limits
from forum.debates.models import Reply
from forum.debates.policy import may_vote
from forum.debates.replies import closed_message
from forum.debates.vote_models import Vote
from forum.errors import NotAllowed, Overtaken, Refused
from forum.jobs import Kind


def answer(reply: Reply, well_argued: bool | None, *, by: User, seen: int | None = None) -> None:
    """Keep whether a member finds a reply well argued; None takes the answer back, the same twice is one.

    `seen`: id of the wording that was read. Another one published since is another question.
    """
    lock(by)
    if not may_vote(by, reply.debate, reply):
        raise _refusal(reply, by)
    if seen is not None and seen != reply.shown_revision_id:
        raise Overtaken(_("This reply has a new wording since you read it. Please read it again, then answer."))
    vote = db.session.scalar(select(Vote).where(Vote.voter_id == by.id, Vote.reply_id == reply.id))
    about = {"reply_id": reply.id, "author_id": reply.author_id, "revision_id": reply.shown_revision_id}
    kept = vote.well_argued if vote is not None and vote.revision_id == reply.shown_revision_id else None
    if well_argued is kept:
        return
    limits.count_answer(by)
    if vote is None:
        db.session.add(Vote(voter_id=by.id, well_argued=well_argued, **about))
    elif well_argued is None and vote.counted is None:
        db.session.delete(vote)
    else:
        _change(vote, reply, well_argued)
    jobs.put(Kind.SCORE_REPLY, reply.id)


def _change(vote: Vote, reply: Reply, well_argued: bool | None) -> None:
    """Give a vote another answer, about the wording that is shown."""
    if reply.shown_revision_id and vote.revision_id != reply.shown_revision_id:
        vote.revision_id, vote.counted = reply.shown_revision_id, None
    vote.well_argued, vote.answered_at = well_argued, now()


def _refusal(reply: Reply, by: User) -> Refused:
    """Return why `by` cannot answer about a public reply."""
    if not may_write(by):
        return NotAllowed(_("You can read here, but not answer now. The box on the page of the debate says why."))
    if reply.author_id == by.id:
        return NotAllowed(_("Others say whether your reply is well argued."))
    if not reply.debate.is_open:
        return Refused(closed_message(reply.debate))
    return Overtaken(_("This reply is no longer public."))
