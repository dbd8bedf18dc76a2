"""Doors of a reply that is there: reword it, read its history, take it back. They belong to `views.bp`."""

from itertools import pairwise
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.doors import open_to
from forum.accounts.locks import lock
from forum.accounts.policy import everyone, members
from forum.db import writing
from forum.debates import drafts, queries, replies
from forum.debates.addresses import own_reply, public_reply
from forum.debates.differences import Piece, differences
from forum.debates.forms import EditForm
from forum.debates.models import Outcome, Reply, Revision, Stance
from forum.debates.policy import may_edit
from forum.debates.reply_translations import original_of
from forum.debates.views import bp, keep_typed, place_of
from forum.errors import NotHere, Refused
from forum.forms import LARGEST_ID, answered, is_number, number_in_address
from forum.text import as_read


@bp.route("/replies/<id:reply_id>/edit", methods=["GET", "POST"])
@open_to(members, keeps_text=True)
def edit(reply_id: int) -> AnyResponse:
    """Reword a reply that waits or was returned."""
    reply = own_reply(reply_id)
    form = form_of(reply)
    if form.is_sent():
        try:
            said = replies.wording(form.text.data, form.chosen_language)
            if form.take_hints(said.text):
                return edit_page(reply, form)
            with writing():
                lock(current_user)
                reply = own_reply(reply_id, queries.reply_to_change)
                side = Stance(form.stance.data) if form.stance.data else reply.stance
                facts = {"seen": form.revision.data, "state": form.state.data, "translated": form.translated.data}
                is_new = replies.edit(reply, said, by=current_user, stance=side, **facts)
                drafts.sent(reply.debate, form.place, said.text, author=current_user, seen=form.seen_draft)
                place = place_of(reply.debate, reply)
            if not is_new:
                flash(_("Nothing was changed: these are the words that are there already."))
            return redirect(place, 303)
        except Refused as error:
            form.take(error)
            reply = own_reply(reply_id)
    elif not may_edit(current_user, reply):
        form.take(replies.no_longer_editable(reply, current_user))
    return edit_page(reply, form)


@bp.get("/replies/<id:reply_id>/history")
@open_to(everyone, is_kept=True)
def history(reply_id: int) -> str:
    """Show what was public of a reply, and what changed from each wording to the next."""
    reply, before = public_reply(reply_id), number_in_address("before", LARGEST_ID)
    wordings = queries.public_wordings(reply, before)
    if not wordings:
        raise NotHere
    kept = [wording for wording in wordings if wording.is_in_history]
    languages = {wording.id: wording.language_beside(reply.language) for wording in kept}
    changes = {new.id: (_changes(old, new), languages[old.id]) for new, old in pairwise(kept)}
    rows = [
        (wording, languages.get(wording.id), *changes.get(wording.id, (None, None)))
        for wording in wordings[: queries.WORDINGS]
    ]
    facts = {"rows": rows, "has_older": len(wordings) > queries.WORDINGS}
    return render_template(
        "debates/history.html", reply=reply, debate=reply.debate, is_newest=before == LARGEST_ID, **facts
    )


def _changes(old: Revision, new: Revision) -> list[Piece]:
    """Return what changed in the words as they are read; where nothing did, in what was typed: where a link leads."""
    before, after = as_read(old.html), as_read(new.html)
    return differences(before, after) if before != after else differences(old.text, new.text)


@bp.post("/replies/<id:reply_id>/withdraw")
@open_to(members)
def withdraw(reply_id: int) -> AnyResponse:
    """Take a reply back."""
    with writing():
        replies.withdraw(own_reply(reply_id, queries.reply_to_change), by=current_user)
    return redirect(url_for("moderation.own_replies", _anchor=f"reply-{reply_id}"), 303)


@bp.post("/replies/<id:reply_id>/wording/withdraw")
@open_to(members)
def withdraw_wording(reply_id: int) -> AnyResponse:
    """Give up a new wording of a public reply."""
    seen = request.form.get("wording", "")
    with writing():
        reply = own_reply(reply_id, queries.reply_to_change)
        if not is_number(seen):
            raise Refused(_("Please load the page anew."))
        replies.take_wording_back(reply, int(seen), by=current_user)
    return redirect(url_for("moderation.own_replies", _anchor=f"reply-{reply_id}"), 303)


def form_of(reply: Reply) -> EditForm:
    """Return the form of a new wording, with what was sent or with its draft; else with the wording that is there."""
    form = EditForm(reply, _to_edit(reply))
    draft = drafts.find(current_user, reply.debate, form.place) if request.method == "GET" else None
    if draft is not None:
        form.fill(draft.text, draft.fields, draft.version)
    return form


def _to_edit(reply: Reply) -> Revision:
    """Return the wording with which an edit begins: the last one, unless nobody is to read that any more."""
    latest = reply.latest_revision
    is_over = reply.is_public and latest.outcome in {Outcome.WITHDRAWN, Outcome.REJECTED}
    return (reply.public_revision if is_over else None) or latest


def edit_page(reply: Reply, form: EditForm, *, preview: str = "", is_keeping: bool = False) -> Response:
    """Return the page of a new wording; what was typed is kept as a draft.

    `is_keeping`: that is all that was asked for, so the page tells if it is not possible.
    """
    other = keep_typed(reply.debate, form, tells=is_keeping)
    draft = drafts.find(current_user, reply.debate, form.place)
    facts: dict[str, Any] = {"preview": preview, "draft": draft, "other": other, "is_keeping": is_keeping}
    facts |= {"original": original_of(reply)}
    return answered(form, render_template("debates/edit.html", form=form, reply=reply, debate=reply.debate, **facts))
