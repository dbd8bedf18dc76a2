"""What every template may ask: the menu's facts, the house rules, how times and files are written."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from babel import Locale
from flask import Flask, current_app, g, render_template, request
from flask_babel import format_date, format_datetime, format_decimal, get_locale
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup, escape
from sqlalchemy import bindparam, select

from forum.accounts.models import Role
from forum.accounts.policy import may_write, moderators
from forum.ages import age, span
from forum.debates import debate_names, mutes
from forum.debates import policy as debates_policy
from forum.debates.debate_names import Standing
from forum.debates.models import LONGEST_QUOTE, SIDES, Debate, Reply, ReplyStatus, Stance
from forum.debates.order import Order
from forum.debates.queries import by_slug
from forum.extensions import language, reader, speaking, written_languages
from forum.moderation import own_desk, people, preferences, statements
from forum.moderation.appeal_queries import hidden_replies
from forum.moderation.policy import may_appeal, may_appeal_sanction
from forum.moderation.queries import why_returned
from forum.moderation.rules import all_rules
from forum.moderation.sanction_models import Sanction
from forum.moderation.screening.words import FOR_MODERATORS
from forum.notifications.follow_queries import Personal, personal
from forum.notifications.queries import MOST_TOLD, menu_counts
from forum.privacy.models import Leaving
from forum.text import first_words, snippet
from forum.transparency.queries import HEAD_VALUE, Head, head_of, undoable
from forum.transparency.views import last_shown
from forum.web import asset_version, canonical, in_languages, language_links, own_language_name

LEAVES_AT = select(Leaving.due_at).where(Leaving.user_id == bindparam("reader"))
HERE = ("sort", "language", "pro", "anti")  # what chooses among the replies of a page
SHORT = range(1, 20)  # characters of a value in the query that means something here
OPENING, CLOSING = "“„«‘", "”“»’"  # quotation marks of the three languages


def _here(order: Order | None) -> str:
    """Return the address of the page that is shown, with the hour of its order; nothing where a form was refused."""
    if request.method != "GET":
        return ""
    asked = {name: request.args[name] for name in HERE if len(request.args.get(name, "")) in SHORT}
    if order and order.carried:
        asked["hour"] = order.carried
    return request.script_root + request.path + (f"?{urlencode(asked)}" if asked else "")


def _debate_above() -> Debate | None:
    """Return the debate below whose address something is looked for, also where nothing is found there."""
    match = re.search(r"/debates/([a-z0-9-]+)", request.path)
    return by_slug(match[1]) if match else None


def _hides_rule(reply: Reply) -> bool:
    """Say whether staff could still judge why a reply was removed; asked once for a page, and only for them."""
    who = reader()
    if not (who.is_authenticated and who.is_staff):
        return False
    if "hidden_replies" not in g:
        g.hidden_replies = hidden_replies(who)
    return reply.id in g.hidden_replies


def _day(moment: datetime, form: str = "long") -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(moment.date().isoformat(), format_date(moment, form))


def _moment(moment: datetime, form: str = "d MMMM, HH:mm") -> Markup:
    written = format_datetime(moment, form)
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(timespec="minutes"), escape(written))


def _full_moment(moment: datetime) -> Markup:
    """Write a moment with its year: for what is kept and read again long after."""
    written = format_datetime(moment, "d MMMM y, HH:mm")
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(timespec="minutes"), escape(written))


def _spoken(template: str, to: str, **facts: Any) -> Markup:
    """Render a part of a page in the language of the person whom it concerns, whatever the page speaks."""
    with speaking(to):
        return Markup(render_template(template, **facts))  # noqa: S704 (a template of ours)


def _counts() -> Mapping[str, Any]:
    """Return what the menu counts for the person who is signed in, and the head of the log; asked once for a page."""
    found: dict[str, Any] | None = g.get("menu_counts")
    if found is None:
        more = (("head", HEAD_VALUE), ("leaves_at", LEAVES_AT))
        found = g.menu_counts = menu_counts(reader(), more, undoable())
    return found


def _leaves_at() -> datetime | None:
    """Return when the account of the reader will be deleted, if they, or whoever has their session, asked for it."""
    leaves_at: datetime | None = _counts()["leaves_at"] if reader().is_authenticated else None
    return leaves_at


class Told(NamedTuple):
    """What the menu shows of the person who is signed in."""

    name: str
    is_staff: bool
    waiting: int
    news: int


def _told_of_reader() -> Told | None:
    who = reader()
    if not who.is_authenticated:
        return None
    found = _counts()
    return Told(who.name, who.is_staff, found.get("waiting", 0), found["unread"] + found["news"])


def _personal() -> Personal:
    """Return whom the member who is signed in has muted and what they follow."""
    if not reader().is_authenticated:
        return Personal()
    if "personal" not in g:
        g.personal = personal(_counts())
    found: Personal = g.personal
    return found


def _log_head() -> Head | None:
    """Return hash and hour of the log's head, for members from the query that asks for the menu's counts."""
    if not reader().is_authenticated:
        return last_shown()
    return head_of(_counts()["head"])


def _restrictions() -> list[Sanction]:
    """Return what keeps the person who is signed in from writing now; asked once for a page."""
    who = reader()
    if not who.is_authenticated:
        return []
    if "restrictions" not in g:
        g.restrictions = people.restrictions(who)
    found: list[Sanction] = g.restrictions
    return found


def _written_as(debate: Debate) -> Standing:
    """Return under which name the member who is signed in writes in a debate; asked once for a page."""
    if "written_as" not in g:
        g.written_as = debate_names.standing(debate, current_user)
    found: Standing = g.written_as
    return found


def _plain_title(is_error_of_ours: bool) -> str:
    """Return what tab and history say instead of what the page is about; nothing where they may tell.

    Behind an error of ours nobody asks who reads, so it says no more to anybody.
    """
    who = reader()
    wishes = is_error_of_ours or (who.is_authenticated and who.has_plain_titles)
    return str(current_app.config["NEUTRAL_TITLE"]) or (_("Notes") if wishes else "")


def _asset(name: str) -> str:
    """Return the address of a static file; it changes with the file, so that browsers may keep it."""
    return f"/static/{name}?v={asset_version(name)}"


def _in_marks(words: str) -> str:
    """Return words between quotation marks, where they do not bring their own."""
    opening, closing = _("“ ”").split()
    return ("" if words[0] in OPENING else opening) + words + ("" if words[-1] in CLOSING else closing)


def _grouped(digits: str) -> str:
    """Return digits in groups of four, to be compared by eye."""
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def _language_name(code: str) -> str:
    """Return the name of a language in the reader's own."""
    return Locale.parse(code).get_display_name(get_locale()) or code


