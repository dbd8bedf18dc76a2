"""Screening: an ordered list of small pure phases over a text. They flag; people decide."""

from forum.moderation.screening.flags import Flag, OperatorWords, Severity
from forum.moderation.screening.history import history_flags
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
