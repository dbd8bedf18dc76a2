"""What follows from what: the wiring diagram of the forum. Consequences only write rows."""

from collections.abc import Mapping, Sequence

from forum.events import Consequence, Event
from forum.moderation import appeals
from forum.notifications import notices
from forum.transparency import log

CONSEQUENCES: Mapping[Event, Sequence[Consequence]] = {
    Event.REPLY_WITHDRAWN: [appeals.end_with_reply],
    Event.DECISION_MADE: [notices.tell_author, appeals.end_if_restored, log.decision_made],
    Event.DECISION_UNDONE: [notices.take_back, log.decision_undone],
    Event.APPEAL_DECIDED: [notices.tell_of_appeal, log.appeal_decided],
}
