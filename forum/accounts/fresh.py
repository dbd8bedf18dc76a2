"""Fresh sign-in: before what cannot be taken back, somebody who is signed in proves once more who they are.

Who has a second factor shows it here too, as at the sign-in: somebody who has learnt the password and found the device
open neither takes the factor away nor the account.

`@fresh.needed("POST")`, below `@open_to(…, keeps_text=True)`, is enough: a form that comes more than ten minutes after
the last proof (a sign-in is one) is answered with the page “Confirm that it is you”. After it the form's own page is
shown again, with all that was typed, and sends nothing by itself: the view is called with `resumed` in `g`, as after a
sign-in. `@fresh.needed("GET", "POST")` guards a page that is only read, too: a download, say. A view of which only some
forms are so grave asks `is_fresh()` and answers with `ask()`, once the form's token is checked.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Response, current_app, g, make_response, render_template, request
from flask_login import current_user

from forum.accounts import carrying, second_factor
from forum.accounts.forms import CarryingForm, ConfirmForm
from forum.db import now

FOR = timedelta(minutes=10)


def needed(*methods: str) -> Callable[[Any], Any]:
    """Mark a view as one that answers these methods only to somebody who has just proven who they are."""

    def mark(view: Any) -> Any:
        @wraps(view)
        def guarded(**args: Any) -> Any:
            asks = request.method if request.method != "HEAD" else "GET"
            is_shown = "resumed" in g and "GET" not in methods  # with what was sent, which it does not take by itself
            return ask() if asks in methods and not is_shown and not is_fresh() else view(**args)

        guarded.needs_fresh = methods  # type: ignore[attr-defined]
        return guarded

    return mark


def is_fresh() -> bool:
    """Say whether who sends this request has proven within ten minutes who they are."""
    return bool(current_user.is_authenticated) and g.here.confirmed_at > now() - FOR


def ask() -> Response:
    """Answer 401 with the page that asks for the proof; what was sent, or was to be read, comes after it."""
    data = {"carried": "", "next": request.script_root + request.full_path.rstrip("?")}
    if request.method == "POST":
        keeps_text = getattr(current_app.view_functions[str(request.endpoint)], "keeps_text", False)
        data = {"carried": carrying.pack() if keeps_text else "", "next": ""}
    return make_response(page(ConfirmForm(data, fresh=True)), 401)


def page(form: CarryingForm) -> str:
    """Return the page that asks for the proof."""
    factors = second_factor.factors_of(current_user)
    return render_template("accounts/confirm.html", form=form, factors=factors)
