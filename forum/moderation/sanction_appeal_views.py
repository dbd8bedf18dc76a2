"""Doors of appeals against sanctions: the person asks for a second look, somebody else takes it."""

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts import fresh
from forum.accounts.doors import open_to
from forum.accounts.policy import members, moderators
from forum.db import writing
from forum.errors import Refused
from forum.moderation import people, sanction_appeals, statements
from forum.moderation.appeal_forms import AppealForm, JudgementForm
from forum.moderation.sanction_models import Sanction, SanctionAppealOutcome

bp = Blueprint("sanction_appeals", __name__)


@bp.route("/sanctions/<id:sanction_id>/appeal", methods=["GET", "POST"])
@open_to(members, keeps_text=True)
def lodge(sanction_id: int) -> AnyResponse:
    """Ask for a second look at an own sanction, or see where the asking stands."""
    form = AppealForm()
    if form.is_sent():
        try:
            with writing():
                sanction_appeals.lodge(_own(people.sanction_to_change(sanction_id)), form.text.data, by=current_user)
            flash(_("Your appeal is on its way to another moderator."))
            return redirect(url_for("sanction_appeals.lodge", sanction_id=sanction_id), 303)
        except Refused as error:
            form.take(error)
    return _appeal_page(sanction_id, form)


@bp.get("/moderation/appeals/sanctions/<id:sanction_appeal_id>")
@open_to(moderators)
def show(sanction_appeal_id: int) -> AnyResponse:
    """Show one appeal: to its judge without the first one's reasons, until there is a second judgement."""
    return _case_page(sanction_appeal_id, JudgementForm(fresh=True))


@bp.post("/moderation/appeals/sanctions/<id:sanction_appeal_id>/judgement")
@open_to(moderators, keeps_text=True)
@fresh.needed("POST")
def judge(sanction_appeal_id: int) -> AnyResponse:
    """Decide an appeal by an own judgement."""
    form = JudgementForm()
    if form.is_sent():
        try:
            with writing():
                appeal = sanction_appeals.to_change(sanction_appeal_id)
                if appeal is None:
                    abort(404)
                outcome = SanctionAppealOutcome(form.outcome.data) if form.outcome.data else None
                sanction_appeals.decide(appeal, outcome, by=current_user, explanation=form.explanation.data or "")
            flash(_("The appeal is decided. Below, your judgement and the first one stand side by side."))
            return redirect(url_for("sanction_appeals.show", sanction_appeal_id=sanction_appeal_id), 303)
        except Refused as error:
            form.take(error)
    return _case_page(sanction_appeal_id, form)


def _own(sanction: Sanction | None) -> Sanction:
    """Return a sanction of the member who asks; of nobody else's may even its existence show."""
    if sanction is None or sanction.user_id != current_user.id:
        abort(404)
    return sanction


def _appeal_page(sanction_id: int, form: AppealForm) -> Response:
    sanction = _own(people.sanction(sanction_id))
    refusal = None if sanction.appeal else sanction_appeals.why_not(sanction, by=current_user)
    if refusal and form.status == 200:
        form.take(refusal)
    page = render_template(
        "moderation/sanction_appeal.html",
        form=form,
        sanction=sanction,
        statement=statements.of_sanctions([sanction]).get(sanction.id),
        has_judge=sanction_appeals.has_judge(sanction_appeals.involved_in([sanction])[sanction.id]),
        may_send=sanction.appeal is None and refusal is None,
    )
    return make_response(page, form.status)


def _case_page(number: int, form: JudgementForm) -> Response:
    appeal = sanction_appeals.by_id(number)
    if appeal is None:
        abort(404)
    others = sanction_appeals.involved(appeal)
    before, behind = sanction_appeals.beside(number)
    page = render_template(
        "moderation/sanction_case.html",
        appeal=appeal,
        form=form,
        may_judge=appeal.is_open and current_user.id not in others,
        has_judge=sanction_appeals.has_judge(others),
        before=before,
        behind=behind,
    )
    return make_response(page, form.status)
