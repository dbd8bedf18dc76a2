"""FINDING: what is public, by its words."""

from flask import Flask

from forum.search import cards, views


def init_app(app: Flask) -> None:
    """Open the doors of this room."""
    cards.init_app(app)
    app.register_blueprint(views.bp)
