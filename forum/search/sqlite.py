"""Finding entries on SQLite, by FTS5."""

from typing import Any

from sqlalchemy import bindparam, column, select, table

from forum.search.expressions import Syntax

SYNTAX = Syntax('"%s"', " AND ", " OR ", " NOT ")
_INDEX = table("search_index", column("rowid"), column("search_index"))
_PLACE = _INDEX.c.rowid
_TRUE = (
    select(_PLACE.label("place"))
    .where(_INDEX.c.search_index.op("MATCH")(bindparam("expression")))
    .where(bindparam("begin") < _PLACE, bindparam("end") > _PLACE)
    .limit(bindparam("most"))
)
_LARGEST, _SMALLEST = _TRUE.order_by(_PLACE.desc()), _TRUE.order_by(_PLACE)


def largest(_most_hits: int) -> Any:
    """Return the query for the `most` largest places between `begin` and `end` that `expression` is true of."""
    return _LARGEST


def smallest(_most_hits: int) -> Any:
    """Return the same for the smallest."""
    return _SMALLEST
