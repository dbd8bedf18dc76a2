"""Doors of the desk, of the house rules, and of one's own replies with what became of them."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.doors import open_to
from forum.accounts.policy import everyone, members, moderators
from forum.db import db, writing
from forum.debates import drafts
from forum.debates.differences import differences
from forum.debates.models import Reply, Revision
from forum.debates.queries import reply_to_change
from forum.debates.titles import titles
from forum.errors import NotAllowed, Overtaken, Refused
from forum.events import Event, record
from forum.extensions import written_languages
from forum.forms import number_in_address
from forum.moderation import (
    colleagues,
    decisions,
    explanations,
    items,
    people,
    preferences,
    queries,
    report_queries,
    reported,
    undo,
    waits,
)
from forum.moderation import queue as waiting_queue
from forum.moderation.decisions import PUTS_UP
from forum.moderation.forms import DecisionForm, read_choice, read_place
from forum.moderation.highlight import highlight
from forum.moderation.models import NEEDS_RULE, Action, Decision, possible_actions
from forum.moderation.policy import may_decide, may_publish
from forum.moderation.queue import Choice
from forum.moderation.report_forms import DismissalForm
from forum.moderation.rules import all_rules
from forum.moderation.screening.words import FOR_AUTHORS, RULE_OF

bp = Blueprint("moderation", __name__)


@bp.get("/rules")
@open_to(everyone, is_kept=True)
def rules() -> str:
    """Show the house rules."""
    return render_template("moderation/rules.html")


@bp.get("/accounts/replies")
@open_to(members)
def own_replies() -> str:
    """Show a member all of their replies and every decision on them."""
    page = queries.own_replies(current_user, number_in_address("page", 1))
    if page.number > 1 and not page.rows:
        abort(404)
    past = [sanction for sanction in people.sanctions_of(current_user) if not sanction.is_current]
    kept = drafts.all_of(current_user) if page.number == 1 else []
    return render_template("moderation/own_replies.html", page=page, past=past, drafts=kept)


@bp.get("/moderation")
@open_to(moderators)
def queue() -> str:
    """Show what waits, in its order, as far as the moderator wants to see it."""
    wishes = preferences.of_reader(current_user)
    choice, chosen = read_choice(wishes)
    after, before = read_place("after"), read_place("before")
    if any(name in request.args for name in ("after", "before")) and after is None and before is None:
        abort(404)
    return render_template(
        "moderation/queue.html",
        page=waiting_queue.waiting(choice, after=after, before=before),
        waits=waits.measure(),
        titles=titles(),
        languages=written_languages(),
        own_languages=wishes.languages,
        flag_codes=list(FOR_AUTHORS),
        **_choice_words(choice, chosen),
    )


@bp.get("/moderation/replies/<id:reply_id>")
@open_to(moderators)
def item(reply_id: int) -> AnyResponse:
    """Show one reply in its context, and the form to decide on it."""
    return item_page(reply_id, DecisionForm(fresh=True))


@bp.post("/moderation/replies/<id:reply_id>/author")
@open_to(moderators, keeps_text=True)
def show_author(reply_id: int) -> AnyResponse:
    """Show the author to a moderator who asks; the asking is recorded."""
    form = DecisionForm()
    if form.is_ours():
        with writing():
            record(Event.AUTHOR_SHOWN, reply_at(reply_id), by=current_user)
    return item_again(reply_id, form, "author")


@bp.post("/moderation/replies/<id:reply_id>/decisions")
@open_to(moderators, keeps_text=True)
def decide(reply_id: int) -> AnyResponse:
    """Decide on a reply, then go on to the next one; or put ready words into the field, and decide nothing."""
    form = DecisionForm()
    if form.wants_words:
        if form.is_ours():
            _fill(form)
        return item_page(reply_id, form)
    if form.is_sent():
        try:
            with writing():
                place = _decide(reply_id, form)
            return redirect(next_address(place), 303)
        except Refused as error:
            form.take(error)
    return item_page(reply_id, form)


@bp.post("/decisions/<id:decision_id>/undo")
@open_to(moderators)
def undo_decision(decision_id: int) -> AnyResponse:
    """Undo a decision of one's own, then look at its reply once more."""
    decision = db.session.get(Decision, decision_id)
    if decision is None:
        abort(404)
    reply_id = decision.reply_id
    try:
        with writing():
            undo.undo(db.session.get_one(Decision, decision_id), by=current_user)
    except NotAllowed:
        raise
    except Refused as error:  # told where the moderator works, beside the reply as it stands now
        form = DecisionForm(fresh=True)
        form.take(error)
        return item_page(reply_id, form)
    flash(_("Undone; it stands where it stood before: reply %(number)d.", number=reply_id))
    return redirect(item_address(reply_id, "item-title"), 303)


