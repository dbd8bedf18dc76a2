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
from forum.debates.models import SIDES, UNSCORED, Debate, Reply, ReplyMarks, ReplyStatus, Stance
from forum.debates.order import Order

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
    number = cast(Reply.id, String)
    parts: list[Any] = [Reply.stance]
    if order.sort == orders.WELL_ARGUED:
        parts.append(func.coalesce(ReplyMarks.score, UNSCORED).label("score"))
    query = select(*parts).where(*at)
    query = query if order.is_fair else query.outerjoin(Reply.marks)
    newer = query.where(Reply.published_at >= order.hour).add_columns(
        Reply.published_at.label("date"), number.label("numbers")
    )
    older = query.where(Reply.published_at < order.hour).add_columns(null(), func.aggregate_strings(number, ","))
    rows: dict[Stance, list[Any]] = {side: [] for side in SIDES}
    for row in db.session.execute(union_all(newer, older.group_by(*parts))):
        rows[row.stance].append(row)
    return {side: _placed(debate, order, rows[side]) for side in SIDES}


def _placed(debate: Debate, order: Order, rows: list[Any]) -> NDArray[np.int64]:
    """Return a column in its order."""
    older = [row for row in rows if row.date is None]
    newer = sorted((row for row in rows if row.date is not None), key=lambda row: (row.date, int(row.numbers)))
    placed = np.concatenate([orders.drawn(debate.id, order.hour, _numbers(older)), _numbers(newer)])
    if order.is_fair:
        return placed
    scores = {number: row.score for row in rows for number in row.numbers.split(",")}
    scored = np.array([scores[str(number)] for number in placed.tolist()])
    return placed[np.argsort(-scored, kind="stable")]  # between equals the lot decides


def _numbers(rows: list[Any]) -> NDArray[np.int64]:
    return np.fromstring(",".join(row.numbers for row in rows), np.int64, sep=",")
