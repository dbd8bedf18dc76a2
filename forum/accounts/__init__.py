"""WHO IS HERE: pseudonyms, sessions, roles."""

from flask import Flask

from forum.accounts import doors, factor_views, passkey_views, session_views, views


def init_app(app: Flask) -> None:
    """Open the doors of this room."""
    app.register_blueprint(views.bp)
    app.register_blueprint(session_views.bp)
    app.register_blueprint(factor_views.bp)
    app.register_blueprint(passkey_views.bp)
    app.after_request(views.note_act)
    app.extensions["ask_to_sign_in"] = views.ask_to_sign_in
    app.extensions["ask_to_set_up"] = factor_views.ask_to_set_up
    doors.init_app(app)
