"""Which late wordings of a debate say nearly the same as a new one.

A fingerprint weighs single words, which all long texts of a language share; so of those that look alike, the texts
themselves are compared. The fingerprints of a debate stay in the memory of a process: only new ones are asked for.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from flask import current_app
from numpy.typing import NDArray
from sqlalchemy import bindparam, select

from forum.db import is_sqlite, rows
from forum.debates.models import Reply, Revision
from forum.fragments import kept
from forum.moderation.desk_models import Fingerprint

COMPARED = 2000  # latest wordings of a debate: weeks of a busy one
_BITS = 10  # of 64 differ at most in what may be a near-repeat
_LOOKED_AT = 10  # of those that look alike; one of 443 near-repeats of an argument stood farther away among 2,000
_MUCH = 0.5  # of its word pairs two near-repeats share; texts on one subject share a tenth
_AGAIN = 100  # numbers before the last known one that are asked for again: who took one may store it later than others
_AGAIN_ON_SQLITE = 1  # where one writes after the other, the last one is enough: it tells whether it is deleted
_SIGNS = ".,;:!?()\"'«»“”’…–—-*_>"  # that stand beside words
_HALF = 2**63
# An index holds all that this one asks, for it comes upon thousands the first time.
_LATE = (
    select(Fingerprint.id, Fingerprint.value)
    .where(Fingerprint.debate_id == bindparam("debate"), Fingerprint.id > bindparam("after"))
    .order_by(Fingerprint.id.desc())
    .limit(COMPARED)
)
_NEAREST = [f"nearest_{number}" for number in range(_LOOKED_AT)]  # a list of any length is put together anew each time
_TEXTS = (
    select(Fingerprint.value, Revision.text)
    .join(Revision, Revision.id == Fingerprint.revision_id)
    .where(Fingerprint.id.in_([bindparam(name) for name in _NEAREST]), Fingerprint.reply_id != bindparam("reply"))
)


class Late(NamedTuple):
    """The late fingerprints of a debate by their numbers, the newest first; some may be deleted since."""

    numbers: NDArray[np.int64]
    values: NDArray[np.int64]


def near(reply: Reply, text: str, own: int) -> Sequence[int]:
    """Return the fingerprints of late wordings of the debate, by other replies, that say nearly the same as `text`."""
    if not own:  # there are no words to compare
        return ()
    late = _late(reply.debate_id)
    bits = np.bitwise_count((late.values ^ np.int64(signed(own))).view(np.uint64))
    alike = np.flatnonzero(bits <= _BITS)
    if not alike.size:
        return ()
    nearest = alike[np.argsort(bits[alike], kind="stable")][:_LOOKED_AT]
    numbers = [*late.numbers[nearest].tolist(), *[0] * _LOOKED_AT]
    asked = dict(zip(_NEAREST, numbers, strict=False)) | {"reply": reply.id}
    texts = rows(_TEXTS, asked).all()
    pairs = _pairs(text) if texts else set()
    return [unsigned(value) for value, other in texts if _shared(pairs, _pairs(other)) >= _MUCH]


def signed(value: int) -> int:
    """Return the 64 bits of a fingerprint as both engines can store them."""
    return value - 2 * _HALF if value >= _HALF else value


def unsigned(value: int) -> int:
    """Return the fingerprint of stored bits."""
    return value + 2 * _HALF if value < 0 else value


def _late(debate_id: int) -> Late:
    """Return the late fingerprints of a debate; what is deleted in the middle stays until its text is not found."""
    key = ("fingerprints", debate_id)
    known: Late | None = kept().get(key)
    again = _AGAIN_ON_SQLITE if is_sqlite(current_app) else _AGAIN
    after = int(known.numbers[0]) - again if known is not None and known.numbers.size else 0
    found = _read(debate_id, after)
    if known is not None and after:
        if (known.numbers[0], known.values[0]) not in zip(*found, strict=True):  # deleted; others may have its number
            found = _read(debate_id, 0)
        else:
            older = known.numbers <= after
            pairs = zip(found, known, strict=True)
            found = Late(*(np.concatenate([new, former[older]])[:COMPARED] for new, former in pairs))
    kept().put(key, found, found.numbers.nbytes + found.values.nbytes)
    return found


def _read(debate_id: int, after: int) -> Late:
    found = rows(_LATE, {"debate": debate_id, "after": after}).all()
    both = np.array([tuple(row) for row in found], dtype=np.int64).reshape(-1, 2)
    return Late(both[:, 0].copy(), both[:, 1].copy())


def _pairs(text: str) -> set[tuple[str, str]]:
    """Return each two words that stand side by side; so parted, a text takes half the time of a pattern for words."""
    text = text.casefold()
    for sign in _SIGNS:
        text = text.replace(sign, " ")
    return set(pairwise(text.split()))


def _shared(one: set[tuple[str, str]], other: set[tuple[str, str]]) -> float:
    """Return how much of the shorter text stands in the longer one."""
    return len(one & other) / max(1, min(len(one), len(other)))
