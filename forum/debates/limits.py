"""How much one member may send, so that nobody fills the queue of the moderators or outvotes those who read."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import ngettext
from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.sql.elements import ColumnElement

from forum.accounts.limits import count_of_member
from forum.accounts.models import User
from forum.db import db, now, rows
from forum.debates.models import WAITS, Reply, Revision
from forum.errors import TooMany

HOUR = timedelta(hours=1)


def of_member(author_id: int) -> dict[str, int]:
    """Return what to ask `OF_MEMBER` with."""
    return {"author": author_id, "before_first": max(0, current_app.config["REPLIES_PER_HOUR"] - 1)}


def refuse_many_replies(waiting: int, first: datetime | None) -> None:
    """Refuse one more reply of a locked member while as many wait, or were sent within the hour, as may.

    `waiting` and `first` are what `OF_MEMBER` has found.
    """
    _refuse_waiting(waiting)
    seconds = _seconds_left(first if current_app.config["REPLIES_PER_HOUR"] else now())
    if seconds:
        message = ngettext(
            "You have sent as many replies as one can send within an hour. "
            "Please wait %(num)d minute; your text is kept on this page.",
            "You have sent as many replies as one can send within an hour. "
            "Please wait %(num)d minutes; your text is kept on this page.",
            -(-seconds // 60),
        )
        raise TooMany(message, seconds)


def refuse_many_edits(author: User, *, adds_one: bool) -> None:
    """Refuse one more new wording of a locked member; `adds_one`: it takes the place of none that waits."""
    if adds_one:
        _refuse_many_waiting(author)
    own = Revision.reply.has(Reply.author_id == author.id)
    seconds = _until_free(Revision.created_at, "EDITS_PER_HOUR", own, Revision.number > 1)
    if seconds:
        message = ngettext(
            "You have changed your replies as often as one can within an hour. "
            "Please wait %(num)d minute; your text is kept on this page.",
            "You have changed your replies as often as one can within an hour. "
            "Please wait %(num)d minutes; your text is kept on this page.",
            -(-seconds // 60),
        )
        raise TooMany(message, seconds)


def count_answer(member: User) -> None:
    """Count one answer to “is it well argued?”, given, changed or taken back; refuse one more than may be."""
    seconds = count_of_member(member.id, "well argued", current_app.config["VOTES_PER_HOUR"])
    if seconds:
        message = ngettext(
            "You have answered as often as one can within an hour; what you have answered is kept. "
            "Please read on, and answer again in %(num)d minute.",
            "You have answered as often as one can within an hour; what you have answered is kept. "
            "Please read on, and answer again in %(num)d minutes.",
            -(-seconds // 60),
        )
        raise TooMany(message, seconds)


def _refuse_many_waiting(author: User) -> None:
    """Refuse one more wording for the moderators to read while as many of the author's wait as may."""
    _refuse_waiting(rows(_WAITING, {"author": author.id}).scalar_one())


def _refuse_waiting(waiting: int) -> None:
    if waiting >= current_app.config["WAITING_PER_MEMBER"]:
        raise TooMany(
            ngettext(
                "%(num)d reply of yours is waiting. Please let the moderators read it first, perhaps in an hour; "
                "your text is kept on this page.",
                "%(num)d replies of yours are waiting. Please let the moderators read them first, perhaps in an hour; "
                "your text is kept on this page.",
                waiting,
            ),
            3600,
        )


def _until_free(sent_at: Any, setting: str, *where: ColumnElement[bool]) -> int:
    """Return for how many seconds what was sent within the last hour is as much as a setting allows; 0: it is not."""
    most, hour_ago = current_app.config[setting], now() - HOUR
    query = select(sent_at).where(*where, sent_at > hour_ago).order_by(sent_at.desc()).limit(most)
    recent = list(db.session.scalars(query))
    if len(recent) < most:
        return 0
    return _seconds_left(recent[-1] if recent else now())


def _seconds_left(first: datetime | None) -> int:
    """Return for how many seconds more what was sent at this moment was sent within the last hour."""
    left = (first - (now() - HOUR)).total_seconds() if first else 0
    return int(left) + 1 if left > 0 else 0


_WAITING = (
    select(func.count())
    .select_from(Reply.__table__)
    .join(Revision.__table__, Revision.reply_id == Reply.id)
    .where(Reply.author_id == bindparam("author"), WAITS)
)
# When the first one was sent of as many replies as may be within an hour: one comes after the other.
_FIRST = select(Reply.created_at).where(Reply.author_id == bindparam("author")).order_by(Reply.id.desc())
OF_MEMBER = (
    _WAITING.scalar_subquery().label("waiting"),
    _FIRST.limit(1).offset(bindparam("before_first", type_=Integer)).scalar_subquery().label("first"),
)
