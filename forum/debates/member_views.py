"""The door of a member: everything that is public under their name."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.doors import open_to
from forum.accounts.policy import everyone
from forum.debates import member_queries
from forum.debates.forms import number_in_address
from forum.forms import LARGEST_ID

bp = Blueprint("members", __name__)


@bp.get("/people/<name:name>")
@open_to(everyone)
def show(name: str) -> str | AnyResponse:
    """Show what a member has published; a name that nothing is published under is no page."""
    before = number_in_address("before", LARGEST_ID)
    page = member_queries.page(name, before) if before else None
    if page is None:
        abort(404)
    if page.member.name != name:
        return redirect(url_for("members.show", name=page.member.name))
    return render_template("debates/member.html", page=page, member=page.member)
