"""Notices to leads of what waits for a second one."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLE, CHECK = "notifications", "ck_notifications_names_something"
OPEN = """
    INSERT INTO notifications (user_id, event, proposal_id, created_at)
    SELECT users.id, 'proposal_made', proposals.id, proposals.created_at FROM proposals, users
    WHERE proposals.status = 'open' AND users.role = 'lead'
    AND users.id NOT IN (proposals.proposed_by_id, proposals.user_id)
"""


def upgrade() -> None:
    """Change the tables, and tell of what waits already."""
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.add_column(sa.Column("proposal_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.create_check_constraint(
            op.f(CHECK), "reply_id IS NOT NULL OR sanction_id IS NOT NULL OR proposal_id IS NOT NULL"
        )
        batch_op.create_unique_constraint(op.f("uq_notifications_proposal_id_user_id"), ["proposal_id", "user_id"])
        batch_op.create_foreign_key(
            op.f("fk_notifications_proposal_id_proposals"), "proposals", ["proposal_id"], ["id"]
        )
    op.execute(OPEN)


def downgrade() -> None:
    """Change them back."""
    op.execute("DELETE FROM notifications WHERE proposal_id IS NOT NULL")
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_constraint(op.f("fk_notifications_proposal_id_proposals"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_notifications_proposal_id_user_id"), type_="unique")
        batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.create_check_constraint(op.f(CHECK), "reply_id IS NOT NULL OR sanction_id IS NOT NULL")
        batch_op.drop_column("proposal_id")
