"""The command line speaks the language of the terminal, and to programs the same in each."""

import re
import subprocess
from pathlib import Path

import click
import pytest
from flask import Flask

from forum import create_app, settings, terminal
from forum.commands import PLACES
from forum.settings import ROOT
from tests.test_cli import run
from tests.world import World

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)
OTHERS = {"db"}  # Flask-Migrate's
SPEAKS = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "", "FORUM_LANGUAGES": ""}


@pytest.fixture
def database(sqlite_database: str) -> str:
    """Return an empty database of one engine: what is said does not depend on it."""
    return sqlite_database


@pytest.fixture
def russian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LC_ALL": "ru_RU.UTF-8", "LC_MESSAGES": "kk_KZ.UTF-8", "LANG": "en_GB.UTF-8"}, "ru"),
        ({"LC_MESSAGES": "kk_KZ.UTF-8", "LANG": "ru_RU.UTF-8"}, "kk"),
        ({"LANG": "kk_KZ"}, "kk"),
        ({"LANG": "ru"}, "ru"),
        ({"LANG": "C.UTF-8", "FORUM_LANGUAGES": "kk,ru"}, "en"),
        ({"LC_ALL": "POSIX", "LANG": "ru_RU"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "FORUM_LANGUAGES": "kk,ru"}, "kk"),
        ({"FORUM_LANGUAGES": "ru"}, "ru"),
        ({"LANG": "../../etc/passwd"}, "en"),
        ({}, "en"),
    ],
)
def test_the_terminal_says_which_language_and_else_the_forum(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], language: str
) -> None:
    for name, value in (SPEAKS | environ).items():
        monkeypatch.setenv(name, value)
    assert terminal.language() == language


def commands(app: Flask) -> list[list[str]]:
    """Return every command of ours, with those below it."""
    found = []
    with app.app_context():
        for name in sorted(PLACES.keys() - OTHERS):
            command = app.cli.get_command(click.Context(app.cli), name)
            found += [[name], *([name, below] for below in getattr(command, "commands", ()))]
    return found


@pytest.mark.parametrize(("locale", "letters", "usage"), [("ru", CYRILLIC, "Использование:"), ("kk", KAZAKH, "Қолдан")])
def test_every_command_and_option_is_explained_in_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch, locale: str, letters: re.Pattern[str], usage: str
) -> None:
    english = [run(app, *command, "--help").stdout for command in commands(app)]
    monkeypatch.setenv("LC_ALL", locale)
    assert len(english) > 18
    for command, plain in zip(commands(app), english, strict=True):
        told = run(app, *command, "--help").stdout
        assert told.startswith(usage), command
        sentences = re.split(r"\n\n|\n  (?=-|\w+  )", told)[1:]
        assert [words for words in sentences if not CYRILLIC.search(words)] == [], command
        assert letters.search(told), command
        assert not CYRILLIC.search(plain), command
        assert set(re.findall(r"--[\w-]+", plain)) <= set(re.findall(r"--[\w-]+", told))


def test_so_are_wrong_use_refusals_of_every_room_and_what_was_done(app: Flask, russian: None) -> None:
    wrong = run(app, "users", "add")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "Ошибка: Не хватает аргумента 'NAME'." in wrong.stderr
    assert "Справка: «" in wrong.stderr
    assert "Нет команды 'ad'." in run(app, "users", "ad").stderr
    assert "'x' – не число." in run(app, "generate", "--seed", "x").stderr
    assert run(app, "users", "promote", "nobody", "lead").stderr == "Здесь нет никого с именем nobody.\n"
    assert CYRILLIC.match(run(app, "users", "add", "a").stderr), "the rooms speak it, too"
    assert run(app, "users", "add", "timur", "--role", "moderator").exit_code == 0
    assert run(app, "users", "promote", "timur", "lead").stderr.startswith("Новая роль: timur – lead")
    assert run(app, "log", "verify").stderr.startswith("Каждая запись продолжает предыдущую. Записей: 0;")


def test_so_is_what_is_wrong_in_an_article(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "kk_KZ.UTF-8")
    file = tmp_path / "article.md"
    file.write_text("---\ntitle: x\nmoton: y\n---\nWords.\n", encoding="utf-8")
    refusal = run(app, "debates", "import", str(file))
    assert (refusal.exit_code, refusal.stderr) == (1, f"{file}, 3-жол, moton: мұндай кілт жоқ.\n")


def test_so_is_a_setting_that_cannot_be(tmp_path: Path, russian: None) -> None:
    with pytest.raises(settings.BadSetting, match="FORUM_PORT – это целое число, а не «many»"):
        create_app({"FORUM_INSTANCE": str(tmp_path), "FORUM_PORT": "many"})


def test_programs_read_the_same_in_every_language(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.published("boris")
    said = set()
    for locale in ("C", "ru_RU.UTF-8", "kk_KZ.UTF-8"):
        monkeypatch.setenv("LC_ALL", locale)
        listed = run(world.app, "debates", "list").stdout
        line = '{"id": 1, "text": "Call +7 701 234 56 78 today."}\n'
        screened = world.app.test_cli_runner().invoke(args=["screen"], input=line).stdout
        link = re.sub(r"[\w-]{43}", "…", run(world.app, "users", "add", f"new-{locale[:2].lower()}").stdout)
        said.add((listed, screened, link))
    ((listed, screened, link),) = said
    assert "\topen\t1\t0\t" in listed
    assert '"code": "phone"' in screened
    assert link == "http://127.0.0.1:8000/accounts/links/…\n"


def test_so_does_the_script_that_runs_it() -> None:
    for locale, usage in (("C", "Usage:"), ("ru_RU.UTF-8", "Использование:"), ("kk_KZ.UTF-8", "Қолданылуы:")):
        done = subprocess.run(
            [ROOT / "run", "nonsense"],
            env={"LC_ALL": locale, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr.decode().partition(" ./run")[0]) == (2, usage)
