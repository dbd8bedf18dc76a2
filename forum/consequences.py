"""What follows from what: the wiring diagram of the forum. Consequences only write rows."""

from collections.abc import Mapping, Sequence

from forum.events import Consequence, Event
from forum.notifications import notices
from forum.transparency import log

CONSEQUENCES: Mapping[Event, Sequence[Consequence]] = {
    Event.DECISION_MADE: [notices.tell_author, log.decision_made],
    Event.DECISION_UNDONE: [notices.take_back, log.decision_undone],
}
