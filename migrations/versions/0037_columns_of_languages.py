"""A column is read in one language as in all: what is counted and ordered stands in its index."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

PLACE = ["published_at", "id", "status", "public_answers", "stands_at", "parent_id"]
TOP = sa.text("parent_id IS NULL")


def _index(name: str, columns: list[str]) -> None:
    where: dict[str, Any] = {"sqlite_where": TOP, "postgresql_where": TOP}
    op.create_index(name, "replies", columns, **where)


def upgrade() -> None:
    """Change the tables."""
    op.drop_index("ix_replies_column", table_name="replies")
    _index("ix_replies_column", ["debate_id", "stance", *PLACE, "language"])
    _index("ix_replies_column_of_language", ["debate_id", "stance", "language", *PLACE])


def downgrade() -> None:
    """Change them back."""
    op.drop_index("ix_replies_column_of_language", table_name="replies")
    op.drop_index("ix_replies_column", table_name="replies")
    _index("ix_replies_column", ["debate_id", "stance", *PLACE])
