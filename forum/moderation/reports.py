"""Reporting a published reply, and answering what was reported: by a removal, a finding, or the author's own step."""

from collections.abc import Sequence
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, select

from forum.accounts.locks import lock
from forum.accounts.models import User
from forum.accounts.passwords import keyed_digest, token_digest
from forum.db import db, now
from forum.debates.models import Reply, Revision
from forum.debates.queries import reply_to_change
from forum.debates.reply_translations import is_seen
from forum.errors import NotAllowed, Overtaken, Refused, TooMany
from forum.events import Event, record
from forum.moderation import report_queries
from forum.moderation.appeal_models import Appeal, AppealOutcome
from forum.moderation.models import Action, Decision
from forum.moderation.policy import may_decide, may_report
from forum.moderation.report_models import (
    ILLEGAL,
    Dismissal,
    DismissalWords,
    Report,
    ReporterRecord,
    ReportOutcome,
    ReportWords,
)
from forum.moderation.report_ranks import count_answers, place
from forum.moderation.rules import all_rules
from forum.moderation.words import storable
from forum.text import normal

WORDS_MAX = 2000  # characters; longer than any reply, because it may quote one


def receipt_of(key: str, by: User | None) -> str:
    """Return the secret of the receipt for the form that carried `key`: the same form again, the same receipt."""
    return keyed_digest(current_app.config["SECRET_KEY"], f"receipt-{by.id if by else 0}", key)


def make(
    reply_id: int, reason: str, explanation: str, *, by: User | None, receipt: str, wording: int | None = None
) -> tuple[Report, bool]:
    """Report a published reply to the moderators; return the report, and whether it is a new one.

    `by` is None for a reader without an account. The same `receipt` again gives the same report. `wording` is the
    one that was read, without it the one that is shown: what its author changes meanwhile, nobody has reported.
    """
    explanation = _checked(reason, explanation)
    if by:
        lock(by)
    reply = reply_to_change(reply_id)
    if former := report_queries.by_receipt(receipt):
        return _repeated(former, reply_id, (reason, explanation)), False
    if reply is None or not is_seen(reply):
        raise Overtaken(_("This reply is no longer public. Nothing is left to report."))
    if not may_report(by, reply):
        raise NotAllowed(_("This reply is your own. You can take it back instead."))
    reported = _reported_wording(reply, wording)
    if by:
        _refuse_second(reported, by)
        _refuse_too_many(by)
    report = Report(
        reply_id=reply_id,
        revision_id=reported.id,
        reporter_id=by.id if by else None,
        reason=reason,
        receipt_digest=token_digest(receipt),
    )
    if explanation:
        report.words = ReportWords(text=explanation)
    db.session.add(report)
    if by and report_queries.record_of(by) is None:
        db.session.add(ReporterRecord(user_id=by.id))
    db.session.flush()
    place(reply_id)
    record(Event.REPORT_MADE, report, by=by, reason=reason, reply=reply_id)
    return report, True


def dismiss(reply: Reply, explanation: str, *, by: User, seen: int) -> Dismissal:
    """Find that a reply breaks no rule and answer its open reports up to number `seen`, the newest one read.

    The reply is locked (`reply_to_change`). Reports that came later stay open. The same finding of the same moderator
    again is the same finding.
    """
    if not may_decide(by, reply):
        raise NotAllowed(_("You cannot answer reports of a reply of your own. A colleague will."))
    explanation = storable(normal(explanation), "answer")
    reports = _open(reply.id, seen)
    if not reports:
        return _repeated_dismissal(reply, explanation, by, seen)
    if by.id in {report.reporter_id for report in reports}:
        raise NotAllowed(_("You have reported this reply yourself. A colleague answers the reports."))
    dismissal = Dismissal(reply_id=reply.id, moderator_id=by.id)
    if explanation:
        dismissal.words = DismissalWords(text=explanation)
    db.session.add(dismissal)
    db.session.flush()
    _answer(reports, ReportOutcome.KEPT, by=by, dismissal_id=dismissal.id)
    return dismissal


def answer_by_decision(decision: Decision) -> None:
    """Answer all open reports of what `decision` removes: a reply, or one wording of it."""
    if decision.action not in {Action.REMOVE, Action.REMOVE_WORDING}:
        return
    reports = _open(decision.reply_id)
    if decision.action is Action.REMOVE_WORDING:
        reports = [report for report in reports if report.revision_id == decision.revision_id]
    by = db.session.get_one(User, decision.moderator_id)
    _answer(reports, ReportOutcome.REMOVED, by=by, decision_id=decision.id)


def answer_by_withdrawal(reply: Reply) -> None:
    """Answer all open reports of a reply that its author has taken back."""
    _answer(_open(reply.id), ReportOutcome.WITHDRAWN, by=reply.author)


