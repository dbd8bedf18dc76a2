"""Deleting accounts and words, at once; and doing it again after an older state of the database was restored."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import select

from forum import jobs, versions
from forum.accounts.locks import lock
from forum.accounts.models import Role, User
from forum.db import db, now, writing
from forum.debates.models import Byline
from forum.errors import NotAllowed
from forum.events import Event, record
from forum.jobs import Kind
from forum.moderation.proposals import has_other_lead
from forum.moderation.sanction_models import Proposal, ProposalKind
from forum.privacy import carried, traces
from forum.privacy.carried import Item
from forum.privacy.models import Erased, Erasure


def delete_account(person: User, erases: Erased, *, by: User | None) -> None:
    """Delete an account: nobody sees it from the next request on, and its bytes go with the next wiping.

    The last lead cannot leave. Who has left already is left alone.
    """
    lock_to_delete(person)
    if person.erased_at is not None:
        return
    if by is not None:
        refuse_last_lead(person)
    record(Event.ACCOUNT_DELETED, person, by=by, erases=erases.value)
    traces.erase_words(person, by=by, leaves_public=erases is Erased.ACCOUNT)
    traces.erase_account(person)
    _note(person, erases, now())


def lock_to_delete(person: User) -> None:
    """Hold a person whose account is to go; of two leads who go at once the second finds whether one is left."""
    leads = select(User).where(User.role == Role.LEAD)
    lock(person, *(db.session.scalars(leads).all() if person.role is Role.LEAD else ()))


def erase_words(person: User, *, by: User | None) -> None:
    """Erase all that a member has written under the own name until now; the account stays.

    What stands under names for one debate is spared: were it to go at once, everybody could see whose it was.
    """
    lock(person)
    record(Event.WORDS_ERASED, person, by=by)
    traces.erase_words(person, by=by, leaves_public=False, byline=Byline(person))
    _note(person, Erased.WORDS, now())


def follow_proposal(proposal: Proposal) -> None:
    """Erase the words of a person where two leads have decided so."""
    if proposal.kind is ProposalKind.PURGE:
        erase_words(proposal.user, by=proposal.confirmed_by or proposal.proposed_by)


def refuse_last_lead(person: User) -> None:
    """Refuse to let the last one go who leads this forum."""
    if is_last_lead(person):
        raise NotAllowed(_("You are the last one who leads this forum. Let somebody else lead it first."))


def is_last_lead(person: User) -> bool:
    """Say whether nobody else leads this forum."""
    return person.role is Role.LEAD and not has_other_lead(person.id)


def listed() -> list[Item]:
    """Return all erasures, the oldest first."""
    return [_item(row) for row in db.session.scalars(select(Erasure).order_by(Erasure.created_at, Erasure.id))]


def replay(items: Iterable[Item] | None = None) -> int:
    """Erase again what an older state of the database has brought back; return how many erasures were missing.

    For `flask restore`, once the database is in place and its tables are up to date, outside of a transaction.
    `items` are by default those of the file `erased.jsonl` in the instance folder: each erasure is added to it within
    minutes, and it is copied beside each backup, so it knows more than a backup does. Whoever the database does not
    know, or knows as a younger account with the same number, is passed over; done twice it is done once.
    """
    missing = 0
    for item in sorted(carried.read() if items is None else items, key=lambda item: item.erased_at):
        with writing():
            missing += _erase_again(item)
    return missing


def carry(folder: Path | None = None) -> None:
    """Bring the file beside the database up to date, or the one in `folder`, where a backup is.

    What a file lists and the database does not know stays listed.
    """
    carried.add([*carried.read(), *listed()], folder)


def _erase_again(item: Item) -> bool:
    person = db.session.get(User, item.user_id)
    if person is None or person.created_at.isoformat() != item.member_since or item in _known(person):
        return False
    lock(person)
    moment = datetime.fromisoformat(item.erased_at)
    if item.erases == Erased.WORDS:
        traces.erase_words(person, by=None, leaves_public=False, until=moment, byline=Byline(person))
    elif person.erased_at is None:
        traces.erase_words(person, by=None, leaves_public=item.erases == Erased.ACCOUNT)
        traces.erase_account(person)
    _note(person, Erased(item.erases), moment)
    return True


def _known(person: User) -> list[Item]:
    return [_item(row) for row in db.session.scalars(select(Erasure).where(Erasure.user_id == person.id))]


def _note(person: User, erases: Erased, moment: datetime) -> None:
    known = {"user_id": person.id, "member_since": person.created_at, "erases": erases}
    db.session.add(Erasure(created_at=moment, **known))
    jobs.put(Kind.WIPE)
    versions.change_site()
    db.session.flush()


def _item(row: Erasure) -> Item:
    return Item(row.user_id, row.member_since.isoformat(), row.erases.value, row.created_at.isoformat())
