"""Doors of the desk that lead to a person: the page, sanctions, notes, and what two leads decide."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts import carrying, fresh
from forum.accounts.doors import open_to
from forum.accounts.models import Role, User
from forum.accounts.policy import leads, members, moderators
from forum.db import writing
from forum.debates.models import Byline
from forum.errors import NotAllowed, Refused, page
from forum.forms import Form, number_in_address
from forum.moderation import people, proposals, sanctions
from forum.moderation.people_forms import NoteForm, ReasonForm, RoleForm, SanctionForm
from forum.moderation.policy import may_end, may_propose, may_sanction
from forum.moderation.rules import all_rules
from forum.moderation.sanction_models import MODERATOR_DAYS, Proposal, Sanction, SanctionKind

bp = Blueprint("people", __name__)
ABOUT_A_PERSON: dict[str, type[Form]] = {  # the forms on the page of a person
    "sanction": SanctionForm,
    "role": RoleForm,
    "note": NoteForm,
    **dict.fromkeys(("purge", "export", "ending"), ReasonForm),
}


@bp.get("/moderation/people")
@open_to(moderators)
def search() -> str:
    """Find a person by name, or by the tag behind which a name stands."""
    name = request.args.get("name", "").strip()
    return render_template("moderation/people.html", name=name, person=people.by_name(name) if name else None)


@bp.get("/moderation/people/<name:name>")
@open_to(moderators)
def show(name: str) -> AnyResponse:
    """Show a person to a moderator who has asked for the page; to others, the button that asks."""
    byline = _byline(name)
    if not people.is_open_to(byline, current_user):
        return make_response(render_template("moderation/person_closed.html", person=byline))
    return _page(byline)


@bp.post("/moderation/people/<name:name>")
@open_to(moderators)
def ask(name: str) -> AnyResponse:
    """Open the page of a person; the asking is recorded."""
    with writing():
        byline = _byline(name)
        people.open_page(byline, by=current_user)
        name = byline.desk_name
    return redirect(url_for("people.show", name=name), 303)


@bp.post("/moderation/people/<name:name>/sanctions")
@open_to(moderators, keeps_text=True)
@fresh.needed("POST")
def sanction(name: str) -> AnyResponse:
    """Warn or suspend a person, or propose a ban."""
    form = SanctionForm()
    return _carried_out(form, _byline(name), lambda byline: _sanctioned(byline, form), sanction=form)


@bp.post("/moderation/people/<name:name>/role")
@open_to(leads, keeps_text=True)
@fresh.needed("POST")
def propose_role(name: str) -> AnyResponse:
    """Propose another role for a person."""
    form = RoleForm()

    def propose(person: User) -> None:
        proposals.propose_role(person, Role(form.role.data), **_by_reader(form))

    return _proposed(name, propose, role=form)


@bp.post("/moderation/people/<name:name>/purge")
@open_to(leads, keeps_text=True)
@fresh.needed("POST")
def propose_purge(name: str) -> AnyResponse:
    """Propose to erase the words of a person."""
    form = ReasonForm()
    return _proposed(name, lambda it: proposals.propose_purge(it, **_by_reader(form)), purge=form)


@bp.post("/moderation/people/<name:name>/export")
@open_to(leads, keeps_text=True)
@fresh.needed("POST")
def propose_export(name: str) -> AnyResponse:
    """Propose to read what a person has written."""
    form = ReasonForm()
    return _proposed(name, lambda it: proposals.propose_export(it, **_by_reader(form)), export=form)


@bp.post("/moderation/people/<name:name>/notes")
@open_to(moderators, keeps_text=True)
def note(name: str) -> AnyResponse:
    """Leave colleagues a note about a person."""

    def add(byline: Byline) -> str:
        people.add_note(byline, form.text.data or "", by=current_user)
        return _("Your note is kept.")

    form = NoteForm()
    return _carried_out(form, _byline(name), add, note=form)


@bp.post("/moderation/notes/<id:note_id>/deletion")
@open_to(moderators)
def delete_note(note_id: int) -> AnyResponse:
    """Delete an own note."""
    with writing():
        found = people.note_to_change(note_id)
        if found is None:
            abort(404)
        name = found.byline.desk_name
        people.delete_note(found, by=current_user)
    flash(_("Your note is deleted."))
    return redirect(url_for("people.show", name=name, _anchor="notes"), 303)


@bp.post("/sanctions/<id:sanction_id>/ending")
@open_to(moderators, keeps_text=True)
@fresh.needed("POST")
def end(sanction_id: int) -> AnyResponse:
    """End a sanction before its date."""

    def stop(_byline: Byline) -> str:
        sanctions.end(_sanction(sanction_id), by=current_user, reason=form.reason.data or "")
        return _("The sanction has ended.")

    form = ReasonForm()
    byline = _sanction(sanction_id).byline
    return _carried_out(form, byline, stop, ending=form, ends=sanction_id)


@bp.post("/sanctions/<id:sanction_id>/acknowledgement")
@open_to(members, keeps_text=True)
def acknowledge(sanction_id: int) -> AnyResponse:
    """Note that a warning was read, and show the form again in which the person was writing."""
    form = Form()
    if form.is_ours():
        with writing():
            found = _sanction(sanction_id)
            if found.user_id != current_user.id:
                abort(404)
            sanctions.read(found, by=current_user)
    g.troubles = form.problems
    sent = g.get("resumed", request.form)
    answer = carrying.show(sent.get("back", ""), sent)
    if answer is not None:
        answer.status_code = max(answer.status_code, form.status)
        return answer
    if form.problems:
        return page(form.status, _("The form had expired"), " ".join(form.problems))
    return redirect(url_for("moderation.own_replies"), 303)


@bp.get("/moderation/proposals")
@open_to(leads)
def open_proposals() -> AnyResponse:
    """Show what waits for a second lead."""
    return _proposals_page(Form(fresh=True))


@bp.post("/proposals/<id:proposal_id>/confirmation")
@open_to(leads, keeps_text=True)
@fresh.needed("POST")
def confirm(proposal_id: int) -> AnyResponse:
    """Carry out what another lead has proposed."""
    return _answered(proposal_id, proposals.confirm, _("Confirmed: it is done."))


@bp.post("/proposals/<id:proposal_id>/closing")
@open_to(leads, keeps_text=True)
@fresh.needed("POST")
def close(proposal_id: int) -> AnyResponse:
    """Take an own proposal back, or decline a colleague's."""
    return _answered(proposal_id, proposals.close, _("Closed: nothing has changed for the person."))


