"""Where members stand before and after reading, and what is shown of it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ANSWERS = ("before", "before_later", "after", "after_later")


def upgrade() -> None:
    """Change the tables."""
    on_scale = [
        sa.CheckConstraint(f"{name} BETWEEN -2 AND 2", name=op.f(f"ck_positions_{name}_on_scale")) for name in ANSWERS
    ]
    op.create_table(
        "positions",
        sa.Column("debate_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tag", sa.LargeBinary(length=32), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ANSWERS),
        *on_scale,
        sa.CheckConstraint("before IS NOT NULL OR after IS NOT NULL", name=op.f("ck_positions_answers")),
        sa.CheckConstraint("before_later IS NULL OR before IS NOT NULL", name=op.f("ck_positions_before_first")),
        sa.CheckConstraint("after_later IS NULL OR after IS NOT NULL", name=op.f("ck_positions_after_first")),
        sa.ForeignKeyConstraint(["debate_id"], ["debates.id"], name=op.f("fk_positions_debate_id_debates")),
        sa.PrimaryKeyConstraint("debate_id", "tag", name=op.f("pk_positions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "shifts",
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("towards_pro", sa.Integer(), nullable=False),
        sa.Column("towards_anti", sa.Integer(), nullable=False),
        sa.Column("movements", sa.JSON(), nullable=False),
        sa.Column("intervals", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("people >= 5", name=op.f("ck_shifts_five_or_more")),
        sa.CheckConstraint("towards_pro >= 0 AND towards_anti >= 0", name=op.f("ck_shifts_counts")),
        sa.CheckConstraint("towards_pro + towards_anti <= people", name=op.f("ck_shifts_moved_once")),
        sa.ForeignKeyConstraint(["debate_id"], ["debates.id"], name=op.f("fk_shifts_debate_id_debates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sa.UniqueConstraint("debate_id", name=op.f("uq_shifts_debate_id")),
    )


def downgrade() -> None:
    """Change them back."""
    op.drop_table("shifts")
    op.drop_table("positions")
