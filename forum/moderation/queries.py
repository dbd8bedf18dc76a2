"""What the desk and the authors ask: each function loads all that its page needs."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from forum.accounts.models import User
from forum.db import db
from forum.debates.models import Outcome, Passage, Reply, ReplyStatus, Revision
from forum.debates.queries import parent as load_parent
from forum.debates.queries import passage_of, reply_with_wordings
from forum.events import AuditEntry, Event
from forum.moderation.appeal_models import Appeal
from forum.moderation.appeal_queries import appeals_on, hidden_from, without_judge
from forum.moderation.models import Decision
from forum.moderation.statements import StatementOfReasons, of_all

QUEUE_PAGE = 50  # about an hour of reading
OWN_PAGE = 20


@dataclass
class Item:
    """One reply in its context, as the desk shows it."""

    reply: Reply
    revision: Revision  # the wording to judge
    parent: Reply | None
    passage: Passage | None
    decisions: list[Decision]
    author_is_shown: bool
    appeal: Appeal | None  # the open one for whose sake the decisions are left out


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


def waiting(page: int = 1) -> Page:
    """Return a page of the wordings that wait, the oldest first."""
    query = (
        select(Revision)
        .join(Revision.reply)
        .where(Revision.outcome == Outcome.WAITING)
        .order_by(Revision.created_at, Revision.id)
        .options(contains_eager(Revision.reply).joinedload(Reply.debate))
    )
    rows = list(db.session.scalars(query.limit(QUEUE_PAGE + 1).offset((page - 1) * QUEUE_PAGE)))
    return Page(rows[:QUEUE_PAGE], page, len(rows) > QUEUE_PAGE)


def waiting_count() -> int:
    """Return how many wordings wait."""
    return db.session.scalar(select(func.count()).select_from(Revision).where(Revision.outcome == Outcome.WAITING)) or 0


def next_for(moderator: User) -> Reply | None:
    """Return the reply that has waited longest and is not the moderator's own."""
    return db.session.scalar(
        select(Reply)
        .join(Revision, Revision.reply_id == Reply.id)
        .where(Revision.outcome == Outcome.WAITING, Reply.author_id != moderator.id)
        .order_by(Revision.created_at, Revision.id)
        .limit(1)
    )


def item(reply_id: int, reader: User) -> Item | None:
    """Return a reply in its context: what it answers, what was decided on it."""
    reply = reply_with_wordings(reply_id)
    if reply is None:
        return None
    asked = select(AuditEntry.id).where(
        AuditEntry.event == Event.AUTHOR_SHOWN,
        AuditEntry.actor_id == reader.id,
        AuditEntry.subject_kind == Reply.__tablename__,
        AuditEntry.subject_id == reply.id,
    )
    appeal = hidden_from(reader, reply.id)
    is_public = reply.status in {ReplyStatus.PUBLISHED, ReplyStatus.REMOVED}
    return Item(
        reply=reply,
        revision=reply.shown_revision if is_public and reply.shown_revision else reply.latest_revision,
        parent=load_parent(reply.parent_id) if reply.parent_id else None,
        passage=passage_of(reply.debate, reply.passage) if reply.passage else None,
        decisions=[] if appeal else decisions_on([reply.id]).get(reply.id, []),
        author_is_shown=db.session.scalar(asked.limit(1)) is not None,
        appeal=appeal,
    )


def decisions_on(reply_ids: list[int]) -> dict[int, list[Decision]]:
    """Return the decisions on these replies, the newest first, with their words and who made them."""
    query = select(Decision).where(Decision.reply_id.in_(reply_ids)).order_by(Decision.id.desc())
    found: dict[int, list[Decision]] = defaultdict(list)
    parts = (Decision.moderator, Decision.words, Decision.revision, Decision.reply)
    for decision in db.session.scalars(query.options(*(joinedload(part) for part in parts))):
        found[decision.reply_id].append(decision)
    return found


def own_replies(author: User, page: int = 1) -> Page:
    """Return a page of what `author` wrote, in every state, the newest first, each with what became of it."""
    query = select(Reply).where(Reply.author_id == author.id).order_by(Reply.id.desc())
    query = query.options(
        selectinload(Reply.revisions), joinedload(Reply.debate), joinedload(Reply.author), joinedload(Reply.parent)
    )
    rows = list(db.session.scalars(query.limit(OWN_PAGE + 1).offset((page - 1) * OWN_PAGE)))
    shown = rows[:OWN_PAGE]
    decisions = decisions_on([reply.id for reply in shown])
    decided = {decision.id: decision for found in decisions.values() for decision in found}
    appeals = appeals_on(decided)
    waiting = [decided[number] for number, appeal in appeals.items() if appeal.is_open]
    return Page(shown, page, len(rows) > OWN_PAGE, decisions, of_all(decided.values()), appeals, without_judge(waiting))
