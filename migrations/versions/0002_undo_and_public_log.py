"""Undo of a decision, and the public log, which the database lets grow and nothing else."""

import hmac
import json
import secrets
from datetime import UTC, datetime
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GENESIS = "0" * 64
REFUSAL = "the public log only grows, each entry continuing the last"
ABORT = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"

# Whether an entry continues the last one is seen here; whether its hash is right, by `flask log verify`: SQLite has
# no SHA-256 of its own, and who may add an entry here could also compute a right one.
SQLITE = [
    f"CREATE TRIGGER log_entries_no_update BEFORE UPDATE ON log_entries {ABORT}",
    f"CREATE TRIGGER log_entries_no_delete BEFORE DELETE ON log_entries {ABORT}",
    f"""CREATE TRIGGER log_entries_continue BEFORE INSERT ON log_entries
    WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM log_entries)
      OR NEW.previous_hash IS NOT coalesce((SELECT hash FROM log_entries ORDER BY id DESC LIMIT 1), '{GENESIS}')
    {ABORT}""",  # noqa: S608 (constants)
]
POSTGRESQL = [
    f"""CREATE FUNCTION log_entries_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER log_entries_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON log_entries
    FOR EACH STATEMENT EXECUTE FUNCTION log_entries_only_grow()""",
    f"""CREATE FUNCTION log_entries_continue() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE last_id integer; last_hash text;
    BEGIN
      PERFORM pg_advisory_xact_lock(20261125);
      SELECT id, hash INTO last_id, last_hash FROM log_entries ORDER BY id DESC LIMIT 1;
      IF NEW.id IS DISTINCT FROM coalesce(last_id, 0) + 1
        OR NEW.previous_hash IS DISTINCT FROM coalesce(last_hash, '{GENESIS}') THEN
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$""",  # noqa: S608 (constants)
    """CREATE TRIGGER log_entries_continue BEFORE INSERT ON log_entries
    FOR EACH ROW EXECUTE FUNCTION log_entries_continue()""",
]


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "undos",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_undos_decision_id_decisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undos")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_undos_decision_id")),
    )
    op.drop_index(op.f("ix_decisions_moderator_id"), "decisions")
    op.create_index(op.f("ix_decisions_moderator_id_id"), "decisions", ["moderator_id", "id"])
    op.create_table(
        "log_entries",
        sa.Column("hour", sa.String(length=17), nullable=False),
        sa.Column("debate", sa.String(length=80), nullable=True),
        sa.Column(
            "side",
            sa.Enum("pro", "anti", "neither", name="stance", native_enum=False, create_constraint=True, length=24),
            nullable=True,
        ),
        sa.Column("rule", sa.String(length=40), nullable=True),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("moderator", sa.Integer(), nullable=True),
        sa.Column("commitment", sa.String(length=64), nullable=True),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["log_entries.id"], name=op.f("fk_log_entries_about_id_log_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_entries")),
    )
    for name in ("debate", "side", "rule", "action", "moderator"):
        op.create_index(op.f(f"ix_log_entries_{name}_id"), "log_entries", [name, "id"])
    op.create_index(op.f("ix_log_entries_about_id"), "log_entries", ["about_id"])
    op.create_table(
        "log_salts",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["log_entries.id"], name=op.f("fk_log_salts_entry_id_log_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_salts")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_log_salts_entry_id")),
    )
    op.create_index(op.f("ix_log_salts_created_at"), "log_salts", ["created_at"])
    op.create_index(op.f("ix_log_salts_subject_kind_subject_id"), "log_salts", ["subject_kind", "subject_id"])
    _enter_what_was_decided()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Change them back."""
    op.drop_table("log_salts")
    op.drop_table("log_entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION log_entries_only_grow()")
        op.execute("DROP FUNCTION log_entries_continue()")
    op.drop_index(op.f("ix_decisions_moderator_id_id"), "decisions")
    op.create_index(op.f("ix_decisions_moderator_id"), "decisions", ["moderator_id"])
    op.drop_table("undos")


def _enter_what_was_decided() -> None:
    """Begin the log with every decision that was made before there was one."""
    moment = sa.DateTime(timezone=True)
    decided = op.get_bind().execute(
        sa.text(
            "SELECT decisions.id AS number, decisions.created_at, slug, stance, decisions.rule, action,"
            " staff_number, text FROM decisions JOIN replies ON replies.id = decisions.reply_id"
            " JOIN debates ON debates.id = debate_id JOIN revisions ON revisions.id = decisions.revision_id"
            " JOIN users ON users.id = moderator_id ORDER BY decisions.created_at, decisions.id"
        ).columns(created_at=moment)
    )
    entries, salts, before = [], [], GENESIS
    for number, row in enumerate(decided, 1):
        at = row.created_at if row.created_at.tzinfo else row.created_at.replace(tzinfo=UTC)
        salt = secrets.token_hex(32)
        entry = {
            "id": number,
            "hour": at.astimezone(UTC).strftime("%Y-%m-%dT%H:00Z"),
            "debate": row.slug,
            "side": row.stance,
            "rule": row.rule,
            "action": row.action,
            "moderator": row.staff_number,
            "commitment": hmac.new(bytes.fromhex(salt), row.text.encode(), sha256).hexdigest(),
            "about_id": None,
            "previous_hash": before,
        }
        before = sha256(json.dumps(list(entry.values()), separators=(",", ":")).encode()).hexdigest()
        entries.append({**entry, "hash": before})
        about = {"subject_kind": "decisions", "subject_id": row.number}
        salts.append({"entry_id": number, "salt": salt, "created_at": datetime.now(UTC), **about})
    for name, rows in (("log_entries", entries), ("log_salts", salts)):
        if rows:
            table = sa.table(name, *(sa.column(key, moment if key == "created_at" else None) for key in rows[0]))
            op.bulk_insert(table, rows)
