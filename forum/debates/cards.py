"""Replies as they are drawn on a page: each a card, kept under all that it shows, for every reader the same.

A card holds every way in which it can be shown. What belongs to the person who reads, a form or a mark, stands in it as
a piece of its own, and is left out or put in when it is given to them.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from sys import getsizeof
from typing import Any, NamedTuple

from flask import Flask, current_app, request
from markupsafe import Markup, escape

from forum.debates import mentions
from forum.debates.models import Debate, ReplyStatus
from forum.debates.policy import may_edit_in, may_reply
from forum.debates.queries import Columns
from forum.debates.thread_queries import Facts, Named, Shown, Words, named_of, walk, words_of
from forum.debates.translated import said
from forum.extensions import language, reader
from forum.fragments import TOKEN, as_nobody, csrf, drawn, kept, mark, once
from forum.memory import BESIDE
from forum.web import own_addresses

TEMPLATE = "debates/_reply.html"
PLACE, WORDING, ANSWERS = mark("place"), mark("wording"), mark("answers")
Pieces = tuple[tuple[str, str], ...]  # each with the case in which it is shown; "": always
Cases = tuple[str, ...]


def only(case: str = "") -> Markup:
    """Return the mark in a card after which stands what is shown in one case only; without one, what always is."""
    return mark(f"only {case}")


_ONLY = re.compile(re.escape(only("x")).replace("x", r"(\w*)", 1))


@dataclass(frozen=True)
class Made:
    """The cards of a page that everybody sees, by the numbers of their replies, as they were put together so far."""

    pieces: dict[int, Pieces]
    place: Markup  # the address of the page with its order
    joined: dict[tuple[int, Cases, bool], str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many bytes it takes, about: most cards are shown in two ways, to readers and to members."""
        return sum(BESIDE + 2 * _size(pieces) for pieces in self.pieces.values())

    def card(self, number: int, cases: Cases, has_answers: bool) -> str:
        """Return a card as it is shown in these cases, with the mark for its answers if it has some."""
        html = self.joined.get((number, cases, has_answers))
        if html is None:
            html = _put_together(self.pieces[number], cases).replace(PLACE, self.place)
            html = html if has_answers else html.replace(ANSWERS, "")
            if len(self.joined) < 2 * len(self.pieces):  # as many as `size` counts
                self.joined[number, cases, has_answers] = html
        return html


class Card(NamedTuple):
    """A drawn reply; one that names others is drawn once it is known who they are now: until then it has no pieces."""

    named: tuple[int, ...]
    pieces: Pieces


# Of a reply of somebody else, by whether the reader is asked about it, and what they have answered.
_OF_OTHERS: dict[tuple[bool, bool | None], Cases] = {
    (True, None): ("open", "asked", "not_yes", "not_no", "others"),
    (True, True): ("settled", "asked", "yes", "not_no", "others"),
    (True, False): ("settled", "asked", "not_yes", "no", "others"),
    **{(False, vote): ("settled", "others") for vote in (None, True, False)},
}


@dataclass(frozen=True)
class Reading:
    """Who reads a page of a debate, and what of it is theirs alone; `place`: the address of the page with its order."""

    debate: Debate
    reader: Any
    number: int | None
    is_staff: bool
    writes: bool
    since: datetime | None = None
    folds: Callable[[Facts], bool] = lambda _reply: False
    hides_rule: Callable[[Facts], bool] = lambda _reply: False
    place: str = ""
    by_itself: bool = False  # on the page of one thread

    def cases(self, item: Shown) -> Cases:
        """Return what is so of one reply for this reader, as its card names it."""
        it = item.reply
        if it.status is not ReplyStatus.PUBLISHED:
            return ("judging",) if it.removed_under and self.hides_rule(it) else ("told",)
        found = self._of_own(item) if it.author_id == self.number else _OF_OTHERS[self.writes, item.vote]
        more = {
            "muted": self.folds(it),
            "new": self.since and it.published_at and it.published_at > self.since and it.author_id != self.number,
            "staff": self.is_staff,
            "by_itself": self.by_itself,
        }
        found = (*found, *(case for case, is_so in more.items() if is_so)) if any(more.values()) else found
        return (*found, *self._of_translators(item)) if item.translations else found

    def _of_translators(self, item: Shown) -> Cases:
        """Name the translations that fold by themselves: not under a name that has folded the whole card already."""
        apart = (other for other in item.translations if other.muted_as != item.reply.muted_as)
        return tuple(f"muted_{other.id}" for other in apart if self.folds(other))

    def _of_own(self, item: Shown) -> Cases:
        if item.new_wording is not None:
            return ("settled", "reworded")
        return ("settled", "editable") if self.is_editable(item) else ("settled",)

    def is_editable(self, item: Shown) -> bool:
        """Say whether the reader can change a reply."""
        return may_edit_in(self.reader, self.debate, item.reply)


