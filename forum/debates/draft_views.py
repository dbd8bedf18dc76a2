"""Doors of the reply form that store no reply: preview, keep as a draft, throw the draft away."""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.doors import open_to
from forum.accounts.policy import everyone, members
from forum.db import writing
from forum.debates import drafts
from forum.debates.addresses import debate_at, own_reply
from forum.debates.draft_models import Draft
from forum.debates.edit_views import edit_page, form_of
from forum.debates.forms import Drafted, ReplyForm
from forum.debates.models import Debate
from forum.debates.views import keep_typed, reply_page, say_closed
from forum.errors import Refused
from forum.forms import is_number

bp = Blueprint("drafts", __name__)


@bp.post("/debates/<slug:slug>/replies/preview")
@open_to(everyone, keeps_text=True)
def preview(slug: str) -> AnyResponse:
    """Show the reply as it would look, below its form; nothing is stored but the draft of a member."""
    form = ReplyForm()
    return reply_page(debate_at(slug), form, preview=_preview(form))


@bp.post("/debates/<slug:slug>/replies/draft")
@open_to(members, keeps_text=True)
def keep(slug: str) -> AnyResponse:
    """Keep what was typed; to the script that asks now and then, answer in a few words."""
    form, debate = ReplyForm(), debate_at(slug)
    form.is_ours_unfinished()
    return _brief(debate, form) if _is_script() else reply_page(debate, form, is_keeping=True)


@bp.post("/replies/<id:reply_id>/edit/preview")
@open_to(members, keeps_text=True)
def preview_edit(reply_id: int) -> AnyResponse:
    """Show the new wording as it would look, below its form; nothing is stored but the draft."""
    reply = own_reply(reply_id)
    form = form_of(reply)
    return edit_page(reply, form, preview=_preview(form))


@bp.post("/replies/<id:reply_id>/edit/draft")
@open_to(members, keeps_text=True)
def keep_edit(reply_id: int) -> AnyResponse:
    """Keep a new wording that is not to be sent yet."""
    reply = own_reply(reply_id)
    form = form_of(reply)
    form.is_ours_unfinished()
    return _brief(reply.debate, form) if _is_script() else edit_page(reply, form, is_keeping=True)


@bp.post("/drafts/<id:draft_id>/discard")
@open_to(members)
def discard(draft_id: int) -> AnyResponse:
    """Throw a draft away; from the form one comes back to the form, empty."""
    seen, address = request.form.get("draft", ""), url_for("moderation.own_replies")
    if not is_number(seen):
        raise Refused(_("Please load the page anew."))
    with writing():
        draft = drafts.throw_away(draft_id, by=current_user, seen=int(seen))
        if draft and "form" in request.form:
            address = _form_at(draft)
    flash(_("The draft is thrown away."))
    return redirect(address, 303)


def _form_at(draft: Draft) -> str:
    if draft.edited_id:
        return url_for("debates.edit", reply_id=draft.edited_id)
    where: dict[str, Any] = {"slug": draft.debate.slug, "parent": draft.answered_id, "passage": draft.passage}
    where |= {"original": draft.original_id}
    return url_for("debates.new_reply", **where)


def _preview(form: Drafted) -> str:
    """Return what was typed as it would look; nothing of a form that no page of ours sent."""
    if not form.is_ours_unfinished():
        return ""
    try:
        return drafts.preview(form.text.data or "")
    except Refused as error:
        form.take(error)
        return ""


def _is_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _brief(debate: Debate, form: Drafted) -> Response:
    """Keep what was typed, and return the version that is kept now, or why it is not; no page is made for it."""
    keep_typed(debate, form, tells=True)
    say_closed(debate, form)
    words = [*form.problems, *(str(error) for error in form.text.errors)]
    return make_response(jsonify(version=form.draft.data or 0, said=" ".join(words)), form.status)
