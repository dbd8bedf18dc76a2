"""The queue: all wordings that wait, in the order of `order.py`, through the moderator's choice of what to see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    and_,
    bindparam,
    exists,
    func,
    literal,
    select,
    tuple_,
    union_all,
)

from forum.accounts.models import User
from forum.accounts.policy import leads
from forum.db import Moment, db, rows
from forum.debates.models import WAITS, Debate, Outcome, Reply, Revision
from forum.moderation import claims
from forum.moderation.desk_models import Claim, RevisionFlag
from forum.moderation.order import beside
from forum.moderation.screening import Severity

QUEUE_PAGE = 50  # about an hour of reading
_ABOVE = 3  # wordings listed before the one that is open
_W, _R, _C, _F, _U = (model.__table__.c for model in (Revision, Reply, Claim, RevisionFlag, User))

Place = tuple[int, int]  # of a wording: its place and its number


@dataclass(frozen=True)
class Choice:
    """What of the queue a moderator wants to see. Never a side: nobody chooses that."""

    languages: tuple[str, ...] = ()  # empty: all
    debate: str = ""  # slug
    flag: str = ""  # code of what screening found
    of: str = ""  # the list from which a reply was opened, if it was not the queue: "reports"


class Way(Enum):
    """Which part of the queue is asked for."""

    FIRST = "first"
    AFTER = "after"  # a place
    BEFORE = "before"  # a place
    AROUND = "around"  # a wording that waits
    BESIDE = "beside"  # a wording that does not: the first ones, and what was found in it


class Flagged(NamedTuple):
    """One thing that screening found in a wording."""

    id: int
    code: str
    start: int
    stop: int
    severity: int


class Row(NamedTuple):
    """A wording that waits, and who has its reply open: nobody, or a moderator by number and name."""

    id: int
    reply_id: int
    place: int
    number: int
    severity: int
    created_at: datetime
    html: str
    author_id: int
    language: str
    original_id: int | None
    holder_id: int | None
    holder: str | None


@dataclass
class Queue:
    """A page of the queue, and the places from which the pages before and behind it begin."""

    rows: list[Row]
    flags: dict[int, list[Flagged]]  # by wording
    has_more: bool = False
    before: Place | None = None
    after: Place | None = None

    def beside(self, reply_id: int) -> tuple[int | None, int | None]:
        """Return the replies before and behind one; of one that has left the queue, the first of the page."""
        return beside([row.reply_id for row in self.rows], reply_id)


def waiting(choice: Choice, *, after: Place | None = None, before: Place | None = None) -> Queue:
    """Return the page behind a place, the one before it, or the first one."""
    if before is not None:
        page = _page(choice, Way.BEFORE, before)
        page.before = place_of(page.rows[0]) if page.has_more else None
        page.after = place_of(page.rows[-1]) if page.rows else None
        return page
    page = _page(choice, Way.AFTER, after) if after is not None else _page(choice, Way.FIRST)
    page.before = place_of(page.rows[0]) if page.rows and after is not None else None
    page.after = place_of(page.rows[-1]) if page.has_more else None
    return page


def around(choice: Choice, revision: Revision) -> Queue:
    """Return the part of the queue in which a wording stands: a few before it, then those behind it.

    With what screening found in it, also if it is not among them.
    """
    return _page(choice, Way.AROUND if revision.outcome is Outcome.WAITING else Way.BESIDE, place_of(revision))


def next_for(moderator: User, choice: Choice, *, after: Place | None = None) -> int | None:
    """Return the reply that a moderator reads next, else None.

    The first behind `after`, else the first of all: none of their own, and rather one that no colleague has open.
    Whoever cannot publish what is held comes back to it last: it was passed on the way, and a lead may take it.
    """
    taken = exists().where(
        Claim.reply_id == Revision.reply_id, Claim.moderator_id != moderator.id, Claim.taken_at > claims.since()
    )
    query = select(Reply.id).join(Revision, Revision.reply_id == Reply.id).where(*_chosen(_shape(choice)))
    query = query.where(Reply.author_id != moderator.id).order_by(Revision.place, Revision.id).limit(1)
    behind = [query.where(_position() > tuple_(*after), ~taken)] if after is not None else []
    not_held = [] if leads(moderator) else [query.where(~taken, Revision.severity < Severity.HOLD)]
    for attempt in (*behind, *not_held, query.where(~taken), query):
        found = db.session.scalar(attempt, _values(choice))
        if found is not None:
            return found
    return None


def place_of(wording: Row | Revision) -> Place:
    """Return where a wording stands in the order."""
    return wording.place, wording.id


Shape = tuple[bool, bool, bool]  # of a choice: whether it names languages, a debate, a flag


def _shape(choice: Choice) -> Shape:
    return bool(choice.languages), bool(choice.debate), bool(choice.flag)


def _values(choice: Choice) -> Mapping[str, Any]:
    named = {"languages": choice.languages, "debate": choice.debate, "flag": choice.flag}
    return {name: value for name, value in named.items() if value}


def _position() -> ColumnElement[Any]:
    return tuple_(_W.place, _W.id)


def _chosen(shape: Shape) -> list[ColumnElement[bool]]:
    """Return what is so of the wordings in a choice of this shape."""
    debate = select(Debate.id).where(Debate.slug == bindparam("debate")).scalar_subquery()
    found = exists().where(_F.revision_id == _W.id, _F.code == bindparam("flag"))
    possible = (_R.language.in_(bindparam("languages", expanding=True)), _R.debate_id == debate, found)
    return [WAITS, *(where for where, is_asked in zip(possible, shape, strict=True) if is_asked)]


@cache
def _asked(shape: Shape, way: Way) -> Any:
    """Put the question for a part of the queue together, once for each: that takes longer than to ask it."""
    ordered = select(_W.id).join(Reply.__table__, _R.id == _W.reply_id).where(*_chosen(shape))
    here = tuple_(bindparam("place", type_=BigInteger), bindparam("number", type_=Integer))
    numbers = ordered.order_by(_W.place, _W.id)
    if way is Way.BEFORE:
        numbers = ordered.where(_position() < here).order_by(_W.place.desc(), _W.id.desc())
    elif way is Way.AFTER:
        numbers = numbers.where(_position() > here)
    elif way is Way.AROUND:
        above = ordered.with_only_columns(_W.place).where(_position() < here)
        above = above.order_by(_W.place.desc(), _W.id.desc()).offset(_ABOVE - 1).limit(1)
        # Of fewer than three above it there is no third: then from the beginning.
        numbers = numbers.where(_W.place >= func.coalesce(above.correlate(None).scalar_subquery(), 0))
    wanted: Any = select(numbers.limit(QUEUE_PAGE + 1).subquery().c.id, literal(True).label("is_listed"))
    if way in {Way.AROUND, Way.BESIDE}:
        wanted = union_all(wanted, select(bindparam("number", type_=Integer), literal(False)))
    wanted = wanted.subquery()
    of_row = (
        _W.id,
        _W.reply_id,
        _W.place,
        _W.number,
        _W.severity,
        _W.created_at,
        _W.html,
        _R.author_id,
        _R.language,
        _R.original_id,
    )
    return (
        select(*of_row, _C.moderator_id, _U.name, wanted.c.is_listed, _F.id, _F.code, _F.start, _F.stop, _F.severity)
        .select_from(wanted)
        .join(Revision.__table__, _W.id == wanted.c.id)
        .join(Reply.__table__, _R.id == _W.reply_id)
        .outerjoin(Claim.__table__, and_(_C.reply_id == _W.reply_id, _C.taken_at > bindparam("since", type_=Moment())))
        .outerjoin(User.__table__, _U.id == _C.moderator_id)
        .outerjoin(RevisionFlag.__table__, _F.revision_id == _W.id)
        .order_by(_W.place, _W.id, _F.start, _F.id)
    )


def _page(choice: Choice, way: Way, place: Place = (0, 0)) -> Queue:
    """Return a part of the queue, who has its replies open, and what screening found in them."""
    values = {**_values(choice), "since": claims.since(), "place": place[0], "number": place[1]}
    listed: dict[int, Row] = {}
    flags: dict[int, dict[int, Flagged]] = {}
    of_row = len(Row._fields)
    for found in rows(_asked(_shape(choice), way), values).all():
        number = found[0]
        if found[of_row] and number not in listed:
            listed[number] = Row._make(found[:of_row])
        if found[of_row + 1] is not None:
            flags.setdefault(number, {})[found[of_row + 1]] = Flagged._make(found[of_row + 1 :])
    page = list(listed.values())
    has_more = len(page) > QUEUE_PAGE
    page = page[-QUEUE_PAGE:] if way is Way.BEFORE else page[:QUEUE_PAGE]
    return Queue(page, {number: list(found.values()) for number, found in flags.items()}, has_more)
