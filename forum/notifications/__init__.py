"""TELLING: who is told what."""

from flask import Flask

from forum.notifications import views


def init_app(app: Flask) -> None:
    """Open the doors of this room."""
    app.register_blueprint(views.bp)
