"""Of each table, docs/erasure.md says what becomes of it when an account is deleted."""

import re

from sqlalchemy import JSON, Enum, LargeBinary, String

from forum.db import Base
from forum.settings import ROOT

LINE = re.compile(r"\| (\w+) \| ([^|]*)\|")
WORDS = (String, JSON, LargeBinary)


def described() -> list[tuple[str, set[str]]]:
    """Return each table that the page describes, with the columns that it names."""
    page = (ROOT / "docs" / "erasure.md").read_text(encoding="utf-8")
    return [(table, set(re.findall(r"`(\w+)`", columns))) for table, columns in LINE.findall(page) if table != "Table"]


def test_a_new_table_or_column_for_words_needs_a_decision() -> None:
    modelled = {
        table.name: {c.name for c in table.columns if isinstance(c.type, WORDS) and not isinstance(c.type, Enum)}
        for table in Base.metadata.sorted_tables
    }
    assert dict(described()) == modelled


def test_each_table_is_decided_on_once() -> None:
    tables = [table for table, _columns in described()]
    assert len(tables) == len(set(tables))
