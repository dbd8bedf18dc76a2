"""What every request and answer shares: addresses, language prefixes, cookies, headers."""

import ipaddress
import re
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qsl, quote, urlsplit

from babel import Locale
from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_babel import gettext as _
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import SecurityError
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_accept_header
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from forum.errors import is_for_programs, page

LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
NEVER_PREFIXED = {"api", "static", "healthz", "readyz"}
MAX_BODY = 64 * 1024  # bytes; any text within it is given back in the answer, whatever is wrong with it
SAFE = {"GET", "HEAD", "OPTIONS"}

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
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
SESSION = "session"  # what the cookie is called
CHOSEN = "lang"  # of `/?lang=en`: the first language, whatever the browser asks for
NEGOTIATED = "forum.negotiated"  # in the environment of a request: what the browser asks for told the language
OWN_NAMES = {"en": "English", "ru": "Русский", "kk": "Қазақша"}
A_DAY = 24 * 3600  # seconds


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
    """Takes `/ru` off the path and puts it before every address that the page links to.

    Whoever comes to `/` without a session gets the page in the language that their browser asks for, of those that are
    `spoken`, as if they had come to its prefix.
    """

    def __init__(self, wsgi_app: Callable[..., Iterable[bytes]], languages: list[str], spoken: list[str]) -> None:
        self.wsgi_app = wsgi_app
        self.first, self.prefixed, self.spoken = languages[0], set(languages[1:]), spoken

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        path = environ.get("PATH_INFO", "")
        first, _slash, rest = path.lstrip("/").partition("/")
        if first in self.prefixed and rest.partition("/")[0] not in NEVER_PREFIXED:
            self._speak(environ, first, "/" + rest)
        elif path == "/" and self._negotiates(environ):
            wished = parse_accept_header(environ.get("HTTP_ACCEPT_LANGUAGE"), LanguageAccept)
            codes = (tag.partition("-")[0].lower() for tag, quality in wished if quality)  # of kk-KZ; the dearest first
            code = next((code for code in codes if code in self.spoken), self.first)
            if code in self.prefixed:
                self._speak(environ, code, "/")
            environ[NEGOTIATED] = "negotiated"
        return self.wsgi_app(environ, start_response)

    def _negotiates(self, environ: dict[str, Any]) -> bool:
        """Say whether nothing but the browser's wish tells the language: no choice in the address, and no account."""
        chosen = f"{CHOSEN}={self.first}" in environ.get("QUERY_STRING", "").split("&")
        return len(self.spoken) > 1 and not chosen and f"{SESSION}=" not in environ.get("HTTP_COOKIE", "")

    def _speak(self, environ: dict[str, Any], code: str, path: str) -> None:
        environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{code}"
        environ["PATH_INFO"] = path
        environ["forum.language"] = code


