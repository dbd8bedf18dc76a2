"""Finding entries on SQLite, by FTS5."""

from sqlalchemy import Select, column, select, table

from forum.search.expressions import Syntax

SYNTAX = Syntax('"%s"', " AND ", " OR ", " NOT ")
_INDEX = table("search_index", column("rowid"), column("search_index"))


def newest(expression: str, begin: int, end: int, limit: int, _most_hits: int) -> Select[int]:
    """Return the query for the newest places between `begin` and `end` that `expression` is true of."""
    place, is_true = _INDEX.c.rowid, _INDEX.c.search_index.op("MATCH")(expression)
    query = select(place.label("place")).where(is_true, place > begin, place < end)
    return query.order_by(place.desc()).limit(limit)
