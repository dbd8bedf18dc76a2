"""What somebody wrote is found in a debate, or outside of it, without reading the replies."""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

COLUMNS = (["author_id", "id"], ["author_id", "status"])


def _replace(before: list[str], after: list[str]) -> None:
    op.create_index(op.f(f"ix_replies_{'_'.join(after)}"), "replies", after)
    op.drop_index(op.f(f"ix_replies_{'_'.join(before)}"), table_name="replies")


def upgrade() -> None:
    """Change the tables."""
    for columns in COLUMNS:
        _replace(columns, [*columns, "debate_id"])


def downgrade() -> None:
    """Change them back."""
    for columns in COLUMNS:
        _replace([*columns, "debate_id"], columns)
