"""What screening finds: flags, their severity, and what a phase is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum


class Severity(IntEnum):
    """How much a flag weighs: it orders the queue; HOLD means that only a lead may publish."""

    NOTE = 1
    WARN = 2
    HOLD = 3


@dataclass(frozen=True, order=True)
class Flag:
    """One match of one phase: `start` and `end` are code points of the original text, end excluded."""

    start: int
    end: int
    code: str
    severity: Severity


@dataclass(frozen=True)
class OperatorWords:
    """The operator's own lists: language code, or "" for all languages -> words.

    A word stands for itself, whole and in any case; with `*` at its end for all words that begin so;
    several words with spaces between them are a phrase.
    """

    hold: Mapping[str, Sequence[str]] = field(default_factory=dict)
    mention: Mapping[str, Sequence[str]] = field(default_factory=dict)


NO_WORDS = OperatorWords()


def merged(flags: Iterable[Flag]) -> list[Flag]:
    """Return the flags of one code in order, without overlaps: one stretch, one flag, the gravest severity."""
    result: list[Flag] = []
    for flag in sorted(flags):
        last = result[-1] if result else None
        if last is not None and flag.start < last.end:
            result[-1] = Flag(last.start, max(last.end, flag.end), flag.code, max(last.severity, flag.severity))
        else:
            result.append(flag)
    return result
