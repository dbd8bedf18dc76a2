"""What is shown of the positions in a debate: figures that move by five answers or more, never by one.

Who watches the page and knows that somebody has just answered must not learn what. So the figures are kept, and
replaced as a whole only when at least five answers differ from those in them; a changed or deleted answer counts as
one. The last few, up to four, stay out for good when a debate closes. Nobody is told when the fifth answer came: the
job looks once an hour.
"""

from sqlalchemy import delete, select

from forum import versions
from forum.db import db, writing
from forum.debates import positions, shift_figures
from forum.debates.models import Debate
from forum.debates.position_models import ShownShift
from forum.few import FEW
from forum.opinions.shift import differing, movements, shift


def refresh(debate: Debate) -> None:
    """Show what the positions in a debate are now, if that differs by enough answers from what is shown."""
    positions.lock(debate)
    pairs = positions.pairs(debate)
    counted, former = movements(pairs), shift_figures.shown(debate)
    if differing(former.movements if former else movements([]), counted) < FEW:
        return
    db.session.execute(delete(ShownShift).where(ShownShift.debate_id == debate.id))
    found = shift(pairs)
    if found is not None:  # else too many have been forgotten, and nothing is shown any more
        db.session.add(
            ShownShift(
                debate_id=debate.id,
                people=found.people,
                towards_pro=found.towards_pro,
                towards_anti=found.towards_anti,
                movements=counted,
                intervals=found.intervals,
            )
        )
    positions.shuffle(debate)
    versions.change_debate(debate.id)


def refresh_all() -> None:
    """Do so for every debate, each in a transaction of its own."""
    for number in list(db.session.scalars(select(Debate.id).order_by(Debate.id))):
        with writing():
            refresh(db.session.get_one(Debate, number))
