"""The door of the question where one stands."""

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.accounts.doors import open_to
from forum.accounts.policy import members
from forum.db import writing
from forum.debates import positions
from forum.debates.addresses import debate_at
from forum.debates.forms import PositionForm
from forum.debates.position_models import Reading
from forum.errors import Refused
from forum.forms import answered

bp = Blueprint("positions", __name__)

PLACES = {Reading.BEFORE: "where-you-stand", Reading.AFTER: "where-people-stand"}  # of the questions, on the page


@bp.route("/debates/<slug:slug>/position", methods=["GET", "POST"])
@open_to(members, keeps_text=True)
def take(slug: str) -> Response:
    """Say where one stands, before reading or after; as a page of its own, for readers who sign in to answer."""
    debate = debate_at(slug)
    kept = positions.own(debate, current_user)
    reading = Reading.AFTER if kept else Reading.BEFORE
    answered_so = "" if kept is None or kept.stands_after is None else str(kept.stands_after)
    form = PositionForm({"moment": reading.value, "position": answered_so})
    if form.is_sent():
        try:
            with writing():
                positions.answer(debate, int(form.position.data), form.reading, by=current_user)
                place = url_for("debates.show", slug=debate.slug, _anchor=PLACES[form.reading])
            return redirect(place, 303)
        except Refused as error:
            form.take(error)
    return answered(form, render_template("debates/position.html", debate=debate, form=form, kept=kept))
