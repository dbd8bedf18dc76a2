"""Parts of pages that are kept as they were drawn, in this process, under all that they show.

Another fact is another key, so nothing that is kept can be out of date, and nothing has to be thrown away but what has
not been asked for longest. A part is drawn as for nobody: what depends on the person who reads is either said in its
key or left open with a mark and put in afterwards.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from sys import getsizeof
from typing import TypeVar

from flask import Flask, current_app, g, request
from flask_wtf.csrf import generate_csrf
from jinja2.ext import Extension
from markupsafe import Markup

from forum.extensions import language
from forum.memory import Kept

Made = TypeVar("Made")


class Flat(Extension):
    """Takes the indentation off the lines of templates: who reads a page has no need of it, on its way it is weight."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the text of a template as it is read."""
        return re.sub(r"\n[ \t]+", "\n", source)


_LOT = secrets.token_hex(8)  # so that no text of anybody can hold a mark


def mark(name: str) -> Markup:
    """Return what stands in a kept part for something that is put in afterwards."""
    return Markup(f"\0{name} {_LOT}\0")  # noqa: S704 (only its name and the lot)


TOKEN = mark("token")


def kept() -> Kept:
    """Return what this forum keeps in this process."""
    found: Kept = current_app.extensions["fragments"]
    return found


def once(key: Hashable, ask: Callable[[], Made], size: Callable[[Made], int]) -> Made:
    """Return what is kept under `key`; where nothing is, what `ask` returns, which is kept."""
    found: Made | None = kept().get(key)
    if found is None:
        found = ask()
        kept().put(key, found, size(found))
    return found


@contextmanager
def as_nobody() -> Iterator[None]:
    """Draw in the block as for nobody: no name, no token of whoever reads can get into what is kept."""
    language()  # that of the reader is settled before the reader is gone
    reader, outer = g.get("_login_user"), g.get("is_drawn", False)
    g._login_user, g.is_drawn = current_app.login_manager.anonymous_user(), True  # type: ignore[attr-defined]
    try:
        yield
    finally:
        g.is_drawn = outer
        if reader is None:
            del g._login_user
        else:
            g._login_user = reader


def drawn(name: str, *facts: Hashable, caller: Callable[[], Markup]) -> Markup:
    """Return a part of a page, which its template draws only where it is not kept; `facts` are all that it shows.

    For `{% call drawn("name", facts …) %} … {% endcall %}` in a template. The language of the page, and the prefix of
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
    return Markup(html.replace(TOKEN, csrf())) if TOKEN in html else html  # noqa: S704 (it stays what it was)


def csrf() -> str:
    """Return the token of the reader's session, made once for a page."""
    return str(g.get("csrf_token") or generate_csrf())


def token() -> str:
    """Return the token of the reader's session; within a part that is kept, the place for it."""
    return TOKEN if g.get("is_drawn") else csrf()


def init_app(app: Flask) -> None:
    """Begin with nothing kept."""
    app.extensions["fragments"] = Kept()
    app.jinja_env.add_extension(Flat)
    app.jinja_env.globals.update(drawn=drawn)
    app.context_processor(lambda: {"csrf_token": token})  # in the place of that of Flask-WTF
    app.jinja_env.globals["csrf_token"] = token
