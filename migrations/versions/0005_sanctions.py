"""Warnings, suspensions and bans; what two leads decide; notes about people."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JUDGED = {
    "not_by_the_first": "decided_by_id <> first_moderator_id",
    "not_by_the_second_lead": "decided_by_id <> second_lead_id",
    "not_by_the_person": "decided_by_id <> user_id",
    "judged_by_somebody": "(decided_by_id IS NOT NULL) = (outcome IS NOT NULL AND outcome <> 'sanction_ended')",
    "ended_at_some_time": "(outcome IS NULL) = (decided_at IS NULL)",
    "judged_with_reasons": "(decided_by_id IS NULL) = (reasons_id IS NULL)",
}
MOMENTS = ("warned_at", "suspended_until", "banned_at", "banned_until")

FIXED = ("id", "created_at", "sanction_id", "user_id", "first_moderator_id", "second_lead_id", "words_id")
CHANGED = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FIXED)
# Who had a part in what led to a sanction, or confirmed it, never decides the appeal against it. A migration that
# copies one of these tables on SQLite has to drop this trigger before and to make it again.
HAD_A_PART = (
    "SELECT 1 FROM sanctions"
    " LEFT JOIN proposals ON proposals.id = sanctions.proposal_id"
    " LEFT JOIN decisions ON decisions.id = sanctions.decision_id"
    " LEFT JOIN reports ON reports.reply_id = decisions.reply_id"
    " WHERE sanctions.id = NEW.sanction_id"
    " AND NEW.decided_by_id IN (proposals.confirmed_by_id, decisions.moderator_id, reports.reporter_id)"
)
NEVER_DELETED = "an appeal is never deleted"
DECIDED_ONCE = "an appeal is decided once"
STAYS = "whose appeal it is and against what stays as it is"
BY_NOBODY_INVOLVED = "who had a part in a case does not decide its appeal"
SQLITE = (
    "CREATE TRIGGER sanction_appeals_kept BEFORE DELETE ON sanction_appeals "
    f"BEGIN SELECT RAISE(ABORT, '{NEVER_DELETED}'); END",
    "CREATE TRIGGER sanction_appeals_decided_once BEFORE UPDATE ON sanction_appeals WHEN OLD.outcome IS NOT NULL "
    f"BEGIN SELECT RAISE(ABORT, '{DECIDED_ONCE}'); END",
    "CREATE TRIGGER sanction_appeals_fixed BEFORE UPDATE ON sanction_appeals "
    f"WHEN {CHANGED.replace('IS DISTINCT FROM', 'IS NOT')} BEGIN SELECT RAISE(ABORT, '{STAYS}'); END",
    "CREATE TRIGGER sanction_appeals_by_nobody_involved BEFORE UPDATE ON sanction_appeals "
    f"WHEN EXISTS ({HAD_A_PART}) BEGIN SELECT RAISE(ABORT, '{BY_NOBODY_INVOLVED}'); END",
)
POSTGRESQL = (
    f"""CREATE FUNCTION keep_sanction_appeals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE '{NEVER_DELETED}' USING ERRCODE = 'integrity_constraint_violation';
  ELSIF OLD.outcome IS NOT NULL THEN
    RAISE '{DECIDED_ONCE}' USING ERRCODE = 'integrity_constraint_violation';
  ELSIF {CHANGED} THEN
    RAISE '{STAYS}' USING ERRCODE = 'integrity_constraint_violation';
  ELSIF EXISTS ({HAD_A_PART}) THEN
    RAISE '{BY_NOBODY_INVOLVED}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$""",
    "CREATE TRIGGER sanction_appeals_kept BEFORE UPDATE OR DELETE ON sanction_appeals "
    "FOR EACH ROW EXECUTE FUNCTION keep_sanction_appeals()",
)


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "grounds",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grounds")),
    )
    op.create_table(
        "person_notes",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_person_notes_author_id_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_person_notes_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_notes")),
    )
    with op.batch_alter_table("person_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_notes_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_notes_user_id"), ["user_id"], unique=False)

    op.create_table(
        "proposals",
        sa.Column(
            "kind",
            sa.Enum("ban", "role", name="proposal_kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "carried_out",
                "declined",
                "taken_back",
                name="proposal_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("one_lead_decided", sa.Boolean(), nullable=False),
        sa.Column("alone_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "role",
            sa.Enum("member", "moderator", "lead", name="role", native_enum=False, create_constraint=True, length=24),
            nullable=True,
        ),
        sa.Column("rule", sa.String(length=40), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("grounds_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'ban') = (rule IS NOT NULL)", name=op.f("ck_proposals_ban_has_rule")),
        sa.CheckConstraint("(kind = 'role') = (role IS NOT NULL)", name=op.f("ck_proposals_role_is_named")),
        sa.CheckConstraint(
            "(status = 'carried_out' AND (confirmed_by_id IS NOT NULL) <> one_lead_decided) OR (status <> 'carried_out' AND confirmed_by_id IS NULL AND NOT one_lead_decided)",
            name=op.f("ck_proposals_two_leads_or_one_who_waited"),
        ),
        sa.CheckConstraint("(status = 'open') = (closed_at IS NULL)", name=op.f("ck_proposals_closed_at_its_end")),
        sa.CheckConstraint("(status = 'open') = (closed_by_id IS NULL)", name=op.f("ck_proposals_closed_by_somebody")),
        sa.CheckConstraint(
            "days IS NULL OR (kind = 'ban' AND days BETWEEN 1 AND 3650)", name=op.f("ck_proposals_days_of_ban")
        ),
        sa.CheckConstraint("closed_at >= alone_from OR NOT one_lead_decided", name=op.f("ck_proposals_one_lead_waits")),
        sa.CheckConstraint("closed_by_id <> user_id", name=op.f("ck_proposals_closer_is_not_concerned")),
        sa.CheckConstraint("confirmed_by_id <> proposed_by_id", name=op.f("ck_proposals_second_lead_is_another")),
        sa.CheckConstraint("confirmed_by_id <> user_id", name=op.f("ck_proposals_second_lead_is_not_concerned")),
        sa.CheckConstraint("proposed_by_id <> user_id", name=op.f("ck_proposals_proposer_is_not_concerned")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["users.id"], name=op.f("fk_proposals_closed_by_id_users")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["users.id"], name=op.f("fk_proposals_confirmed_by_id_users")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_proposals_decision_id_decisions")),
        sa.ForeignKeyConstraint(["grounds_id"], ["grounds.id"], name=op.f("fk_proposals_grounds_id_grounds")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["users.id"], name=op.f("fk_proposals_proposed_by_id_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_proposals_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("grounds_id", name=op.f("uq_proposals_grounds_id")),
        sa.UniqueConstraint("id", "user_id", name=op.f("uq_proposals_id_user_id")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposals_closed_by_id"), ["closed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_confirmed_by_id"), ["confirmed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_proposed_by_id"), ["proposed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_proposals_one_open",
            ["user_id", "kind"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.create_table(
        "sanctions",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "warning",
                "suspension",
                "ban",
                name="sanction_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column(
            "moderator_role",
            sa.Enum("member", "moderator", "lead", name="role", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("grounds_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ending_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'ban') = (proposal_id IS NOT NULL)", name=op.f("ck_sanctions_two_leads_ban")),
        sa.CheckConstraint(
            "(kind = 'warning' AND days IS NULL) OR (kind = 'suspension' AND days IS NOT NULL AND days BETWEEN 1 AND 365) OR (kind = 'ban' AND (days IS NULL OR days BETWEEN 1 AND 3650))",
            name=op.f("ck_sanctions_days_of_kind"),
        ),
        sa.CheckConstraint("moderator_role <> 'member'", name=op.f("ck_sanctions_staff_decide")),
        sa.CheckConstraint(
            "moderator_role = 'lead' OR (kind <> 'ban' AND (days IS NULL OR days <= 7))",
            name=op.f("ck_sanctions_long_ones_are_a_leads"),
        ),
        sa.CheckConstraint("read_at IS NULL OR kind = 'warning'", name=op.f("ck_sanctions_warnings_are_read")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_sanctions_ended_by_somebody")),
        sa.CheckConstraint("(ended_at IS NULL) = (ending_id IS NULL)", name=op.f("ck_sanctions_ended_with_a_reason")),
        sa.CheckConstraint("ended_by_id <> user_id", name=op.f("ck_sanctions_nobody_frees_themselves")),
        sa.CheckConstraint("moderator_id <> user_id", name=op.f("ck_sanctions_nobody_sanctions_themselves")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_sanctions_decision_id_decisions")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["users.id"], name=op.f("fk_sanctions_ended_by_id_users")),
        sa.ForeignKeyConstraint(["ending_id"], ["grounds.id"], name=op.f("fk_sanctions_ending_id_grounds")),
        sa.ForeignKeyConstraint(["grounds_id"], ["grounds.id"], name=op.f("fk_sanctions_grounds_id_grounds")),
        sa.ForeignKeyConstraint(["moderator_id"], ["users.id"], name=op.f("fk_sanctions_moderator_id_users")),
        sa.ForeignKeyConstraint(
            ["proposal_id", "user_id"],
            ["proposals.id", "proposals.user_id"],
            name=op.f("fk_sanctions_proposal_id_user_id_proposals"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sanctions_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanctions")),
        sa.UniqueConstraint("ending_id", name=op.f("uq_sanctions_ending_id")),
        sa.UniqueConstraint("grounds_id", name=op.f("uq_sanctions_grounds_id")),
        sa.UniqueConstraint("id", "moderator_id", name=op.f("uq_sanctions_id_moderator_id")),
        sa.UniqueConstraint("id", "user_id", name=op.f("uq_sanctions_id_user_id")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_sanctions_proposal_id")),
    )
    with op.batch_alter_table("sanctions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sanctions_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sanctions_ended_by_id"), ["ended_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sanctions_moderator_id"), ["moderator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sanctions_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_sanctions_one_unread",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'warning' AND read_at IS NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("kind = 'warning' AND read_at IS NULL AND ended_at IS NULL"),
        )

    op.create_table(
        "sanction_appeals",
        sa.Column("sanction_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("first_moderator_id", sa.Integer(), nullable=False),
        sa.Column("second_lead_id", sa.Integer(), nullable=True),
        sa.Column("words_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "decision_stands",
                "decision_reversed",
                "sanction_ended",
                name="sanction_appeal_outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reasons_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_sanction_appeals_{name}"))
            for name, condition in JUDGED.items()
        ),
        sa.ForeignKeyConstraint(
            ["sanction_id", "first_moderator_id"],
            ["sanctions.id", "sanctions.moderator_id"],
            name=op.f("fk_sanction_appeals_sanction_id_first_moderator_id_sanctions"),
        ),
        sa.ForeignKeyConstraint(
            ["sanction_id", "user_id"],
            ["sanctions.id", "sanctions.user_id"],
            name=op.f("fk_sanction_appeals_sanction_id_user_id_sanctions"),
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_sanction_appeals_{column}_{table}"))
            for column, table in (
                ("second_lead_id", "users"),
                ("decided_by_id", "users"),
                ("words_id", "grounds"),
                ("reasons_id", "grounds"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanction_appeals")),
        *(
            sa.UniqueConstraint(column, name=op.f(f"uq_sanction_appeals_{column}"))
            for column in ("sanction_id", "words_id", "reasons_id")
        ),
    )
    is_open = sa.text("outcome IS NULL")
    op.create_index(
        "ix_sanction_appeals_open", "sanction_appeals", ["id"], sqlite_where=is_open, postgresql_where=is_open
    )

    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sanction_id", sa.Integer(), nullable=True))
        batch_op.alter_column("reply_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_unique_constraint(
            batch_op.f("uq_notifications_sanction_id_user_id_event"), ["sanction_id", "user_id", "event"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_notifications_names_something"), "reply_id IS NOT NULL OR sanction_id IS NOT NULL"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_notifications_sanction_id_sanctions"), "sanctions", ["sanction_id"], ["id"]
        )

    op.drop_index(op.f("ix_replies_author_id"), "replies")
    op.create_index(op.f("ix_replies_author_id_id"), "replies", ["author_id", "id"])
    op.create_index(op.f("ix_replies_author_id_status"), "replies", ["author_id", "status"])
    for name in MOMENTS:
        op.add_column("users", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Change them back."""
    op.drop_table("sanction_appeals")  # with its triggers
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION keep_sanction_appeals()")
    for name in MOMENTS:
        op.drop_column("users", name)
    op.drop_index(op.f("ix_replies_author_id_status"), "replies")
    op.drop_index(op.f("ix_replies_author_id_id"), "replies")
    op.create_index(op.f("ix_replies_author_id"), "replies", ["author_id"])
    op.execute("DELETE FROM notifications WHERE reply_id IS NULL")
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_notifications_names_something"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_notifications_sanction_id_sanctions"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_notifications_sanction_id_user_id_event"), type_="unique")
        batch_op.alter_column("reply_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("sanction_id")

    with op.batch_alter_table("sanctions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_sanctions_one_unread",
            sqlite_where=sa.text("kind = 'warning' AND read_at IS NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("kind = 'warning' AND read_at IS NULL AND ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_sanctions_user_id"))
        batch_op.drop_index(batch_op.f("ix_sanctions_moderator_id"))
        batch_op.drop_index(batch_op.f("ix_sanctions_ended_by_id"))
        batch_op.drop_index(batch_op.f("ix_sanctions_decision_id"))

    op.drop_table("sanctions")
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_proposals_one_open",
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_proposals_user_id"))
        batch_op.drop_index(batch_op.f("ix_proposals_proposed_by_id"))
        batch_op.drop_index(batch_op.f("ix_proposals_decision_id"))
        batch_op.drop_index(batch_op.f("ix_proposals_confirmed_by_id"))
        batch_op.drop_index(batch_op.f("ix_proposals_closed_by_id"))

    op.drop_table("proposals")
    with op.batch_alter_table("person_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_notes_user_id"))
        batch_op.drop_index(batch_op.f("ix_person_notes_author_id"))

    op.drop_table("person_notes")
    op.drop_table("grounds")
