"""Appeals: a second look at a decision by somebody else."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FIXED = ("id", "created_at", "decision_id", "reply_id", "first_moderator_id", "appellant_id")
CHANGED = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FIXED)

SQLITE = (
    "CREATE TRIGGER appeals_kept BEFORE DELETE ON appeals BEGIN SELECT RAISE(ABORT, 'an appeal is never deleted'); END",
    "CREATE TRIGGER appeals_decided_once BEFORE UPDATE ON appeals WHEN OLD.outcome IS NOT NULL "
    "BEGIN SELECT RAISE(ABORT, 'an appeal is decided once'); END",
    f"CREATE TRIGGER appeals_fixed BEFORE UPDATE ON appeals WHEN {CHANGED.replace('IS DISTINCT FROM', 'IS NOT')} "
    "BEGIN SELECT RAISE(ABORT, 'whose appeal it is and against what stays as it is'); END",
)
POSTGRESQL = (
    f"""CREATE FUNCTION keep_appeals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE 'an appeal is never deleted' USING ERRCODE = 'integrity_constraint_violation';
  ELSIF OLD.outcome IS NOT NULL THEN
    RAISE 'an appeal is decided once' USING ERRCODE = 'integrity_constraint_violation';
  ELSIF {CHANGED} THEN
    RAISE 'whose appeal it is and against what stays as it is' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$""",
    "CREATE TRIGGER appeals_kept BEFORE UPDATE OR DELETE ON appeals FOR EACH ROW EXECUTE FUNCTION keep_appeals()",
)


def upgrade() -> None:
    """Change the tables."""
    op.create_index("uq_decisions_first", "decisions", ["id", "reply_id", "moderator_id"], unique=True)
    op.create_index("uq_replies_own", "replies", ["id", "author_id"], unique=True)
    op.create_table(
        "appeals",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("first_moderator_id", sa.Integer(), nullable=False),
        sa.Column("appellant_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "decision_stands",
                "decision_reversed",
                "reply_withdrawn",
                "reply_restored",
                name="appeal_outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rule", sa.String(length=40), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("decided_by_id <> first_moderator_id", name=op.f("ck_appeals_not_by_the_first")),
        sa.CheckConstraint("decided_by_id <> appellant_id", name=op.f("ck_appeals_not_by_the_author")),
        sa.CheckConstraint(
            "(decided_by_id IS NOT NULL) = (outcome IS NOT NULL AND outcome IN ('decision_stands', 'decision_reversed'))",
            name=op.f("ck_appeals_judged_by_somebody"),
        ),
        sa.CheckConstraint("(decided_at IS NULL) = (outcome IS NULL)", name=op.f("ck_appeals_ended_at_some_time")),
        sa.CheckConstraint(
            "(rule IS NOT NULL) = (outcome IS NOT NULL AND outcome = 'decision_stands')",
            name=op.f("ck_appeals_stands_under_a_rule"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id", "reply_id", "first_moderator_id"],
            ["decisions.id", "decisions.reply_id", "decisions.moderator_id"],
            name="fk_appeals_first_decision",
        ),
        sa.ForeignKeyConstraint(
            ["reply_id", "appellant_id"], ["replies.id", "replies.author_id"], name="fk_appeals_own_reply"
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_appeals_decided_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeals_decision_id")),
    )
    op.create_index(op.f("ix_appeals_reply_id"), "appeals", ["reply_id"])
    is_open = sa.text("outcome IS NULL")
    op.create_index("ix_appeals_open", "appeals", ["id"], sqlite_where=is_open, postgresql_where=is_open)
    for table in ("appeal_words", "appeal_reasons"):
        op.create_table(
            table,
            sa.Column("appeal_id", sa.Integer(), nullable=False),
            sa.Column("text", sa.Text(), nullable=False),
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
            sa.ForeignKeyConstraint(["appeal_id"], ["appeals.id"], name=op.f(f"fk_{table}_appeal_id_appeals")),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint("appeal_id", name=op.f(f"uq_{table}_appeal_id")),
        )
    op.add_column(
        "notifications",
        sa.Column(
            "appeal_id",
            sa.Integer(),
            sa.ForeignKey("appeals.id", name=op.f("fk_notifications_appeal_id_appeals")),
            nullable=True,
        ),
        inline_references=True,
    )
    op.create_index("uq_notifications_appeal", "notifications", ["appeal_id", "user_id", "event"], unique=True)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Change them back."""
    op.execute("DELETE FROM notifications WHERE appeal_id IS NOT NULL")  # what they told of is gone
    op.drop_index("uq_notifications_appeal", "notifications")
    with op.batch_alter_table("notifications") as batch_op:  # a later migration may have copied the table
        batch_op.drop_column("appeal_id")
    for table in ("appeal_reasons", "appeal_words", "appeals"):
        op.drop_table(table)  # with its indexes and triggers
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION keep_appeals()")
    op.drop_index("uq_replies_own", "replies")
    op.drop_index("uq_decisions_first", "decisions")
