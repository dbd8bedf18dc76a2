"""The forms of a debate."""

import re
from collections.abc import Callable
from typing import Any

from flask import current_app, g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.validators import AnyOf, InputRequired, Optional, Regexp, ValidationError

from forum.debates.models import Outcome, Reply, Revision, Stance
from forum.debates.position_models import SCALE, Reading
from forum.errors import Overtaken
from forum.forms import Form, Line, RevisionForm, RowNumber

KEY = re.compile(r"^[A-Za-z0-9_-]{1,64}\Z")  # what a reply is known by, before it has a number
TRANSLATION = "translation"  # the place of a draft that translates a reply
ANSWERS = {"1": True, "0": False, "": None, "none": None}


class Hinted(Form):
    """A form whose author is told, before the text is sent, what others will see in it."""

    hints_seen = HiddenField()  # codes of what the author was told
    hints: Any = ()

    def take_hints(self, text: str) -> bool:
        """Say whether there is something that the author has not been told yet, and keep it to be shown.

        Sent once more, the form says so in `hints_seen` and is not stopped; nor is one without that
        field, which no page of ours sent.
        """
        if "hints_seen" not in request.form:
            return False
        unseen_hints: Callable[[str, list[str]], list[Any]] = current_app.extensions["unseen_hints"]
        self.hints = unseen_hints(text, (self.hints_seen.data or "").split(","))
        if self.hints:
            self.hints_seen.data = ",".join(hint.code for hint in self.hints)
        return bool(self.hints)


class Drafted(Hinted):
    """A form whose text is kept as a draft of its author until it is sent."""

    draft = RowNumber()  # version of the draft that the page has shown
    language = HiddenField()  # in which it is written; empty: recognised by its letters
    beside: tuple[str, ...] = ()  # what a draft keeps beside text, side and language, as it was typed

    def validate_language(self, field: HiddenField) -> None:
        """Refuse a language in which the forum has no pages."""
        if field.data and field.data not in current_app.config["LANGUAGES"]:
            raise ValidationError(_("Choose one of the languages in the list, or let it be recognised."))

    @property
    def chosen_language(self) -> str | None:
        """The language that its author has chosen, if they have, and the field can be used."""
        return None if self.language.errors else self.language.data or None

    @property
    def place(self) -> str:
        """Where in the debate it belongs, as one word."""
        raise NotImplementedError

    @property
    def sent_as(self) -> str:
        """What the reply will be known by that is made of it: the same page sent twice makes one."""
        return ""

    @property
    def seen_draft(self) -> int:
        """Version of the draft at its place that the page has shown."""
        return self.draft.data or 0

    @property
    def beside_text(self) -> dict[str, str]:
        """What a draft keeps beside the text."""
        kept = {name: str(self._fields[name].data or "") for name in self.beside if not self._fields[name].errors}
        stance = self.stance.data if self.stance.data in set(Stance) else ""
        return kept | {"stance": stance, "language": self.chosen_language or ""}

    def is_ours_unfinished(self) -> bool:
        """Say whether the form came from a page of ours; that something is missing in it is not said."""
        if "resumed" in g or request.method != "POST":
            return False
        self.is_sent()
        self.stance.errors = self.text.errors = ()
        self.status = 422 if self.csrf_token.errors else 200
        return not self.csrf_token.errors


def _unless_translated(message: Any) -> Callable[[Form, Any], None]:
    """Return what asks for a field: not in a translation, which has the side of its original."""

    def ask(form: Form, field: Any) -> None:
        (Optional() if form._fields["original"].data else InputRequired(message))(form, field)

    return ask


