"""Members can have letters: an address, sealed, and which notices a letter has told of."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    frequency = sa.Enum("immediate", "daily", "off", name="frequency", native_enum=False, length=24)
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "mail_addresses",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("frequency", frequency, nullable=False),
        sa.Column("tells_waiting", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", moment, nullable=True),
        sa.Column("refused_at", moment, nullable=True),
        sa.Column("digest_at", moment, nullable=True),
        sa.Column("waiting_at", moment, nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.CheckConstraint("frequency IN ('immediate', 'daily', 'off')", name=op.f("ck_mail_addresses_frequency")),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (digest_at IS NULL)", name=op.f("ck_mail_addresses_digests_when_confirmed")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mail_addresses_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_addresses")),
        sa.UniqueConstraint("user_id", name=op.f("uq_mail_addresses_user_id")),
        sa.UniqueConstraint("mark", name=op.f("uq_mail_addresses_mark")),
    )
    op.add_column("notifications", sa.Column("mailed_at", moment, nullable=True))


def downgrade() -> None:
    """Change them back."""
    op.drop_column("notifications", "mailed_at")
    op.drop_table("mail_addresses")
