"""The forms of taking away."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from forum.forms import Form, Line
from forum.privacy.models import Erased


class ExportForm(Form):
    """What is wanted of an export: that it is made, given out or deleted."""

    do = RadioField(choices=["make", "fetch", "forget"], validators=[InputRequired(_l("Press one of the buttons."))])


class LeavingForm(Form):
    """What becomes of published replies, and when; what cannot be called off is said twice."""

    replies = RadioField(
        choices=[Erased.ACCOUNT.value, Erased.ACCOUNT_AND_WORDS.value],
        validators=[InputRequired(_l("Say what becomes of them."))],
    )
    when = RadioField(
        choices=["later", "now"],
        validators=[InputRequired(_l("Say when."))],
    )
    sure = Line()  # `yes` or `back`, on the second page
