"""The Flask extensions that every room shares."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from babel.support import Translations
from flask import Flask, current_app, g, request
from flask.templating import Environment
from flask_babel import Babel, Domain, force_locale, get_locale, get_translations
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect

from forum import catalogues
from forum.text import RECOGNISED

login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()

LOCALES = {"en": "en_GB"}  # dates as the texts are spelt: 18 November


class Spoken(NamedTuple):
    """A language by its code, and its catalogue."""

    language: str
    catalogue: Any


def language() -> str:
    """Return the code of the language in which this answer speaks."""
    return _spoken().language


def _spoken() -> Spoken:
    """Return what this answer speaks, found out once: a page asks hundreds of times."""
    found: Spoken | None = g.get("spoken")
    if found is None:
        found = g.spoken = Spoken(str(get_locale().language), get_translations())
    return found


def written_languages() -> list[str]:
    """Return the languages in which replies can be: those of the forum, and those that are told by their letters."""
    return list(dict.fromkeys([*current_app.config["LANGUAGES"], *RECOGNISED]))


def reader() -> Any:
    """Return who asks for the page: the person, of whom a page asks much, and not what stands for them."""
    return current_user._get_current_object()


@contextmanager
def speaking(code: str) -> Iterator[str]:
    """Let the block speak to somebody in their language, or in the first one where theirs has no catalogue.

    Gives the code of the language that is spoken.
    """
    spoken = current_app.extensions["languages"]
    code = code if code in spoken else spoken[0]
    outer = g.pop("spoken", None)
    try:
        with force_locale(LOCALES.get(code, code)):
            yield code
    finally:
        g.spoken = outer


def _locale() -> str:
    """Return the reader's locale: a prefix beats the account, the account beats the first language.

    Only languages whose catalogue is shipped are spoken; the page says which one it is in.
    """
    spoken = current_app.extensions["languages"]
    wishes = [request.environ.get("forum.language")]
    if getattr(g, "_login_user", None) is not None:  # do not wake the session for a public page
        wishes.append(getattr(current_user, "language", None))
    for wish in wishes:
        if wish in spoken:
            return LOCALES.get(str(wish), str(wish))
    return LOCALES.get(spoken[0], str(spoken[0]))


def _reader() -> dict[str, object]:
    """Ask who reads before the first word is said: the account may choose the language."""
    return {"current_user": current_user} if current_user else {}


class Catalogues(Domain):
    """The catalogues of this forum."""

    def get_translations(self) -> Translations:
        """Return the catalogue of the language that is spoken."""
        locale = get_locale()
        return catalogues.read(str(locale.language) if locale else "en")


def _translations() -> Any:
    return _spoken().catalogue


class Templates(Environment):
    """Flask's templates, none of which has names of its own: those that all share are one dictionary for all.

    A view of two dictionaries, as Jinja makes for each, is looked through in Python: a tenth of a page of the desk.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the names that a template knows beside what it is given."""
        return super().make_globals(d) if d else self.globals


def init_app(app: Flask) -> None:
    """Bind the extensions to `app`."""
    app.jinja_environment = Templates
    # Sessions are rows that a GET never writes; nothing here may look at addresses or browsers.
    login_manager.session_protection = None
    # Templates ask who reads where they need it: a part that is kept is drawn as for nobody (`fragments`).
    login_manager.init_app(app, add_context_processor=False)
    app.context_processor(_reader)
    app.jinja_env.globals["current_user"] = current_user
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # accounts/doors.py asks for the token, at every door
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a form lives as long as its session
    app.config["WTF_CSRF_SSL_STRICT"] = False  # web.py compares the Origin; some people's browsers send no Referer
    csrf.init_app(app)
    app.config["BABEL_DEFAULT_TIMEZONE"] = app.config["TIMEZONE"]
    babel.init_app(app, locale_selector=_locale)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda words: _translations().ugettext(words),
        ngettext=lambda one, many, count: _translations().ungettext(one, many, count),
        newstyle=True,
    )
    babel.domain_instance = Catalogues()
    shipped = [code for code in app.config["LANGUAGES"] if catalogues.is_spoken(code)]
    app.extensions["languages"] = shipped or ["en"]
