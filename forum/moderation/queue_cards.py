"""The lines of the queue as they are drawn, each kept under all that it shows; only how long it waits is left open."""

from typing import Any

from flask import Flask, current_app, request
from flask_login import current_user

from forum.accounts.policy import leads
from forum.extensions import language
from forum.fragments import mark, once
from forum.memory import BESIDE
from forum.moderation.queue import Queue, Row

TEMPLATE = "moderation/_queue_row.html"
AGE = mark("age")


def queue_cards(page: Queue, chosen: dict[str, str], shown: int | None) -> list[tuple[Row, str, str]]:
    """Return each wording of the page with what stands before its age and behind it; `shown`: the one that is open."""
    reader: Any = current_user._get_current_object()
    around = ("queue", language(), request.script_root, tuple(chosen.items()), leads(reader))

    def drawn(row: Row) -> tuple[str, str]:
        """Ask for the line under its facts."""
        codes = tuple(dict.fromkeys(flag.code for flag in page.flags.get(row.id, ())))
        is_own = row.author_id == reader.id
        holder = None if is_own or row.holder_id is None else (row.holder_id == reader.id, row.holder)
        facts = (row.reply_id, row.number, row.severity, row.language, row.html, codes, is_own, holder, row.id == shown)
        return once((*around, *facts), lambda: _draw(facts, chosen, around[-1]), lambda _pieces: BESIDE + len(row.html))

    return [(row, *drawn(row)) for row in page.rows]


def _draw(facts: tuple[Any, ...], chosen: dict[str, str], is_lead: bool) -> tuple[str, str]:
    macro = current_app.jinja_env.get_template(TEMPLATE).module.line  # type: ignore[attr-defined]
    before, behind = str(macro(*facts, chosen, is_lead)).split(AGE)
    return before, behind


def init_app(app: Flask) -> None:
    """Give the templates the lines."""
    app.jinja_env.globals.update(queue_cards=queue_cards, AGE=AGE)
