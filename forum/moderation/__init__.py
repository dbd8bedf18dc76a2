"""WHAT MAY STAND: house rules, the desk, decisions."""

from flask import Flask

from forum.moderation import appeal_views, people_views, sanction_appeal_views, views


def init_app(app: Flask) -> None:
    """Open the doors of this room."""
    app.register_blueprint(views.bp)
    app.register_blueprint(people_views.bp)
    app.register_blueprint(appeal_views.bp)
    app.register_blueprint(sanction_appeal_views.bp)
