"""The counts that everybody sees under a reply: by side, and never fewer than five new answers at a time."""

from collections.abc import Iterable, Mapping
from typing import Any

from forum import versions
from forum.db import db, insert_into, now, writing
from forum.debates import positions, votes
from forum.debates.models import Debate, Reply, ReplyMarks, Stance
from forum.debates.vote_models import Said
from forum.few import FEW


def count_votes(reply_id: int) -> None:
    """Show the answers about a reply, if enough of them are new and of somebody with a side.

    It is looked at without keeping anybody waiting, and held only if there is something to show.
    """
    reply = db.session.get(Reply, reply_id)
    if reply is None or not reply.is_public or not _are_enough(*_found(reply)):
        return
    with writing():
        reply = db.session.get_one(Reply, reply_id)
        found = votes.held(reply)
        answers = [said for _vote, said in found]
        sides = _sides(reply, answers)
        if _are_enough(answers, sides):
            _show(reply, answers, sides)
            votes.settle(found)


def _found(reply: Reply) -> tuple[list[Said], Mapping[int, Stance]]:
    answers = [said for _reply, said in votes.said(Reply.id == reply.id)]
    return answers, _sides(reply, answers)


def _sides(reply: Reply, answers: Iterable[Said]) -> Mapping[int, Stance]:
    return positions.sides(db.session.get_one(Debate, reply.debate_id), [said.voter_id for said in answers])


def _are_enough(answers: Iterable[Said], sides: Mapping[int, Stance]) -> bool:
    return sum(said.well_argued is not said.counted and said.voter_id in sides for said in answers) >= FEW


def _show(reply: Reply, answers: Iterable[Said], sides: Mapping[int, Stance]) -> None:
    """Keep what is shown and nothing else: of a side with few readers no figure."""
    shown: dict[str, Any] = {"revision_id": reply.shown_revision_id}
    for stance in (Stance.PRO, Stance.ANTI):
        given = [it.well_argued for it in answers if sides.get(it.voter_id) is stance and it.well_argued is not None]
        given = given if len(given) >= FEW else []
        shown |= {f"{stance.value}_yes": sum(given), f"{stance.value}_all": len(given)}
    new = insert_into(ReplyMarks).values(reply_id=reply.id, created_at=now(), **shown)
    db.session.execute(new.on_conflict_do_update(index_elements=["reply_id"], set_=shown))
    versions.change_debate(reply.debate_id)