def _byline(name: str) -> Byline:
    byline = people.by_name(name)
    if byline is None:
        abort(404)
    return byline


def _own_name(name: str) -> Byline:
    """Return who is called so everywhere: what concerns the whole account is no matter of a name for one debate."""
    byline = _byline(name)
    if byline.other:
        abort(404)
    return byline


def _sanction(number: int) -> Sanction:
    found = people.sanction_to_change(number)
    if found is None:
        abort(404)
    return found


def _proposal(number: int) -> Proposal:
    found = people.proposal_to_change(number)
    if found is None:
        abort(404)
    return found


def _sanctioned(byline: Byline, form: SanctionForm) -> str:
    """Do what the form says; return what is said of it."""
    grounds: dict[str, Any] = {"by": current_user, "rule": form.rule.data, "explanation": form.explanation.data or ""}
    grounds |= {"decision": form.decision.data, "name": byline.other}
    kind = SanctionKind(form.kind.data)
    if kind is SanctionKind.WARNING:
        sanctions.warn(byline.author, **grounds)
        return _("Warned: %(name)s reads it before the next reply.", name=byline.desk_name)
    if kind is SanctionKind.SUSPENSION:
        sanctions.suspend(byline.author, form.days.data, **grounds)
        return _("Suspended: %(name)s can read, but not write.", name=byline.desk_name)
    proposals.propose_ban(byline.author, form.days.data, **grounds)
    return _("Proposed. It waits under “Two leads”.")


def _carried_out(form: Form, byline: Byline, act: Callable[[Byline], str], **shown: Any) -> AnyResponse:
    """Let `act` do what a form on the page of a person says; refused, the page is shown with what was typed."""
    if not people.is_open_to(byline, current_user):
        raise NotAllowed(_("Open the page of this person first; your asking is recorded."))
    if form.is_sent():
        try:
            with writing():
                message = act(byline)
                name = byline.desk_name
            flash(message)
            return redirect(url_for("people.show", name=name), 303)
        except Refused as error:
            form.take(error)
    return _page(byline, form.status, **shown)


def _proposed(name: str, propose: Callable[[User], object], **shown: Form) -> AnyResponse:
    """Let `propose` put before another lead what the one form in `shown` says of a person."""

    def act(byline: Byline) -> str:
        propose(byline.author)
        return _("Proposed. It waits under “Two leads”.")

    (form,) = shown.values()
    return _carried_out(form, _own_name(name), act, **shown)


def _by_reader(form: Any) -> dict[str, Any]:
    """Return who proposes, and why."""
    return {"by": current_user, "reason": form.reason.data or ""}


def _page(byline: Byline, status: int = 200, **forms: Any) -> AnyResponse:
    """Return the page of a person, which the reader has asked for; `forms` are those that were sent."""
    before = number_in_address("before", None)
    shown = {name: forms.get(name) or form(fresh=True) for name, form in ABOUT_A_PERSON.items()}
    it = people.dossier(byline, current_user, before)
    answer = render_template(
        "moderation/person.html",
        it=it,
        before=before,
        forms=shown,
        ends=forms.get("ends"),
        may_sanction=may_sanction(current_user, byline.author),
        may_propose=byline.other is None and may_propose(current_user, byline.author),
        may_end=may_end,
        rules=all_rules().values(),
        roles=list(Role),
        longest=MODERATOR_DAYS,
    )
    return make_response(answer, status)


def _answered(proposal_id: int, act: Callable[..., None], message: str) -> AnyResponse:
    form = Form()
    if form.is_ours():
        try:
            with writing():
                act(_proposal(proposal_id), by=current_user)
            flash(message)
            return redirect(url_for("people.open_proposals"), 303)
        except Refused as error:
            form.take(error)
    return _proposals_page(form)


def _proposals_page(form: Form) -> AnyResponse:
    number = number_in_address("page", 1)
    found = people.proposals(number)
    if found.number > 1 and not found.rows:
        abort(404)
    facts = {"has_other_lead": proposals.has_other_lead(current_user.id), "page": found}
    return make_response(render_template("moderation/proposals.html", form=form, **facts), form.status)
