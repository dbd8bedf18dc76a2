"""The door to what two leads have decided to read."""

from flask import Blueprint, abort, make_response, render_template
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts import fresh
from forum.accounts.doors import open_to
from forum.accounts.policy import leads
from forum.db import writing
from forum.forms import Form
from forum.privacy import readings
from forum.privacy.views import packed

bp = Blueprint("readings", __name__)


@bp.route("/proposals/<id:proposal_id>/archive", methods=["GET", "POST"])
@open_to(leads, keeps_text=True)
@fresh.needed("POST")
def archive(proposal_id: int) -> AnyResponse:
    """Show whether the archive is ready, and give it out."""
    form = Form()
    proposal = readings.decided(proposal_id, reader=current_user)
    if proposal is None:
        abort(404)
    if form.is_ours():
        with writing():
            content = readings.fetch(proposal, by=current_user)
        if content is not None:
            return packed(content, "written.zip")
    export = readings.of(proposal)
    facts = {"proposal": proposal, "until": readings.until(export), "is_being_made": export and not export.made_at}
    return make_response(render_template("privacy/reading.html", form=form, **facts), form.status)
