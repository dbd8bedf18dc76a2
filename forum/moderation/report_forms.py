"""The forms of reports: a reader's, and the answer of the desk."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, Optional, Regexp

from forum.forms import Form, Line, RowNumber
from forum.moderation.report_models import DISAGREE, ILLEGAL
from forum.moderation.rules import all_rules


class ReportForm(Form):
    """What is wrong with a reply, and why."""

    reason = RadioField(
        choices=[*all_rules(), ILLEGAL, DISAGREE],
        validators=[InputRequired(_l("Say what is wrong with this reply."))],
    )
    explanation = Line()
    wording = RowNumber()  # the one that was read
    key = HiddenField(
        validators=[Optional(), Regexp(r"^[A-Za-z0-9_-]{1,64}\Z", message=_l("Please load the page anew."))]
    )


class DismissalForm(Form):
    """Words to those who reported; `seen` is the newest report that was read."""

    answer = Line()
    seen = RowNumber(validators=[InputRequired(_l("Please load the page anew."))])
