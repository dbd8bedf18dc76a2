"""What the API answers, by the name of the door behind which it stands."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, jsonify, request, url_for
from flask_babel import gettext as _
from pydantic import BaseModel, ValidationError

from forum.api import facts, queries, shapes
from forum.api.openapi import description
from forum.debates.addresses import debate_at
from forum.debates.places import tally
from forum.debates.policy import may_see_shift
from forum.debates.queries import article, public_by_side
from forum.debates.reply_translations import translations_of
from forum.debates.shift_figures import figures
from forum.errors import Overtaken, Refused, there
from forum.transparency.queries import Wanted, entries_after, head
from forum.web import canonical

View = Callable[..., BaseModel]
GIVEN: dict[str, Any] = {}  # what answers with a model, by name


def gives(answer: type[BaseModel], asked: type[shapes.Asked] | None = None) -> Callable[[View], Any]:
    """Mark a view that returns `answer`, and takes what was `asked` if that is a model."""

    def mark(view: View) -> Any:
        @wraps(view)
        def answered(**place: Any) -> Response:
            what = {"asked": _asked(asked)} if asked else {}
            made = view(**place, **what)
            given = Response(made.model_dump_json(), mimetype="application/json")
            if getattr(made, "next", None):
                given.headers["Link"] = f'<{made.next}>; rel="next"'  # type: ignore[attr-defined]
            return given

        answered.answer, answered.asked = answer, asked  # type: ignore[attr-defined]
        GIVEN[view.__name__] = answered
        return answered

    return mark


@gives(shapes.Debates, shapes.Asked)
def debates(asked: shapes.Asked) -> shapes.Debates:
    """Give all debates."""
    found = queries.debates(asked.after, asked.limit + 1)
    counts = public_by_side([debate.id for debate in found])
    items = [facts.debate_in_list(debate, counts[debate.id]) for debate in found[: asked.limit]]
    return shapes.Debates(items=items, next=_next(asked, found))


@gives(shapes.Debate)
def debate(slug: str) -> shapes.Debate:
    """Give a debate with its article."""
    found = debate_at(slug)
    shift = figures(found) if may_see_shift(found, None) else None
    return facts.debate_with_article(found, tally(found), article(found), shift)


@gives(shapes.Replies, shapes.RepliesAsked)
def replies(slug: str, asked: shapes.RepliesAsked) -> shapes.Replies:
    """Give the public replies of both sides and the answers to them."""
    at = debate_at(slug)
    after = queries.place_of(at, asked.after) if asked.after else None
    if asked.after and after is None:
        raise Overtaken(_("No reply with this number is or was public in this debate. Please begin anew."), "after")
    found = queries.replies(at, after, asked.limit + 1, asked.side, asked.language)
    shown = found[: asked.limit]
    beside = translations_of(shown)
    return shapes.Replies(items=[facts.reply(it, beside[it.id]) for it in shown], next=_next(asked, found))


@gives(shapes.Reply)
def reply(reply_id: int) -> shapes.Reply:
    """Give a public reply, or the kept place of one."""
    found = there(queries.reply(reply_id))
    return facts.reply(found, translations_of([found])[reply_id])


@gives(shapes.Log, shapes.LogAsked)
def log(asked: shapes.LogAsked) -> shapes.Log:
    """Give the public log of decisions."""
    last = head()
    wanted = Wanted(**asked.model_dump(include={"debate", "side", "rule", "action", "moderator"}))
    found = entries_after(wanted, asked.after or 0, last.id if last else 0, asked.limit + 1)
    items = [shapes.LogEntry(**entry._mapping) for entry in found[: asked.limit]]
    return shapes.Log(items=items, next=_next(asked, found))


def openapi() -> Response:
    """Give the description of all this, as OpenAPI 3.1."""
    return jsonify(description(GIVEN))


def _asked(model: type[shapes.Asked]) -> Any:
    """Return what the address asks for. What cannot be used is refused by name."""
    given = {name: values[0] if len(values) == 1 else values for name, values in request.args.lists()}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        if name not in model.model_fields:
            raise Refused(_("This address knows no such parameter."), name) from error
        raise Refused(_("This value cannot be used. The description of the API says which ones can."), name) from error


def _next(asked: shapes.Asked, found: list[Any]) -> str | None:
    """Return the address of what comes after, if `found` holds more than was asked for."""
    if len(found) <= asked.limit:
        return None
    given = asked.model_dump(exclude_unset=True) | {"after": found[asked.limit - 1].id}
    return canonical(url_for(str(request.endpoint), **(request.view_args or {}), **given))
