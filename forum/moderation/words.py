"""Words that staff write to somebody: in normal form, within their length."""

from flask_babel import ngettext

from forum.errors import DAMAGED, Refused
from forum.text import is_storable, normal

LONGEST = 2000  # characters; longer than any reply, because they may quote one


def checked(typed: str, field: str, *, missing: str) -> str:
    """Return what was typed in normal form; refuse too much, damaged characters, and nothing (then say `missing`)."""
    text = normal(typed)
    if not text:
        raise Refused(missing, field)
    if len(text) > LONGEST:
        message = ngettext("At most %(num)d character, please.", "At most %(num)d characters, please.", LONGEST)
        raise Refused(message, field)
    if not is_storable(text):
        raise Refused(str(DAMAGED), field)
    return text