class OwnProxies:
    """Believes what a proxy says of a request only where the proxy stands on this machine, or in a network named.

    So nobody out there, nor in the same house, can say which address they have, also where they reach the server past
    its proxy.
    """

    def __init__(self, wsgi_app: Callable[..., Iterable[bytes]], proxies: int, networks: list[Network]) -> None:
        self.networks = networks
        self.bare, self.behind = wsgi_app, ProxyFix(wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        is_own = self._is_own(environ.get("REMOTE_ADDR") or "")
        return (self.behind if is_own else self.bare)(environ, start_response)

    def _is_own(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return True  # a socket in the file system
        plain = getattr(address, "ipv4_mapped", None) or address
        return bool(plain.is_loopback) or any(plain in network for network in self.networks)


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
        return f"__Host-{SESSION}" if request.is_secure else SESSION

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
    app.wsgi_app = LanguagePrefix(app.wsgi_app, app.config["LANGUAGES"], app.extensions["languages"])  # type: ignore[method-assign]
    if app.config["TRUSTED_PROXIES"]:
        trusted = (app.config["TRUSTED_PROXIES"], app.config["PROXY_NETWORKS"])
        app.wsgi_app = OwnProxies(app.wsgi_app, *trusted)  # type: ignore[method-assign]
    public = urlsplit(app.config["URL"]).hostname
    if public and ":" not in public:  # Werkzeug knows no list with an address of IPv6 in it
        app.config["TRUSTED_HOSTS"] = [public, "localhost", "127.0.0.1"]
    app.before_request(_refuse_strange_hosts)
    app.before_request(_refuse_other_sites)
    app.after_request(_finish)


def clear_site(response: AnyResponse, *, cache: bool = False) -> None:
    """Let the browser throw away what this site has left in it; `cache`: pages that readers see, too.

    Without need not the cache: no page of a member is kept in it (no-store), and Chromium takes seconds to empty it.
    Never `"cookies"`: it would take those of the whole domain, other sites of the house among them; ours goes anyway.
    """
    response.headers["Clear-Site-Data"] = '"cache", "storage"' if cache else '"storage"'


def inner(address: str | None) -> str:
    """Return `address` if every browser sees it within this site (some read a backslash as a slash), else nothing."""
    return address if address and re.fullmatch(r"/(?![/\\])[!-~]*", address) else ""


def _refuse_strange_hosts() -> AnyResponse | None:
    """Serve plain http on this machine only, and no other host than the public one (`TRUSTED_HOSTS`)."""
    try:
        host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    except SecurityError:
        return _plain(_("There is no forum under this host name."), 400)
    if not request.is_secure and host not in LOOPBACK:
        return _plain(_("This forum answers over https only."), 400)
    return None


def _refuse_other_sites() -> AnyResponse | None:
    """Refuse what another site makes a browser send: beside its token, a form needs to come from a page of this site.

    A browser that hides the origin of a form says `null`; it is believed where it also says that the site is the same.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method in SAFE or getattr(view, "from_elsewhere", False):
        return None
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_told = site in {"same-origin", "none"}  # none: no page at all has sent it
    is_ours = origin is None or origin in map(_origin, own_addresses()) or (origin == "null" and is_told)
    if is_ours and (site is None or is_told):
        return None
    advice = _(
        "Nothing was stored. If you wrote it here, go back: your text is still there. "
        "Copy it, load the page anew and send it from there."
    )
    return page(403, _("This form was sent from another site"), advice)


def _origin(address: str) -> str:
    """Return the origin of an address as browsers write it."""
    parts = urlsplit(address)
    own = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{(parts.netloc.lower()).removesuffix(f':{own}')}"


def own_addresses() -> list[str]:
    """Return what stands before a path in an address of this site: the public one, and that of this request."""
    return [address for address in (current_app.config["URL"], request.host_url) if address]


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


def language_links(path: str | None = None) -> list[tuple[str, str, str]]:
    """Return each language with what it calls itself and the address of this page in it; nothing where there is one.

    `path`: of another page, where nothing of what was asked for may be told. A question goes along, no other query.
    """
    spoken, first = current_app.extensions["languages"], current_app.config["LANGUAGES"][0]
    if len(spoken) < 2 or (path is None and request.method not in SAFE):
        return []
    outside = request.script_root.removesuffix(f"/{request.environ.get('forum.language', '')}")
    asked = request.query_string.decode("latin-1") if request.endpoint == "search.show" else ""
    path = path or request.path
    links = []
    for code in spoken:
        query = f"{CHOSEN}={code}" if path == "/" and code == first else asked
        prefix = "" if code == first else f"/{code}"
        address = f"{outside}{prefix}{quote(path)}" + (f"?{query}" if query else "")
        links.append((code, own_language_name(code), address))
    return links


@cache
def own_language_name(code: str) -> str:
    """Return what a language calls itself."""
    return OWN_NAMES.get(code) or (Locale.parse(code).get_display_name(code) or code).capitalize()


@cache
def asset_version(name: str) -> str:
    """Return by what a static file is known: it changes with the file, so that browsers may keep it; else nothing."""
    path = safe_join(str(current_app.static_folder), name)
    return sha256(Path(path).read_bytes()).hexdigest()[:10] if path and Path(path).is_file() else ""


def _plain(message: str, status: int) -> AnyResponse:
    """Return a bare answer: to a request that is not for this forum, no page of it is shown."""
    return Response(f"{message}\n", status, mimetype="text/plain")


def _finish(response: Response) -> AnyResponse:
    if NEGOTIATED in request.environ:  # for caches on the way
        response.vary.add("Accept-Language")
    given = {name.lower() for name, _value in response.headers}
    for name, value in HEADERS.items():
        if name.lower() not in given:
            response.headers.add(name, value)
    if request.is_secure:
        seconds = current_app.config["HSTS_DAYS"] * A_DAY
        response.headers["Strict-Transport-Security"] = f"max-age={seconds}; includeSubDomains"
    if request.endpoint == "static":
        if request.args.get("v") == asset_version(str((request.view_args or {})["filename"])):
            response.headers["Cache-Control"] = f"public, max-age={365 * A_DAY}, immutable"
        return response
    is_personal = response.cache_control.no_store or (not is_for_programs() and "sid" in session)
    if is_personal or response.status_code != 200 or request.method not in {"GET", "HEAD"}:
        response.headers["Cache-Control"] = "private, no-store"
        return response
    # A page with a form for readers: its token is theirs alone.
    if not is_for_programs() and (session.modified or "csrf_token" in g):
        response.headers["Cache-Control"] = "private, no-store"
        return response
    seconds = current_app.config["SHARED_SECONDS"]
    response.headers["Cache-Control"] = f"public, max-age=0, s-maxage={seconds}" if seconds else "no-cache"
    g.is_for_all = not response.is_streamed
    response.add_etag()
    return response.make_conditional(request)
