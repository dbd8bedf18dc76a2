"""Finding entries on SQLite, by FTS5."""

from sqlalchemy import ColumnElement, Select, column, select, table

from forum.search.expressions import Syntax

SYNTAX = Syntax('"%s"', " AND ", " OR ", " NOT ")
_INDEX = table("search_index", column("rowid"), column("search_index"))


def matching(expression: str) -> tuple[Select[int], ColumnElement[int]]:
    """Return the query for the places of all entries that `expression` is true of, and the column that it gives."""
    found = _INDEX.c.search_index.op("MATCH")(expression)
    return select(_INDEX.c.rowid.label("place")).where(found), _INDEX.c.rowid
