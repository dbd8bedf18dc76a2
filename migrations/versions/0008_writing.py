"""Writing: new wordings of published replies."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# On either engine by hand: Alembic would copy the whole table on SQLite for the sake of the key.
ADD_REPLACED = (
    "ALTER TABLE revisions ADD COLUMN replaces_id INTEGER "
    "CONSTRAINT fk_revisions_replaces_id_revisions REFERENCES revisions (id)"
)
# Until now each reply had one public wording at most.
PUBLISHED_WITH_REPLY = (
    "UPDATE revisions SET published_at = "
    "(SELECT published_at FROM replies WHERE replies.shown_revision_id = revisions.id) WHERE outcome = 'published'"
)


def upgrade() -> None:
    """Change the tables."""
    op.execute(ADD_REPLACED)
    op.add_column("revisions", sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(PUBLISHED_WITH_REPLY)
    op.create_table(
        "closings",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_closings_decision_id_decisions")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_closings_revision_id_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closings")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_closings_decision_id")),
    )
    op.create_index(op.f("ix_closings_revision_id"), "closings", ["revision_id"])


def downgrade() -> None:
    """Change them back."""
    op.drop_table("closings")
    # A new wording that waits cannot wait beside a public one any more.
    op.execute("UPDATE revisions SET outcome = 'withdrawn' WHERE outcome = 'waiting' AND replaces_id IS NOT NULL")
    op.drop_column("revisions", "published_at")
    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.drop_column("replaces_id")  # with its key
