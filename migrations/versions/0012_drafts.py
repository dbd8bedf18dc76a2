"""Drafts: what members have begun to write and not sent."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "drafts",
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_drafts_author_id_users")),
        sa.ForeignKeyConstraint(["debate_id"], ["debates.id"], name=op.f("fk_drafts_debate_id_debates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("author_id", "debate_id", "place", name=op.f("uq_drafts_author_id_debate_id_place")),
    )
    op.create_index(op.f("ix_drafts_debate_id"), "drafts", ["debate_id"])


def downgrade() -> None:
    """Change them back."""
    op.drop_table("drafts")
