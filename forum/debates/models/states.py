"""The sides of a reply, where it stands and moves, and what becomes of one wording."""

from enum import StrEnum


class Stance(StrEnum):
    """The side of a reply, towards the motion."""

    PRO = "pro"
    ANTI = "anti"
    NEITHER = "neither"  # answers only: a question, a correction


SIDES = (Stance.PRO, Stance.ANTI)


class ReplyStatus(StrEnum):
    """Where a reply stands."""

    PENDING = "pending"  # waits for a moderator
    PUBLISHED = "published"
    RETURNED = "returned"  # sent back to its author for an edit
    REJECTED = "rejected"  # refused before anybody saw it
    REMOVED = "removed"  # taken down after it was public
    WITHDRAWN = "withdrawn"  # taken back by its author


MOVES = {
    ReplyStatus.PENDING: {
        ReplyStatus.PUBLISHED,
        ReplyStatus.RETURNED,
        ReplyStatus.REJECTED,
        ReplyStatus.WITHDRAWN,
    },
    ReplyStatus.RETURNED: {ReplyStatus.PENDING, ReplyStatus.WITHDRAWN},
    ReplyStatus.PUBLISHED: {ReplyStatus.REMOVED, ReplyStatus.WITHDRAWN},
    ReplyStatus.REMOVED: {ReplyStatus.PUBLISHED, ReplyStatus.WITHDRAWN},
    ReplyStatus.REJECTED: {ReplyStatus.PUBLISHED, ReplyStatus.WITHDRAWN},  # published: by appeal or undo only
    ReplyStatus.WITHDRAWN: set(),
}


# The way back from a decision that its moderator undoes at once.
UNDO_MOVES = {
    ReplyStatus.PUBLISHED: {ReplyStatus.PENDING, ReplyStatus.REMOVED},
    ReplyStatus.RETURNED: {ReplyStatus.PENDING},
    ReplyStatus.REJECTED: {ReplyStatus.PENDING},
    ReplyStatus.REMOVED: {ReplyStatus.PUBLISHED},
}


class Outcome(StrEnum):
    """What became of one wording."""

    WAITING = "waiting"
    PUBLISHED = "published"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # by its author, by a newer wording, or with the reply that it would have changed