def _decide(reply_id: int, form: DecisionForm) -> Any:
    """Decide as the form says, keep the note that was typed with it; return the place that was decided on.

    It is a place in the list from which the reply was opened.
    """
    choice, _chosen = read_choice(preferences.of_reader(current_user))
    reply = reply_at(reply_id)
    action, wordings = Action(form.action.data), {revision.id: revision for revision in reply.revisions}
    revision = wordings.get(form.judged(action))
    if revision is None:
        raise Overtaken(_("The wording that you judged is not there. Please load the page anew."))
    place = reported.place_at(reply_id) if choice.of else waiting_queue.place_of(reply.waiting_revision or revision)
    decisions.decide(
        revision,
        action,
        by=current_user,
        rule=form.rule.data,
        explanation=form.explanation.data or "",
        newest=form.revision.data,
    )
    if (form.note.data or "").strip():
        colleagues.write(reply, form.note.data or "", by=current_user)
    return place


def _fill(form: DecisionForm) -> None:
    """Add a ready explanation to what was typed, under its rule."""
    ready = explanations.find(form.fill.data)
    if ready is None:
        form.problems.append(_("A colleague has retired this explanation meanwhile."))
        return
    typed = (form.explanation.data or "").strip()
    if ready.text not in typed:
        form.explanation.data = f"{typed}\n\n{ready.text}" if typed else ready.text
    form.rule.data = ready.rule


def reply_at(reply_id: int) -> Reply:
    """Return a reply to change; there is no page where there is none."""
    reply = reply_to_change(reply_id)
    if reply is None:
        abort(404)
    return reply


def next_address(place: Any) -> str:
    """Return the address of the reply behind a place in the list from which one came, else of the list itself."""
    choice, chosen = read_choice(preferences.of_reader(current_user))
    if choice.of:
        reply_id = reported.next_for(current_user, after=place)
    else:
        reply_id = waiting_queue.next_for(current_user, choice, after=place)
    return item_address(reply_id, "item-title") if reply_id else _list_address(chosen)


def item_address(reply_id: int, anchor: str) -> str:
    """Return the address of a reply at the desk, within the list from which one came."""
    _choice, chosen = read_choice(preferences.of_reader(current_user))
    return url_for("moderation.item", reply_id=reply_id, _anchor=anchor, **chosen)


def item_again(reply_id: int, form: DecisionForm, anchor: str) -> AnyResponse:
    """Go back to the page of a reply after a small act; drawn at once where a new one would lose what was typed."""
    if form.status >= 400 or form.holds_words:
        return item_page(reply_id, form)
    return redirect(item_address(reply_id, anchor), 303)


def _list_address(chosen: dict[str, Any]) -> str:
    return url_for("reports.listed") if "of" in chosen else url_for("moderation.queue", **chosen)


def _choice_words(choice: Choice, chosen: dict[str, Any]) -> dict[str, Any]:
    return {"choice": choice, "chosen": chosen, "is_narrowed": choice != Choice()}


def item_page(reply_id: int, form: DecisionForm, dismissal: DismissalForm | None = None) -> Response:
    """Return the desk's page of one reply with its forms; the status is that of the one that was sent."""
    reader: Any = current_user._get_current_object()
    item = items.item(reply_id, reader)
    if item is None:
        abort(404)
    choice, chosen = read_choice(preferences.of_reader(reader))
    if choice.of:
        listed: Any = reported.around(item.reported, item.revision)
    else:
        listed = waiting_queue.around(choice, item.revision)
    before, behind = listed.beside(reply_id)
    marked, found = highlight(item.revision.text, item.revision.html, listed.flags.get(item.revision.id, []))
    compared = item.shown or item.former
    possible = possible_actions(item.reply) if may_decide(reader, item.reply) else []
    allowed = [action for action in possible if action not in PUTS_UP or may_publish(reader, item.revision)]
    page = render_template(
        "moderation/item.html",
        item=item,
        form=form,
        judged=_judged(item, form),
        formers=items.former_wordings(item.reply, number_in_address("formers", 1), form.former.data),
        marked=marked,
        rewritten=differences(compared.text, item.revision.text) if compared else [],
        found=found,
        flag_rules=RULE_OF,
        waiting=listed,
        before=before,
        behind=behind,
        actions=allowed,
        is_for_lead=allowed != possible,
        needs_rule=bool(NEEDS_RULE & set(possible)),
        canned=explanations.kept(item.reply.author.language, item.explained) if NEEDS_RULE & set(possible) else (),
        rules=all_rules().values(),
        reported=report_queries.on_reply(item.reply) if item.reported and not item.is_own else None,
        home=_list_address(chosen),
        dismissal=dismissal or (DismissalForm(fresh=True) if item.reported or item.is_own else None),
        **_choice_words(choice, chosen),
    )
    return make_response(page, dismissal.status if dismissal else form.status)


def _judged(item: items.Item, form: DecisionForm) -> Revision | None:
    """Return the wording that was judged, where another one has taken its place meanwhile."""
    present = {item.revision.id, item.shown.id if item.shown else None}
    if form.status != Overtaken.status or form.revision.data in present:
        return None
    return next((revision for revision in item.reply.revisions if revision.id == form.revision.data), None)
