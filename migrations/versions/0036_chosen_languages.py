"""Who writes may say in which language."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.add_column("revisions", sa.Column("chosen_language", sa.String(8), nullable=True))


def downgrade() -> None:
    """Change them back; which languages were chosen is lost, and what was recognised by them stays."""
    op.drop_column("revisions", "chosen_language")
