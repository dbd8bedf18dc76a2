"""Parts of pages that are kept as they were drawn, in this process, under all that they show.

Another fact is another key, so nothing that is kept can be out of date, and nothing has to be thrown away but what has
not been asked for longest. A part is drawn as for nobody: what depends on the person who reads is either said in its
key or left open with a mark and put in afterwards.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from sys import getsizeof
from threading import Lock
from typing import Any

from flask import Flask, current_app, g, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from forum.extensions import language

MOST = 32 * 1024 * 1024  # bytes of a process: the cards of about 10,000 replies in one language
BESIDE = 1000  # bytes that a part takes beside its text, with its key
_LOT = secrets.token_hex(8)  # so that no text of anybody can hold a mark


def mark(name: str) -> Markup:
    """Return what stands in a kept part for something that is put in afterwards."""
    return Markup(f"\0{name} {_LOT}\0")  # noqa: S704 (only its name and the lot)


TOKEN = mark("token")


class Kept:
    """What was made, by its key; what was not asked for longest goes when all of it has more than `most` bytes."""

    def __init__(self, most: int = MOST) -> None:
        self.most, self.size = most, 0
        self.rows: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable) -> Any:
        """Return what is kept under `key`, or None."""
        with self.lock:
            row = self.rows.get(key)
            if row is None:
                return None
            self.rows.move_to_end(key)
            return row[0]

    def put(self, key: Hashable, made: Any, size: int) -> None:
        """Keep what was made, of `size` bytes."""
        with self.lock:
            former = self.rows.pop(key, None)
            self.rows[key] = made, size + BESIDE
            self.size += size + BESIDE - (former[1] if former else 0)
            while self.size > self.most:
                self.size -= self.rows.popitem(last=False)[1][1]


def kept() -> Kept:
    """Return what this forum keeps in this process."""
    found: Kept = current_app.extensions["fragments"]
    return found


@contextmanager
def as_nobody() -> Iterator[None]:
    """Draw in the block as for nobody: no name, no token of whoever reads can get into what is kept."""
    spoken = language()  # that of the reader, before the reader is gone
    reader, g.drawn_in = g.get("_login_user"), g.get("drawn_in", spoken)
    outer = g.get("is_drawn", False)
    g._login_user, g.is_drawn = current_app.login_manager.anonymous_user(), True  # type: ignore[attr-defined]
    try:
        yield
    finally:
        g.is_drawn = outer
        if reader is None:
            del g._login_user
        else:
            g._login_user = reader


def part(name: str, *facts: Hashable, caller: Callable[[], Markup]) -> Markup:
    """Return a part of a page, which its template draws only where it is not kept; `facts` are all that it shows.

    For `{% call part("name", facts …) %} … {% endcall %}` in a template. The language of the page, and the prefix of
    its addresses, need not be named.
    """
    key = (name, language(), request.script_root, *facts)
    found: Markup | None = kept().get(key)
    if found is None:
        with as_nobody():
            found = caller()
        kept().put(key, found, getsizeof(found))
    return found if g.get("is_drawn") else with_token(found)


def with_token(html: Markup) -> Markup:
    """Return `html` with the token of the reader's session where its forms have left it open."""
    return Markup(html.replace(TOKEN, generate_csrf())) if TOKEN in html else html  # noqa: S704 (it stays what it was)


def token() -> str:
    """Return the token of the reader's session; within a part that is kept, the place for it."""
    return TOKEN if g.get("is_drawn") else generate_csrf()


def init_app(app: Flask) -> None:
    """Begin with nothing kept."""
    app.extensions["fragments"] = Kept()
    app.jinja_env.globals.update(part=part)
    app.context_processor(lambda: {"csrf_token": token})  # in the place of that of Flask-WTF
    app.jinja_env.globals["csrf_token"] = token
