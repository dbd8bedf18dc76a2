"""TAKING AWAY: what the forum holds about a member, for the member to have and to delete."""

from flask import Flask

from forum.privacy import reading_views, views


def init_app(app: Flask) -> None:
    """Open the doors of this room."""
    app.register_blueprint(views.bp)
    app.register_blueprint(reading_views.bp)
