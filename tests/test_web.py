"""What every answer shares, whoever asks for it: headers, cookies, caches, addresses, languages."""

import re
from html.parser import HTMLParser

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale
from werkzeug.test import TestResponse

from forum import create_app
from forum.db import db
from forum.debates.models import Stance
from forum.moderation.models import Action
from tests.world import DEBATE, PASSWORD, SLUG, UNKNOWN, Visitor, World, hidden_field

READING = ["/", DEBATE, f"{DEBATE}?sort=oldest", f"{DEBATE}/replies/1", "/rules", "/about", "/safety", "/privacy"]
READING += ["/log", "/log.atom", "/log.csv"]
READERS_FORMS = [f"{DEBATE}/replies/new", "/accounts/sign-in", "/accounts/sign-up", "/accounts/recover"]
SECURE = "https://localhost"


@pytest.fixture
def busy(world: World) -> World:
    """Return a forum with a public reply (1), one that waits (2), and a tombstone (3) above an answer (4)."""
    world.published("aigerim", passage=2)
    world.reply("aigerim", Stance.ANTI)
    removed = world.published("aigerim", Stance.ANTI)
    world.published("boris", parent=removed)
    world.decide(removed, Action.REMOVE)
    return world


def every_page(world: World) -> list[tuple[str, TestResponse]]:
    """Return every address with the answers to a reader, to the author and to a moderator."""
    people = [world.visitor(name) for name in ("", "aigerim", "maria")]
    paths = [*(path for _endpoint, path in world.addresses()), "/unknown", "/debates/unknown", f"{DEBATE}?pro=9"]
    return [(path, person.get(path, buffered=True)) for person in people for path in paths]


def policy_of(answer: TestResponse) -> dict[str, str]:
    """Return the content security policy by directive."""
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, _space, sources in parts}


def test_every_answer_has_the_headers_that_keep_readers_safe(busy: World) -> None:
    answers = every_page(busy)
    answers += [
        (method, busy.visitor().client.open("/", method=method)) for method in ("HEAD", "OPTIONS", "POST", "TRACE")
    ]
    answers.append(("sent elsewhere", busy.visitor().client.get("/", base_url="http://forum.example")))
    answers.append(("a form refused", busy.visitor().post("/accounts/sign-in")))
    answers.append(("a redirect", busy.visitor("boris").post("/accounts/sign-out")))
    for path, answer in answers:
        policy = policy_of(answer)
        assert policy["default-src"] == "'none'", path
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'", path
        assert {source for name, source in policy.items()} == {"'none'", "'self'"}, path
        assert answer.headers["Referrer-Policy"] == "same-origin", path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        if answer.content_type is not None and not answer.is_json:  # JSON is UTF-8 and takes no such word (RFC 8259)
            assert answer.content_type.endswith("; charset=utf-8"), path
        assert "Strict-Transport-Security" not in answer.headers, path
        assert not {"Server", "X-Powered-By"} & set(answer.headers.keys()), path


