"""STAYING IN TOUCH WITHOUT AN ACCOUNT: Atom feeds, and what search engines read."""

from flask import Flask

from forum.feeds import views


def init_app(app: Flask) -> None:
    """Open the doors of this room."""
    app.register_blueprint(views.bp)
