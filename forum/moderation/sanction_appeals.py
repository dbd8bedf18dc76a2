"""A second look at a sanction: the person asks for it once, somebody who had no part in it decides."""

from collections.abc import Sequence

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.elements import ColumnElement

from forum.accounts.locks import lock
from forum.accounts.models import User
from forum.accounts.policy import moderators
from forum.db import db, now
from forum.errors import NotAllowed, Overtaken, Refused
from forum.events import Event, record
from forum.moderation import words
from forum.moderation.appeal_queries import STAFF
from forum.moderation.models import Decision
from forum.moderation.policy import appeal_until, may_appeal_sanction
from forum.moderation.report_models import Report
from forum.moderation.sanction_models import Grounds, Proposal, Sanction, SanctionAppeal, SanctionAppealOutcome
from forum.moderation.sanctions import stop

APPEAL_MIN = 20  # characters; below it there is nothing that a second reader could weigh
SHOWN = 50


def lodge(sanction: Sanction, typed: str, *, by: User) -> SanctionAppeal:
    """Store the appeal of the person against a sanction, which is locked; the same words again are the same appeal."""
    if sanction.user_id != by.id:
        raise NotAllowed(_("Only the person concerned can appeal against a sanction."))
    missing = _("Say in your own words why the decision is wrong.")
    text = words.checked(typed, "text", missing=missing, shortest=APPEAL_MIN)
    former = db.session.scalar(
        select(SanctionAppeal)
        .where(SanctionAppeal.sanction_id == sanction.id)
        .options(selectinload(SanctionAppeal.words))
    )
    if former is not None:
        if former.words.text == text:
            return former
        raise Overtaken(_("You have appealed against this decision already; that is possible once."))
    if refusal := why_not(sanction, by=by):
        raise refusal
    appeal = SanctionAppeal(
        sanction_id=sanction.id,
        user_id=by.id,
        first_moderator_id=sanction.moderator_id,
        second_lead_id=sanction.proposal.confirmed_by_id if sanction.proposal else None,
        words=Grounds(text=text),
    )
    db.session.add(appeal)
    record(Event.SANCTION_APPEALED, appeal, by=by, sanction=sanction.id)
    return appeal


def why_not(sanction: Sanction, *, by: User) -> Refused | None:
    """Return why the person cannot appeal against a sanction, None if they can."""
    if may_appeal_sanction(by, sanction):
        return None
    if sanction.ended_at:
        return Overtaken(_("This sanction was ended already, so there is nothing to appeal against."))
    day = format_date(appeal_until(sanction), "long")
    return Refused(_("An appeal against this decision was possible until %(day)s.", day=day))


def decide(appeal: SanctionAppeal, outcome: SanctionAppealOutcome | None, *, by: User, explanation: str) -> None:
    """Record the judgement of somebody who had no part in the sanction; reversed, it ends at once.

    The sanction is locked (`to_change`). The same judgement of the same judge again is the same one.
    """
    lock(appeal.sanction.user, by)
    is_judgement = outcome is not SanctionAppealOutcome.SANCTION_ENDED
    missing = [] if outcome and is_judgement else [Refused(_("Choose whether it should stay as it is."), "outcome")]
    try:
        text = words.checked(explanation, "explanation", missing=_("Tell the person why you decide so."))
    except Refused as error:
        missing.append(error)
    if missing or outcome is None:
        raise words.together(missing)
    if not moderators(by) or by.id in involved(appeal):
        raise NotAllowed(_("Only a moderator who had no part in this case can decide the appeal."))
    if not appeal.is_open:
        said = (appeal.outcome, appeal.decided_by_id, appeal.reasons.text if appeal.reasons else "")
        if said == (outcome, by.id, text):
            return
        raise Overtaken(_ended_message(appeal))
    appeal.reasons = Grounds(text=text)
    appeal.outcome, appeal.decided_by_id, appeal.decided_at = outcome, by.id, now()
    if outcome is SanctionAppealOutcome.DECISION_REVERSED and not appeal.sanction.ended_at:
        stop(appeal.sanction, Grounds(text=text), by=by)
    record(Event.SANCTION_JUDGED, appeal, by=by, sanction=appeal.sanction_id, outcome=outcome.value)


