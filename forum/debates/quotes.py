"""Words quoted from the article: picked where they stand, and found again, or said to be gone, in each new wording.

Their text is that of a passage as it is read (`text.plain`): no Markdown, single spaces.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm.attributes import set_committed_value

from forum.db import db, stored
from forum.debates.anchors import Place, Selector, find, pick
from forum.debates.models import LONGEST_QUOTE, Debate, Quote, Reply
from forum.debates.passage_queries import PassageRead, shown_wording, texts_of
from forum.errors import Refused
from forum.text import one_line, plain

# What keyboards and word processors put in the place of each other, one character for one.
AS_TYPED = str.maketrans("‘’‚‛′“”„‟″«»‐‑–—−", "'''''" + '"' * 7 + "-" * 5)
MARKS = "'\""


@dataclass(frozen=True)
class Picked:
    """Words picked in one wording of the article: its id, and where they begin in their passage there."""

    revision_id: int
    start: int
    selector: Selector


@dataclass(frozen=True)
class Standing:
    """The passage at which a reply stands now, and where the words that it quotes begin there; None: nowhere."""

    stands_at: int | None = None
    found_at: int | None = None


def read(passage: PassageRead | None, words: str, before: str = "", after: str = "") -> Picked | None:
    """Return the words picked in `passage`, None for none, or refuse words of which it is not clear where they stand.

    `before` and `after`: what stood around them where they were picked; it only counts where they occur again.
    """
    words = one_line(words)
    if not words:
        return None
    if passage is None:
        message = _(
            "A quotation goes with a reply to the passage in which it stands. Leave the field empty, or put the "
            "words into your text."
        )
        raise Refused(message, "quote")
    if len(words) > LONGEST_QUOTE:
        raise Refused(_too_long(len(words) - LONGEST_QUOTE), "quote")
    text = plain(passage.html)
    place = Place(passage.number, *_only_place(passage.number, text, words, (one_line(before), one_line(after))))
    return Picked(passage.revision_id, place.start, pick({passage.number: text}, place))


def _only_place(number: int, text: str, words: str, around: tuple[str, str]) -> tuple[int, int]:
    """Return where `words` begin and end in the text of a passage, if it is clear."""
    places = _places(text, words) or _places(text, words.translate(AS_TYPED).strip(MARKS))
    if not places:
        message = _(
            "These words do not stand in passage %(number)d. Copy them from the passage above, from no other one, "
            "or leave the field empty.",
            number=number,
        )
        raise Refused(message, "quote")
    if len(places) > 1:
        places = [place for place in places if _is_between(text, place, *around)]
    if len(places) != 1:
        message = _(
            "These words stand more than once in passage %(number)d. Copy a few words more, so that it is clear "
            "which ones you mean.",
            number=number,
        )
        raise Refused(message, "quote")
    return places[0]


def standing(debate: Debate, passage: int | None, picked: Picked | None) -> Standing:
    """Return where a reply to `passage`, written now, stands in the wording of the article that is shown by now."""
    if passage is None:
        return Standing()
    # A new wording of the article waits until the reply is stored, or the reply until the wording is: see `articles`.
    db.session.execute(select(Debate.id).where(Debate.id == debate.id).with_for_update(read=True))
    texts = texts_of(shown_wording(debate.id))
    return _now(passage, picked, texts_of(picked.revision_id) if picked else {}, texts)


def keep(reply: Reply, picked: Picked, stands: Standing) -> None:
    """Store the words which a new reply quotes."""
    selector = picked.selector
    words = {"exact": selector.exact, "prefix": selector.prefix, "suffix": selector.suffix}
    where = {"article_revision_id": picked.revision_id, "passage": selector.passage, "start": picked.start}
    quote = stored(Quote, words | where | {"reply_id": reply.id, "found_at": stands.found_at})
    set_committed_value(reply, "quote", quote)


def place_all(debate: Debate, revision_id: int) -> None:
    """Find what the replies of a debate answer and quote in a new wording of its article, or note that it is gone.

    Always from the words as they were picked: what was gone is found again when it comes back.
    """
    texts = texts_of(revision_id)
    former: dict[int, dict[int, str]] = {}
    known: dict[tuple[int, Picked | None], Standing] = {}
    moved: list[dict[str, int | None]] = []
    found: list[dict[str, int | None]] = []
    for row in db.session.execute(_answering(debate)):
        picked = _picked(row)
        if picked and picked.revision_id not in former:
            former[picked.revision_id] = texts_of(picked.revision_id)
        if (row.answered, picked) not in known:
            known[row.answered, picked] = _now(
                row.answered, picked, former[picked.revision_id] if picked else {}, texts
            )
        stands = known[row.answered, picked]
        if stands.stands_at != row.stands_at:
            moved.append({"row": row.reply, "stands_at": stands.stands_at})
        if picked and stands.found_at != row.found_at:
            found.append({"row": row.quote, "found_at": stands.found_at})
    _store(Reply, "stands_at", moved)
    _store(Quote, "found_at", found)


def _now(answered: int, picked: Picked | None, former: Mapping[int, str], texts: Mapping[int, str]) -> Standing:
    """Return where a reply stands; `former` is the wording in which its words were picked.

    Without words, or where they are gone, it stands at the passage that it answers.
    """
    place = _found(picked, former, texts) if picked else None
    if place is not None:
        return Standing(place.passage, place.start)
    return Standing(answered if answered in texts else None)


def _found(picked: Picked, former: Mapping[int, str], texts: Mapping[int, str]) -> Place | None:
    selector = picked.selector
    if texts.get(selector.passage) == former[selector.passage]:  # the whole passage is as it was
        return Place(selector.passage, picked.start, picked.start + len(selector.exact))
    return find(selector, former, texts)


def _answering(debate: Debate) -> Any:
    """Return the question for all that answers a passage, with what it quotes."""
    columns = (Quote.article_revision_id, Quote.passage, Quote.start, Quote.exact, Quote.prefix, Quote.suffix)
    return (
        select(
            *(Reply.id.label("reply"), Reply.passage.label("answered"), Reply.stands_at),
            *(Quote.id.label("quote"), Quote.found_at, *columns),
        )
        .outerjoin(Quote, Quote.reply_id == Reply.id)
        .where(Reply.debate_id == debate.id, Reply.passage.is_not(None))
        .order_by(Reply.id)
    )


def _picked(row: Any) -> Picked | None:
    if row.quote is None:
        return None
    selector = Selector(row.passage, row.exact, row.prefix, row.suffix)
    return Picked(row.article_revision_id, row.start, selector)


def _store(model: type[Reply] | type[Quote], column: str, rows: Sequence[dict[str, int | None]]) -> None:
    """Write one column of many rows; it is no change of theirs that a person made, so their version stays."""
    table: Any = model.__table__
    if rows:
        change = update(table).where(table.c.id == bindparam("row")).values({column: bindparam(column)})
        db.session.execute(change, list(rows))


def _places(text: str, words: str) -> list[tuple[int, int]]:
    """Return where `words` begin and end in `text`; typed by hand, quotation marks and dashes are alike."""
    found, text, words = [], text.translate(AS_TYPED), words.translate(AS_TYPED)
    start = text.find(words) if words else -1
    while start >= 0:
        found.append((start, start + len(words)))
        start = text.find(words, start + 1)
    return found


def _is_between(text: str, place: tuple[int, int], before: str, after: str) -> bool:
    start, end = place
    return text[:start].rstrip().endswith(before) and text[end:].lstrip().startswith(after) and bool(before or after)


def _too_long(over: int) -> str:
    return ngettext(
        "This quotation is %(num)d character too long; it has at most %(longest)d. For the whole passage, leave the "
        "field empty.",
        "This quotation is %(num)d characters too long; it has at most %(longest)d. For the whole passage, leave the "
        "field empty.",
        over,
        longest=LONGEST_QUOTE,
    )
