"""The article of a debate, and the debate's own words, in other languages."""

import sqlalchemy as sa
from alembic import op

import forum.db

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

PROVENANCE = sa.Enum(
    "human", "machine", "unofficial", name="provenance", native_enum=False, create_constraint=True, length=24
)
STANCE = sa.Enum("pro", "anti", "neither", name="stance", native_enum=False, create_constraint=True, length=24)
TABLES = ("translated_voices", "translated_notes", "translated_passages", "article_translations")


def _base() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", forum.db.Moment(timezone=True), nullable=False),
    ]


def _of_translation() -> sa.Column:
    name = "translation_id"
    return sa.Column(name, sa.Integer(), nullable=False)


def _keys(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["translation_id"],
            ["article_translations.id"],
            name=op.f(f"fk_{table}_translation_id_article_translations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def upgrade() -> None:
    """Make the tables."""
    words = [("title", 300), ("source", 300), ("published_by", 300), ("motion", 300)]
    words += [("pro_label", 80), ("pro_gist", 300), ("anti_label", 80), ("anti_gist", 300)]
    op.create_table(
        "article_translations",
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("provenance", PROVENANCE, nullable=False),
        *(sa.Column(name, sa.String(longest), nullable=name == "published_by") for name, longest in words),
        *_base(),
        sa.ForeignKeyConstraint(["debate_id"], ["debates.id"], name=op.f("fk_article_translations_debate_id_debates")),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["article_revisions.id"],
            name=op.f("fk_article_translations_revision_id_article_revisions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_translations")),
        sa.UniqueConstraint("debate_id", "language", name=op.f("uq_article_translations_debate_id_language")),
    )
    op.create_table(
        "translated_passages",
        _of_translation(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        *_base(),
        *_keys("translated_passages"),
        sa.UniqueConstraint("translation_id", "number", name=op.f("uq_translated_passages_translation_id_number")),
    )
    op.create_table(
        "translated_notes",
        _of_translation(),
        sa.Column("passage", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *_base(),
        *_keys("translated_notes"),
    )
    op.create_table(
        "translated_voices",
        _of_translation(),
        sa.Column("stance", STANCE, nullable=False),
        sa.Column("passage", sa.Integer(), nullable=False),
        sa.Column("speaker", sa.String(200), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        *_base(),
        *_keys("translated_voices"),
        sa.CheckConstraint("stance <> 'neither'", name=op.f("ck_translated_voices_takes_a_side")),
    )
    for table in ("translated_notes", "translated_voices"):
        op.create_index(op.f(f"ix_{table}_translation_id"), table, ["translation_id"])


def downgrade() -> None:
    """Remove them, and what was in them."""
    for table in TABLES:
        op.drop_table(table)
