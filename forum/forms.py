"""What all forms share: nothing typed is lost, and a refusal stands beside its field."""

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import Response, g, make_response, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, PasswordField, StringField, ValidationError
from wtforms.meta import DefaultMeta

from forum.errors import DAMAGED, NotHere, Overtaken, Refused, TooMany
from forum.extensions import language
from forum.text import is_storable

Default = TypeVar("Default", int, None)
LARGEST_ID = 2**31 - 1  # of a row; PostgreSQL cannot compare a larger one


class TokenOfPage(FlaskForm.Meta.csrf_class):
    """Flask-WTF's check of a form's token. A new one is made by a page that shows the form, and by no other answer."""

    def generate_csrf_token(self, csrf_token_field: Field) -> str:
        """Make none."""
        return ""


class Form(FlaskForm):
    """A form whose page is shown again, with what was typed, whatever went wrong.

    A form typed before a session ended is handed back by `resume` (accounts/carrying.py): it is
    filled, shown and never sent by itself.
    """

    class Meta(FlaskForm.Meta):
        """WTForms' own sentences, from a catalogue that is read once for each language and not for each form."""

        csrf_class = TokenOfPage

        @property
        def locales(self) -> list[str]:
            """The language that is spoken."""
            return [language()]

        def get_translations(self, form: Any) -> Any:
            """Return the catalogue of that language."""
            return DefaultMeta.get_translations(self, form)

        def bind_field(self, form: Any, unbound_field: Any, options: Mapping[str, Any]) -> Any:
            """Give a field no label: templates hold the words. WTForms would look for a translation of its name."""
            return unbound_field.bind(form=form, label="", **options)

    def __init__(self, data: Mapping[str, Any] | None = None, *, fresh: bool = False) -> None:
        """Fill the form with what was sent, else with `data`; `fresh`: with `data` whatever was sent."""
        self.status = 200
        self.retry_after = 0  # seconds; 0: no need to wait
        self.problems: list[str] = list(g.get("troubles", ()))
        sent: MultiDict[str, str] | None = request.form if request.method == "POST" else None
        super().__init__(formdata=None if fresh else g.get("resumed", sent), data=data)

    def is_sent(self) -> bool:
        """Say whether the form was sent and every field of it can be used."""
        if "resumed" in g or request.method != "POST":
            return False
        valid = bool(self.validate())
        if not valid:
            self.status = 422
        self._explain_stale()
        return valid

    def is_ours(self) -> bool:
        """Say whether the form was sent from a page of ours, whatever its other fields say."""
        if "resumed" in g or request.method != "POST":
            return False
        if not self.csrf_token.validate(self):
            self.status = 422
            self._explain_stale()
        return not self.csrf_token.errors

    def _explain_stale(self) -> None:
        if self.csrf_token.errors:
            self.problems.append(_("This page had been open for too long. Nothing is lost: please send it once more."))

    def take(self, error: Refused) -> None:
        """Put a refusal beside its field, or above the form, and answer with its status."""
        self.status = error.status
        if isinstance(error, TooMany):
            self.retry_after = error.retry_after
        if error.field and error.field in self._fields:
            field = self._fields[error.field]
            field.errors = [*field.errors, str(error)]
        else:
            self.problems.append(str(error))
        for other in error.others:
            self.take(other)


def answered(form: Form, page: str) -> Response:
    """Return the page of a form that was sent, with what became of it, and for how long to wait."""
    response = make_response(page, form.status)
    if form.retry_after:
        response.headers["Retry-After"] = str(form.retry_after)
    return response


def is_number(text: str) -> bool:
    """Say whether `text` is the number of a row, or could be."""
    return text.isascii() and text.isdigit() and len(text) < 10


def number_in_address(name: str, default: Default) -> int | Default:
    """Return a whole number from 1 in the address's query, `default` where it is not given; with others is no page."""
    value = request.args.get(name)
    if value is None:
        return default
    if not is_number(value) or int(value) == 0:
        raise NotHere
    return int(value)


def wish(name: str) -> bool:
    """Return what the pressed button of a form says: that something shall be, or shall be no longer."""
    said = request.form.get(name)
    if said not in {"1", "0"}:
        raise Refused(_("The form does not say what you want. Please go back and press its button."))
    return said == "1"


def storable(form: Form, field: Field) -> None:
    """Refuse text of which some characters did not arrive whole."""
    if field.data and not is_storable(str(field.data)):
        raise ValidationError(DAMAGED)


class RowNumber(HiddenField):
    """The number of a row, from 1; without validators it may be missing."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent, if it can be the number of a row."""
        typed = valuelist[0].strip() if valuelist else ""
        if typed and not (is_number(typed) and int(typed)):
            raise ValueError(_("Please load the page anew."))
        self.data = int(typed) if typed else None


class Secret(PasswordField):
    """A password, never shown again; refused if it did not arrive whole."""

    def pre_validate(self, form: Any) -> None:
        """Check the characters before anything else."""
        storable(form, self)


class Line(StringField):
    """One line or block of text, refused if it cannot be stored as it is."""

    def pre_validate(self, form: Any) -> None:
        """Check the characters before anything else."""
        storable(form, self)


class RevisionForm(Form):
    """A form about one wording, which its page shows."""

    revision = RowNumber()

    def read_revision(self, shown: Any) -> int:
        """Return which wording the person has read: the former one, until a page says that there is a newer one."""
        is_old = self.status != Overtaken.status and self.revision.data and not self.revision.errors
        return int(self.revision.data if is_old else shown.id)