def is_free(user_id: int) -> ColumnElement[bool]:
    """Return the condition on appeals that a person had no part in the case; `involved_in` says the same."""
    second = or_(SanctionAppeal.second_lead_id.is_(None), SanctionAppeal.second_lead_id != user_id)
    has_reported = exists().where(Report.reply_id == Decision.reply_id, Report.reporter_id == user_id)
    led = select(Sanction.id).join(Decision, Decision.id == Sanction.decision_id)
    led = led.where(Sanction.id == SanctionAppeal.sanction_id, or_(Decision.moderator_id == user_id, has_reported))
    return and_(SanctionAppeal.first_moderator_id != user_id, SanctionAppeal.user_id != user_id, second, ~led.exists())


def open_count(user: User) -> Select[int]:
    """Return the query that counts the open appeals against sanctions which a moderator may decide."""
    return select(func.count()).select_from(SanctionAppeal).where(SanctionAppeal.outcome.is_(None), is_free(user.id))


def open_ones() -> list[SanctionAppeal]:
    """Return the appeals that wait, the oldest first."""
    query = _complete().where(SanctionAppeal.outcome.is_(None)).order_by(SanctionAppeal.id).limit(SHOWN)
    return list(db.session.scalars(query))


def beside(number: int) -> tuple[int | None, int | None]:
    """Return the open appeals before and behind one, in the order of the list."""
    is_open = SanctionAppeal.outcome.is_(None)
    before = select(func.max(SanctionAppeal.id)).where(is_open, SanctionAppeal.id < number).scalar_subquery()
    behind = select(func.min(SanctionAppeal.id)).where(is_open, SanctionAppeal.id > number).scalar_subquery()
    found = db.session.execute(select(before, behind)).one()
    return found[0], found[1]


def by_id(number: int) -> SanctionAppeal | None:
    """Return an appeal with all that its page shows."""
    return db.session.scalar(_complete().where(SanctionAppeal.id == number))


def to_change(number: int) -> SanctionAppeal | None:
    """Return an appeal with the sanction and the person; the sanction is locked until the transaction ends.

    Both are read anew. All who change either lock the sanction first, then people: nobody waits in a ring.
    """
    mine = select(SanctionAppeal.sanction_id).where(SanctionAppeal.id == number)
    if db.session.scalar(select(Sanction.id).where(Sanction.id.in_(mine)).with_for_update()) is None:
        return None
    sanction = selectinload(SanctionAppeal.sanction).selectinload(Sanction.user)
    query = select(SanctionAppeal).where(SanctionAppeal.id == number)
    query = query.options(
        sanction, *(selectinload(part) for part in (SanctionAppeal.reasons, SanctionAppeal.decided_by))
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def has_judge(involved: set[int]) -> bool:
    """Say whether somebody moderates, and can sign in, who had no part in the case."""
    others = select(User.id).where(User.staff_number > 0, User.role.in_(STAFF), User.password_hash.is_not(None))
    return db.session.scalar(others.where(User.id.not_in(involved)).limit(1)) is not None


def involved_in(sanctions: Sequence[Sanction]) -> dict[int, set[int]]:
    """Return the numbers of those who may never look at each of these sanctions again.

    That are who made and who confirmed it, the person, and who decided on or has reported the reply that led to it.
    """
    found = {sanction.id: {sanction.moderator_id, sanction.user_id} for sanction in sanctions}
    query = (
        select(Sanction.id, Proposal.confirmed_by_id, Decision.moderator_id, Report.reporter_id)
        .outerjoin(Proposal, Proposal.id == Sanction.proposal_id)
        .outerjoin(Decision, Decision.id == Sanction.decision_id)
        .outerjoin(Report, Report.reply_id == Decision.reply_id)
        .where(Sanction.id.in_(found))
    )
    for number, *people in db.session.execute(query):
        found[number].update(person for person in people if person)
    return found


def involved(appeal: SanctionAppeal) -> set[int]:
    """Return the numbers of those who may never decide this appeal."""
    return involved_in([appeal.sanction])[appeal.sanction_id]


def _ended_message(appeal: SanctionAppeal) -> str:
    if appeal.decided_by is None:
        return _("The sanction was ended meanwhile, and the appeal with it. What you typed is kept below.")
    return _("%(name)s has decided this appeal meanwhile. What you typed is kept below.", name=appeal.decided_by.name)


def _complete() -> Select[SanctionAppeal]:
    sanction = selectinload(SanctionAppeal.sanction).options(
        *(joinedload(part) for part in (Sanction.user, Sanction.grounds, Sanction.moderator, Sanction.ending)),
        selectinload(Sanction.decision).options(joinedload(Decision.revision), joinedload(Decision.reply)),
    )
    own = (SanctionAppeal.words, SanctionAppeal.reasons, SanctionAppeal.decided_by)
    return select(SanctionAppeal).options(sanction, *(joinedload(part) for part in own))
