"""TELLING: who is told what."""

from flask import Flask

from forum.notifications import follow_views, mail_views, views


def init_app(app: Flask) -> None:
    """Open the doors of this room."""
    app.register_blueprint(views.bp)
    app.register_blueprint(follow_views.bp)
    app.register_blueprint(mail_views.bp)
