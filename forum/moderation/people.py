"""What the desk knows of a person: opened by asking, which is recorded; and what colleagues note."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from forum.accounts.models import User
from forum.accounts.signin import find
from forum.db import db
from forum.debates.models import Reply, ReplyStatus
from forum.errors import NotAllowed
from forum.events import AuditEntry, Event, record
from forum.moderation import words
from forum.moderation.appeal_models import Appeal
from forum.moderation.models import Decision
from forum.moderation.queries import Page, decisions_on
from forum.moderation.sanction_models import PersonNote, Proposal, ProposalStatus, Sanction, SanctionAppeal
from forum.text import is_storable

REPLIES_PAGE = 20
SHOWN = 50  # sanctions and notes of one person; a page that needs more is about a person who needs a talk
PROPOSALS_PAGE = 50


@dataclass
class Dossier:
    """A person as the desk sees them."""

    person: User
    counts: dict[ReplyStatus, int]
    replies: list[Reply]  # the newest first
    next_before: int | None  # the replies before this number stand on the next page
    decisions: dict[int, list[Decision]]
    sanctions: list[Sanction]
    proposals: list[Proposal]
    notes: list[PersonNote]


def by_name(name: str) -> User | None:
    """Return who is called `name`, whatever was typed."""
    return find(name) if is_storable(name) else None


def open_page(person: User, *, by: User) -> None:
    """Record that a moderator asks for the page of a person."""
    record(Event.AUTHOR_SHOWN, person, by=by)


def is_open_to(person: User, reader: User) -> bool:
    """Say whether this moderator has asked for the page of the person, which was recorded."""
    asked = select(AuditEntry.id).where(
        AuditEntry.event == Event.AUTHOR_SHOWN,
        AuditEntry.actor_id == reader.id,
        AuditEntry.subject_kind == User.__tablename__,
        AuditEntry.subject_id == person.id,
    )
    return db.session.scalar(asked.limit(1)) is not None


def dossier(person: User, reader: User, before: int | None = None) -> Dossier:
    """Return what the desk knows of a person, with a page of the replies older than number `before`.

    While an appeal is open, what was decided first is left out for all but who decided it.
    """
    query = select(Reply).where(Reply.author_id == person.id).order_by(Reply.id.desc()).limit(REPLIES_PAGE + 1)
    if before is not None:
        query = query.where(Reply.id < before)
    wordings = (joinedload(Reply.revisions), joinedload(Reply.debate))
    rows = list(db.session.scalars(query.options(*wordings)).unique())
    shown = rows[:REPLIES_PAGE]
    by_status = select(Reply.status, func.count()).where(Reply.author_id == person.id).group_by(Reply.status)
    counts = dict(db.session.execute(by_status).all())
    notes = select(PersonNote).where(PersonNote.user_id == person.id).order_by(PersonNote.id.desc()).limit(SHOWN)
    return Dossier(
        person=person,
        counts={status: counts.get(status, 0) for status in ReplyStatus},
        replies=shown,
        next_before=shown[-1].id if len(rows) > len(shown) else None,
        decisions=_decisions([reply.id for reply in shown], reader),
        sanctions=sanctions_of(person),
        proposals=list(db.session.scalars(_proposals().where(Proposal.user_id == person.id))),
        notes=list(db.session.scalars(notes.options(joinedload(PersonNote.author)))),
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
    return db.session.scalar(_sanctions().where(Sanction.id == number))


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


def _decisions(reply_ids: list[int], reader: User) -> dict[int, list[Decision]]:
    is_open = select(Appeal.reply_id).where(Appeal.reply_id.in_(reply_ids), Appeal.outcome.is_(None))
    hidden = set(db.session.scalars(is_open.where(Appeal.first_moderator_id != reader.id)))
    return decisions_on([number for number in reply_ids if number not in hidden])


def _sanctions() -> Select[Sanction]:
    leads = joinedload(Sanction.proposal).options(joinedload(Proposal.proposed_by), joinedload(Proposal.confirmed_by))
    parts = (Sanction.grounds, Sanction.ending, Sanction.moderator, Sanction.ended_by, Sanction.user)
    decision = joinedload(Sanction.decision).options(joinedload(Decision.revision), joinedload(Decision.reply))
    own = (SanctionAppeal.words, SanctionAppeal.reasons, SanctionAppeal.decided_by)
    appeal = joinedload(Sanction.appeal).options(*(joinedload(part) for part in own))
    return select(Sanction).options(leads, appeal, decision, *(joinedload(part) for part in parts))


def _proposals() -> Select[Proposal]:
    parts = (Proposal.grounds, Proposal.user, Proposal.proposed_by)
    query = select(Proposal).where(Proposal.status == ProposalStatus.OPEN).order_by(Proposal.id)
    return query.options(*(joinedload(part) for part in parts))
