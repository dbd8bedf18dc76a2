"""What the desk and the authors ask: each function loads all that its page needs."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from forum.accounts.models import User
from forum.db import db
from forum.debates.differences import Piece, differences
from forum.debates.models import NAMED, Reply, Revision
from forum.moderation.appeal_models import Appeal
from forum.moderation.appeal_queries import DECIDED, appeals_on, without_judge
from forum.moderation.models import Action, Decision
from forum.moderation.statements import StatementOfReasons, of_all

OWN_PAGE = 20


@dataclass
class Page:
    """A page of a list, and whether others stand before or behind it."""

    rows: list[Any]
    number: int
    has_next: bool
    decisions: dict[int, list[Decision]] = field(default_factory=dict)
    statements: dict[int, StatementOfReasons] = field(default_factory=dict)  # by decision
    appeals: dict[int, Appeal] = field(default_factory=dict)  # by decision
    without_judge: set[int] = field(default_factory=set)  # decisions whose appeals nobody could decide today
    changed: dict[int, list[Piece]] = field(default_factory=dict)  # by reply: what its new wording changes


def wording_at(reply_id: int) -> Revision | None:
    """Return the last wording of a reply."""
    query = select(Revision).where(Revision.reply_id == reply_id).order_by(Revision.number.desc())
    return db.session.scalar(query.limit(1))


def decisions_on(reply_ids: list[int]) -> dict[int, list[Decision]]:
    """Return the decisions on these replies, the newest first, with their words and who made them."""
    query = select(Decision).where(Decision.reply_id.in_(reply_ids)).order_by(Decision.id.desc())
    found: dict[int, list[Decision]] = defaultdict(list)
    parts = (*DECIDED, Decision.closing)
    for decision in db.session.scalars(query.options(*(joinedload(part) for part in parts))):
        found[decision.reply_id].append(decision)
    return found


def why_returned(reply_id: int) -> Decision | None:
    """Return the decision by which the last wording of a reply came back to its author, with its words, if it did."""
    stands = select(Decision).where(Decision.reply_id == reply_id, ~Decision.undone.has())
    last = db.session.scalar(stands.order_by(Decision.id.desc()).limit(1).options(joinedload(Decision.words)))
    return last if last and last.action is Action.RETURN else None


def own_replies(author: User, page: int = 1) -> Page:
    """Return a page of what `author` wrote, in every state, the newest first, each with what became of it."""
    query = select(Reply).where(Reply.author_id == author.id).order_by(Reply.id.desc())
    query = query.options(
        selectinload(Reply.revisions),
        *(joinedload(part) for part in (Reply.debate, *NAMED, Reply.parent, Reply.quote)),
    )
    rows = list(db.session.scalars(query.limit(OWN_PAGE + 1).offset((page - 1) * OWN_PAGE)))
    shown = rows[:OWN_PAGE]
    decisions = decisions_on([reply.id for reply in shown])
    decided = {decision.id: decision for found in decisions.values() for decision in found}
    appeals = appeals_on(decided)
    waiting = [decided[number] for number, appeal in appeals.items() if appeal.is_open]
    last = {number: next((one.id for one in found if not one.undone), 0) for number, found in decisions.items()}
    told = of_all(decided.values(), last, appeals)
    changed = {
        reply.id: differences(reply.public_revision.text, reply.new_wording.text)
        for reply in shown
        if reply.public_revision and reply.new_wording
    }
    return Page(shown, page, len(rows) > OWN_PAGE, decisions, told, appeals, without_judge(waiting), changed)
