"""What the forum holds about a member, section by section; `docs/erasure.md` says of each table where it stands.

Whoever else is concerned appears by no name: staff by their number, reporters not at all.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, or_, select, union_all

from forum.accounts.delays import Purpose, digest_of
from forum.accounts.models import (
    CodeApp,
    Mute,
    NameLook,
    OneTimeLink,
    Passkey,
    RecoveryCode,
    Session,
    SignInDelay,
    User,
)
from forum.db import db
from forum.debates import positions, votes
from forum.debates.bylines import written_under
from forum.debates.draft_models import Draft
from forum.debates.models import Byline, Debate, DebateName, MutedName, Quote, Reply, Revision
from forum.events import AuditEntry
from forum.moderation.appeal_models import Appeal, AppealReasons, AppealWords
from forum.moderation.desk_models import Claim, DeskPreference, ReplyNote, RevisionFlag
from forum.moderation.models import Closing, Decision, Explanation, Undo
from forum.moderation.report_models import Dismissal, DismissalWords, Report, ReporterRecord, ReportWords
from forum.moderation.sanction_models import (
    Grounds,
    PersonNote,
    Proposal,
    ProposalStatus,
    Sanction,
    SanctionAppeal,
)
from forum.notifications import mailboxes
from forum.notifications.follow_models import Follow
from forum.notifications.models import Notification
from forum.privacy.models import Erasure, Export, Leaving

Row = dict[str, Any]
Query = Select[*tuple[Any, ...]]
Section = Callable[[User], list[Row]]


def of(person: User) -> dict[str, list[Row]]:
    """Return all sections of a person, the empty ones too, each as rows of plain facts."""
    return {name: section(person) for name, section in SECTIONS.items()}


def for_staff(person: User) -> dict[str, list[Row]]:
    """Return what two leads may read: what was written for others to see, and what was done about it in two's name.

    Left out is what a member told nobody (drafts, votes, positions, whom they follow and mute, the wish to leave), how
    they sign in and when (sessions, keys, mail address, audit log), and what stands at the desk under rules of its own
    on who may see it (decisions, sanctions, appeals, reports). What stands under a name for one debate alone is no
    matter of the own one, and would tell whose it is; so would a restriction that was made under it.
    """
    found = {name: SECTIONS[name](person) for name in FOR_STAFF}
    for row in found["account"]:
        del row["has_plain_titles"]  # tells who is afraid of being watched
        for limit in ("warned_at", "suspended_until", "banned_at", "banned_until"):
            del row[limit]
    own = set(db.session.scalars(select(Reply.id).where(*written_under(Byline(person)))))
    for name in ("replies", "wordings", "quotations"):
        found[name] = [row for row in found[name] if row["reply"] in own]
    wordings = {row["wording"] for row in found["wordings"]}
    found["automatic_marks"] = [row for row in found["automatic_marks"] if row["wording"] in wordings]
    decided = [row for row in found["decided_by_two_leads"] if row["under"] is None]
    return found | {"decided_by_two_leads": decided}


def _asked(make: Callable[[User], Query]) -> Section:
    """Return a section that is the answer to one query."""

    def section(person: User) -> list[Row]:
        return [dict(row) for row in db.session.execute(make(person)).mappings()]

    return section


def _staff(number: Any) -> ScalarSelect[int | None]:
    """Return the number by which everybody knows a moderator."""
    return select(User.staff_number).where(User.id == number).correlate_except(User).scalar_subquery()


def _grounds(number: Any) -> ScalarSelect[str]:
    """Return the words that explain a sanction or an appeal, which stand apart from it."""
    return select(Grounds.text).where(Grounds.id == number).correlate_except(Grounds).scalar_subquery()


def _under(number: Any) -> Any:
    """Return the name for one debate under which the desk knew the person; none: the own one."""
    return select(DebateName.stored_name).where(DebateName.id == number).scalar_subquery().label("under")


def _slug(number: Any) -> ScalarSelect[str]:
    return select(Debate.slug).where(Debate.id == number).correlate_except(Debate).scalar_subquery()


def _account(person: User) -> Query:
    known = (
        User.name,
        User.id.label("number"),
        User.created_at,
        User.role,
        User.staff_number,
        User.language,
        User.has_plain_titles,
    )
    limits = (User.warned_at, User.suspended_until, User.banned_at, User.banned_until)
    return select(*known, *limits).where(User.id == person.id)


def _replies(person: User) -> Query:
    place = (Reply.id.label("reply"), _slug(Reply.debate_id).label("debate"), Reply.parent_id.label("below"))
    beside = (Reply.in_answer_to_id.label("in_answer_to"), Reply.original_id.label("translation_of"))
    more = (Reply.passage, Reply.stance, Reply.language, Reply.status)
    moments = (Reply.created_at, Reply.published_at, Reply.removed_under, Reply.erased_at, Reply.public_answers)
    return select(*place, *beside, *more, *moments).where(Reply.author_id == person.id).order_by(Reply.id)


def _wordings(person: User) -> Query:
    facts = (Revision.reply_id.label("reply"), Revision.number, Revision.id.label("wording"), Revision.text)
    came = (Revision.outcome, Revision.created_at, Revision.published_at, Revision.removed_under)
    query = select(*facts, Revision.chosen_language, Revision.translated_id.label("translates"), *came).join(
        Reply, Reply.id == Revision.reply_id
    )
    return query.where(Reply.author_id == person.id).order_by(Revision.id)


def _flags(person: User) -> Query:
    query = select(RevisionFlag.revision_id.label("wording"), RevisionFlag.code, RevisionFlag.start, RevisionFlag.stop)
    return query.where(RevisionFlag.revision_id.in_(_own_wordings(person))).order_by(RevisionFlag.id)


def _quotes(person: User) -> Query:
    query = select(Quote.reply_id.label("reply"), Quote.passage, Quote.exact)
    return query.where(Quote.reply_id.in_(_own_replies(person))).order_by(Quote.id)


def _drafts(person: User) -> Query:
    facts = (_slug(Draft.debate_id).label("debate"), Draft.place, Draft.text, Draft.fields)
    query = select(*facts, Draft.created_at, Draft.changed_at)
    return query.where(Draft.author_id == person.id).order_by(Draft.id)


def _decisions(person: User) -> Query:
    """An undone decision was never explained to the author: its words may have been meant for another reply."""
    what = (Decision.id.label("decision"), Decision.reply_id.label("reply"), Decision.revision_id.label("wording"))
    facts = (Decision.action, Decision.rule, Decision.created_at, _staff(Decision.moderator_id).label("moderator"))
    closed = (Closing.revision_id.label("closed_wording"), Undo.created_at.label("undone_at"))
    query = select(*what, *facts, Explanation.text.label("explanation"), *closed)
    query = query.outerjoin(Undo, Undo.decision_id == Decision.id)
    query = query.outerjoin(Explanation, and_(Explanation.decision_id == Decision.id, Undo.id.is_(None)))
    query = query.outerjoin(Closing, Closing.decision_id == Decision.id)
    return query.where(Decision.reply_id.in_(_own_replies(person))).order_by(Decision.id)


def _appeals(person: User) -> Query:
    facts = (Appeal.decision_id.label("decision"), Appeal.created_at, AppealWords.text.label("text"))
    end = (Appeal.outcome, Appeal.rule, Appeal.decided_at, _staff(Appeal.decided_by_id).label("moderator"))
    query = select(*facts, *end, AppealReasons.text.label("reasons"))
    query = query.outerjoin(AppealWords, AppealWords.appeal_id == Appeal.id)
    query = query.outerjoin(AppealReasons, AppealReasons.appeal_id == Appeal.id)
    return query.where(Appeal.appellant_id == person.id).order_by(Appeal.id)


def _reports(person: User) -> Query:
    facts = (Report.reply_id.label("reply"), Report.reason, Report.created_at, ReportWords.text.label("text"))
    end = (Report.outcome, Report.answered_at, DismissalWords.text.label("answer"))
    query = select(*facts, *end).outerjoin(ReportWords, ReportWords.report_id == Report.id)
    query = query.outerjoin(DismissalWords, DismissalWords.dismissal_id == Report.dismissal_id)
    return query.where(Report.reporter_id == person.id).order_by(Report.id)


def _report_record(person: User) -> Query:
    return select(ReporterRecord.judged, ReporterRecord.led).where(ReporterRecord.user_id == person.id)


def _sanctions(person: User) -> Query:
    facts = (Sanction.id.label("sanction"), Sanction.kind, Sanction.rule, Sanction.days, Sanction.created_at)
    words = (_grounds(Sanction.grounds_id).label("text"), Sanction.decision_id.label("decision"))
    end = (Sanction.read_at, Sanction.ended_at, _grounds(Sanction.ending_id).label("why_ended"))
    query = select(*facts, *words, _staff(Sanction.moderator_id).label("moderator"), *end)
    query = query.add_columns(_under(Sanction.debate_name_id))
    return query.where(Sanction.user_id == person.id).order_by(Sanction.id)


def _sanction_appeals(person: User) -> Query:
    mine = SanctionAppeal
    facts = (
        mine.sanction_id.label("sanction"),
        mine.created_at,
        _grounds(mine.words_id).label("text"),
    )
    end = (mine.outcome, mine.decided_at, _staff(mine.decided_by_id).label("moderator"))
    query = select(*facts, *end, _grounds(mine.reasons_id).label("reasons"))
    return query.where(mine.user_id == person.id).order_by(mine.id)


def _proposals(person: User) -> Query:
    """What two leads have carried out; what is proposed only, or was given up, has no consequence."""
    facts = (
        Proposal.id.label("proposal"),
        Proposal.kind,
        Proposal.role,
        Proposal.rule,
        Proposal.days,
        Proposal.closed_at,
    )
    leads = (
        _staff(Proposal.proposed_by_id).label("proposed_by"),
        _staff(Proposal.confirmed_by_id).label("confirmed_by"),
    )
    query = select(*facts, *leads, Proposal.one_lead_decided, _under(Proposal.debate_name_id))
    done = (Proposal.user_id == person.id, Proposal.status == ProposalStatus.CARRIED_OUT)
    return query.where(*done).order_by(Proposal.id)


def _remarks(person: User) -> Query:
    """That moderators have remarked something about the person; the words may speak of others."""
    query = select(PersonNote.created_at, _staff(PersonNote.author_id).label("moderator"))
    return query.where(PersonNote.user_id == person.id).order_by(PersonNote.id)


def _notices(person: User) -> Query:
    told = Notification
    about = ("reply_id", "decision_id", "sanction_id", "appeal_id", "report_id", "proposal_id")
    numbers = (getattr(told, name).label(name.removesuffix("_id")) for name in about)
    query = select(told.event, told.created_at, told.read_at, told.mailed_at, *numbers)
    return query.where(told.user_id == person.id).order_by(told.id)


def _follows(person: User) -> Query:
    facts = (_slug(Follow.debate_id).label("debate"), Follow.root_id.label("thread"), Follow.created_at, Follow.seen_at)
    return select(*facts).where(Follow.user_id == person.id).order_by(Follow.id)


def _mutes(person: User) -> Query:
    """Whom they muted; that a name is one for a debate alone is not told of anybody else's."""
    query = select(User.name.label("muted"), Mute.created_at).join(Mute, Mute.muted_id == User.id)
    names = select(DebateName.stored_name.label("muted"), MutedName.created_at).join(MutedName)
    both = union_all(query.where(Mute.user_id == person.id), names.where(MutedName.user_id == person.id)).subquery()
    return select(both).order_by(both.c.created_at, both.c.muted)


