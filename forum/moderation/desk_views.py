"""More doors of the desk: taking a reply, notes, the same words in several replies, ready explanations, wishes."""

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.doors import open_to
from forum.accounts.policy import moderators
from forum.db import writing
from forum.errors import Refused
from forum.extensions import language, written_languages
from forum.moderation import claims, colleagues, explanations, preferences, queries, same_words
from forum.moderation.desk_models import CannedExplanation
from forum.moderation.forms import DecisionForm, ExplanationForm, PreferenceForm, TogetherForm, read_choice
from forum.moderation.models import Action
from forum.moderation.rules import all_rules
from forum.moderation.views import bp as bp
from forum.moderation.views import item_again, reply_at


@bp.post("/moderation/replies/<id:reply_id>/claim")
@open_to(moderators, keeps_text=True)
def claim(reply_id: int) -> AnyResponse:
    """Tell colleagues that one has a reply open."""
    form = DecisionForm()
    if form.is_ours():
        try:
            with writing():
                claims.take(reply_at(reply_id), by=current_user, holder=form.holder.data)
        except Refused as error:
            form.take(error)
    return item_again(reply_id, form, "item-title")


@bp.post("/moderation/replies/<id:reply_id>/release")
@open_to(moderators, keeps_text=True)
def release(reply_id: int) -> AnyResponse:
    """Leave a reply to colleagues."""
    form = DecisionForm()
    if form.is_ours():
        with writing():
            claims.release(reply_at(reply_id), by=current_user)
    return item_again(reply_id, form, "item-title")


@bp.post("/moderation/replies/<id:reply_id>/notes")
@open_to(moderators, keeps_text=True)
def note(reply_id: int) -> AnyResponse:
    """Keep a note to colleagues."""
    form = DecisionForm()
    if form.is_ours():
        try:
            with writing():
                colleagues.write(reply_at(reply_id), form.note.data or "", by=current_user)
            form.note.data = ""
        except Refused as error:
            form.take(error)
    return item_again(reply_id, form, "notes")


@bp.route("/moderation/replies/<id:reply_id>/same", methods=["GET", "POST"])
@open_to(moderators, keeps_text=True)
def same(reply_id: int) -> AnyResponse:
    """Show all waiting replies with the same words, to return or reject them together."""
    form = TogetherForm()
    if form.is_sent():
        try:
            if not form.pairs:
                raise Refused(_("Tick the replies that you have read and judged."), "chosen")
            with writing():
                done, moved = same_words.decide_together(
                    form.pairs,
                    Action(form.action.data),
                    by=current_user,
                    rule=form.rule.data,
                    explanation=form.explanation.data or "",
                )
            for words in _together(Action(form.action.data), done, moved):
                flash(words)
            return redirect(url_for("moderation.queue", **read_choice(preferences.of_reader(current_user))[1]), 303)
        except Refused as error:
            form.take(error)
    found = queries.wording_at(reply_id)
    if found is None:
        abort(404)
    rows = same_words.alike(found)
    return make_response(render_template("moderation/same.html", form=form, rows=rows, reply_id=reply_id), form.status)


def _together(action: Action, done: list[int], moved: list[int]) -> list[str]:
    """Say what was decided on several replies, and which had moved on."""
    words = []
    if done and action is Action.RETURN:
        words.append(
            ngettext("Returned for an edit: %(num)d reply.", "Returned for an edit: %(num)d replies.", len(done))
        )
    elif done:
        words.append(ngettext("Rejected: %(num)d reply.", "Rejected: %(num)d replies.", len(done)))
    if moved:
        numbers = ", ".join(str(number) for number in moved)
        words.append(_("Left as they are, because they moved on or are your own: %(numbers)s.", numbers=numbers))
    return words


@bp.route("/moderation/explanations", methods=["GET", "POST"])
@open_to(moderators, keeps_text=True)
def canned() -> AnyResponse:
    """Show the ready explanations of one language, and add one."""
    asked = request.args.get("language", "")
    chosen = asked if asked in written_languages() else language()
    form = _explanation_form({"language": chosen})
    if form.is_sent():
        try:
            with writing():
                explanations.add(
                    form.rule.data,
                    form.language.data or chosen,
                    form.title.data or "",
                    form.text.data or "",
                    by=current_user,
                )
            return redirect(url_for("moderation.canned", language=form.language.data or chosen), 303)
        except Refused as error:
            form.take(error)
    page = render_template(
        "moderation/explanations.html",
        form=form,
        of_language=chosen,
        rows=explanations.offered(chosen),
        languages=written_languages(),
    )
    return make_response(page, form.status)


@bp.route("/moderation/explanations/<id:explanation_id>", methods=["GET", "POST"])
@open_to(moderators, keeps_text=True)
def change_canned(explanation_id: int) -> AnyResponse:
    """Change a ready explanation."""
    found = explanations.find(explanation_id)
    if found is None and request.method == "GET":
        abort(404)
    form = _explanation_form({"rule": found.rule, "title": found.title, "text": found.text} if found else {})
    if form.is_sent():
        try:
            with writing():
                explanations.change(
                    explanation_id,
                    form.rule.data,
                    form.title.data or "",
                    form.text.data or "",
                    by=current_user,
                    seen=form.version.data,
                )
            return redirect(_home_of(explanation_id), 303)
        except Refused as error:
            form.take(error)
    return _explanation_page(explanation_id, form)


@bp.post("/moderation/explanations/<id:explanation_id>/retire")
@open_to(moderators, keeps_text=True)
def retire_canned(explanation_id: int) -> AnyResponse:
    """Offer a ready explanation no longer."""
    form = _explanation_form({})
    if form.is_ours():
        home = _home_of(explanation_id)
        try:
            with writing():
                explanations.retire(explanation_id, by=current_user, seen=form.version.data)
            return redirect(home, 303)
        except Refused as error:
            form.take(error)
    return _explanation_page(explanation_id, form)


@bp.post("/moderation/preferences")
@open_to(moderators)
def keep_preferences() -> AnyResponse:
    """Keep how a moderator wants the desk."""
    form = PreferenceForm()
    form.languages.choices = written_languages()
    chosen = [code for code in form.languages.choices if code in (form.languages.data or [])]
    with writing():
        preferences.keep(current_user, keys=form.keys.data, chosen=chosen)
    flash(_("Your wishes for the desk are kept."))
    return redirect(url_for("accounts.settings", _anchor="desk-title"), 303)


def _explanation_form(data: dict[str, str]) -> ExplanationForm:
    form = ExplanationForm(data)
    form.rule.choices = list(all_rules())
    form.language.choices = written_languages()
    return form


def _home_of(explanation_id: int) -> str:
    found: CannedExplanation | None = explanations.find(explanation_id)
    return url_for("moderation.canned", language=found.language if found else None)


def _explanation_page(number: int, form: ExplanationForm) -> Response:
    """Return the page of one explanation; when a colleague was faster it shows theirs beside what was typed."""
    one = explanations.find(number)
    if one is None and form.status < 400:
        abort(404)
    # Whoever has seen the newer one sends the version of that one next time.
    is_old = form.status != 409 and form.version.data and not form.version.errors
    version = form.version.data if is_old else one.version if one else 0
    page = render_template("moderation/explanation.html", form=form, one=one, number=number, version=version)
    return make_response(page, form.status)
