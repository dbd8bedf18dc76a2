"""What the desk and the authors ask about appeals: each function loads all that its page needs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select, union, union_all
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.elements import ColumnElement

from forum.accounts.models import Role, User
from forum.db import db
from forum.debates.differences import Piece, differences
from forum.debates.models import Reply, Revision
from forum.debates.passage_queries import PassageRead, answered_by
from forum.debates.queries import parent as load_parent
from forum.debates.queries import reply_to_change
from forum.moderation.appeal_models import Appeal, AppealOutcome
from forum.moderation.models import Decision
from forum.moderation.report_models import Report
from forum.moderation.sanction_models import Proposal, Sanction, SanctionAppeal

LIST_PAGE = 50
DECIDED = (Decision.words, Decision.moderator, Decision.revision, Decision.reply, Decision.undone)
STAFF = (Role.MODERATOR, Role.LEAD)


@dataclass(frozen=True)
class Hidden:
    """Why a reader must not know what was decided on a reply: an open appeal against it, or against a sanction."""

    appeal_id: int | None  # None: against a sanction, which is not named where the author is not

    @classmethod
    def read(cls, on_reply: int | None, on_sanction: int | None) -> "Hidden | None":
        """Return what the answers to `hiding` say."""
        return cls(on_reply) if on_reply or on_sanction else None


@dataclass
class Row:
    """An open appeal in the list, as one moderator may see it."""

    appeal: Appeal
    is_mine: bool  # the first decision was the reader's
    is_own: bool  # the reply is the reader's
    may_judge: bool
    has_judge: bool  # somebody could decide it now


@dataclass
class Case(Row):
    """One appeal with the reply in its context."""

    parent: Reply | None
    passage: PassageRead | None
    changes: list[Piece]  # what a new wording would have changed

    @property
    def reply(self) -> Reply:
        """The reply that was judged."""
        return self.appeal.reply


def involved_in(decisions: Sequence[Decision]) -> dict[int, set[int]]:
    """Return the numbers of those who may never look at each of these decisions again.

    That are its moderator, the author, who has reported the reply, and who has sanctioned the author for the
    decision, having read its reasons. `is_free` says the same.
    """
    found = {decision.id: {decision.moderator_id, decision.reply.author_id} for decision in decisions}
    these = Decision.id.in_(found)
    reported = select(Decision.id, Report.reporter_id).join(Report, Report.reply_id == Decision.reply_id)
    sanctioned = select(Decision.id, Sanction.moderator_id).join(Sanction, Sanction.decision_id == Decision.id)
    confirmed = select(Decision.id, Proposal.confirmed_by_id).join(Sanction, Sanction.decision_id == Decision.id)
    confirmed = confirmed.join(Proposal, Proposal.id == Sanction.proposal_id)
    for number, person in db.session.execute(union(*(part.where(these) for part in (reported, sanctioned, confirmed)))):
        if person is not None:
            found[number].add(person)
    return found


def involved(appeal: Appeal) -> set[int]:
    """Return the numbers of those who may never decide this appeal."""
    return involved_in([appeal.decision])[appeal.decision_id]


def is_free(user_id: int) -> ColumnElement[bool]:
    """Return the same as a condition on appeals: a person had no part in the case."""
    has_reported = exists().where(Report.reply_id == Appeal.reply_id, Report.reporter_id == user_id)
    made = select(Sanction.id).outerjoin(Proposal, Proposal.id == Sanction.proposal_id)
    made = made.where(or_(Sanction.moderator_id == user_id, Proposal.confirmed_by_id == user_id))
    has_sanctioned = made.where(Sanction.decision_id == Appeal.decision_id).exists()
    return and_(Appeal.first_moderator_id != user_id, Appeal.appellant_id != user_id, ~has_reported, ~has_sanctioned)


def open_count(user: User) -> Select[int]:
    """Return the query that counts the open appeals which a moderator may decide."""
    return select(func.count()).select_from(Appeal).where(Appeal.outcome.is_(None), is_free(user.id))


def open_page(reader: User, after: int = 0) -> tuple[list[Row], bool]:
    """Return the open appeals behind number `after`, the oldest first, and whether there are more."""
    query = (
        select(Appeal)
        .where(Appeal.outcome.is_(None), Appeal.id > after)
        .order_by(Appeal.id)
        .limit(LIST_PAGE + 1)
        .options(joinedload(Appeal.decision).options(joinedload(Decision.revision), joinedload(Decision.reply)))
    )
    found = list(db.session.scalars(query))
    shown = found[:LIST_PAGE]
    lonely = without_judge([appeal.decision for appeal in shown])
    others = involved_in([appeal.decision for appeal in shown])
    rows = [_row(appeal, reader, others[appeal.decision_id], lonely) for appeal in shown]
    return rows, len(found) > LIST_PAGE


def beside(appeal_id: int) -> tuple[int | None, int | None]:
    """Return the open appeals before and behind one, in the order of the list."""
    is_open = Appeal.outcome.is_(None)
    before = select(func.max(Appeal.id)).where(is_open, Appeal.id < appeal_id).scalar_subquery()
    behind = select(func.min(Appeal.id)).where(is_open, Appeal.id > appeal_id).scalar_subquery()
    found = db.session.execute(select(before, behind)).one()
    return found[0], found[1]


def case(appeal_id: int, reader: User) -> Case | None:
    """Return an appeal with all that its page shows, to whomever may see which part of it."""
    appeal = db.session.scalar(_complete().where(Appeal.id == appeal_id))
    if appeal is None:
        return None
    reply, row = appeal.reply, _row(appeal, reader, involved(appeal), without_judge([appeal.decision]))
    return Case(
        **vars(row),
        parent=load_parent(reply.answered_id) if reply.answered_id else None,
        passage=answered_by(reply),
        changes=changes_of(appeal.decision),
    )


def changes_of(decision: Decision) -> list[Piece]:
    """Return what the wording that was judged would have changed in the one that it was to replace, if it was one."""
    former = db.session.get(Revision, decision.revision.replaces_id) if decision.is_of_rewording else None
    return differences(former.text, decision.revision.text) if former else []


def appeals_on(decision_ids: Collection[int]) -> dict[int, Appeal]:
    """Return the appeals against these decisions by the number of the decision, with their words and reasons."""
    parts = (joinedload(Appeal.words), joinedload(Appeal.reasons), joinedload(Appeal.decided_by))
    found = db.session.scalars(select(Appeal).where(Appeal.decision_id.in_(decision_ids)).options(*parts))
    return {appeal.decision_id: appeal for appeal in found}


def without_judge(decisions: Sequence[Decision]) -> set[int]:
    """Return which of these decisions nobody could look at again today: all who moderate had a part in them."""
    staff = _staff() if decisions else set()
    return {number for number, others in involved_in(decisions).items() if not staff - others}


def hidden_from(reader: Any, reply_id: int) -> Hidden | None:
    """Say for the sake of which open appeal `reader` must not know what was decided on a reply, and by whom."""
    return Hidden.read(*db.session.execute(select(*hiding(reader.id, reply_id))).one())


def hiding(reader_id: Any, reply_id: Any) -> tuple[Any, Any]:
    """Return the questions behind `hidden_from`, for a page that asks others with them."""
    of_reply, of_sanction = _hidden(reader_id)
    on_reply = of_reply.with_only_columns(Appeal.id).where(Appeal.reply_id == reply_id)
    on_sanction = of_sanction.with_only_columns(SanctionAppeal.id).where(Decision.reply_id == reply_id)
    return on_reply.limit(1).scalar_subquery(), on_sanction.limit(1).scalar_subquery()


def hidden_replies(reader: Any) -> set[int]:
    """Return all replies of which `reader` must not know now what was decided."""
    return set(db.session.scalars(union_all(*_hidden(reader.id))))


def was_reversed(moderator: User, revision_id: int) -> bool:
    """Say whether a decision of this moderator on a wording was reversed on appeal."""
    reversed_ = Appeal.first_moderator_id == moderator.id, Appeal.outcome == AppealOutcome.DECISION_REVERSED
    query = select(exists().where(*reversed_, Decision.id == Appeal.decision_id, Decision.revision_id == revision_id))
    return bool(db.session.scalar(query))


def decision_with_words(decision_id: int) -> Decision | None:
    """Return a decision with all that its author reads of it."""
    parts = (Decision.words, Decision.revision, Decision.moderator, Decision.undone, Decision.closing)
    query = select(Decision).where(Decision.id == decision_id).options(*(joinedload(part) for part in parts))
    whole = joinedload(Decision.reply).options(joinedload(Reply.author), joinedload(Reply.debate))
    return db.session.scalar(query.options(whole))


def decision_to_appeal(decision_id: int) -> Decision | None:
    """Return a decision, its reply locked until the transaction ends and read anew."""
    reply_id = db.session.scalar(select(Decision.reply_id).where(Decision.id == decision_id))
    return decision_with_words(decision_id) if reply_id and reply_to_change(reply_id) else None


def appeal_to_change(appeal_id: int) -> Appeal | None:
    """Return an appeal, its reply locked until the transaction ends and both read anew."""
    reply_id = db.session.scalar(select(Appeal.reply_id).where(Appeal.id == appeal_id))
    if reply_id is None or reply_to_change(reply_id) is None:
        return None
    return db.session.scalar(_complete().where(Appeal.id == appeal_id).execution_options(populate_existing=True))


def _hidden(reader_id: Any) -> tuple[Select[int], Select[int]]:
    """Return the replies with open appeals of either kind, but those where the reader took the first decision."""
    of_reply = select(Appeal.reply_id)
    of_reply = of_reply.where(Appeal.outcome.is_(None), Appeal.first_moderator_id != reader_id)
    second = SanctionAppeal.second_lead_id
    of_sanction = (
        select(Decision.reply_id)
        .select_from(SanctionAppeal)
        .join(Sanction, Sanction.id == SanctionAppeal.sanction_id)
        .join(Decision, Decision.id == Sanction.decision_id)
        .where(SanctionAppeal.outcome.is_(None), SanctionAppeal.first_moderator_id != reader_id)
        .where(or_(second.is_(None), second != reader_id), Decision.moderator_id != reader_id)
    )
    return of_reply, of_sanction


def _complete() -> Select[Appeal]:
    decision = joinedload(Appeal.decision).options(*(joinedload(part) for part in DECIDED))
    reply = joinedload(Appeal.reply).options(*(joinedload(part) for part in (Reply.debate, Reply.author, Reply.quote)))
    own = (joinedload(Appeal.words), joinedload(Appeal.reasons), joinedload(Appeal.decided_by))
    return select(Appeal).options(decision, reply, *own)


def _staff() -> set[int]:
    """Return the numbers of all who moderate and can sign in."""
    # Whoever moderates has a number; asking for it keeps the database from reading every member.
    joined = and_(User.staff_number > 0, User.role.in_(STAFF), User.password_hash.is_not(None))
    return set(db.session.scalars(select(User.id).where(joined)))


def _row(appeal: Appeal, reader: User, others: set[int], lonely: set[int]) -> Row:
    return Row(
        appeal,
        is_mine=reader.id == appeal.first_moderator_id,
        is_own=reader.id == appeal.appellant_id,
        may_judge=appeal.is_open and reader.is_staff and reader.id not in others,
        has_judge=appeal.decision_id not in lonely,
    )
