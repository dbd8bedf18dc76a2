"""The order of the phases, and screening itself. It only flags: people decide."""

from collections.abc import Callable, Sequence
from datetime import date

from forum.moderation.screening.addresses import address
from forum.moderation.screening.advertising import advertising
from forum.moderation.screening.emails import email
from forum.moderation.screening.flags import NO_WORDS, Flag, OperatorWords, merged
from forum.moderation.screening.handles import handle
from forum.moderation.screening.latin import in_cyrillic
from forum.moderation.screening.links import link
from forum.moderation.screening.manner import repeat, short, shouting
from forum.moderation.screening.minors import minor
from forum.moderation.screening.numbers_of_people import card, id_number
from forum.moderation.screening.operator_lists import word
from forum.moderation.screening.people import person
from forum.moderation.screening.phones import phone
from forum.moderation.screening.reading import Reading

Phase = Callable[[Reading], list[Flag]]

# In the order in which a moderator wants to know: who could be hurt, how to reach somebody, what is for sale, manner.
PHASES: tuple[Phase, ...] = (
    minor,  # a child first: only a lead may publish
    id_number,  # papers can be misused for years
    card,
    address,  # where somebody can be found …
    person,  # … and who that is
    phone,  # after papers and cards: long numbers are theirs first
    email,
    handle,
    link,
    advertising,
    word,  # the operator's own lists
    repeat,
    shouting,
    short,  # least: a short answer can be a good one
)

_ALSO_CLOSED_UP = frozenset({email, handle, link})  # s p a c e d letters hide these

_ALSO_IN_CYRILLIC = frozenset({minor, address, phone, advertising})  # when they are written in Latin letters

_NOT_BY_ITSELF = (word, repeat)  # they look at the operator's lists, and at other texts

_OWNED = {
    "phone": ("id_number", "card"),
    "card": ("id_number",),
    "link": ("email",),
}  # a number that is one thing is not another as well


def screen(
    text: str,
    language: str | None = None,
    *,
    words: OperatorWords = NO_WORDS,
    recent: Sequence[int] = (),
    on: date | None = None,
) -> list[Flag]:
    """Return the flags of a text, in the order of the text; pure, and linear in its length.

    `language` chooses among the operator's lists (all of them if it is not known); `recent` holds fingerprints
    (`manner.fingerprint`) of texts that were posted lately; `on` is the day on which the text was written,
    today if it is left out. Offsets are code points of `text`.
    """
    return screen_reading(Reading(text, language, words, recent, on))


def screen_reading(reading: Reading, known: Sequence[Flag] | None = None) -> list[Flag]:
    """Return the flags of a text that has been read; `known`: those that it has by itself (`content_flags`)."""
    if not reading.words:
        return []
    flags = [flag for flag in known or () if flag.code not in {phase.__name__ for phase in _NOT_BY_ITSELF}]
    cyrillic = in_cyrillic(reading) if known is None else None
    for phase in PHASES if known is None else _NOT_BY_ITSELF:
        found = phase(reading)
        if phase in _ALSO_IN_CYRILLIC and cyrillic is not None:
            found += phase(cyrillic)
        if phase in _ALSO_CLOSED_UP and reading.closed_up is not None:
            found += phase(reading.closed_up)
        flags += merged(flag for flag in found if not _is_owned(flag, flags))
    return sorted(flags)


def content_flags(text: str) -> list[Flag]:
    """Return the flags of a text by itself: no lists of the operator, no history."""
    return screen(text)


def _is_owned(flag: Flag, flags: list[Flag]) -> bool:
    """Say whether a number has been recognised as something graver already."""
    owners = _OWNED.get(flag.code, ())
    return bool(owners) and any(f.code in owners and f.start < flag.end and flag.start < f.end for f in flags)
