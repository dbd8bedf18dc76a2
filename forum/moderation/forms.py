"""The form of the desk."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from forum.debates.forms import LARGEST_ID
from forum.forms import Form, Line
from forum.moderation.models import Action
from forum.moderation.rules import all_rules


class DecisionForm(Form):
    """An action on the wording that was read; rule and explanation where it restricts."""

    action = RadioField(
        choices=[action.value for action in Action],
        validators=[InputRequired(_l("Choose what to do with this reply."))],
    )
    rule = RadioField(choices=list(all_rules()), validators=[Optional()])
    explanation = Line()
    revision = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(_l("Please load the page anew.")), NumberRange(1, LARGEST_ID)]
    )
