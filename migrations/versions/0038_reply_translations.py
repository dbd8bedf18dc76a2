"""Members translate replies."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TRANSLATES = sa.text("original_id IS NOT NULL")
TRANSLATED = sa.text("event = 'reply_translated'")
# On both engines the same words, and on SQLite no copy of the table.
ADDED = (
    "ALTER TABLE replies ADD COLUMN original_id INTEGER CONSTRAINT fk_replies_original_id_replies "
    "REFERENCES replies (id) CONSTRAINT ck_replies_below_its_original "
    "CHECK (original_id IS NULL OR (parent_id IS NOT NULL AND original_id = parent_id))",
    "ALTER TABLE revisions ADD COLUMN translated_id INTEGER CONSTRAINT fk_revisions_translated_id_revisions "
    "REFERENCES revisions (id)",
)


def upgrade() -> None:
    """Change the tables."""
    for statement in ADDED:
        op.execute(statement)
    where = {"sqlite_where": TRANSLATES, "postgresql_where": TRANSLATES}
    op.create_index("ix_replies_translations", "replies", ["original_id", "language"], **where)
    where = {"sqlite_where": TRANSLATED, "postgresql_where": TRANSLATED}
    op.create_index("uq_notifications_translation", "notifications", ["reply_id", "user_id"], unique=True, **where)


def downgrade() -> None:
    """Change them back, unless there are translations: the version before would show them as answers."""
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM replies WHERE original_id IS NOT NULL")):
        raise RuntimeError("members have translated replies, which would become answers; nothing was changed")
    op.drop_index("uq_notifications_translation", table_name="notifications")
    op.drop_index("ix_replies_translations", table_name="replies")
    with op.batch_alter_table("revisions") as batch_op:
        batch_op.drop_column("translated_id")  # with its key
    with op.batch_alter_table("replies") as batch_op:
        batch_op.drop_constraint(op.f("ck_replies_below_its_original"), type_="check")
        batch_op.drop_column("original_id")
