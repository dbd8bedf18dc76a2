"""The door of another name for one debate alone."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts.doors import open_to
from forum.accounts.policy import members
from forum.db import writing
from forum.debates import debate_names
from forum.debates.addresses import debate_at
from forum.debates.forms import NameForm
from forum.errors import Refused
from forum.forms import answered
from forum.web import inner

bp = Blueprint("names", __name__)


@bp.route("/debates/<slug:slug>/name", methods=["GET", "POST"])
@open_to(members, keeps_text=True)
def take(slug: str) -> Response:
    """Say under which name one writes in a debate, what that protects from, and choose another one."""
    debate = debate_at(slug)
    form = NameForm({"next": inner(request.args.get("next"))})
    back = inner(form.next.data) or url_for("debates.new_reply", slug=slug)
    if form.is_sent():
        try:
            with writing():
                name = debate_names.take(debate, form.name.data, by=current_user).name
            flash(_("In this debate you write as %(name)s.", name=name))
            return redirect(back, 303)
        except Refused as error:
            form.take(error)
    standing = debate_names.standing(debate, current_user)
    return answered(form, render_template("debates/name.html", debate=debate, form=form, standing=standing, back=back))
