"""A feed finds what was published last in a debate without reading all of it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PUBLIC = sa.text("status = 'published'")


def upgrade() -> None:
    """Change the tables."""
    columns = ["debate_id", "published_at", "id"]
    op.create_index("ix_replies_published", "replies", columns, sqlite_where=PUBLIC, postgresql_where=PUBLIC)


def downgrade() -> None:
    """Change them back."""
    op.drop_index("ix_replies_published", "replies")
