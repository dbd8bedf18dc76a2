"""Keeping what a member writes until it is sent. Nobody else sees it, so nothing of it is recorded."""

from flask import current_app
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import joinedload

from forum.accounts.locks import lock
from forum.accounts.models import User
from forum.db import db, now, rows
from forum.debates.draft_models import Draft, number_at
from forum.debates.models import Debate, Reply, Revision
from forum.debates.replies import too_long
from forum.errors import DAMAGED, Overtaken, Refused
from forum.text import is_storable, normal, render

_WORDS_AT = select(Draft.id, Draft.version, Draft.text).where(
    *(Draft.author_id == bindparam("author"), Draft.debate_id == bindparam("debate"), Draft.place == bindparam("place"))
)
MOST = 20  # of one member; more are forgotten ones
TIMES_LONGER = 10  # than a reply may be: a draft is shortened later


def find(author: User, debate: Debate, place: str) -> Draft | None:
    """Return the draft of a member at a place of a debate."""
    mine = select(Draft).where(Draft.author_id == author.id, Draft.debate_id == debate.id, Draft.place == place)
    return db.session.scalar(mine.execution_options(populate_existing=True))


def all_of(author: User) -> list[Draft]:
    """Return all drafts of a member with their debates, the last one first."""
    query = select(Draft).where(Draft.author_id == author.id).order_by(Draft.changed_at.desc(), Draft.id.desc())
    return list(db.session.scalars(query.options(joinedload(Draft.debate))))


def keep(
    debate: Debate, place: str, text: str, fields: dict[str, str], *, author: User, seen: int, key: str = ""
) -> Draft | None:
    """Keep what was typed; `seen` is the version that its window has shown, 0 for none.

    An empty text, and words that were sent with `key` already, are not kept; nor the wording that an edit began with:
    its draft goes. Another window's words are never overwritten by somebody who has not seen them.
    """
    text = text.replace("\r\n", "\n")
    lock(author)
    draft = find(author, debate, place)
    if not text.strip() or (key and _was_sent(author, key, text)):
        return draft
    if _is_stored(author, place, text, fields) and (draft is None or draft.version == seen):
        if draft:
            db.session.delete(draft)
        return None
    if draft is not None and (draft.text, draft.fields) == (text, fields):
        return draft
    _refuse_erased(place)
    if (draft.version if draft else 0) != seen:
        raise Overtaken(_overtaken(draft))
    _refuse_unkeepable(text, fields)
    if draft is None:
        _refuse_many(author)
        draft = Draft(author_id=author.id, debate_id=debate.id, place=place, version=0)
        db.session.add(draft)
    draft.text, draft.fields, draft.changed_at, draft.version = text, fields, now(), draft.version + 1
    return draft


def is_erased(reply_id: int, *, held: bool = False) -> bool:
    """Say whether a reply was erased; `held`: it stays as it is until the transaction ends."""
    query = select(Reply.erased_at).where(Reply.id == reply_id)
    query = query.with_for_update(read=True, key_share=True) if held else query
    return db.session.scalar(query) is not None


def sent(debate: Debate, place: str, text: str, *, author: User, seen: int) -> None:
    """Throw the draft of a reply away that has just been stored, unless there are words in it that were not sent."""
    kept = rows(_WORDS_AT, {"author": author.id, "debate": debate.id, "place": place}).first()
    if kept is not None and (kept.version == seen or normal(kept.text) in text):
        db.session.execute(delete(Draft).where(Draft.id == kept.id))


def throw_away(draft_id: int, *, by: User, seen: int) -> Draft | None:
    """Throw a draft away for good, and return it; None where there is none of `by` any more."""
    mine = select(Draft).where(Draft.id == draft_id, Draft.author_id == by.id).options(joinedload(Draft.debate))
    draft = db.session.scalar(mine.with_for_update(of=Draft))
    if draft is not None and draft.version != seen:
        raise Overtaken(_("This draft has been changed in another window. Please look at it once more."))
    if draft is not None:
        db.session.delete(draft)
    return draft


def preview(typed: str) -> str:
    """Return an unfinished text as it would look, or refuse one that is longer than a draft may be.

    Rendering takes a time that grows with the square of the length: the largest form would keep a worker for a minute.
    """
    text = normal(typed)
    if len(text) > TIMES_LONGER * current_app.config["REPLY_MAX"]:
        raise too_long(text)
    return render(text)


def _overtaken(draft: Draft | None) -> str:
    if draft is None:
        return _(
            "The draft of this page has been sent or thrown away in another window. What you typed is still here; "
            "keep it again if you want to."
        )
    return _(
        "Another window has kept other words as your draft. Nothing is overwritten: both texts are on this page. "
        "Sent or kept again, it is the one in the field that counts."
    )


def _was_sent(author: User, key: str, text: str) -> bool:
    """Say whether these words are in what was sent from the same form: other ones, typed into it later, are not."""
    query = select(Revision.text).join(Revision.reply).where(Reply.author_id == author.id, Reply.key == key)
    return any(normal(text) in said for said in db.session.scalars(query))


def _is_stored(author: User, place: str, text: str, fields: dict[str, str]) -> bool:
    """Say whether a new wording of a reply is no other than its last one."""
    reply_id = number_at(place, "edit")
    if reply_id is None:
        return False
    mine = (
        select(Revision.text, Reply.stance, Revision.chosen_language).join(Revision.reply).where(Reply.id == reply_id)
    )
    last = db.session.execute(mine.where(Reply.author_id == author.id).order_by(Revision.number.desc()).limit(1))
    typed = (normal(text), fields["stance"], fields.get("language", ""))
    return any(typed == (words, fields["stance"] and stance.value, chosen or "") for words, stance, chosen in last)


def _refuse_unkeepable(text: str, fields: dict[str, str]) -> None:
    longest = TIMES_LONGER * current_app.config["REPLY_MAX"]
    if len(text) + sum(map(len, fields.values())) > longest:
        message = ngettext(
            "This is too long to be kept as a draft, which has at most %(longest)s character.",
            "This is too long to be kept as a draft, which has at most %(longest)s characters.",
            longest,
            longest=format_decimal(longest),
        )
        raise Refused(message, "text")
    if not all(map(is_storable, (text, *fields.values()))):
        raise Refused(str(DAMAGED), "text")


def _refuse_erased(place: str) -> None:
    """Refuse a translation of what was erased, and a new wording of one: it says the same words."""
    reply_id = number_at(place, "translation") or number_at(place, "edit")
    if reply_id is not None and is_erased(reply_id, held=True):
        raise Refused(_("This reply was erased, so nothing more is kept of it. What you typed is on this page only."))


def _refuse_many(author: User) -> None:
    count = db.session.scalar(select(func.count()).select_from(Draft).where(Draft.author_id == author.id)) or 0
    if count >= MOST:
        message = ngettext(
            "You have %(num)d draft already. Please send or throw one away first, under “Your replies”.",
            "You have %(num)d drafts already. Please send or throw one away first, under “Your replies”.",
            count,
        )
        raise Refused(message)
