"""What a moderator decided within the last half minute is found by an index."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.create_index(op.f("ix_decisions_moderator_id_created_at"), "decisions", ["moderator_id", "created_at"])
    op.drop_index(op.f("ix_decisions_moderator_id_id"), "decisions")


def downgrade() -> None:
    """Change them back."""
    op.create_index(op.f("ix_decisions_moderator_id_id"), "decisions", ["moderator_id", "id"])
    op.drop_index(op.f("ix_decisions_moderator_id_created_at"), "decisions")
