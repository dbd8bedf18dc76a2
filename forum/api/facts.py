"""Rows of the database as the API tells them: what everybody can read, and the day of it, never the time."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from flask import url_for
from flask_babel import to_user_timezone

from forum.api import shapes
from forum.debates.models import SIDES, ArticleRevision, Debate, Quote, Reply, Stance
from forum.debates.places import Tally
from forum.debates.shift_figures import Bar, Estimate, Figures
from forum.web import canonical


def debate_in_list(debate: Debate, replies: dict[Stance, int]) -> shapes.DebateInList:
    """Return a debate with its public replies by side."""
    return shapes.DebateInList(
        slug=debate.slug,
        url=canonical(url_for("api.debate", slug=debate.slug)),
        page=canonical(url_for("debates.show", slug=debate.slug)),
        title=debate.title,
        language=debate.language,
        motion=debate.motion,
        sides=[
            shapes.Side(side=_code(side), label=debate.label(side), gist=debate.gist(side), replies=replies[side])
            for side in SIDES
        ],
        state="open" if debate.is_open else "closed" if debate.ended_at else "planned",
        opens_on=_day(debate.opens_at),
        closes_on=_day(debate.closes_at) if debate.closes_at else None,
        closed_on=_day(debate.ended_at) if debate.ended_at else None,
        closed_reason=debate.closed_reason,
    )


def debate_with_article(debate: Debate, tally: Tally, article: ArticleRevision, shift: Figures | None) -> shapes.Debate:
    """Return a debate with its article, and the shift of positions if everybody sees it."""
    return shapes.Debate(
        **dict(debate_in_list(debate, tally.replies)),
        answers=tally.answers,
        shift=_shift(shift) if shift else None,
        replies_url=canonical(url_for("api.replies", slug=debate.slug)),
        article=_article(debate, article),
    )


def reply(found: Reply, translations: Iterable[Reply] = ()) -> shapes.Reply:
    """Return a public reply with its translations, or the kept place of one, without its words and its author."""
    wording = found.shown_revision if found.is_public else None
    if found.published_at is None:
        raise ValueError(f"reply {found.id} was never public")
    return shapes.Reply(
        id=found.id,
        url=canonical(url_for("api.reply", reply_id=found.id)),
        page=canonical(url_for("debates.show_reply", slug=found.debate.slug, reply_id=found.id)),
        debate=found.debate.slug,
        side=found.stance,
        state=found.status.value,  # type: ignore[arg-type]  # no other is public
        removed_under=None if wording else found.removed_under,
        author=found.page_name if wording else None,
        language=found.language,
        parent=found.parent_id,
        answers_to=found.answered_id,
        passage=found.stands_at,
        quote=_quote(found.quote, found) if found.quote and wording else None,
        published_on=_day(found.published_at),
        edited_on=_day(wording.published_at) if wording and wording.is_rewording and wording.published_at else None,
        text=wording.text if wording else None,
        html=wording.html if wording else None,
        translations=[_translation(it, found) for it in translations],
        answers=found.public_answers,
        well_argued=_well_argued(found),
    )


def _translation(found: Reply, original: Reply) -> shapes.Translation:
    wording = found.shown_revision
    if wording is None or found.published_at is None:
        raise ValueError(f"reply {found.id} is not public")
    return shapes.Translation(
        language=found.language,
        author=found.page_name,
        is_current=wording.translated_id == original.shown_revision_id,
        published_on=_day(found.published_at),
        text=wording.text,
        html=wording.html,
    )


def _shift(shift: Figures) -> shapes.ShownShift:
    pro, anti = (_moved(shift.shares[side.value]) if shift.has_shares else None for side in SIDES)
    before, after = map(_positions, shift.bars) if shift.bars else (None, None)
    return shapes.ShownShift(
        people=shift.people,
        towards=None if shift.outcome == "close" else _code(Stance(shift.outcome)),
        net=shapes.Estimate(share=shift.net.share, low=shift.net.low, high=shift.net.high),
        pro=pro,
        anti=anti,
        before=before,
        after=after,
        movements=shift.table,
    )


def _moved(share: Estimate) -> shapes.Moved:
    return shapes.Moved(people=share.people, share=share.share, low=share.low, high=share.high)


def _positions(bar: Bar) -> shapes.Positions:
    strongly = {part.point: part.people for part in bar.parts}
    return shapes.Positions(
        pro=bar.pro,
        undecided=bar.undecided,
        anti=bar.anti,
        strongly_pro=strongly.get(2),
        strongly_anti=strongly.get(-2),
    )


def _article(debate: Debate, article: ArticleRevision) -> shapes.Article:
    passages = [
        shapes.Passage(number=it.number, begins_section=it.begins_section, text=it.text, html=it.html)
        for it in article.passages
    ]
    voices = [
        shapes.Voice(side=_code(it.stance), passage=it.passage, speaker=it.speaker, exact=it.exact)
        for it in article.voices
    ]
    return shapes.Article(
        revision=article.number,
        changed_on=_day(article.created_at),
        source=debate.source,
        published_by=debate.published_by,
        dated=debate.dated,
        passages=passages,
        notes=[shapes.Note(passage=it.passage, text=it.text) for it in article.notes],
        voices=voices,
    )


def _quote(quote: Quote, found: Reply) -> shapes.Quote:
    is_in_text = quote.found_at is not None
    return shapes.Quote(
        passage=found.stands_at if is_in_text and found.stands_at else quote.passage,
        prefix=quote.prefix,
        exact=quote.exact,
        suffix=quote.suffix,
        is_in_text=is_in_text,
    )


def _well_argued(found: Reply) -> shapes.WellArgued | None:
    marks = found.marks
    if not found.is_public or marks is None or marks.revision_id != found.shown_revision_id:
        return None
    readers = {side: marks.counts(side) for side in SIDES}
    pro, anti = (shapes.Readers(yes=count[0], of=count[1]) if (count := readers[side]) else None for side in SIDES)
    return shapes.WellArgued(pro=pro, anti=anti)


def _code(side: Stance) -> Literal["pro", "anti"]:
    return "pro" if side is Stance.PRO else "anti"


def _day(moment: datetime) -> date:
    """Return a day on the forum's clock."""
    return to_user_timezone(moment).date()
