"""Whatever arrives at any address: never an error of ours, and never a word of how the forum is made."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.safety.kept import Kept
from tests.test_bad_input import FORMS, TEXT
from tests.test_doors import busy, link_in  # noqa: F401
from tests.world import PASSWORD, World

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "MOVE"]
FIELDS = sorted({part for form in FORMS.values() for part in form.good} | {"carried", "next", "begin", "stay", "back"})
ARGUMENTS = ["after", "before", "language", "debate", "flag", "sort", "pro", "anti", "page", "passage", "parent", "of"]
ARGUMENTS += ["lang", "next", "name", "q", "side", "person", "key", "quote", "prefix", "article", "wording", "limit"]
TRICKS = ["..", "%2e%2e", "//", "\\", "%00", "\x00", "*", "0", "-1", "9" * 40, "1;", "1'--", "{{7*7}}", "%", "%zz", "é"]
TRICKS += ["\udcff".encode("utf-8", "surrogateescape").decode("latin-1"), "٣", "a" * 3000, ".", "~", "/ru", "\ufeff"]
HEADERS = ["Accept", "Accept-Language", "Accept-Encoding", "If-None-Match", "If-Modified-Since", "Range", "Referer"]
HEADERS += [
    "User-Agent",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-HTTP-Method-Override",
    "Origin",
]
HEADERS += ["Sec-Fetch-Site", "Content-Type", "Authorization", "Cache-Control", "Expect", "Transfer-Encoding", "Host"]
KINDS = [
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json",
    "text/plain",
    "",
    "a/b",
]
SPOKEN = [{"Accept": "application/json"}, {"Sec-Fetch-Site": "same-origin"}, {"Accept-Language": "kk;q=x,ru;q=9"}]
OF_THE_FORUM = ("Traceback (most recent call last)", "sqlalchemy", "werkzeug", "site-packages", 'File "/')

GOOD = [{part: value for part, value in form.good.items() if value} for form in FORMS.values()]

Doors = dict[tuple[str, str], list[str]]  # by method and endpoint: its addresses
anything = st.one_of(
    st.text(max_size=60),
    st.binary(max_size=60),
    st.integers().map(str),
    st.sampled_from([*TRICKS, TEXT, PASSWORD, "1", "2", "publish", "reject", "respect", "pro", "before", "x" * 6000]),
)
in_a_header = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40)
typed = st.dictionaries(st.sampled_from(FIELDS), anything, max_size=6)
bodies = st.one_of(
    typed.map(lambda sent: (KINDS[0], sent)),
    st.tuples(typed, st.sampled_from(GOOD)).map(lambda both: (KINDS[0], both[1] | both[0])),
    st.tuples(st.sampled_from(KINDS), st.binary(max_size=200)),
    st.dictionaries(st.sampled_from(FIELDS), st.none() | st.integers() | st.text(max_size=9), max_size=4).map(
        lambda sent: ("application/json", json.dumps(sent).encode())
    ),
)


@st.composite
def requests(draw: st.DrawFn, doors: Doors) -> dict[str, Any]:
    """Draw a request: mostly one that an address of the forum takes, sometimes bent."""
    door = draw(st.sampled_from(sorted(doors)))
    path = draw(st.sampled_from(doors[door]))
    method = draw(st.sampled_from([door[0]] * 30 + METHODS))
    if draw(st.integers(0, 5)) == 5:
        parts = path.split("/")
        parts[draw(st.integers(0, len(parts) - 1))] = draw(st.sampled_from(TRICKS) | st.text(max_size=12))
        path = draw(st.sampled_from(["", "/ru", "/kk", "/xx"])) + "/".join(parts)
    words = draw(st.dictionaries(st.sampled_from(ARGUMENTS), anything, min_size=1, max_size=8))
    query = urlencode(words) if draw(st.integers(0, 4)) else draw(in_a_header)
    hostile = st.dictionaries(st.sampled_from(HEADERS), in_a_header, max_size=2)
    headers = draw(st.just({}) | st.sampled_from(SPOKEN) | hostile)
    kind, body = draw(bodies)
    return {
        "method": method,
        "path": path,
        "query": query,
        "headers": headers,
        "kind": kind,
        "body": body,
        "has_token": draw(st.integers(0, 5)) < 5,
        "cookies": draw(
            st.dictionaries(st.sampled_from(["session", "other", "__Host-session"]), in_a_header, max_size=1)
        ),
    }


def answer(app: Flask, cookie: str, token: str, sent: dict[str, Any]) -> tuple[int, str]:
    """Send a request as a server hands it over, byte for byte; return the status and the body of its answer."""
    client, body = app.test_client(use_cookies=False), sent["body"]
    if isinstance(body, dict):
        body = urlencode(body | ({"csrf_token": token} if sent["has_token"] else {})).encode()
    headers = {"Content-Type": sent["kind"], "Cookie": f"session={cookie}"} | sent["headers"]
    for name, value in sent["cookies"].items():
        headers["Cookie"] = f"{name}={value}" + ("" if name == "session" else f"; session={cookie}")
    path = (sent["path"] or "/").encode("utf-8", "surrogateescape").decode("latin-1")
    raw = {"PATH_INFO": path, "QUERY_STRING": sent["query"].encode("utf-8", "ignore").decode("latin-1")}
    found = client.open("/", method=sent["method"], data=body, headers=headers, environ_overrides=raw, buffered=True)
    return found.status_code, found.get_data(as_text=False).decode("utf-8", "replace")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("tries", [120, pytest.param(7000, marks=pytest.mark.long)], ids=["some", "many"])
@pytest.mark.parametrize("who", ["", "aigerim", "maria"])
def test_no_request_is_an_error_of_ours(busy: World, who: str, tries: int) -> None:  # noqa: F811
    """Hundreds in all, from a reader, a member and a moderator; 21,000 in the long run."""
    link = link_in(busy)
    doors: Doors = {}
    for method in ("GET", "POST"):
        for endpoint, path in busy.addresses(method, link):
            doors.setdefault((method, endpoint), []).append(path)
    visitor = busy.visitor(who)
    token, cookie = visitor.token(), visitor.client.get_cookie("session").value
    kept = Kept(busy)

    @settings(max_examples=tries, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(sent=requests(doors))
    def hold(sent: dict[str, Any]) -> None:
        status, body = answer(busy.app, cookie, token, sent)
        assert status < 500 or (status, sent["path"]) == (503, "/readyz"), "no worker does the jobs of this forum"
        assert not [word for word in OF_THE_FORUM if word in body]
        if kept.have_changed():
            kept.put_back()

    hold()
