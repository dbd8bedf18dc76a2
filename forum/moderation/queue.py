"""The queue: all wordings that wait, in the order of `order.py`, through the moderator's choice of what to see."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, select, tuple_, union_all
from sqlalchemy.orm import contains_eager, joinedload

from forum.accounts.models import User
from forum.accounts.policy import leads
from forum.db import db
from forum.debates.models import Debate, Outcome, Reply, Revision
from forum.moderation import claims
from forum.moderation.desk_models import Claim, RevisionFlag
from forum.moderation.order import beside
from forum.moderation.screening import Severity

QUEUE_PAGE = 50  # about an hour of reading
_ABOVE = 3  # wordings listed before the one that is open

Place = tuple[int, int]  # of a wording: its place and its number


@dataclass(frozen=True)
class Choice:
    """What of the queue a moderator wants to see. Never a side: nobody chooses that."""

    languages: tuple[str, ...] = ()  # empty: all
    debate: str = ""  # slug
    flag: str = ""  # code of what screening found
    of: str = ""  # the list from which a reply was opened, if it was not the queue: "reports"


@dataclass
class Queue:
    """A page of the queue, and the places from which the pages before and behind it begin."""

    rows: list[Revision]
    flags: dict[int, list[RevisionFlag]]  # by wording
    claims: dict[int, Claim] = field(default_factory=dict)  # by reply, those that have not ended
    has_more: bool = False
    before: Place | None = None
    after: Place | None = None

    def beside(self, reply_id: int) -> tuple[int | None, int | None]:
        """Return the replies before and behind one; of one that has left the queue, the first of the page."""
        return beside([row.reply_id for row in self.rows], reply_id)


def waiting(choice: Choice, *, after: Place | None = None, before: Place | None = None) -> Queue:
    """Return the page behind a place, the one before it, or the first one."""
    query = _chosen(_numbers(), choice)
    if before is not None:
        query = query.where(_position() < before).order_by(Revision.place.desc(), Revision.id.desc())
        page = _page(query, backwards=True)
        page.before = place_of(page.rows[0]) if page.has_more else None
        page.after = place_of(page.rows[-1]) if page.rows else None
        return page
    query = query.where(_position() > after) if after is not None else query
    page = _page(query.order_by(Revision.place, Revision.id))
    page.before = place_of(page.rows[0]) if page.rows and after is not None else None
    page.after = place_of(page.rows[-1]) if page.has_more else None
    return page


def around(choice: Choice, revision: Revision) -> Queue:
    """Return the part of the queue in which a wording stands: a few before it, then those behind it."""
    query = _chosen(_numbers(), choice).order_by(Revision.place, Revision.id)
    if revision.outcome is Outcome.WAITING:
        above = _chosen(select(Revision.place).join(Revision.reply), choice).where(_position() < place_of(revision))
        above = above.order_by(Revision.place.desc(), Revision.id.desc()).offset(_ABOVE - 1).limit(1)
        # Of fewer than three above it there is no third: then from the beginning.
        query = query.where(Revision.place >= func.coalesce(above.correlate(None).scalar_subquery(), 0))
    return _page(query, revision)


def next_for(moderator: User, choice: Choice, *, after: Place | None = None) -> int | None:
    """Return the reply that a moderator reads next, else None.

    The first behind `after`, else the first of all: none of their own, and rather one that no colleague has open.
    Whoever cannot publish what is held comes back to it last: it was passed on the way, and a lead may take it.
    """
    taken = exists().where(
        Claim.reply_id == Revision.reply_id, Claim.moderator_id != moderator.id, Claim.taken_at > claims.since()
    )
    query = _chosen(select(Reply.id).join(Revision, Revision.reply_id == Reply.id), choice)
    query = query.where(Reply.author_id != moderator.id).order_by(Revision.place, Revision.id).limit(1)
    behind = [query.where(_position() > after, ~taken)] if after is not None else []
    not_held = [] if leads(moderator) else [query.where(~taken, Revision.severity < Severity.HOLD)]
    for attempt in (*behind, *not_held, query.where(~taken), query):
        found = db.session.scalar(attempt)
        if found is not None:
            return found
    return None


def place_of(revision: Revision) -> Place:
    """Return where a wording stands in the order."""
    return revision.place, revision.id


def _position() -> ColumnElement[Any]:
    return tuple_(Revision.place, Revision.id)


def _numbers() -> Select[int]:
    return select(Revision.id).join(Revision.reply)


def _chosen(query: Any, choice: Choice) -> Any:
    query = query.where(Revision.outcome == Outcome.WAITING)
    if choice.languages:
        query = query.where(Reply.language.in_(choice.languages))
    if choice.debate:
        query = query.where(Reply.debate_id == select(Debate.id).where(Debate.slug == choice.debate).scalar_subquery())
    if choice.flag:
        query = query.where(exists().where(RevisionFlag.revision_id == Revision.id, RevisionFlag.code == choice.flag))
    return query


def _page(numbers: Select[int], shown: Revision | None = None, *, backwards: bool = False) -> Queue:
    """Return the wordings of these numbers, who has them open, and what screening found in them.

    And what it found in `shown`, which may not be among them. `backwards`: what is too many stands at the beginning.
    """
    wanted: Any = select(numbers.limit(QUEUE_PAGE + 1).subquery().c.id, literal(True).label("is_listed"))
    if shown:
        wanted = union_all(wanted, select(literal(shown.id), literal(False)))
    all_of_them = wanted.subquery()
    held = and_(Claim.reply_id == Revision.reply_id, Claim.taken_at > claims.since())
    query = (
        select(Revision, all_of_them.c.is_listed, Claim, RevisionFlag)
        .select_from(all_of_them)
        .join(Revision, Revision.id == all_of_them.c.id)
        .join(Revision.reply)
        .outerjoin(Claim, held)
        .outerjoin(RevisionFlag, RevisionFlag.revision_id == Revision.id)
        .order_by(Revision.place, Revision.id, RevisionFlag.start, RevisionFlag.id)
        .options(contains_eager(Revision.reply).joinedload(Reply.debate), joinedload(Claim.moderator))
    )
    listed: dict[int, Revision] = {}
    flags: dict[int, dict[int, RevisionFlag]] = {}
    open_ones: dict[int, Claim] = {}
    for revision, is_listed, claim, flag in db.session.execute(query):
        if is_listed:
            listed[revision.id] = revision
        if claim is not None:
            open_ones[revision.reply_id] = claim
        if flag is not None:
            flags.setdefault(revision.id, {})[flag.id] = flag
    rows = list(listed.values())
    has_more = len(rows) > QUEUE_PAGE
    rows = rows[-QUEUE_PAGE:] if backwards else rows[:QUEUE_PAGE]
    return Queue(rows, {number: list(found.values()) for number, found in flags.items()}, open_ones, has_more)
