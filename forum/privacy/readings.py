"""Reading what a member has written, as staff: two leads decide, the one who proposed reads it, the member is told."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from forum import jobs
from forum.accounts.locks import lock
from forum.accounts.models import User
from forum.accounts.policy import leads
from forum.db import db, now
from forum.errors import NotAllowed
from forum.events import Event, record
from forum.jobs import Kind
from forum.moderation.sanction_models import Proposal, ProposalKind, ProposalStatus
from forum.notifications.models import Notification
from forum.privacy import exports
from forum.privacy.models import Export


def follow_proposal(proposal: Proposal) -> None:
    """Let the archive be made where two leads have decided so; a job makes it like a member's own."""
    if proposal.kind is ProposalKind.EXPORT:
        whose = {"user_id": proposal.user_id, "reader_id": proposal.proposed_by_id}
        export = Export(proposal_id=proposal.id, **whose)
        db.session.add(export)
        db.session.flush()
        jobs.put(Kind.MAKE_EXPORT, export.id)


def decided(number: int, *, reader: User) -> Proposal | None:
    """Return what two leads have decided to read, for nobody but the lead who proposed it."""
    parts = (joinedload(part) for part in (Proposal.user, Proposal.confirmed_by, Proposal.grounds))
    query = select(Proposal).where(Proposal.id == number, Proposal.kind == ProposalKind.EXPORT)
    proposal = db.session.scalar(query.where(Proposal.status == ProposalStatus.CARRIED_OUT).options(*parts))
    if proposal is not None and (proposal.proposed_by_id != reader.id or not leads(reader)):
        raise NotAllowed(_("Only the lead who proposed it reads it."))
    return proposal


def of(proposal: Proposal) -> Export | None:
    """Return the archive, made or yet to be made; None once it is deleted."""
    return db.session.scalar(select(Export).where(Export.proposal_id == proposal.id))


def until(export: Export | None) -> datetime | None:
    """Return how long an archive can be saved; None: it is not made, or its time is over."""
    end = export.made_at + exports.KEPT_FOR_STAFF if export and export.made_at else None
    return end if end and end > now() else None


def fetch(proposal: Proposal, *, by: User) -> bytes | None:
    """Return the archive, record it, and tell the member the first time; None: there is none, or not yet."""
    lock(proposal.user)
    export = of(proposal)
    content = exports.opened(export) if export and until(export) else None
    if content is None:
        return None
    record(Event.EXPORT_READ, proposal.user, by=by, proposal=proposal.id)
    told = {"user_id": proposal.user_id, "event": Event.EXPORT_READ, "proposal_id": proposal.id}
    if not db.session.scalar(select(exists(select(Notification.id).filter_by(**told)))):
        db.session.add(Notification(**told))
    return content
