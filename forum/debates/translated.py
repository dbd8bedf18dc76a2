"""A debate and its article as they are read in one language: the reader's, where there is a translation into it.

A translation is of one wording of the article. A passage that has another wording since is shown as it is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from sys import getsizeof
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from forum import versions
from forum.db import db
from forum.debates.models import ArticleTranslation, Debate, Note, Passage, Provenance, Stance
from forum.debates.passage_queries import PassageRead
from forum.debates.queries import ArticleRead
from forum.extensions import language
from forum.fragments import once
from forum.memory import BESIDE

WORDS = ("title", "source", "published_by", "motion", "pro_label", "pro_gist", "anti_label", "anti_gist")


class Said(NamedTuple):
    """The words of a debate in one language; `facts`: all that pages show of it, `translation`: its number."""

    facts: tuple[Any, ...]
    language: str
    provenance: Provenance | None
    translation: int | None
    title: str
    source: str
    published_by: str | None
    motion: str
    pro_label: str
    pro_gist: str
    anti_label: str
    anti_gist: str

    def label(self, stance: Stance) -> str:
        """Return what the side is called in this debate."""
        return self.pro_label if stance is Stance.PRO else self.anti_label

    def gist(self, stance: Stance) -> str:
        """Return the side in one line."""
        return self.pro_gist if stance is Stance.PRO else self.anti_gist


class Words(NamedTuple):
    """What stands somewhere in the article, in its language; what a note or a voice has not, is empty."""

    language: str
    passage: int
    html: str = ""
    text: str = ""
    begins_section: bool = False
    stance: Stance | None = None
    speaker: str = ""


class ArticleShown(NamedTuple):
    """An article as it is read; `is_behind`: some passages have a newer wording than their translation."""

    facts: tuple[Any, ...]
    number: int
    provenance: Provenance | None
    is_behind: bool
    passages: list[Words]
    notes: list[Words]
    voices: list[Words]


def said(debate: Any) -> Said:
    """Return the words of a debate, or of its title, in the reader's language, else those of the original."""
    spoken = language()
    row = None if spoken == debate.language else _all().get((debate.id, spoken))
    if row is None:
        words = (getattr(debate, name, "") for name in WORDS)
        return Said((_facts(debate), None), debate.language, None, None, *words)
    return Said((_facts(debate), row[:3]), spoken, *row[1:])


def _facts(debate: Any) -> Any:
    """Return what pages show of a debate; where it is only named, it has none."""
    return getattr(debate, "facts", debate.id)


def article_shown(debate: Debate, original: ArticleRead) -> ArticleShown:
    """Return the article in the reader's language: kept in this process, like the original."""
    words = said(debate)
    key = ("article shown", original.facts, words.facts[1])
    return once(key, lambda: _shown(debate, original, words), lambda found: _size_of(found.passages))


def passage(debate: Debate, original: PassageRead) -> Words | None:
    """Return a passage in the reader's language; None where it is written in it, or has no translation."""
    found = _translation(said(debate))
    return found.words(original.number, original.html) if found else None


def notes(debate: Debate, originals: Sequence[Note]) -> list[Words]:
    """Return the editor's notes at a passage in the reader's language."""
    found = _translation(said(debate))
    theirs = [it for it in found.notes if originals and it.passage == originals[0].passage] if found else []
    if len(theirs) == len(originals):
        return theirs
    return [Words(debate.language, it.passage, text=it.text) for it in originals]


def _all() -> Mapping[tuple[int, str], tuple[Any, ...]]:
    """Return the words of all debates in all languages but their own, as they are at this version of the site."""
    return once(("said", versions.site_stamp()), _ask_all, lambda found: 2 * BESIDE * (1 + len(found)))


def _ask_all() -> Mapping[tuple[int, str], tuple[Any, ...]]:
    it = ArticleTranslation
    columns = (getattr(it, name) for name in ("debate_id", "language", "created_at", "provenance", "id", *WORDS))
    return {(row[0], row[1]): tuple(row[2:]) for row in db.session.execute(select(*columns))}


def _shown(debate: Debate, original: ArticleRead, words: Said) -> ArticleShown:
    own, found = debate.language, _translation(words)
    passages = [Words(own, it.number, it.html, begins_section=it.begins_section) for it in original.passages]
    notes = [Words(own, it.passage, text=it.text) for it in original.notes]
    voices = [Words(own, it.passage, text=it.exact, stance=it.stance, speaker=it.speaker) for it in original.voices]
    if found is None:
        return ArticleShown((original.facts, None), original.number, None, False, passages, notes, voices)
    theirs = [found.words(it.passage, it.html, it.begins_section) for it in passages]
    return ArticleShown(
        (original.facts, words.facts[1]),
        original.number,
        found.provenance,
        None in theirs,
        [new or it for it, new in zip(passages, theirs, strict=True)],
        found.notes if _places(found.notes) == _places(notes) else notes,
        found.voices if _places(found.voices) == _places(voices) else voices,
    )


def _places(parts: Sequence[Words]) -> list[tuple[int, Stance | None]]:
    return [(it.passage, it.stance) for it in parts]


class Translation(NamedTuple):
    """An article in another language; `of`: the passages of which it is, by their numbers."""

    language: str
    provenance: Provenance
    of: Mapping[int, str]
    passages: Mapping[int, str]
    notes: list[Words]
    voices: list[Words]

    def words(self, number: int, original: str, begins_section: bool = False) -> Words | None:
        """Return a passage, if it still reads as where it was translated."""
        if self.of.get(number) != original:
            return None
        return Words(self.language, number, self.passages[number], begins_section=begins_section)


def _translation(words: Said) -> Translation | None:
    number = words.translation
    if number is None:
        return None
    key = ("translation", words.facts[1])
    return once(key, lambda: _read(number), lambda found: 2 * _size_of(found.passages.values()))


def _read(number: int) -> Translation:
    parts = (ArticleTranslation.passages, ArticleTranslation.notes, ArticleTranslation.voices)
    query = select(ArticleTranslation).where(ArticleTranslation.id == number)
    found = db.session.scalars(query.options(*(selectinload(part) for part in parts))).one()
    of = select(Passage.number, Passage.html).where(Passage.revision_id == found.revision_id)
    code = found.language
    return Translation(
        code,
        found.provenance,
        dict(db.session.execute(of).all()),
        {it.number: it.html for it in found.passages},
        [Words(code, it.passage, text=it.text) for it in found.notes],
        [Words(code, it.passage, text=it.exact, stance=it.stance, speaker=it.speaker) for it in found.voices],
    )


def _size_of(parts: Iterable[Any]) -> int:
    return sum(BESIDE + getsizeof(it if isinstance(it, str) else it.html) for it in parts)


def init_app(app: Flask) -> None:
    """Let the templates say what a debate is called in the reader's language."""
    app.jinja_env.filters["said"] = said
