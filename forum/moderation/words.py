"""The words that moderators and authors write to each other about a decision."""

from collections.abc import Sequence

from flask_babel import ngettext

from forum.errors import DAMAGED, Refused
from forum.text import is_storable, normal

WORDS_MAX = 2000  # characters; longer than any reply, because they may quote one


def checked(typed: str, field: str, *, missing: str, shortest: int = 1) -> str:
    """Return what was typed in normal form, or refuse its length or its characters beside `field`.

    `missing` is said where nothing was typed.
    """
    text = normal(typed)
    if not text:
        raise Refused(missing, field)
    if len(text) < shortest:
        message = ngettext(
            "Please write at least %(num)d character.", "Please write at least %(num)d characters.", shortest
        )
        raise Refused(message, field)
    return storable(text, field)


def together(reasons: Sequence[Refused]) -> Refused:
    """Return one refusal for all these reasons, so that a person mends everything at once."""
    first, *others = reasons
    return Refused(str(first), first.field, others=others)


def storable(text: str, field: str) -> str:
    """Return a text in normal form, or refuse its length or its characters beside `field`."""
    if len(text) > WORDS_MAX:
        message = ngettext("At most %(num)d character, please.", "At most %(num)d characters, please.", WORDS_MAX)
        raise Refused(message, field)
    if not is_storable(text):
        raise Refused(str(DAMAGED), field)
    return text
