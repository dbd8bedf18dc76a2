"""WHAT EVERYBODY CAN CHECK: the public log of moderation."""

from flask import Flask

from forum.transparency import views


def init_app(app: Flask) -> None:
    """Open the doors of this room."""
    app.register_blueprint(views.bp)
