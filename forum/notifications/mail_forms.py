"""The forms of letters."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired, Length

from forum.forms import Form, Line
from forum.notifications.mail_models import Frequency

NEEDED = InputRequired(_l("Please fill this in."))
CHOICES = [choice.value for choice in Frequency]


class AddressForm(Form):
    """An address."""

    address = Line(validators=[NEEDED, Length(max=254, message=_l("This is far too long."))])
    frequency = RadioField(choices=CHOICES, validators=[InputRequired(_l("Please choose how often."))])


class WishesForm(Form):
    """How often."""

    frequency = RadioField(choices=CHOICES, validators=[InputRequired(_l("Please choose how often."))])
    tells_waiting = BooleanField()


class RemoveForm(Form):
    """Only its token."""
