"""The article and the words of a debate in other languages, stored passage by passage beside the original."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from forum import versions
from forum.accounts.models import User
from forum.db import db
from forum.debates.models import (
    ArticleRevision,
    ArticleTranslation,
    Debate,
    TranslatedNote,
    TranslatedPassage,
    TranslatedVoice,
)
from forum.debates.queries import article, by_slug
from forum.debates.seeds import SeedTranslation
from forum.errors import Refused
from forum.events import Event, record
from forum.text import render

PARTS: tuple[Any, ...] = (TranslatedPassage, TranslatedNote, TranslatedVoice)


def publish(seed: SeedTranslation, *, by: User | None = None) -> ArticleTranslation:
    """Store the translation of the shown wording of an article, in the place of a former one in its language."""
    debate = by_slug(seed.slug)
    if debate is None:
        raise Refused(_("There is no debate at /debates/%(slug)s. Import the original first.", slug=seed.slug))
    if seed.facts["language"] == debate.language:
        raise Refused(_("This is the language of the original."))
    db.session.refresh(debate, with_for_update={"key_share": True})
    original = article(debate)
    _check(seed, original)
    _remove(debate, seed.facts["language"])
    translation = ArticleTranslation(debate_id=debate.id, revision_id=original.id, **seed.facts)
    number_at = {passage.position: passage.number for passage in original.passages}
    translation.passages = [
        TranslatedPassage(number=number_at[place], text=paragraph.text, html=render(paragraph.text))
        for place, paragraph in enumerate(seed.paragraphs, start=1)
    ]
    translation.notes = [TranslatedNote(**{**it, "passage": number_at[it["passage"]]}) for it in seed.notes]
    translation.voices = [TranslatedVoice(**{**it, "passage": number_at[it["passage"]]}) for it in seed.voices]
    db.session.add(translation)
    record(Event.ARTICLE_TRANSLATED, translation, by=by)
    versions.change_site()
    return translation


def _check(seed: SeedTranslation, original: ArticleRevision) -> None:
    """Refuse what does not stand passage by passage beside the original."""
    if len(seed.paragraphs) != len(original.passages):
        message = _(
            "Passages of the original: %(original)d; of the translation: %(translation)d. Each needs its twin.",
            original=len(original.passages),
            translation=len(seed.paragraphs),
        )
        raise Refused(message)
    position_of = {passage.number: passage.position for passage in original.passages}
    for place, (passage, paragraph) in enumerate(zip(original.passages, seed.paragraphs, strict=True), start=1):
        if passage.begins_section != paragraph.begins_section:
            raise Refused(_("Passage %(number)d: sections do not begin at the same passages.", number=place))
    voices = [(voice.stance, position_of[voice.passage]) for voice in original.voices]
    if voices != [(voice["stance"], voice["passage"]) for voice in seed.voices]:
        raise Refused(_("“voices” must name the same passages and sides as the original, in its order."))
    if [position_of[note.passage] for note in original.notes] != [note["passage"] for note in seed.notes]:
        raise Refused(_("“notes” must stand at the same passages as in the original, in its order."))


def _remove(debate: Debate, code: str) -> None:
    former = select(ArticleTranslation.id)
    former = former.where(ArticleTranslation.debate_id == debate.id, ArticleTranslation.language == code)
    for part in PARTS:
        db.session.execute(delete(part).where(part.translation_id.in_(former)))
    db.session.execute(delete(ArticleTranslation).where(ArticleTranslation.id.in_(former)))
