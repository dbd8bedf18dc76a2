"""WHAT MAY STAND: house rules, the desk, decisions, reports."""

from flask import Flask

from forum.moderation import appeal_views, report_views, views


def init_app(app: Flask) -> None:
    """Open the doors of this room."""
    app.register_blueprint(views.bp)
    app.register_blueprint(appeal_views.bp)
    app.register_blueprint(report_views.bp)