class Markup(HTMLParser):
    """Collects what a page must not have: inline code, and addresses on other hosts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_code = tag == "script" and given.get("type") != "application/ld+json"
        if tag == "style" or (is_code and "src" not in given) or tag in {"iframe", "object", "embed", "base"}:
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        asked = {name: given[name] for name in ("src", "action", "formaction", "srcset", "poster") if given.get(name)}
        if tag == "link":
            asked["href"] = (given["href"] or "").removeprefix("http://localhost")
        self.found += [f"{tag} {value}" for value in asked.values() if not re.match(r"/(?!/)", value or "")]
        leaves = tag == "a" and re.match(r"(?!data:text/plain)[a-z]+:|//", given.get("href") or "")
        if leaves and "noreferrer" not in (given.get("rel") or ""):
            self.found.append(f"a {given['href']} without noreferrer")


def test_no_page_has_code_or_style_of_its_own_or_asks_another_host(busy: World) -> None:
    busy.published(
        "boris", text="Read [this](https://example.org/x), <b onclick=x>or</b> ![that](https://example.org/y)."
    )
    pages = [(path, answer.text) for path, answer in every_page(busy) if answer.mimetype == "text/html"]
    pages.append(("the codes", busy.visitor().post("/accounts/sign-up", name="newcomer", password=PASSWORD).text))
    assert {path: Markup(page).found for path, page in pages if Markup(page).found} == {}


def test_the_session_cookie_is_for_this_host_and_for_no_script(busy: World) -> None:
    plain = busy.visitor().get("/accounts/sign-in").headers["Set-Cookie"]
    assert re.fullmatch(r"session=[^;]+; HttpOnly; Path=/; SameSite=Lax", plain)
    secure = busy.visitor().get("/accounts/sign-in", base_url=SECURE).headers["Set-Cookie"]
    assert re.fullmatch(r"__Host-session=[^;]+; Secure; HttpOnly; Path=/; SameSite=Lax", secure)
    assert "Path=/;" in busy.visitor().get("/ru/accounts/sign-in").headers["Set-Cookie"]


def test_over_https_a_member_signs_in_and_browsers_are_told_to_stay_there(busy: World) -> None:
    member = signed_in_over_https(busy)
    answer = member.get("/accounts/replies", base_url=SECURE)
    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert member.get("/accounts/replies").status_code == 401, "the secure cookie is not taken over plain http"


def test_no_form_needs_a_referrer(busy: World) -> None:
    """Some browsers are set to send none; the token and the Origin say enough."""
    member = signed_in_over_https(busy)
    token = hidden_field(member.get(f"{DEBATE}/replies/new", base_url=SECURE).text, "csrf_token")
    for headers in ({}, {"Referer": f"{SECURE}/notifications"}, {"Referer": "about:blank"}, {"Referer": "https://["}):
        read = member.client.post("/notifications/read", data={"csrf_token": token}, base_url=SECURE, headers=headers)
        assert read.status_code == 303, headers


def signed_in_over_https(world: World) -> Visitor:
    member = world.visitor()
    token = hidden_field(member.get("/accounts/sign-in", base_url=SECURE).text, "csrf_token")
    form = {"name": "aigerim", "password": PASSWORD, "csrf_token": token}
    answer = member.client.post("/accounts/sign-in", data=form, base_url=SECURE, headers={"Origin": SECURE})
    assert answer.status_code == 303
    return member


HOSTS = {
    "http://localhost": 200,
    "http://127.0.0.1:8000": 200,
    "http://[::1]:8000": 200,
    "https://forum.example": 200,
    "http://forum.example": 400,
    "http://10.0.0.7": 400,
    "http://localhost.forum.example": 400,
    "http://127.0.0.1.forum.example": 400,
    "http://forum.example:80": 400,
}


def test_plain_http_is_served_on_this_machine_only(app: Flask) -> None:
    client = app.test_client()
    assert {host: client.get("/", base_url=host).status_code for host in HOSTS} == HOSTS


def test_a_host_that_is_none_is_refused(app: Flask) -> None:
    for host in ("", "localhost:abc", "localhost:80/x", "[::1", "a b", "localhost\x00", "дом", "x" * 9000):
        assert app.test_client().get("/", environ_overrides={"HTTP_HOST": host}).status_code == 400, host


def test_with_a_public_address_no_other_host_is_served(app: Flask) -> None:
    facts = {"FORUM_INSTANCE": app.config["INSTANCE"], "FORUM_DATABASE_URL": app.config["DATABASE_URL"]}
    public = create_app(facts | {"FORUM_URL": "https://Forum.example/"}, TESTING=True)
    hosts = {
        "https://forum.example": 200,
        "https://other.example": 400,
        "https://forum.example.other.example": 400,
        "https://sub.forum.example": 400,
        "http://localhost": 200,
        "http://127.0.0.1:8000": 200,
    }
    client = public.test_client()
    assert {host: client.get("/about", base_url=host).status_code for host in hosts} == hosts
    with public.app_context():
        db.engine.dispose()


ORIGINS = {
    "http://localhost": 422,
    "http://evil.example": 403,
    "http://localhost:81": 403,
    "http://localhost.evil.example": 403,
    "null": 403,
    "http://[evil": 403,
    "http://localhost@evil.example": 403,
    "https://localhost": 403,
    "nonsense": 403,
    "": 403,
}


def test_a_form_from_another_site_is_refused(world: World) -> None:
    reader = world.visitor()
    data = {"csrf_token": reader.token()}
    sent = {
        origin: reader.client.post("/accounts/sign-in", data=data, headers={"Origin": origin}) for origin in ORIGINS
    }
    assert {origin: answer.status_code for origin, answer in sent.items()} == ORIGINS


def test_proxy_headers_count_only_when_a_proxy_is_trusted(app: Flask) -> None:
    lie = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "forum.example", "X-Forwarded-For": "203.0.113.7"}
    forwarded = lie | {"Forwarded": "proto=https;host=forum.example", "X-Forwarded-Prefix": "/evil"}
    answer = app.test_client().get("/accounts/sign-in", headers=forwarded)
    assert "Strict-Transport-Security" not in answer.headers
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert "/evil" not in answer.text
    assert "forum.example" not in answer.text

    behind = {"FORUM_INSTANCE": app.config["INSTANCE"], "FORUM_DATABASE_URL": app.config["DATABASE_URL"]}
    proxied = create_app(behind | {"FORUM_TRUSTED_PROXIES": "1"}, TESTING=True)
    answer = proxied.test_client().get("/accounts/sign-in", headers=lie)
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "forum.example" not in answer.text
    with proxied.app_context():
        db.engine.dispose()


def test_readers_get_pages_without_a_cookie_that_are_asked_anew_by_their_version(busy: World) -> None:
    reader = busy.visitor()
    for path in READING:
        answer = reader.get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "Set-Cookie" not in answer.headers, path
        assert "csrf_token" not in answer.text, path
        assert "Cookie" in answer.headers["Vary"], path
        for method in ("GET", "HEAD"):
            again = reader.client.open(path, method=method, headers={"If-None-Match": answer.headers["ETag"]})
            assert again.status_code == 304
            assert again.data == b""
            assert again.headers["ETag"] == answer.headers["ETag"]
        other = reader.get(path, headers={"If-None-Match": '"another"'})
        assert (other.status_code, other.data) == (200, answer.data)


def test_no_error_and_no_file_gives_a_reader_a_cookie(busy: World) -> None:
    for path in ("/unknown", f"{DEBATE}/replies/{UNKNOWN}", f"{DEBATE}?pro=9", "/static/evenhand.css"):
        assert "Set-Cookie" not in busy.visitor().get(path, buffered=True).headers


def test_pages_of_members_are_kept_nowhere(busy: World) -> None:
    member = busy.visitor("maria")
    for _endpoint, path in busy.addresses():
        if not path.startswith(("/static", "/api/")):  # the same for everybody
            answer = member.get(path)
            assert answer.headers["Cache-Control"] == "private, no-store", path
            assert "ETag" not in answer.headers, path


def test_pages_with_a_form_for_readers_are_kept_nowhere(busy: World) -> None:
    for path in READERS_FORMS:
        answer = busy.visitor().get(path)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in answer.headers


@pytest.mark.parametrize("prefix", ["/ru", "/kk"])
def test_a_language_prefix_stays_in_every_link_form_and_redirect(busy: World, prefix: str) -> None:
    links = set()
    for path in [*READING, *READERS_FORMS]:
        answer = busy.visitor().get(prefix + path)
        assert answer.status_code == 200
        page = re.sub(r'<a href="[^"]*" lang="[^"]*" hreflang=[^>]*>', "", answer.text)  # the switch of languages
        links |= set(re.findall(r'(?:href|action|formaction)="(/[^"]*)"', page))
    assert {link for link in links if not link.startswith((f"{prefix}/", "/static/"))} == set()
    assert f"{prefix}{DEBATE}" in links
    signed_in = busy.visitor().post(f"{prefix}/accounts/sign-in", name="aigerim", password=PASSWORD)
    assert signed_in.location == f"{prefix}/"
    asked = busy.visitor().get(f"{prefix}/accounts/settings")
    assert hidden_field(asked.text, "next") == f"{prefix}/accounts/settings"


def test_what_has_no_language_has_no_prefix(busy: World) -> None:
    reader = busy.visitor()
    assert reader.get("/static/evenhand.css", buffered=True).status_code == 200
    paths = [
        "/ru/static/evenhand.css",
        "/ru/api/v1/debates",
        "/ru/healthz",
        f"/en{DEBATE}",
        "/ru/ru/",
        f"/ru/kk{DEBATE}",
        "/rus",
    ]
    assert {path: reader.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)
    assert set(re.findall(r"[^\"]*/static/", reader.get("/ru/").text)) == {"/static/"}


def test_an_unknown_method_is_told_which_ones_there_are(world: World) -> None:
    client = world.app.test_client()
    for path in ("/", DEBATE, "/accounts/sign-in", "/accounts/sign-out", "/replies/2/withdraw"):
        for method in ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "BREW"):
            answer = client.open(path, method=method)
            assert answer.status_code == 405
            assert {"OPTIONS"} < set(answer.headers["Allow"].split(", ")) <= {"GET", "HEAD", "OPTIONS", "POST"}


AWAY = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "evil.example",
]
AWAY += [
    "/\n/evil.example",
    "/\r\n/evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\t\\evil.example",
    " //evil.example",
]
AWAY += [
    "javascript:alert(1)",
    "///evil.example",
    "/ /evil.example",
    "/.//evil.example",
    "/x\r\nSet-Cookie: a=b",
    "http:/\\x",
]


def test_signing_in_leads_to_no_other_site(busy: World) -> None:
    member = busy.visitor("aigerim")
    for address in AWAY:
        for door in ("/accounts/sign-in", "/accounts/resume"):
            answer = member.post(door, name="aigerim", password=PASSWORD, next=address)
            assert answer.status_code == 303
            # What browsers drop from an address, tabs and line ends, must not be there to be dropped.
            assert re.fullmatch(r"/(?![/\\])[!-~]*", answer.location), f"{address!r} leads to {answer.location}"


def test_no_address_redirects_to_another_site(app: Flask) -> None:
    for path in ("//evil.example", "//evil.example/debates", "/ru//evil.example", "/\\evil.example", f"//{SLUG}"):
        answer = app.test_client().get("/", environ_overrides={"PATH_INFO": path})
        assert answer.status_code == 404 or re.match(r"(http://localhost)?/(?!/)", answer.location), path


NO_NUMBERS = ["0", "-1", "01", "abc", "1.5", "%ff", "%00", "%D9%A1", "9" * 16, "9" * 400, "1%00", str(UNKNOWN)]


def test_a_reply_that_is_not_there_is_404(busy: World) -> None:
    person = busy.visitor("maria")
    for address in (f"{DEBATE}/replies/{{}}", "/replies/{}/edit", "/moderation/replies/{}"):
        answers = {number: person.get(address.format(number)).status_code for number in NO_NUMBERS}
        assert answers == dict.fromkeys(NO_NUMBERS, 404), address


BROKEN = [
    "/%00",
    "/%ff",
    "/..",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/%ed%a0%80",
    "/%F0%9F%98%80",
    "/дебаты",
    "/" + "x" * 9000,
]
BROKEN += [
    "/x" * 3000,
    "/debates/unknown",
    "/debates/UPPER",
    "/debates/a--b",
    "/debates/-",
    "/debates/%00",
    "/debates/%ff",
]
BROKEN += ["/debates/../about", "/debates/%2e%2e/x", "/debates/" + "a-" * 4000 + "a", "/debates/дебаты", f"{DEBATE}%00"]
BROKEN += [
    f"{DEBATE}/",
    f"{DEBATE}/replies/",
    "/static/",
    "/static/%00",
    "/static/unknown.css",
    "/static/../forum/web.py",
]
BROKEN += [
    "/static/%2e%2e/forum/web.py",
    "/static/%2e%2e%2fforum%2fweb.py",
    "/accounts/links/unknown",
    "/accounts/links/%00",
]
BROKEN += ["/accounts/links/%ff", "/accounts/links/" + "x" * 9000, "/kk/%ff", "/ru/unknown"]


def test_a_broken_address_is_404_with_a_way_on(world: World) -> None:
    reader = world.visitor()
    for path in BROKEN:
        answer = reader.get(path)
        assert answer.status_code == 404, path
        prefix = path[:4] if path.startswith(("/ru/", "/kk/")) else "/"
        assert f'<a class="button" href="{prefix}">' in answer.text, path


def test_a_count_is_written_as_the_reader_writes_numbers_and_chooses_the_plural(app: Flask) -> None:
    told = "{% trans count=1234 | counted %}{{ count }} reply{% pluralize %}{{ count }} replies{% endtrans %}"
    with app.test_request_context():
        assert render_template_string(told) == "1,234 replies"
        with force_locale("ru"):
            assert render_template_string(told) == "1\xa0234 replies"
