"""Notes of moderators to one another about a reply. Nobody else ever reads them."""

from functools import cache

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.db import db
from forum.debates.models import Reply
from forum.errors import DAMAGED, Refused
from forum.events import Event, record
from forum.moderation.desk_models import ReplyNote
from forum.text import is_storable, normal

NOTE_MAX = 2000  # characters; a remark, not a discussion
_SHOWN = 50  # the latest; nobody reads more before deciding


def write(reply: Reply, text: str, *, by: User) -> None:
    """Leave a note about a reply; the same one again, by a double click, is one note. The reply is locked."""
    text = normal(text)
    if not text:
        raise Refused(_("Write your note first."), "note")
    if len(text) > NOTE_MAX:
        raise Refused(
            ngettext("At most %(num)d character, please.", "At most %(num)d characters, please.", NOTE_MAX), "note"
        )
    if not is_storable(text):
        raise Refused(str(DAMAGED), "note")
    last = db.session.scalar(
        select(ReplyNote).where(ReplyNote.reply_id == reply.id).order_by(ReplyNote.id.desc()).limit(1)
    )
    if last is not None and (last.moderator_id, last.text) == (by.id, text):
        return
    note = ReplyNote(reply_id=reply.id, moderator_id=by.id, text=text)
    db.session.add(note)
    record(Event.REPLY_NOTED, note, by=by, reply=reply.id)


def notes_on(reply: Reply) -> list[ReplyNote]:
    """Return the notes about a reply with who wrote them, the newest first."""
    return list(db.session.scalars(_notes(), {"reply": reply.id}))


@cache
def _notes() -> Select[ReplyNote]:
    query = select(ReplyNote).where(ReplyNote.reply_id == bindparam("reply")).order_by(ReplyNote.id.desc())
    return query.limit(_SHOWN).options(joinedload(ReplyNote.moderator))
