"""A former public wording can be taken out of the history of its reply."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BEFORE = ("publish", "return", "reject", "remove", "restore")
# On either engine by hand: Alembic would copy the whole table on SQLite for the sake of the check.
ADD_RULE = (
    "ALTER TABLE revisions ADD COLUMN removed_under VARCHAR(40) "
    "CONSTRAINT ck_revisions_removed_was_public CHECK (removed_under IS NULL OR outcome = 'published')"
)


@contextmanager
def _apart_from_triggers() -> Iterator[None]:
    """Let the table be copied on SQLite, where triggers that read it stand in the way (migration 0005)."""
    connection = op.get_bind()
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '% decisions %'"
    triggers = connection.execute(sa.text(query)).all() if connection.dialect.name == "sqlite" else []
    for name, _sql in triggers:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in triggers:
        op.execute(sql)


def _allow(actions: tuple[str, ...]) -> None:
    with _apart_from_triggers(), op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_decisions_action"), type_="check")
        known = ", ".join(f"'{action}'" for action in actions)
        batch_op.create_check_constraint(batch_op.f("ck_decisions_action"), f"action IN ({known})")


def upgrade() -> None:
    """Change the tables."""
    op.execute(ADD_RULE)
    _allow((*BEFORE, "remove_wording"))


def downgrade() -> None:
    """Change them back."""
    # Appeals and notices may name such a decision, so it stays, as the nearest that is known.
    op.execute("UPDATE decisions SET action = 'remove' WHERE action = 'remove_wording'")
    _allow(BEFORE)
    # What stood out of the history must not stand in it again: so it was never published, as far as is known then.
    op.execute("UPDATE revisions SET outcome = 'rejected', removed_under = NULL WHERE removed_under IS NOT NULL")
    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_revisions_removed_was_public"), type_="check")
        batch_op.drop_column("removed_under")
