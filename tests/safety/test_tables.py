"""Tables of what people try on forms and addresses: to be led elsewhere, to say too much, to say things twice."""

from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from tests.world import DEBATE, PASSWORD, SLUG, Visitor, World

# What some browser, or some library, reads as the address of another site.
ELSEWHERE = {
    "a scheme": "https://evil.example/",
    "no scheme": "//evil.example",
    "three slashes": "///evil.example",
    "a backslash": "/\\evil.example",
    "two backslashes": "\\\\evil.example",
    "slash, tab, slash": "/\t/evil.example",
    "slash, line feed, slash": "/\n/evil.example",
    "a leading space": " //evil.example",
    "a leading tab": "\t//evil.example",
    "a leading NUL": "\x00//evil.example",
    "a scheme without slashes": "https:evil.example",
    "one slash after the scheme": "https:/evil.example",
    "a script": "javascript:alert(1)//",
    "data": "data:text/html,<script>alert(1)</script>",
    "userinfo": "http://localhost@evil.example/",
    "userinfo behind the slashes": "//localhost@evil.example",
    "a port that is none": "http://localhost:80@evil.example",
    "an own host in front": "http://localhost.evil.example/",
    "encoded slashes": "%2f%2fevil.example",
    "a fullwidth solidus": "/／evil.example",
    "a header": "/\r\nLocation: https://evil.example",
    "no slash": "evil.example",
}
PLACES = {  # each form that says where to go next: who sends it, where, with what else
    "sign-in": ("", "/accounts/sign-in", "next", {"name": "boris", "password": PASSWORD}),
    "resume": ("boris", "/accounts/resume", "next", {}),
    "confirm": ("boris", "/accounts/confirm", "next", {"current": PASSWORD}),
    "mute": ("boris", "/people/aigerim/mute", "next", {"mute": "1"}),
    "follow": ("boris", f"{DEBATE}/follow", "next", {"follow": "1"}),
    "vote": ("boris", "/replies/1/vote", "place", {"well_argued": "1"}),
    "warning": ("aigerim", "/sanctions/1/acknowledgement", "back", {}),
}


@pytest.fixture(scope="module")
def people(table_of_cases: World) -> dict[str, Visitor]:
    return {name: table_of_cases.visitor(name) for name in ("aigerim", "boris", "maria")}


@pytest.mark.parametrize("address", ELSEWHERE.values(), ids=ELSEWHERE)
@pytest.mark.parametrize("place", PLACES)
def test_no_form_leads_to_another_site(
    table_of_cases: World, people: dict[str, Visitor], place: str, address: str
) -> None:
    who, path, field, fields = PLACES[place]
    answer = (people.get(who) or table_of_cases.visitor()).post(path, **fields, **{field: address})
    assert answer.status_code in {200, 302, 303}, "what was asked for is done"
    assert is_at_home(answer), answer.headers.get("Location")


def test_the_same_forms_lead_to_pages_of_this_site(table_of_cases: World, people: dict[str, Visitor]) -> None:
    for place in ("sign-in", "resume", "confirm", "mute", "follow"):
        who, path, field, fields = PLACES[place]
        answer = (people.get(who) or table_of_cases.visitor()).post(path, **fields, **{field: "/rules?a=1"})
        assert answer.headers["Location"] == "/rules?a=1"


def test_the_codes_page_of_a_new_member_links_to_no_other_site(table_of_cases: World) -> None:
    for number, address in enumerate(list(ELSEWHERE.values())[::8]):
        fields = {"name": f"newcomer-{number}", "password": PASSWORD, "next": address}
        page = table_of_cases.visitor().post("/accounts/sign-up", **fields)
        assert page.status_code == 200
        assert "evil.example" not in page.text


def is_at_home(answer: TestResponse) -> bool:
    """Say whether every browser that follows the answer stays on this site."""
    location = answer.headers.get("Location", "/")
    parts = urlsplit(location.replace("\\", "/"))
    is_inside = location.startswith("/") and location.isprintable() and not parts.netloc and not parts.scheme
    return is_inside and "Refresh" not in answer.headers


