"""What the desk and the authors ask: each function loads all that its page needs."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Subquery, and_, bindparam, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from forum.accounts.models import User
from forum.db import Moment, db
from forum.debates.bylines import written_under
from forum.debates.differences import Piece, differences
from forum.debates.models import NAMED, Byline, Outcome, Reply, ReplyStatus, Revision
from forum.debates.passage_queries import PassageRead, answered_by
from forum.events import AuditEntry, Event
from forum.moderation import claims
from forum.moderation import same_words as same
from forum.moderation.appeal_models import Appeal
from forum.moderation.appeal_queries import DECIDED, Hidden, appeals_on, hiding, without_judge
from forum.moderation.colleagues import notes_on
from forum.moderation.desk_models import Claim, ReplyNote
from forum.moderation.models import Action, Decision
from forum.moderation.report_models import ReportedReply
from forum.moderation.screened import is_screened
from forum.moderation.screening import history_flags
from forum.moderation.statements import StatementOfReasons, of_all

OWN_PAGE = 20
_RECENT = 500  # replies from which an author's history is told; older ones say little of today
_DECIDED = 50  # decisions on one reply that the desk shows, the newest first
_TOLD = {  # what an author's history is told from
    "published": ReplyStatus.PUBLISHED,
    "rejected": ReplyStatus.REJECTED,
    "removed": ReplyStatus.REMOVED,
    "waiting": ReplyStatus.PENDING,
}


@dataclass
class Item:
    """One reply in its context, as the desk shows it."""

    reply: Reply
    revision: Revision  # the wording to judge
    shown: Revision | None  # the one that everybody reads, while a new one waits
    former: Revision | None  # the one that was returned, while its new wording waits
    parent: Reply | None
    passage: PassageRead | None
    decisions: list[Decision]
    notes: list[ReplyNote]
    author_is_shown: bool
    hidden: Hidden | None  # for whose sake the decisions are left out
    appeals: dict[int, Appeal]  # by decision
    is_own: bool  # the reader wrote it, and is told what any author is told
    is_unscreened: bool  # it waits, and screening has not looked at it yet
    same_words: int  # other replies that wait with the same words
    history: list[str]  # codes, once the author is shown
    reported: ReportedReply | None  # its place in the list of reports, while some are open
    claim: Claim | None  # who has it open


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


def item(reply_id: int, reader: User) -> Item | None:
    """Return a reply in its context: what it answers, what was decided on it, what colleagues remark."""
    reply = db.session.scalars(_reply(), {"reply": reply_id}).unique().one_or_none()
    if reply is None:
        return None
    is_own, revision = reply.author_id == reader.id, reply.present_revision
    facts: dict[str, Any] = {
        "reply": reply.id,
        "author": reply.author_id,
        "debate": reply.debate_id,
        "wording": revision.id,
    }
    facts |= {"reader": reader.id, "since": claims.since()}
    answers = db.session.execute(_about(reply.debate_name is not None), facts).one()
    author_is_shown, same_words, is_screened, on_reply, on_sanction, reported, claim, *standing = answers
    hidden = Hidden.read(on_reply, on_sanction)
    decisions, appeals = ([], {}) if hidden else _decided(reply)
    return Item(
        reply=reply,
        revision=revision,
        shown=reply.shown_revision if reply.is_public and reply.waiting_revision else None,
        former=_returned(reply, revision),
        parent=_answered(reply),
        passage=answered_by(reply),
        decisions=decisions,
        notes=[] if hidden or is_own else notes_on(reply),
        author_is_shown=author_is_shown,
        hidden=hidden,
        appeals=appeals,
        is_own=is_own,
        is_unscreened=revision.outcome is Outcome.WAITING and not is_screened,
        same_words=same_words if revision.outcome is Outcome.WAITING else 0,
        history=history_flags(dict(zip(_TOLD, standing, strict=True))) if author_is_shown else [],
        reported=reported,
        claim=None if is_own else claim,
    )


@cache
def _reply() -> Select[Reply]:
    """Return the query for the reply `reply`, put together once.

    Revisions come with it: the page of the desk asks for many things, each question should count.
    """
    own = (Reply.debate, *NAMED, Reply.quote, Reply.shown_revision, Reply.revisions)
    return select(Reply).where(Reply.id == bindparam("reply")).options(*(joinedload(part) for part in own))


def _answered(reply: Reply) -> Reply | None:
    """Return the reply that one answers; it answers no passage then, so this asks no more than that would."""
    number = reply.in_answer_to_id or reply.parent_id
    return db.session.scalar(_above(), {"reply": number}) if number else None


@cache
def _above() -> Select[Reply]:
    return select(Reply).where(Reply.id == bindparam("reply")).options(joinedload(Reply.shown_revision))


@cache
def _about(has_other_name: bool) -> Select[Any]:
    """Return the query for all that is one value or one row: what the reader has asked for and may know, and claims.

    It names `reply`, its `author` and `debate`, the present `wording`, the `reader`, and `since` when claims last.
    """
    reply, reader = bindparam("reply", type_=Integer), bindparam("reader", type_=Integer)
    asked = exists().where(
        AuditEntry.event == Event.AUTHOR_SHOWN,
        AuditEntry.actor_id == reader,
        AuditEntry.subject_kind == Reply.__tablename__,
        AuditEntry.subject_id == reply,
    )
    other = SimpleNamespace(debate_id=bindparam("debate", type_=Integer)) if has_other_name else None
    byline: Any = SimpleNamespace(author=SimpleNamespace(id=bindparam("author", type_=Integer)), other=other)
    recent = _recent_of(byline, asked)
    wording = bindparam("wording", type_=Integer)
    parts = (asked, same.count(wording), is_screened(wording), *hiding(reader, reply))
    return (
        select(*parts, ReportedReply, Claim, *recent.c)
        .select_from(recent)
        .outerjoin(ReportedReply, ReportedReply.reply_id == reply)
        .outerjoin(Claim, and_(Claim.reply_id == reply, Claim.taken_at > bindparam("since", type_=Moment())))
        .options(joinedload(Claim.moderator))
    )


def _returned(reply: Reply, revision: Revision) -> Revision | None:
    """Return the wording that was returned for the edit that `revision` is."""
    if revision.outcome is not Outcome.WAITING:
        return None
    before = [former for former in reply.revisions if former.number < revision.number]
    return next((former for former in reversed(before) if former.outcome is Outcome.RETURNED), None)


def wording_at(reply_id: int) -> Revision | None:
    """Return the last wording of a reply."""
    query = select(Revision).where(Revision.reply_id == reply_id).order_by(Revision.number.desc())
    return db.session.scalar(query.limit(1))


def _recent_of(byline: Byline, asked: ColumnElement[bool]) -> Subquery:
    """Return the one row that counts where an author's last replies stand, for whoever has `asked` who it is.

    Their history stays apart from a text.
    """
    last = select(Reply.status).where(*written_under(byline), asked).order_by(Reply.id.desc()).limit(_RECENT).subquery()
    counts = (func.count().filter(last.c.status == status).label(name) for name, status in _TOLD.items())
    return select(*counts).select_from(last).subquery()


def _decided(reply: Reply) -> tuple[list[Decision], dict[int, Appeal]]:
    """Return the newest decisions on a reply, the last one first, and the appeals against them, in one query."""
    rows = db.session.execute(_decisions(), {"reply": reply.id}).all()
    appeals = {decision.id: appeal for decision, appeal in rows if appeal is not None}
    return [decision for decision, _appeal in rows], appeals


@cache
def _decisions() -> Select[Decision, Appeal]:
    query = select(Decision, Appeal).outerjoin(Appeal, Appeal.decision_id == Decision.id)
    query = query.where(Decision.reply_id == bindparam("reply")).order_by(Decision.id.desc()).limit(_DECIDED)
    parts = (Decision.moderator, Decision.words, Decision.undone, Decision.revision, Appeal.decided_by)
    return query.options(*(joinedload(part) for part in parts))


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
    told = of_all(decided.values(), last)
    changed = {
        reply.id: differences(reply.public_revision.text, reply.new_wording.text)
        for reply in shown
        if reply.public_revision and reply.new_wording
    }
    return Page(shown, page, len(rows) > OWN_PAGE, decisions, told, appeals, without_judge(waiting), changed)
