"""What members do with their replies: post, edit, take back. The only place where a status changes."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from flask import current_app
from flask_babel import format_date, format_decimal, ngettext
from flask_babel import gettext as _
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm.attributes import set_committed_value

from forum import versions, words
from forum.accounts.locks import hold
from forum.accounts.models import User
from forum.accounts.policy import may_write
from forum.accounts.standing import cannot_write
from forum.db import columns_of, db, id_of, is_now, now, rows, stored
from forum.debates import limits, quotes, reply_translations
from forum.debates.models import MAX_DEPTH, MOVES, Debate, Outcome, Reply, ReplyStatus, Revision, Stance
from forum.debates.policy import can_be_answered, may_change_side, may_edit, may_reply, may_withdraw
from forum.debates.reply_translations import basis_of_edit, place_beside
from forum.errors import DAMAGED, NotAllowed, Overtaken, Refused
from forum.events import Event, record
from forum.text import RENDERER, is_storable, language_of, normal, plain, render

Moves = Mapping[ReplyStatus, set[ReplyStatus]]
_SENT = select(Reply.id).where(Reply.author_id == bindparam("author"), Reply.key == bindparam("key"))
_AUTHOR, _DEBATE = columns_of(User), columns_of(Debate)
# What a new reply is judged by, in one question: author and debate as they are now, and what the author has sent.
_BEFORE = (
    select(*_AUTHOR, *_DEBATE, _SENT.scalar_subquery().label("sent"), *limits.OF_MEMBER)
    .join_from(User, Debate, Debate.id == bindparam("debate"))
    .where(User.id == bindparam("author"))
)


@dataclass(frozen=True)
class Wording:
    """A text as written, as rendered, and its words as the search finds them, before the transaction begins."""

    text: str
    html: str
    words: str
    language: str | None = None  # as its author says; None: recognised by its letters

    def language_beside(self, otherwise: str) -> str:
        """Return the language in which it is written; `otherwise` is that of what stands around it."""
        return language_of(self.text, otherwise, self.language)


def wording(typed: str, language: str | None = None) -> Wording:
    """Return what was typed in normal form and rendered, or refuse its length or its characters."""
    text = normal(typed)
    shortest, longest = current_app.config["REPLY_MIN"], current_app.config["REPLY_MAX"]
    if len(text) < shortest:
        message = ngettext(
            "Please write at least %(num)d character.", "Please write at least %(num)d characters.", shortest
        )
        raise Refused(message, "text")
    if len(text) > longest:
        raise too_long(text)
    if not is_storable(text):
        raise Refused(str(DAMAGED), "text")
    html = render(text)
    return Wording(text, html, words.prepared(plain(html)), language)


def post(
    debate: Debate,
    said: Wording,
    *,
    author: User,
    stance: Stance,
    parent: Reply | None = None,
    passage: int | None = None,
    quote: quotes.Picked | None = None,
    key: str = "",
    language: str = "en",
    original: Reply | None = None,
    translated: int | None = None,
) -> Reply:
    """Store a reply that waits for a moderator; the same `key` again gives the same reply.

    An answer stands below its parent: `passage`, and what is quoted of it, are for replies to the article. With an
    `original` it is the translation of that one, in the wording `translated`, and on its side.
    """
    hold(author)
    sent, waiting, first = _before(debate, author, key)
    if not may_reply(author, debate):
        raise Refused(closed_message(debate)) if may_write(author) else cannot_write(author)
    passage, quote = (None, None) if parent or original else (passage, quote)
    stance, beside = (original.stance, place_beside(original)) if original else (stance, _place_of(parent))
    place = {"debate_id": debate.id, "author_id": author.id, "passage": passage, "stance": stance, **beside}
    if sent:
        return _same(db.session.get_one(Reply, sent), said)
    if original:
        reply_translations.refuse(original, said.language, translated)
    else:
        _refuse_place(debate, stance, parent)
    limits.refuse_many_replies(waiting, first)
    stands = quotes.standing(debate, passage, quote)
    made = {"key": key or secrets.token_urlsafe(12), "language": said.language_beside(language)}
    reply = stored(Reply, place | made | {"stands_at": stands.stands_at, "status": ReplyStatus.PENDING})
    _add_revision(reply, said, number=1, translated=translated)
    if quote:
        quotes.keep(reply, quote, stands)
    record(Event.REPLY_POSTED, reply, by=author)
    return reply


def edit(
    reply: Reply,
    said: Wording,
    *,
    by: User,
    stance: Stance,
    seen: int | None = None,
    state: str | None = None,
    translated: int | None = None,
) -> bool:
    """Give a reply a new wording, which waits; of a public one the old wording stays up meanwhile.

    Returns whether there is a new one: the words that wait or are public already are none.

    `seen` is the id of the wording that was edited, `state` what had become of it; without `state` it waited or was
    returned. `by` is locked, then the reply: posting takes them in the same order. A translation keeps its language;
    `translated` is the wording of the original with which it was compared.
    """
    if not may_edit(by, reply):
        raise no_longer_editable(reply, by)
    _refuse_side(reply, stance)
    latest, waiting = reply.latest_revision, reply.waiting_revision
    _refuse_unseen(latest, seen, state)
    translated = basis_of_edit(reply, translated)
    said = replace(said, language=reply.language) if reply.is_translation else said
    new = (said.text, said.language, translated)
    if waiting and (*_said_in(waiting), reply.stance) == (*new, stance):
        return False
    if reply.is_public and reply.public_revision and _said_in(reply.public_revision) == new:
        if waiting:  # back to what everybody reads
            take_wording_back(reply, waiting.id, by=by)
        return False
    limits.refuse_many_edits(by, adds_one=waiting is None)
    if reply.status is ReplyStatus.RETURNED:
        move(reply, ReplyStatus.PENDING)
    if waiting:
        waiting.outcome = Outcome.WITHDRAWN
    if not reply.is_public:  # else readers would see by it that there is a new wording
        reply.stance, reply.language = stance, said.language_beside(reply.language)
    db.session.flush()  # the former wording stops waiting before the new one begins
    _add_revision(reply, said, number=latest.number + 1, translated=translated)
    record(Event.REPLY_EDITED, reply, by=by)
    return True


def take_wording_back(reply: Reply, seen: int, *, by: User) -> None:
    """Give up a new wording that waits or was returned; the public one stays. Done twice it is done once.

    Neither the end of the debate nor a removal of the reply stands in the way: nobody has to read it any more.
    """
    if reply.author_id != by.id:
        raise NotAllowed(_("Only its author can take a wording back."))
    wording = next((revision for revision in reply.revisions if revision.id == seen), None)
    if wording is not None and wording.outcome is Outcome.WITHDRAWN:
        return
    if wording is None or not (wording.is_rewording and wording.outcome in {Outcome.WAITING, Outcome.RETURNED}):
        raise Overtaken(_("A moderator has decided on this wording meanwhile. What became of it stands on this page."))
    wording.outcome = Outcome.WITHDRAWN
    record(Event.WORDING_WITHDRAWN, reply, by=by)


def show(reply: Reply, wording: Revision) -> None:
    """Make a wording the one that everybody reads; the reply keeps the place that it had."""
    reply.shown_revision_id = wording.id
    reply.published_at = reply.published_at or now()
    wording.published_at = wording.published_at or now()
    wording.outcome = Outcome.PUBLISHED
    reply.language = wording.language_beside(reply.language)
    versions.change_debate(reply.debate_id)


def unshow(reply: Reply, wording: Revision) -> None:
    """Let a wording that has just become public wait again, and show the one before it, if there was one."""
    former = next((revision for revision in reply.revisions if revision.id == wording.replaces_id), None)
    reply.shown_revision_id = former.id if former else None
    reply.published_at = reply.published_at if former else None
    wording.published_at, wording.outcome = None, Outcome.WAITING
    if former:
        reply.language = former.language_beside(reply.language)
    versions.change_debate(reply.debate_id)


def withdraw(reply: Reply, *, by: User) -> None:
    """Take a reply back for good; done twice it is done once."""
    if reply.author_id != by.id:
        raise NotAllowed(_("Only its author can take a reply back."))
    if not may_withdraw(by, reply):
        return
    move(reply, ReplyStatus.WITHDRAWN)
    for revision in reply.revisions:
        if revision.outcome is Outcome.WAITING:
            revision.outcome = Outcome.WITHDRAWN
    record(Event.REPLY_WITHDRAWN, reply, by=by)


def move(reply: Reply, to: ReplyStatus, along: Moves = MOVES, *, reverses: bool = False) -> None:
    """Move a reply along a table of moves, and keep the number of public answers of all above it.

    `reverses`: by somebody who has looked at a rejection for the second time; nobody else ends one.
    """
    is_ending = (reply.status, to) == (ReplyStatus.REJECTED, ReplyStatus.PUBLISHED)
    if to not in along.get(reply.status, ()) or (is_ending and not reverses):
        raise Overtaken(_("This reply has moved on since you opened it."))
    change = 0 if reply.is_translation else (to is ReplyStatus.PUBLISHED) - reply.is_public
    above = reply.parent_id if change else None
    while above is not None:
        count = update(Reply).where(Reply.id == above).values(public_answers=Reply.public_answers + change)
        db.session.execute(count.execution_options(synchronize_session="fetch"))
        above = db.session.scalar(select(Reply.parent_id).where(Reply.id == above))
    reply.status = to
    versions.change_debate(reply.debate_id)


def too_long(text: str) -> Refused:
    """Return the refusal that says by how much a text is longer than a reply may be."""
    longest = current_app.config["REPLY_MAX"]
    over = len(text) - longest
    message = ngettext(
        "This is %(over)s character too long; a reply has at most %(longest)s.",
        "This is %(over)s characters too long; a reply has at most %(longest)s.",
        over,
        over=format_decimal(over),
        longest=format_decimal(longest),
    )
    return Refused(message, "text")


def sent_as(key: str, author: User) -> Reply | None:
    """Return what `author` has sent from the form with this key."""
    number = rows(_SENT, {"author": author.id, "key": key}).scalar() if key else None
    return db.session.get(Reply, number) if number else None


def key_after(key: str) -> str:
    """Return the key for other words from a form whose own one is used: the same one however often it is asked for."""
    return blake2b(key.encode(), digest_size=12).hexdigest() if key else secrets.token_urlsafe(12)


def closed_message(debate: Debate) -> str:
    """Say since when, and why, nobody can reply here; or from when on."""
    if not debate.has_opened:
        return _("This debate opens on %(date)s.", date=format_date(debate.opens_at, "long"))
    if debate.ended_at is None:
        return _("Sign in to reply.")
    closed = _("This debate closed on %(date)s.", date=format_date(debate.ended_at, "long"))
    return f"{closed} {debate.closed_reason}" if debate.closed_reason else closed


def _place_of(answered: Reply | None) -> dict[str, int | None]:
    """Return where the answer to a reply stands: below it, or beside it where there is no level below."""
    if answered is None:
        return {"parent_id": None, "root_id": None, "depth": 0}
    root = answered.root_id or answered.id
    if answered.depth < MAX_DEPTH:
        return {"parent_id": answered.id, "root_id": root, "depth": answered.depth + 1}
    return {"parent_id": answered.parent_id, "root_id": root, "depth": MAX_DEPTH, "in_answer_to_id": answered.id}


def _refuse_place(debate: Debate, stance: Stance, parent: Reply | None) -> None:
    """Refuse a side that a top-level reply cannot take, and a parent that cannot be answered."""
    if stance is Stance.NEITHER and parent is None:
        raise Refused(_("Choose a side: only an answer to a reply can take neither."), "stance")
    if parent is not None:  # it stays where it is until the answer is stored
        db.session.refresh(parent, ["status", "version"], with_for_update={"read": True, "key_share": True})
    if parent is not None and not (can_be_answered(parent) and parent.debate_id == debate.id):
        raise Overtaken(_("This reply can no longer be answered. You can send your text as a reply of its own."))


def _refuse_side(reply: Reply, stance: Stance) -> None:
    """Refuse a side that the reply cannot take, or no longer."""
    if stance is Stance.NEITHER and reply.parent_id is None:
        raise Refused(_("Choose a side: only an answer to a reply can take neither."), "stance")
    if stance is not reply.stance and not may_change_side(reply):
        raise Refused(_("A published reply keeps its side. You can take it back and write a new one."), "stance")


def _refuse_unseen(latest: Revision, seen: int | None, state: str | None) -> None:
    """Refuse to edit a wording that is no longer the last one, or that was decided on since."""
    if seen is None:
        return
    if seen != latest.id:
        raise Overtaken(
            _("This reply has been changed since you opened it. What you typed is below; compare, then send it again.")
        )
    expected = {state} if state else {Outcome.WAITING, Outcome.RETURNED}
    if latest.outcome not in expected:
        raise Overtaken(
            _("A moderator has decided on this wording meanwhile. What you typed is below; look, then send it again.")
        )


def _add_revision(reply: Reply, said: Wording, *, number: int, translated: int | None = None) -> None:
    replaces = reply.shown_revision_id if reply.is_public else None
    made = {"html": said.html, "renderer": RENDERER, "words": said.words, "stemmer": words.STEMMER}
    former = reply.revisions if number > 1 else []
    made |= {"text": said.text, "chosen_language": said.language, "translated_id": translated}
    new = stored(Revision, made | {"reply_id": reply.id, "number": number, "replaces_id": replaces})
    set_committed_value(new, "reply", reply)
    set_committed_value(reply, "revisions", [*former, new])


def _said_in(wording: Revision) -> tuple[str, str | None, int | None]:
    """Return what makes a wording: its words, the language that its author has chosen, and what it translates."""
    return wording.text, wording.chosen_language, wording.translated_id


def _before(debate: Debate, author: User, key: str) -> Sequence[Any]:
    """Read author and debate anew, and return what was sent with this key, and what counts for the limits."""
    found = rows(_BEFORE, {"debate": id_of(debate), "key": key, **limits.of_member(id_of(author))}).one()
    read = iter(found)
    for row, columns in ((author, _AUTHOR), (debate, _DEBATE)):
        is_now(row, {column.name: value for column, value in zip(columns, read, strict=False)})
    return tuple(read)


def _same(former: Reply, said: Wording) -> Reply:
    """Return what was sent from the same page before; refuse other words from it."""
    db.session.refresh(former, ["revisions"])
    if said.text not in {revision.text for revision in former.revisions}:
        raise Overtaken(
            _("You have sent another text from this page already. If this one is a reply too, send it again.")
        )
    return former


def no_longer_editable(reply: Reply, by: User) -> Refused:
    """Return why `by` cannot edit a reply (any more)."""
    if reply.author_id != by.id:
        return NotAllowed(_("Only its author can edit a reply."))
    if not may_write(by):
        return cannot_write(by)
    if not reply.debate.is_open:
        return Refused(closed_message(reply.debate))
    if reply.status is ReplyStatus.WITHDRAWN:
        return Overtaken(_("You have taken this reply back."))
    return Overtaken(
        _("A moderator has decided on this reply meanwhile, so it can no longer be edited. Your text is below.")
    )
