"""Reports of published replies, their answers, and notices of them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


# Who has reported a reply never decides the appeal about it. A migration that copies the table of reports on SQLite
# has to drop this trigger before and to make it again.
HAS_REPORTED = "SELECT 1 FROM reports WHERE reply_id = NEW.reply_id AND reporter_id = NEW.decided_by_id"
REFUSAL = "who has reported a reply does not decide its appeal"
SQLITE = tuple(
    f"CREATE TRIGGER appeals_not_by_reporter_{act.lower()} BEFORE {act} ON appeals WHEN EXISTS ({HAS_REPORTED}) "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for act in ("INSERT", "UPDATE")
)
POSTGRESQL = (
    f"""CREATE FUNCTION refuse_reporter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS ({HAS_REPORTED}) THEN
    RAISE '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$""",
    "CREATE TRIGGER appeals_not_by_reporter BEFORE INSERT OR UPDATE ON appeals FOR EACH ROW EXECUTE FUNCTION refuse_reporter()",
)


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "reporter_records",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("led", sa.Integer(), nullable=False),
        sa.Column("credibility", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("led BETWEEN 0 AND judged", name=op.f("ck_reporter_records_led_were_judged")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_reporter_records_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporter_records")),
        sa.UniqueConstraint("user_id", name=op.f("uq_reporter_records_user_id")),
    )
    op.create_table(
        "dismissals",
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["moderator_id"], ["users.id"], name=op.f("fk_dismissals_moderator_id_users")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_dismissals_reply_id_replies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dismissals")),
        sa.UniqueConstraint("id", "reply_id", name=op.f("uq_dismissals_id_reply_id")),
    )
    with op.batch_alter_table("dismissals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dismissals_moderator_id"), ["moderator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dismissals_reply_id"), ["reply_id"], unique=False)

    op.create_table(
        "reported_replies",
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("oldest_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_reported_replies_reply_id_replies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_replies")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_reported_replies_reply_id")),
    )
    with op.batch_alter_table("reported_replies", schema=None) as batch_op:
        batch_op.create_index("ix_reported_replies_order", ["rank", "oldest_at", "reply_id"], unique=False)

    op.create_table(
        "dismissal_words",
        sa.Column("dismissal_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dismissal_id"], ["dismissals.id"], name=op.f("fk_dismissal_words_dismissal_id_dismissals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dismissal_words")),
        sa.UniqueConstraint("dismissal_id", name=op.f("uq_dismissal_words_dismissal_id")),
    )
    op.create_table(
        "reports",
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("receipt_digest", sa.String(length=64), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "removed",
                "kept",
                "withdrawn",
                name="report_outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("dismissal_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(coalesce(outcome, '') = 'kept') = (dismissal_id IS NOT NULL)", name=op.f("ck_reports_kept_by_dismissal")
        ),
        sa.CheckConstraint(
            "(coalesce(outcome, '') = 'removed') = (decision_id IS NOT NULL)",
            name=op.f("ck_reports_removed_by_decision"),
        ),
        sa.CheckConstraint("reason <> 'disagree'", name=op.f("ck_reports_is_no_disagreement")),
        sa.CheckConstraint("(answered_at IS NULL) = (outcome IS NULL)", name=op.f("ck_reports_answer_is_whole")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_reports_decision_id_decisions")),
        sa.ForeignKeyConstraint(
            ["dismissal_id", "reply_id"],
            ["dismissals.id", "dismissals.reply_id"],
            name=op.f("fk_reports_dismissal_id_reply_id_dismissals"),
        ),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_reports_reply_id_replies")),
        sa.ForeignKeyConstraint(["reporter_id"], ["users.id"], name=op.f("fk_reports_reporter_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("receipt_digest", name=op.f("uq_reports_receipt_digest")),
    )
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reports_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reports_dismissal_id"), ["dismissal_id"], unique=False)
        batch_op.create_index(
            "ix_reports_open",
            ["reply_id", "id"],
            unique=False,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_reports_reply_id"), ["reply_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_reports_reporter_id_created_at"), ["reporter_id", "created_at"], unique=False
        )
        batch_op.create_index(
            "uq_reports_one_open",
            ["reporter_id", "reply_id"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.create_table(
        "report_words",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], name=op.f("fk_report_words_report_id_reports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_words")),
        sa.UniqueConstraint("report_id", name=op.f("uq_report_words_report_id")),
    )
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("report_id", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_notifications_report_id_user_id_event"), ["report_id", "user_id", "event"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_notifications_report_id_reports"), "reports", ["report_id"], ["id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Change them back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER appeals_not_by_reporter ON appeals")
        op.execute("DROP FUNCTION refuse_reporter()")
    else:
        op.execute("DROP TRIGGER appeals_not_by_reporter_insert")
        op.execute("DROP TRIGGER appeals_not_by_reporter_update")
    op.execute("DELETE FROM notifications WHERE report_id IS NOT NULL")  # what they told of is gone
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_notifications_report_id_reports"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_notifications_report_id_user_id_event"), type_="unique")
        batch_op.drop_column("report_id")

    op.drop_table("report_words")
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_reports_one_open",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_reports_reporter_id_created_at"))
        batch_op.drop_index(batch_op.f("ix_reports_reply_id"))
        batch_op.drop_index(
            "ix_reports_open",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_reports_dismissal_id"))
        batch_op.drop_index(batch_op.f("ix_reports_decision_id"))

    op.drop_table("reports")
    op.drop_table("dismissal_words")
    with op.batch_alter_table("reported_replies", schema=None) as batch_op:
        batch_op.drop_index("ix_reported_replies_order")

    op.drop_table("reported_replies")
    with op.batch_alter_table("dismissals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dismissals_reply_id"))
        batch_op.drop_index(batch_op.f("ix_dismissals_moderator_id"))

    op.drop_table("dismissals")
    op.drop_table("reporter_records")
