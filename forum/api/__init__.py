"""THE SAME FACTS AS DATA: what everybody can read, as JSON, for those who count and cite. It only reads."""

from flask import Flask

from forum.api import views


def init_app(app: Flask) -> None:
    """Open the doors of this room."""
    app.register_blueprint(views.bp)
