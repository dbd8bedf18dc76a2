"""Exports: all that the forum holds about a member, in an archive that a job makes and that is gone after some days."""

import io
import json
import zipfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, delete, or_, select

from forum import jobs, seals
from forum.accounts.locks import lock
from forum.accounts.models import User
from forum.db import db, now, writing
from forum.debates.titles import titles
from forum.events import Event, record
from forum.extensions import speaking
from forum.jobs import Kind
from forum.notifications.models import Notification
from forum.privacy import holdings
from forum.privacy.models import Export

KEPT = timedelta(days=7)  # long enough to come back for it, short enough not to lie about
KEPT_FOR_STAFF = timedelta(hours=24)


def of(person: User) -> Export | None:
    """Return the export that a member has asked for last."""
    return db.session.scalar(select(Export).where(*_own(person)))


def ask(person: User) -> Export:
    """Let all be put together that the forum holds about a member; a former archive goes."""
    lock(person)
    forget_own(person)
    export = Export(user_id=person.id, reader_id=person.id)
    db.session.add(export)
    record(Event.EXPORT_ASKED, export, by=person)
    jobs.put(Kind.MAKE_EXPORT, export.id)
    return export


def forget_own(person: User) -> None:
    """Delete the archive that a member has asked for, and the notice of it; one that is yet to be made is not made."""
    _delete(*_own(person))


def forget(person: User) -> None:
    """Delete every archive about a person, whoever can open it."""
    _delete(Export.user_id == person.id)


def forget_of(holders: Iterable[int]) -> None:
    """Delete the archives of people that may hold what is being erased; one that is being made is made anew."""
    theirs = Export.user_id.in_(set(holders))
    unmade = db.session.scalars(select(Export).where(theirs, Export.made_at.is_(None)).with_for_update())
    for export in unmade.all():
        export.created_at = now()  # what was put together until now finds by this that it is too old
        jobs.put(Kind.MAKE_EXPORT, export.id)
    _delete(theirs, Export.made_at.is_not(None))


def fetch(person: User) -> bytes | None:
    """Return the archive of a member, for nobody but that member; None: there is none, or not yet."""
    export = of(person)
    if export is None or export.sealed is None:
        return None
    record(Event.EXPORT_FETCHED, export, by=person)
    return opened(export)


def opened(export: Export) -> bytes | None:
    """Return the archive that has been made; None: another secret has sealed it."""
    return _seals().open(export.sealed, _about(export)) if export.sealed else None


def make(export_id: int) -> None:
    """Make the archive that a member has asked for, and tell them; a job, which finds nothing to do if it was done."""
    export = db.session.get(Export, export_id)
    person = db.session.get(User, export.user_id) if export else None
    if export is None or person is None or export.made_at is not None:
        return
    asked = (person.id, export.created_at, None)
    sealed = _seals().seal(archive(person, for_staff=export.proposal_id is not None), _about(export))
    with writing():
        found = db.session.get(Export, export_id, with_for_update=True, populate_existing=True)
        # It was asked for anew, the account was deleted, or the number is that of another one's by now.
        if found is None or (found.user_id, found.created_at, found.made_at) != asked:
            return
        found.sealed, found.made_at = sealed, now()
        record(Event.EXPORT_MADE, found)
        facts = {"event": Event.EXPORT_MADE, "proposal_id": found.proposal_id}
        db.session.add(Notification(user_id=found.reader_id, **facts))


def forget_old() -> None:
    """Delete the archives whose days are over; a job."""
    is_for_staff = Export.proposal_id.is_not(None)
    is_old = or_(Export.made_at <= now() - KEPT, and_(is_for_staff, Export.made_at <= now() - KEPT_FOR_STAFF))
    for number in db.session.scalars(select(Export.id).where(is_old)).all():
        with writing():
            _delete(Export.id == number, is_old)


def archive(person: User, *, for_staff: bool = False) -> bytes:
    """Return all that the forum holds about a person, as JSON and as a page to read, in one ZIP archive.

    `for_staff`: what two leads may read of it, with the day and no hour.
    """
    sections = holdings.for_staff(person) if for_staff else holdings.of(person)
    held = {name: [_plain(row, days_only=for_staff) for row in rows] for name, rows in sections.items()}
    site, made_at = current_app.config["SITE_NAME"], now()
    facts = {"site": site, "made_at": _as_json(made_at, days_only=for_staff), **held}
    name = person.name if for_staff else ""
    with speaking(person.language) as language:
        template = current_app.jinja_env.get_template("privacy/archive.html")
        said = {"site": site, "made_at": made_at, "lang": language, "name": name}
        page = template.render(sections=sections, days_only=for_staff, debates=titles().by_slug, **said)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("everything.json", json.dumps(facts, ensure_ascii=False, indent=2))
        files.writestr("everything.html", page)
    return packed.getvalue()


def _plain(row: dict[str, Any], *, days_only: bool) -> dict[str, Any]:
    return {name: _as_json(value, days_only=days_only) for name, value in row.items()}


def _as_json(value: Any, *, days_only: bool) -> Any:
    if isinstance(value, datetime):
        return (value.date() if days_only else value).isoformat()
    return value.value if isinstance(value, Enum) else value


def _delete(*conditions: ColumnElement[bool]) -> None:
    for export in db.session.scalars(select(Export).where(*conditions)).all():
        jobs.take_back(Kind.MAKE_EXPORT, export.id)
        told = {"user_id": export.reader_id, "event": Event.EXPORT_MADE, "proposal_id": export.proposal_id}
        db.session.execute(delete(Notification).filter_by(**told))
        db.session.execute(delete(Export).where(Export.id == export.id))


def _own(person: User) -> tuple[ColumnElement[bool], ...]:
    return (Export.user_id == person.id, Export.proposal_id.is_(None))


def _seals() -> seals.Seals:
    return seals.of("exports")


def _about(export: Export) -> bytes:
    """Return to what the seal is bound: whom it is about and, of what is made for a lead, who reads it."""
    return b"%d" % export.user_id if export.proposal_id is None else b"%d for %d" % (export.user_id, export.reader_id)
