"""Finding entries on PostgreSQL, by a tsvector of stems."""

from sqlalchemy import ColumnElement, Select, cast, column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from forum.search.expressions import Syntax

SYNTAX = Syntax("'%s'", " & ", " | ", " & !")
_ENTRIES = table("search_entries", column("place"), column("search_index"))


def matching(expression: str) -> tuple[Select[int], ColumnElement[int]]:
    """Return the query for the places of all entries that `expression` is true of, and the column that it gives."""
    found = _ENTRIES.c.search_index.op("@@")(cast(expression, TSQUERY))
    return select(_ENTRIES.c.place.label("place")).where(found), _ENTRIES.c.place