def _debate_names(person: User) -> Query:
    facts = (_slug(DebateName.debate_id).label("debate"), DebateName.stored_name.label("name"), DebateName.tag)
    return select(*facts, DebateName.created_at).where(DebateName.user_id == person.id).order_by(DebateName.id)


def _audit(person: User) -> Query:
    """What the person did, and what was done to the account; who else acted is not said."""
    about = and_(AuditEntry.subject_kind == User.__tablename__, AuditEntry.subject_id == person.id)
    is_own = (AuditEntry.actor_id == person.id).label("by_you")
    query = select(AuditEntry.event, AuditEntry.created_at, is_own, AuditEntry.subject_kind, AuditEntry.subject_id)
    return query.where(or_(AuditEntry.actor_id == person.id, about)).order_by(AuditEntry.id)


def _as_moderator(person: User) -> Query:
    facts = (Decision.id.label("decision"), Decision.reply_id.label("reply"), Decision.action, Decision.rule)
    query = select(*facts, Decision.created_at, Explanation.text.label("explanation"))
    query = query.outerjoin(Explanation, Explanation.decision_id == Decision.id)
    return query.where(Decision.moderator_id == person.id).order_by(Decision.id)


def _dismissals(person: User) -> Query:
    query = select(Dismissal.reply_id.label("reply"), Dismissal.created_at, DismissalWords.text.label("answer"))
    query = query.outerjoin(DismissalWords, DismissalWords.dismissal_id == Dismissal.id)
    return query.where(Dismissal.moderator_id == person.id).order_by(Dismissal.id)


