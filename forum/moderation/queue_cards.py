"""The lines of the queue as they are drawn, each kept under all that it shows; only how long it waits is left open."""

from typing import Any

from flask import Flask, current_app, request
from flask_login import current_user
from markupsafe import Markup

from forum.accounts.policy import leads
from forum.db import now
from forum.extensions import language
from forum.fragments import kept, mark
from forum.memory import BESIDE
from forum.moderation.queue import Queue, Row
from forum.moderation.waits import waited

TEMPLATE = "moderation/_queue_row.html"
AGE = mark("age")


def queue_cards(page: Queue, chosen: dict[str, str], shown: int | None) -> Markup:
    """Return the wordings of a page of the queue as lines of a list; `shown`: the one that is open."""
    reader: Any = current_user._get_current_object()
    spoken, store, is_lead, number = language(), kept(), leads(reader), reader.id
    around = ("queue", spoken, request.script_root, tuple(chosen.items()), is_lead)

    def facts_of(row: Row) -> tuple[Any, ...]:
        """Return all that the line of a wording shows beside its age."""
        found = page.flags.get(row.id)
        codes = tuple(dict.fromkeys(flag.code for flag in found)) if found else ()
        is_own = row.author_id == number
        holder = None if is_own or row.holder_id is None else (row.holder_id == number, row.holder)
        of_row = (row.reply_id, row.number, row.severity, row.language, row.original_id, row.html)
        return *of_row, codes, is_own, holder, row.id == shown

    facts = [facts_of(row) for row in page.rows]
    lines = store.get_all([(around, them) for them in facts])
    moment, out = now(), []
    for row, them, line in zip(page.rows, facts, lines, strict=True):
        if line is None:
            line = _draw(them, chosen, is_lead)
            store.put((around, them), line, BESIDE + len(row.html))
        minutes = max(0, int((moment - row.created_at).total_seconds() // 60))
        out.append(f"{line[0]}{waited(spoken, minutes)}{line[1]}")
    return Markup("".join(out))  # noqa: S704 (drawn by a template of ours)


def _draw(facts: tuple[Any, ...], chosen: dict[str, str], is_lead: bool) -> tuple[str, str]:
    macro = current_app.jinja_env.get_template(TEMPLATE).module.line  # type: ignore[attr-defined]
    before, behind = str(macro(*facts, chosen, is_lead)).split(AGE)
    return before, behind


def init_app(app: Flask) -> None:
    """Give the templates the lines."""
    app.jinja_env.globals.update(queue_cards=queue_cards, AGE=AGE)
