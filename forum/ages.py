"""How a length of time is written."""

from datetime import datetime, timedelta
from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import ngettext

from forum.db import now
from forum.extensions import language


def age(since: datetime) -> str:
    """Return how long ago `since` was, in the two largest units: `6 h 10 min`."""
    return span(now() - since)


def span(length: timedelta) -> str:
    """Return a length of time in its two largest units."""
    return written(language(), max(0, int(length.total_seconds() // 60)))


@lru_cache(maxsize=4096)  # a page of the queue writes fifty, and the next one most of them again
def written(_spoken: str, minutes: int) -> str:
    """Return so many minutes in words of the language that is spoken, which is named."""
    if minutes < 1:
        return _("less than a minute")
    if minutes < 60:
        return _("%(minutes)d min", minutes=minutes)
    if minutes < 24 * 60:
        return _("%(hours)d h %(minutes)d min", hours=minutes // 60, minutes=minutes % 60)
    days = minutes // (24 * 60)
    return ngettext("%(num)d day", "%(num)d days", days)
