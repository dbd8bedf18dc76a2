"""The door of the question under a reply."""

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts.doors import open_to
from forum.accounts.policy import members
from forum.db import writing
from forum.debates import thread_queries, votes
from forum.debates.addresses import counted_reply
from forum.debates.forms import VoteForm
from forum.debates.models import Reply
from forum.errors import Refused
from forum.forms import answered
from forum.web import inner

bp = Blueprint("votes", __name__)

LONGEST_PLACE = 300  # characters of an address of ours


@bp.post("/replies/<id:reply_id>/vote")
@open_to(members, keeps_text=True)
def take(reply_id: int) -> Response:
    """Say whether a reply is well argued; a script is answered in three letters, everybody else by the page."""
    form = VoteForm()
    if form.is_sent():
        try:
            with writing():
                votes.answer(counted_reply(reply_id), form.answer, by=current_user, seen=form.wording.data)
            if request.accept_mimetypes.best == "application/json":
                return jsonify(well_argued={True: "1", False: "0", None: ""}[form.answer])
            return redirect(_place(form, counted_reply(reply_id)), 303)
        except Refused as error:
            form.take(error)
    reply = counted_reply(reply_id)
    thread = thread_queries.thread(reply, current_user)
    facts = {"debate": reply.debate, "thread": thread, "reply": reply, "form": form}
    return answered(form, render_template("debates/reply.html", **facts))


def _place(form: VoteForm, reply: Reply) -> str:
    """Return where the answer was given, at the question: the reply above it may be longer than a screen."""
    permanent = url_for("debates.show_reply", slug=reply.debate.slug, reply_id=reply.id)
    page = inner((form.place.data or "").partition("#")[0][:LONGEST_PLACE])
    return f"{page or permanent}#question-{reply.id}"
