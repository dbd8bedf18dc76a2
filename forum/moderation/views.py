"""Doors of the desk, of the house rules, and of one's own replies with what became of them."""

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.doors import open_to
from forum.accounts.policy import everyone, members, moderators
from forum.db import writing
from forum.debates.forms import number_in_address
from forum.debates.models import Reply
from forum.debates.queries import reply_to_change
from forum.errors import Overtaken, Refused
from forum.events import Event, record
from forum.moderation import decisions, people, queries
from forum.moderation.forms import DecisionForm
from forum.moderation.models import ACTIONS, NEEDS_RULE, Action
from forum.moderation.policy import may_decide
from forum.moderation.rules import all_rules

bp = Blueprint("moderation", __name__)


@bp.get("/rules")
@open_to(everyone)
def rules() -> str:
    """Show the house rules."""
    return render_template("moderation/rules.html")


@bp.get("/accounts/replies")
@open_to(members)
def own_replies() -> str:
    """Show a member all of their replies and every decision on them."""
    page = queries.own_replies(current_user, _page())
    if page.number > 1 and not page.rows:
        abort(404)
    past = [sanction for sanction in people.sanctions_of(current_user) if not sanction.is_current]
    return render_template("moderation/own_replies.html", page=page, past=past)


@bp.get("/moderation")
@open_to(moderators)
def queue() -> str:
    """Show all that waits, the oldest first."""
    page = queries.waiting(_page())
    if page.number > 1 and not page.rows:
        abort(404)
    return render_template("moderation/queue.html", page=page)


@bp.get("/moderation/replies/<id:reply_id>")
@open_to(moderators)
def item(reply_id: int) -> AnyResponse:
    """Show one reply in its context, and the form to decide on it."""
    return _item_page(reply_id, DecisionForm(fresh=True))


@bp.post("/moderation/replies/<id:reply_id>/author")
@open_to(moderators, keeps_text=True)
def show_author(reply_id: int) -> AnyResponse:
    """Show the author to a moderator who asks; the asking is recorded."""
    form = DecisionForm()
    if form.is_ours():
        with writing():
            record(Event.AUTHOR_SHOWN, _reply(reply_id), by=current_user)
    return _item_page(reply_id, form)


@bp.post("/moderation/replies/<id:reply_id>/decisions")
@open_to(moderators, keeps_text=True)
def decide(reply_id: int) -> AnyResponse:
    """Decide on a reply, then go on to the one that has waited longest."""
    form = DecisionForm()
    if form.is_sent():
        try:
            with writing():
                reply = _reply(reply_id)
                revision = next((r for r in reply.revisions if r.id == form.revision.data), None)
                if revision is None:
                    raise Overtaken(_("The wording that you judged is not there. Please load the page anew."))
                decisions.decide(
                    revision,
                    Action(form.action.data),
                    by=current_user,
                    rule=form.rule.data,
                    explanation=form.explanation.data or "",
                )
            flash(_done(Action(form.action.data), reply_id))
            return redirect(_next(), 303)
        except Refused as error:
            form.take(error)
    return _item_page(reply_id, form)


def _page() -> int:
    number = number_in_address("page", 1)
    if not number:
        abort(404)
    return number


def _reply(reply_id: int) -> Reply:
    reply = reply_to_change(reply_id)
    if reply is None:
        abort(404)
    return reply


def _next() -> str:
    reply = queries.next_for(current_user)
    return url_for("moderation.item", reply_id=reply.id) if reply else url_for("moderation.queue")


def _item_page(reply_id: int, form: DecisionForm) -> Response:
    item = queries.item(reply_id, current_user)
    if item is None:
        abort(404)
    possible = [action for action, (before, _after) in ACTIONS.items() if before is item.reply.status]
    page = render_template(
        "moderation/item.html",
        item=item,
        form=form,
        waiting=queries.waiting(),
        actions=possible if may_decide(current_user, item.reply) else [],
        needs_rule=bool(NEEDS_RULE & set(possible)),
        rules=all_rules().values(),
    )
    return make_response(page, form.status)


def _done(action: Action, reply_id: int) -> str:
    words = {
        Action.PUBLISH: _("Published: reply %(number)d.", number=reply_id),
        Action.RETURN: _("Returned for an edit: reply %(number)d.", number=reply_id),
        Action.REJECT: _("Rejected: reply %(number)d.", number=reply_id),
        Action.REMOVE: _("Removed: reply %(number)d.", number=reply_id),
        Action.RESTORE: _("Restored: reply %(number)d.", number=reply_id),
    }
    return words[action]
