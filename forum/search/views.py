"""The door of the search."""

from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, url_for

from forum.accounts.doors import open_to
from forum.accounts.policy import everyone
from forum.db import now
from forum.debates.models import SIDES, Stance
from forum.debates.order import hour_of
from forum.debates.queries import alternating
from forum.debates.titles import titles
from forum.search import forms, queries
from forum.search.forms import Asked
from forum.search.index import ARTICLE
from forum.search.queries import Found, Hit

bp = Blueprint("search", __name__)


@bp.get("/search")
@open_to(everyone)
def show() -> tuple[str, int]:
    """Show the form, and below it what answers the question: articles, then both sides by turns."""
    debates = titles()
    try:
        asked = forms.asked(debates.by_slug)
    except forms.Unknown:
        abort(404)
    is_asked = bool(asked.keys) and not asked.errors
    found = queries.search(asked.keys, asked.wanted, asked.after) if is_asked else None
    is_first = found is not None and not asked.after and set(asked.given) == {"q"}
    page = render_template(
        "search/show.html",
        asked=asked,
        is_nobody=_is_nobody(asked, found),
        found=found,
        debates=debates,
        titled=queries.titled(debates, found.groups) if found and is_first else [],
        sides=_by_turns(found) if found else [],
        of_neither=found.hits.get(Stance.NEITHER.value, []) if found else [],
        articles=found.hits.get(ARTICLE, []) if found else [],
        next_page=_next_page(asked, found) if found and found.has_more else None,
        stances=list(Stance),
    )
    return page, 422 if asked.errors else 200


def _is_nobody(asked: Asked, found: Found | None) -> bool:
    """Say whether nothing was found because nothing is public under the pseudonym that was typed."""
    person = asked.wanted.person
    return bool(found and found.is_empty and person and not queries.has_published(person))


def _by_turns(found: Found) -> list[Hit]:
    """Return the replies of both sides in one list; which one opens it changes with the hour."""
    by_side = {side: found.hits.get(side.value, []) for side in SIDES}
    return alternating(by_side, hour_of(now()))


def _next_page(asked: Asked, found: Found) -> str:
    cursors = {name: f"{count}-{place}" for name, (count, place) in found.next.items()}
    return f"{url_for('search.show')}?{urlencode(asked.given | cursors)}"
