"""Screening: an ordered list of small pure phases over a text. They flag; people decide.

The phases are loaded with the first text: their words take 150 ms and 10 MB, and who only reads needs none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from forum.moderation.screening.flags import Flag, OperatorWords, Severity
from forum.moderation.screening.history import history_flags

if TYPE_CHECKING:
    from forum.moderation.screening.manner import fingerprint, fingerprint_of_words
    from forum.moderation.screening.phases import PHASES, Phase, content_flags, screen, screen_reading
    from forum.moderation.screening.reading import Reading

__all__ = [
    "PHASES",
    "Flag",
    "OperatorWords",
    "Phase",
    "Reading",
    "Severity",
    "content_flags",
    "fingerprint",
    "fingerprint_of_words",
    "history_flags",
    "screen",
    "screen_reading",
]
_ELSEWHERE = {"Reading": "reading", "fingerprint": "manner", "fingerprint_of_words": "manner"}  # than in `phases`


def __getattr__(name: str) -> Any:
    """Return what the phases define, or what fingerprints are taken with."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_ELSEWHERE.get(name, 'phases')}"), name)
