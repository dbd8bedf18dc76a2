"""A member may write in one debate under another name."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

OWN, OTHER = "debate_name_id IS NULL", "debate_name_id IS NOT NULL"
UNREAD = "kind = 'warning' AND read_at IS NULL AND ended_at IS NULL"
OPEN = "status = 'open'"
ABOUT = ("proposals", "sanctions", "person_notes")  # what the desk writes about a person


@contextmanager
def _apart_from_triggers(table: str) -> Iterator[None]:
    """Let a table be copied on SQLite, where triggers that read it stand in the way (migration 0005)."""
    connection = op.get_bind()
    query = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE :reads")
    triggers = connection.execute(query, {"reads": f"% {table} %"}).all() if _is_sqlite() else []
    for name, _sql in triggers:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in triggers:
        op.execute(sql)


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def _one(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "debate_names",
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("tag", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["debate_id"], ["debates.id"], name=op.f("fk_debate_names_debate_id_debates")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_debate_names_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debate_names")),
        sa.UniqueConstraint("debate_id", "user_id", name=op.f("uq_debate_names_debate_id_user_id")),
        sa.UniqueConstraint("name_key", name=op.f("uq_debate_names_name_key")),
        sa.UniqueConstraint("tag", name=op.f("uq_debate_names_tag")),
    )
    op.create_index(op.f("ix_debate_names_user_id"), "debate_names", ["user_id"])
    op.create_table(
        "muted_names",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("debate_name_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["debate_name_id"], ["debate_names.id"], name=op.f("fk_muted_names_debate_name_id_debate_names")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_muted_names_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_muted_names")),
        sa.UniqueConstraint("user_id", "debate_name_id", name=op.f("uq_muted_names_user_id_debate_name_id")),
    )
    op.create_index(op.f("ix_muted_names_debate_name_id"), "muted_names", ["debate_name_id"])
    for table in ABOUT:  # on both engines the same words, and on SQLite no copy of the table
        key = f"CONSTRAINT fk_{table}_debate_name_id_debate_names REFERENCES debate_names (id)"
        op.execute(f"ALTER TABLE {table} ADD COLUMN debate_name_id INTEGER {key}")
    op.create_index(op.f("ix_person_notes_debate_name_id"), "person_notes", ["debate_name_id"])
    op.drop_index("uq_sanctions_one_unread", table_name="sanctions")
    _one("uq_sanctions_one_unread", "sanctions", ["user_id"], f"{UNREAD} AND {OWN}")
    _one("uq_sanctions_one_unread_of_name", "sanctions", ["debate_name_id"], f"{UNREAD} AND {OTHER}")
    op.create_index(op.f("ix_sanctions_debate_name_id"), "sanctions", ["debate_name_id"])
    op.drop_index("uq_proposals_one_open", table_name="proposals")
    _one("uq_proposals_one_open", "proposals", ["user_id", "kind"], f"{OPEN} AND {OWN}")
    _one("uq_proposals_one_open_of_name", "proposals", ["debate_name_id", "kind"], f"{OPEN} AND {OTHER}")
    op.create_index(op.f("ix_proposals_debate_name_id"), "proposals", ["debate_name_id"])
    with _apart_from_triggers("proposals"), op.batch_alter_table("proposals") as batch_op:
        batch_op.create_check_constraint(op.f("ck_proposals_only_bans_of_names"), f"kind = 'ban' OR {OWN}")


def downgrade() -> None:
    """Change them back, unless somebody has such a name: the version before would show everybody whose it is."""
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM debate_names")):
        raise RuntimeError("members write under other names, which the version before would tell; nothing was changed")
    op.drop_index("uq_proposals_one_open_of_name", table_name="proposals")
    op.drop_index("uq_proposals_one_open", table_name="proposals")
    op.drop_index("uq_sanctions_one_unread_of_name", table_name="sanctions")
    op.drop_index("uq_sanctions_one_unread", table_name="sanctions")
    with _apart_from_triggers("proposals"), op.batch_alter_table("proposals") as batch_op:
        batch_op.drop_constraint(op.f("ck_proposals_only_bans_of_names"), type_="check")
    for table in ABOUT:
        op.drop_index(op.f(f"ix_{table}_debate_name_id"), table_name=table)
        with _apart_from_triggers(table), op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("debate_name_id")
    _one("uq_sanctions_one_unread", "sanctions", ["user_id"], UNREAD)
    _one("uq_proposals_one_open", "proposals", ["user_id", "kind"], OPEN)
    op.drop_table("muted_names")
    op.drop_table("debate_names")
