"""What somebody asks of the search: the question and the filters in the address."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import current_app, request
from flask_babel import gettext as _

from forum.debates.models import Stance
from forum.debates.titles import Title
from forum.search import questions
from forum.search.ranking import PER_LIST, Cursor, Wanted
from forum.text import is_storable, one_line

FIELDS = ("q", "debate", "side", "person", "language", "since", "until")
_CURSOR = re.compile(r"(\d{1,2})-(\d{1,18})", re.ASCII)


class Unknown(ValueError):
    """The address asks for something that there is not."""


@dataclass
class Asked:
    """What is asked; `given`: what was typed and chosen, by field; `errors`: what is wrong with it."""

    given: dict[str, str]
    wanted: Wanted
    keys: list[str]
    after: dict[str, Cursor]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return len(self.given) > ("q" in self.given)


def asked(debates: Mapping[str, Title]) -> Asked:
    """Return what the running request asks; `debates` are there by slug.

    Raises `Unknown` where no page of ours leads on so.
    """
    given = {name: value for name in FIELDS if (value := _typed(name))}
    errors: dict[str, str] = {}
    chosen = debates.get(_one_of(given, "debate", debates, errors))
    wanted = Wanted(
        debate=chosen.id if chosen else None,
        side=_one_of(given, "side", list(Stance), errors),
        person=given.get("person", ""),
        language=_one_of(given, "language", current_app.config["LANGUAGES"], errors),
        since=_day(given, "since", errors),
        until=_day(given, "until", errors),
    )
    after = {name: _cursor(request.args[name]) for name in PER_LIST if name in request.args}
    return Asked(given, wanted, questions.keys(given.get("q", "")), after, errors)


def _typed(name: str) -> str:
    """Return what was typed on one line, without characters that no page can hold."""
    return one_line("".join(c for c in request.args.get(name, "") if is_storable(c)))


def _one_of(given: dict[str, str], name: str, known: Collection[str], errors: dict[str, str]) -> str:
    value = given.get(name, "")
    if value and value not in known:
        errors[name] = {
            "debate": _("There is no such debate here. Choose one of the list, or all."),
            "side": _("There is no such side. Choose one of the list, or all."),
            "language": _("This forum has no such language. Choose one of the list, or all."),
        }[name]
    return value


def _day(given: dict[str, str], name: str, errors: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(given[name]) if name in given else None
    except ValueError:
        errors[name] = _("Write the day as year, month and day: 2026-11-28.")
        return None


def _cursor(value: str) -> Cursor:
    match = _CURSOR.fullmatch(value)
    if match is None:
        raise Unknown(value)
    return int(match[1]), int(match[2])
