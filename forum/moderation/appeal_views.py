"""Doors of appeals: the author asks for a second look, another moderator takes it."""

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.doors import open_to
from forum.accounts.policy import members, moderators
from forum.db import writing
from forum.errors import Refused
from forum.forms import number_in_address
from forum.moderation import appeal_queries, appeals, sanction_appeals, statements
from forum.moderation.appeal_forms import AppealForm, JudgementForm
from forum.moderation.appeal_models import AppealOutcome
from forum.moderation.models import Decision
from forum.moderation.policy import is_held
from forum.moderation.rules import all_rules

bp = Blueprint("appeals", __name__)


@bp.route("/decisions/<id:decision_id>/appeal", methods=["GET", "POST"])
@open_to(members, keeps_text=True)
def lodge(decision_id: int) -> AnyResponse:
    """Ask for a second look at a decision on an own reply, or see where the asking stands."""
    form = AppealForm()
    if form.is_sent():
        try:
            with writing():
                decision = _own(appeal_queries.decision_to_appeal(decision_id))
                appeals.lodge(decision, form.text.data, by=current_user)
                reply_id = decision.reply_id
            flash(_("Your appeal is on its way to another moderator."))
            return redirect(url_for("moderation.own_replies", _anchor=f"reply-{reply_id}"), 303)
        except Refused as error:
            form.take(error)
    return _appeal_page(decision_id, form)


@bp.get("/moderation/appeals")
@open_to(moderators)
def index() -> str:
    """Show the appeals that wait for a second look, the oldest first."""
    after = number_in_address("after", None)
    rows, has_next = appeal_queries.open_page(current_user, after or 0)
    others = sanction_appeals.open_ones()
    involved = sanction_appeals.involved_in([appeal.sanction for appeal in others])
    return render_template(
        "moderation/appeals.html", rows=rows, after=after, has_next=has_next, sanctioned=others, involved=involved
    )


@bp.get("/moderation/appeals/<id:appeal_id>")
@open_to(moderators)
def show(appeal_id: int) -> AnyResponse:
    """Show one appeal: to its judge without the first decision, until there is a second one."""
    return _case_page(appeal_id, JudgementForm(fresh=True))


@bp.post("/moderation/appeals/<id:appeal_id>/judgement")
@open_to(moderators, keeps_text=True)
def judge(appeal_id: int) -> AnyResponse:
    """Decide an appeal by an own judgement."""
    form = JudgementForm()
    if form.is_sent():
        try:
            with writing():
                appeal = appeal_queries.appeal_to_change(appeal_id)
                if appeal is None:
                    abort(404)
                appeals.decide(
                    appeal,
                    AppealOutcome(form.outcome.data) if form.outcome.data else None,
                    by=current_user,
                    rule=form.rule.data,
                    explanation=form.explanation.data or "",
                )
            flash(_("The appeal is decided. Below, your judgement and the first one stand side by side."))
            return redirect(url_for("appeals.show", appeal_id=appeal_id), 303)
        except Refused as error:
            form.take(error)
    return _case_page(appeal_id, form)


def _own(decision: Decision | None) -> Decision:
    """Return a decision on a reply of the member who asks; of nobody else's may even its existence show."""
    if decision is None or decision.reply.author_id != current_user.id:
        abort(404)
    return decision


def _appeal_page(decision_id: int, form: AppealForm) -> Response:
    decision = _own(appeal_queries.decision_with_words(decision_id))
    appeal = appeal_queries.appeals_on([decision.id]).get(decision.id)
    refusal = None if appeal else appeals.why_not(decision, by=current_user)
    if refusal and form.status == 200:
        form.take(refusal)
    page = render_template(
        "moderation/appeal.html",
        form=form,
        decision=decision,
        reply=decision.reply,
        statement=statements.of_all([decision]).get(decision.id),
        appeal=appeal,
        changed=appeal_queries.changes_of(decision),
        has_judge=not appeal_queries.without_judge([decision]),
        may_send=appeal is None and refusal is None,
    )
    return make_response(page, form.status)


def _case_page(appeal_id: int, form: JudgementForm) -> Response:
    case = appeal_queries.case(appeal_id, current_user)
    if case is None:
        abort(404)
    held = is_held(case.appeal.decision.revision)
    before, behind = appeal_queries.beside(appeal_id)
    page = render_template(
        "moderation/case.html",
        case=case,
        form=form,
        rules=all_rules().values(),
        held=held,
        before=before,
        behind=behind,
    )
    return make_response(page, form.status)
