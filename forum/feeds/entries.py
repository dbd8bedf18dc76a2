"""What a feed says of a debate or a reply. Readers see the day on which something was published, not the time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from flask_babel import to_user_timezone

from forum.debates.models import Byline, Debate, Reply, Stance
from forum.debates.translated import said
from forum.text import snippet
from forum.web import canonical

TITLE = 90  # characters of a reply's first words in the title of its entry


@dataclass(frozen=True)
class Place:
    """What an entry is called among feeds, for ever, and the page that it is about."""

    id: str
    page: str


@dataclass(frozen=True)
class Entry:
    """One entry of a feed; `side` is the code of a reply's side, `html` safe."""

    place: Place
    title: str
    language: str
    published: datetime
    updated: datetime
    html: str
    author: str = ""
    side: str = ""
    side_label: str = ""
    answered: Place | None = None


@dataclass(frozen=True)
class Feed:
    """A feed as it is written out; `place` names what it follows, `since` when that began."""

    place: Place
    title: str
    since: datetime
    entries: Sequence[Entry]

    @property
    def updated(self) -> datetime:
        """When something in it changed last."""
        return max([_day(self.since), *(entry.updated for entry in self.entries)])


def name_of(what: str) -> str:
    """Return a name that no other forum gives and that stays when this one moves: `urn:uuid:…`."""
    key = blake2b(current_app.config["SECRET_KEY"].encode(), person=b"feeds").digest()
    return UUID(bytes=blake2b(what.encode(), key=key, digest_size=16).digest()).urn


def name_of_byline(byline: Byline) -> str:
    """Return the name of the feed of a name; that of one for a debate alone tells nothing of its author."""
    return name_of(f"name {byline.other.id}" if byline.other else f"member {byline.author.id}")


def place_of(debate: Debate) -> Place:
    """Return name and page of a debate."""
    return Place(name_of(f"debate {debate.id}"), canonical(url_for("debates.show", slug=debate.slug)))


def of_debate(debate: Debate, changed_at: datetime) -> Entry:
    """Return the entry of a debate, whose article changed last at `changed_at`."""
    words = said(debate)
    return Entry(
        place_of(debate),
        words.title,
        words.language,
        _day(debate.created_at),
        _day(max(changed_at, debate.ended_at or changed_at)),
        render_template("feeds/_debate.html", debate=debate),
    )


def of_reply(reply: Reply, debate: Debate) -> Entry:
    """Return the entry of a public reply."""
    wording = reply.shown_revision
    if wording is None or reply.published_at is None:
        raise ValueError(f"reply {reply.id} is not public")
    side = _("Neither side") if reply.stance is Stance.NEITHER else said(debate).label(reply.stance)
    return Entry(
        _place(debate, reply.id),
        f"{side}: {snippet(wording.html, TITLE)}",
        reply.language,
        _day(reply.published_at),
        _day(max(reply.published_at, wording.published_at or reply.published_at)),
        f'<div dir="auto">{wording.html}</div>',
        author=reply.shown_name,
        side=reply.stance.value,
        side_label=side,
        answered=_place(debate, reply.answered_id) if reply.answered_id else None,
    )


def _place(debate: Debate, reply_id: int) -> Place:
    page = url_for("debates.show_reply", slug=debate.slug, reply_id=reply_id, _anchor=f"reply-{reply_id}")
    return Place(name_of(f"reply {reply_id}"), canonical(page))


def _day(moment: datetime) -> datetime:
    """Return the beginning of a day on the forum's clock."""
    return to_user_timezone(moment).replace(hour=0, minute=0, second=0, microsecond=0)
