"""What follows from what: the wiring diagram of the forum. Consequences only write rows; jobs do the rest later."""

from collections.abc import Mapping, Sequence

from forum import versions
from forum.accounts import expired
from forum.events import Consequence, Event
from forum.jobs import Handler, Kind
from forum.moderation import appeals, claims, reports, screened
from forum.notifications import letters, notices
from forum.opinions import counts, scores, shifts
from forum.privacy import erasure, exports, leaving, readings, wiping
from forum.search import index
from forum.transparency import log

# The index comes first: who changes it holds it, and all that follows is done in one order.
CONSEQUENCES: Mapping[Event, Sequence[Consequence]] = {
    Event.ROLE_CHANGED: [notices.follow_role, versions.change_site],
    Event.DEBATE_CLOSED: [shifts.refresh],
    Event.ARTICLE_REVISED: [index.follow_article],
    Event.REPLY_POSTED: [screened.screen_wording],
    Event.REPLY_EDITED: [screened.screen_wording],
    Event.WORDING_WITHDRAWN: [screened.forget_unshown],
    Event.REPLY_WITHDRAWN: [
        index.follow,
        screened.forget,
        notices.tell_of_answer,
        appeals.end_with_reply,
        reports.answer_by_withdrawal,
    ],
    Event.DECISION_MADE: [
        index.follow,
        notices.tell_author,
        notices.tell_of_answer,
        claims.end,
        appeals.end_if_restored,
        reports.answer_by_decision,
        log.decision_made,
    ],
    Event.DECISION_UNDONE: [
        index.follow,
        notices.take_back,
        notices.tell_of_answer,
        reports.reopen,
        log.decision_undone,
    ],
    Event.REPORT_ANSWERED: [notices.tell_reporter],
    Event.APPEAL_DECIDED: [
        index.follow,
        notices.tell_of_appeal,
        notices.tell_of_answer,
        reports.count_anew,
        log.appeal_decided,
    ],
    Event.APPEAL_ENDED: [notices.tell_of_appeal, log.appeal_ended],
    Event.PROPOSAL_MADE: [notices.tell_leads],
    Event.PROPOSAL_CONFIRMED: [
        notices.forget_proposal,
        erasure.follow_proposal,
        notices.tell_erased,
        readings.follow_proposal,
    ],
    Event.PROPOSAL_DECLINED: [notices.forget_proposal],
    Event.PROPOSAL_TAKEN_BACK: [notices.forget_proposal],
    Event.SANCTION_MADE: [notices.tell_sanctioned, log.sanction_made],
    Event.SANCTION_ENDED: [notices.tell_sanctioned, log.sanction_ended],
    Event.SANCTION_JUDGED: [notices.tell_of_sanction_appeal, log.sanction_judged],
}

JOBS: Mapping[Kind, Handler] = {
    Kind.SCORE_DEBATE: scores.score_debate,
    Kind.SCORE_DEBATES: scores.score_debates,
    Kind.COUNT_VOTES: counts.count_votes,
    Kind.REFRESH_SHIFTS: lambda _nothing: shifts.refresh_all(),
    Kind.START_LETTERS: lambda _nothing: letters.start_round(),
    Kind.SEND_LETTER: letters.send_letter,
    Kind.ASK_TO_CONFIRM: letters.ask_to_confirm,
    Kind.DELETE_ACCOUNT: leaving.carry_out,
    Kind.WIPE: wiping.wipe,
    Kind.MAKE_EXPORT: exports.make,
    Kind.FORGET_EXPORTS: lambda _nothing: exports.forget_old(),
    Kind.FORGET_EXPIRED: lambda _nothing: expired.forget(),
    Kind.SCREEN_WAITING: lambda _nothing: screened.catch_up(),
}
