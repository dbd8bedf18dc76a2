"""Where a form may come from: from a page of this site, and what browsers tell of it."""

from pathlib import Path

import pytest
from flask import Flask

from forum import create_app
from forum.db import db
from tests.conftest import environ
from tests.world import DEBATE, PASSWORD, World

CYRILLIC, EMOJI = "ж", "🙂"  # two and four bytes: six and twelve in a form
OURS = "http://localhost"
SENT = {  # Sec-Fetch-Site and Origin, as a browser sends them; the status of a form with a good token
    (None, None): 422,  # an old browser, or one that hides both: the token alone
    (None, OURS): 422,
    ("same-origin", OURS): 422,
    ("same-origin", None): 422,
    ("same-origin", "null"): 422,  # a browser that is set to hide where a form comes from
    ("none", None): 422,
    ("same-site", None): 403,
    ("same-site", OURS): 403,
    ("cross-site", None): 403,
    ("cross-site", "null"): 403,
    ("cross-site", OURS): 403,
    ("nonsense", None): 403,
    ("", None): 403,
    (None, "null"): 403,
    ("same-origin", "https://evil.example"): 403,
    ("none", "https://evil.example"): 403,
    ("same-origin", "http://localhost:81"): 403,
    ("same-origin", "https://localhost"): 403,
}


@pytest.mark.parametrize(("site", "origin"), SENT)
def test_a_form_comes_from_a_page_of_this_site(world: World, site: str | None, origin: str | None) -> None:
    reader = world.visitor()
    headers = {"Sec-Fetch-Site": site, "Origin": origin}
    answer = reader.client.post(
        "/accounts/sign-in",
        data={"csrf_token": reader.token()},
        headers={name: value for name, value in headers.items() if value is not None},
    )
    assert answer.status_code == SENT[site, origin]
    if answer.status_code == 403:
        assert "your text is still there" in answer.text
        assert 'class="button first exit"' in answer.text


def test_reading_may_begin_on_any_site(world: World) -> None:
    for method in ("GET", "HEAD", "OPTIONS"):
        headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
        assert world.visitor().client.open(DEBATE, method=method, headers=headers).status_code == 200


def test_a_mail_program_of_another_site_may_end_letters(world: World) -> None:
    world.give_address("aigerim")
    (address,) = [
        path for name, path in world.addresses("POST") if name == "mail.unsubscribe" and not path.endswith("/unknown")
    ]
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"}
    form = {"List-Unsubscribe": "One-Click"}
    assert world.visitor().client.post(address, data=form, headers=headers).status_code == 200


PROXIED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.18.0.7"}


HERE = dict.fromkeys(["127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1", ""], True)
ELSEWHERE = dict.fromkeys(
    ["8.8.8.8", "2a00:1450:4001::1", "192.168.1.7", "100.64.0.1", "169.254.1.1", "fe80::1"], False
)
INSIDE = ["10.0.0.2", "::ffff:10.0.0.3", "fd00::2"]
PEERS = [("", peer, told) for peer, told in (HERE | ELSEWHERE | dict.fromkeys(INSIDE, False)).items()]
PEERS += [("10.0.0.0/24,fd00::/64", peer, True) for peer in ["127.0.0.1", *INSIDE]]
PEERS += [("10.0.0.0/24,fd00::/64", peer, False) for peer in ["10.0.1.2", "fd00:0:0:1::2"]]


@pytest.mark.parametrize(("networks", "peer", "is_believed"), PEERS)
def test_a_proxy_is_believed_on_this_machine_and_in_the_networks_named(
    tmp_path: Path, sqlite_database: str, networks: str, peer: str, is_believed: bool
) -> None:
    more = {"FORUM_TRUSTED_PROXIES": "1", "FORUM_PROXY_NETWORKS": networks}
    app = create_app(environ(tmp_path, sqlite_database) | more, TESTING=True)
    answer = app.test_client().get("/accounts/sign-in", headers=PROXIED, environ_overrides={"REMOTE_ADDR": peer})
    assert ("Secure" in answer.headers["Set-Cookie"]) == is_believed
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(("days", "said"), [("365", 31_536_000), ("1", 86_400), ("0", 0)])
def test_how_long_browsers_keep_to_https_is_a_setting(
    tmp_path: Path, sqlite_database: str, days: str, said: int
) -> None:
    app = create_app(environ(tmp_path, sqlite_database) | {"FORUM_HSTS_DAYS": days}, TESTING=True)
    answer = app.test_client().get("/about", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == f"max-age={said}; includeSubDomains"
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("letter", [CYRILLIC, EMOJI])
def test_the_longest_honest_forms_fit_into_a_body(world: World, letter: str) -> None:
    """A reply of the longest setting there is; and one that is far too long comes back, also through sign-in."""
    member = world.visitor("aigerim")
    longest = 5000  # the most that REPLY_MAX takes
    world.app.config["REPLY_MAX"] = longest
    fields = {"stance": "pro", "passage": "1", "key": "a" * 22, "hints_seen": "none"}
    sent = member.post(f"{DEBATE}/replies", text=letter * longest, **fields)
    assert sent.status_code == 303

    world.app.config["REPLY_MAX"] = 1500
    too_long = letter * 5000
    refused = member.post(f"{DEBATE}/replies", text=too_long, **fields | {"key": "b" * 22})
    assert refused.status_code == 422
    assert too_long in refused.text
    reader = world.visitor()
    asked = reader.post(f"{DEBATE}/replies", text=too_long, **fields)
    assert asked.status_code == 401
    carried = asked.text.partition('name="carried" value="')[2].partition('"')[0]
    resumed = reader.post("/accounts/sign-in", name="boris", password=PASSWORD, carried=carried)
    assert world.person("boris")
    resumed = reader.post("/accounts/sign-in", name="boris", password=PASSWORD, carried=carried)
    assert resumed.status_code == 200
    assert too_long in resumed.text


NOWHERE = ["/.git/config", "/.env", "/console", "/instance/secret.key", "/static/", "/static/."]
NOWHERE += ["/static/../forum/settings.py", "/static/%2e%2e/README.md", "/static/..%2fREADME.md"]
NOWHERE += ["/static/%2fetc/passwd", "/static/\\..\\README.md"]


@pytest.mark.parametrize("path", NOWHERE)
def test_nothing_is_served_but_routes_and_static_files(app: Flask, path: str) -> None:
    answer = app.test_client().get(path, follow_redirects=True)
    assert answer.status_code == 404
    assert not app.debug
