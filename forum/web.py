"""What every request and answer shares: addresses, language prefixes, cookies, headers."""

import re
from collections.abc import Callable, Iterable
from typing import IO, Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask, Request, Response, current_app, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_babel import gettext as _
from werkzeug.formparser import FormDataParser
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response as AnyResponse

from forum.errors import is_for_programs

LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
NEVER_PREFIXED = {"api", "static", "healthz", "readyz"}
MAX_BODY = 2 * 1024 * 1024  # bytes; any text within it is given back in the answer, whatever is wrong with it

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
}
A_YEAR = 365 * 24 * 3600


class SlugConverter(BaseConverter):
    """The part of an address that names a debate; anything else is no page of ours."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


class IdConverter(BaseConverter):
    """The number of a row, small enough for both engines to compare."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        """Return the number."""
        return int(value)


class NameConverter(BaseConverter):
    """The name of a person; what no name can hold is no page of ours, and no business of the database."""

    regex = r"[^/\x00-\x1f\x7f]{1,120}"


class LanguagePrefix:
    """Takes `/ru` off the path and puts it before every address that the page links to."""

    def __init__(self, wsgi_app: Callable[..., Iterable[bytes]], languages: list[str]) -> None:
        self.wsgi_app = wsgi_app
        self.prefixed = set(languages[1:])

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        first, _slash, rest = environ.get("PATH_INFO", "").lstrip("/").partition("/")
        if first in self.prefixed and rest.partition("/")[0] not in NEVER_PREFIXED:
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/" + first
            environ["PATH_INFO"] = "/" + rest
            environ["forum.language"] = first
        return self.wsgi_app(environ, start_response)


class WholeForm(FormDataParser):
    """Reads a form so that bytes that are no UTF-8 show as damaged characters, which its fields refuse by name."""

    def parse(self, stream: IO[bytes], mimetype: str, *args: Any, **options: Any) -> Any:
        """Return the stream, the fields and the files."""
        if mimetype != "application/x-www-form-urlencoded":
            return super().parse(stream, mimetype, *args, **options)
        fields = parse_qsl(stream.read().decode(errors="replace"), keep_blank_values=True, errors="replace")
        return stream, self.cls(fields), self.cls()


class ForumRequest(Request):
    """A request whose form is read as `WholeForm` reads it."""

    form_data_parser_class = WholeForm


class SessionCookie(SecureCookieSessionInterface):
    """A cookie bound to this host; without `Secure` only over plain http on this very machine."""

    def get_cookie_name(self, app: Flask) -> str:
        """Return the name; the prefix makes browsers insist on Secure, Path=/ and no Domain."""
        return "__Host-session" if request.is_secure else "session"

    def get_cookie_secure(self, app: Flask) -> bool:
        """Say whether the cookie is kept from plain http."""
        return request.is_secure

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Leave the session in its cookie, and say that the answer depends on it; not so for programs."""
        if not is_for_programs():
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Set up addresses, cookies and headers."""
    app.url_map.converters.update(slug=SlugConverter, id=IdConverter, name=NameConverter)
    app.request_class = ForumRequest
    app.session_interface = SessionCookie()
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        MAX_FORM_PARTS=100,
    )
    app.wsgi_app = LanguagePrefix(app.wsgi_app, app.config["LANGUAGES"])  # type: ignore[method-assign]
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    app.before_request(_refuse_strange_hosts)
    app.after_request(_finish)


def inner(address: str | None) -> str:
    """Return `address` if every browser sees it within this site (some read a backslash as a slash), else nothing."""
    return address if address and re.fullmatch(r"/(?![/\\])[!-~]*", address) else ""


def _refuse_strange_hosts() -> AnyResponse | None:
    """Serve plain http on this machine only, and no other host than the public one."""
    public = current_app.config["URL"]
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if not request.is_secure and host not in LOOPBACK:
        return _plain(_("This forum answers over https only."), 400)
    if public and host not in LOOPBACK and request.host != urlsplit(public).netloc:
        return _plain(_("There is no forum under this host name."), 400)
    origin = request.headers.get("Origin")
    if origin and request.method == "POST" and origin.partition("://")[2] != request.host:
        return _plain(_("This form was sent from another site."), 403)
    return None


def own_addresses() -> list[str]:
    """Return what stands before a path in an address of this site: the public one, and that of this request."""
    return [current_app.config["URL"], request.host_url]


def canonical(path: str | None = None) -> str:
    """Return the public address of a path of this site, by default of the page that is asked for, without its query."""
    root = (current_app.config["URL"] or request.host_url).rstrip("/")
    return root + (request.script_root + request.path if path is None else path)


def in_languages(path: str | None = None) -> list[tuple[str, str]]:
    """Return the public address of the same page in each language, by its code; nothing where there is only one."""
    spoken, first = current_app.extensions["languages"], current_app.config["LANGUAGES"][0]
    bare = request.path if path is None else path.removeprefix(request.script_root)
    addresses = [(code, canonical(("" if code == first else f"/{code}") + bare)) for code in spoken]
    return addresses if len(addresses) > 1 else []


def _plain(message: str, status: int) -> AnyResponse:
    """Return a bare answer: to a request that is not for this forum, no page of it is shown."""
    return Response(f"{message}\n", status, mimetype="text/plain")


def _finish(response: Response) -> AnyResponse:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
    if request.endpoint == "static":
        return response
    is_personal = response.cache_control.no_store or (not is_for_programs() and "sid" in session)
    if is_personal or response.status_code != 200 or request.method not in {"GET", "HEAD"}:
        response.headers["Cache-Control"] = "private, no-store"
        return response
    if not is_for_programs() and session.modified:  # a page with a form for readers: its token is theirs alone
        response.headers["Cache-Control"] = "private, no-store"
        return response
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)
