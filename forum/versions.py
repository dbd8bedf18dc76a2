"""By which version a page is known that is the same for everybody: a row for the site, one for its lists, one a debate.

Whoever changes what everybody can read says so within the transaction; the rows get a new stamp with its commit, so a
page that was made under another stamp is stale for every process from that moment on. A stamp is drawn by lot: after a
restore, none comes back for another state of the pages.
"""

import secrets
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import current_app, g
from sqlalchemy import BigInteger, ColumnElement, Engine, String, bindparam, cast, event, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from forum.bells import Bell
from forum.db import OUT_OF_ORDER, Bare, db, insert_into, now, rows

SITE = "site"  # what stands on every page: the head of the log, names, which debates are open
LISTS = "lists"  # pages with something of every debate
CHANGED = "changed pages"  # in the session's `info`: the scopes that this transaction changes


class PageVersion(Bare):
    """The version of all pages with one scope."""

    __tablename__ = "page_versions"

    scope: Mapped[str] = mapped_column(String(40), primary_key=True)
    stamp: Mapped[int] = mapped_column(BigInteger)
    settles_at: Mapped[int] = mapped_column(BigInteger, default=0)  # second from which on nothing of it waits any more


class Version(NamedTuple):
    """The stamp of a scope, and until which second what has happened may still change its pages by itself."""

    stamp: int = 0
    settles_at: int = 0


Versions = Mapping[str, Version]


class Unknown(Exception):
    """The database does not tell which versions there are now."""


def of_debate(debate_id: int) -> str:
    """Return the scope of a debate."""
    return f"debate {debate_id}"


def change_site(_subject: object = None, *, settles_in: timedelta = timedelta()) -> None:
    """Make every page stale when the transaction is stored; `settles_in`: for so long they may change once more."""
    _change([SITE], settles_in)


def change_debate(debate_id: int) -> None:
    """Make the pages of a debate stale when the transaction is stored, and the lists that tell of it."""
    _change([LISTS, of_debate(debate_id)], timedelta())


def read(engine: Engine, scopes: Iterable[str]) -> Versions:
    """Return the versions of some scopes as they are now, in the fewest steps: a kept page costs little more.

    Raises `Unknown`.
    """
    listed = ", ".join(f"'{scope}'" for scope in scopes)  # names of ours and numbers, nothing of a request
    try:
        with closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(f"select scope, stamp, settles_at from page_versions where scope in ({listed})")  # noqa: S608
            found = {scope: Version(stamp, settles_at) for scope, stamp, settles_at in cursor.fetchall()}
            cursor.close()
    except (engine.dialect.loaded_dbapi.Error, *OUT_OF_ORDER) as error:
        raise Unknown from error
    return {scope: found.get(scope, Version()) for scope in scopes}


def beside(debate_id: Any) -> list[ColumnElement[int]]:
    """Return what to ask beside a debate, in one statement with it, for `depend_on`."""
    site, debate = PageVersion.scope == SITE, PageVersion.scope == "debate " + cast(debate_id, String)
    parts = ((PageVersion.stamp, site), (PageVersion.settles_at, site), (PageVersion.stamp, debate))
    return [func.coalesce(select(part).where(where).scalar_subquery(), 0) for part, where in parts]


def depend_on(debate_id: int, *found: int) -> None:
    """Say that the page shows this debate and no other one; `found` is what was asked `beside` it.

    It was read before what it stands for, so nothing on the page is older than its version says.
    """
    site, settles_at, debate = found
    g.page_versions = {SITE: Version(site, settles_at), of_debate(debate_id): Version(debate)}


_OF_SCOPES = select(PageVersion.scope, PageVersion.stamp).where(
    PageVersion.scope.in_(bindparam("scopes", expanding=True))
)


def of_debates(numbers: Iterable[int]) -> dict[int, int]:
    """Return the stamps of some debates by their numbers, as the running transaction sees them."""
    scopes = {of_debate(number): number for number in numbers}
    found = {scopes[scope]: stamp for scope, stamp in rows(_OF_SCOPES, {"scopes": list(scopes)})}
    return {number: found.get(number, 0) for number in scopes.values()}


_OF_SITE = select(PageVersion.stamp).where(PageVersion.scope == SITE)


def of_site() -> int:
    """Return the stamp of what every page shows, as the running transaction sees it."""
    return rows(_OF_SITE, {}).scalar() or 0


_OF_LISTS = select(PageVersion.scope, PageVersion.stamp).where(PageVersion.scope.in_([SITE, LISTS]))


def of_lists() -> frozenset[tuple[str, int]]:
    """Return under what is known whatever is public of all debates, as the running transaction sees it."""
    return frozenset(tuple(row) for row in rows(_OF_LISTS, {}))


def site_stamp() -> int:
    """Return the same as this page knows it, asked once for an answer."""
    found: Version | None = g.get("page_versions", {}).get(SITE)
    if found is None:
        if "site_stamp" not in g:
            g.site_stamp = of_site()
        return int(g.site_stamp)
    return found.stamp


def hold_until(moment: datetime) -> None:
    """Say that the page may change by itself at a moment."""
    g.page_until = moment


def _change(scopes: Iterable[str], settles_in: timedelta) -> None:
    changed: dict[str, int] = db.session.info.setdefault(CHANGED, {})
    for scope in scopes:
        settles_at = int((now() + settles_in).timestamp()) + 1 if settles_in else 0
        changed[scope] = max(settles_at, changed.get(scope, 0))


@event.listens_for(Session, "before_commit")
def _stamp(session: Session) -> None:
    """Draw the new stamps. It is the last that a transaction does, and in one order, so none waits for another one."""
    changed: dict[str, int] = session.info.get(CHANGED, {})
    if not changed or session.in_nested_transaction():
        return
    session.flush()
    for scope in sorted(changed, key=lambda scope: (scope.startswith("debate"), scope)):
        row: dict[str, Any] = {"scope": scope, "stamp": secrets.randbits(62), "settles_at": changed[scope]}
        new = insert_into(PageVersion).values(row)
        latest = {"stamp": row["stamp"], "settles_at": new.excluded.settles_at}
        if not row["settles_at"]:  # what was still to come is still to come
            del latest["settles_at"]
        session.execute(new.on_conflict_do_update(index_elements=["scope"], set_=latest))


@event.listens_for(Session, "after_commit")
def _ring(session: Session) -> None:
    """Tell the processes on this machine, before anybody is told that it is stored."""
    bell: Bell | None = current_app.extensions.get("bell")
    if session.info.get(CHANGED) and bell is not None:
        with suppress(OSError):  # they look by themselves before long
            bell.ring()


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop(CHANGED, None)
