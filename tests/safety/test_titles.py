"""What tabs and the history of a browser say of a page."""

import re

import pytest

from tests.conftest import rarely_on_postgres
from tests.world import World

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


@rarely_on_postgres
@pytest.mark.parametrize("who", ["", "maria"])
def test_where_the_operator_says_so_every_tab_says_the_same(world: World, who: str) -> None:
    world.published("aigerim")
    world.app.config["NEUTRAL_TITLE"] = "Shopping list"
    assert set(titles(world, who).values()) == {"Shopping list + icon"}


@rarely_on_postgres
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
