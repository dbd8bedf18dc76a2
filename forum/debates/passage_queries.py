"""What is asked about single passages: their words in a wording of the article, and the replies that stand there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Integer, and_, bindparam, select
from sqlalchemy.sql.elements import ColumnElement

from forum.db import db, rows
from forum.debates.models import ArticleRevision, Debate, Note, Passage, Reply
from forum.debates.queries import shown_number
from forum.text import plain


@dataclass(frozen=True)
class PassageRead:
    """A passage as it stands in one wording of the article, `article` by its number."""

    number: int
    html: str
    article: int
    revision_id: int
    is_shown: bool  # whether that wording is the one that readers see


@dataclass
class PassagePage:
    """A passage with what stands beside it; one that is no longer in the text has neither notes nor neighbours."""

    passage: PassageRead
    notes: list[Note] = field(default_factory=list)
    before: int | None = None
    behind: int | None = None


def passage_in(debate: Debate, number: int, article: int | None = None) -> PassageRead | None:
    """Return a passage as it stands in one wording of the article, the shown one where none is named."""
    wording = shown_number(debate.id) if article is None else article
    return _read(_reading(debate.id, number).where(ArticleRevision.number == wording))


def last_words(debate_id: int, number: int) -> PassageRead | None:
    """Return a passage as it stands in the last wording of the article that has it."""
    return _read(_last_words(), {"debate": debate_id, "number": number})


@cache
def _last_words() -> Any:
    query = _reading(bindparam("debate", type_=Integer), bindparam("number", type_=Integer))
    return query.order_by(ArticleRevision.number.desc()).limit(1)


def answered_by(reply: Reply) -> PassageRead | None:
    """Return the passage that a reply answers: where it stands now, else as it was last."""
    number = reply.stands_at or reply.passage
    return last_words(reply.debate_id, number) if number else None


def page(debate: Debate, number: int) -> PassagePage | None:
    """Return all that the page of a passage shows of the article; None where there never was such a passage."""
    passage = last_words(debate.id, number)
    if passage is None or not passage.is_shown:
        return PassagePage(passage) if passage else None
    of_it = and_(Note.revision_id == Passage.revision_id, Note.passage == Passage.number, Note.passage == number)
    in_order = select(Passage.number, Note).outerjoin(Note, of_it).where(Passage.revision_id == passage.revision_id)
    rows = db.session.execute(in_order.order_by(Passage.position, Note.id)).all()
    numbers = list(dict.fromkeys(row[0] for row in rows))
    at = numbers.index(number)
    return PassagePage(
        passage,
        notes=[note for _number, note in rows if note],
        before=numbers[at - 1] if at else None,
        behind=numbers[at + 1] if at + 1 < len(numbers) else None,
    )


def standing_at(passage: PassageRead) -> ColumnElement[bool]:
    """Say of a reply whether it belongs on the page of a passage, in the text or no longer."""
    if passage.is_shown:  # what stands at a passage answers one: so the index over these is enough
        return and_(Reply.passage.is_not(None), Reply.stands_at == passage.number)
    return and_(Reply.stands_at.is_(None), Reply.passage == passage.number)


def texts_of(revision_id: int) -> dict[int, str]:
    """Return the words of each passage of a wording of the article, as they are read."""
    query = select(Passage.number, Passage.html).where(Passage.revision_id == revision_id)
    return {number: plain(html) for number, html in db.session.execute(query)}


def shown_wording(debate_id: int) -> int:
    """Return the id of the wording of the article that readers see."""
    query = select(ArticleRevision.id).where(ArticleRevision.debate_id == debate_id)
    return db.session.scalars(query.where(ArticleRevision.number == shown_number(debate_id))).one()


def _reading(debate_id: Any, number: Any) -> Any:
    query = select(
        Passage.number, Passage.html, ArticleRevision.number, ArticleRevision.id, shown_number(debate_id)
    ).join(ArticleRevision, ArticleRevision.id == Passage.revision_id)
    return query.where(ArticleRevision.debate_id == debate_id, Passage.number == number)


def _read(query: Any, values: Mapping[str, Any] = MappingProxyType({})) -> PassageRead | None:
    row = rows(query, values).one_or_none()
    if row is None:
        return None
    number, html, article, revision_id, shown = row
    return PassageRead(number, html, article, revision_id, article == shown)
