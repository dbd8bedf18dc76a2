"""The order of the desk's list of reports: kept in columns, so that a page of it needs no counting.

Whoever comes here holds the lock on the one reply that is answered or reported. Records, then items, are locked in
the order of their numbers: so two answers never wait for each other.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, case, func, select

from forum.db import db
from forum.moderation.credibility import NEUTRAL, credibility, rank
from forum.moderation.report_models import ILLEGAL, Report, ReportedReply, ReporterRecord, ReportOutcome

ANEW = {"populate_existing": True}  # a row that was waited for is read as it is now


def count_answers(reports: Sequence[Report], outcome: ReportOutcome, step: int = 1) -> None:
    """Enter the answer to `reports` in the records of those who made them; `step` -1 takes it out again."""
    members = {report.reporter_id for report in reports if report.reporter_id}
    if not members or outcome is ReportOutcome.WITHDRAWN:  # nobody has judged what its author took back
        return
    query = select(ReporterRecord).where(ReporterRecord.user_id.in_(members)).order_by(ReporterRecord.user_id)
    for record in db.session.scalars(query.with_for_update().execution_options(**ANEW)):
        record.judged += step
        record.led += step * (outcome is ReportOutcome.REMOVED)
        record.credibility = credibility(record.led, record.judged)
    db.session.flush()


def place(reply_id: int, reports: Sequence[Report] = ()) -> None:
    """Give the item of a reply its place, or take it off the list when none of its reports is open.

    `reports` were just answered: what else their reporters have reported moves with their records.
    """
    members = {report.reporter_id for report in reports if report.reporter_id}
    elsewhere = select(Report.reply_id).where(Report.reporter_id.in_(members), Report.answered_at.is_(None))
    concerned = {reply_id, *(db.session.scalars(elsewhere) if members else ())}
    query = select(ReportedReply).where(ReportedReply.reply_id.in_(concerned)).order_by(ReportedReply.reply_id)
    items = {item.reply_id: item for item in db.session.scalars(query.with_for_update().execution_options(**ANEW))}
    found = {facts.reply_id: facts for facts in db.session.execute(_facts(concerned))}
    if reply_id in found and reply_id not in items:  # only its own reply: another one's item is put up under its lock
        items[reply_id] = ReportedReply(reply_id=reply_id)
        db.session.add(items[reply_id])
    for number, item in items.items():
        if number in found:
            item.oldest_at = found[number].oldest
            item.rank = rank(found[number].credibility, is_illegal=bool(found[number].illegal))
        else:
            db.session.delete(item)
    db.session.flush()


def _facts(reply_ids: set[int]) -> Select[int, int, int, datetime]:
    return (
        select(
            Report.reply_id,
            func.max(case((Report.reason == ILLEGAL, 1), else_=0)).label("illegal"),
            func.max(func.coalesce(ReporterRecord.credibility, NEUTRAL)).label("credibility"),
            func.min(Report.created_at).label("oldest"),
        )
        .outerjoin(ReporterRecord, ReporterRecord.user_id == Report.reporter_id)
        .where(Report.reply_id.in_(reply_ids), Report.answered_at.is_(None))
        .group_by(Report.reply_id)
    )
