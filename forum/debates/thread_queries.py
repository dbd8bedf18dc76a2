"""What is asked about threads: the facts of replies, the answers below them, and what one reader sees of it.

Facts are told apart from words: of a page that has been drawn before, only the facts have to be read again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import (
    CompoundSelect,
    Select,
    String,
    and_,
    bindparam,
    case,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.elements import ColumnElement

from forum.accounts.models import User
from forum.db import db, rows
from forum.debates import vote_tags
from forum.debates.models import (
    NAMED,
    WAITS,
    Debate,
    DebateName,
    Outcome,
    Quote,
    Reply,
    ReplyMarks,
    ReplyStatus,
    Revision,
    Stance,
    is_counted,
)
from forum.debates.models.names import MutedAs, muted_as
from forum.debates.places import PER_PAGE, REPLIES, is_shown
from forum.debates.reply_translations import chosen

ANSWERS = 100  # of a thread, on one page of it; a page of both sides shows of each as many as it has replies of a side


class Facts(NamedTuple):
    """All that is shown of a reply but its words; `revision_id` names these."""

    id: int
    root_id: int | None
    parent_id: int | None
    in_answer_to_id: int | None
    original_id: int | None  # of which it is a translation
    author_id: int
    debate_name_id: int | None  # of the name for this debate alone, if its author has one
    author_name: str  # under which it appears; "": the account is deleted
    stance: Stance
    status: ReplyStatus
    published_at: datetime | None
    language: str
    passage: int | None
    stands_at: int | None
    removed_under: str | None
    is_erased: bool
    revision_id: int | None
    revised_at: Any  # when that wording was sent, as the engine has it: no two wordings have number and moment alike
    renderer: int | None
    replaces_id: int | None
    edited_at: datetime | None  # when that wording became public
    translated_id: int | None  # the wording of its original of which that one is made
    quote_id: int | None
    quoted_from: int | None  # the passage in which its words stood when they were quoted
    found_at: int | None
    counts: tuple[int, int, int, int] | None  # of its marks: for yes and all, against yes and all

    @property
    def shown_name(self) -> str:
        """The name under which it appears."""
        return shown_as(self.author_name)

    @property
    def page_name(self) -> str | None:
        """The name under which more of its author can be read; None: there is no such page."""
        return self.author_name or None

    @property
    def muted_as(self) -> MutedAs:
        """What is muted where it is folded."""
        return muted_as(self.author_id, self.debate_name_id)

    @property
    def is_public(self) -> bool:
        """Whether everybody can read it."""
        return self.status is ReplyStatus.PUBLISHED

    @property
    def is_tombstone(self) -> bool:
        """Whether its place is kept, without its words; those that nothing stands below are not read at all."""
        return self.status in {ReplyStatus.REMOVED, ReplyStatus.WITHDRAWN}

    @property
    def is_waiting(self) -> bool:
        """Whether a moderator has yet to read it."""
        return self.status is ReplyStatus.PENDING

    def marks(self, stance: Stance) -> tuple[int, int] | None:
        """Return how many readers of a side find it well argued, of how many; None if they are too few to tell."""
        yes, every = (self.counts or (0, 0, 0, 0))[0 if stance is Stance.PRO else 2 :][:2]
        return (yes, every) if every else None


class Named(NamedTuple):
    """A public reply that another one names by its address."""

    facts: tuple[Any, ...]  # number, stored name, language, number and moment of its wording
    html: str

    @property
    def id(self) -> int:
        """Its number."""
        return self.facts[0]

    @property
    def shown_name(self) -> str:
        """The name under which it appears."""
        return shown_as(self.facts[1])

    @property
    def language(self) -> str:
        """The language that it is written in."""
        return self.facts[2]


class Words(NamedTuple):
    """What a wording says, and what it quotes."""

    text: str
    html: str
    quote: str | None


@dataclass
class Shown:
    """A reply as one reader sees it."""

    reply: Facts
    words: Words | None = None  # of what only its author sees; what is public is read when it is drawn
    answered: Facts | None = None  # the public reply beside it that it answers
    new_wording: str | None = None  # HTML of an own public reply: it waits, and nobody else sees it
    vote: bool | None = None  # what this reader answered: is it well argued?
    translations: tuple[Facts, ...] = ()  # public ones, one for each language
    answers: list["Shown"] = field(default_factory=list)
    left_out: int = 0  # answers anywhere below it that stand on other pages of its thread, …
    before: int | None = None  # … of which these answers lead to the one before and the one behind
    behind: int | None = None

    @property
    def count(self) -> int:
        """How many answers this reader sees below it, on whichever page."""
        return self.left_out + sum(1 + answer.count for answer in self.answers)

    @property
    def answering(self) -> tuple[int, str] | None:
        """Number and stored name of the public reply beside it that it answers."""
        return (self.answered.id, self.answered.author_name) if self.answered else None

    @property
    def translated(self) -> tuple[tuple[Facts, bool], ...]:
        """Its translations, each with whether it says what is public now."""
        return tuple((it, it.translated_id == self.reply.revision_id) for it in self.translations)

    @property
    def is_unpublished(self) -> bool:
        """Whether only its author sees it."""
        return self.words is not None


def shown_as(stored_name: str) -> str:
    """Return the name under which a reply appears, by the one that is stored; nothing is stored of who has left."""
    return stored_name or _("former member")


def thread(reply: Reply, reader: Any) -> Shown | None:
    """Return the page of a thread on which `reply` stands, if this reader may see `reply`."""
    own = own_unpublished(reply.debate, reader)
    root = reply.root_id or reply.id
    top = next((item for item in own if item.reply.id == root and item.is_unpublished), None)
    near = {reply.id, reply.parent_id} - {None}  # what nobody else sees stands where its parent does
    threads = [top] if top else with_answers([root], facts_of([root]), own, ANSWERS, near)
    put_votes(threads, reader)
    return threads[0] if any(item.reply.id == reply.id for item in walk(threads)) else None


def with_answers(
    roots: Sequence[int],
    facts: Iterable[Facts],
    own: Iterable[Shown],
    most: int = PER_PAGE,
    near: Collection[int | None] = (),
) -> list[Shown]:
    """Return each root with its answers below it, the oldest first, and the reader's own waiting ones last.

    Translations stand beside what they translate, as long as that is public.

    Of a thread with more than `most` answers: the page with the last of the answers `near`, else the first one.
    """
    beside: dict[int, list[Facts]] = defaultdict(list)
    found = []
    for it in facts:
        if it.original_id:
            beside[it.original_id].append(it)
        else:
            found.append(Shown(it))
    for item in found:
        if item.reply.is_public and item.reply.id in beside:
            item.translations = tuple(chosen(item.reply.revision_id, beside[item.reply.id]))
    places = {item.reply.id: item for item in found}
    answers = _paged(places, sorted((item for item in found if item.reply.parent_id), key=_by_date), most, near)
    for item in own:
        if not item.is_unpublished and item.reply.id in places:
            places[item.reply.id].new_wording = item.new_wording
    for item in [*answers, *(item for item in own if item.is_unpublished)]:
        above, answered = places.get(item.reply.parent_id or 0), places.get(item.reply.in_answer_to_id or 0)
        item.answered = answered.reply if answered and answered.reply.is_public else None
        if above:
            above.answers.append(item)
    return [places[root] for root in roots if root in places]


def _paged(
    places: dict[int, Shown], answers: Sequence[Shown], most: int, near: Collection[int | None]
) -> Sequence[Shown]:
    """Return the answers on the page of each thread, with those above them; each root learns what is left out."""
    if len(answers) <= most:
        return answers
    threads: dict[int | None, list[Shown]] = defaultdict(list)
    for answer in answers:
        threads[answer.reply.root_id].append(answer)
    shown: list[Shown] = []
    for number, thread in threads.items():
        root = places.get(number or 0)
        if root is None or len(thread) <= most:
            shown += thread
            continue
        at = max((n for n, answer in enumerate(thread) if answer.reply.id in near), default=0)
        begin = at - at % most
        numbers = {above for answer in thread[begin : begin + most] for above in _line(answer, places)}
        page = [answer for answer in thread if answer.reply.id in numbers]
        root.left_out = len(thread) - len(page)
        root.before = thread[begin - most].reply.id if begin else None
        root.behind = thread[begin + most].reply.id if begin + most < len(thread) else None
        shown += page
    return shown


def _line(answer: Shown, places: dict[int, Shown]) -> Iterator[int]:
    """Give the number of an answer and of those above it."""
    above: Shown | None = answer
    while above is not None and above.reply.parent_id:
        yield above.reply.id
        above = places.get(above.reply.parent_id)


def facts_of(roots: Sequence[int]) -> list[Facts]:
    """Return the facts of replies and of the answers below them, public ones and places kept, and of translations."""
    return [_facts(row) for row in rows(_ASKED, {"roots": roots})] if roots else []


def own_unpublished(debate: Debate, reader: Any, where: Sequence[ColumnElement[bool]] = ()) -> list[Shown]:
    """Return what the reader wrote here that waits or was returned, the oldest first; `where`: not for answers.

    Of a new wording of a public reply: that reply, with the words that wait.
    """
    if not reader.is_authenticated:
        return []
    query = _own(or_(REPLIES.parent_id.is_not(None), and_(*where))) if where else _OWN
    found = rows(query, {"debate": debate.id, "reader": reader.id}).all()
    latest: dict[int, Shown] = {}
    for *row, text, html, exact in sorted(found, key=_by_wording):
        facts = _facts(row)
        waits = Shown(facts, new_wording=html) if facts.is_public else Shown(facts, Words(text, html, exact))
        latest[facts.id] = waits
    return list(latest.values())


def put_votes(threads: Iterable[Shown], reader: Any) -> None:
    """Put beside each reply what the reader has answered about this wording of it."""
    if not reader.is_authenticated:
        return
    items = {item.reply.revision_id: item for item in walk(threads) if item.reply.is_public}
    answered = vote_tags.own([item.reply.id for item in items.values()], reader.id) if items else {}
    for revision_id, well_argued in answered.items():
        if revision_id in items:
            items[revision_id].vote = well_argued


def words_of(revision_ids: Iterable[int]) -> dict[int, Words]:
    """Return the words of wordings, by their numbers."""
    query = select(Revision.id, Revision.text, Revision.html, Quote.exact)
    query = query.outerjoin(Quote, Quote.reply_id == Revision.reply_id).where(Revision.id.in_(list(revision_ids)))
    return {number: Words(*words) for number, *words in db.session.execute(query)}


def named_of(debate: Debate, numbers: Collection[int]) -> dict[int, Named]:
    """Return those of `numbers` that are public replies of a debate, as they are now."""
    if not numbers:
        return {}
    query = select(Reply.id, _NAME, Reply.language, Revision.id, _SENT_AT, Revision.html)
    query = query.select_from(Reply.__table__).join(_USERS, _USERS.c.id == _R.author_id).outerjoin(_NAMES, _UNDER)
    query = query.join(_WORDINGS, _W.id == _R.shown_revision_id)
    public = (Reply.debate_id == debate.id, is_counted(Reply), Reply.id.in_(numbers))
    return {row[0]: Named(tuple(row[:-1]), row[-1]) for row in db.session.execute(query.where(*public))}


def with_words(query: Select[Reply]) -> Select[Reply]:
    """Ask for replies with all that is shown of them."""
    parts = (Reply.shown_revision, *NAMED, Reply.marks, Reply.quote)
    return query.options(*(joinedload(part) for part in parts))


def walk(items: Iterable[Shown]) -> Iterable[Shown]:
    """Give all replies of these threads."""
    for item in items:
        yield item
        if item.answers:
            yield from walk(item.answers)


_USERS, _NAMES, _WORDINGS, _QUOTES, _MARKS = (
    model.__table__ for model in (User, DebateName, Revision, Quote, ReplyMarks)
)
_R, _W, _Q, _M = REPLIES, _WORDINGS.c, _QUOTES.c, _MARKS.c
_NAME = case((_NAMES.c.id.is_not(None), _NAMES.c.name), else_=_USERS.c.name)
_UNDER = and_(_NAMES.c.debate_id == _R.debate_id, _NAMES.c.user_id == _R.author_id)
_SENT_AT = type_coerce(_W.created_at, String)
_MARKS_AT = len(Facts._fields) - 1
_PARTS = select(
    *(_R.id, _R.root_id, _R.parent_id, _R.in_answer_to_id, _R.original_id, _R.author_id, _NAMES.c.id, _NAME),
    *(_R.stance, _R.status, _R.published_at, _R.language, _R.passage, _R.stands_at),
    *(_R.removed_under, _R.erased_at.is_not(None)),
    *(_W.id, _SENT_AT, _W.renderer, _W.replaces_id, _W.published_at, _W.translated_id),
    *(_Q.id, _Q.passage, _Q.found_at, _M.pro_yes, _M.pro_all, _M.anti_yes, _M.anti_all),
).select_from(Reply.__table__)
# The counts are those of the wording that is shown, or none.
_COUNTED = and_(_M.reply_id == _R.id, _M.revision_id == _W.id)
_SHOWN_WORDING = and_(_W.id == _R.shown_revision_id, _R.status == ReplyStatus.PUBLISHED)
_ROOTS: Any = bindparam("roots", expanding=True)
_ASKED = (
    _PARTS.join(_USERS, _USERS.c.id == _R.author_id)
    .outerjoin(_NAMES, _UNDER)
    .outerjoin(_QUOTES, _Q.reply_id == _R.id)
    .outerjoin(_WORDINGS, _SHOWN_WORDING)
    .outerjoin(_MARKS, _COUNTED)
    .where(or_(_R.id.in_(_ROOTS), _R.root_id.in_(_ROOTS)), is_shown(_R))
)
_OWN_PARTS = (
    _PARTS.join(_WORDINGS, _W.reply_id == _R.id)  # first of all: of most of somebody's replies no wording waits
    .join(_USERS, _USERS.c.id == _R.author_id)
    .outerjoin(_NAMES, _UNDER)
    .outerjoin(_QUOTES, _Q.reply_id == _R.id)
    .outerjoin(_MARKS, _COUNTED)
    .add_columns(_W.text, _W.html, _Q.exact)
    .where(_R.debate_id == bindparam("debate"), _R.author_id == bindparam("reader"), _R.original_id.is_(None))
)


def _own(*where: ColumnElement[bool]) -> CompoundSelect[Any]:
    """Ask for what waits or was returned of replies that are not public, and for new wordings of public ones."""
    new = or_(
        and_(_R.status == ReplyStatus.PENDING, _W.outcome == Outcome.WAITING),
        and_(_R.status == ReplyStatus.RETURNED, _W.outcome == Outcome.RETURNED),
    )
    unseen = _OWN_PARTS.where(_R.status.in_([ReplyStatus.PENDING, ReplyStatus.RETURNED]), new, *where)
    return union_all(unseen, _OWN_PARTS.where(_R.status == ReplyStatus.PUBLISHED, WAITS, *where))


_OWN = _own()


def _facts(row: Sequence[Any]) -> Facts:
    counts = tuple(row[_MARKS_AT:])
    return Facts._make((*row[:_MARKS_AT], counts if counts[0] is not None else None))


def _by_wording(row: Sequence[Any]) -> tuple[int, int]:
    return row[0], row[Facts._fields.index("revision_id")]


def _by_date(item: Shown) -> tuple[Any, int]:
    return item.reply.published_at, item.reply.id