def _reply_notes(person: User) -> Query:
    query = select(ReplyNote.reply_id.label("reply"), ReplyNote.text, ReplyNote.created_at)
    return query.where(ReplyNote.moderator_id == person.id).order_by(ReplyNote.id)


def _claims(person: User) -> Query:
    return select(Claim.reply_id.label("reply"), Claim.taken_at).where(Claim.moderator_id == person.id)


def _desk(person: User) -> Query:
    return select(DeskPreference.keys, DeskPreference.languages).where(DeskPreference.user_id == person.id)


def _mail(person: User) -> list[Row]:
    row = mailboxes.of(person)
    if row is None:
        return []
    facts = (
        "frequency",
        "tells_waiting",
        "created_at",
        "confirmed_at",
        "failing_since",
        "refused_at",
        "digest_at",
        "waiting_at",
    )
    return [{"address": mailboxes.opened(row), **{name: getattr(row, name) for name in facts}}]


def _own_replies(person: User) -> Select[int]:
    return select(Reply.id).where(Reply.author_id == person.id)


def _own_wordings(person: User) -> Select[int]:
    return select(Revision.id).where(Revision.reply_id.in_(_own_replies(person)))


def _simple(model: Any, *names: str, key: str = "user_id") -> Section:
    """Return a section of columns of a table that names the person."""
    columns = [getattr(model, name) for name in names]
    return _asked(lambda person: select(*columns).where(getattr(model, key) == person.id))


