"""The source of every page holds to the standard of HTML, as the Nu HTML checker of the W3C reads it."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser import STOPS, Tour

VNU = os.environ.get("TEST_VNU", "")  # the checker's vnu.jar; docs/access.md tells how to get it
PREFIXES = {"en": "", "ru": "/ru", "kk": "/kk"}

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not VNU or not shutil.which("java"), reason="no checker of HTML: TEST_VNU names no vnu.jar"),
]


def save_all(tour: Tour, folder: Path) -> dict[str, str]:
    """Save every page in every language, as whoever may see it gets it; return whose and which each file is."""
    saved = {}
    for who, addresses in STOPS.items():
        visitor = tour.world.visitor("" if who == "reader" else who)
        for number, address in enumerate(addresses):
            for language, prefix in PREFIXES.items():
                at = prefix + address.format(**tour.numbers)
                name = f"{who}-{number}-{language}.html"
                (folder / name).write_text(visitor.get(at).text, encoding="utf-8")
                saved[name] = f"{who} {at}"
    return saved


def faults_in(folder: Path) -> list[tuple[str, str]]:
    """Return what the checker finds: in which file, and what."""
    command = ["java", "-Xss4m", "-jar", VNU, "--format", "json", "--exit-zero-always", "--skip-non-html", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    messages = json.loads(done.stderr)["messages"]
    return [
        (Path(one["url"]).name, f"{one.get('lastLine')}: {one['message']} – {one.get('extract', '')!r}")
        for one in messages
        if one["type"] == "error" or one.get("subType") == "warning"
    ]


def test_every_page_in_every_language_holds_to_the_standard_of_html(tour: Tour, tmp_path: Path) -> None:
    saved = save_all(tour, tmp_path)
    (tmp_path / "planted.html").write_text(
        "<!doctype html><title>x</title><p><p id=a></span><p id=a>", encoding="utf-8"
    )
    found = faults_in(tmp_path)
    assert {name for name, _what in found} & {"planted.html"}, "it finds what is wrong"
    wrong = sorted({f"{saved[name]}: {what}" for name, what in found if name != "planted.html"})
    assert not wrong, f"{len(wrong)} faults\n" + "\n".join(wrong)
