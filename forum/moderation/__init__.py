"""WHAT MAY STAND: house rules, the desk, decisions, reports."""

from pathlib import Path

from flask import Flask

from forum.moderation import (
    appeal_views,
    desk_views,
    operator_words,
    people_views,
    queue_cards,
    report_views,
    sanction_appeal_views,
)
from forum.moderation.hints import unseen_hints


def init_app(app: Flask) -> None:
    """Open the doors of this room; read the operator's words; let the debates ask for hints to authors."""
    app.extensions["operator_words"] = operator_words.load(Path(app.config["INSTANCE"]) / "words")
    app.extensions["unseen_hints"] = unseen_hints
    for views in (desk_views, report_views, appeal_views, people_views, sanction_appeal_views):
        app.register_blueprint(views.bp)
    queue_cards.init_app(app)
