"""What the bench says of its numbers, and that it still measures; the numbers are made by `./run bench`."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import report
from forum.settings import ROOT


def test_each_bound_says_whether_it_holds() -> None:
    page = report.page(measured({"limit|page": 1.5, "evenhand|page": 2.7, "flaskbb|page": 34}), None)

    assert line(page, "debate page, nobody, first time ÷ uncached limit").endswith(
        "| ≤ 2 × | 1.8 × (1.8..1.8) | yes | ≤ 1.2 × |"
    )
    assert "| ≤ 1/10 | 1/12.6 (1/12.6..1/12.6) | yes |" in line(page, "debate page, nobody, first time ÷ FlaskBB")
    page = report.page(measured({"limit|page": 1.5, "evenhand|page": 3.3, "flaskbb|page": 30}), None)
    assert "| 2.2 × (2.2..2.2) | **no** |" in line(page, "debate page, nobody, first time ÷ uncached limit")
    assert "| 1/9.09 (1/9.09..1/9.09) | **no** |" in line(page, "debate page, nobody, first time ÷ FlaskBB")


def test_what_is_only_compared_holds_nothing_and_breaks_nothing() -> None:
    page = report.page(measured({"evenhand|post": 6, "isso|post": 4}), None)

    said = line(page, "post a reply ÷ Isso, without accounts and moderation")
    assert said.endswith("| compared | 1.5 × (1.5..1.5) |  |  |")


def test_what_was_answered_wrongly_counts_for_nothing() -> None:
    result = measured({"limit|page": 1.5, "evenhand|page": 2.7})
    result["rounds"]["evenhand|page"][0]["bad"] = 1

    page = report.page(result, None)

    assert "| page | Evenhand | counts for nothing |" in page
    assert "not measured: an answer was bad" in line(page, "debate page, nobody, first time ÷ uncached limit")


def test_who_could_not_be_measured_is_named_with_the_reason() -> None:
    result = measured({"evenhand|page": 2.7}) | {"missing": {"flaskbb": "needs Python 3.12"}}

    page = report.page(result, None)

    assert "- FlaskBB is not measured here: needs Python 3.12." in page
    assert "not measured: needs Python 3.12" in line(page, "debate page, nobody, first time ÷ FlaskBB")


def test_the_command_tells_how_it_is_used(tmp_path: Path) -> None:
    for name in ("run", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("bench", "forum"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "requirements.txt", tmp_path / ".venv")  # the packages are installed
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    told = subprocess.run([tmp_path / "run", "bench", "--help"], capture_output=True, text=True, check=True)
    assert told.stdout.startswith("usage: ./run bench")
    for option in ("--growth", "--servers", "--rounds", "--again"):
        assert option in told.stdout


@pytest.mark.long
def test_the_forum_and_the_limit_can_still_be_measured(tmp_path: Path) -> None:
    before = (ROOT / "bench" / "RESULTS.md").read_bytes()
    asked = ["--servers", "limit,evenhand", "--rounds", "1", "--seconds", "1", "--no-search"]
    places = ["--workdir", tmp_path / "servers", "--results", tmp_path / "page.md"]
    command = [sys.executable, "-m", "bench", *asked, *places]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FORUM_")}
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    result = json.loads((tmp_path / "servers" / "side-by-side.json").read_text())
    assert result["missing"] == {}
    for server in ("limit", "evenhand"):
        works = {key: found for key, (found,) in result["rounds"].items() if key.startswith(f"{server}|")}
        assert len(works) >= 7
        assert [key for key, found in works.items() if found["bad"] or not found["n"]] == []
        assert result["statements"][server]["page"] > 0
    page = (tmp_path / "page.md").read_text()
    assert page == ended.stdout.removesuffix("\n")
    assert "debate page, nobody, first time ÷ uncached limit" in page
    assert (ROOT / "bench" / "RESULTS.md").read_bytes() == before


def measured(cpu: dict[str, float]) -> dict[str, Any]:
    """Return what a run of one round has found."""
    row = {"n": 10, "bad": 0, "rate": 9.0, "latencies": [1.0]}
    return {
        "environment": report.environment() | {"rounds": 1, "seconds": 1, "connections": 4},
        "rounds": {key: [row | {"cpu": spent}] for key, spent in cpu.items()},
        "bytes": {key: {"sent": 100, "compressed": 50, "shown": 50} for key in cpu},
        "statements": {},
        "missing": {},
        "versions": {},
        "starts": {"evenhand": [1.0]},
        "memory": {"evenhand": 90.0},
        "memory_at_start": {"evenhand": 80.0},
    }


def line(page: str, what: str) -> str:
    """Return the line of the table that begins with these words."""
    return next(row for row in page.splitlines() if row.startswith(f"| {what} |"))
