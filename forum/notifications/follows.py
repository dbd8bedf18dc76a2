"""Following a debate or a thread. Nothing is written when a reply appears: what is new is asked for with each page."""

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from forum.accounts.models import User
from forum.db import db, insert_into, now
from forum.debates.models import Debate, Reply
from forum.errors import Refused
from forum.notifications.follow_models import Follow

MOST = 200  # debates and threads of one member: each costs every page of theirs a look


def follow(user: User, debate: Debate, root: Reply | None = None) -> None:
    """Let `user` follow a debate, or the thread below `root`; done twice it is done once."""
    mine = select(func.count()).select_from(Follow).where(Follow.user_id == user.id)
    if (db.session.scalar(mine) or 0) >= MOST:
        raise Refused(_("You follow as much as one can follow. Let something go first; the list is under Notices."))
    values = {"user_id": user.id, "debate_id": debate.id, "root_id": root.id if root else None}
    db.session.execute(insert_into(Follow).values(created_at=now(), seen_at=now(), **values).on_conflict_do_nothing())


def unfollow(user: User, debate: Debate, root: Reply | None = None) -> bool:
    """Let `user` follow it no longer; say whether they did."""
    what = Follow.root_id == root.id if root else Follow.root_id.is_(None)
    gone = delete(Follow).where(Follow.user_id == user.id, Follow.debate_id == debate.id, what).returning(Follow.id)
    return db.session.scalar(gone) is not None


def mark_seen(user: User) -> None:
    """Let everything that `user` follows have no news."""
    db.session.execute(update(Follow).where(Follow.user_id == user.id).values(seen_at=now()))
