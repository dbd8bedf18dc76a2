"""What a member follows, what is new there, and whose words fold for them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, distinct, exists, func, or_, select
from sqlalchemy.orm import joinedload

from forum.accounts.models import Mute, User
from forum.db import db
from forum.debates.models import MutedName, Reply, is_counted
from forum.notifications.follow_models import Follow


@dataclass
class Followed:
    """A debate or a thread that somebody follows, with how many replies of others are new there."""

    follow: Follow
    news: int


@dataclass(frozen=True)
class Personal:
    """What makes a page of a debate the member's own: whose words fold, which debates and threads are followed."""

    muted: frozenset[int] = frozenset()
    muted_names: frozenset[int] = frozenset()
    debates: frozenset[int] = frozenset()
    threads: frozenset[int] = frozenset()

    def folds(self, writer: Any) -> bool:
        """Say whether what stands under a name is folded; `writer` tells as what it is muted: a `Byline` or `Facts`."""
        if not (self.muted or self.muted_names):
            return False
        table, number = writer.muted_as
        return number in (self.muted if table == User.__tablename__ else self.muted_names)


def followed(user: User) -> list[Followed]:
    """Return all that `user` follows, what has news first."""
    count = select(func.count()).select_from(Reply).where(*_is_news(user)).scalar_subquery()
    parts = (joinedload(Follow.debate), joinedload(Follow.root).joinedload(Reply.shown_revision))
    query = select(Follow, count).where(Follow.user_id == user.id).options(*parts).order_by(Follow.id.desc())
    rows = [Followed(follow, news) for follow, news in db.session.execute(query)]
    return sorted(rows, key=lambda row: row.news == 0)


def with_news(user: User) -> Select[Any]:
    """Return the query for how many of what `user` follows have news."""
    found = exists(select(Reply.id).where(*_is_news(user)))
    return select(func.count()).select_from(Follow).where(Follow.user_id == user.id, found)


def news_since(user: User, moment: datetime) -> int:
    """Return how many replies after a moment are new in what `user` follows; one in two ways is one."""
    is_new = (Follow.user_id == user.id, Reply.published_at > moment, *_is_news(user))
    query = select(func.count(distinct(Reply.id))).select_from(Follow).join(Reply, Reply.debate_id == Follow.debate_id)
    return db.session.scalar(query.where(*is_new)) or 0


def numbers_of(user: User) -> dict[str, Select[Any]]:
    """Return the queries for what `Personal` holds, each one value: to be asked with others of a page."""
    mine = Follow.user_id == user.id
    return {
        "muted": select(_listed(Mute.muted_id)).where(Mute.user_id == user.id),
        "muted_names": select(_listed(MutedName.debate_name_id)).where(MutedName.user_id == user.id),
        "debates": select(_listed(Follow.debate_id)).where(mine, Follow.root_id.is_(None)),
        "threads": select(_listed(Follow.root_id)).where(mine),
    }


def personal(answers: Mapping[str, Any]) -> Personal:
    """Return what the answers to `numbers_of` say."""
    return Personal(
        *(frozenset(map(int, answers[f.name].split(",") if answers[f.name] else ())) for f in fields(Personal))
    )


def _listed(column: Any) -> Any:
    """Return all numbers of a column in one value."""
    return func.aggregate_strings(cast(column, String), ",")


def _is_news(user: User) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a reply that is new to `user` where a row of `Follow` says."""
    return (
        Reply.debate_id == Follow.debate_id,
        is_counted(Reply),
        Reply.published_at > Follow.seen_at,
        or_(Follow.root_id.is_(None), Reply.root_id == Follow.root_id),
        Reply.author_id != user.id,
    )
