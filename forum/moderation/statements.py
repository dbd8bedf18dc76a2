"""The statement of reasons: all that somebody is told whose words were restricted (DSA, Article 17)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from flask_babel import format_datetime
from flask_babel import gettext as _
from markupsafe import escape
from sqlalchemy import func, select

from forum.accounts.standing import WITH_YEAR
from forum.db import db, now
from forum.extensions import speaking
from forum.moderation import screened
from forum.moderation.appeal_models import APPEALABLE, AppealOutcome
from forum.moderation.appeal_models import Appeal as LodgedAppeal
from forum.moderation.models import NEEDS_RULE, Action, Decision
from forum.moderation.policy import appeal_until, is_in_force
from forum.moderation.report_queries import led_to
from forum.moderation.rules import Rule, all_rules
from forum.moderation.sanction_models import Sanction, SanctionKind
from forum.text import one_line, plain


class Incomplete(ValueError):
    """A statement lacks something that the person has a right to be told."""


@dataclass(frozen=True)
class Edit:
    """What can be done against a return: answer it by an edit."""

    reply_id: int


@dataclass(frozen=True)
class Appeal:
    """What can be done against anything graver: ask another moderator, until a day."""

    until: datetime

    @property
    def is_late(self) -> bool:
        """Whether that day is over."""
        return self.until < now()


@dataclass(frozen=True)
class Appealed:
    """The one appeal was made; `is_open`: nobody has decided on it yet."""

    is_open: bool


@dataclass(frozen=True)
class Over:
    """Nothing is left to do against what no longer holds: restored, reversed, edited, taken back or decided anew."""

    of_person: bool = False  # a sanction, which staff have ended


@dataclass(frozen=True, kw_only=True)
class StatementOfReasons:
    """A restriction with everything that its author has to be told; one without a part cannot be made.

    `restriction` is a sentence of its own, so that a restriction of a person can be stated as one of
    a reply. What is written by the forum is in `language`, the author's; `facts` and `explanation`
    are as they were written.
    """

    language: str
    restriction: str  # what was restricted, and how
    since: datetime
    facts: str  # the exact words that were judged, as they were typed
    facts_html: str  # the same as they were shown
    facts_language: str
    rule: Rule
    explanation: str  # why it applies
    was_marked: bool  # an automatic check had marked the words
    was_reported: bool  # a reader's report of these words led to the decision
    reported_before: tuple[str, ...]  # former wordings whose reports it answered too, as they were shown
    staff_number: int  # of the person who decided
    redress: Edit | Appeal | Appealed | Over

    @property
    def was_typed_otherwise(self) -> bool:
        """Whether the words as they were typed show something that one does not read: a link, a sign of Markdown."""
        return plain(self.facts_html) != one_line(self.facts)

    def __post_init__(self) -> None:
        """Refuse a part that is missing or says nothing."""
        for part in fields(self):
            value = getattr(self, part.name)
            if value is None or (isinstance(value, str) and not value.strip()) or (value == 0 and value is not False):
                raise Incomplete(part.name)


def of(
    decision: Decision, *, marked: bool, reported: Mapping[int, str], redress: Edit | Appeal | Appealed | Over
) -> StatementOfReasons:
    """Return the statement of a decision that restricts; words, wording, moderator, author, closing are loaded.

    `reported`: the wordings whose reports it answered, by their numbers.
    """
    reply = decision.reply
    with speaking(reply.author.language) as language:
        return StatementOfReasons(
            language=language,
            restriction=_what_wording(decision) if decision.is_of_rewording else _what(decision),
            since=decision.created_at,
            facts=decision.revision.text,
            facts_html=decision.revision.html,
            facts_language=reply.language,
            rule=all_rules()[decision.rule or ""],
            explanation=decision.explanation,
            was_marked=marked,
            was_reported=decision.revision_id in reported,
            reported_before=_other_words(decision, reported),
            staff_number=decision.moderator.staff_number or 0,
            redress=redress,
        )


def of_sanctions(sanctions: Collection[Sanction]) -> dict[int, StatementOfReasons]:
    """Return the statements of sanctions by their numbers; words, person, and the decision that led to each are loaded.

    A sanction whose words an erasure has emptied has no statement any more.
    """
    decisions = [sanction.decision for sanction in sanctions if sanction.decision]
    reported = led_to([decision.id for decision in decisions]) if decisions else {}
    marked = screened.marked({decision.revision_id for decision in decisions}) if decisions else set()
    return {
        sanction.id: _of_sanction(sanction, marked=marked, reported=reported)
        for sanction in sanctions
        if sanction.grounds.text
    }


def _of_sanction(
    sanction: Sanction, *, marked: set[int], reported: Mapping[int, Mapping[int, str]]
) -> StatementOfReasons:
    """Return the statement of a sanction: its facts are the words that led to it, else what the moderator tells."""
    decision = sanction.decision
    judged = decision.revision.text if decision else ""
    words = reported.get(decision.id, {}) if decision else {}
    with speaking(sanction.user.language) as language:
        return StatementOfReasons(
            language=language,
            restriction=_what_sanction(sanction),
            since=sanction.created_at,
            facts=judged or sanction.grounds.text,
            facts_html=decision.revision.html if decision and judged else str(escape(sanction.grounds.text)),
            facts_language=decision.reply.language if decision and judged else language,
            rule=all_rules()[sanction.rule],
            explanation=sanction.grounds.text,
            was_marked=decision is not None and decision.revision_id in marked,
            was_reported=decision is not None and decision.revision_id in words,
            reported_before=_other_words(decision, words) if decision else (),
            staff_number=sanction.moderator.staff_number or 0,
            redress=_redress_of_sanction(sanction),
        )


def _what_sanction(sanction: Sanction) -> str:
    if sanction.kind is SanctionKind.WARNING:
        return _("You were warned. Please read the warning before your next reply.")
    until = format_datetime(sanction.ends_at, WITH_YEAR) if sanction.ends_at else ""
    if sanction.kind is SanctionKind.SUSPENSION:
        return _("You can read, but not write, until %(until)s.", until=until)
    if until:
        return _("You are banned until %(until)s: you can read, but not write.", until=until)
    return _("You are banned without end: you can read, but not write.")


def of_all(
    decisions: Iterable[Decision],
    last: Mapping[int, int] | None = None,
    appeals: Mapping[int, LodgedAppeal] | None = None,
) -> dict[int, StatementOfReasons]:
    """Return the statement of each decision that restricts, by its number.

    `last` is the number of the last decision that stands on each reply, `appeals` are those against these decisions
    by the numbers of these; without them, they are looked up.
    A decision whose words an erasure has emptied has no statement any more,
    and one that was undone never had reasons for its author: they may have been meant for another reply.
    """
    restricting = [decision for decision in decisions if _can_be_stated(decision)]
    reported = led_to([decision.id for decision in restricting])
    marked = screened.marked({decision.revision_id for decision in restricting})
    last = _last({decision.reply_id for decision in restricting}) if last is None else last
    appeals = _appeals({decision.id for decision in restricting}) if appeals is None else appeals
    return {
        decision.id: of(
            decision,
            marked=decision.revision_id in marked,
            reported=reported.get(decision.id, {}),
            redress=_redress(decision, last.get(decision.reply_id, decision.id), appeals.get(decision.id)),
        )
        for decision in restricting
    }


def _last(reply_ids: Collection[int]) -> dict[int, int]:
    """Return the number of the last decision that stands on each of these replies."""
    query = select(Decision.reply_id, func.max(Decision.id)).where(Decision.reply_id.in_(reply_ids))
    return dict(db.session.execute(query.where(~Decision.undone.has()).group_by(Decision.reply_id)).all())


def _appeals(decision_ids: Collection[int]) -> dict[int, LodgedAppeal]:
    """Return the appeals against these decisions by the numbers of these, without their words."""
    found = db.session.scalars(select(LodgedAppeal).where(LodgedAppeal.decision_id.in_(decision_ids)))
    return {appeal.decision_id: appeal for appeal in found}


def _stands(decision: Decision, last: int) -> bool:
    if decision.action is Action.RETURN:
        return decision.holds
    return is_in_force(decision, decision) and (decision.leaves_reply or last == decision.id)


def _other_words(decision: Decision, reported: Mapping[int, str]) -> tuple[str, ...]:
    """Return the reported words that the decision did not judge, as far as they are kept."""
    return tuple(html for number, html in reported.items() if number != decision.revision_id and html)


def _can_be_stated(decision: Decision) -> bool:
    stands = decision.action in NEEDS_RULE and not decision.undone
    return bool(stands and decision.explanation and decision.revision.text)


def _what_wording(decision: Decision) -> str:
    """Say of a new wording of a published reply the same, and that the reply itself was left alone."""
    number = decision.reply_id
    stays = _("The wording that was published before was not touched by this.")
    if decision.action is Action.RETURN:
        said = _("The new wording of your reply %(number)s was returned for an edit before it appeared.", number=number)
    else:
        said = _("The new wording of your reply %(number)s was rejected before it appeared.", number=number)
    return f"{said} {stays}"


def _what(decision: Decision) -> str:
    """Say it so that it stays true after an appeal."""
    number = decision.reply_id
    if decision.closing:
        return _(
            "Your reply %(number)s was removed after it had appeared. The new wording of it, which waited, "
            "was closed with it; nobody has judged it.",
            number=number,
        )
    words = {
        Action.RETURN: _("Your reply %(number)s was returned for an edit before it appeared.", number=number),
        Action.REJECT: _("Your reply %(number)s was rejected before it appeared.", number=number),
        Action.REMOVE: _("Your reply %(number)s was removed after it had appeared.", number=number),
        Action.REMOVE_WORDING: _(
            "A former wording of your reply %(number)s was taken out of its history. What everybody reads now was not "
            "touched by this.",
            number=number,
        ),
    }
    return words[decision.action]


def _redress(decision: Decision, last: int, appeal: LodgedAppeal | None) -> Edit | Appeal | Appealed | Over:
    """Return what is left to do; that an appeal has put a former wording back is not told by the decision itself."""
    is_reversed = appeal is not None and appeal.outcome is AppealOutcome.DECISION_REVERSED
    if is_reversed or not _stands(decision, last):
        return Over()
    if appeal is not None:
        return Appealed(appeal.is_open)
    return Appeal(appeal_until(decision)) if decision.action in APPEALABLE else Edit(decision.reply_id)


def _redress_of_sanction(sanction: Sanction) -> Appeal | Appealed | Over:
    if sanction.ended_at:
        return Over(of_person=True)
    return Appealed(sanction.appeal.is_open) if sanction.appeal else Appeal(appeal_until(sanction))
