"""Finding entries on PostgreSQL, by a tsvector of stems."""

from sqlalchemy import Select, cast, column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from forum.search.expressions import Syntax

SYNTAX = Syntax("'%s'", " & ", " | ", " & !")
FEW_HITS = 2000  # so many are sorted sooner than the newest of them are come across
_ENTRIES = table("search_entries", column("place"), column("search_index"))


def newest(expression: str, begin: int, end: int, limit: int, most_hits: int) -> Select[int]:
    """Return the query for the newest places between `begin` and `end` that `expression` is true of."""
    place, is_true = _ENTRIES.c.place, _ENTRIES.c.search_index.op("@@")(cast(expression, TSQUERY))
    query = select(place.label("place")).where(is_true, place > begin, place < end)
    # The planner knows the frequencies of a few words only. Where there are few hits it must not look for them one
    # entry after the other, so the order is one that no index has.
    order = place.op("+")(0) if most_hits < FEW_HITS else place
    return query.order_by(order.desc()).limit(limit)
