"""What the documents on safety say can be checked: they name tests that are there."""

import ast
import re
from functools import cache

import pytest

from forum.settings import ROOT

ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
TABLE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROWS = ROW.findall(TABLE)


@cache
def names_in(path: str) -> set[str]:
    """Return the names of the tests of a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize(("number", "proof"), [(number, proof) for number, _what, proof in ROWS])
def test_each_requirement_names_a_test_that_is_there_or_says_that_it_is_open(number: str, proof: str) -> None:
    if proof.startswith("open: "):
        return
    path, _colons, name = proof.strip("`").partition("::")
    assert name in names_in(path), f"{number} names no test: {proof}"


def test_each_requirement_stands_in_the_table_once() -> None:
    numbers = [number for number, *_rest in ROWS]
    assert len(numbers) == len(set(numbers)) >= 78
    assert len([line for line in TABLE.splitlines() if line.startswith("| ")]) == len(ROWS) + TABLE.count(
        "| Requirement |"
    )
