"""What an author's history says: kept apart from what stands in the text, and never more than a note."""

from collections.abc import Mapping

_OFTEN = 0.5  # of at least _ENOUGH decisions were rejections or removals
_ENOUGH = 4
_MANY_WAITING = 4


def history_flags(counts: Mapping[str, int]) -> list[str]:
    """Return the codes of an author's history: `new_here`, `often_rejected`, `many_waiting`.

    `counts` holds numbers of replies: `published`, `rejected`, `removed`, `waiting`; what is missing is 0.

    >>> history_flags({"published": 1, "rejected": 5})
    ['often_rejected']
    """
    published, restricted = counts.get("published", 0), counts.get("rejected", 0) + counts.get("removed", 0)
    codes = []
    if not published:
        codes.append("new_here")
    if published + restricted >= _ENOUGH and restricted >= _OFTEN * (published + restricted):
        codes.append("often_rejected")
    if counts.get("waiting", 0) >= _MANY_WAITING:
        codes.append("many_waiting")
    return codes
