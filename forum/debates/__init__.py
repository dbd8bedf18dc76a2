"""WHAT IS ARGUED: debates, the article, replies."""

from flask import Flask

from forum.debates import (
    cards,
    draft_views,
    member_views,
    name_views,
    passage_views,
    position_views,
    translated,
    views,
    vote_views,
)


def init_app(app: Flask) -> None:
    """Open the doors of this room."""
    cards.init_app(app)
    translated.init_app(app)
    app.register_blueprint(views.bp)
    app.register_blueprint(draft_views.bp)
    app.register_blueprint(member_views.bp)
    app.register_blueprint(name_views.bp)
    app.register_blueprint(passage_views.bp)
    app.register_blueprint(position_views.bp)
    app.register_blueprint(vote_views.bp)
