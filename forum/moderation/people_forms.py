"""The forms about a person, at the desk."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from forum.accounts.models import Role
from forum.forms import Form, Line, RowNumber
from forum.moderation.rules import all_rules
from forum.moderation.sanction_models import BAN_DAYS, SanctionKind


class SanctionForm(Form):
    """A sanction with its rule and its reason; `days` for a suspension or a ban, `decision` is what led to it."""

    kind = RadioField(
        choices=[kind.value for kind in SanctionKind], validators=[InputRequired(_l("Choose a sanction."))]
    )
    days = IntegerField(validators=[Optional(), NumberRange(1, BAN_DAYS, message=_l("Say for how many days."))])
    rule = RadioField(choices=list(all_rules()), validators=[Optional()])
    explanation = Line()
    decision = RowNumber()


class RoleForm(Form):
    """Another role, and why."""

    role = RadioField(choices=[role.value for role in Role], validators=[InputRequired(_l("Choose a role."))])
    reason = Line()


class ReasonForm(Form):
    """Why the words of a person are to be erased, or read, or why a sanction ends before its date."""

    reason = Line()


class NoteForm(Form):
    """A note to colleagues."""

    text = Line()
