"""The forms of the desk."""

import re
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from forum.errors import Refused
from forum.extensions import written_languages
from forum.forms import Form, Line, RevisionForm, RowNumber
from forum.moderation.models import OUTCOMES, Action
from forum.moderation.own_desk import Wishes
from forum.moderation.queue import Choice
from forum.moderation.rules import all_rules
from forum.moderation.screening.words import FOR_AUTHORS
from forum.web import SlugConverter


class DecisionForm(RevisionForm):
    """An action on the wording that was read; rule and explanation where it restricts."""

    action = RadioField(
        choices=[action.value for action in Action],
        validators=[InputRequired(_l("Choose what to do with this reply."))],
    )
    rule = RadioField(choices=list(all_rules()), validators=[Optional()])
    explanation = Line()
    note = Line()  # to colleagues; kept with the decision if it was typed and not sent before
    fill = RowNumber()  # a ready explanation to put into the field; nothing is decided then
    holder = RowNumber()  # who had the reply open when the page was made
    revision = RowNumber(validators=[InputRequired(_l("Please load the page anew."))])
    shown = RowNumber()  # the wording that everybody read, where `revision` is a new one that waits

    former = RowNumber()  # one that the history shows, to be taken out of it

    def judged(self, action: Action) -> int:
        """Return which wording was judged: the one that waited, the one that everybody read, or a former one."""
        if action is Action.REMOVE_WORDING:
            if not self.former.data:
                raise Refused(_("Choose the wording that breaks a rule."), "former")
            return int(self.former.data)
        return int(self.revision.data if action in OUTCOMES else self.shown.data or self.revision.data)

    @property
    def holds_words(self) -> bool:
        """Whether something was typed or chosen that another page would not show again."""
        return bool(
            self.rule.data
            or self.former.data
            or (self.explanation.data or "").strip()
            or (self.note.data or "").strip()
        )

    @property
    def wants_words(self) -> bool:
        """Whether a button of a ready explanation was pressed, not one that decides."""
        return "fill" in request.form and self.fill.validate(self) and self.fill.data is not None


def read_choice(wishes: Wishes) -> tuple[Choice, dict[str, Any]]:
    """Return what of the queue the address asks for, and the part of the address that says so.

    Without a language in it, the moderator's own languages count; `all` is all of them. `of=reports`: not
    the queue, but the list of reports.
    """
    if request.args.get("of") == "reports":
        return Choice(of="reports"), {"of": "reports"}
    asked = {name: request.args.get(name, "") for name in ("language", "debate", "flag")}
    possible = written_languages()
    asked["language"] = asked["language"] if asked["language"] in {*possible, "all"} else ""
    asked["debate"] = asked["debate"] if _is_slug(asked["debate"]) else ""
    asked["flag"] = asked["flag"] if asked["flag"] in FOR_AUTHORS else ""
    language = asked["language"]
    languages = wishes.languages if not language else () if language == "all" else (language,)
    choice = Choice(languages, asked["debate"], asked["flag"])
    return choice, {name: value for name, value in asked.items() if value}


def read_place(name: str) -> tuple[int, int] | None:
    """Return the place in the queue that the address names; of anything else none."""
    parts = request.args.get(name, "").split("-")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        return None
    return int(parts[0]), int(parts[1])


def _is_slug(text: str) -> bool:
    return len(text) <= 80 and re.fullmatch(SlugConverter.regex, text) is not None


class TogetherForm(Form):
    """One action, rule and reason for several replies with the same words."""

    action = RadioField(
        choices=["return", "reject"], validators=[InputRequired(_l("Choose what to do with these replies."))]
    )
    rule = RadioField(choices=list(all_rules()), validators=[Optional()])
    explanation = Line()
    chosen = SelectMultipleField(choices=[], validate_choice=False)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The ticked wordings as numbers of reply and wording; what is no such pair is left out."""
        pairs = [value.split("-") for value in self.chosen.data or []]
        return [(int(p[0]), int(p[1])) for p in pairs if len(p) == 2 and all(_is_number(part) for part in p)]


class ExplanationForm(Form):
    """A ready explanation; `version` is the one that was on the page."""

    rule = SelectField(validators=[InputRequired(_l("Choose the rule that it explains."))])
    language = SelectField(validators=[Optional()])
    title = Line()
    text = Line()
    version = RowNumber()


class PreferenceForm(Form):
    """How a moderator wants the desk."""

    keys = BooleanField()
    languages = SelectMultipleField()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
