"""The order of entries among equals, the same on both engines: a number made of the day and of the row.

Replies go by the day on which they were published, the newest first, then by their numbers; only what everybody can
read on the page, so that the link to a next page tells no more. Passages go by article, the newest first, then as they
are read; their places are below zero and are walked from the other end, so that neither list steps over the other.
"""

from datetime import date

ROW = 2**30  # more than the largest number of a row in an address
BEYOND = 2**62  # any place


def of_reply(day: date, reply_id: int) -> int:
    """Return the place of a reply."""
    return day.toordinal() * ROW + reply_id


def of_passage(revision_id: int, position: int) -> int:
    """Return the place of a passage of a wording of an article."""
    return position - revision_id * 2**20


def between(since: date | None, until: date | None) -> tuple[int, int]:
    """Return from where and up to where the places of replies published in these days lie, the ends without."""
    first = since.toordinal() * ROW - 1 if since else 0
    return first, (until.toordinal() + 1) * ROW if until else BEYOND
