"""Doors of reports: make one, see what became of it, read and answer them at the desk."""

import secrets

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts import limits
from forum.accounts.doors import open_to
from forum.accounts.models import User
from forum.accounts.policy import everyone, moderators
from forum.db import writing
from forum.debates.models import Reply, Revision
from forum.debates.queries import reply_to_change, reply_with_wordings
from forum.debates.reply_translations import is_seen
from forum.errors import NotAllowed, Overtaken, Refused
from forum.forms import number_in_address
from forum.moderation import report_queries, reported, reports
from forum.moderation.forms import DecisionForm
from forum.moderation.policy import may_report
from forum.moderation.report_forms import DismissalForm, ReportForm
from forum.moderation.report_models import DISAGREE, ILLEGAL
from forum.moderation.views import item_page, next_address

bp = Blueprint("reports", __name__)


@bp.route("/replies/<id:reply_id>/report", methods=["GET", "POST"])
@open_to(everyone, keeps_text=True)
def make(reply_id: int) -> AnyResponse:
    """Report a published reply to the moderators, with an account or without."""
    reply = _once_public(reply_id)
    chosen = number_in_address("wording", None) if request.method == "GET" else None  # from the history
    form = ReportForm({"key": secrets.token_urlsafe(24), "wording": chosen})
    if not may_report(_member(), reply):
        form.take(NotAllowed(_("This reply is your own. You can take it back instead.")))
    elif form.is_sent():
        if form.reason.data == DISAGREE:
            return _alone(render_template("moderation/disagreed.html", reply=reply, form=form))
        try:
            return redirect(_report(reply_id, form), 303)
        except Refused as error:
            form.take(error)
            reply = _once_public(reply_id)
            if isinstance(error, Overtaken):
                form.key.data = secrets.token_urlsafe(24)  # sent again, it is another report
    return _report_page(reply, form)


@bp.get("/reports/<receipt>")
@open_to(everyone)
def show(receipt: str) -> AnyResponse:
    """Show what became of a report: at its secret address to whoever has it, at its number to its reporter."""
    report = report_queries.by_receipt(receipt)
    is_secret = report is not None
    if (
        report is None
        and current_user.is_authenticated
        and receipt.isascii()
        and receipt.isdigit()
        and len(receipt) < 10
    ):
        report = report_queries.own(int(receipt), current_user)
    if report is None:
        abort(404)
    address = url_for("reports.show", receipt=receipt, _external=True) if is_secret else ""
    return _alone(render_template("moderation/receipt.html", report=report, address=address))


@bp.get("/moderation/reports")
@open_to(moderators)
def listed() -> str:
    """Show the replies with open reports."""
    word = request.args.get("after")
    after = report_queries.Place.read(word) if word is not None else None
    if word is not None and after is None:
        abort(404)
    return render_template(
        "moderation/reports.html", page=report_queries.listed(after), is_first=after is None, chosen={"of": "reports"}
    )


@bp.post("/moderation/replies/<id:reply_id>/reports")
@open_to(moderators, keeps_text=True)
def dismiss(reply_id: int) -> AnyResponse:
    """Find that nothing in a reply breaks a rule, and answer its reports."""
    form = DismissalForm()
    if form.is_sent():
        try:
            with writing():
                reply = reply_to_change(reply_id)
                if reply is None:
                    abort(404)
                place = reported.place_at(reply_id)
                reports.dismiss(reply, form.answer.data or "", by=current_user, seen=form.seen.data)
            flash(_("Answered: the reports of reply %(number)d. It stays.", number=reply_id))
            return redirect(next_address(place) if "of" in request.args else url_for("reports.listed"), 303)
        except Refused as error:
            form.take(error)
    return item_page(reply_id, DecisionForm(fresh=True), form)


def _report(reply_id: int, form: ReportForm) -> str:
    """Store what was reported; return the address at which it is answered."""
    member = _member()
    most = current_app.config["REPORTS_PER_HOUR"]
    receipt = reports.receipt_of(form.key.data or secrets.token_urlsafe(24), member)
    if member is None and report_queries.by_receipt(receipt) is None:
        limits.take("report", most, reports.too_many_message)
    with writing():
        said = (form.reason.data, form.explanation.data or "")
        report, _is_new = reports.make(reply_id, *said, by=member, receipt=receipt, wording=form.wording.data)
        is_secret = member is None or report.reason == ILLEGAL
        number = report.id
    return url_for("reports.show", receipt=receipt if is_secret else number)


def _member() -> User | None:
    return current_user if current_user.is_authenticated else None


def _once_public(reply_id: int) -> Reply:
    """Return a reply that is or was public; of any other not even its existence may show."""
    reply = reply_with_wordings(reply_id)
    if reply is None or reply.published_at is None or (reply.is_public and not is_seen(reply)):
        abort(404)
    return reply


def _report_page(reply: Reply, form: ReportForm) -> Response:
    wording = _read(reply, form) if reply.is_public else None
    own = report_queries.own_open(reply.id, current_user, wording.id if wording else None)
    answer = _alone(render_template("moderation/report.html", reply=reply, form=form, wording=wording, own=own))
    answer.status_code = form.status if reply.is_public or form.status >= 400 else 409
    if form.retry_after:
        answer.headers["Retry-After"] = str(form.retry_after)
    return answer


def _read(reply: Reply, form: ReportForm) -> Revision | None:
    """Return the wording that a form is about, if it is or was public; else the one that is shown."""
    readable = (wording for wording in reply.revisions if wording.is_in_history)
    return next((wording for wording in readable if wording.id == form.wording.data), reply.shown_revision)


def _alone(page: str) -> Response:
    """Return a page that belongs to one person: kept nowhere, found by no search engine."""
    answer = make_response(page)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
