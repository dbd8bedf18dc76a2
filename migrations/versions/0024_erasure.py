"""Accounts can be deleted, and words erased."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ERASED = "erases IN ('account', 'account_and_words', 'words')"


def upgrade() -> None:
    """Change the tables."""
    op.add_column("users", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("replies", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "reserved_names",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserved_names")),
        sa.UniqueConstraint("digest", name=op.f("uq_reserved_names_digest")),
    )
    op.create_table(
        "leavings",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("erases", sa.String(length=24), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(ERASED, name=op.f("ck_leavings_erased")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_leavings_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leavings")),
        sa.UniqueConstraint("user_id", name=op.f("uq_leavings_user_id")),
    )
    op.create_table(
        "erasures",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("member_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erases", sa.String(length=24), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(ERASED, name=op.f("ck_erasures_erased")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_erasures_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("user_id", "erases", "created_at", name=op.f("uq_erasures_user_id_erases_created_at")),
    )


def downgrade() -> None:
    """Change them back, unless somebody was erased: the version before would give their names to others."""
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM erasures")):
        raise RuntimeError("words or accounts were erased, which the version before does not know; nothing was changed")
    op.drop_table("erasures")
    op.drop_table("leavings")
    op.drop_table("reserved_names")
    op.drop_column("replies", "erased_at")
    op.drop_column("users", "erased_at")
