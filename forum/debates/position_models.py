"""Where members stand on the motion, kept apart from who they are; and the last figures that were shown of it."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Bare, Base
from forum.few import FEW


class Reading(StrEnum):
    """When a member is asked: before reading, or after."""

    BEFORE = "before"
    AFTER = "after"


SCALE = (2, 1, 0, -1, -2)  # from strongly for to strongly against, in the order of the columns


class Position(Bare):
    """Where one member stands on one motion, from −2 (strongly against) to 2 (strongly for).

    Of each question the first answer stays for ever, and the last later one is kept beside it. What counts: before
    reading the first one, because a side is declared once; after reading the last one.

    The row must not lead to its member, so it has no number, no time and no key to one, only `tag` (`position_tags`).
    On SQLite its place is that of its tag, too, because it is kept by its key and has no row number.
    """

    __tablename__ = "positions"
    __table_args__ = (
        *(
            CheckConstraint(f"{name} BETWEEN -2 AND 2", name=f"{name}_on_scale")
            for name in ("before", "before_later", "after", "after_later")
        ),
        CheckConstraint("before IS NOT NULL OR after IS NOT NULL", name="answers"),
        CheckConstraint("before_later IS NULL OR before IS NOT NULL", name="before_first"),
        CheckConstraint("after_later IS NULL OR after IS NOT NULL", name="after_first"),
        {"sqlite_with_rowid": False},
    )

    debate_id: Mapped[int] = mapped_column(ForeignKey("debates.id"), primary_key=True, autoincrement=False)
    tag: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    before: Mapped[int | None]
    before_later: Mapped[int | None]
    after: Mapped[int | None]
    after_later: Mapped[int | None]

    @property
    def stands_after(self) -> int | None:
        """The answer after reading that counts; None: not answered."""
        return self.after if self.after_later is None else self.after_later


class ShownShift(Base):
    """The figures that are shown of a debate: replaced as a whole, when at least five answers differ.

    `movements`: a row for each position before, a column for each after, both from −2 to 2. `intervals`: lowest and
    highest share, for those who moved towards each side (`pro`, `anti`) and for their difference (`net`).
    """

    __tablename__ = "shifts"
    __table_args__ = (
        CheckConstraint(f"people >= {FEW}", name="five_or_more"),
        CheckConstraint("towards_pro >= 0 AND towards_anti >= 0", name="counts"),
        CheckConstraint("towards_pro + towards_anti <= people", name="moved_once"),
    )

    debate_id: Mapped[int] = mapped_column(ForeignKey("debates.id"), unique=True)
    people: Mapped[int]  # who answered both times
    towards_pro: Mapped[int]
    towards_anti: Mapped[int]
    movements: Mapped[list[list[int]]] = mapped_column(JSON)
    intervals: Mapped[dict[str, Any]] = mapped_column(JSON)
