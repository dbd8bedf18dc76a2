"""What tabs and the history of a browser say of a page."""

import re

import pytest

from forum.accounts.models import User
from forum.db import db
from tests.world import DEBATE, World

TITLE = re.compile(r"<title>(.*?)</title>")


def titles(world: World, name: str = "") -> dict[str, str]:
    """Return the title of every page, with its errors, as somebody finds it."""
    person = world.visitor(name)
    paths = [
        path for _endpoint, path in world.addresses() if not path.startswith(("/api", "/static", "/feeds", "/log."))
    ]
    found = {path: person.get(path) for path in [*paths, "/unknown", "/debates/unknown", "/accounts/sign-in"]}
    found["405"] = person.client.put("/about")
    found["413"] = person.client.post("/accounts/sign-in", data={"name": "x" * 100_000})
    found["400"] = person.client.post("/notifications/read", data={"csrf_token": "old"})
    pages = {
        path: answer.text
        for path, answer in found.items()
        if answer.mimetype == "text/html" and answer.status_code not in {302, 303}
    }
    assert [path for path, page in pages.items() if 'class="button first exit"' not in page] == []
    return {path: TITLE.findall(page)[0] + (" + icon" if "/plain.svg" in page else "") for path, page in pages.items()}


@pytest.mark.parametrize("who", ["", "maria"])
def test_where_the_operator_says_so_every_tab_says_the_same(world: World, who: str) -> None:
    world.published("aigerim")
    world.app.config["NEUTRAL_TITLE"] = "Shopping list"
    assert set(titles(world, who).values()) == {"Shopping list + icon"}


def test_a_member_chooses_plain_titles_for_all_their_pages_and_for_nobody_elses(world: World) -> None:
    world.published("aigerim")
    member = world.visitor("boris")
    assert len(set(titles(world, "boris").values())) > 5
    chosen = member.post("/accounts/settings", change="titles", plain="1")
    assert chosen.status_code == 303
    assert "checked" in member.get("/accounts/settings").text.partition('name="plain"')[2][:40]
    assert set(titles(world, "boris").values()) == {"Notes + icon"}
    assert titles(world)[DEBATE].endswith("– Evenhand")
    assert member.post("/accounts/settings", change="titles").status_code == 303
    assert titles(world, "boris")[DEBATE].endswith("– Evenhand")
    with world.at_work():
        assert not any(db.session.scalars(db.select(User.has_plain_titles)))


def test_an_error_of_ours_names_no_site_in_any_tab(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down() -> None:
        raise ValueError

    broken = break_down
    broken.door = world.app.view_functions["house.about"].door  # type: ignore[attr-defined]
    broken.keeps_text = False  # type: ignore[attr-defined]
    monkeypatch.setitem(world.app.view_functions, "house.about", broken)
    page = world.visitor("boris").get("/about")
    assert page.status_code == 500
    assert TITLE.findall(page.text) == ["Notes"]
    assert 'class="button first exit"' in page.text


def test_feeds_keep_their_titles(world: World) -> None:
    world.app.config["NEUTRAL_TITLE"] = "Shopping list"
    feed = world.visitor().get("/feeds/debates.atom").text
    assert "Shopping list" not in feed
