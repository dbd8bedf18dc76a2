"""What the reporters and the desk ask about reports: each function loads all that its page needs."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.accounts.passwords import token_digest
from forum.db import Moment, db
from forum.debates.differences import Piece, differences
from forum.debates.models import Reply, Revision
from forum.moderation.models import Decision
from forum.moderation.report_models import Dismissal, Report, ReportedReply, ReporterRecord, ReportWords

LIST_PAGE = 25  # each with its reasons and the newest words
NEWEST = 20  # reports whose words the desk shows in full
ENOUGH = 5  # former findings shown beside them
COMPARED = 10  # reported wordings that have been changed since; of a reply with more the newest


@dataclass
class Reported:
    """The open reports of one reply, as one item: whom they came from, for which reasons, the newest words."""

    reply: Reply
    oldest_at: datetime | None = None  # known in the list, where the page shows it
    count: int = 0  # reports: a member may have reported several wordings
    members: int = 0
    readers: int = 0  # reports, not people: without an account nobody can be counted
    reasons: dict[str, int] = field(default_factory=dict)
    reported: set[int] = field(default_factory=set)  # numbers of the wordings that the reports are about
    wordings: list[Revision] = field(default_factory=list)  # the same, the newest last
    newest_words: str = ""
    newest: list[Report] = field(default_factory=list)
    newest_id: int = 0
    findings: list[Dismissal] = field(default_factory=list)

    @property
    def changed(self) -> list[tuple[Revision, list[Piece]]]:
        """The reported wordings that its author has changed since, each with what differs in the one that is shown."""
        shown = self.reply.shown_revision
        former = [wording for wording in self.wordings if shown and wording.id != shown.id]
        return [(wording, differences(wording.text, shown.text if shown else "")) for wording in former[-COMPARED:]]


@dataclass
class Listed:
    """A page of the list, and where the next one begins; None: there is none."""

    rows: list[Reported]
    next: str | None


@dataclass(frozen=True)
class Place:
    """The place of an item in the list, as it stands in an address."""

    rank: int
    oldest_at: datetime
    reply_id: int

    def __str__(self) -> str:
        """Return it as one word."""
        return f"{self.rank}_{self.oldest_at:%Y%m%dT%H%M%S.%f}_{self.reply_id}"

    @classmethod
    def read(cls, word: str) -> "Place | None":
        """Return the place that `word` names; None if it names none."""
        rank, _dash, rest = word.partition("_")
        moment, _dash, reply_id = rest.partition("_")
        if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in (rank, reply_id)):
            return None
        try:
            return cls(int(rank), datetime.strptime(f"{moment}+0000", "%Y%m%dT%H%M%S.%f%z"), int(reply_id))
        except (ValueError, OverflowError):
            return None


def by_receipt(receipt: str) -> Report | None:
    """Return the report of which `receipt` is the secret, with its words and its answer."""
    return db.session.scalar(select(Report).where(Report.receipt_digest == token_digest(receipt)).options(*_whole()))


def own(report_id: int, reporter: User) -> Report | None:
    """Return a report of this member with its words and its answer."""
    mine = select(Report).where(Report.id == report_id, Report.reporter_id == reporter.id)
    return db.session.scalar(mine.options(*_whole()))


def own_open(reply_id: int, reporter: Any, wording: int | None = None) -> Report | None:
    """Return this member's open report of a reply, or of one wording; readers have none that can be known."""
    if not reporter.is_authenticated:
        return None
    mine = [Report.reporter_id == reporter.id, Report.reply_id == reply_id, Report.answered_at.is_(None)]
    if wording is not None:
        mine.append(Report.revision_id == wording)
    return db.session.scalar(select(Report).where(*mine).limit(1))


def record_of(reporter: User) -> ReporterRecord | None:
    """Return how this member's reports were answered."""
    return db.session.scalar(select(ReporterRecord).where(ReporterRecord.user_id == reporter.id))


