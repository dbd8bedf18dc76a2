"""Doors of a debate: read it, reply."""

import secrets
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from forum.accounts.doors import open_to
from forum.accounts.models import User
from forum.accounts.policy import everyone, members
from forum.db import writing
from forum.debates import drafts, positions, queries, quotes, replies, shift_figures, thread_queries, translated, visits
from forum.debates import order as orders
from forum.debates.addresses import debate_at, debate_page, pages_in_address, reply_in
from forum.debates.draft_models import Draft
from forum.debates.forms import KEY, Drafted, ReplyForm
from forum.debates.models import Debate, Reply
from forum.debates.passage_queries import PassageRead, passage_in
from forum.debates.places import Tally
from forum.debates.policy import can_be_answered, can_be_translated, may_reply, may_see_shift, may_take_position
from forum.debates.position_models import Position
from forum.debates.reply_translations import is_seen
from forum.errors import NotHere, Overtaken, Refused, there
from forum.extensions import language, reader
from forum.forms import answered, number_in_address
from forum.web import canonical

bp = Blueprint("debates", __name__)
# Of the form of a reply.
IN_ADDRESS = ("parent", "passage", "article", "quote", "prefix", "suffix", "original", "language")


@bp.get("/")
@open_to(everyone, is_kept=True)
def index() -> str:
    """Show all debates."""
    page = number_in_address("page", 1)
    found = queries.listed(page)
    if page > 1 and not found.debates:
        raise NotHere
    return render_template("debates/index.html", found=found, page=page)


@bp.get("/debates/<slug:slug>")
@open_to(everyone, is_kept=True)
def show(slug: str) -> str:
    """Show the article, its voices and both columns."""
    page, who = debate_page(slug), reader()
    debate, pages = page.debate, pages_in_address()
    order, usual_sort = orders.asked(debate, request.args), orders.usual(debate)
    columns = there(queries.columns(debate, pages, order, who, version=page.versions))
    article = translated.article_shown(debate, queries.kept_article(debate, page.article))
    is_member = who.is_authenticated
    position, since, news = _own_of(debate, who) if is_member else (None, None, None)
    shown = (article.facts, columns.tally.facts, columns.facts, order.facts, usual_sort)
    return render_template(
        "debates/show.html",
        facts=(translated.said(debate).facts, canonical(), *shown),
        debate=debate,
        article=article,
        alternating=queries.voices_in_turn,
        tally=columns.tally,
        columns=columns,
        order=order,
        usual_sort=usual_sort,
        is_member=is_member,
        is_asked=may_take_position(who, debate),
        asks=may_reply(who, debate),
        position=position,
        since=since,
        news=news,
        shift=shift_figures.figures(debate) if may_see_shift(debate, position) else None,
    )


def _own_of(debate: Debate, reader: User) -> tuple[Position | None, datetime | None, Tally | None]:
    """Return what the member has answered, when they were here before, and what is new since then."""
    since = visits.last_visit(debate.id)
    if since is None:
        return positions.own_beside(debate, reader, None, {})[0], None, None
    values = visits.since_then(debate, since, reader)
    position, row = positions.own_beside(debate, reader, visits.NEWS, values)
    return position, since, visits.news(row[:3])


@bp.get("/debates/<slug:slug>/replies/<id:reply_id>")
@open_to(everyone, is_kept=True)
def show_reply(slug: str, reply_id: int) -> str | AnyResponse:
    """Show one reply in its thread, under the address that never moves."""
    debate = debate_at(slug)
    reply = reply_in(debate, reply_id)
    if reply.original_id and is_seen(reply):
        return redirect(url_for(".show_reply", slug=slug, reply_id=reply.original_id, _anchor=f"reply-{reply_id}"))
    thread = there(thread_queries.thread(reply, current_user))
    return render_template("debates/reply.html", debate=debate, thread=thread, reply=reply)


