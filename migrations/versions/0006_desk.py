"""The desk: what screening finds, the order of the queue, claims, ready words, notes, wishes."""

from collections import Counter
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WAITING = sa.text("outcome = 'waiting'")


def upgrade() -> None:
    """Change the tables."""
    op.add_column("revisions", sa.Column("severity", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("revisions", sa.Column("place", sa.BigInteger(), nullable=False, server_default="0"))
    _give_places()
    op.create_index("ix_revisions_queue", "revisions", ["place", "id"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_table(
        "revision_flags",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Integer(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("severity BETWEEN 1 AND 3", name=op.f("ck_revision_flags_severity_known")),
        sa.CheckConstraint("start >= 0 AND stop >= start", name=op.f("ck_revision_flags_span_forward")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_revision_flags_revision_id_revisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_flags")),
    )
    op.create_index(op.f("ix_revision_flags_revision_id"), "revision_flags", ["revision_id"])
    op.create_index(op.f("ix_revision_flags_code_revision_id"), "revision_flags", ["code", "revision_id"])
    op.create_table(
        "fingerprints",
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["debate_id"], ["debates.id"], name=op.f("fk_fingerprints_debate_id_debates")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_fingerprints_reply_id_replies")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_fingerprints_revision_id_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fingerprints")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_fingerprints_revision_id")),
    )
    op.create_index("ix_fingerprints_recent", "fingerprints", ["debate_id", "id", "reply_id", "value"])
    op.create_index(op.f("ix_fingerprints_reply_id"), "fingerprints", ["reply_id"])
    op.create_index(op.f("ix_fingerprints_value"), "fingerprints", ["value"])
    op.create_table(
        "claims",
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["moderator_id"], ["users.id"], name=op.f("fk_claims_moderator_id_users")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_claims_reply_id_replies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_claims_reply_id")),
    )
    op.create_index(op.f("ix_claims_moderator_id"), "claims", ["moderator_id"])
    op.create_table(
        "canned_explanations",
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_explanations")),
    )
    op.create_index(op.f("ix_canned_explanations_language_rule"), "canned_explanations", ["language", "rule"])
    op.create_table(
        "reply_notes",
        sa.Column("reply_id", sa.Integer(), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["moderator_id"], ["users.id"], name=op.f("fk_reply_notes_moderator_id_users")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_reply_notes_reply_id_replies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_notes")),
    )
    op.create_index(op.f("ix_reply_notes_moderator_id"), "reply_notes", ["moderator_id"])
    op.create_index(op.f("ix_reply_notes_reply_id"), "reply_notes", ["reply_id"])
    op.create_table(
        "desk_preferences",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("keys", sa.Boolean(), nullable=False),
        sa.Column("languages", sa.String(length=80), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_desk_preferences_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_preferences")),
        sa.UniqueConstraint("user_id", name=op.f("uq_desk_preferences_user_id")),
    )


def _give_places() -> None:
    """Put what waits already in its order: by hour of arrival, the sides alternating (see moderation/order.py)."""
    revisions = sa.table(
        "revisions",
        sa.column("id"),
        sa.column("reply_id"),
        sa.column("outcome"),
        sa.column("place"),
        sa.column("created_at", sa.DateTime(timezone=True)),
    )
    replies = sa.table("replies", sa.column("id"), sa.column("stance"))
    query = (
        sa.select(revisions.c.id, revisions.c.created_at, replies.c.stance)
        .join(replies, replies.c.id == revisions.c.reply_id)
        .where(revisions.c.outcome == "waiting")
        .order_by(revisions.c.created_at, revisions.c.id)
    )
    turns: Counter[tuple[int, str]] = Counter()
    connection = op.get_bind()
    for number, moment, stance in connection.execute(query).all():
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        hour = int(moment.timestamp()) // 3600
        slot = 2 if stance == "neither" else (["pro", "anti"].index(stance) + hour) % 2
        place = ((4 * 2**26 + hour) * 2**24 + turns[hour, stance]) * 4 + slot
        turns[hour, stance] += 1
        connection.execute(revisions.update().where(revisions.c.id == number).values(place=place))


def downgrade() -> None:
    """Change them back."""
    for table in (
        "desk_preferences",
        "reply_notes",
        "canned_explanations",
        "claims",
        "fingerprints",
        "revision_flags",
    ):
        op.drop_table(table)
    op.drop_index("ix_revisions_queue", "revisions")
    op.drop_column("revisions", "place")
    op.drop_column("revisions", "severity")
