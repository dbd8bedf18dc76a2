"""Members have all that the forum holds about them as an archive."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLE, CHECK = "notifications", "ck_notifications_names_something"
NAMES = "reply_id IS NOT NULL OR sanction_id IS NOT NULL OR proposal_id IS NOT NULL"


def _check(condition: str) -> None:
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.create_check_constraint(op.f(CHECK), condition)


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "exports",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_exports_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
        sa.UniqueConstraint("user_id", name=op.f("uq_exports_user_id")),
    )
    op.create_index(op.f("ix_exports_made_at"), "exports", ["made_at"])
    _check(f"{NAMES} OR event = 'export_made'")


def downgrade() -> None:
    """Change them back; archives can be made anew."""
    op.execute("DELETE FROM notifications WHERE event = 'export_made'")
    _check(NAMES)
    op.drop_table("exports")
