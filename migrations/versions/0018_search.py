"""Public texts can be searched: an entry for each, the words of all of them, and the index of the engine.

The entries themselves are made at the next start, or by `flask search reindex`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SQLITE = [
    # The entries are its content. Stems are told apart by spaces alone, and neither their order nor their number counts.
    "CREATE VIRTUAL TABLE search_index USING fts5("
    "stems, content='search_entries', content_rowid='place', tokenize='ascii', detail='none')",
    "CREATE TRIGGER search_index_in AFTER INSERT ON search_entries BEGIN "
    "INSERT INTO search_index(rowid, stems) VALUES (new.place, new.stems); END",
    "CREATE TRIGGER search_index_out AFTER DELETE ON search_entries BEGIN "
    "INSERT INTO search_index(search_index, rowid, stems) VALUES ('delete', old.place, old.stems); END",
]
POSTGRESQL = [
    "ALTER TABLE search_entries ADD COLUMN search_index tsvector "
    "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(stems, ' '))) STORED",
    "CREATE INDEX search_index_of_entries ON search_entries USING gin (search_index)",
]


def upgrade() -> None:
    """Change the tables."""
    long = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "search_entries",
        sa.Column("place", long, autoincrement=False, nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("passage_id", sa.Integer(), nullable=True),
        sa.Column("stemmer", sa.Integer(), nullable=False),
        sa.Column("stems", sa.Text(), nullable=False),
        sa.CheckConstraint("(reply_id IS NULL) <> (passage_id IS NULL)", name=op.f("ck_search_entries_of_one_text")),
        sa.CheckConstraint("(reply_id IS NULL) = (revision_id IS NULL)", name=op.f("ck_search_entries_in_one_wording")),
        sa.ForeignKeyConstraint(["passage_id"], ["passages.id"], name=op.f("fk_search_entries_passage_id_passages")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_search_entries_reply_id_replies")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revisions.id"], name=op.f("fk_search_entries_revision_id_revisions")
        ),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("passage_id", name=op.f("uq_search_entries_passage_id")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_search_entries_reply_id")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_search_entries_revision_id")),
    )
    op.create_table(
        "search_words",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("stem", sa.String(length=40), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_words")),
        sa.UniqueConstraint("word", name=op.f("uq_search_words_word")),
    )
    op.create_index(op.f("ix_search_words_stem"), "search_words", ["stem"])
    op.create_table(
        "search_trigrams",
        sa.Column("trigram", sa.String(length=3), nullable=False),
        sa.Column("word_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["word_id"],
            ["search_words.id"],
            name=op.f("fk_search_trigrams_word_id_search_words"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("trigram", "word_id", name=op.f("pk_search_trigrams")),
    )
    op.create_index(op.f("ix_search_trigrams_word_id"), "search_trigrams", ["word_id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Change them back."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search_trigrams")
    op.drop_table("search_words")
    op.drop_table("search_entries")
