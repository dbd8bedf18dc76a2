"""An address that was asked to confirm itself is not asked again for a time; refusals of letters end after a time."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "mail_asked",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_mail_asked")),
    )
    op.create_index(op.f("ix_mail_asked_until"), "mail_asked", ["until"])
    op.add_column("mail_addresses", sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Change them back."""
    op.drop_column("mail_addresses", "failing_since")
    op.drop_table("mail_asked")