HOSTS = [
    "evil.example",
    "evil.example:80",
    "localhost.evil.example",
    "localhost@evil.example",
    "evil.example/localhost",
    "evil.example#localhost",
    "localhost:80@evil.example",
    "127.0.0.1.evil.example",
    "[::ffff:203.0.113.7]",
    "local\thost",
    "localhost, evil.example",
    "",
]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["/", "/accounts/sign-in", "/feeds/debates.atom"])
def test_no_other_host_is_answered_for(table_of_cases: World, path: str, host: str) -> None:
    answer = table_of_cases.app.test_client().get(path, environ_overrides={"HTTP_HOST": host})
    assert "evil" not in answer.text
    assert "evil" not in str(answer.headers)
    assert answer.status_code == 400 or host in {""}


FORWARDED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "4443",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-For": "203.0.113.7",
    "X-Original-URL": "/moderation",
    "X-Rewrite-URL": "/moderation",
    "X-Original-Host": "evil.example",
    "X-Host": "evil.example",
    "X-HTTP-Method-Override": "DELETE",
    "X-Real-IP": "203.0.113.7",
    "X-Remote-User": "maria",
    "Forwarded": "for=203.0.113.7;host=evil.example;proto=https",
    "Via": "1.1 evil.example",
    "Front-End-Https": "on",
}


@pytest.mark.parametrize("header", FORWARDED)
@pytest.mark.parametrize("path", ["/", "/feeds/debates.atom", "/rules"])
def test_without_a_proxy_nobody_is_believed_about_where_a_request_came_from(
    table_of_cases: World, path: str, header: str
) -> None:
    client = table_of_cases.app.test_client()
    plain, told = client.get(path), client.get(path, headers={header: FORWARDED[header]})
    assert (told.status_code, told.data) == (plain.status_code, plain.data)
    assert "evil" not in str(told.headers)


INJECTED = [
    "\r\nX-Injected: yes",
    "%0d%0aX-Injected:%20yes",
    "\nX-Injected: yes",
    "%0aX-Injected:%20yes",
    "\rX-Injected: yes",
    "\u2028X-Injected: yes",
    "嘊嘍X-Injected: yes",  # whose bytes some servers cut down to a line end
    "\x85X-Injected: yes",
]
INTO = {  # each place from which something reaches a header of the answer
    "the next page": ("POST", "/accounts/resume", "next", "/rules{}"),
    "the place of a vote": ("POST", "/replies/1/vote", "place", "/rules{}"),
    "the form before a warning": ("POST", "/sanctions/1/acknowledgement", "back", "/rules{}"),
    "the key of a form": ("GET", f"{DEBATE}/replies/new?passage={{}}", "", ""),
    "the name of a debate": ("GET", "/debates/x{}", "", ""),
    "the name of a member": ("GET", "/people/AIGERIM{}", "", ""),
    "a page of the API": ("GET", f"/api/v1/debates/{SLUG}/replies?limit=1&after={{}}", "", ""),
    "the language": ("GET", "/?lang={}", "", ""),
    "the order": ("GET", f"{DEBATE}?sort={{}}", "", ""),
    "the search": ("GET", "/search?q=a{}", "", ""),
}


@pytest.mark.parametrize("words", INJECTED)
@pytest.mark.parametrize("into", INTO)
def test_nothing_that_is_sent_makes_a_header_of_its_own(people: dict[str, Visitor], into: str, words: str) -> None:
    method, path, field, value = INTO[into]
    who = people["aigerim" if "warning" in into else "boris"]
    if method == "POST":
        answer = who.post(path, **{field: value.format(words)}, well_argued="1")
    else:
        answer = who.client.get(path.format(words))
    assert answer.status_code < 500
    assert "X-Injected" not in answer.headers
    for name, said in answer.headers:
        assert "\r" not in said, name
        assert "\n" not in said, name
