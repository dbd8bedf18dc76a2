"""Answers at the third level name the reply that they answer."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# On either engine by hand: Alembic would copy the whole table on SQLite for the sake of the key and the check.
ADD_ANSWERED = (
    "ALTER TABLE replies ADD COLUMN in_answer_to_id INTEGER "
    "CONSTRAINT ck_replies_beside_what_it_answers CHECK (in_answer_to_id IS NULL OR depth = 3) "
    "CONSTRAINT fk_replies_in_answer_to_id_replies REFERENCES replies (id)"
)
NAMED = sa.text("in_answer_to_id IS NOT NULL")


def upgrade() -> None:
    """Change the tables."""
    op.execute(ADD_ANSWERED)
    op.create_index("ix_replies_answered", "replies", ["in_answer_to_id"], sqlite_where=NAMED, postgresql_where=NAMED)


def downgrade() -> None:
    """Change them back."""
    op.drop_index("ix_replies_answered", "replies")
    with op.batch_alter_table("replies", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_replies_beside_what_it_answers"), type_="check")
        batch_op.drop_column("in_answer_to_id")  # with its key
