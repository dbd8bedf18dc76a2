"""The page of all parts: there while one develops, and nowhere else."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from forum import create_app, styleguide_desk
from tests.conftest import environ
from tests.world import World


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Return an empty database of one engine: what the page shows is made up."""
    return sqlite_database


def test_no_forum_that_is_served_has_it(world: World) -> None:
    for address in ("/styleguide", "/styleguide/dark.css", "/styleguide/desk/waiting"):
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


# What tells a state of the desk from the others, in English.
TOLD = {
    "waiting": "nobody has it open",
    "held": "so only a lead may publish it",
    "open-with-you": "open with you",
    "open-with-a-colleague": "Take it over from timur",
    "refused": "Say which rule it breaks.",
    "overtaken": "The wording that you judged, wording 1",
    "own": "This reply is yours: a colleague decides.",
    "rewording": "What would change",
    "translation": "It is a translation of reply",
    "author-shown": "Your asking was recorded.",
    "undo": 'id="undo"',
    "reported": "Reported by 2 members",
    "answer-refused": "have been answered meanwhile",
    "taken-back": "Its author took this reply back",
    "report": "What is wrong with it?",
    "report-refused": "which words, and which law",
    "report-in-vain": "This reply is no longer public",
    "appeal": "Send the appeal",
    "appeal-refused": 'id="text-error"',
    "judge": "Decide the appeal",
    "judge-refused": "Choose whether it should stay as it is.",
    "judge-not-me": "There is no second moderator yet.",
}


@pytest.fixture
def developed(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> FlaskClient:
    """Return a forum that is being developed."""
    monkeypatch.setenv("FLASK_DEBUG", "1")
    return create_app(environ(tmp_path, database), TESTING=True).test_client()


def test_the_desk_has_a_page_for_each_state_that_shows_it(developed: FlaskClient) -> None:
    page = developed.get("/styleguide").text
    for state in styleguide_desk.STATES:
        assert f'href="/styleguide/desk/{state}"' in page
        answer = developed.get(f"/styleguide/desk/{state}")
        assert answer.status_code == 200, state
        assert TOLD[state] in answer.text, state
        names = re.findall(r'\bid="([^"]+)"', answer.text)
        assert len(set(names)) == len(names), state
    assert developed.get("/styleguide/desk/praise").status_code == 404


@pytest.mark.parametrize(("prefix", "words"), [("/ru", "Принять решение"), ("/kk", "Шешім қабылдау")])
def test_it_speaks_the_language_of_whoever_develops(developed: FlaskClient, prefix: str, words: str) -> None:
    for state in styleguide_desk.STATES:
        assert developed.get(f"{prefix}/styleguide/desk/{state}").status_code == 200, state
    assert words in developed.get(f"{prefix}/styleguide/desk/refused").text
