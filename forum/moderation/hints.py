"""What an author is told before a text is sent: what others will see in it. It stops nobody."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g

from forum.moderation import screening
from forum.moderation.screening import Flag, Severity
from forum.moderation.screening.words import FOR_AUTHORS


@dataclass(frozen=True)
class Hint:
    """One sentence to the author, and the words that it is about."""

    code: str
    sentence: str
    words: list[str]


def unseen_hints(text: str, seen: Iterable[str]) -> list[Hint]:
    """Return what the author of `text` has not been told yet; `seen`: codes of what they have been told.

    Only what can harm somebody or is grave is told: a short text or a visible link is the author's own affair.
    """
    words: dict[str, list[str]] = {}
    g.content_flags = (text, screening.content_flags(text))
    for flag in g.content_flags[1]:
        if flag.severity >= Severity.WARN:
            words.setdefault(flag.code, []).append(text[flag.start : flag.end])
    if set(words) <= set(seen):
        return []
    return [Hint(code, str(FOR_AUTHORS[code]), found) for code, found in words.items()]


def told(text: str) -> list[Flag] | None:
    """Return the flags that this request has found in `text` before its transaction began, if it has looked."""
    looked_at, flags = g.get("content_flags", ("", None))
    return flags if looked_at == text else None
