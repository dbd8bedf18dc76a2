"""What the page of notices and the menu ask."""

from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from forum.accounts.models import User
from forum.accounts.policy import leads, moderators
from forum.db import db, rows
from forum.debates.models import NAMED, WAITS, Reply, Revision
from forum.moderation.appeal_models import Appeal
from forum.moderation.appeal_queries import open_count
from forum.moderation.models import Decision
from forum.moderation.report_models import Report, ReportedReply
from forum.moderation.sanction_appeals import open_count as open_sanction_appeals
from forum.moderation.sanction_models import Proposal, ProposalStatus, Sanction, SanctionAppeal
from forum.notifications.follow_queries import numbers_of, with_news
from forum.notifications.models import Notification

PER_PAGE = 50
MOST_TOLD = 1000  # of what waits at the desk; of more it is told that there are more
More = tuple[tuple[str, Select[Any]], ...]
DECIDED = (
    *(Decision.words, Decision.revision, Decision.moderator, Decision.reply),
    *(Decision.undone, Decision.closing),
)
JUDGED = (Appeal.words, Appeal.reasons, Appeal.decided_by)
QUOTED = (Reply.debate, Reply.shown_revision, *NAMED)


def notices(user: User, page: int) -> tuple[list[Notification], bool]:
    """Return a page of the notices to `user`, the newest first, and whether there are more.

    In several queries: PostgreSQL plans a join of all that they tell of for a third of a second.
    """
    query = (
        select(Notification)
        .where(Notification.user_id == user.id)
        .order_by(Notification.id.desc())
        .options(
            joinedload(Notification.reply).options(*(joinedload(part) for part in QUOTED)),
            selectinload(Notification.sanction).options(
                *(joinedload(part) for part in (Sanction.grounds, Sanction.ending))
            ),
            selectinload(Notification.sanction).joinedload(Sanction.appeal).joinedload(SanctionAppeal.reasons),
            selectinload(Notification.decision).options(*(joinedload(part) for part in DECIDED)),
            selectinload(Notification.appeal).options(*(joinedload(part) for part in JUDGED)),
            selectinload(Notification.appeal)
            .selectinload(Appeal.decision)
            .options(*(joinedload(part) for part in DECIDED)),
            joinedload(Notification.report).joinedload(Report.decision),
            joinedload(Notification.proposal).options(
                *(
                    joinedload(part)
                    for part in (Proposal.user, Proposal.debate_name, Proposal.proposed_by, Proposal.grounds)
                )
            ),
        )
    )
    rows = list(db.session.scalars(query.limit(PER_PAGE + 1).offset((page - 1) * PER_PAGE)))
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def _as_far_as_told(what: Select[Any]) -> Select[Any]:
    """Return the query that counts up to one more than is told: each page of the desk asks it, however much waits."""
    return select(func.count()).select_from(what.limit(MOST_TOLD + 1).subquery())


def menu_counts(user: User, more: More, values: dict[str, Any]) -> dict[str, Any]:
    """Return what the menu counts for `user`: notices not read and, for moderators, what waits.

    `more`: what else every page asks, each one value, in the same query, and `values` what that names.
    """
    query = _counts_of(moderators(user), leads(user), more)
    return dict(rows(query, values | {"reader": user.id}).mappings().one())


@cache
def _counts_of(is_moderator: bool, is_lead: bool, more: More) -> Select[Any]:
    """Put the question together, once for each role: that takes longer than to ask it."""
    user: Any = SimpleNamespace(id=bindparam("reader"))
    mine = Notification.user_id == user.id
    asked: dict[str, Select[Any]] = {}
    asked["unread"] = select(func.count()).select_from(Notification).where(mine, Notification.read_at.is_(None))
    asked |= {"news": with_news(user), **numbers_of(user)}
    if is_moderator:
        asked |= {"waiting": _as_far_as_told(select(Revision.id).where(WAITS))}
        asked |= {"reported": _as_far_as_told(select(ReportedReply.reply_id))}
        asked |= {"appeals": open_count(user)}
        asked |= {"sanction_appeals": open_sanction_appeals(user)}
    if is_lead:
        open_ones = select(func.count()).select_from(Proposal).where(Proposal.status == ProposalStatus.OPEN)
        asked |= {"proposals": open_ones}
    asked |= dict(more)
    return select(*(count.scalar_subquery().label(name) for name, count in asked.items()))
