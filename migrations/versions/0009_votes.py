"""Whether replies are found well argued, what is made of the answers, and the jobs that make it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

AT_TOP = sa.text("parent_id IS NULL")
COLUMN = ["debate_id", "stance", "published_at", "id"]


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _own(table: str) -> list[sa.schema.SchemaItem]:
    """Return what every table has."""
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def upgrade() -> None:
    """Change the tables."""
    op.create_index("uq_revisions_of_reply", "revisions", ["id", "reply_id"], unique=True)
    _index_columns([*COLUMN, "status", "public_answers", "passage", "parent_id"])
    _create_votes()
    _create_results()
    op.create_table(
        "jobs",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        _moment("run_at"),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _moment("claimed_until", nullable=True),
        sa.CheckConstraint("attempts >= 0 AND requests >= 1", name=op.f("ck_jobs_counted")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_jobs_kind_subject_id")),
        *_own("jobs"),
    )
    op.create_index(op.f("ix_jobs_run_at_id"), "jobs", ["run_at", "id"])


def _create_votes() -> None:
    op.create_table(
        "votes",
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("well_argued", sa.Boolean(), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=True),
        _moment("answered_at"),
        sa.CheckConstraint("voter_id <> author_id", name=op.f("ck_votes_of_another")),
        sa.ForeignKeyConstraint(["voter_id"], ["users.id"], name=op.f("fk_votes_voter_id_users")),
        sa.ForeignKeyConstraint(["reply_id", "author_id"], ["replies.id", "replies.author_id"], name="fk_votes_reply"),
        sa.ForeignKeyConstraint(
            ["revision_id", "reply_id"], ["revisions.id", "revisions.reply_id"], name="fk_votes_revision"
        ),
        sa.UniqueConstraint("voter_id", "reply_id", name=op.f("uq_votes_voter_id_reply_id")),
        *_own("votes"),
    )
    op.create_index(op.f("ix_votes_reply_id_revision_id"), "votes", ["reply_id", "revision_id"])


def _create_results() -> None:
    op.create_table(
        "reply_marks",
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("pro_yes", "pro_all", "anti_yes", "anti_all")),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_reply_marks_score_in_range")),
        sa.CheckConstraint(
            "pro_yes BETWEEN 0 AND pro_all AND anti_yes BETWEEN 0 AND anti_all", name=op.f("ck_reply_marks_counts")
        ),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_reply_marks_reply_id_replies")),
        sa.ForeignKeyConstraint(
            ["revision_id", "reply_id"], ["revisions.id", "revisions.reply_id"], name="fk_reply_marks_revision"
        ),
        sa.UniqueConstraint("reply_id", name=op.f("uq_reply_marks_reply_id")),
        *_own("reply_marks"),
    )
    op.create_table(
        "debate_usuals",
        sa.Column("debate_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("pro_pro", "pro_anti", "anti_pro", "anti_anti")),
        _moment("computed_at"),
        sa.CheckConstraint(
            "pro_pro BETWEEN 0 AND 1 AND pro_anti BETWEEN 0 AND 1 AND "
            "anti_pro BETWEEN 0 AND 1 AND anti_anti BETWEEN 0 AND 1",
            name=op.f("ck_debate_usuals_shares"),
        ),
        sa.ForeignKeyConstraint(["debate_id"], ["debates.id"], name=op.f("fk_debate_usuals_debate_id_debates")),
        sa.UniqueConstraint("debate_id", name=op.f("uq_debate_usuals_debate_id")),
        *_own("debate_usuals"),
    )
    op.create_table(
        "voter_weights",
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", sa.Integer(), nullable=False),
        sa.Column("on_pro", sa.Double(), nullable=False),
        sa.Column("on_anti", sa.Double(), nullable=False),
        sa.CheckConstraint("on_pro BETWEEN 0 AND 1 AND on_anti BETWEEN 0 AND 1", name=op.f("ck_voter_weights_weights")),
        sa.ForeignKeyConstraint(["debate_id"], ["debates.id"], name=op.f("fk_voter_weights_debate_id_debates")),
        sa.ForeignKeyConstraint(["voter_id"], ["users.id"], name=op.f("fk_voter_weights_voter_id_users")),
        sa.UniqueConstraint("debate_id", "voter_id", name=op.f("uq_voter_weights_debate_id_voter_id")),
        *_own("voter_weights"),
    )
    op.create_index(op.f("ix_voter_weights_voter_id"), "voter_weights", ["voter_id"])


def _index_columns(columns: list[str]) -> None:
    op.drop_index("ix_replies_column", "replies")
    op.create_index("ix_replies_column", "replies", columns, sqlite_where=AT_TOP, postgresql_where=AT_TOP)


def downgrade() -> None:
    """Change them back."""
    for table in ("jobs", "voter_weights", "debate_usuals", "reply_marks", "votes"):
        op.drop_table(table)
    _index_columns(COLUMN)
    op.drop_index("uq_revisions_of_reply", "revisions")
