"""Pages that are the same for everybody, kept whole: ready bytes, given out by a small layer in front of Flask.

A page without a session reaches a view once for each version: what is kept is used as long as the versions in the
database are those under which it was made (`versions.py`), and no longer than until the next moment at which a page
changes by itself. What belongs to a person, holds a form or echoes what somebody looks for is never kept.
"""

from collections.abc import Callable, Collection, Iterable
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from time import monotonic, time
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Engine, make_url, select
from werkzeug.wsgi import ClosingIterator

from forum import versions
from forum.bells import Bell
from forum.db import db, is_sqlite, now
from forum.debates.models import Debate
from forum.debates.order import hour_of
from forum.errors import FOR_PROGRAMS
from forum.page_store import Key, Page, Store, coding_of
from forum.versions import LISTS, SITE, Version, Versions
from forum.web import NEGOTIATED, SESSION

BEFORE, KEPT = "forum.versions", "forum.kept"  # in the environment of a request: what is asked, and the answer
FOR_ALL = (FOR_PROGRAMS, "/static/")  # how addresses begin at which no session counts
COOKIE = f"{SESSION}="  # also where more stands before it
MIB = 1024 * 1024
UNHEARD = 1.0  # seconds after which the versions are read though nobody rang: who changed them may have died before it
STIRRING = timedelta(seconds=1)  # how long a page holds while something that has happened has yet to show
OF_ANSWER = {"content-length", "date"}  # headers that depend on who asks


Known = tuple[bytes, float, dict[str, Version]]  # what the bell said, when it was looked at, what was read since


@dataclass(frozen=True)
class Kept:
    """What a view says of an answer that everybody may get: under which versions it was made, until when it holds."""

    versions: Versions
    until: datetime | None


