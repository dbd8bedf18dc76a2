"""The form of leaving."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from forum.forms import Form
from forum.privacy.models import Erased


class LeavingForm(Form):
    """What becomes of published replies, and when."""

    replies = RadioField(
        choices=[Erased.ACCOUNT.value, Erased.ACCOUNT_AND_WORDS.value],
        validators=[InputRequired(_l("Say what becomes of them."))],
    )
    when = RadioField(
        choices=["later", "now"],
        validators=[InputRequired(_l("Say when."))],
    )
