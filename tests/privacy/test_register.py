"""Of each table, docs/erasure.md says where it stands in an export and what becomes of it with the account."""

import re

from sqlalchemy import JSON, Enum, LargeBinary, String

from forum.db import Base
from forum.privacy.holdings import SECTIONS
from forum.settings import ROOT

LINE = re.compile(r"^\| (\w+) \| ?([^|]*)\| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
WORDS = (String, JSON, LargeBinary)


def described() -> list[tuple[str, set[str], str]]:
    """Return each table that the page describes, with the columns that it names, and where it stands in an export."""
    page = (ROOT / "docs" / "erasure.md").read_text(encoding="utf-8")
    found = [(table, set(re.findall(r"`(\w+)`", columns)), export) for table, columns, export in LINE.findall(page)]
    return [row for row in found if row[0] != "Table"]


def test_a_new_table_or_column_for_words_needs_a_decision() -> None:
    modelled = {
        table.name: {c.name for c in table.columns if isinstance(c.type, WORDS) and not isinstance(c.type, Enum)}
        for table in Base.metadata.sorted_tables
    }
    assert {table: columns for table, columns, _export in described()} == modelled


def test_each_table_is_decided_on_once() -> None:
    tables = [table for table, *_more in described()]
    assert len(tables) == len(set(tables))


def test_each_table_stands_in_the_export_or_says_why_not() -> None:
    named = {table: set(re.findall(r"`(\w+)`", export)) for table, _columns, export in described()}
    for table, _columns, export in described():
        assert named[table] or export.startswith("not: "), table
    assert set.union(*named.values()) == set(SECTIONS)