def _role_name(role: Role) -> str:
    """Return what a role is called."""
    return {Role.MEMBER: _("Member"), Role.MODERATOR: _("Moderator"), Role.LEAD: _("Lead moderator")}[role]


def _status_name(status: ReplyStatus) -> str:
    """Return in a word where a reply stands, as colleagues say it."""
    words = {
        ReplyStatus.PENDING: _("Waiting"),
        ReplyStatus.PUBLISHED: _("Published"),
        ReplyStatus.RETURNED: _("Returned"),
        ReplyStatus.REJECTED: _("Rejected"),
        ReplyStatus.REMOVED: _("Removed"),
        ReplyStatus.WITHDRAWN: _("Taken back"),
    }
    return words[status]


class _Counted(int):
    """A count that is written with the separators of the reader's language, and still chooses the plural."""

    def __str__(self) -> str:
        return str(format_decimal(int(self)))


class _OrMore(_Counted):
    """A count of the desk, which is told exactly up to a thousand, then as “1,000+”."""

    is_more: bool

    def __new__(cls, count: int) -> "_OrMore":
        it = super().__new__(cls, min(count, MOST_TOLD))
        it.is_more = count > MOST_TOLD
        return it

    def __str__(self) -> str:
        return f"{super().__str__()}+" if self.is_more else super().__str__()


def _bar(count: int, largest: int) -> int:
    """Return the width in pixels of a bar beside a passage: 40 for the largest count of either side."""
    return max(1, round(40 * count / largest))


# What a template asks before it offers something; rules and views ask the same.
PERMISSIONS: Mapping[str, Callable[..., Any]] = {
    may.__name__: may
    for may in (
        may_write,
        moderators,
        debates_policy.may_reply,
        debates_policy.may_edit,
        debates_policy.may_change_side,
        debates_policy.may_withdraw,
        debates_policy.may_vote,
        debates_policy.may_take_name,
        debates_policy.may_take_position,
        debates_policy.may_see_shift,
        debates_policy.can_be_answered,
        debates_policy.can_be_translated,
        may_appeal,
        may_appeal_sanction,
    )
}
# What is so: of the forum, of the person who reads, of the page.
FACTS: Mapping[str, Any] = {
    "SIDES": SIDES,
    "LONGEST_QUOTE": LONGEST_QUOTE,
    "pro": Stance.PRO,
    "anti": Stance.ANTI,
    "neither": Stance.NEITHER,
    "rule": lambda code: all_rules()[code],
    "all_rules": lambda: all_rules().values(),
    "written_languages": written_languages,
    "log_head": _log_head,
    "counts": _counts,
    "personal": _personal,
    "told_of_reader": _told_of_reader,
    "undoable": lambda: own_desk.of_reader(current_user).undoable,
    "restrictions": _restrictions,
    "written_as": _written_as,
    "muted_names": lambda: mutes.muted_by(current_user),
    "why_returned": why_returned,
    "leaves_at": _leaves_at,
    "desk_preference": lambda: preferences.of_reader(current_user),
    "kbd": partial(preferences.kbd, current_user),
    "shortcut": partial(preferences.shortcut, current_user),
    "hides_rule": _hides_rule,
    "statements_of": statements.of_sanctions,
    "language": language,
    "here": _here,
    "debate_above": _debate_above,
    "canonical": canonical,
    "in_languages": in_languages,
    "language_links": language_links,
    "asset": _asset,
    "plain_title": _plain_title,
    "spoken": _spoken,
    "bar": _bar,
}
# How things are written.
WRITTEN: Mapping[str, Callable[..., Any]] = {
    "age": age,
    "counted": _Counted,
    "or_more": _OrMore,
    "span": span,
    "day": _day,
    "moment": _moment,
    "full_moment": _full_moment,
    "html": Markup,
    "first_words": first_words,
    "snippet": snippet,
    "in_marks": _in_marks,
    "grouped": _grouped,
    "capitalize_first": lambda words: str(words)[:1].upper() + str(words)[1:],
    "language_name": _language_name,
    "own_language_name": own_language_name,
    "role_name": _role_name,
    "status_name": _status_name,
    "flag_name": lambda code: FOR_MODERATORS.get(code, code),  # of a version before this one, maybe
}


def init_app(app: Flask) -> None:
    """Give the templates what they may ask."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(PERMISSIONS, **FACTS)
    app.jinja_env.filters.update(WRITTEN)
