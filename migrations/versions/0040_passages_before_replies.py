"""Passages stand before all replies in the index of the search, the newest article first.

Who looks for the newest replies on SQLite then begins with them, and does not step over the passages of all articles.
"""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

SQLITE = [  # what a row of the index is known by cannot be changed: its triggers follow what goes and what comes
    "CREATE TEMPORARY TABLE moved AS SELECT * FROM search_entries WHERE passage_id IS NOT NULL",
    "DELETE FROM search_entries WHERE passage_id IS NOT NULL",
    "INSERT INTO search_entries (place, passage_id, stemmer, stems) "
    "SELECT 288230376151711744 - place, passage_id, stemmer, stems FROM moved",
    "DROP TABLE moved",
    "INSERT INTO search_index(search_index) VALUES ('optimize')",
]
POSTGRESQL = ["UPDATE search_entries SET place = 288230376151711744 - place WHERE passage_id IS NOT NULL"]


def upgrade() -> None:
    """Change the places, which began at 2**58 until now; done twice, they are as before."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Change them back."""
    upgrade()
