"""What follows from what: the wiring diagram of the forum. Consequences only write rows."""

from collections.abc import Mapping, Sequence

from forum.events import Consequence, Event
from forum.notifications import notices

CONSEQUENCES: Mapping[Event, Sequence[Consequence]] = {
    Event.DECISION_MADE: [notices.tell_author],
    Event.SANCTION_MADE: [notices.tell_sanctioned],
    Event.SANCTION_ENDED: [notices.tell_sanctioned],
}
