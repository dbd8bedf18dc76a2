"""What screening leaves behind with a new wording: flags, severity, its place in the queue, its fingerprint."""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise, takewhile
from typing import Any

from flask import current_app
from sqlalchemy import Integer, bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value

from forum.db import db, rows, writing
from forum.debates.models import WAITS, Outcome, Reply, Revision, Stance
from forum.moderation import order, screening
from forum.moderation.desk_models import Fingerprint, RevisionFlag
from forum.moderation.hints import told
from forum.moderation.screening import Flag, OperatorWords

BATCH = 20  # wordings that are screened in one transaction: a twentieth of a second
COMPARED = 2000  # latest wordings of a debate: weeks of a busy one, compared in a fraction of a millisecond
_BITS = 10  # of 64 differ at most in what may be a near-repeat
_LOOKED_AT = 30  # of those that look alike; the nearest
_MUCH = 0.5  # of its word pairs two near-repeats share; texts on one subject share a tenth
_HALF = 2**63
_ALL_BITS = 2**64 - 1
# An index holds all that this one asks, for it comes upon thousands.
_LATE = (
    select(Fingerprint.value, Fingerprint.id)
    .where(Fingerprint.debate_id == bindparam("debate"), Fingerprint.reply_id != bindparam("reply"))
    .order_by(Fingerprint.id.desc())
    .limit(COMPARED)
)
_TEXTS = (
    select(Fingerprint.value, Revision.text)
    .join(Revision, Revision.id == Fingerprint.revision_id)
    .where(Fingerprint.id.in_(bindparam("fingerprints", expanding=True)))
)
_WORDINGS: Any = Revision.__table__
_LAST_PLACE = (  # of those of the same side that arrived in the same hour and wait on the same shelf
    select(Revision.place)
    .where(
        WAITS,
        *(Revision.place >= bindparam("begins"), Revision.place < bindparam("ends")),
        Revision.place % order.SLOTS == bindparam("slot"),
    )
    .order_by(Revision.place.desc())
    .limit(1)
    .correlate(None)
    .scalar_subquery()
)
_PLACED = (
    update(_WORDINGS)
    .where(_WORDINGS.c.id == bindparam("wording"))
    .values(severity=bindparam("grave"), place=func.coalesce(_LAST_PLACE + order.SLOTS, bindparam("first")))
)
_FLAGS: Any = RevisionFlag.__table__
_FOUND = insert(_FLAGS)
_FINGERPRINTS: Any = Fingerprint.__table__
_COMPARED_LATER = insert(_FINGERPRINTS)


def catch_up() -> None:
    """Screen what waits and has never been screened: it arrived before the forum knew how, or past it, in bulk.

    A few at a time, so that others write meanwhile; who has a reply open to change it is not waited for.
    """
    last = 0
    while numbers := rows(_NEVER, {"last": last}).scalars().all():
        with writing():
            locked = select(Reply).where(Reply.id.in_(numbers)).options(selectinload(Reply.revisions))
            for reply in db.session.scalars(locked.with_for_update(of=Reply, skip_locked=True)).all():
                look_at(reply.latest_revision)
        last = numbers[-1]


def look_at(wording: Revision) -> None:
    """Screen a wording that waits if that was never done: nothing is decided on words that screening would hold."""
    if wording.outcome is Outcome.WAITING and not rows(_IS_SCREENED, {"wording": wording.id}).scalar():
        screen_wording(wording.reply)


def is_screened(revision_id: Any) -> Any:
    """Return the question whether screening has looked at a wording that waits."""
    parts = (Fingerprint, RevisionFlag)
    return or_(*(exists().where(part.revision_id == revision_id).correlate_except(part) for part in parts))


