"""Finding entries on SQLite, by FTS5."""

from typing import Any

from sqlalchemy import bindparam, column, select, table

from forum.search.expressions import Syntax

SYNTAX = Syntax('"%s"', " AND ", " OR ", " NOT ")
_INDEX = table("search_index", column("rowid"), column("search_index"))
_PLACE = _INDEX.c.rowid
_NEWEST = (
    select(_PLACE.label("place"))
    .where(_INDEX.c.search_index.op("MATCH")(bindparam("expression")))
    .where(bindparam("begin") < _PLACE, bindparam("end") > _PLACE)
    .order_by(_PLACE.desc())
    .limit(bindparam("most"))
)


def newest(_most_hits: int) -> Any:
    """Return the query for the `most` newest places between `begin` and `end` that `expression` is true of."""
    return _NEWEST
