"""What the file of an article says, once it is read and checked (`article_files`)."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Paragraph:
    """One passage to be: its words, and whether a section begins with it."""

    text: str
    begins_section: bool


@dataclass
class Seed:
    """What a file says, checked."""

    facts: dict[str, Any]  # columns of Debate
    paragraphs: list[Paragraph]
    voices: list[dict[str, Any]]
    notes: list[dict[str, Any]]


@dataclass
class SeedTranslation:
    """What the file of a translation says, checked; `slug`: of the debate whose article it is."""

    slug: str
    facts: dict[str, Any]  # columns of ArticleTranslation
    paragraphs: list[Paragraph]
    voices: list[dict[str, Any]]
    notes: list[dict[str, Any]]
