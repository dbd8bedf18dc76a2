"""The places of a debate: the numbers of the replies of both columns, in their order, without a word of them.

Of a column that is drawn all numbers are needed. They come as one string for all that are equal before the lot: a row
for each of them took most of the time of a page.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, String, and_, cast, func, null, or_, select, union_all
from sqlalchemy.sql.elements import ColumnElement

from forum.db import db
from forum.debates import order as orders
from forum.debates import published_scores
from forum.debates.models import SIDES, Debate, Reply, ReplyStatus, Stance
from forum.debates.order import Order
from forum.debates.published_scores import Scoring

PER_PAGE = 25  # of each side

IS_SHOWN: ColumnElement[bool] = or_(
    Reply.status == ReplyStatus.PUBLISHED,
    and_(Reply.status.in_([ReplyStatus.REMOVED, ReplyStatus.WITHDRAWN]), Reply.public_answers > 0),
)


def on_pages(
    debate: Debate, order: Order, pages: dict[Stance, int], where: Iterable[ColumnElement[bool]] = ()
) -> list[int]:
    """Return the numbers of the replies on a page of each side; those of one side stand in their order."""
    at = (Reply.debate_id == debate.id, Reply.parent_id.is_(None), IS_SHOWN, *where)
    if order.is_drawn:
        columns = _drawn(debate, order, at)
        return [number for side in SIDES for number in columns[side][_first(pages[side]) :][:PER_PAGE].tolist()]
    backwards = order.sort == orders.NEWEST
    found = db.session.execute(union_all(*(_by_date(side, pages[side], at, backwards) for side in SIDES)))
    return [number for _date, number in sorted(found.all(), reverse=backwards)]


def _first(page: int) -> int:
    return (page - 1) * PER_PAGE


def _by_date(side: Stance, page: int, at: tuple[ColumnElement[bool], ...], backwards: bool) -> Select[Any]:
    """Ask for one page of a side: as many rows of the index as stand on it, and before it."""
    parts = (Reply.published_at, Reply.id)
    query = select(*parts).where(Reply.stance == side, *at).order_by(*(p.desc() if backwards else p for p in parts))
    return select(query.limit(PER_PAGE).offset(_first(page)).subquery())


def _drawn(debate: Debate, order: Order, at: tuple[ColumnElement[bool], ...]) -> dict[Stance, NDArray[np.int64]]:
    """Return both columns as the lot has them: those of before the hour, and the newer ones behind."""
    facts: ColumnElement[str] = cast(Reply.id, String)
    if not order.is_fair:
        facts = facts + "," + cast(func.coalesce(Reply.shown_revision_id, 0), String)
    newer = select(Reply.stance, Reply.published_at.label("date"), facts.label("facts")).where(*at)
    older = select(Reply.stance, null(), func.aggregate_strings(facts, ",")).where(*at).group_by(Reply.stance)
    since = Reply.published_at >= order.hour
    rows: dict[Stance, list[Any]] = {side: [] for side in SIDES}
    found: Iterable[Any] = db.session.execute(union_all(newer.where(since), older.where(~since)))
    for row in found:
        rows[row.stance].append(row)
    published = None if order.is_fair else published_scores.in_use(debate, order.hour)
    return {side: _placed(debate, order, rows[side], published.of(side) if published else None) for side in SIDES}


def _placed(debate: Debate, order: Order, rows: list[Any], scores: Scoring | None) -> NDArray[np.int64]:
    """Return a column in its order. What was published within the hour stands at the end, so that it moves nobody."""
    older = _facts([row.facts for row in rows if row.date is None], 2 if scores else 1)
    since = sorted((row for row in rows if row.date is not None), key=_by_moment)
    newer = _facts([row.facts for row in since], older.shape[1])
    drawn = orders.drawn(debate.id, order.hour, older[:, 0])
    if scores:
        older = older[older[:, 0].argsort()]
        wordings = older[np.searchsorted(older[:, 0], drawn), 1]
        drawn = drawn[np.argsort(-scores(wordings), kind="stable")]  # between equals the lot decides
    return np.concatenate([drawn, newer[:, 0]])


def _by_moment(row: Any) -> tuple[Any, int]:
    return row.date, int(row.facts.partition(",")[0])


def _facts(parts: list[str], width: int) -> NDArray[np.int64]:
    """Return rows of numbers from what the database has strung together: replies, and their wordings beside them."""
    return np.fromstring(",".join(parts), np.int64, sep=",").reshape(-1, width)
