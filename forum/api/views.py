"""Doors of the API. Nobody is asked who they are; pages of other sites may read it.

What stands behind them is loaded when somebody asks: its models and Pydantic take 70 ms and 9 MB.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response

from forum.accounts.doors import open_to
from forum.accounts.policy import everyone

bp = Blueprint("api", __name__, url_prefix="/api/v1")
ADDRESSES = {
    "debates": "/debates",
    "debate": "/debates/<slug:slug>",
    "replies": "/debates/<slug:slug>/replies",
    "reply": "/replies/<id:reply_id>",
    "log": "/log",
    "openapi": "/openapi.json",
}


def _behind(name: str) -> Callable[..., Response]:
    def view(**place: Any) -> Response:
        from forum.api import answers  # see above

        answer: Response = getattr(answers, name)(**place)
        return answer

    return view


for _name, _path in ADDRESSES.items():
    bp.add_url_rule(_path, _name, open_to(everyone, is_kept=True)(_behind(_name)), methods=["GET"])


@bp.after_request
def _open_to_other_sites(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "etag, link"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
