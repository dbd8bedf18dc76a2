"""A report belongs to the wording that was reported."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("answered_at IS NULL")
# What was public when it was reported: until now a report was always about what everybody read at that moment.
FIND_WORDING = """
    UPDATE reports SET revision_id = coalesce(
        (SELECT id FROM revisions WHERE reply_id = reports.reply_id AND published_at <= reports.created_at
            ORDER BY published_at DESC, id DESC LIMIT 1),
        (SELECT shown_revision_id FROM replies WHERE id = reports.reply_id),
        (SELECT min(id) FROM revisions WHERE reply_id = reports.reply_id)
    )
"""
# A member could have open reports of several wordings: the newest stays, the others go with their words.
SEVERAL = """
    SELECT id FROM reports AS older WHERE answered_at IS NULL AND EXISTS (
        SELECT 1 FROM reports WHERE reporter_id = older.reporter_id AND reply_id = older.reply_id
            AND answered_at IS NULL AND id > older.id)
"""


def _one_open(column: str) -> None:
    options = {"unique": True, "sqlite_where": IS_OPEN, "postgresql_where": IS_OPEN}
    op.create_index("uq_reports_one_open", "reports", ["reporter_id", column], **options)


@contextmanager
def _apart_from_triggers() -> Iterator[None]:
    """Let the table be copied on SQLite, where triggers that read it stand in the way (migrations 0004 and 0005)."""
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '% reports %'"
    triggers = connection.execute(sa.text(query)).all() if is_sqlite else []
    for name, _sql in triggers:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in triggers:
        op.execute(sql)


def upgrade() -> None:
    """Change the tables."""
    op.add_column("reports", sa.Column("revision_id", sa.Integer(), nullable=True))
    op.execute(FIND_WORDING)
    op.drop_index("uq_reports_one_open", "reports")
    with _apart_from_triggers(), op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.alter_column("revision_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key("fk_reports_revision", "revisions", ["revision_id", "reply_id"], ["id", "reply_id"])
    op.create_index(op.f("ix_reports_revision_id"), "reports", ["revision_id"])
    _one_open("revision_id")


def downgrade() -> None:
    """Change them back."""
    for table, key in (("report_words", "report_id"), ("notifications", "report_id"), ("reports", "id")):
        op.execute(f"DELETE FROM {table} WHERE {key} IN ({SEVERAL})")  # noqa: S608
    op.drop_index("uq_reports_one_open", "reports")
    op.drop_index(op.f("ix_reports_revision_id"), "reports")
    with _apart_from_triggers(), op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_constraint("fk_reports_revision", type_="foreignkey")
        batch_op.drop_column("revision_id")
    _one_open("reply_id")
