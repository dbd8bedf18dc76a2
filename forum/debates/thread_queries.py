"""What is asked about threads: replies with their words, the answers below them, and what one reader sees of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, and_, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload
from sqlalchemy.sql.elements import ColumnElement

from forum.db import db
from forum.debates import mentions, vote_tags
from forum.debates.models import Debate, Outcome, Reply, ReplyMarks, ReplyStatus, Revision
from forum.debates.places import IS_SHOWN


@dataclass
class Shown:
    """A reply as one reader sees it; `revision` is the wording, None for a tombstone."""

    reply: Reply
    revision: Revision | None
    is_own: bool = False
    answered: Reply | None = None  # the public reply beside it that it answers
    named: list[Reply] = field(default_factory=list)  # public ones whose addresses stand in its text
    new_wording: Revision | None = None  # of an own public reply: it waits, and nobody else sees it
    vote: bool | None = None  # what this reader answered: is it well argued?
    answers: list["Shown"] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many answers this reader sees below it."""
        return sum(1 + answer.count for answer in self.answers)

    @property
    def is_unpublished(self) -> bool:
        """Whether only its author sees it."""
        return not self.reply.is_public and not self.reply.is_tombstone

    @property
    def marks(self) -> ReplyMarks | None:
        """The public counts, if they are of this wording."""
        marks = self.reply.marks
        return marks if marks and self.revision and marks.revision_id == self.revision.id else None


def thread(reply: Reply, reader: Any) -> Shown | None:
    """Return the whole thread in which `reply` stands, if this reader may see `reply`."""
    own = own_unpublished(reply.debate, reader)
    root = db.session.scalar(with_words(select(Reply).where(Reply.id == (reply.root_id or reply.id))))
    if root is None:
        return None
    top = next((item for item in own if item.reply is root and item.is_unpublished), None)
    if top is None and not (root.is_public or root.is_tombstone):
        return None
    threads = [top] if top else with_answers([root], own)
    put_votes(threads, reader)
    return threads[0] if any(item.reply is reply for item in _walk(threads)) else None


def with_answers(roots: Sequence[Reply], own: Iterable[Shown]) -> list[Shown]:
    """Return each root with its answers below it, the oldest first, and the reader's own waiting ones last."""
    query = with_words(select(Reply).where(Reply.root_id.in_([root.id for root in roots]), IS_SHOWN))
    answers = list(db.session.scalars(query.order_by(Reply.published_at, Reply.id))) if roots else []
    places = {reply.id: Shown(reply, reply.shown_revision if reply.is_public else None) for reply in [*roots, *answers]}
    for item in own:
        if item.reply.is_public and item.reply.id in places:
            places[item.reply.id].new_wording = item.revision
    for item in [*(places[answer.id] for answer in answers), *(item for item in own if item.is_unpublished)]:
        above, answered = places.get(item.reply.parent_id or 0), places.get(item.reply.in_answer_to_id or 0)
        item.answered = answered.reply if answered and answered.reply.is_public else None
        if above:
            above.answers.append(item)
    return [places[root.id] for root in roots]


def own_unpublished(debate: Debate, reader: Any, where: Iterable[ColumnElement[bool]] = ()) -> list[Shown]:
    """Return what the reader wrote here that waits or was returned, the oldest first; `where`: not for answers."""
    if not reader.is_authenticated:
        return []
    stands = or_(
        and_(Reply.status == ReplyStatus.PENDING, Revision.outcome == Outcome.WAITING),
        and_(Reply.status == ReplyStatus.RETURNED, Revision.outcome == Outcome.RETURNED),
        and_(Reply.status == ReplyStatus.PUBLISHED, Revision.outcome == Outcome.WAITING),
    )
    parts = [joinedload(part) for part in (Reply.author, Reply.marks, Reply.quote)]
    query = (
        select(Revision)
        .join(Revision.reply)
        .where(Reply.debate_id == debate.id, Reply.author_id == reader.id, stands)
        .where(or_(Reply.parent_id.is_not(None), and_(true(), *where)))
        .options(contains_eager(Revision.reply).options(*parts))
        .order_by(Reply.id, Revision.number)
    )
    latest = {revision.reply_id: revision for revision in db.session.scalars(query)}
    return [Shown(revision.reply, revision, is_own=True) for revision in latest.values()]


def put_votes(threads: Iterable[Shown], reader: Any) -> None:
    """Put beside each reply what the reader has answered about this wording of it."""
    if not reader.is_authenticated:
        return
    items = {item.revision.id: item for item in _walk(threads) if item.revision and item.reply.is_public}
    answered = vote_tags.own([item.reply.id for item in items.values()], reader.id) if items else {}
    for revision_id, well_argued in answered.items():
        if revision_id in items:
            items[revision_id].vote = well_argued


def add_named(debate: Debate, items: Iterable[Shown], sites: Sequence[str]) -> None:
    """Give each shown reply the public ones of its debate that it names by their addresses, as they are now."""
    every = [item for item in _walk(items) if item.revision]
    found = {item.reply.id: mentions.named(item.revision.text, debate.slug, sites) for item in every if item.revision}
    numbers = {number for named in found.values() for number in named}
    if not numbers:
        return
    public = (Reply.debate_id == debate.id, Reply.status == ReplyStatus.PUBLISHED, Reply.id.in_(numbers))
    rows = {reply.id: reply for reply in db.session.scalars(with_words(select(Reply).where(*public)))}
    for item in every:
        item.named = [rows[number] for number in found[item.reply.id] if number in rows]


def with_words(query: Select[Reply]) -> Select[Reply]:
    """Ask for replies with all that is shown of them."""
    parts = (Reply.shown_revision, Reply.author, Reply.marks, Reply.quote)
    return query.options(*(joinedload(part) for part in parts))


def _walk(items: Iterable[Shown]) -> Iterable[Shown]:
    for item in items:
        yield item
        yield from _walk(item.answers)
