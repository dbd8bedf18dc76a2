"""What the API lists of one language is found by an index, however few there are."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

COLUMNS = ["debate_id", "language", "published_at", "id"]
PUBLISHED = sa.text("status = 'published'")


def upgrade() -> None:
    """Change the tables."""
    where = {"sqlite_where": PUBLISHED, "postgresql_where": PUBLISHED}
    op.create_index("ix_replies_published_in", "replies", COLUMNS, **where)


def downgrade() -> None:
    """Change them back."""
    op.drop_index("ix_replies_published_in", table_name="replies")