def count_anew(appeal: Appeal) -> None:
    """Count the reports that led to a removal as vain, once the removal is reversed."""
    if appeal.outcome is not AppealOutcome.DECISION_REVERSED:
        return
    led = _found(Report.decision_id == appeal.decision_id)
    count_answers(led, ReportOutcome.REMOVED, -1)
    count_answers(led, ReportOutcome.KEPT)
    place(appeal.reply_id, led)


def reopen(decision: Decision) -> None:
    """Open the reports that `decision` has answered, as if it had not been made.

    A member who has reported the wording anew since then keeps the newer report: the older one stays answered.
    """
    reports = _found(Report.decision_id == decision.id)
    anew = {(report.reporter_id, report.revision_id) for report in _open(decision.reply_id) if report.reporter_id}
    reports = [report for report in reports if (report.reporter_id, report.revision_id) not in anew]
    for report in reports:
        report.answered_at, report.outcome, report.decision_id = None, None, None
    db.session.flush()
    count_answers(reports, ReportOutcome.REMOVED, -1)
    place(decision.reply_id, reports)


def _answer(
    reports: Sequence[Report],
    outcome: ReportOutcome,
    *,
    by: User,
    decision_id: int | None = None,
    dismissal_id: int | None = None,
) -> None:
    if not reports:
        return
    for report in reports:
        report.answered_at, report.outcome = now(), outcome
        report.decision_id, report.dismissal_id = decision_id, dismissal_id
    db.session.flush()
    count_answers(reports, outcome)
    place(reports[0].reply_id, reports)
    for report in reports:
        record(Event.REPORT_ANSWERED, report, by=by, outcome=outcome.value)


def _open(reply_id: int, newest: int | None = None) -> list[Report]:
    """Return the open reports of a reply, up to number `newest`, read anew."""
    stands = [Report.reply_id == reply_id, Report.answered_at.is_(None)]
    return _found(*stands, *([Report.id <= newest] if newest is not None else []))


def _found(*conditions: ColumnElement[bool]) -> list[Report]:
    query = select(Report).where(*conditions).order_by(Report.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _checked(reason: str, explanation: str) -> str:
    """Return the explanation in normal form; refuse an unknown reason, and “illegal” without an explanation."""
    if reason != ILLEGAL and reason not in all_rules():
        raise Refused(_("Say what is wrong with this reply."), "reason")
    explanation = storable(normal(explanation), "explanation")
    if reason == ILLEGAL and not explanation:
        raise Refused(
            _("Say why you think that it is illegal: which words, and which law if you know it."), "explanation"
        )
    return explanation


def _repeated(former: Report, reply_id: int, said: tuple[str, str]) -> Report:
    if former.reply_id == reply_id and said == (former.reason, former.explanation):
        return former
    raise Overtaken(
        _("You have sent another report from this page already. If this one is a report too, send it again.")
    )


def _reported_wording(reply: Reply, number: int | None) -> Revision:
    """Return the wording that was read, if it is or was public."""
    wanted = reply.shown_revision_id if number is None else number
    for wording in reply.revisions:
        if wording.id == wanted and wording.is_in_history:
            return wording
    raise Overtaken(
        _("The wording that you read is no longer public. The present one stands above; judge that one, please.")
    )


def _refuse_second(wording: Revision, by: User) -> None:
    if report_queries.own_open(wording.reply_id, by, wording.id):
        raise Overtaken(_("You have reported this reply already, and a moderator has yet to answer."))


def _refuse_too_many(by: User) -> None:
    hour = timedelta(hours=1)
    limit = current_app.config["REPORTS_PER_HOUR"]
    recent = report_queries.recent(by, now() - hour, limit)
    if len(recent) >= limit:
        seconds = int((recent[-1] + hour - now()).total_seconds()) + 1 if recent else 3600
        raise TooMany(too_many_message(seconds), seconds)


def too_many_message(seconds: int) -> str:
    """Say for how long somebody has to wait who has reported often."""
    return ngettext(
        "You have sent as many reports as one can send within an hour. "
        "Please wait %(num)d minute; what you typed is kept on this page.",
        "You have sent as many reports as one can send within an hour. "
        "Please wait %(num)d minutes; what you typed is kept on this page.",
        -(-seconds // 60),
    )


def _repeated_dismissal(reply: Reply, explanation: str, by: User, seen: int) -> Dismissal:
    """Return the same finding, if it was the same; otherwise say that the reports were answered meanwhile."""
    former = report_queries.dismissal_of(reply.id, seen)
    if former and (former.moderator_id, former.explanation) == (by.id, explanation):
        return former
    raise Overtaken(_("The reports that you read have been answered meanwhile. What you typed is kept below."))
