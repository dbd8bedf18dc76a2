"""Finding entries on PostgreSQL, by a tsvector of stems."""

from typing import Any

from sqlalchemy import Text, bindparam, cast, column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY

from forum.search.expressions import Syntax
from forum.search.models import LONG

SYNTAX = Syntax("'%s'", " & ", " | ", " & !")
FEW_HITS = 2000  # so many are sorted sooner than the newest of them are come across
_ENTRIES = table("search_entries", column("place", LONG), column("search_index"))
_PLACE = _ENTRIES.c.place
_TRUE = (
    select(_PLACE.label("place"))
    .where(_ENTRIES.c.search_index.op("@@")(cast(bindparam("expression", type_=Text), TSQUERY)))
    .where(bindparam("begin", type_=LONG) < _PLACE, bindparam("end", type_=LONG) > _PLACE)
    .limit(bindparam("most"))
)
# The planner knows the frequencies of a few words only. Where there are few hits it must not look for them one entry
# after the other, so the order is one that no index has.
_UNORDERED = _PLACE.op("+")(0)
_LARGEST_OF_MANY, _LARGEST_OF_FEW = _TRUE.order_by(_PLACE.desc()), _TRUE.order_by(_UNORDERED.desc())
_SMALLEST_OF_MANY, _SMALLEST_OF_FEW = _TRUE.order_by(_PLACE), _TRUE.order_by(_UNORDERED)


def largest(most_hits: int) -> Any:
    """Return the query for the `most` largest places between `begin` and `end` that `expression` is true of."""
    return _LARGEST_OF_FEW if most_hits < FEW_HITS else _LARGEST_OF_MANY


def smallest(most_hits: int) -> Any:
    """Return the same for the smallest."""
    return _SMALLEST_OF_FEW if most_hits < FEW_HITS else _SMALLEST_OF_MANY
