"""Ready words to authors: for one rule in one language, shipped in three, changed by the moderators."""

import tomllib
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import String, bindparam, cast, func, select

from forum.accounts.models import User
from forum.db import db, now, rows
from forum.errors import DAMAGED, Overtaken, Refused
from forum.events import Event, record
from forum.fragments import once
from forum.memory import BESIDE
from forum.moderation.desk_models import CannedExplanation
from forum.moderation.rules import all_rules
from forum.moderation.words import WORDS_MAX
from forum.text import is_storable, normal

TITLE_MAX = 80
MOST = 200  # in one language; more than one finds one's way in


def ship() -> None:
    """Store the shipped explanations in a forum that has none yet."""
    if db.session.scalar(select(CannedExplanation.id).limit(1)) is not None:
        return
    data = tomllib.loads((Path(__file__).parent / "explanations.toml").read_text(encoding="utf-8"))
    db.session.add_all(
        CannedExplanation(rule=entry["rule"], language=language, title=words["title"], text=words["text"])
        for entry in data["explanations"]
        for language, words in entry.items()
        if language != "rule"
    )


class Ready(NamedTuple):
    """An explanation as it is offered."""

    id: int
    rule: str
    title: str
    text: str


_OFFERED = (
    select(*(CannedExplanation.__table__.c[name] for name in Ready._fields))
    .where(CannedExplanation.language == bindparam("language"), CannedExplanation.retired_at.is_(None))
    .order_by(CannedExplanation.id)
    .limit(MOST)
)


def stamp() -> Any:
    """Return the question by which the explanations of one moment differ from those of any other, as a subquery."""
    told = func.max(CannedExplanation.id), func.sum(CannedExplanation.version)
    return select(func.coalesce(cast(told[0], String) + "-" + cast(told[1], String), "")).scalar_subquery()


def kept(language: str, stamp: str) -> tuple[Ready, ...]:
    """Return the same as `offered`, asked once in this process until one is changed; `stamp` is that of now."""
    key = ("explanations", language, stamp)
    return once(key, partial(offered, language), lambda found: sum(BESIDE + len(one.text) for one in found))


def offered(language: str) -> tuple[Ready, ...]:
    """Return the explanations in a language, in the order of the rules."""
    rules = list(all_rules())
    found = (Ready._make(row) for row in rows(_OFFERED, {"language": language}))
    return tuple(sorted(found, key=lambda one: rules.index(one.rule) if one.rule in rules else len(rules)))


def find(number: int) -> CannedExplanation | None:
    """Return one that is still offered."""
    return db.session.scalar(
        select(CannedExplanation).where(CannedExplanation.id == number, CannedExplanation.retired_at.is_(None))
    )


def add(rule: str, language: str, title: str, text: str, *, by: User) -> CannedExplanation:
    """Offer a new explanation; the same one again, by a double click, is the same."""
    title, text = _checked(rule, title, text)
    same = select(CannedExplanation).where(
        CannedExplanation.rule == rule,
        CannedExplanation.language == language,
        CannedExplanation.title == title,
        CannedExplanation.text == text,
        CannedExplanation.retired_at.is_(None),
    )
    if (former := db.session.scalar(same.limit(1))) is not None:
        return former
    made = CannedExplanation(rule=rule, language=language, title=title, text=text)
    db.session.add(made)
    record(Event.EXPLANATION_CHANGED, made, by=by, change="added")
    return made


def change(number: int, rule: str, title: str, text: str, *, by: User, seen: int | None) -> None:
    """Change an explanation; `seen`: the version that was on the page."""
    title, text = _checked(rule, title, text)
    found = _to_change(number)
    if (found.rule, found.title, found.text) == (rule, title, text):
        return
    _refuse_old(found, seen)
    found.rule, found.title, found.text = rule, title, text
    record(Event.EXPLANATION_CHANGED, found, by=by, change="changed")


def retire(number: int, *, by: User, seen: int | None) -> None:
    """Offer an explanation no longer; decisions that used its words keep them."""
    found = _to_change(number)
    _refuse_old(found, seen)
    found.retired_at = now()
    record(Event.EXPLANATION_CHANGED, found, by=by, change="retired")


def _to_change(number: int) -> CannedExplanation:
    query = select(CannedExplanation).where(CannedExplanation.id == number).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None or found.retired_at is not None:
        raise Overtaken(_("A colleague has retired this explanation meanwhile. What you typed is kept below."))
    return found


def _refuse_old(found: CannedExplanation, seen: int | None) -> None:
    if seen is None:
        raise Refused(_("Please load the page anew."), "version")
    if found.version != seen:
        raise Overtaken(
            _("A colleague has changed this explanation meanwhile: it stands below as it is now. Yours is kept.")
        )


def _checked(rule: str, title: str, text: str) -> tuple[str, str]:
    title, text = normal(title), normal(text)
    if rule not in all_rules():
        raise Refused(_("Choose the rule that it explains."), "rule")
    if not title or not text:
        raise Refused(_("It needs a name, for colleagues, and the words to the author."), "text" if title else "title")
    for field, words, most in (("title", title, TITLE_MAX), ("text", text, WORDS_MAX)):
        if len(words) > most:
            raise Refused(
                ngettext("At most %(num)d character, please.", "At most %(num)d characters, please.", most), field
            )
        if not is_storable(words):
            raise Refused(str(DAMAGED), field)
    return title, text
