"""What replies quote of the article, and where they stand in it now."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ON_A_PASSAGE, AT_TOP = sa.text("passage IS NOT NULL"), sa.text("parent_id IS NULL")
COLUMN = ["debate_id", "stance", "published_at", "id", "status", "public_answers"]


def upgrade() -> None:
    """Change the tables."""
    op.add_column("replies", sa.Column("stands_at", sa.Integer(), nullable=True))
    _let_replies_stand()
    _index_columns("stands_at")
    op.create_index(
        "ix_replies_passage",
        "replies",
        ["debate_id", "stands_at", "passage"],
        sqlite_where=ON_A_PASSAGE,
        postgresql_where=ON_A_PASSAGE,
    )
    op.create_table(
        "quotes",
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("article_revision_id", sa.Integer(), nullable=False),
        sa.Column("passage", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("found_at", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(exact) BETWEEN 1 AND 1000", name=op.f("ck_quotes_exact_bounded")),
        sa.CheckConstraint("length(prefix) <= 32 AND length(suffix) <= 32", name=op.f("ck_quotes_context_bounded")),
        sa.CheckConstraint("start >= 0 AND found_at >= 0", name=op.f("ck_quotes_offsets_counted")),
        sa.ForeignKeyConstraint(
            ["article_revision_id", "passage"],
            ["passages.revision_id", "passages.number"],
            name=op.f("fk_quotes_article_revision_id_passage_passages"),
        ),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_quotes_reply_id_replies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_quotes_reply_id")),
    )
    op.create_index(op.f("ix_quotes_article_revision_id_passage"), "quotes", ["article_revision_id", "passage"])


def _let_replies_stand() -> None:
    """Let each reply stand at the passage that it answers, where the article still has it."""
    replies = sa.table("replies", sa.column("debate_id"), sa.column("passage"), sa.column("stands_at"))
    wordings = sa.table("article_revisions", sa.column("id"), sa.column("debate_id"), sa.column("number"))
    passages = sa.table("passages", sa.column("revision_id"), sa.column("number"))
    newer = wordings.alias()
    newest = sa.select(sa.func.max(newer.c.number)).where(newer.c.debate_id == wordings.c.debate_id).scalar_subquery()
    standing = (
        sa.select(passages.c.number)
        .join(wordings, wordings.c.id == passages.c.revision_id)
        .where(
            wordings.c.debate_id == replies.c.debate_id,
            wordings.c.number == newest,
            passages.c.number == replies.c.passage,
        )
    )
    change = replies.update().where(replies.c.passage.is_not(None)).values(stands_at=standing.scalar_subquery())
    op.get_bind().execute(change)


def _index_columns(passage: str) -> None:
    """Let the index that counts replies hold the column by which they are counted."""
    op.drop_index("ix_replies_column", "replies")
    columns = [*COLUMN, passage, "parent_id"]
    op.create_index("ix_replies_column", "replies", columns, sqlite_where=AT_TOP, postgresql_where=AT_TOP)


def downgrade() -> None:
    """Change them back."""
    op.drop_table("quotes")
    _index_columns("passage")
    op.drop_index("ix_replies_passage", "replies")
    op.drop_column("replies", "stands_at")
