"""What follows from what: the wiring diagram of the forum. Consequences only write rows."""

from collections.abc import Mapping, Sequence

from forum.events import Consequence, Event
from forum.moderation import reports
from forum.notifications import notices

CONSEQUENCES: Mapping[Event, Sequence[Consequence]] = {
    Event.DECISION_MADE: [notices.tell_author, reports.answer_by_decision],
    Event.REPLY_WITHDRAWN: [reports.answer_by_withdrawal],
    Event.REPORT_ANSWERED: [notices.tell_reporter],
}
