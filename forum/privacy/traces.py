"""Every trace of a person, and how it is taken away. `docs/erasure.md` says of each table what becomes of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, delete, or_, select, union, update

from forum import jobs
from forum.accounts import delays, names, second_factor, sessions
from forum.accounts.models import Mute, OneTimeLink, RecoveryCode, Role, User
from forum.db import Bare, db, now
from forum.debates import debate_names, erasing, positions, votes
from forum.debates.bylines import written_under
from forum.debates.draft_models import Draft
from forum.debates.models import Byline, DebateName, MutedName, Reply, Revision
from forum.debates.queries import reply_to_change
from forum.jobs import Kind
from forum.moderation import appeals
from forum.moderation.appeal_models import Appeal, AppealReasons, AppealWords
from forum.moderation.desk_models import Claim, DeskPreference, Fingerprint, ReplyNote, RevisionFlag
from forum.moderation.models import Decision, Explanation
from forum.moderation.report_models import Dismissal, DismissalWords, Report, ReporterRecord, ReportWords
from forum.moderation.sanction_models import (
    Grounds,
    PersonNote,
    Proposal,
    ProposalStatus,
    Sanction,
    SanctionAppeal,
    SanctionAppealOutcome,
)
from forum.notifications import mailboxes
from forum.notifications.follow_models import Follow
from forum.notifications.models import Notification
from forum.privacy import exports
from forum.privacy.models import Leaving
from forum.search import index
from forum.transparency import log

Numbers = Select[int] | ScalarSelect[int]
# What names a person by `user_id`, and goes with the account.
OF_PERSON: tuple[Any, ...] = (
    *(RecoveryCode, OneTimeLink, Notification, Follow, DeskPreference),
    *(Leaving, ReporterRecord, PersonNote),
)
AT_ONCE: dict[str, Any] = {"synchronize_session": False}  # nothing that is loaded is looked at again


def erase_words(
    person: User,
    *,
    by: User | None,
    leaves_public: bool,
    until: datetime | None = None,
    byline: Byline | None = None,
) -> None:
    """Empty what a person wrote, `until` a moment, and all that was written about it and may quote it.

    `leaves_public`: what everybody can read stays, with its history. `byline`: what stands under this name alone. The
    person is locked.
    """
    theirs = select(Reply.id).where(*(written_under(byline) if byline else [Reply.author_id == person.id]))
    theirs = theirs.where(Reply.created_at <= until) if until else theirs
    exports.forget_of({person.id, *_holders(theirs)})
    beside = select(Reply.id).where(Reply.original_id.in_(theirs), Reply.id.not_in(theirs))  # translations by others
    for number in _held(theirs, beside):
        reply = reply_to_change(number)
        if reply is not None and leaves_public and reply.is_public:
            erasing.erase_unpublished(reply, by=by)
            appeals.end_with_reply(reply)
        elif reply is not None:
            erasing.erase(reply, by=by)
            _erase_translations(beside.where(Reply.original_id == number), by)
            _forget_drafts(reply)
    erased = beside.where(Reply.erased_at.is_not(None))
    every = or_(Revision.reply_id.in_(theirs), Revision.reply_id.in_(erased))
    emptied = select(Revision.id).where(every, Revision.text == "")
    for around in (theirs, erased):
        _empty_around(around, emptied)
    for decision in db.session.scalars(select(Decision).where(Decision.revision_id.in_(emptied))).all():
        log.forget(decision)


def _erase_translations(numbers: Select[int], by: User | None) -> None:
    """Empty translations by others of a reply that is erased: they say the same words."""
    for number in db.session.scalars(numbers.order_by(Reply.id)).all():
        translation = reply_to_change(number)
        if translation is not None:
            exports.forget_of({translation.author_id, *_holders(select(Reply.id).where(Reply.id == number))})
            erasing.erase(translation, by=by)


def _forget_drafts(original: Reply) -> None:
    """Delete what has been begun as a translation of a reply that is erased, or as a new wording of it or of one."""
    translations = db.session.scalars(select(Reply.id).where(Reply.original_id == original.id))
    places = [f"translation-{original.id}", *(f"edit-{number}" for number in (original.id, *translations))]
    begun = (Draft.debate_id == original.debate_id, Draft.place.in_(places))
    exports.forget_of(db.session.scalars(select(Draft.author_id).where(*begun)))
    _delete(Draft, *begun)


def _held(theirs: Select[int], beside: Select[int]) -> list[int]:
    """Hold replies and all above them, which count their answers, before the first is changed; return their numbers.

    Held are translations, too, which go with what they translate.

    From the first change on everybody else's waits for this one, by the index. The debates come first, like for a new
    wording of an article; and an answer before what it answers, like for a decision, so that nobody waits in a ring.
    """
    positions.lock_all()
    above = select(Reply.id, Reply.parent_id).where(or_(Reply.id.in_(theirs), Reply.id.in_(beside))).cte(recursive=True)
    above = above.union(select(Reply.id, Reply.parent_id).join(above, Reply.id == above.c.parent_id))
    every = select(Reply.id).where(Reply.id.in_(select(above.c.id))).order_by(Reply.id.desc())
    db.session.execute(every.with_for_update()).all()
    return list(db.session.scalars(theirs.order_by(Reply.id)))


def _holders(theirs: Numbers) -> list[int]:
    """Return who has in an archive what was written about replies: who decided, noted, dismissed or reported."""
    by = (Decision.moderator_id, ReplyNote.moderator_id, Dismissal.moderator_id, Report.reporter_id)
    queries = (select(column).where(column.class_.reply_id.in_(theirs), column.is_not(None)) for column in by)
    return list(db.session.scalars(union(*queries)))


def _empty_around(theirs: Numbers, emptied: Numbers) -> None:
    """Empty the words of others around replies, and forget what was found in emptied wordings."""
    decided = select(Decision.id).where(Decision.reply_id.in_(theirs))
    appealed = select(Appeal.id).where(Appeal.reply_id.in_(theirs))
    dismissed = select(Dismissal.id).where(Dismissal.reply_id.in_(theirs))
    reported = select(Report.id).where(Report.revision_id.in_(emptied))
    _empty(Explanation, Explanation.decision_id.in_(decided))
    _empty(AppealWords, AppealWords.appeal_id.in_(appealed))
    _empty(AppealReasons, AppealReasons.appeal_id.in_(appealed))
    _empty(DismissalWords, DismissalWords.dismissal_id.in_(dismissed))
    _empty(ReportWords, ReportWords.report_id.in_(reported))
    _delete(ReplyNote, ReplyNote.reply_id.in_(theirs))
    _delete(RevisionFlag, RevisionFlag.revision_id.in_(emptied))
    _delete(Fingerprint, Fingerprint.revision_id.in_(emptied))


def erase_account(person: User) -> None:
    """Take away the name of a person, every way in, and what the forum knows of them beside their public words."""
    _forget_sanctions(person)
    _forget_reports(person)
    positions.forget(person)
    votes.forget(person)
    mailboxes.forget(person)
    sessions.end_all(person)
    second_factor.forget(person)
    delays.forget(person.name, *delays.Purpose)
    _delete(Draft, Draft.author_id == person.id)
    exports.forget(person)
    exports.forget_of(db.session.scalars(select(Mute.user_id).where(Mute.muted_id == person.id)))
    theirs = select(DebateName.id).where(DebateName.user_id == person.id)
    exports.forget_of(db.session.scalars(select(MutedName.user_id).where(MutedName.debate_name_id.in_(theirs))))
    for model in OF_PERSON:
        _delete(model, model.user_id == person.id)
    _delete(Mute, or_(Mute.user_id == person.id, Mute.muted_id == person.id))
    _delete(Claim, Claim.moderator_id == person.id)
    jobs.take_back(Kind.DELETE_ACCOUNT, person.id)
    names.forget(person)
    debate_names.forget(person)
    _forget_person(person)
    index.rename(person)


def _forget_person(person: User) -> None:
    person.password_hash, person.role, person.language = None, Role.MEMBER, "en"
    person.has_plain_titles = False
    person.warned_at = person.suspended_until = person.banned_at = person.banned_until = None
    person.erased_at = now()
    db.session.flush()


def _forget_sanctions(person: User) -> None:
    """Empty the words of sanctions and appeals; nothing is left to judge, and nothing proposed to be done."""
    still_open = SanctionAppeal.user_id == person.id, SanctionAppeal.outcome.is_(None)
    ended = {"outcome": SanctionAppealOutcome.SANCTION_ENDED, "decided_at": now()}
    db.session.execute(update(SanctionAppeal).where(*still_open).values(ended).execution_options(**AT_ONCE))
    proposed = Proposal.user_id == person.id, Proposal.status == ProposalStatus.OPEN
    _delete(Notification, Notification.proposal_id.in_(select(Proposal.id).where(*proposed)))
    grounds = list(db.session.scalars(select(Proposal.grounds_id).where(*proposed)))
    _delete(Proposal, *proposed)
    _delete(Grounds, Grounds.id.in_(grounds))
    for column, of_person in (
        (Proposal.grounds_id, Proposal.user_id),
        (Sanction.grounds_id, Sanction.user_id),
        (Sanction.ending_id, Sanction.user_id),
        (SanctionAppeal.words_id, SanctionAppeal.user_id),
        (SanctionAppeal.reasons_id, SanctionAppeal.user_id),
    ):
        _empty(Grounds, Grounds.id.in_(select(column).where(of_person == person.id, column.is_not(None))))
    for sanction in db.session.scalars(select(Sanction).where(Sanction.user_id == person.id)).all():
        log.forget(sanction)


def _forget_reports(person: User) -> None:
    """Let the reports of a person be those of a reader without an account, without words."""
    made = select(Report.id).where(Report.reporter_id == person.id)
    _empty(ReportWords, ReportWords.report_id.in_(made))
    nobody = update(Report).where(Report.reporter_id == person.id).values(reporter_id=None)
    db.session.execute(nobody.execution_options(**AT_ONCE))


def _empty(model: Any, *conditions: ColumnElement[bool]) -> None:
    db.session.execute(update(model).where(*conditions).values(text="").execution_options(**AT_ONCE))


def _delete(model: type[Bare], *conditions: ColumnElement[bool]) -> None:
    db.session.execute(delete(model).where(*conditions).execution_options(**AT_ONCE))
