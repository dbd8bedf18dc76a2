"""The last lead is told that a wish to be deleted has ended."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLE, CHECK = "notifications", "ck_notifications_names_something"
BEFORE = "reply_id IS NOT NULL OR sanction_id IS NOT NULL OR proposal_id IS NOT NULL OR event = 'export_made'"


def _check(condition: str) -> None:
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.create_check_constraint(op.f(CHECK), condition)


def upgrade() -> None:
    """Change the tables."""
    _check(f"{BEFORE} OR event = 'leaving_called_off'")


def downgrade() -> None:
    """Change them back."""
    op.execute("DELETE FROM notifications WHERE event = 'leaving_called_off'")
    _check(BEFORE)
