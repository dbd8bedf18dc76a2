"""The chain of the public log: how an entry is written down, and how it is tied to the one before.

Pure: it knows no database. `docs/log.md` says the same in words, for people who check a copy.
"""

import hmac
import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from forum.terminal import _

GENESIS = "0" * 64  # stands where the first entry names the one before it
# What everybody can read of an entry, in the order in which it is written down to be hashed.
FACTS = ("id", "hour", "debate", "side", "rule", "action", "moderator", "commitment", "about_id", "previous_hash")
SHORTEST_HEAD = 16  # hexadecimal digits: what stands at the foot of every page


def digest(facts: Sequence[Any]) -> str:
    """Return the hash of an entry, from its facts in the order of `FACTS`: SHA-256 over them as a JSON list."""
    written = json.dumps(facts, ensure_ascii=True, separators=(",", ":"), default=repr)
    return sha256(written.encode("ascii")).hexdigest()


def commitment(salt: str, text: str) -> str:
    """Return what ties an entry to a text, for those who know both and for nobody else."""
    return hmac.new(bytes.fromhex(salt), text.encode(), sha256).hexdigest()


def first_fault(entries: Iterable[Sequence[Any]], head: str | None = None) -> str | None:
    """Return in a sentence what is wrong first, or None; an entry is its facts and then its hash.

    `head`: a hash that was seen before, or how one begins; if no entry has it, the end was cut off or rewritten.
    """
    before = GENESIS
    wanted = None if head is None else "".join(head.split()).lower()
    if wanted is not None and len(wanted) < SHORTEST_HEAD:
        return _("A head has at least %(count)s digits.", count=SHORTEST_HEAD)
    found = wanted is None or GENESIS.startswith(wanted)
    for number, entry in enumerate(entries, 1):
        if entry[0] != number:
            return _("Entry %(number)s is not there: %(other)s stands in its place.", number=number, other=entry[0])
        if entry[-2] != before:
            return _("Entry %(number)s does not continue the one before it.", number=number)
        if entry[-1] != digest(entry[:-1]):
            return _("Entry %(number)s is not what was written: its hash does not fit.", number=number)
        before = entry[-1]
        found = found or (wanted is not None and before.startswith(wanted))
    cut = _("No entry has the head %(head)s: after it was seen, the end was cut off or rewritten.", head=head)
    return None if found else cut
