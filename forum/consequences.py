"""What follows from what: the wiring diagram of the forum. Consequences only write rows."""

from collections.abc import Mapping, Sequence

from forum.events import Consequence, Event
from forum.moderation import claims, screened
from forum.notifications import notices

CONSEQUENCES: Mapping[Event, Sequence[Consequence]] = {
    Event.REPLY_POSTED: [screened.screen_wording],
    Event.REPLY_EDITED: [screened.screen_wording],
    Event.REPLY_WITHDRAWN: [screened.forget],
    Event.DECISION_MADE: [notices.tell_author, claims.end],
}
