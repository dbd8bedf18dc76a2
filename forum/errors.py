"""Refusals in words for people, and the page that each becomes."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, json, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, NotFound

from forum import logs
from forum.db import OUT_OF_ORDER, db

Found = TypeVar("Found")
# Said of a text in which a character is missing, forbidden or broken; see `text.is_storable`.
DAMAGED = _l("Some characters arrived damaged or cannot be stored. Please take them out: they show as � or not at all.")


SECRETS = {"password", "current", "code", "credential"}  # fields of forms that no page gives back
RETRY_AFTER = 30  # seconds: a database that is locked or restarted is mostly there again
FOR_PROGRAMS = "/api/"  # how the addresses of the API begin
A_LINE = 60  # characters; what is longer is shown in a text area


class Refused(Exception):
    """The act is not possible, for a reason that the person can read and act on (422).

    `field` names the form field to which the reason belongs; None: the form as a whole. `others` are further
    reasons, so that a person mends everything at once.
    """

    status = 422

    def __init__(self, message: str, field: str | None = None, *, others: Sequence["Refused"] = ()) -> None:
        super().__init__(message)
        self.field, self.others = field, others


class NotAllowed(Refused):
    """The person may not do it (403)."""

    status = 403


class Overtaken(Refused):
    """Somebody else was faster, or the thing has changed since it was read (409)."""

    status = 409


class TooMany(Refused):
    """A limit is reached; `retry_after` says for how many seconds (429)."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = max(1, retry_after)


class NotHere(NotFound):
    """Nothing stands at the address, or nothing that this person may know of (404)."""


def there(found: Found | None) -> Found:
    """Return what was found; where nothing was, there is no page."""
    if found is None:
        raise NotHere
    return found


def is_for_programs() -> bool:
    """Say whether the address belongs to the API, which knows no session and speaks JSON."""
    return request.path.startswith(FOR_PROGRAMS)


def page(status: int, title: str, advice: str, *, retry_after: int | None = None, field: str | None = None) -> Response:
    """Return the page that says what happened and what to do next; to a program, the same as problem details."""
    # Behind an error of the server, the page asks the database nothing: neither who reads it nor what waits.
    if is_for_programs():
        response = _problem(status, title, field)
    else:
        if status >= 500:
            g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]
        facts = {"sent": _sent(), "number": logs.number()} if status >= 500 else {}
        text = render_template("error.html", title=title, advice=advice, is_plain=status >= 500, **facts)
        response = make_response(text, status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _sent() -> list[tuple[str, str, bool]]:
    """Return the fields of the form that could not be stored, to be sent again, and whether each is a text."""
    try:
        fields = list(request.form.items(multi=True)) if request.method == "POST" else []
    except HTTPException:  # it cannot be read either
        return []
    is_text = {name: name not in {"csrf_token", "carried"} and ("\n" in v or len(v) > A_LINE) for name, v in fields}
    return [(name, value, is_text[name]) for name, value in fields if name not in SECRETS]


def _problem(status: int, detail: str, parameter: str | None) -> Response:
    """Return problem details (RFC 9457); `parameter` is the one that cannot be used."""
    named = {"parameter": parameter} if parameter else {}
    problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **named}
    response = Response(json.dumps(problem), status, mimetype="application/problem+json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _words(status: int) -> tuple[str, str]:
    if status >= 500 and request.method != "POST":
        advice = _("Nothing of yours is lost. Wait half a minute, then load the page anew.")
        return _("The forum is busy") if status == 503 else _("Something went wrong on our side"), advice
    words = {
        400: (_("This request cannot be read"), _("Go back, load the page anew and try once more.")),
        403: (_("This page is not for you"), _("If you think it should be, sign in with the account that may see it.")),
        404: (
            _("There is no such page"),
            _("The address may be mistyped, or what stood here is no longer public. The debates are one step away."),
        ),
        405: (_("This address takes no such request"), _("Go back and use the buttons on the page.")),
        409: (_("Somebody was faster"), _("Load the page anew: it has changed since you opened it.")),
        413: (
            _("That is too much at once"),
            _("Nothing was stored. Go back in your browser: your text is still there; shorten it and send it again."),
        ),
        429: (_("Too many requests"), _("Wait a moment, then try again.")),
        503: (
            _("The forum is busy"),
            _("Nothing was stored, and what you sent is on this page. Wait half a minute, then send it again."),
        ),
    }
    broken = _("Nothing was stored, and what you sent is on this page. Please send it once more.")
    if status >= 500 and g.get("may_be_stored"):
        title, _advice = words.get(status, (_("Something went wrong on our side"), broken))
        return title, _("It may be stored all the same; what you sent is on this page. Look before you send it again.")
    return words.get(status, (_("Something went wrong on our side"), broken))


def init_app(app: Flask) -> None:
    """Answer every error with a page in the reader's language."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, _overtaken)
    for error in OUT_OF_ORDER:
        app.register_error_handler(error, _busy)
    app.register_error_handler(Exception, _broken)


def _refused(error: Refused) -> Response:
    retry = error.retry_after if isinstance(error, TooMany) else None
    return page(error.status, str(error), _("Go back to the page you came from."), retry_after=retry, field=error.field)


def _stale_form(error: CSRFError) -> Response:
    return page(400, _("The form had expired"), _("Go back, load the page anew and send it once more."))


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:
        return error  # a redirect
    answer = page(status, *_words(status), retry_after=RETRY_AFTER if status in {429, 503} else None)
    for name, value in error.get_headers():
        if name == "Allow":
            answer.headers[name] = value
    return answer


def _overtaken(error: StaleDataError) -> Response:
    trouble = _("Somebody else changed the same thing in this moment. Please look again, then send it once more.")
    return _again(409, trouble)


def _busy(error: Exception) -> Response:
    cause = getattr(error, "orig", None) or error
    current_app.logger.error("database: %s on %s", type(cause).__name__, request.endpoint)
    trouble = _(
        "The forum could not store this just now. Nothing you typed is lost: wait half a minute, send it again."
    )
    return _again(503, _may_be_stored() or trouble, retry_after=RETRY_AFTER)


def _broken(error: Exception) -> Response:
    current_app.logger.error("error on %s", request.endpoint, exc_info=error)
    trouble = _(
        "Something went wrong on our side, and nothing was stored. Your text is below; please send it once more."
    )
    return _again(500, _may_be_stored() or trouble)


def _may_be_stored() -> str:
    """Return what is said of a form after which something was stored in this request, or may be; else nothing."""
    message = _(
        "Something went wrong on our side, but what you sent may be stored all the same. "
        "Your text is below; look before you send it again."
    )
    return message if g.get("may_be_stored") else ""


def _again(status: int, trouble: str, retry_after: int | None = None) -> Response:
    """Answer a form that could not be stored with its own page, filled in; everything else with a plain page."""
    view: Any = current_app.view_functions.get(request.endpoint or "")
    if request.method == "POST" and getattr(view, "keeps_text", False) and "resumed" not in g:
        g.resumed, g.troubles = request.form, [trouble]
        db.session.rollback()  # what failed may have left a transaction in which nothing can be read
        try:
            answer = make_response(view(**(request.view_args or {})))
        except Exception:  # the page itself cannot be made now either
            current_app.logger.exception("and again on %s", request.endpoint)
        else:
            answer.status_code = status
            if retry_after is not None:
                answer.headers["Retry-After"] = str(retry_after)
            return answer
    return page(status, *_words(status), retry_after=retry_after)