def _delays(person: User) -> Query:
    theirs = [digest_of(person.name, purpose) for purpose in Purpose]
    return select(SignInDelay.failures, SignInDelay.next_try_at).where(SignInDelay.name_digest.in_(theirs))


SECTIONS: Mapping[str, Section] = {
    "account": _asked(_account),
    "debate_names": _asked(_debate_names),
    "name_looks": _simple(NameLook, "look"),
    "sessions": _simple(Session, "created_at", "confirmed_at", "acted_at"),
    "recovery_codes": _simple(RecoveryCode, "created_at", "used_at"),
    "code_apps": _simple(CodeApp, "created_at"),
    "passkeys": _simple(Passkey, "name", "created_at", "asked_at", "sign_count"),
    "one_time_links": _simple(OneTimeLink, "created_at", "expires_at"),
    "failed_sign_ins": _asked(_delays),
    "mail": _mail,
    "replies": _asked(_replies),
    "wordings": _asked(_wordings),
    "quotations": _asked(_quotes),
    "automatic_marks": _asked(_flags),
    "decisions": _asked(_decisions),
    "appeals": _asked(_appeals),
    "drafts": _asked(_drafts),
    "votes": votes.of,
    "positions": positions.of,
    "reports": _asked(_reports),
    "report_record": _asked(_report_record),
    "sanctions": _asked(_sanctions),
    "sanction_appeals": _asked(_sanction_appeals),
    "decided_by_two_leads": _asked(_proposals),
    "remarks_of_moderators": _asked(_remarks),
    "notices": _asked(_notices),
    "follows": _asked(_follows),
    "mutes": _asked(_mutes),
    "leaving": _simple(Leaving, "erases", "due_at", "created_at"),
    "erasures": _simple(Erasure, "erases", "created_at"),
    "exports": _simple(Export, "created_at", "made_at", "proposal_id"),
    "audit_log": _asked(_audit),
    "decisions_as_moderator": _asked(_as_moderator),
    "dismissals_as_moderator": _asked(_dismissals),
    "notes_as_moderator": _asked(_reply_notes),
    "open_as_moderator": _asked(_claims),
    "desk": _asked(_desk),
}
FOR_STAFF = ("account", "replies", "wordings", "quotations", "automatic_marks", "decided_by_two_leads", "erasures")
