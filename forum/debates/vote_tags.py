"""Whose answer it is under a reply, and what it says: to the database alone, a tag and a seal.

The tag is a keyed digest of reply and member. Nothing but the verbs of `votes`, and `thread_queries` for a
reader's own answers, imports this module: a contract of import-linter says so.
"""

import hmac
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from struct import Struct
from typing import Any

from sqlalchemy import Select, bindparam, select

from forum import seals
from forum.db import rows
from forum.debates.vote_models import Said, Vote

WHO = "evenhand: who answered about which reply, 1"  # a key that serves nothing else
WHAT = "evenhand: what was answered about a reply, 1"
FORM = Struct(">QbbI")  # of one length, whatever was answered
ANSWERS = {1: True, 0: False, -1: None}
BYTES = {said: byte for byte, said in ANSWERS.items()}
STEP = 25  # tags; a page is asked for with so many or a multiple: the last one is then named more than once
BATCH = 5000  # values in one statement; SQLite takes 32,766


def tags(reply_ids: Iterable[int], member_id: int) -> list[bytes]:
    """Return the tag of a member under each reply."""
    key = seals.key(WHO)
    return [hmac.digest(key, f"{reply}:{member_id}".encode(), sha256) for reply in reply_ids]


def seal(said: Said, tag: bytes, reply_id: int, revision_id: int) -> bytes:
    """Return an answer, sealed for its row."""
    words = FORM.pack(said.voter_id, BYTES[said.well_argued], BYTES[said.counted], said.hour)
    return seals.of(WHAT).seal(words, _about(tag, reply_id, revision_id))


def read(found: Iterable[Any]) -> Iterator[tuple[Any, Said]]:
    """Give each row (tag, reply_id, revision_id, sealed) with what it says; those of another secret are passed by."""
    box = seals.of(WHAT)
    for row in found:
        words = box.open(row.sealed, _about(row.tag, row.reply_id, row.revision_id))
        if words is not None:
            voter, answer, counted, hour = FORM.unpack(words)
            yield row, Said(voter, ANSWERS[answer], ANSWERS[counted], hour)


def own(reply_ids: Iterable[int], member_id: int) -> dict[int, bool | None]:
    """Return what a member has answered, by wording, for nobody but that member."""
    mine = tags(reply_ids, member_id)
    mine += mine[-1:] * (-len(mine) % STEP)
    names, statement = _own(len(mine))
    found = rows(statement, dict(zip(names, mine, strict=True)))
    return {row.revision_id: said.well_argued for row, said in read(found)}


_VOTES = Vote.__table__.c


@lru_cache(maxsize=64)
def _own(count: int) -> tuple[list[str], Select[Any]]:
    """Ask for answers by so many tags, with the names of these, in a statement that is put together once."""
    names = [f"tag_{number}" for number in range(count)]
    asked = [bindparam(name, type_=_VOTES.tag.type) for name in names]
    return names, select(_VOTES.tag, _VOTES.reply_id, _VOTES.revision_id, _VOTES.sealed).where(_VOTES.tag.in_(asked))


def _about(tag: bytes, reply_id: int, revision_id: int) -> bytes:
    return b"%d:%d:%b" % (reply_id, revision_id, tag)