@bp.get("/debates/<slug:slug>/replies/new")
@open_to(everyone)
def new_reply(slug: str) -> AnyResponse:
    """Show the reply form as a page of its own; readers write first and sign in afterwards.

    What a reply will be known by stands in the address of its form: who comes back to it does not begin another.
    """
    debate, key = debate_at(slug), request.args.get("key", "")
    if not KEY.match(key):
        given: dict[str, Any] = {name: request.args[name] for name in IN_ADDRESS if name in request.args}
        return redirect(url_for(".new_reply", slug=slug, **given, key=secrets.token_urlsafe(12)))
    numbers = {name: number_in_address(name, None) for name in ("parent", "passage", "article", "original")}
    words = {name: request.args.get(name, "") for name in ("quote", "prefix", "suffix", "language")}
    form = ReplyForm(numbers | words | {"key": key}, fresh=True)
    if form.original_id and not form.language.data:
        form.language.data = language()  # into what one reads; the page leaves out that of the original
    draft = drafts.find(current_user, debate, form.place) if current_user.is_authenticated else None
    if draft is not None:
        form.fill(draft.text, draft.fields, draft.version)
    try:
        _original(debate, form.original_id)
        quotes.read(_answered(debate, form, _parent(debate, form.parent_id)), *form.quoted)
    except Refused as error:
        if error.field != "quote" and draft is None:
            raise NotHere from error
        form.take(error)  # what a draft answers may have gone since: then its text can be sent as a reply of its own
        form.draft.data = form.seen_draft
    return reply_page(debate, form)


def _closed(slug: str) -> Response | None:
    """Return the page that says of a closed debate that no reply can be sent, the text still in it."""
    debate = debate_at(slug)
    return None if debate.is_open else reply_page(debate, ReplyForm())


@bp.post("/debates/<slug:slug>/replies")
@open_to(members, keeps_text=True, in_vain=_closed)
def post_reply(slug: str) -> AnyResponse:
    """Send a reply to the moderators."""
    debate = debate_at(slug)
    form = ReplyForm()
    if form.is_sent():
        try:
            said = replies.wording(form.text.data, form.chosen_language)
            original = _original(debate, form.original_id)
            parent = _parent(debate, form.parent_id)
            passage = _answered(debate, form, parent)
            quote = quotes.read(passage, *form.quoted)
            if form.take_hints(said.text):
                return reply_page(debate, form)
            author = current_user._get_current_object()  # who stands behind it is asked for dozens of times
            with writing():
                reply = replies.post(
                    debate,
                    said,
                    author=author,
                    stance=original.stance if original else form.side,
                    parent=parent,
                    passage=passage.number if passage else None,
                    quote=quote,
                    key=form.sent_as,
                    language=language(),
                    original=original,
                    translated=form.wording.data,
                )
                drafts.sent(debate, form.place, said.text, author=author, seen=form.seen_draft)
                place = place_of(debate, reply)
            return redirect(place, 303)
        except Refused as error:
            form.take(error)
            if isinstance(error, Overtaken):
                form.key.data = replies.key_after(form.sent_as)  # sent again, it is another reply
    return reply_page(debate, form)


def _answerable(debate: Debate, parent_id: int | None) -> Reply | None:
    parent = queries.parent(parent_id) if parent_id else None
    return parent if parent and parent.debate_id == debate.id and can_be_answered(parent) else None


def _parent(debate: Debate, parent_id: int | None) -> Reply | None:
    parent = _answerable(debate, parent_id)
    if parent_id is not None and parent is None:
        raise Refused(_("The reply that you answer is not there, or can no longer be answered."), "parent")
    return parent


def _original(debate: Debate, original_id: int | None) -> Reply | None:
    original = _translatable(debate, original_id)
    if original_id is not None and original is None:
        raise Refused(_("The reply that you translate is not there, or no longer public."), "original")
    return original


def _translatable(debate: Debate, original_id: int | None) -> Reply | None:
    original = queries.parent(original_id) if original_id else None
    return original if original and original.debate_id == debate.id and can_be_translated(original) else None


