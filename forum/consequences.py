"""What follows from what: the wiring diagram of the forum. Consequences only write rows."""

from collections.abc import Mapping, Sequence

from forum.events import Consequence, Event
from forum.moderation import appeals
from forum.notifications import notices

CONSEQUENCES: Mapping[Event, Sequence[Consequence]] = {
    Event.REPLY_WITHDRAWN: [appeals.end_with_reply],
    Event.DECISION_MADE: [notices.tell_author, appeals.end_if_restored],
    Event.APPEAL_DECIDED: [notices.tell_of_appeal],
    Event.SANCTION_MADE: [notices.tell_sanctioned],
    Event.SANCTION_ENDED: [notices.tell_sanctioned],
    Event.SANCTION_JUDGED: [notices.tell_of_sanction_appeal],
}
