"""What a member is told who cannot write now."""

from flask_babel import format_datetime
from flask_babel import gettext as _

from forum.accounts.models import User
from forum.errors import NotAllowed, Refused

WITH_YEAR = "d MMMM y, HH:mm"


def cannot_write(user: User) -> Refused:
    """Return why `user` cannot write now; the rule and the reason stand in the box on the same page."""
    if user.is_banned and user.banned_until is None:
        said = _("You are banned: you can read here, but not write.")
    elif user.is_banned:
        until = format_datetime(user.banned_until, WITH_YEAR)
        said = _("You are banned until %(until)s: you can read here, but not write.", until=until)
    elif user.is_suspended:
        until = format_datetime(user.suspended_until, WITH_YEAR)
        said = _("You are suspended until %(until)s: you can read here, but not write.", until=until)
    else:
        return Refused(_("Please read the warning on this page first, then send your reply. What you typed is kept."))
    message = " ".join([said, _("What you typed is kept on this page.")])
    return NotAllowed(message)
