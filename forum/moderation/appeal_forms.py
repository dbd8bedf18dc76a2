"""The forms of an appeal: the author's words, and the second moderator's own judgement."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from forum.forms import Form, Line
from forum.moderation.appeal_models import JUDGEMENTS
from forum.moderation.rules import all_rules


class AppealForm(Form):
    """Why a decision is wrong, in the author's own words."""

    text = Line(validators=[InputRequired(_l("Say in your own words why the decision is wrong."))])


class JudgementForm(Form):
    """What should become of the reply, for whoever has not read the first one's reasons.

    Whatever is missing is named by the verb, all of it at once.
    """

    outcome = RadioField(choices=[outcome.value for outcome in JUDGEMENTS], validators=[Optional()])
    rule = RadioField(choices=list(all_rules()), validators=[Optional()])
    explanation = Line()
