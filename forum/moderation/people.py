"""What the desk knows of a person: opened by asking, which is recorded; and what colleagues note.

A person is known under one name at a time: what was written, decided and noted under another one is left out.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, exists, func, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from forum.accounts.models import User
from forum.db import db
from forum.debates.bylines import at_desk, said_of, written_under
from forum.debates.models import Byline, Reply, ReplyStatus
from forum.errors import NotAllowed
from forum.events import AuditEntry, Event, record
from forum.moderation import words
from forum.moderation.appeal_models import Appeal, AppealOutcome
from forum.moderation.models import NEEDS_RULE, Decision
from forum.moderation.queries import Page
from forum.moderation.report_models import Report
from forum.moderation.sanction_models import PersonNote, Proposal, ProposalStatus, Sanction, SanctionAppeal

REPLIES_PAGE = 20
SHOWN = 50  # sanctions and notes of one person; a page that needs more is about a person who needs a talk
PROPOSALS_PAGE = 50
REPORTS = 20  # the newest, made by a person and of their replies each


@dataclass
class Dossier:
    """A person as the desk sees them under one name."""

    byline: Byline
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


def by_name(name: str) -> Byline | None:
    """Return who is called `name`, or has this tag, whatever was typed."""
    return at_desk(name)


def open_page(byline: Byline, *, by: User) -> None:
    """Record that a moderator asks for the page of a person."""
    record(Event.AUTHOR_SHOWN, byline.subject, by=by)


def is_open_to(byline: Byline, reader: User) -> bool:
    """Say whether this moderator has asked for the page of the person under this name, which was recorded."""
    asked = exists().where(
        AuditEntry.event == Event.AUTHOR_SHOWN,
        AuditEntry.actor_id == reader.id,
        AuditEntry.subject_kind == byline.subject.__tablename__,
        AuditEntry.subject_id == byline.subject.id,
    )
    return bool(db.session.scalar(select(asked)))


def dossier(byline: Byline, reader: User, before: int | None = None) -> Dossier:
    """Return what the desk knows of a person under this name, with a page of the replies older than number `before`.

    While an appeal is open, what was decided first is left out for all but who decided it, and with it
    what colleagues remark about the person.
    """
    query = select(Reply).where(*written_under(byline)).order_by(Reply.id.desc()).limit(REPLIES_PAGE + 1)
    if before is not None:
        query = query.where(Reply.id < before)
    wordings = (joinedload(Reply.revisions), joinedload(Reply.debate))
    rows = list(db.session.scalars(query.options(*wordings)).unique())
    shown = rows[:REPLIES_PAGE]
    counts, open_reports, answered, proposed = _counts(byline)
    decisions, appeals = _decisions(byline, [reply.id for reply in shown])
    sanctions = _made(said_of(byline, Sanction))
    hidden = _hidden_replies(appeals.values(), sanctions, reader)
    withheld = {sanction.id for sanction in sanctions if _is_withheld(sanction, hidden, reader)}
    made, reported = _reports(byline, reader, hidden)
    are_notes_withheld = bool(hidden or withheld)
    return Dossier(
        byline=byline,
        counts=counts,
        replies=shown,
        next_before=shown[-1].id if len(rows) > len(shown) else None,
        decisions={number: found for number, found in decisions.items() if number not in hidden},
        appeals=appeals,
        sanctions=sanctions,
        withheld=withheld,
        proposals=proposed,
        notes=_notes(byline, reader, only_own=are_notes_withheld or byline.author.id == reader.id),
        are_notes_withheld=are_notes_withheld,
        reports=made,
        reported=reported,
        open_reports=open_reports,
        answered_reports=answered,
        is_own=byline.author.id == reader.id,
    )


def sanctions_of(person: User) -> list[Sanction]:
    """Return the sanctions of a person, under whatever name, as the person reads them; the newest first."""
    return _made([Sanction.user_id == person.id])


def restrictions(person: User) -> list[Sanction]:
    """Return what keeps a person from writing now; the database is asked only if something does."""
    if not (person.warned_at or person.is_suspended or person.is_banned):
        return []
    return [sanction for sanction in sanctions_of(person) if sanction.is_current]


def sanction(number: int) -> Sanction | None:
    """Return a sanction with all that is told of it."""
    parts = (joinedload(Sanction.user), joinedload(Sanction.debate_name))
    return db.session.scalar(_sanctions().where(Sanction.id == number).options(*parts))


def sanction_to_change(number: int) -> Sanction | None:
    """Return a sanction with the person, locked until the transaction ends and read anew."""
    parts = (Sanction.user, Sanction.debate_name, Sanction.appeal, Sanction.proposal)
    query = select(Sanction).where(Sanction.id == number).options(*(selectinload(part) for part in parts))
    return db.session.scalar(query.with_for_update(of=Sanction).execution_options(populate_existing=True))


def proposal_to_change(number: int) -> Proposal | None:
    """Return a proposal with all that its verbs judge, locked until the transaction ends and read anew."""
    parts = (Proposal.user, Proposal.debate_name, Proposal.proposed_by, Proposal.closed_by, Proposal.grounds)
    query = select(Proposal).where(Proposal.id == number).options(*(selectinload(part) for part in parts))
    return db.session.scalar(query.with_for_update(of=Proposal).execution_options(populate_existing=True))


def proposals(page: int = 1) -> Page:
    """Return a page of what waits for a second lead, the oldest first."""
    query = _proposals().limit(PROPOSALS_PAGE + 1).offset((page - 1) * PROPOSALS_PAGE)
    rows = list(db.session.scalars(query))
    return Page(rows[:PROPOSALS_PAGE], page, len(rows) > PROPOSALS_PAGE)


def note_to_change(number: int) -> PersonNote | None:
    """Return a note with whom it is about, locked until the transaction ends."""
    parts = (selectinload(PersonNote.user), selectinload(PersonNote.debate_name))
    query = select(PersonNote).where(PersonNote.id == number).options(*parts)
    return db.session.scalar(query.with_for_update(of=PersonNote))


def add_note(byline: Byline, text: str, *, by: User) -> PersonNote:
    """Leave colleagues a note about a person."""
    text = words.checked(text, "text", missing=_("Write what your colleagues should know."))
    note = PersonNote(user_id=byline.author.id, debate_name=byline.other, author_id=by.id, text=text)
    db.session.add(note)
    record(Event.PERSON_NOTED, note, by=by, user=note.user_id)
    return note


def delete_note(note: PersonNote, *, by: User) -> None:
    """Delete an own note with its words."""
    if note.author_id != by.id:
        raise NotAllowed(_("Only who wrote a note can delete it."))
    record(Event.PERSON_NOTE_DELETED, note, by=by, user=note.user_id)
    db.session.delete(note)


def _made(conditions: Iterable[ColumnElement[bool]]) -> list[Sanction]:
    """Return sanctions with their words and who made them, the newest first."""
    return list(db.session.scalars(_sanctions().where(*conditions).order_by(Sanction.id.desc()).limit(SHOWN)))


def _notes(byline: Byline, reader: User, *, only_own: bool) -> list[PersonNote]:
    query = select(PersonNote).where(*said_of(byline, PersonNote)).order_by(PersonNote.id.desc()).limit(SHOWN)
    query = query.where(PersonNote.author_id == reader.id) if only_own else query
    return list(db.session.scalars(query.options(joinedload(PersonNote.author))))


def _counts(byline: Byline) -> tuple[dict[ReplyStatus, int], int, int, list[Proposal]]:
    """Return how many replies stand where, how many reports of them are open and answered, and what is proposed."""
    of_them = select(func.count()).select_from(Report).join(Reply, Reply.id == Report.reply_id)
    of_them = of_them.where(*written_under(byline)).correlate(None)
    is_open = of_them.where(Report.answered_at.is_(None)).scalar_subquery()
    is_answered = of_them.where(Report.answered_at.is_not(None)).scalar_subquery()
    standing = (func.count().filter(Reply.status == status).label(status.value) for status in ReplyStatus)
    counts = select(*standing).select_from(Reply).where(*written_under(byline)).subquery()
    open_ones = and_(*said_of(byline, Proposal), Proposal.status == ProposalStatus.OPEN)
    query = select(Proposal, is_open, is_answered, *counts.c).select_from(counts).outerjoin(Proposal, open_ones)
    parts = (Proposal.grounds, Proposal.user, Proposal.proposed_by)
    rows = db.session.execute(query.options(*(joinedload(part) for part in parts)).order_by(Proposal.id)).all()
    proposed = [row[0] for row in rows if row[0] is not None]
    _proposal, open_reports, answered, *counted = rows[0]
    return dict(zip(ReplyStatus, counted, strict=True)), open_reports, answered, proposed


def _decisions(byline: Byline, reply_ids: list[int]) -> tuple[dict[int, list[Decision]], dict[int, Appeal]]:
    """Return the decisions on these replies and all with open appeals, by reply; the appeals by decision."""
    on_them = select(Decision.id).where(Decision.reply_id.in_(reply_ids))
    looked_at = select(Appeal.decision_id).join(Reply, Reply.id == Appeal.reply_id)
    looked_at = looked_at.where(Appeal.outcome.is_(None), *written_under(byline))
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


def _reports(byline: Byline, reader: User, hidden: set[int]) -> tuple[list[Report], list[Report]]:
    """Return the newest reports by a person and of their replies. Reports are made under the own name.

    Nobody learns here who reported an own reply, nor what was reported of one while an appeal hides its decision.
    """
    newest = (Report.created_at.desc(), Report.id.desc())
    reporter = byline.author.id if byline.other is None else None
    made = select(Report.id).join(Reply, Reply.id == Report.reply_id)
    made = made.where(Report.reporter_id == reporter, Reply.author_id != reader.id).order_by(*newest).limit(REPORTS)
    of_them = select(Report.id).join(Reply, Reply.id == Report.reply_id)
    of_them = of_them.where(*written_under(byline), Reply.author_id != reader.id, Reply.id.not_in(hidden))
    parts = (select(part.subquery().c.id) for part in (made, of_them.order_by(Report.id.desc()).limit(REPORTS)))
    query = select(Report).where(Report.id.in_(union_all(*parts))).options(joinedload(Report.decision))
    found = list(db.session.scalars(query.order_by(*newest)))
    by_person = [report for report in found if reporter and report.reporter_id == reporter]
    return by_person, [report for report in found if report not in by_person]


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
    parts = (Proposal.grounds, Proposal.user, Proposal.debate_name, Proposal.proposed_by)
    query = select(Proposal).where(Proposal.status == ProposalStatus.OPEN).order_by(Proposal.id)
    return query.options(*(joinedload(part) for part in parts))
