"""What screening leaves behind with a new wording: flags, severity, its place in the queue, its fingerprint."""

from collections.abc import Collection
from itertools import takewhile
from typing import Any

from flask import current_app
from sqlalchemy import Integer, bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value

from forum.db import db, rows, writing
from forum.debates.models import WAITS, Outcome, Reply, Revision, Stance
from forum.moderation import near, order, screening
from forum.moderation.desk_models import Fingerprint, RevisionFlag
from forum.moderation.hints import told
from forum.moderation.screening import Flag, OperatorWords

BATCH = 20  # wordings that are screened in one transaction: a twentieth of a second
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
    reading.recent = near.near(reply, wording.text, value)
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
        rows(_COMPARED_LATER, of_wording | {"value": near.signed(value)})


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


_IS_SCREENED = select(is_screened(bindparam("wording", type_=Integer)))
_NEVER = (
    select(Revision.reply_id)
    .where(WAITS, Revision.reply_id > bindparam("last"), ~is_screened(Revision.id))
    .order_by(Revision.reply_id)
    .limit(BATCH)
)
