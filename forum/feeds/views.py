"""Doors for feed readers and search engines."""

import re

from flask import Blueprint, Response, render_template, url_for
from flask_babel import gettext as _

from forum.accounts.doors import open_to
from forum.accounts.policy import everyone
from forum.debates.addresses import debate_at
from forum.debates.bylines import find
from forum.debates.translated import said
from forum.errors import NotHere, there
from forum.feeds import entries, queries
from forum.feeds.entries import Feed, Place
from forum.web import canonical, in_languages

bp = Blueprint("feeds", __name__)

NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # all but XML 1.0, production 2
NEVER_LISTED = (
    "/accounts/",
    "/moderation",
    "/notifications",
    "/reports/",
    "/replies/",
    "/debates/*/replies/new",
    "/people/",
    "/search",
)
HOUSE = ("moderation.rules", "transparency.log", "house.about", "house.safety", "house.privacy")


@bp.get("/feeds/debates.atom")
@open_to(everyone, is_kept=True)
def of_site() -> Response:
    """Give the newest debates."""
    found = [entries.of_debate(debate, changed_at) for debate, changed_at in queries.debates()]
    if not found:
        raise NotHere
    place = Place(entries.name_of("site"), canonical(url_for("debates.index")))
    return _feed(Feed(place, _("Debates"), found[-1].published, found))


@bp.get("/feeds/debates/<slug:slug>.atom")
@open_to(everyone, is_kept=True)
def of_debate(slug: str) -> Response:
    """Give what was published last in a debate, of both sides."""
    debate = debate_at(slug)
    found = [entries.of_reply(reply, debate) for reply in queries.replies_in(debate)]
    return _feed(Feed(entries.place_of(debate), said(debate).title, debate.created_at, found))


@bp.get("/feeds/people/<name:name>.atom")
@open_to(everyone, is_kept=True)
def of_member(name: str) -> Response:
    """Give what was published last under a name."""
    byline = there(find(name))
    replies = queries.replies_of(byline)
    if not replies:
        raise NotHere
    found = [entries.of_reply(reply, reply.debate) for reply in replies]
    place = Place(entries.name_of_byline(byline), canonical(url_for("members.show", name=byline.name)))
    return _feed(Feed(place, byline.name, found[-1].published, found))


@bp.get("/sitemap.xml")
@open_to(everyone, is_kept=True)
def sitemap() -> Response:
    """Give the addresses that search engines should know, each with the day of its last change where one is known."""
    house = [(url_for(endpoint), None) for endpoint in ("debates.index", *HOUSE)]
    debates = [
        (url_for("debates.show", slug=debate.slug), changed_at.date())
        for debate, changed_at in queries.debates(queries.IN_MAP)
    ]
    return _xml(render_template("feeds/sitemap.xml", pages=[*house, *debates]), "application/xml")


@bp.get("/robots.txt")
@open_to(everyone, is_kept=True)
def robots() -> Response:
    """Tell search engines which pages are for people alone."""
    roots = [address.removesuffix("/") for _code, address in in_languages("/")] or [canonical("/").removesuffix("/")]
    site = roots[0]
    rules = [f"Disallow: {root.removeprefix(site)}{path}" for root in roots for path in NEVER_LISTED]
    lines = ["User-agent: *", *rules, "", f"Sitemap: {canonical(url_for('feeds.sitemap'))}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


def _feed(feed: Feed) -> Response:
    return _xml(render_template("feeds/feed.xml", feed=feed), "application/atom+xml")


def _xml(text: str, mimetype: str) -> Response:
    """Return an answer in which nothing stands that XML cannot hold, whatever was written in the texts."""
    return Response(NO_XML.sub("\ufffd", text), mimetype=mimetype)
