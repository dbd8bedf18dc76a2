"""Doors of the public log: a page, a feed, a sheet, with the same filters."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, g, render_template, url_for
from flask_login import current_user

from forum.accounts.doors import open_to
from forum.accounts.policy import everyone
from forum.db import now
from forum.debates.models import Stance
from forum.debates.titles import titles
from forum.fragments import once
from forum.transparency import forms, queries, sheet
from forum.transparency.models import LogAction, LogEntry
from forum.transparency.queries import Wanted
from forum.versions import SITE, Version

bp = Blueprint("transparency", __name__)


@bp.get("/log")
@open_to(everyone, is_kept=True)
def log() -> str:
    """Show the log, the newest entry first."""
    debates = titles()
    wanted = _wanted(debates.by_slug)
    return render_template(
        "transparency/log.html",
        page=_page(wanted),
        wanted=wanted,
        debates=debates,
        staff=queries.staff_numbers(),
        stances=list(Stance),
        actions=list(LogAction),
    )


@bp.get("/log.atom")
@open_to(everyone, is_kept=True)
def feed() -> Response:
    """Give the newest entries as a feed."""
    debates = titles()
    wanted = _wanted(debates.by_slug)
    address = url_for("transparency.log", _external=True, **wanted.given)
    text = render_template(
        "transparency/log.xml", page=_page(wanted), wanted=wanted, debates=debates, address=address, name=_name
    )
    return Response(text, mimetype="application/atom+xml")


@bp.get("/log.csv")
@open_to(everyone)
def table() -> Response:
    """Give all entries as a sheet, the oldest first."""
    wanted = _wanted(titles().by_slug)
    head = last_shown()
    rows = queries.facts(wanted, head.id if head else 0)
    answer = Response(sheet.lines(rows), mimetype="text/csv")
    answer.implicit_sequence_conversion = False  # given line by line, never held as a whole
    answer.headers["Content-Disposition"] = "attachment; filename=log.csv"
    if not current_user.is_authenticated:  # its version is known without reading it
        version = f"{head.hash if head else ''} {sorted(wanted.given.items())}"
        answer.set_etag(sha256(version.encode()).hexdigest())
    return answer


def last_shown() -> queries.Head | None:
    """Return the head of the log as everybody sees it, asked once for an answer."""
    if "log_head" not in g:
        site: Version = g.get("page_versions", {}).get(SITE, Version())
        is_settled = site.stamp and site.settles_at <= now().timestamp()
        key = ("head of the log", site.stamp)
        g.log_head = once(key, queries.head, lambda _head: 0) if is_settled else queries.head()
    head: queries.Head | None = g.log_head
    return head


def _page(wanted: Wanted) -> queries.Page:
    """Return the page of the log that the address asks for."""
    head = last_shown()
    try:
        before, after = forms.number("before"), forms.number("after")
    except forms.Unknown:
        abort(404)
    return queries.page(wanted, head.id if head else 0, before=before, after=after)


def _wanted(debates: dict[str, Any]) -> Wanted:
    try:
        return forms.wanted(debates)
    except forms.Unknown:
        abort(404)


def _name(entry: LogEntry) -> str:
    """Return the name of an entry in a feed: the same whatever the address of this forum."""
    return UUID(hex=entry.hash[:32]).urn
