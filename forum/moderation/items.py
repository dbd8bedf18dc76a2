"""One reply in its context, as the desk shows it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.db import Moment, db, rows
from forum.debates.bylines import written_under
from forum.debates.models import NAMED, Outcome, Reply, ReplyStatus, Revision, Stance
from forum.debates.passage_queries import PassageRead, answered_by
from forum.events import AuditEntry, Event
from forum.moderation import claims, explanations
from forum.moderation import same_words as same
from forum.moderation.appeal_models import Appeal
from forum.moderation.appeal_queries import Hidden, hiding
from forum.moderation.colleagues import notes_on
from forum.moderation.desk_models import Claim, ReplyNote
from forum.moderation.models import Decision
from forum.moderation.report_models import ReportedReply
from forum.moderation.report_queries import Place
from forum.moderation.screened import is_screened
from forum.moderation.screening import history_flags

_RECENT = 500  # replies from which an author's history is told; older ones say little of today
_DECIDED = 50  # decisions on one reply that the desk shows, the newest first
_WORDINGS = 10  # former ones on a page
_TOLD = {  # what an author's history is told from
    "published": ReplyStatus.PUBLISHED,
    "rejected": ReplyStatus.REJECTED,
    "removed": ReplyStatus.REMOVED,
    "waiting": ReplyStatus.PENDING,
}


class Above(NamedTuple):
    """The reply that one answers or translates, as the desk shows it."""

    id: int
    stance: Stance
    status: ReplyStatus
    language: str
    revision_id: int | None  # the wording that everybody reads, or read last
    html: str | None

    @property
    def is_public(self) -> bool:
        """Whether everybody can read it."""
        return self.status is ReplyStatus.PUBLISHED


class Held(NamedTuple):
    """Who has a reply open, and since when."""

    moderator_id: int
    name: str
    taken_at: datetime


@dataclass
class Item:
    """One reply in its context, as the desk shows it."""

    reply: Reply
    revision: Revision  # the wording to judge
    shown: Revision | None  # the one that everybody reads, while a new one waits
    former: Revision | None  # the one that was returned, while its new wording waits
    parent: Above | None
    passage: PassageRead | None
    decisions: list[Decision]
    notes: list[ReplyNote]
    author_is_shown: bool
    hidden: Hidden | None  # for whose sake the decisions are left out
    appeals: dict[int, Appeal]  # by decision
    is_own: bool  # the reader wrote it, and is told what any author is told
    same_words: int  # other replies that wait with the same words
    is_unscreened: bool  # it waits, and screening has not looked at it yet
    history: list[str]  # codes, once the author is shown
    reported: Place | None  # its place in the list of reports, while some are open
    explained: str  # the stamp of the ready explanations
    claim: Held | None  # who has it open


def item(reply_id: int, reader: User) -> Item | None:
    """Return a reply in its context: what it answers, what was decided on it, what colleagues remark."""
    reply = db.session.scalars(_reply(), {"reply": reply_id}).unique().one_or_none()
    if reply is None:
        return None
    is_own, revision = reply.author_id == reader.id, reply.present_revision
    facts = {"reply": reply.id, "wording": revision.id, "answered": reply.answered_id or 0}
    about = rows(_about(), facts | {"reader": reader.id, "since": claims.since()}).one()
    hidden = Hidden.read(about.on_reply, about.on_sanction)
    decisions, appeals = _decided(reply) if about.is_decided and not hidden else ([], {})
    return Item(
        reply=reply,
        revision=revision,
        shown=reply.public_revision if reply.is_public and reply.waiting_revision else None,
        former=_returned(reply, revision),
        parent=Above(*about[-len(Above._fields) :]) if about.above_id else None,
        passage=answered_by(reply),
        decisions=decisions,
        notes=notes_on(reply) if about.is_noted and not hidden and not is_own else [],
        author_is_shown=about.author_is_shown,
        hidden=hidden,
        appeals=appeals,
        is_own=is_own,
        same_words=about.same_words if revision.outcome is Outcome.WAITING else 0,
        is_unscreened=revision.outcome is Outcome.WAITING and not about.is_screened,
        history=_history(reply) if about.author_is_shown else [],
        reported=Place(about.rank, about.oldest_at, reply.id) if about.oldest_at else None,
        explained=about.explained,
        claim=Held(about.moderator_id, about.moderator, about.taken_at) if about.taken_at and not is_own else None,
    )


class Formers(NamedTuple):
    """A page of the former wordings that the history of a reply shows, the newest first."""

    wordings: list[Revision]
    total: int  # on all pages
    newer: int | None  # number of the page before
    older: int | None


def former_wordings(reply: Reply, page: int, chosen: int | None) -> Formers:
    """Return a page of the former wordings; the one with the `chosen` wording, where there is one."""
    newest_first = reply.former_wordings[::-1]
    place = next((place for place, wording in enumerate(newest_first) if wording.id == chosen), None)
    page = page if place is None else place // _WORDINGS + 1
    shown, total = newest_first[(page - 1) * _WORDINGS : page * _WORDINGS], len(newest_first)
    return Formers(shown, total, page - 1 or None, page + 1 if total > page * _WORDINGS else None)


@cache
def _reply() -> Select[Reply]:
    """Return the query for the reply `reply`, put together once.

    Revisions come with it: the page of the desk asks for many things, each question should count.
    """
    own = (Reply.debate, *NAMED, Reply.quote, Reply.revisions)
    return select(Reply).where(Reply.id == bindparam("reply")).options(*(joinedload(part) for part in own))


@cache
def _about() -> Any:
    """Return the query for all that is one value or one row: what the reader has asked for and may know, and claims.

    It names the `reply`, its present `wording`, the reply that it has `answered`, the `reader`, and `since` when claims
    last.
    """
    reply, reader = bindparam("reply", type_=Integer), bindparam("reader", type_=Integer)
    asked = exists().where(
        AuditEntry.event == Event.AUTHOR_SHOWN,
        AuditEntry.actor_id == reader,
        AuditEntry.subject_kind == Reply.__tablename__,
        AuditEntry.subject_id == reply,
    )
    wording = bindparam("wording", type_=Integer)
    on_reply, on_sanction = hiding(reader, reply)
    values = {
        "author_is_shown": asked,
        "same_words": same.count(wording),
        "is_screened": is_screened(wording),
        "on_reply": on_reply,
        "on_sanction": on_sanction,
        "is_decided": exists().where(Decision.reply_id == reply),
        "is_noted": exists().where(ReplyNote.reply_id == reply),
        "explained": explanations.stamp(),
    }
    above, words = Reply.__table__.alias(), Revision.__table__.alias()
    of_above = (
        above.c.id.label("above_id"),
        above.c.stance,
        above.c.status,
        above.c.language,
        above.c.shown_revision_id,
        words.c.html,
    )
    replies: Any = Reply.__table__
    reports, held, users = ReportedReply.__table__, Claim.__table__, User.__table__
    of_held = (held.c.moderator_id, held.c.taken_at, users.c.name.label("moderator"))
    return (
        select(*(value.label(name) for name, value in values.items()))
        .add_columns(reports.c.rank, reports.c.oldest_at, *of_held, *of_above)
        .select_from(replies)
        .where(replies.c.id == reply)
        .outerjoin(reports, reports.c.reply_id == replies.c.id)
        .outerjoin(held, and_(held.c.reply_id == replies.c.id, held.c.taken_at > bindparam("since", type_=Moment())))
        .outerjoin(users, users.c.id == held.c.moderator_id)
        .outerjoin(above, above.c.id == bindparam("answered", type_=Integer))
        .outerjoin(words, words.c.id == above.c.shown_revision_id)
    )


def _returned(reply: Reply, revision: Revision) -> Revision | None:
    """Return the wording that was returned for the edit that `revision` is."""
    if revision.outcome is not Outcome.WAITING:
        return None
    before = [former for former in reply.revisions if former.number < revision.number]
    return next((former for former in reversed(before) if former.outcome is Outcome.RETURNED), None)


def _history(reply: Reply) -> list[str]:
    """Return what is told of an author's last replies to whoever has asked who it is. It stays apart from a text."""
    last = select(Reply.status).where(*written_under(reply.byline)).order_by(Reply.id.desc()).limit(_RECENT).subquery()
    counts = (func.count().filter(last.c.status == status).label(name) for name, status in _TOLD.items())
    return history_flags(dict(db.session.execute(select(*counts).select_from(last)).one()._mapping))


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
