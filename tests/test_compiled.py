"""Templates stay compiled from one start to the next, and never longer than they are the same."""

import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from forum.compiled import Compiled
from forum.fragments import Flat


@pytest.fixture(autouse=True)
def _python_keeps_what_it_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def start(folder: Path, kept: Path, **options: bool) -> tuple[str, list[int]]:
    """Return a page as a process draws it that has just started, and when what is kept was written."""
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, extensions=[Flat], **options)
    environment.bytecode_cache = Compiled(str(kept))
    page = environment.get_template("page.html").render(name="Aigerim")
    return page, [file.stat().st_mtime_ns for file in kept.glob("*")]


def test_the_second_start_finds_what_the_first_has_compiled_until_a_template_or_the_way_to_read_it_changes(
    tmp_path: Path,
) -> None:
    kept = tmp_path / "__pycache__"
    (tmp_path / "page.html").write_text("{% if name %}\n  Hello {{ name }}{% endif %}")
    first = start(tmp_path, kept)
    assert first[0] == "\nHello Aigerim"
    assert len(first[1]) == 1
    assert start(tmp_path, kept) == first
    other = start(tmp_path, kept, trim_blocks=True)
    assert other[0] == "Hello Aigerim"
    (tmp_path / "page.html").write_text("Good evening {{ name }}")
    last = start(tmp_path, kept, trim_blocks=True)
    assert last[0] == "Good evening Aigerim"
    assert len({*first[1], *other[1], *last[1]}) == 3


def test_where_nothing_can_be_kept_pages_are_drawn_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("Hello {{ name }}")
    assert start(tmp_path, tmp_path / "nowhere" / "__pycache__") == ("Hello Aigerim", [])


def test_where_python_keeps_nothing_beside_its_modules_nothing_is_kept_beside_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (tmp_path / "page.html").write_text("Hello {{ name }}")
    assert start(tmp_path, tmp_path / "__pycache__") == ("Hello Aigerim", [])
    assert not (tmp_path / "__pycache__").exists()