def cards(columns: Columns, debate: Debate, **own: Any) -> Markup:
    """Return these threads as they are drawn for the reader, each as a line of a list; `own`: what `Reading` needs."""
    drawn = _drawn(columns.pairs, debate, own, under=columns.kept_under)
    lines = [f'<li data-stance="{item.reply.stance}">{drawn.card(item)}</li>\n' for item in columns.pairs]
    return drawn.given("".join(lines))


def thread_card(item: Shown, debate: Debate, **own: Any) -> Markup:
    """Return one thread by itself, its answers in sight."""
    drawn = _drawn([item], debate, own | {"by_itself": True}, unfolded=True)
    return drawn.given(drawn.card(item))


def _drawn(
    items: Sequence[Shown], debate: Debate, own: dict[str, Any], *, unfolded: bool = False, under: Hashable = None
) -> "_Drawn":
    who = reader()
    number, is_staff = (who.id, who.is_staff) if who.is_authenticated else (None, False)
    reading = Reading(debate, who, number, is_staff, may_reply(who, debate), **own)
    public: list[Shown] = []
    theirs: list[Shown] = []
    for item in walk(items):
        (theirs if item.is_unpublished else public).append(item)
    draw = partial(_made_of, public, reading)
    key = ("cards", under, reading.place, _around(debate))
    made = draw() if under is None else once(key, draw, lambda made: made.size)
    return _Drawn(reading, made, _pieces_of(theirs, reading) if theirs else {}, unfolded)


def _around(debate: Debate) -> tuple[Hashable, ...]:
    """Return all that a card shows beside the facts of its reply."""
    facts = (debate.slug, debate.language, debate.is_open, *said(debate)[1:], *own_addresses())
    return language(), request.script_root, *facts


@dataclass(frozen=True)
class _Drawn:
    """The cards of a page by the numbers of their replies, put together for one reader."""

    reading: Reading
    made: Made
    theirs: dict[int, Pieces]  # of what only the reader sees: nothing of it is kept
    unfolded: bool

    def given(self, html: str) -> Markup:
        if self.reading.writes:
            html = html.replace(TOKEN, csrf())
        return Markup(html)  # noqa: S704 (drawn by a template of ours)

    def card(self, item: Shown) -> str:
        cases, number = self.reading.cases(item), item.reply.id
        if number in self.theirs:
            html = _put_together(self.theirs[number], cases)
            html = html if item.answers else html.replace(ANSWERS, "")
        else:
            html = self.made.card(number, cases, bool(item.answers))
        if item.new_wording is not None:
            is_editable = self.reading.is_editable(item)
            html = html.replace(WORDING, _macro("new_wording")(item.reply, item.new_wording, is_editable))
        if item.answers and item.reply.parent_id is None:
            html = html.replace(ANSWERS, self._folded(item))
        return html

    def _folded(self, item: Shown) -> str:
        facts = (self.reading.debate.slug, item.count, self.unfolded, item.before, item.behind)
        around = drawn("answers", *facts, caller=lambda: _macro("folded")(*facts))
        return str(around).replace(ANSWERS, self._list(item))

    def _list(self, item: Shown) -> str:
        lines = [f"<li>{self.card(answer)}{self._list(answer)}</li>\n" for answer in item.answers]
        return f"<ol>\n{''.join(lines)}</ol>\n" if lines else ""


