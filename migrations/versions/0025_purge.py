"""Two leads can erase a member's words."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KINDS = ("ban", "role")


@contextmanager
def _apart_from_triggers() -> Iterator[None]:
    """Let the table be copied on SQLite, where triggers that read it stand in the way (migration 0005)."""
    connection = op.get_bind()
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '% proposals %'"
    triggers = connection.execute(sa.text(query)).all() if connection.dialect.name == "sqlite" else []
    for name, _sql in triggers:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in triggers:
        op.execute(sql)


def _allow(kinds: tuple[str, ...]) -> None:
    with _apart_from_triggers(), op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_proposals_proposal_kind"), type_="check")
        known = ", ".join(f"'{kind}'" for kind in kinds)
        batch_op.create_check_constraint(batch_op.f("ck_proposals_proposal_kind"), f"kind IN ({known})")


def upgrade() -> None:
    """Change the tables."""
    _allow((*KINDS, "purge"))


def downgrade() -> None:
    """Change them back; nothing else tells of such a proposal but notices."""
    op.execute("DELETE FROM notifications WHERE proposal_id IN (SELECT id FROM proposals WHERE kind = 'purge')")
    op.execute("DELETE FROM proposals WHERE kind = 'purge'")
    _allow(KINDS)
