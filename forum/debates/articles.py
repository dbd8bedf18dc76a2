"""The seed article: stored as numbered passages, whose numbers outlive every new wording."""

from collections.abc import Mapping
from difflib import SequenceMatcher
from types import MappingProxyType

from flask_babel import gettext as _
from sqlalchemy import select

from forum import versions
from forum.accounts.models import User
from forum.db import db, now
from forum.debates import quotes
from forum.debates.models import ArticleRevision, Debate, Note, Passage, Voice
from forum.debates.queries import article, by_slug
from forum.debates.seeds import Paragraph, Seed
from forum.errors import Refused
from forum.events import Event, record
from forum.text import is_storable, normal, render

ALIKE = 0.6  # of a paragraph's words; below it, it is another paragraph and gets another number


def publish(seed: Seed, *, by: User | None = None) -> tuple[Debate, bool]:
    """Store `seed` as an open debate, or as a new wording of the one at its slug.

    Returns the debate and whether the article has a new wording.
    """
    debate = by_slug(seed.facts["slug"])
    is_new = debate is None
    if debate is None:
        debate = Debate(opens_at=now())
        db.session.add(debate)
    else:  # replies that are being stored come first, later ones find the new wording
        db.session.refresh(debate, with_for_update={"key_share": True})
    for name, value in seed.facts.items():
        if not (name == "opens_at" and value is None):
            setattr(debate, name, value)
    db.session.flush()
    current = None if is_new else article(debate)
    if is_new:
        record(Event.DEBATE_IMPORTED, debate, by=by)
    before = [Paragraph(p.text, p.begins_section) for p in current.passages] if current else []
    changed = before != seed.paragraphs
    if changed or current is None:
        current = _new_revision(debate, current, seed.paragraphs)
        quotes.place_all(debate, current.id)
        record(Event.ARTICLE_REVISED, current, by=by)
    _place_voices_and_notes(current, seed)
    versions.change_site()
    return debate, changed


def close(debate: Debate, reason: str, *, by: User | None = None) -> None:
    """Close a debate for good reason, which its page states."""
    reason = normal(reason)
    if not 1 <= len(reason) <= 500 or not is_storable(reason):
        raise Refused(_("Give a reason of at most 500 characters."))
    if debate.ended_at is not None:
        raise Refused(_("This debate is closed already."))
    debate.closed_at, debate.closed_reason = now(), reason
    record(Event.DEBATE_CLOSED, debate, by=by)
    versions.change_site()


def number_passages(
    before: list[Passage], after: list[Paragraph], next_free: int, gone: Mapping[str, int] = MappingProxyType({})
) -> list[int]:
    """Return a number for each paragraph of `after`: its old one where it is the same or much alike.

    A number belongs to a passage for ever; a paragraph that is new gets the next free one. `gone`: numbers of earlier
    paragraphs by their text, which one that comes back as it was gets again.
    """
    numbers: dict[int, int] = {}
    texts = [passage.text for passage in before]
    matcher = SequenceMatcher(None, texts, [paragraph.text for paragraph in after], autojunk=False)
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            numbers[block.b + step] = before[block.a + step].number
    for place, paragraph in enumerate(after):
        former = gone.get(paragraph.text)
        if place not in numbers and former is not None and former not in numbers.values():
            numbers[place] = former
    left = [passage for passage in before if passage.number not in numbers.values()]
    pairs = [
        (_likeness(passage.text, after[place].text), -place, passage.number)
        for place in range(len(after))
        if place not in numbers
        for passage in left
    ]
    for ratio, place, number in sorted(pairs, reverse=True):
        if ratio >= ALIKE and -place not in numbers and number not in numbers.values():
            numbers[-place] = number
    result = []
    for place in range(len(after)):
        if place not in numbers:
            numbers[place] = next_free
            next_free += 1
        result.append(numbers[place])
    return result


def _likeness(before: str, after: str) -> float:
    """Return how much two paragraphs have in common, word by word, from 0 to 1."""
    return SequenceMatcher(None, before.split(), after.split(), autojunk=False).ratio()


def _new_revision(debate: Debate, former: ArticleRevision | None, paragraphs: list[Paragraph]) -> ArticleRevision:
    before = former.passages if former else []
    ever = select(Passage.text, Passage.number).join(ArticleRevision).where(ArticleRevision.debate_id == debate.id)
    past = db.session.execute(ever.order_by(ArticleRevision.number)).all()
    standing = {passage.number for passage in before}
    gone = {text: number for text, number in past if number not in standing}
    numbers = number_passages(before, paragraphs, max((number for _text, number in past), default=0) + 1, gone)
    revision = ArticleRevision(debate_id=debate.id, number=former.number + 1 if former else 1)
    revision.passages = [
        Passage(
            number=number,
            position=position,
            begins_section=paragraph.begins_section,
            text=paragraph.text,
            html=render(paragraph.text),
        )
        for position, (number, paragraph) in enumerate(zip(numbers, paragraphs, strict=True), start=1)
    ]
    revision.notes, revision.voices = [], []
    db.session.add(revision)
    db.session.flush()
    return revision


def _place_voices_and_notes(revision: ArticleRevision, seed: Seed) -> None:
    """Put voices and notes at their passages; the file counts paragraphs as they stand in it."""
    number_at = {passage.position: passage.number for passage in revision.passages}
    for old in [*revision.voices, *revision.notes]:
        db.session.delete(old)
    db.session.flush()
    for entry in seed.voices:
        db.session.add(Voice(revision_id=revision.id, **{**entry, "passage": number_at[entry["passage"]]}))
    for entry in seed.notes:
        db.session.add(Note(revision_id=revision.id, **{**entry, "passage": number_at[entry["passage"]]}))
    db.session.flush()
    db.session.expire(revision, ["voices", "notes"])
