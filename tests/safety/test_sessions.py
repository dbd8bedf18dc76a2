"""Sessions: not to be fixed, listed, ended from either end, shorter for staff; their cookie is for this host alone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from forum.accounts import links, signin
from forum.accounts.models import Role, Session
from forum.accounts.sessions import MOST
from forum.db import db, writing
from forum.events import AuditEntry, Event
from tests.world import PASSWORD, Visitor, World, secrets_of_all

LIST = "/accounts/sessions"
NEW = "four calm camels"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
on_one_engine = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on the engine


def cookie(world: World, visitor: Visitor) -> dict[str, str]:
    """Return what the session cookie of a browser says."""
    signer = world.app.session_interface.get_signing_serializer(world.app)
    return signer.loads(visitor.client.get_cookie("session").value)


def with_cookie(world: World, value: str) -> Visitor:
    visitor = world.visitor()
    visitor.client.set_cookie("session", value)
    return visitor


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.get("/accounts/settings").status_code == 200


def code_of_all() -> str:
    return secrets_of_all().codes[0]


def link_for(world: World) -> str:
    with world.at_work(), writing():
        return "/accounts/links/" + links.make(signin.find("boris"))


ENTRIES: dict[str, Callable[[World, Visitor], TestResponse]] = {
    "signing in": lambda _w, v: v.post("/accounts/sign-in", name="boris", password=PASSWORD),
    "joining": lambda _w, v: v.post("/accounts/sign-up", name="newcomer", password=PASSWORD),
    "a recovery code": lambda _w, v: v.post("/accounts/recover", name="boris", code=code_of_all(), password=NEW),
    "a link": lambda w, v: v.post(link_for(w), password=NEW),
}


def planted(world: World, what: str) -> str:
    """Return a cookie that somebody else might have put into the browser of the person who enters."""
    signer = world.app.session_interface.get_signing_serializer(world.app)
    stranger = world.visitor("aigerim")
    if what == "of a stranger":
        return stranger.client.get_cookie("session").value
    if what == "of a session that has ended":
        value = stranger.client.get_cookie("session").value
        stranger.post("/accounts/sign-out")
        return value
    if what == "of a reader":
        reader = world.visitor()
        reader.token()
        return reader.client.get_cookie("session").value
    return str({"unsigned": "eyJzaWQiOiJ4In0.x.y", "signed": signer.dumps({"sid": "x" * 43, "seen": 1})}[what])


@on_one_engine
@pytest.mark.parametrize("what", ["of a stranger", "of a session that has ended", "of a reader", "unsigned", "signed"])
@pytest.mark.parametrize("entry", ENTRIES)
def test_who_enters_gets_a_session_that_nobody_knew_before(world: World, entry: str, what: str) -> None:
    world.person("boris")
    value = planted(world, what)
    victim = with_cookie(world, value)
    if entry == "joining" and is_signed_in(victim):
        assert victim.get("/accounts/sign-up").status_code == 302, "who is signed in joins nothing"
        return
    before = victim.token()
    assert ENTRIES[entry](world, victim).status_code in {200, 303}
    assert cookie(world, victim)["sid"] not in {"x" * 43, "x"}
    assert victim.client.get_cookie("session").value != value
    assert victim.token() != before, "a form token of the old session is worth nothing"
    assert is_signed_in(victim)
    assert not is_signed_in(with_cookie(world, value))


@on_one_engine
@pytest.mark.parametrize("place", ["query", "form", "header", "second cookie"])
def test_a_session_is_taken_from_its_cookie_only(world: World, place: str) -> None:
    boris = world.visitor("boris")
    value, token = boris.client.get_cookie("session").value, cookie(world, boris)["sid"]
    client = world.app.test_client()
    ways = {
        "query": lambda: client.get(f"/accounts/settings?session={value}&sid={token}"),
        "form": lambda: client.post("/accounts/settings", data={"session": value, "sid": token}),
        "header": lambda: client.get("/accounts/settings", headers={"Authorization": token, "X-Session": value}),
        "second cookie": lambda: client.get("/accounts/settings", headers={"Cookie": f"__Host-session={value}"}),
    }
    assert ways[place]().status_code == 401


def promote(world: World) -> None:
    assert world.app.test_cli_runner().invoke(args=["users", "promote", "boris", "moderator"]).exit_code == 0


def reset(world: World) -> None:
    assert world.app.test_cli_runner().invoke(args=["users", "reset", "boris"]).exit_code == 0


ENDINGS: dict[str, tuple[Callable[[World, Visitor, Visitor], object], bool, bool]] = {
    # what is done (in the first browser, or to the person), and whether the first and the other one go on
    "nothing": (lambda _w, _here, _other: None, True, True),
    "sign out": (lambda _w, here, _other: here.post("/accounts/sign-out"), False, True),
    "end the other": (lambda w, here, other: here.post(LIST, end=number_of(w, other)), True, False),
    "end this one": (lambda w, here, _other: here.post(LIST, end=number_of(w, here)), False, True),
    "end the others": (lambda _w, here, _other: here.post(LIST, end="others"), True, False),
    "end all": (lambda _w, here, _other: here.post(LIST, end="all"), False, False),
    "end one of somebody else": (lambda w, here, _other: here.post(LIST, end=stranger_of(w)), True, True),
    "end nothing that is there": (lambda _w, here, _other: here.post(LIST, end="nonsense"), True, True),
    "a new password": (
        lambda _w, here, _o: here.post("/accounts/settings", change="password", current=PASSWORD, password=NEW),
        True,
        False,
    ),
    "new codes": (lambda _w, here, _o: here.post("/accounts/settings", change="codes", current=PASSWORD), True, False),
    "a recovery": (
        lambda w, _here, _o: w.visitor().post("/accounts/recover", name="boris", code=code_of_all(), password=NEW),
        False,
        False,
    ),
    "a link": (lambda w, _here, _other: w.visitor().post(link_for(w), password=NEW), False, False),
    "another role": (lambda w, _here, _other: promote(w), False, False),
    "another role by two leads": (lambda w, _h, _o: w.confirm(w.propose_role("boris", Role.LEAD)), False, False),
    "a reset": (lambda w, _here, _other: reset(w), False, False),
    "a suspension": (lambda w, _here, _other: w.suspend("boris"), True, True),  # reads, and can appeal
    "a ban": (lambda w, _here, _other: w.ban("boris"), True, True),  # the same
}


def number_of(world: World, visitor: Visitor) -> int:
    """Return the number of the session of a browser."""
    with world.at_work():
        digest = signin.passwords.token_digest(cookie(world, visitor)["sid"])
        return db.session.scalars(select(Session.id).where(Session.token_digest == digest)).one()


def stranger_of(world: World) -> int:
    return number_of(world, world.visitor("aigerim"))


@on_one_engine
@pytest.mark.parametrize("ending", ENDINGS)
def test_what_ends_which_sessions(world: World, ending: str) -> None:
    here, other = world.visitor("boris"), world.visitor("boris")
    aigerim = world.visitor("aigerim")
    act, stays, other_stays = ENDINGS[ending]
    act(world, here, other)
    assert (is_signed_in(here), is_signed_in(other)) == (stays, other_stays)
    assert is_signed_in(aigerim)


@on_one_engine
@pytest.mark.parametrize("name", ["boris", "maria", "zarina"])
@pytest.mark.parametrize("last", [False, True])
def test_a_session_left_alone_ends_and_sooner_for_staff(world: World, name: str, last: bool) -> None:
    idle = 14 * DAY if name == "boris" else 12 * HOUR
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        visitor = world.visitor(name)
        clock.shift(idle + (HOUR / 60 if last else -HOUR / 60))
        assert is_signed_in(visitor) is not last


@on_one_engine
@pytest.mark.parametrize("name", ["boris", "maria", "zarina"])
def test_a_session_in_use_ends_too_and_sooner_for_staff(world: World, name: str) -> None:
    step, steps = (9 * DAY, 10) if name == "boris" else (8 * HOUR, 21)
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        visitor = world.visitor(name)
        for _ in range(steps - 1):
            clock.shift(step)
            assert is_signed_in(visitor)
        clock.shift(step)
        assert not is_signed_in(visitor)


@on_one_engine
@pytest.mark.parametrize(("scheme", "name"), [("https", "__Host-session"), ("http", "session")])
@pytest.mark.parametrize("entry", [*ENTRIES, "reading a form", "confirming"])
def test_every_cookie_is_for_this_host_and_for_no_script(world: World, entry: str, scheme: str, name: str) -> None:
    world.person("boris")
    client = world.app.test_client()
    client.environ_base["wsgi.url_scheme"] = scheme
    page = client.get("/accounts/sign-in", base_url=f"{scheme}://localhost")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    addresses = {
        "signing in": ("/accounts/sign-in", {"name": "boris", "password": PASSWORD}),
        "joining": ("/accounts/sign-up", {"name": "newcomer", "password": PASSWORD}),
        "a recovery code": ("/accounts/recover", {"name": "boris", "code": code_of_all(), "password": NEW}),
        "confirming": ("/accounts/sign-in", {"name": "boris", "password": PASSWORD, "stay": "y"}),
    }
    if entry == "a link":
        addresses["a link"] = (link_for(world), {"password": NEW})
    answer = page
    if entry in addresses:
        path, fields = addresses[entry]
        data = {**fields, "csrf_token": token}
        answer = client.post(path, base_url=f"{scheme}://localhost", data=data)
    assert answer.status_code in {200, 303}
    for sent in answer.headers.getlist("Set-Cookie"):
        first, *flags = sent.split("; ")
        assert first.partition("=")[0] == name
        assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(flags)
        assert ("Secure" in flags) is (scheme == "https")
        assert not any(flag.lower().startswith("domain") for flag in flags)
    assert answer.headers.getlist("Set-Cookie")


def test_the_list_marks_this_browser_and_tells_days_and_hours_only(world: World) -> None:
    with time_machine.travel(datetime.now(UTC).replace(minute=0, second=0), tick=False) as clock:
        here, other = world.visitor("boris"), world.visitor("boris")
        clock.shift(2 * HOUR + HOUR / 4)
        for path in ("/rules", "/accounts/replies"):
            other.get(path)
        page = here.get(LIST).text
        assert page.count("This browser") == 1
        assert page.count("Another browser") == 1
        with world.at_work():
            acted = [row.acted_at for row in db.session.scalars(select(Session))]
        assert len(set(acted)) == 1, "reading leaves no trace"
        world.person("aigerim")
        other.post("/people/aigerim/mute", mute="1")
        with world.at_work():
            row = db.session.get_one(Session, number_of(world, other))
            assert row.acted_at == datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


@on_one_engine
def test_the_oldest_of_many_sessions_ends(world: World) -> None:
    first = world.visitor("boris")
    for _ in range(MOST - 1):
        world.visitor("boris")
    assert is_signed_in(first)
    world.visitor("boris")
    assert not is_signed_in(first)
    assert world.count(Session) == MOST


def test_signing_out_clears_the_browser_and_leaves_nothing_to_go_back_to(world: World) -> None:
    boris = world.visitor("boris")
    assert boris.get(LIST).headers["Cache-Control"] == "private, no-store"
    for path, fields in (("/accounts/sign-out", {}), (LIST, {"end": "all"})):
        answer = world.visitor("boris").post(path, **fields)
        assert answer.headers["Clear-Site-Data"] == '"storage"'
        assert "session=;" in answer.headers["Set-Cookie"]


def test_who_sends_something_to_the_desk_without_being_staff_is_noted_a_few_times_an_hour(world: World) -> None:
    boris = world.visitor("boris")
    for _ in range(20):
        assert boris.post("/moderation/people/aigerim", token="x").status_code == 403
    assert boris.get("/moderation").status_code == 403
    with world.at_work():
        noted = db.session.scalars(select(AuditEntry).where(AuditEntry.event == Event.ACCESS_REFUSED)).all()
    assert len(noted) == 5
    assert {(row.actor_id, row.facts["room"]) for row in noted} == {(world.person("boris"), "people")}
