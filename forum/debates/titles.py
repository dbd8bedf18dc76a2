"""The titles of all debates, kept in the process as long as none can have changed: for filters and lists of hits."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from flask import current_app
from sqlalchemy import select

from forum import versions
from forum.db import db
from forum.debates.models import Debate

LISTED = 50  # debates that a filter offers, the newest first; nobody reads through more


@dataclass(frozen=True)
class Title:
    """What is shown of a debate where it is only named."""

    id: int
    slug: str
    title: str
    motion: str
    language: str
    pro_label: str
    anti_label: str


@dataclass
class Titles:
    """The titles of all debates, the newest first, by slug and by number."""

    stamp: int = 0  # the version of the site of which they are
    by_slug: dict[str, Title] = field(default_factory=dict)
    by_id: dict[int, Title] = field(default_factory=dict)

    def offered(self, chosen: str | None) -> Iterable[Title]:
        """Return what a filter offers: the newest, and the one that is chosen."""
        newest = list(self.by_slug.values())[:LISTED]
        other = self.by_slug.get(chosen or "")
        return newest if other is None or other in newest else [*newest, other]


def titles() -> Titles:
    """Return the titles of all debates as they are now."""
    stamp = versions.of_site()
    kept: Titles | None = current_app.extensions.get("titles")
    if kept is None or kept.stamp != stamp:
        parts = (getattr(Debate, field.name) for field in fields(Title))
        rows = db.session.execute(select(*parts).order_by(Debate.opens_at.desc(), Debate.id.desc()))
        found = [Title(*row) for row in rows]
        kept = Titles(stamp, {it.slug: it for it in found}, {it.id: it for it in found})
        current_app.extensions["titles"] = kept
    return kept