def screen_wording(reply: Reply) -> None:
    """Screen the wording that a reply has just got; follows its posting and each edit."""
    *former_ones, wording = reply.revisions
    if former_ones:
        forget_unshown(reply)  # the former one that waited is replaced
    words: OperatorWords = current_app.extensions["operator_words"]
    language = wording.language_beside(reply.language)  # of a new wording of a public reply it may be another one
    reading = screening.Reading(wording.text, language, words, on=wording.created_at.date())
    value = screening.fingerprint_of_words(reading.words)
    reading.recent = _near(reply, wording.text, value)
    flags = screening.screen_reading(reading, told(wording.text))
    severity = max((int(flag.severity) for flag in flags), default=0)
    since_public = takewhile(lambda former: former.outcome is not Outcome.PUBLISHED, reversed(former_ones))
    came_back = any(former.outcome is Outcome.RETURNED for former in since_public)
    shelf = order.tier(severity, came_back=came_back)
    _put(wording, severity, shelf, reply.stance)
    if flags:
        rows(_FOUND, [{"revision_id": wording.id, **_as_row(flag)} for flag in flags])
    if value:  # 0: there are no words to compare
        of_wording = {"debate_id": reply.debate_id, "reply_id": reply.id, "revision_id": wording.id}
        rows(_COMPARED_LATER, of_wording | {"value": signed(value)})


def _as_row(flag: Flag) -> dict[str, Any]:
    return {"code": flag.code, "start": flag.start, "stop": flag.end, "severity": int(flag.severity)}


def marked(revision_ids: Collection[int]) -> set[int]:
    """Return in which of these wordings screening has found something."""
    query = select(RevisionFlag.revision_id).where(RevisionFlag.revision_id.in_(revision_ids))
    return set(db.session.scalars(query.distinct()))


def forget(reply: Reply) -> None:
    """Compare nothing with a reply any more: it was taken back, and its author may say the same anew."""
    db.session.execute(delete(Fingerprint).where(Fingerprint.reply_id == reply.id))


def forget_unshown(reply: Reply) -> None:
    """Compare nothing any more with wordings of a reply that are not public; a public one still stands."""
    unshown = Fingerprint.reply_id == reply.id
    if reply.shown_revision_id is not None:
        unshown &= Fingerprint.revision_id != reply.shown_revision_id
    db.session.execute(delete(Fingerprint).where(unshown))


def _put(wording: Revision, severity: int, shelf: int, stance: Stance) -> None:
    """Store where a wording waits, behind those before it, in one step past the session."""
    moment = wording.created_at
    hour = {"begins": order.hour_begins(shelf, moment), "ends": order.hour_ends(shelf, moment)}
    hour |= {"slot": order.slot(stance, moment), "first": order.place(shelf, moment, stance, 0)}
    rows(_PLACED, {"wording": wording.id, "grave": severity, **hour})
    set_committed_value(wording, "severity", severity)
    db.session.expire(wording, ["place"])


def signed(value: int) -> int:
    """Return the 64 bits of a fingerprint as both engines can store them."""
    return value - 2 * _HALF if value >= _HALF else value


def unsigned(value: int) -> int:
    """Return the fingerprint of stored bits."""
    return value + 2 * _HALF if value < 0 else value


def _near(reply: Reply, text: str, own: int) -> Sequence[int]:
    """Return the fingerprints of late wordings of the debate that say nearly the same.

    A fingerprint weighs single words, which all long texts of a language share; so of those that look alike,
    the texts themselves are compared.
    """
    if not own:
        return ()
    late = rows(_LATE, {"debate": reply.debate_id, "reply": reply.id}).all()
    looking_alike = [
        (bits, number) for value, number in late if (bits := ((own ^ value) & _ALL_BITS).bit_count()) <= _BITS
    ]
    if not looking_alike:
        return ()
    pairs = _pairs(text)
    texts = rows(_TEXTS, {"fingerprints": [number for _bits, number in sorted(looking_alike)[:_LOOKED_AT]]})
    return [unsigned(value) for value, other in texts if _shared(pairs, _pairs(other)) >= _MUCH]


def _pairs(text: str) -> set[tuple[str, str]]:
    """Return each two words that stand side by side."""
    return set(pairwise(re.findall(r"\w+", text.casefold())))


def _shared(one: set[tuple[str, str]], other: set[tuple[str, str]]) -> float:
    """Return how much of the shorter text stands in the longer one."""
    return len(one & other) / max(1, min(len(one), len(other)))


_IS_SCREENED = select(is_screened(bindparam("wording", type_=Integer)))
_NEVER = (
    select(Revision.reply_id)
    .where(WAITS, Revision.reply_id > bindparam("last"), ~is_screened(Revision.id))
    .order_by(Revision.reply_id)
    .limit(BATCH)
)
