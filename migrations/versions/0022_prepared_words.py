"""A wording is stored with its words and their stems, so that a decision that makes it public makes none."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.add_column("revisions", sa.Column("words", sa.Text(), server_default="", nullable=False))
    op.add_column("revisions", sa.Column("stemmer", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    """Change them back."""
    op.drop_column("revisions", "stemmer")
    op.drop_column("revisions", "words")