def _put_together(pieces: Pieces, cases: Cases) -> str:
    return "".join([piece for case, piece in pieces if not case or case in cases])


def _size(pieces: Pieces) -> int:
    return sum(getsizeof(piece) for _case, piece in pieces)


def _made_of(items: Sequence[Shown], reading: Reading) -> Made:
    return Made(_pieces_of(items, reading), escape(reading.place))


def _pieces_of(items: Iterable[Shown], reading: Reading) -> dict[int, Pieces]:
    """Return the pieces of cards, by the numbers of their replies; those that are not kept are drawn."""
    debate, sites, store, around = reading.debate, own_addresses(), kept(), _around(reading.debate)
    shown = {item.reply.id: item for item in items}
    keys: dict[int, tuple[Any, ...]] = {
        n: ("card", around, item.reply, item.answering, item.translated) for n, item in shown.items()
    }
    found: dict[int, Card | None] = {n: None if shown[n].is_unpublished else store.get(keys[n]) for n in shown}
    words: dict[int, Words] = {}

    def draw(number: int, named: Sequence[Named]) -> Pieces:
        item = shown[number]
        status = _macro("own_status")(item.reply, reading.is_editable(item)) if item.is_unpublished else ""
        with as_nobody():
            beside = [(it, words[it.id], is_current) for it, is_current in item.translated if it.id in words]
            html = _macro("card")(item.reply, words.get(number), item.answered, named, debate, status, beside)
        always, *rest = _ONLY.split(html)
        pieces = zip(["", *rest[::2]], [always, *rest[1::2]], strict=True)
        return tuple((case, piece) for case, piece in pieces if piece)

    def keep(number: int, card: Card) -> Card:
        if not shown[number].is_unpublished:
            store.put(keys[number], card, _size(card.pieces))
        return card

    missing = [number for number, card in found.items() if card is None]
    words |= _words(shown, missing)
    for number in missing:
        named = tuple(mentions.named(words[number].text, debate.slug, sites)) if number in words else ()
        found[number] = keep(number, Card(named, () if named else draw(number, ())))
    naming = {number: card.named for number, card in found.items() if card and card.named}
    others = named_of(debate, {other for numbers in naming.values() for other in numbers})
    told = {number: [others[other] for other in numbers if other in others] for number, numbers in naming.items()}
    for number, them in told.items():
        keys[number] = (*keys[number], *(other.facts for other in them))
        found[number] = None if shown[number].is_unpublished else store.get(keys[number])
    missing = [number for number in naming if found[number] is None]
    words |= _words(shown, [number for number in missing if number not in words])
    for number in missing:
        found[number] = keep(number, Card((), draw(number, told[number])))
    return {number: card.pieces for number, card in found.items() if card}


def _words(shown: dict[int, Shown], numbers: Iterable[int]) -> dict[int, Words]:
    """Return the words of replies and of their translations, by their numbers; of a place that is kept, none."""
    own = {number: item.words for number, item in shown.items() if item.words}
    facts = [it for n in numbers if n not in own for it in (shown[n].reply, *shown[n].translations)]
    wordings = {it.id: it.revision_id or 0 for it in facts}
    read = words_of(wordings.values()) if any(wordings.values()) else {}
    return own | {number: read[wording] for number, wording in wordings.items() if wording in read}


def _macro(name: str) -> Callable[..., Markup]:
    found: Callable[..., Markup] = getattr(current_app.jinja_env.get_template(TEMPLATE).module, name)
    return found


def init_app(app: Flask) -> None:
    """Give the templates the cards."""
    app.jinja_env.globals.update(cards=cards, thread_card=thread_card, only=only, gap=mark)
