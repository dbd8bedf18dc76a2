"""The page of all parts: there while one develops, and nowhere else."""

from pathlib import Path

import pytest

from forum import create_app
from tests.conftest import environ
from tests.world import World


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Return an empty database of one engine: what the page shows is made up."""
    return sqlite_database


def test_no_forum_that_is_served_has_it(world: World) -> None:
    for address in ("/styleguide", "/styleguide/dark.css"):
        assert world.visitor().get(address).status_code == 404


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "Parts of the pages"), ("/ru", "Части страниц"), ("/kk", "Бет бөліктері")]
)
def test_whoever_develops_sees_every_part_in_every_state_in_each_language(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str, prefix: str, words: str
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    app = create_app(environ(tmp_path, database), TESTING=True)
    answer = app.test_client().get(f"{prefix}/styleguide?scheme=dark")
    assert answer.status_code == 200
    page = answer.text
    assert f"<h1>{words}</h1>" in page
    for state in ('data-stance="pro"', 'data-stance="anti"', 'data-stance="neither"', "tombstone", 'class="error"'):
        assert page.count(state) > 2, state
    for part in ('class="answers"', 'class="plot"', 'class="statement"', 'class="queue"', "<kbd", 'class="codes"'):
        assert part in page, part
    assert f'href="{prefix}/styleguide/dark.css"' in page
    assert "color-scheme: dark" in app.test_client().get(f"{prefix}/styleguide/dark.css").text
