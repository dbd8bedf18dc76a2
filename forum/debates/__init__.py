"""WHAT IS ARGUED: debates, the article, replies."""

from flask import Flask

from forum.debates import views


def init_app(app: Flask) -> None:
    """Open the doors of this room."""
    app.register_blueprint(views.bp)
