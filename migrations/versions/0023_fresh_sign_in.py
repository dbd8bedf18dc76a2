"""A session knows when its person last proved who they are, and in which hour something was last done in it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    with op.batch_alter_table("sessions") as batch:
        batch.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE sessions SET confirmed_at = created_at, acted_at = created_at")
    with op.batch_alter_table("sessions") as batch:
        batch.alter_column("confirmed_at", nullable=False)
        batch.alter_column("acted_at", nullable=False)


def downgrade() -> None:
    """Change them back."""
    with op.batch_alter_table("sessions") as batch:
        batch.drop_column("acted_at")
        batch.drop_column("confirmed_at")
