"""The versions by which kept pages are known."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "page_versions",
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("settles_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_page_versions")),
    )


def downgrade() -> None:
    """Change them back."""
    op.drop_table("page_versions")