class ReplyForm(Drafted):
    """A side and an argument, or a translation of one; where it belongs rides along."""

    beside = ("quote", "prefix", "suffix", "article", "wording")
    original = RowNumber()  # the reply that is translated, …
    wording = RowNumber()  # … in the wording that its translator has read
    stance = RadioField(
        choices=[stance.value for stance in Stance],
        validators=[_unless_translated(_l("Choose the side for which your reply argues."))],
    )
    text = Line(validators=[InputRequired(_l("Write your argument here."))])
    parent = RowNumber()
    passage = RowNumber()
    article = RowNumber()  # number of the wording of the article that its author has read
    quote = Line()
    prefix = HiddenField()  # what stands around the words where they were picked; only compared, never stored
    suffix = HiddenField()
    key = HiddenField(validators=[Optional(), Regexp(KEY, message=_l("Please load the page anew."))])

    @property
    def sent_as(self) -> str:
        """The key that the page was given."""
        return self.key.data or ""

    @property
    def original_id(self) -> int | None:
        """The reply that is translated, if the field can be used."""
        return None if self.original.errors else self.original.data

    def read_wording(self, original: Reply) -> int | None:
        """Return which wording of the original has been read: the former one, until a page says that it has changed."""
        is_old = self.status != Overtaken.status and self.wording.data and not self.wording.errors
        return self.wording.data if is_old else original.shown_revision_id

    @property
    def parent_id(self) -> int | None:
        """The reply that is answered, if the field can be used."""
        return None if self.parent.errors else self.parent.data

    @property
    def passage_number(self) -> int | None:
        """The passage that is answered, if the field can be used."""
        return None if self.passage.errors else self.passage.data

    @property
    def article_number(self) -> int | None:
        """The wording of the article in which the passage was read, if the field can be used; None: the shown one."""
        return None if self.article.errors else self.article.data

    @property
    def quoted(self) -> tuple[str, str, str]:
        """The words that are quoted, and what stands before and after them."""
        return self.quote.data or "", self.prefix.data or "", self.suffix.data or ""

    @property
    def side(self) -> Stance:
        """The chosen side."""
        return Stance(self.stance.data)

    @property
    def place(self) -> str:
        """Where in the debate it belongs, as one word: to a reply, to a passage, or to the whole article."""
        if self.original_id:
            return f"{TRANSLATION}-{self.original_id}"
        if self.parent_id:
            return f"reply-{self.parent_id}"
        return f"passage-{self.passage_number}" if self.passage_number else ""

    @property
    def seen_draft(self) -> int:
        """Version of the draft at its place that the page has shown; where its place has gone, none."""
        place = (self.original, self.parent, self.passage)
        return 0 if any(field.errors for field in place) else self.draft.data or 0

    def fill(self, text: str, beside: dict[str, str], version: int) -> None:
        """Go on with a draft; words that were just picked for a quotation come before those that it has."""
        self.text.data, self.stance.data, self.draft.data = text, beside.get("stance"), version
        self.language.data = beside.get("language") or self.language.data
        self.wording.data = int(beside.get("wording") or 0) or self.wording.data
        if not self.quote.data:
            for name in ("quote", "prefix", "suffix"):
                self._fields[name].data = beside.get(name, "")
            self.article.data = int(beside.get("article") or 0) or self.article.data


class EditForm(Drafted, RevisionForm):
    """A new wording; `revision` is the one that was edited, `state` what had become of that one.

    `translated` is the wording of the original with which a translation was compared.
    """

    beside = ("revision", "state", "translated")
    translated = RowNumber()
    state = HiddenField(validators=[Optional(), AnyOf([outcome.value for outcome in Outcome])])
    stance = RadioField(choices=[stance.value for stance in Stance], validators=[Optional()])
    text = Line(validators=[InputRequired(_l("Write your argument here."))])

    def __init__(self, reply: Reply, wording: Revision) -> None:
        """Fill the form with what was sent, else with the wording that the edit begins with."""
        super().__init__({"stance": reply.stance.value, "text": wording.text, "language": wording.chosen_language})
        self.reply_id = reply.id

    @property
    def place(self) -> str:
        """A place of its own for each reply."""
        return f"edit-{self.reply_id}"

    def fill(self, text: str, beside: dict[str, str], version: int) -> None:
        """Go on with a draft of the wording that was edited when it was begun."""
        self.text.data, self.draft.data, self.state.data = text, version, beside.get("state")
        self.stance.data = beside.get("stance") or self.stance.data
        self.language.data = beside.get("language", self.language.data)
        self.revision.data = int(beside.get("revision") or 0) or None
        self.translated.data = int(beside.get("translated") or 0) or None

    def read_original(self, original: Reply) -> int | None:
        """Return which wording of the original has been read, as `ReplyForm.read_wording` does."""
        is_old = self.status != Overtaken.status and self.translated.data and not self.translated.errors
        return self.translated.data if is_old else original.shown_revision_id

    def read_state(self, reply: Reply) -> str:
        """Return what had become of the wording that the author has read, as `read_revision` says which one it is."""
        is_old = self.read_revision(reply.latest_revision) != reply.latest_revision.id or (
            self.status != Overtaken.status and self.state.data and not self.state.errors
        )
        return self.state.data or "" if is_old else reply.latest_revision.outcome.value


class PositionForm(Form):
    """Where a member stands, before reading or after: each point of the scale is a button that sends it."""

    position = RadioField(
        choices=[str(point) for point in SCALE], validators=[InputRequired(_l("Choose one of the five points."))]
    )
    moment = RadioField(
        choices=[reading.value for reading in Reading],
        validators=[InputRequired(_l("Please load the page of the debate anew and answer there."))],
    )

    @property
    def reading(self) -> Reading:
        """Which of the two questions is answered, the first one where the field cannot be used."""
        return Reading.AFTER if self.moment.data == Reading.AFTER else Reading.BEFORE


class VoteForm(Form):
    """Whether a reply is well argued; pressed once more, the chosen button takes the answer back."""

    well_argued = HiddenField()
    wording = RowNumber()  # that was read
    place = HiddenField()  # the page on which it was answered

    def validate_well_argued(self, field: HiddenField) -> None:
        """Refuse what is none of the answers, and their absence."""
        if not field.raw_data or field.data not in ANSWERS:
            raise ValidationError(_("Please answer with Yes or No."))

    @property
    def answer(self) -> bool | None:
        """The answer; None takes it back."""
        return ANSWERS[self.well_argued.data]


class NameForm(Form):
    """Another name for one debate; `next` is the form of a reply from which one came."""

    name = Line(validators=[InputRequired(_l("Write the name under which you want to appear here."))])
    next = HiddenField()
