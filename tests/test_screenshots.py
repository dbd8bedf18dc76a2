"""The pictures of the main pages: made by one command, and the same each time."""

import re
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from forum.settings import ROOT
from tests import screenshots

SHIPPED = 300_000  # bytes of all pictures in the repository


def size(picture: Path) -> tuple[int, int]:
    """Return width and height of a PNG."""
    return struct.unpack(">II", picture.read_bytes()[16:24])


def test_the_pictures_of_the_readme_are_those_of_the_command_and_light() -> None:
    shown = re.findall(r"!\[[^\]]+\]\((docs/[^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    names = {f"{title}-{look['width']}-{scheme}.png" for title, _who, _path in screenshots.PAGES
             for look in screenshots.SIZES for scheme in screenshots.SCHEMES}  # fmt: skip
    assert shown
    assert {Path(path).name for path in shown} <= names
    assert sum((ROOT / path).stat().st_size for path in shown) <= SHIPPED
    for path in shown:
        assert size(ROOT / path)[0] == int(path.split("-")[1])


@pytest.mark.parametrize(
    ("locale", "words"),
    [("C", "Chromium is missing"), ("ru_RU.UTF-8", "Нет Chromium"), ("kk_KZ.UTF-8", "Chromium жоқ")],
)
def test_without_chromium_it_says_what_to_do(tmp_path: Path, locale: str, words: str) -> None:
    (tmp_path / "dirname").symlink_to(shutil.which("dirname"))
    environ = {"LC_ALL": locale, "PATH": str(tmp_path)}
    done = subprocess.run([ROOT / "run", "screenshots"], env=environ, capture_output=True, check=False)
    said = done.stderr.decode()
    assert done.returncode == 1
    assert words in said
    assert "apt install chromium" in said
    assert said.count("\n") == 1


@pytest.mark.long
@pytest.mark.browser
def test_two_makings_give_the_same_pictures(tmp_path: Path) -> None:
    if shutil.which("chromium") is None:
        pytest.skip("no Chromium on the PATH")
    few = [page for page in screenshots.PAGES if page[0] in {"debate", "desk"}]
    first, second = (screenshots.make(tmp_path / folder, few) for folder in ("first", "second"))
    assert len(first) == 8
    assert {size(picture)[0] for picture in first} == {1280, 360}
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name
