"""Translations of replies: each stands beside its original, is made of one wording of it, and is no reply of its own.

To moderators, its author and the rules it is a `Reply`; no list, count or feed of replies holds one (`is_counted`).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from forum.db import db
from forum.debates.models import MAX_DEPTH, NAMED, Reply, ReplyStatus, Revision
from forum.debates.policy import can_be_translated
from forum.errors import Overtaken, Refused


def place_beside(original: Reply) -> dict[str, int | None]:
    """Return where the translation of a reply stands: in its thread, beside the answers."""
    root, depth = original.root_id or original.id, min(original.depth + 1, MAX_DEPTH)
    return {"parent_id": original.id, "original_id": original.id, "root_id": root, "depth": depth}


def refuse(original: Reply, language: str | None, wording: int | None) -> None:
    """Refuse a translation of what is not public any more, or has changed, and one into a language that needs none.

    The original stays as it is until the translation is stored.
    """
    parts = ["status", "version", "shown_revision_id", "language"]
    db.session.refresh(original, parts, with_for_update={"read": True, "key_share": True})
    if not can_be_translated(original):
        raise Overtaken(_("This reply is no longer public, so it cannot be translated now. Your text is below."))
    if language is None:
        raise Refused(_("Choose the language of your translation."), "language")
    if language not in _others(original):
        raise Refused(_("The reply is in this language already. Choose another one."), "language")
    _refuse_changed(original, wording)
    if has_current(original.id, language):
        message = _("A translation into this language is public already. Another one can be offered once it is stale.")
        raise Refused(message, "language")


def basis_of_edit(reply: Reply, wording: int | None) -> int | None:
    """Return of which wording of an original the new wording of a translation is made; without one, as the last."""
    original = original_of(reply)
    if original is None or wording is None:
        return reply.latest_revision.translated_id
    if original.is_public:
        _refuse_changed(original, wording)
    return wording


def original_of(reply: Reply) -> Reply | None:
    """Return what a reply translates, with the wording that everybody reads; None if it is no translation."""
    if reply.original_id is None:
        return None
    parts = (joinedload(part) for part in (Reply.shown_revision, *NAMED))
    return db.session.scalar(select(Reply).where(Reply.id == reply.original_id).options(*parts))


def is_seen(reply: Reply) -> bool:
    """Say whether everybody can read a reply: a translation only as long as its original."""
    if not reply.is_public or reply.original_id is None:
        return reply.is_public
    status = db.session.scalar(select(Reply.status).where(Reply.id == reply.original_id))
    return status is ReplyStatus.PUBLISHED


def has_current(original_id: int, language: str, *, beside: int = 0) -> bool:
    """Say whether a translation, another one than `beside`, says in a language what everybody reads now."""
    shown = select(Reply.shown_revision_id).where(Reply.id == original_id).scalar_subquery()
    query = exists().where(
        Reply.original_id == original_id,
        Reply.language == language,
        Reply.status == ReplyStatus.PUBLISHED,
        Reply.id != beside,
        Revision.id == Reply.shown_revision_id,
        Revision.translated_id == shown,
    )
    return bool(db.session.scalar(select(query)))


def translations_of(originals: Sequence[Reply]) -> dict[int, list[Reply]]:
    """Return the translations that are shown of replies, by the numbers of these: of what is public, and asked once."""
    shown = {it.id: it.shown_revision_id for it in originals if it.is_public}
    query = select(Reply).where(Reply.original_id.in_(list(shown)), Reply.status == ReplyStatus.PUBLISHED)
    found: dict[int, list[Reply]] = {it.id: [] for it in originals}
    parts = (joinedload(part) for part in (Reply.shown_revision, *NAMED))
    for it in db.session.scalars(query.options(*parts)):
        found[it.original_id or 0].append(it)
    return {number: chosen(shown.get(number), these) for number, these in found.items()}


def chosen(shown: int | None, translations: Iterable[Any]) -> list[Any]:
    """Return one translation for each language: of the wording that is shown, else of the latest; the first of equals.

    Each is known by its facts; `shown` is the number of the wording of the original.
    """
    best: dict[str, Any] = {}
    for it in sorted(translations, key=lambda it: (it.translated_id != shown, -(it.translated_id or 0), it.id)):
        best.setdefault(it.language, it)
    return sorted(best.values(), key=lambda it: it.id)


def _others(original: Reply) -> list[str]:
    return [code for code in current_app.config["LANGUAGES"] if code != original.language]


def _refuse_changed(original: Reply, wording: int | None) -> None:
    if wording != original.shown_revision_id:
        raise Overtaken(
            _(
                "The original has been changed since you opened it. "
                "It stands on this page as it is now; compare, then send it again."
            )
        )
