"""Two leads can read a member's export."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

KINDS = ("ban", "role", "purge")
OWN = "proposal_id IS NULL"


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
    _allow((*KINDS, "export"))
    with op.batch_alter_table("exports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reader_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("proposal_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_exports_reader_id_users"), "users", ["reader_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_exports_proposal_id_proposals"), "proposals", ["proposal_id"], ["id"]
        )
        batch_op.drop_constraint(batch_op.f("uq_exports_user_id"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_exports_proposal_id"), ["proposal_id"])
    op.execute("UPDATE exports SET reader_id = user_id")
    with op.batch_alter_table("exports", schema=None) as batch_op:
        batch_op.alter_column("reader_id", existing_type=sa.Integer(), nullable=False)
    for name in ("user_id", "reader_id"):
        op.create_index(op.f(f"ix_exports_{name}"), "exports", [name])
    where = sa.text(OWN)
    op.create_index("uq_exports_own", "exports", ["user_id"], unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Change them back; the archives can be proposed anew."""
    op.drop_index("uq_exports_own", "exports")
    for name in ("reader_id", "user_id"):
        op.drop_index(op.f(f"ix_exports_{name}"), "exports")
    op.execute("DELETE FROM exports WHERE proposal_id IS NOT NULL")
    with op.batch_alter_table("exports", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_exports_proposal_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_exports_proposal_id_proposals"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_exports_reader_id_users"), type_="foreignkey")
        batch_op.drop_column("proposal_id")
        batch_op.drop_column("reader_id")
        batch_op.create_unique_constraint(batch_op.f("uq_exports_user_id"), ["user_id"])
    op.execute("DELETE FROM notifications WHERE proposal_id IN (SELECT id FROM proposals WHERE kind = 'export')")
    op.execute("DELETE FROM proposals WHERE kind = 'export'")
    _allow(KINDS)
