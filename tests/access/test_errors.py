"""What went wrong is said in the reader's language, and the way out is on that page as on every other."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from forum.moderation.models import Action
from forum.settings import ROOT
from tests.browser import EXIT, TEXT
from tests.world import DEBATE, World

PREFIXES = {"en": "", "ru": "/ru", "kk": "/kk"}
WAY_OUT = {"en": "Leave this page", "ru": "Быстро уйти", "kk": "Тез шығу"}


def forbidden(world: World, prefix: str, _breaks: Any) -> TestResponse:
    return world.visitor("aigerim").get(f"{prefix}/moderation")


def missing(world: World, prefix: str, _breaks: Any) -> TestResponse:
    return world.visitor().get(f"{prefix}/no-such-page")


def overtaken(world: World, prefix: str, _breaks: Any) -> TestResponse:
    number = world.reply("aigerim")
    wording = world.wording(number)
    world.decide(number, Action.PUBLISH, by="timur")
    fields = {"action": "reject", "rule": "respect", "explanation": TEXT, "revision": wording}
    return world.visitor("maria").post(f"{prefix}/moderation/replies/{number}/decisions", **fields)


def too_many(world: World, prefix: str, _breaks: Any) -> TestResponse:
    world.app.config["REPLIES_PER_HOUR"] = 0
    return world.visitor("aigerim").post(f"{prefix}{DEBATE}/replies", stance="pro", text=TEXT)


def broken(world: World, prefix: str, breaks: Callable[[Exception], None]) -> TestResponse:
    breaks(ValueError())
    return world.visitor().get(f"{prefix}/about")


def busy(world: World, prefix: str, breaks: Callable[[Exception], None]) -> TestResponse:
    breaks(OperationalError("", {}, Exception()))
    return world.visitor().get(f"{prefix}/about")


@pytest.fixture
def breaks(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Return a function after which the page on this site cannot be made, for a reason."""
    view: Any = world.app.view_functions["house.about"]

    def let(error: Exception) -> None:
        def fails(**_given: Any) -> None:
            raise error

        fails.door, fails.keeps_text = view.door, False  # type: ignore[attr-defined]
        monkeypatch.setitem(world.app.view_functions, "house.about", fails)

    return let


@pytest.mark.parametrize("language", PREFIXES)
@pytest.mark.parametrize(
    ("status", "happens"),
    [(403, forbidden), (404, missing), (409, overtaken), (429, too_many), (500, broken), (503, busy)],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
def test_an_error_speaks_the_readers_language_and_keeps_the_way_out(
    world: World, breaks: Callable[[Exception], None], language: str, status: int, happens: Any
) -> None:
    answer = happens(world, PREFIXES[language], breaks)
    assert answer.status_code == status
    page = answer.text
    assert f'<html lang="{language}">' in page
    assert f'class="button first exit" href="{EXIT}" rel="nofollow noreferrer">{WAY_OUT[language]}</a>' in page
    assert f'href="{PREFIXES[language]}/"' in page
    assert ("Retry-After" in answer.headers) == (status in {429, 503})
    if language != "en":
        said = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])
        assert len(re.findall(r"[а-яёәғқңөұүһі]+", said.lower())) > 8


def test_no_script_leaves_a_worker_on_the_device() -> None:
    """What it keeps would tell whoever has the device that somebody was here (docs/access.md)."""
    scripts = {file.name: file.read_text() for file in (ROOT / "static").glob("*.js")}
    assert "evenhand.js" in scripts
    assert not [name for name, text in scripts.items() if re.search(r"serviceWorker|\bcaches\b|Storage\b", text)]
