"""The places of a debate: the numbers of the replies of both columns, in their order, without a word of them."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from sqlalchemy import and_, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from forum.db import db
from forum.debates import order as orders
from forum.debates.models import SIDES, UNSCORED, Debate, Reply, ReplyMarks, ReplyStatus, Stance
from forum.debates.order import Order

IS_SHOWN: ColumnElement[bool] = or_(
    Reply.status == ReplyStatus.PUBLISHED,
    and_(Reply.status.in_([ReplyStatus.REMOVED, ReplyStatus.WITHDRAWN]), Reply.public_answers > 0),
)


def places_of(debate: Debate, order: Order, where: Iterable[ColumnElement[bool]]) -> dict[Stance, list[int]]:
    """Return the numbers of all replies of each column, as they stand: a few facts of each row, without its words."""
    date, number = Reply.published_at, Reply.id
    query = (
        select(Reply.stance, number, date < order.hour)
        .where(Reply.debate_id == debate.id, Reply.parent_id.is_(None), IS_SHOWN, *where)
        .order_by(Reply.stance, *((date.desc(), number.desc()) if order.sort == orders.NEWEST else (date, number)))
    )
    if order.sort == orders.WELL_ARGUED:
        query = query.outerjoin(Reply.marks).add_columns(func.coalesce(ReplyMarks.score, UNSCORED))
    rows: dict[Stance, list[Any]] = {side: [] for side in SIDES}
    for stance, *row in db.session.execute(query):
        rows[stance].append(row)
    return {side: _placed(debate, order, rows[side]) for side in SIDES}


def _placed(debate: Debate, order: Order, rows: list[Any]) -> list[int]:
    """Return a column in its order; each row has the number, whether it is older than the hour, and its score."""
    if not order.is_drawn:
        return [row[0] for row in rows]
    older = np.array([row[0] for row in rows if row[1]], np.int64)
    drawn = orders.drawn(debate.id, order.hour, older).tolist() + [row[0] for row in rows if not row[1]]
    if order.is_fair:
        return drawn
    scores = {row[0]: row[2] for row in rows}
    return sorted(drawn, key=lambda number: -scores[number])  # between equals the lot decides
