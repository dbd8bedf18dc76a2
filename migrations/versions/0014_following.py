"""Members follow debates and threads, mute each other, and are told who answered them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OF_DEBATE, OF_THREAD = sa.text("root_id IS NULL"), sa.text("root_id IS NOT NULL")
ANSWERED = sa.text("event = 'reply_answered'")


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "mutes",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("muted_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("user_id <> muted_id", name=op.f("ck_mutes_of_another")),
        sa.ForeignKeyConstraint(["muted_id"], ["users.id"], name=op.f("fk_mutes_muted_id_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mutes_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mutes")),
        sa.UniqueConstraint("user_id", "muted_id", name=op.f("uq_mutes_user_id_muted_id")),
    )
    op.create_index(op.f("ix_mutes_muted_id"), "mutes", ["muted_id"])
    op.create_table(
        "follows",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["debate_id"], ["debates.id"], name=op.f("fk_follows_debate_id_debates")),
        sa.ForeignKeyConstraint(["root_id"], ["replies.id"], name=op.f("fk_follows_root_id_replies")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_follows_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follows")),
    )
    op.create_index(op.f("ix_follows_user_id_id"), "follows", ["user_id", "id"])
    op.create_index(op.f("ix_follows_debate_id"), "follows", ["debate_id"])
    op.create_index(op.f("ix_follows_root_id"), "follows", ["root_id"])
    for name, column, where in (("debate", "debate_id", OF_DEBATE), ("thread", "root_id", OF_THREAD)):
        columns = ["user_id", column]
        options = {"unique": True, "sqlite_where": where, "postgresql_where": where}
        op.create_index(f"uq_follows_{name}", "follows", columns, **options)
    options = {"unique": True, "sqlite_where": ANSWERED, "postgresql_where": ANSWERED}
    op.create_index("uq_notifications_answer", "notifications", ["reply_id", "user_id"], **options)


def downgrade() -> None:
    """Change them back."""
    op.drop_index("uq_notifications_answer", "notifications")
    op.execute("DELETE FROM notifications WHERE event = 'reply_answered'")
    op.drop_table("follows")
    op.drop_table("mutes")
