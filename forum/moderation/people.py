"""What the desk knows of a person: opened by asking, which is recorded; and what colleagues note."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, and_, exists, func, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from forum.accounts.models import User
from forum.accounts.signin import find
from forum.db import db
from forum.debates.models import Reply, ReplyStatus
from forum.errors import NotAllowed
from forum.events import AuditEntry, Event, record
from forum.moderation import words
from forum.moderation.appeal_models import Appeal, AppealOutcome
from forum.moderation.models import NEEDS_RULE, Decision
from forum.moderation.queries import Page
from forum.moderation.report_models import Report
from forum.moderation.sanction_models import PersonNote, Proposal, ProposalStatus, Sanction, SanctionAppeal
from forum.text import fold, is_storable

REPLIES_PAGE = 20
SHOWN = 50  # sanctions and notes of one person; a page that needs more is about a person who needs a talk
PROPOSALS_PAGE = 50
REPORTS = 20  # the newest, made by a person and of their replies each


@dataclass
class Dossier:
    """A person as the desk sees them."""

    person: User
    counts: dict[ReplyStatus, int]
    replies: list[Reply]  # the newest first
    next_before: int | None  # the replies before this number stand on the next page
    decisions: dict[int, list[Decision]]
    appeals: dict[int, Appeal]  # by decision
    sanctions: list[Sanction]
    withheld: set[int]  # sanctions of which the reader must not know now who decided, and why
    proposals: list[Proposal]
    notes: list[PersonNote]
    are_notes_withheld: bool
    reports: list[Report]  # made by the person, the newest first
    reported: list[Report]  # of the person's replies, the newest first; by whom is told nobody
    open_reports: int  # of the person's replies
    answered_reports: int
    is_own: bool  # the reader is the person, and is told what any author is told

    @property
    def can_be_named(self) -> set[int]:
        """The decisions shown that a sanction can name: `sanctions.restricting` says it of any."""
        shown = [decision for on_reply in self.decisions.values() for decision in on_reply]
        looked_at = {number: appeal.outcome for number, appeal in self.appeals.items()}
        return {
            decision.id
            for decision in shown
            if decision.action in NEEDS_RULE
            and not decision.undone
            and looked_at.get(decision.id) is not AppealOutcome.DECISION_REVERSED
        }


def by_name(name: str) -> User | None:
    """Return who is called `name`, whatever was typed."""
    return find(name) if is_storable(name) else None


def open_page(person: User, *, by: User) -> None:
    """Record that a moderator asks for the page of a person."""
    record(Event.AUTHOR_SHOWN, person, by=by)


def called(name: str, *, reader: User) -> tuple[User, bool] | None:
    """Return who is called `name`, and whether this moderator has asked for the page, which was recorded."""
    if not is_storable(name):
        return None
    asked = exists().where(
        AuditEntry.event == Event.AUTHOR_SHOWN,
        AuditEntry.actor_id == reader.id,
        AuditEntry.subject_kind == User.__tablename__,
        AuditEntry.subject_id == User.id,
    )
    found = db.session.execute(select(User, asked).where(User.name_key == fold(name.strip()))).one_or_none()
    return (found[0], found[1]) if found else None


def is_open_to(person: User, reader: User) -> bool:
    """Say whether this moderator has asked for the page of the person."""
    found = called(person.name, reader=reader)
    return found is not None and found[1]


def dossier(person: User, reader: User, before: int | None = None) -> Dossier:
    """Return what the desk knows of a person, with a page of the replies older than number `before`.

    While an appeal is open, what was decided first is left out for all but who decided it, and with it
    what colleagues remark about the person.
    """
    query = select(Reply).where(Reply.author_id == person.id).order_by(Reply.id.desc()).limit(REPLIES_PAGE + 1)
    if before is not None:
        query = query.where(Reply.id < before)
    wordings = (joinedload(Reply.revisions), joinedload(Reply.debate))
    rows = list(db.session.scalars(query.options(*wordings)).unique())
    shown = rows[:REPLIES_PAGE]
    counts, open_reports, answered, proposed = _counts(person)
    decisions, appeals = _decisions(person, [reply.id for reply in shown])
    sanctions = sanctions_of(person)
    hidden = _hidden_replies(appeals.values(), sanctions, reader)
    withheld = {sanction.id for sanction in sanctions if _is_withheld(sanction, hidden, reader)}
    made, reported = _reports(person, reader, hidden)
    are_notes_withheld = bool(hidden or withheld)
    return Dossier(
        person=person,
        counts=counts,
        replies=shown,
        next_before=shown[-1].id if len(rows) > len(shown) else None,
        decisions={number: found for number, found in decisions.items() if number not in hidden},
        appeals=appeals,
        sanctions=sanctions,
        withheld=withheld,
        proposals=proposed,
        notes=_notes(person, reader, only_own=are_notes_withheld or person.id == reader.id),
        are_notes_withheld=are_notes_withheld,
        reports=made,
        reported=reported,
        open_reports=open_reports,
        answered_reports=answered,
        is_own=person.id == reader.id,
    )


def sanctions_of(person: User) -> list[Sanction]:
    """Return the sanctions of a person with their words and who made them, the newest first."""
    query = _sanctions().where(Sanction.user_id == person.id).order_by(Sanction.id.desc()).limit(SHOWN)
    return list(db.session.scalars(query))


def restrictions(person: User) -> list[Sanction]:
    """Return what keeps a person from writing now; the database is asked only if something does."""
    if not (person.warned_at or person.is_suspended or person.is_banned):
        return []
    return [sanction for sanction in sanctions_of(person) if sanction.is_current]


def sanction(number: int) -> Sanction | None:
    """Return a sanction with all that is told of it."""
    return db.session.scalar(_sanctions().where(Sanction.id == number).options(joinedload(Sanction.user)))


def sanction_to_change(number: int) -> Sanction | None:
    """Return a sanction with the person, locked until the transaction ends and read anew."""
    parts = (Sanction.user, Sanction.appeal, Sanction.proposal)
    query = select(Sanction).where(Sanction.id == number).options(*(selectinload(part) for part in parts))
    return db.session.scalar(query.with_for_update(of=Sanction).execution_options(populate_existing=True))


def proposal_to_change(number: int) -> Proposal | None:
    """Return a proposal with all that its verbs judge, locked until the transaction ends and read anew."""
    parts = (Proposal.user, Proposal.proposed_by, Proposal.closed_by, Proposal.grounds)
    query = select(Proposal).where(Proposal.id == number).options(*(selectinload(part) for part in parts))
    return db.session.scalar(query.with_for_update(of=Proposal).execution_options(populate_existing=True))


def proposals(page: int = 1) -> Page:
    """Return a page of what waits for a second lead, the oldest first."""
    query = _proposals().limit(PROPOSALS_PAGE + 1).offset((page - 1) * PROPOSALS_PAGE)
    rows = list(db.session.scalars(query))
    return Page(rows[:PROPOSALS_PAGE], page, len(rows) > PROPOSALS_PAGE)


def add_note(person: User, text: str, *, by: User) -> PersonNote:
    """Leave colleagues a note about a person."""
    text = words.checked(text, "text", missing=_("Write what your colleagues should know."))
    note = PersonNote(user_id=person.id, author_id=by.id, text=text)
    db.session.add(note)
    record(Event.PERSON_NOTED, note, by=by, user=person.id)
    return note


def delete_note(note: PersonNote, *, by: User) -> None:
    """Delete an own note with its words."""
    if note.author_id != by.id:
        raise NotAllowed(_("Only who wrote a note can delete it."))
    record(Event.PERSON_NOTE_DELETED, note, by=by, user=note.user_id)
    db.session.delete(note)


def _notes(person: User, reader: User, *, only_own: bool) -> list[PersonNote]:
    query = select(PersonNote).where(PersonNote.user_id == person.id).order_by(PersonNote.id.desc()).limit(SHOWN)
    query = query.where(PersonNote.author_id == reader.id) if only_own else query
    return list(db.session.scalars(query.options(joinedload(PersonNote.author))))


def _counts(person: User) -> tuple[dict[ReplyStatus, int], int, int, list[Proposal]]:
    """Return how many replies stand where, how many reports of them are open and answered, and what is proposed."""
    of_them = select(func.count()).select_from(Report).join(Reply, Reply.id == Report.reply_id)
    of_them = of_them.where(Reply.author_id == person.id).correlate(None)
    is_open = of_them.where(Report.answered_at.is_(None)).scalar_subquery()
    is_answered = of_them.where(Report.answered_at.is_not(None)).scalar_subquery()
    standing = (func.count().filter(Reply.status == status).label(status.value) for status in ReplyStatus)
    counts = select(*standing).select_from(Reply).where(Reply.author_id == person.id).subquery()
    open_ones = and_(Proposal.user_id == person.id, Proposal.status == ProposalStatus.OPEN)
    query = select(Proposal, is_open, is_answered, *counts.c).select_from(counts).outerjoin(Proposal, open_ones)
    parts = (Proposal.grounds, Proposal.user, Proposal.proposed_by)
    rows = db.session.execute(query.options(*(joinedload(part) for part in parts)).order_by(Proposal.id)).all()
    proposed = [row[0] for row in rows if row[0] is not None]
    _proposal, open_reports, answered, *counted = rows[0]
    return dict(zip(ReplyStatus, counted, strict=True)), open_reports, answered, proposed


def _decisions(person: User, reply_ids: list[int]) -> tuple[dict[int, list[Decision]], dict[int, Appeal]]:
    """Return the decisions on these replies and all with open appeals, by reply; the appeals by decision."""
    on_them = select(Decision.id).where(Decision.reply_id.in_(reply_ids))
    looked_at = select(Appeal.decision_id).where(Appeal.outcome.is_(None), Appeal.appellant_id == person.id)
    query = select(Decision, Appeal).outerjoin(Appeal, Appeal.decision_id == Decision.id)
    query = query.where(Decision.id.in_(union_all(on_them, looked_at))).order_by(Decision.id.desc())
    parts = tuple(
        joinedload(part) for part in (Decision.moderator, Decision.undone, Decision.revision, Appeal.decided_by)
    )
    decisions: dict[int, list[Decision]] = defaultdict(list)
    appeals: dict[int, Appeal] = {}
    for decision, appeal in db.session.execute(query.options(*parts)):
        decisions[decision.reply_id].append(decision)
        if appeal is not None:
            appeals[decision.id] = appeal
    return decisions, appeals


def _hidden_replies(appeals: Iterable[Appeal], sanctions: Iterable[Sanction], reader: User) -> set[int]:
    """Return the replies of which the reader must not know now what was decided; `hidden_from` says it of one."""
    hidden = {appeal.reply_id for appeal in appeals if appeal.is_open and appeal.first_moderator_id != reader.id}
    for sanction in sanctions:
        decision = sanction.decision
        if decision and decision.moderator_id != reader.id and _is_looked_at_by_others(sanction, reader):
            hidden.add(decision.reply_id)
    return hidden


def _is_looked_at_by_others(sanction: Sanction, reader: User) -> bool:
    """Say whether an appeal is open against a sanction that others than the reader made."""
    appeal = sanction.appeal
    return bool(appeal and appeal.is_open and reader.id not in {appeal.first_moderator_id, appeal.second_lead_id})


def _is_withheld(sanction: Sanction, hidden: set[int], reader: User) -> bool:
    """Say whether a sanction would tell of a decision that the reader must not know, or must not be known itself."""
    tells = sanction.decision is not None and sanction.decision.reply_id in hidden
    return tells or _is_looked_at_by_others(sanction, reader)


def _reports(person: User, reader: User, hidden: set[int]) -> tuple[list[Report], list[Report]]:
    """Return the newest reports by a person and of their replies.

    Nobody learns here who reported an own reply, nor what was reported of one while an appeal hides its decision.
    """
    newest = (Report.created_at.desc(), Report.id.desc())
    made = select(Report.id).join(Reply, Reply.id == Report.reply_id)
    made = made.where(Report.reporter_id == person.id, Reply.author_id != reader.id).order_by(*newest).limit(REPORTS)
    of_them = select(Report.id).join(Reply, Reply.id == Report.reply_id)
    of_them = of_them.where(Reply.author_id == person.id, Reply.author_id != reader.id, Reply.id.not_in(hidden))
    parts = (select(part.subquery().c.id) for part in (made, of_them.order_by(Report.id.desc()).limit(REPORTS)))
    query = select(Report).where(Report.id.in_(union_all(*parts))).options(joinedload(Report.decision))
    found = list(db.session.scalars(query.order_by(*newest)))
    by_person = [report for report in found if report.reporter_id == person.id]
    return by_person, [report for report in found if report.reporter_id != person.id]


def _sanctions() -> Select[Sanction]:
    """Return the query for sanctions with all that is told of them; PostgreSQL would plan one join of it all slowly."""
    own = (SanctionAppeal.words, SanctionAppeal.reasons, SanctionAppeal.decided_by)
    parts = (Sanction.grounds, Sanction.ending, Sanction.moderator, Sanction.ended_by)
    leads = (joinedload(part) for part in (Proposal.proposed_by, Proposal.confirmed_by))
    return select(Sanction).options(
        *(joinedload(part) for part in parts),
        joinedload(Sanction.appeal).options(*(joinedload(part) for part in own)),
        selectinload(Sanction.proposal).options(*leads),
        selectinload(Sanction.decision).options(joinedload(Decision.revision), joinedload(Decision.reply)),
    )


def _proposals() -> Select[Proposal]:
    parts = (Proposal.grounds, Proposal.user, Proposal.proposed_by)
    query = select(Proposal).where(Proposal.status == ProposalStatus.OPEN).order_by(Proposal.id)
    return query.options(*(joinedload(part) for part in parts))
