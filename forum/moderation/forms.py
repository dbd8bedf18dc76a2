"""The form of the desk."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from forum.forms import Line, RevisionForm, row_number
from forum.moderation.models import Action
from forum.moderation.rules import all_rules


class DecisionForm(RevisionForm):
    """An action on the wording that was read; rule and explanation where it restricts."""

    action = RadioField(
        choices=[action.value for action in Action],
        validators=[InputRequired(_l("Choose what to do with this reply."))],
    )
    rule = RadioField(choices=list(all_rules()), validators=[Optional()])
    explanation = Line()
    revision = row_number(InputRequired(_l("Please load the page anew.")))
