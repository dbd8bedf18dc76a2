"""Hits as they are drawn: what stands around the words of a reply is kept under all that it shows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Flask, current_app, request
from markupsafe import Markup, escape

from forum.debates.models import Stance
from forum.debates.titles import Title
from forum.debates.translated import said
from forum.extensions import language
from forum.fragments import as_nobody, kept, mark
from forum.memory import BESIDE
from forum.search.queries import Hit, Written
from forum.search.snippets import Part

TEMPLATE = "search/_hit.html"
WORDS = mark("words")


def hit_cards(hits: Sequence[Hit], debates: Mapping[int, Title], folds: Callable[[Written], bool]) -> Markup:
    """Return replies that were found as lines of a list; `folds`: whether the reader has muted an author."""
    around, store = ("hit", language(), request.script_root), kept()
    shown = [(hit, hit.reply, debates[hit.debate_id]) for hit in hits if hit.reply and hit.debate_id in debates]
    keys = [(around, it, _shown_of(debate, it), folds(it)) for _hit, it, debate in shown]
    out = []
    for (hit, _it, _debate), key, pieces in zip(shown, keys, store.get_all(keys), strict=True):
        if pieces is None:
            pieces = _draw(*key[1:])
            store.put(key, pieces, BESIDE + sum(map(len, pieces)))
        out += [pieces[0], marked(hit.parts), pieces[1]]
    return Markup("".join(out))  # noqa: S704 (drawn by a template of ours)


def marked(parts: Sequence[Part]) -> Markup:
    """Return a part of a text with marks at the words that were looked for."""
    pieces = (f"<mark>{escape(it.text)}</mark>" if it.is_hit else escape(it.text) for it in parts)
    return Markup("".join(pieces))  # noqa: S704 (escaped)


def _shown_of(debate: Title, reply: Written) -> tuple[str, ...]:
    words = said(debate)
    label = "" if reply.stance is Stance.NEITHER else words.label(reply.stance)
    return debate.slug, words.title, words.language, label


def _draw(*facts: Any) -> tuple[str, str]:
    macro = current_app.jinja_env.get_template(TEMPLATE).module.line  # type: ignore[attr-defined]
    with as_nobody():
        before, behind = str(macro(*facts)).split(WORDS)
    return before, behind


def init_app(app: Flask) -> None:
    """Give the templates the cards."""
    app.jinja_env.globals.update(hit_cards=hit_cards, marked=marked, WORDS=WORDS)
