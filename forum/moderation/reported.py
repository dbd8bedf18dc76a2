"""The list of reports as a way to go: what stands beside one of its items, and which one comes next."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, literal, select, tuple_, union_all
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.db import Moment, db
from forum.debates.models import Reply, Revision
from forum.moderation import claims
from forum.moderation.desk_models import Claim, RevisionFlag
from forum.moderation.order import beside
from forum.moderation.report_models import ReportedReply
from forum.moderation.report_queries import Place

BEHIND = 25  # items listed from the one that is open on
_ABOVE = 3  # and before it
_ORDER = (ReportedReply.rank, ReportedReply.oldest_at, ReportedReply.reply_id)


@dataclass
class Walk:
    """The part of the list around an item, and what screening found in the wording of it that is shown."""

    rows: list[ReportedReply]
    flags: dict[int, list[RevisionFlag]]

    def beside(self, reply_id: int) -> tuple[int | None, int | None]:
        """Return the replies before and behind one of the list; of one that has left it, the first."""
        return beside([row.reply_id for row in self.rows], reply_id)


def around(place: Place | None, shown: Revision) -> Walk:
    """Return a few items before this one, it, and those behind it; without one, the beginning of the list."""
    numbers = select(ReportedReply.id)
    behind = numbers.order_by(*_ORDER).limit(BEHIND)
    parts = [behind]
    if place is not None:
        here = _literal(place)
        above = numbers.where(_position() < here).order_by(*(part.desc() for part in _ORDER)).limit(_ABOVE)
        parts = [above, behind.where(_position() >= here)]
    found = and_(RevisionFlag.revision_id == shown.id, ReportedReply.reply_id == shown.reply_id)
    query = (
        select(ReportedReply, RevisionFlag)
        .where(ReportedReply.id.in_(union_all(*(select(part.subquery().c.id) for part in parts))))
        .outerjoin(RevisionFlag, found)
        .order_by(*_ORDER, RevisionFlag.start, RevisionFlag.id)
        .options(joinedload(ReportedReply.reply, innerjoin=True).joinedload(Reply.shown_revision))
    )
    rows, flags = {}, []
    for row, flag in db.session.execute(query):
        rows[row.id] = row
        flags += [flag] if flag is not None else []
    if place is None:  # it has left the list, and with it the row beside which its flags would stand
        of_it = select(RevisionFlag).where(RevisionFlag.revision_id == shown.id)
        flags = list(db.session.scalars(of_it.order_by(RevisionFlag.start, RevisionFlag.id)))
    return Walk(list(rows.values()), {shown.id: flags})


def next_for(moderator: User, *, after: Place | None) -> int | None:
    """Return the reported reply that a moderator reads next, else None.

    The first behind `after`, else the first of all: none of their own, and rather one that no colleague has open.
    """
    taken = exists().where(
        Claim.reply_id == ReportedReply.reply_id,
        Claim.moderator_id != moderator.id,
        Claim.taken_at > claims.since(),
    )
    query = select(Reply.id).join(ReportedReply, ReportedReply.reply_id == Reply.id)
    query = query.where(Reply.author_id != moderator.id).order_by(*_ORDER).limit(1)
    behind = [query.where(_position() > _literal(after), ~taken)] if after else []
    for attempt in (*behind, query.where(~taken), query):
        found = db.session.scalar(attempt)
        if found is not None:
            return found
    return None


def place_at(reply_id: int) -> Place | None:
    """Return where a reply stands in the list; None: it is not there."""
    found = db.session.scalar(select(ReportedReply).where(ReportedReply.reply_id == reply_id))
    return place_of(found) if found else None


def place_of(item: ReportedReply) -> Place:
    """Return where an item stands in the list."""
    return Place(item.rank, item.oldest_at, item.reply_id)


def _position() -> ColumnElement[Any]:
    return tuple_(*_ORDER)


def _literal(place: Place) -> ColumnElement[Any]:
    return tuple_(literal(place.rank), literal(place.oldest_at, Moment), literal(place.reply_id))
