"""The forms of accounts."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import InputRequired, Length

from forum.forms import Form, Line, Secret

NEEDED = InputRequired(_l("Please fill this in."))
# Longer than any name or code can be; it only keeps a megabyte away from the hashing.
SHORT = Length(max=300, message=_l("This is far too long."))


class CarryingForm(Form):
    """A form that hands on what was typed elsewhere before."""

    carried = HiddenField()
    next = HiddenField()


class SignInForm(CarryingForm):
    """Name and password."""

    name = Line(validators=[NEEDED, SHORT])
    password = Secret(validators=[NEEDED])
    stay = BooleanField()


class ConfirmForm(CarryingForm):
    """The password of somebody who is signed in, and the code of their app, if they have one."""

    current = Secret(validators=[NEEDED])
    code = Line(validators=[SHORT])


class SignUpForm(CarryingForm):
    """A new name and a password."""

    name = Line(validators=[NEEDED, SHORT])
    password = Secret(validators=[NEEDED])


class RecoverForm(CarryingForm):
    """Name, a recovery code, and the new password."""

    name = Line(validators=[NEEDED, SHORT])
    code = Line(validators=[NEEDED, SHORT])
    password = Secret(validators=[NEEDED])


class StepForm(CarryingForm):
    """The code of an app, as the second step of signing in."""

    code = Line(validators=[NEEDED, SHORT])


class AppForm(CarryingForm):
    """A new secret, sealed, and the code that an app made of it."""

    sealed = HiddenField()
    code = Line(validators=[NEEDED, SHORT])


class PasskeyForm(CarryingForm):
    """What a device has signed or made, which a script has put in; a new passkey has a label."""

    credential = HiddenField(validators=[InputRequired(_l("The browser has sent no passkey. Please try again."))])
    label = Line(validators=[Length(max=60, message=_l("At most 60 characters, please."))])
    stay = BooleanField()


class LinkForm(Form):
    """What a one-time link asks for; the name only where it makes a new person."""

    name = Line(validators=[SHORT])
    password = Secret(validators=[NEEDED])


class PasswordForm(Form):
    """The password now, and a new one."""

    current = Secret(validators=[NEEDED])
    password = Secret(validators=[NEEDED])


class CodesForm(Form):
    """The password now, for new recovery codes."""

    current = Secret(validators=[NEEDED])


class TitlesForm(Form):
    """Whether tabs and history say nothing of what a member reads."""

    plain = BooleanField()


class LanguageForm(Form):
    """The language in which the site speaks to a member."""

    language = SelectField(validators=[NEEDED])