class KeptPages:
    """Gives out what it has kept, and keeps what Flask makes for everybody."""

    def __init__(self, app: Flask, store: Store) -> None:
        self.app, self.store, self.wsgi_app = app, store, app.wsgi_app
        self._site = Version()
        self._known: Known = b"", 0.0, {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        method = environ["REQUEST_METHOD"]
        has_session = COOKIE in environ.get("HTTP_COOKIE", "") and not environ["PATH_INFO"].startswith(FOR_ALL)
        if method not in {"GET", "HEAD"} or has_session:
            return self.wsgi_app(environ, start_response)
        key = _key(environ)
        try:
            page = self.store.get(key)
            if page is not None and self._holds(page):
                return self._give(key, page, environ, start_response)
            if self.store.is_never_kept(key):
                return self._let_through(key, environ, start_response)
            with self.store.making(key):
                page = self.store.get(key)
                if page is not None and self._holds(page):
                    return self._give(key, page, environ, start_response)
                return self._make(key, environ, start_response)
        except versions.Unknown:  # the page that says so is Flask's
            return self.wsgi_app(environ, start_response)

    @cached_property
    def _engine(self) -> Engine:
        with self.app.app_context():
            return db.engine

    def _holds(self, page: Page) -> bool:
        """Say whether a page still shows what is so."""
        if page.ends_at <= time():
            return False
        known = self._versions(page.versions)
        return page.versions.items() <= known.items()

    def _versions(self, scopes: Collection[str]) -> Versions:
        """Return the versions of now: those that this process has read, if nobody has rung since."""
        bell: Bell | None = self.app.extensions["bell"]
        if bell is None or not scopes:
            return versions.read(self._engine, scopes) if scopes else {}
        heard, moment = bell.heard(), monotonic()
        known = self._known
        if known[0] != heard or moment - known[1] > UNHEARD:
            known = self._known = heard, moment, {}  # what is read after this is not older than the ring
        missing = [scope for scope in scopes if scope not in known[2]]
        if missing:
            known[2].update(versions.read(self._engine, missing))
        return known[2]

    def _make(self, key: Key, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Let Flask answer, and keep its answer if it says that everybody may get it.

        Who asks for the head alone gets that of the whole answer.
        """
        before = versions.read(self._engine, [SITE, LISTS])  # so nothing on the page is older than they say
        if before[SITE] != self._site:  # every page is stale, and no erased word stays in memory
            self._site = before[SITE]
            self.store.clear()
        caught: list[Any] = []

        def catch(*answer: Any) -> Callable[[bytes], object]:
            caught[:] = answer
            return caught.append  # nobody writes in this way

        environ[BEFORE] = before
        asked = {name: environ.pop(name) for name in list(environ) if name.startswith("HTTP_IF_")}  # for a whole answer
        asked["REQUEST_METHOD"] = environ["REQUEST_METHOD"]
        environ["REQUEST_METHOD"] = "GET"
        try:
            body = self.wsgi_app(environ, catch)
        finally:
            environ.update(asked)
        kept: Kept | None = environ.get(KEPT)
        if kept is None:
            self.store.put(key, None)
            start_response(*caught)
            return body if environ["REQUEST_METHOD"] == "GET" else ClosingIterator([], getattr(body, "close", None))
        with closing(body) if hasattr(body, "close") else nullcontext():  # type: ignore[type-var]
            text = b"".join(body)
        headers = [(name, value) for name, value in caught[1] if name.lower() not in OF_ANSWER]
        page = Page(kept.versions, kept.until, environ.get("forum.route"), headers, text)
        self.store.put(key, page)
        return self._give(key, page, environ, start_response)

    def _give(self, key: Key, page: Page, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer with a page, or that it has not changed."""
        environ["forum.route"] = page.route
        coding = coding_of(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if not page.has(coding):
            page.prepare(coding)
            self.store.put(key, page)
        answer, known = page.answer(coding), environ.get("HTTP_IF_NONE_MATCH")
        if known and page.is_among(known):
            start_response("304 NOT MODIFIED", answer.unchanged)
            return []
        start_response("200 OK", answer.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    def _let_through(self, key: Key, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Let Flask answer; should the answer be one to be kept after all, the next one is."""
        environ[BEFORE] = versions.read(self._engine, [SITE, LISTS])
        body = self.wsgi_app(environ, start_response)
        if KEPT in environ:
            self.store.drop(key)
        return body


def _key(environ: dict[str, Any]) -> Key:
    return (
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST", ""),
        environ.get("SCRIPT_NAME", ""),
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        environ.get(NEGOTIATED, ""),
    )


def _note(response: Response) -> Response:
    """Say of an answer that everybody may get it, if that is so. It is the last that looks at an answer."""
    before: Versions | None = request.environ.get(BEFORE)
    if before is None or response.status_code != 200:
        return response
    if request.endpoint == "static":
        if response.cache_control.immutable:
            request.environ[KEPT] = Kept({}, None)
    elif getattr(current_app.view_functions[request.endpoint or ""], "is_kept", False) and "is_for_all" in g:
        made_under: Versions = g.get("page_versions", before)
        request.environ[KEPT] = Kept(made_under, _until(made_under[SITE]))
    return response


def _until(site: Version) -> datetime:
    """Return the next moment at which a page changes by itself.

    The order of replies does with each hour, a debate opens and closes at its time, and what can still be undone has
    yet to show in the log.
    """
    moment = now()
    ends = [hour_of(hour_of(moment) + timedelta(hours=1)), *(turn for turn in _turns(site) if turn > moment)]
    ends += [moment + STIRRING] if site.settles_at > moment.timestamp() else []
    return min([*ends, g.get("page_until", ends[0])])


def _turns(site: Version) -> list[datetime]:
    """Return when debates open and close; asked once for each version of the site."""
    known: dict[Version, list[datetime]] = current_app.extensions["turns"]
    if site not in known:
        with db.engine.connect() as connection:
            rows = connection.execute(select(Debate.opens_at, Debate.closes_at)).all()
        known.clear()
        known[site] = [moment for row in rows for moment in row if moment is not None and moment > now()]
    return known[site]


def shared_bell(app: Flask) -> Bell | None:
    """Return the bell of all processes on this database, which lies beside it; without one, each page asks."""
    file = make_url(app.config["DATABASE_URL"]).database
    try:
        return Bell(Path(f"{file}-bell")) if file else None
    except OSError:
        return None


def init_app(app: Flask) -> None:
    """Put the layer in front of `app`, before anything else goes there."""
    app.extensions["kept"] = Store(app.config["KEPT_MIB"] * MIB)
    app.extensions["turns"] = {}
    app.extensions["bell"] = shared_bell(app) if is_sqlite(app) else None
    if app.config["KEPT_MIB"]:
        app.wsgi_app = KeptPages(app, app.extensions["kept"])  # type: ignore[method-assign]
        app.after_request(_note)
