"""What was typed into a form rides through sign-in and sign-up: signed, in the page, in no cookie."""

from typing import Any

from flask import Response, current_app, g, make_response, request
from flask_login import current_user
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from forum.accounts.policy import everyone
from forum.errors import SECRETS

NEVER_CARRIED = {*SECRETS, "csrf_token"}


def pack() -> str:
    """Return the form that this request sent, and for which page, as one signed field."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_CARRIED]
    return _signer().dumps({"endpoint": request.endpoint, "args": request.view_args, "fields": fields})


def unpack(carried: str) -> dict[str, Any] | None:
    """Return what `pack` put in, or None if it is not ours."""
    try:
        content = _signer().loads(carried)
    except BadData:
        return None
    return content if isinstance(content, dict) else None


def resume(carried: str) -> Response | None:
    """Answer with the page of the carried form, filled in and not sent; None where there is none."""
    content = unpack(carried)
    view = current_app.view_functions.get(content["endpoint"]) if content else None
    if content is None or view is None or not getattr(view, "keeps_text", False):
        return None
    if not getattr(view, "door", everyone)(current_user):
        return None
    g.resumed = MultiDict([(str(name), str(value)) for name, value in content["fields"]])
    return make_response(view(**content["args"]))


def show(address: str, fields: MultiDict[str, str]) -> Response | None:
    """Answer with the page of the form that is sent to `address`, filled with `fields` and not sent; else None."""
    path = address.removeprefix(request.script_root)
    try:
        endpoint, args = current_app.url_map.bind("localhost").match(path, method="POST")
    except HTTPException:
        return None
    view: Any = current_app.view_functions[endpoint]
    if not (getattr(view, "keeps_text", False) and view.door(current_user)) or endpoint == request.endpoint:
        return None
    g.resumed = fields
    return make_response(view(**args))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="carried-form")