def _answered(debate: Debate, form: ReplyForm, parent: Reply | None) -> PassageRead | None:
    """Return the passage that a reply answers, as its author has read it; an answer to a reply answers none."""
    number = form.passage_number
    passage = passage_in(debate, number, form.article_number) if number is not None else None
    if number is not None and passage is None and passage_in(debate, number):
        raise Refused(_("No wording of the article with this number has the passage."), "article")
    if number is not None and passage is None:
        raise Refused(_("There is no such passage in the article."), "passage")
    return passage if parent is None else None


def _passage_read(debate: Debate, form: ReplyForm) -> PassageRead | None:
    """Return the passage that the form shows: in the wording that its author has read, if there is such a one."""
    number = form.passage_number
    if number is None:
        return None
    return passage_in(debate, number, form.article_number) or passage_in(debate, number)


def keep_typed(debate: Debate, form: Drafted, *, tells: bool) -> Draft | None:
    """Keep what a member typed, whatever became of the form; return the draft of another window in its way.

    A form that an error of the database brought back is not kept, nor one that no page of ours sent, nor a
    translation of what was erased.
    """
    is_sent = request.method == "POST" and "troubles" not in g and not form.csrf_token.errors
    if not (is_sent and current_user.is_authenticated):
        return None
    if isinstance(form, ReplyForm) and form.original.errors and drafts.is_erased(form.original.data or 0):
        return None
    typed = (debate, form.place, form.text.data or "", form.beside_text)
    try:
        with writing():
            draft = drafts.keep(*typed, author=current_user, seen=form.seen_draft, key=form.sent_as)
            version = draft.version if draft else None
    except Overtaken as error:
        refused = form.status
        form.take(error)
        form.status = refused if refused >= 400 else form.status  # why it was not sent comes first
        draft = drafts.find(current_user, debate, form.place)
        form.draft.data = draft.version if draft else None
        return draft
    except Refused as error:
        if tells:
            form.take(error)
    else:
        form.draft.data = version
    return None


def place_of(debate: Debate, reply: Reply) -> str:
    """Return where its author finds a reply: at the head of its column, in its thread, or among their own ones."""
    anchor = f"reply-{reply.id}"
    if reply.is_translation:
        return url_for("moderation.own_replies", _anchor=anchor)
    if reply.parent_id is None:
        return url_for("debates.show", slug=debate.slug, _anchor=anchor)
    return url_for("debates.show_reply", slug=debate.slug, reply_id=reply.id, _anchor=anchor)


def reply_page(debate: Debate, form: ReplyForm, *, preview: str = "", is_keeping: bool = False) -> Response:
    """Return the page of the reply form with what it answers beside it; what was typed is kept as a draft.

    `is_keeping`: that is all that was asked for, so the page tells if it is not possible.
    """
    other = keep_typed(debate, form, tells=is_keeping)
    draft = drafts.find(current_user, debate, form.place) if current_user.is_authenticated else None
    facts: dict[str, Any] = {
        "preview": preview,
        "draft": draft,
        "other": other,
        "is_keeping": is_keeping,
        "sent": replies.sent_as(form.sent_as, current_user) if current_user.is_authenticated else None,
        "original": _translatable(debate, form.original_id),
        "parent": _answerable(debate, form.parent_id),
        "passage": _passage_read(debate, form),
    }
    say_closed(debate, form)
    return answered(form, render_template("debates/new_reply.html", debate=debate, form=form, **facts))


def say_closed(debate: Debate, form: Drafted) -> None:
    """Say above the form that nothing can be sent to a closed debate, and that what was typed is not lost."""
    if not debate.is_open:
        kept = _("Your text is kept on this page: you can copy it.") if form.text.data else ""
        form.problems = [f"{replies.closed_message(debate)} {kept}".strip()]
        form.status = form.status if form.status >= 400 else 409
