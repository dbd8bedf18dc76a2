"""A member may have tabs and a history that say nothing of what is read."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("has_plain_titles", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("users") as batch:
        batch.alter_column("has_plain_titles", server_default=None)


def downgrade() -> None:
    """Change them back."""
    with op.batch_alter_table("users") as batch:
        batch.drop_column("has_plain_titles")
