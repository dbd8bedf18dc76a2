"""Exports: all that the forum holds about a member, in an archive that a job makes and that is gone after some days."""

import io
import json
import zipfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, delete, select

from forum import jobs, seals
from forum.accounts.locks import lock
from forum.accounts.models import User
from forum.db import db, now, writing
from forum.events import Event, record
from forum.extensions import speaking
from forum.jobs import Kind
from forum.notifications.models import Notification
from forum.privacy import holdings
from forum.privacy.models import Export

KEPT = timedelta(days=7)  # long enough to come back for it, short enough not to lie about


def of(person: User) -> Export | None:
    """Return the export that a member has asked for last."""
    return db.session.scalar(select(Export).where(Export.user_id == person.id))


def ask(person: User) -> Export:
    """Let all be put together that the forum holds about a member; a former archive goes."""
    lock(person)
    forget(person)
    export = Export(user_id=person.id)
    db.session.add(export)
    record(Event.EXPORT_ASKED, export, by=person)
    jobs.put(Kind.MAKE_EXPORT, export.id)
    return export


def forget(person: User) -> None:
    """Delete the archive of a member, and the notice of it; one that is asked for is not made."""
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
    return _seals().open(export.sealed, _about(person.id))


def make(export_id: int) -> None:
    """Make the archive that a member has asked for, and tell them; a job, which finds nothing to do if it was done."""
    export = db.session.get(Export, export_id)
    person = db.session.get(User, export.user_id) if export else None
    if export is None or person is None or export.made_at is not None:
        return
    asked = (person.id, export.created_at, None)
    sealed = _seals().seal(archive(person), _about(person.id))
    with writing():
        found = db.session.get(Export, export_id, with_for_update=True, populate_existing=True)
        # It was asked for anew, the account was deleted, or the number is that of another one's by now.
        if found is None or (found.user_id, found.created_at, found.made_at) != asked:
            return
        found.sealed, found.made_at = sealed, now()
        record(Event.EXPORT_MADE, found)
        db.session.add(Notification(user_id=found.user_id, event=Event.EXPORT_MADE))


def forget_old() -> None:
    """Delete the archives whose days are over; a job."""
    old = select(Export.user_id).where(Export.made_at < now() - KEPT)
    for user_id in db.session.scalars(old).all():
        with writing():
            _delete(Export.user_id == user_id, Export.made_at < now() - KEPT)


def archive(person: User) -> bytes:
    """Return all that the forum holds about a person, as JSON and as a page to read, in one ZIP archive."""
    held = {name: [_plain(row) for row in rows] for name, rows in holdings.of(person).items()}
    facts = {"site": current_app.config["SITE_NAME"], "made_at": now().isoformat(), **held}
    with speaking(person.language) as language:
        template = current_app.jinja_env.get_template("privacy/archive.html")
        page = template.render(sections=held, made_at=facts["made_at"], site=facts["site"], lang=language)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("everything.json", json.dumps(facts, ensure_ascii=False, indent=2))
        files.writestr("everything.html", page)
    return packed.getvalue()


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _as_json(value) for name, value in row.items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _delete(*conditions: ColumnElement[bool]) -> None:
    for number, user_id in db.session.execute(select(Export.id, Export.user_id).where(*conditions)).all():
        jobs.take_back(Kind.MAKE_EXPORT, number)
        db.session.execute(delete(Notification).where(*_told(user_id)))
        db.session.execute(delete(Export).where(Export.id == number))


def _told(user_id: int) -> tuple[Any, ...]:
    return (Notification.user_id == user_id, Notification.event == Event.EXPORT_MADE)


def _seals() -> seals.Seals:
    return seals.of("exports")


def _about(user_id: int) -> bytes:
    return b"%d" % user_id