def recent(reporter: User, since: datetime, limit: int) -> list[datetime]:
    """Return when this member made the newest reports since then, `limit` at most, the newest first."""
    query = select(Report.created_at).where(Report.reporter_id == reporter.id, Report.created_at > since)
    return list(db.session.scalars(query.order_by(Report.created_at.desc()).limit(limit)))


def led_to(decision_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """Return the reported wordings as shown, by their numbers, of each of these decisions that answered reports."""
    query = select(Report.decision_id, Revision.id, Revision.html).distinct()
    query = query.join_from(Report, Revision, Revision.id == Report.revision_id).order_by(Revision.id)
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for decision_id, wording, html in db.session.execute(query.where(Report.decision_id.in_(decision_ids))):
        found[decision_id or 0][wording] = html
    return found


def dismissal_of(reply_id: int, report_id: int) -> Dismissal | None:
    """Return the finding that answered a report of this reply, if one did."""
    query = select(Dismissal).join(Report, Report.dismissal_id == Dismissal.id)
    query = query.where(Report.id == report_id, Report.reply_id == reply_id)
    return db.session.scalar(query.options(joinedload(Dismissal.words)))


def listed(after: Place | None = None) -> Listed:
    """Return a page of the replies with open reports: “illegal” first, then by credibility, then the oldest."""
    order = (ReportedReply.rank, ReportedReply.oldest_at, ReportedReply.reply_id)
    query = select(ReportedReply).order_by(*order).limit(LIST_PAGE + 1)
    if after:
        place = (literal(after.rank), literal(after.oldest_at, Moment), literal(after.reply_id))
        query = query.where(tuple_(*order) > tuple_(*place))
    reply = joinedload(ReportedReply.reply, innerjoin=True).options(
        joinedload(Reply.debate, innerjoin=True), joinedload(Reply.shown_revision)
    )
    found = list(db.session.scalars(query.options(reply)))
    rows = [Reported(item.reply, item.oldest_at) for item in found[:LIST_PAGE]]
    _count(rows)
    _add_wordings(rows)
    _add_newest_words(rows)
    last = found[LIST_PAGE - 1] if len(found) > LIST_PAGE else None
    return Listed(rows, str(Place(last.rank, last.oldest_at, last.reply_id)) if last else None)


def on_reply(reply: Reply) -> Reported | None:
    """Return the open reports of a reply with its wordings, as one item with the newest words and former findings.

    None if none is open.
    """
    rows = db.session.execute(_open_ones(reply)).unique().all()
    if not rows:
        return None
    first = rows[0]
    kinds = {(row.Report.revision_id, row.Report.reason): row.count_of_kind for row in rows}
    findings = {row.Dismissal.id: row.Dismissal for row in rows if row.Dismissal is not None}
    reported = Reported(reply, members=first.members, readers=first.readers, newest_id=first.Report.id)
    reported.newest = list({row.Report.id: row.Report for row in rows if row.place <= NEWEST}.values())
    reported.findings = [findings[number] for number in sorted(findings, reverse=True)]
    reported.reported = {wording for wording, _reason in kinds}
    reported.wordings = [wording for wording in reply.revisions if wording.id in reported.reported]
    counts: Counter[str] = Counter()
    for (_wording, reason), count in kinds.items():
        counts[reason] += count
    _set_reasons(reported, counts)
    return reported


def _open_ones(reply: Reply) -> Select[Any]:
    """Return the question for the newest open reports of a reply, and the newest of each kind with its counts.

    A kind is a wording and a reason. Beside the very newest stand the last findings, so that one question answers all.
    """
    theirs = Report.reply_id == reply.id, Report.answered_at.is_(None)
    kind = (Report.revision_id, Report.reason)
    ranked = (
        select(
            Report.id,
            func.row_number().over(order_by=Report.id.desc()).label("place"),
            func.row_number().over(order_by=Report.id.desc(), partition_by=kind).label("within"),
            func.count().over(partition_by=kind).label("count_of_kind"),
        )
        .where(*theirs)
        .subquery()
    )
    members = select(func.count(Report.reporter_id.distinct())).where(*theirs).correlate(None).scalar_subquery()
    readers = select(func.count() - func.count(Report.reporter_id)).where(*theirs).correlate(None).scalar_subquery()
    last = select(Dismissal.id).where(Dismissal.reply_id == reply.id).order_by(Dismissal.id.desc()).limit(ENOUGH)
    beside = and_(ranked.c.place == 1, Dismissal.id.in_(select(last.subquery().c.id)))
    people = members.label("members"), readers.label("readers")
    return (
        select(Report, ranked.c.place, ranked.c.count_of_kind, *people, Dismissal)
        .select_from(ranked)
        .join(Report, Report.id == ranked.c.id)
        .outerjoin(Dismissal, beside)
        .where(or_(ranked.c.place <= NEWEST, ranked.c.within == 1))
        .order_by(ranked.c.place)
        .options(joinedload(Report.words), joinedload(Dismissal.moderator), joinedload(Dismissal.words))
    )


def _set_reasons(reported: Reported, counts: Counter[str]) -> None:
    """Put the reasons into their order, the most frequent first."""
    reported.reasons = dict(sorted(counts.items(), key=lambda reason: (-reason[1], reason[0])))
    reported.count = counts.total()


def _count(rows: Iterable[Reported]) -> None:
    """Count whom the open reports came from and for which reasons; note which wordings they are about."""
    by_reply = {row.reply.id: row for row in rows}
    theirs = Report.reply_id.in_(by_reply), Report.answered_at.is_(None)
    kinds = (Report.reply_id, Report.revision_id, Report.reason)
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for reply_id, wording, reason, count in db.session.execute(
        select(*kinds, func.count()).where(*theirs).group_by(*kinds)
    ):
        counts[reply_id][reason] += count
        by_reply[reply_id].reported.add(wording)
    for reply_id, found in counts.items():
        _set_reasons(by_reply[reply_id], found)
    people = func.count(Report.reporter_id.distinct()), func.count() - func.count(Report.reporter_id)
    of_each = select(Report.reply_id, *people).where(*theirs).group_by(Report.reply_id)
    for reply_id, members, readers in db.session.execute(of_each):
        by_reply[reply_id].members, by_reply[reply_id].readers = members, readers


def _add_wordings(rows: Iterable[Reported]) -> None:
    """Add what was reported of each reply."""
    by_reply = {row.reply.id: row for row in rows}
    query = select(Revision).where(Revision.id.in_({number for row in rows for number in row.reported}))
    for wording in db.session.scalars(query.order_by(Revision.number)):
        by_reply[wording.reply_id].wordings.append(wording)


def _add_newest_words(rows: Iterable[Reported]) -> None:
    by_reply = {row.reply.id: row for row in rows}
    newest = (
        select(ReportWords.text)
        .join(Report, Report.id == ReportWords.report_id)
        .where(Report.reply_id == ReportedReply.reply_id, Report.answered_at.is_(None))
        .order_by(Report.id.desc())
        .limit(1)
    )
    query = select(ReportedReply.reply_id, newest.scalar_subquery()).where(ReportedReply.reply_id.in_(by_reply))
    for reply_id, words in db.session.execute(query):
        by_reply[reply_id].newest_words = words or ""


def _whole() -> tuple[Any, ...]:
    """Return what the page of one report shows of it."""
    return (
        joinedload(Report.words),
        joinedload(Report.reply).joinedload(Reply.debate),
        joinedload(Report.decision).options(joinedload(Decision.moderator), joinedload(Decision.revision)),
        joinedload(Report.dismissal).options(joinedload(Dismissal.moderator), joinedload(Dismissal.words)),
    )
