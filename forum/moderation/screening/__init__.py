"""Screening: an ordered list of small pure phases over a text. They flag; people decide.

The phases are loaded with the first text: their words take 150 ms and 10 MB, and who only reads needs none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from forum.moderation.screening.flags import Flag, OperatorWords, Severity
from forum.moderation.screening.history import history_flags

if TYPE_CHECKING:
    from forum.moderation.screening.manner import fingerprint
    from forum.moderation.screening.phases import PHASES, Phase, content_flags, screen

__all__ = [
    "PHASES",
    "Flag",
    "OperatorWords",
    "Phase",
    "Severity",
    "content_flags",
    "fingerprint",
    "history_flags",
    "screen",
]


def __getattr__(name: str) -> Any:
    """Return what the phases define, or what fingerprints are taken with."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{'manner' if name == 'fingerprint' else 'phases'}"), name)
