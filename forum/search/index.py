"""The index follows what is public, in the same transaction: entries come with a wording and go with it."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import to_user_timezone
from sqlalchemy import ColumnElement, Select, delete, exists, func, insert, select, text
from sqlalchemy.orm import joinedload

from forum.accounts.models import User
from forum.db import db, writing
from forum.debates.models import NAMED, ArticleRevision, Debate, Passage, Reply, Revision, is_counted
from forum.moderation.appeal_models import Appeal
from forum.moderation.models import Decision
from forum.search import places, vocabulary
from forum.search.expressions import filter_of
from forum.search.models import SearchEntry, SearchTrigram, SearchWord
from forum.text import fold, plain
from forum.words import STEMMER, prepared, read

LOCK = 20261129  # on PostgreSQL: who holds it changes the index; on SQLite there is one writer anyway
BATCH = 1000  # entries in one transaction; others write in between
MERGED = 2000  # pages of the engine's own index in one transaction, about a tenth of a second
ARTICLE = "article"  # what an article has for a side
Row = dict[str, Any]
EntryOf = Callable[..., tuple[Row, dict[str, str]]]


def follow(subject: Decision | Appeal | Reply) -> None:
    """Let a reply be found if it is public, in the wording that is shown; not at all if it is not."""
    reply = subject if isinstance(subject, Reply) else db.session.get_one(Reply, subject.reply_id)
    shown = reply.shown_revision_id if reply.is_public and not reply.is_translation else None
    _begin()
    indexed = db.session.scalar(select(SearchEntry.revision_id).where(SearchEntry.reply_id == reply.id))
    if indexed == shown:
        return
    if indexed is not None:
        _take_out(SearchEntry.reply_id == reply.id)
    if shown is not None:
        _put(db.session.execute(_replies().where(Reply.id == reply.id)), _entry_of_reply)


def rename(author: User) -> None:
    """Let the public replies of an author be found under the name that they have now."""
    _begin()
    theirs = select(Reply.id).where(Reply.author_id == author.id, is_counted(Reply))
    _take_out(SearchEntry.reply_id.in_(theirs))
    _put(db.session.execute(_replies().where(Reply.id.in_(theirs)).order_by(Reply.id)), _entry_of_reply)


def follow_article(revision: ArticleRevision) -> None:
    """Let the passages of a new wording of an article be found, those of the former one no more."""
    _begin()
    of_debate = select(Passage.id).join(ArticleRevision).where(ArticleRevision.debate_id == revision.debate_id)
    _take_out(SearchEntry.passage_id.in_(of_debate))
    _put(db.session.execute(_passages().where(Passage.revision_id == revision.id)), _entry_of_passage)


def catch_up() -> int:
    """Put in what is public and not in the index yet, and return how much that was.

    Entries that an earlier version made otherwise are made anew. Others can write meanwhile.
    """
    if db.session.scalar(select(exists().where(SearchEntry.stemmer != STEMMER))):
        clear()
    newest = select(func.max(ArticleRevision.id)).group_by(ArticleRevision.debate_id)
    passages = _passages().where(Passage.revision_id.in_(newest)).order_by(Passage.id)
    replies = _replies().order_by(Reply.id.desc())  # the order in which all hold replies
    total = sum(
        (
            _catch_up(passages, ~exists().where(SearchEntry.passage_id == Passage.id), Passage.id, _entry_of_passage),
            _catch_up(replies, ~exists().where(SearchEntry.reply_id == Reply.id), Reply.id, _entry_of_reply),
        )
    )
    if total >= BATCH:
        compact()
    return total


def compact() -> None:
    """Merge the parts of the engine's own index, which FTS5 makes with every change; others can write meanwhile.

    It keeps nothing then of what was taken out, and a question is answered in a fifth of the time.
    """
    if db.session.get_bind().dialect.name != "sqlite":
        return
    pages, is_done = -MERGED, False  # below zero: all parts are to become one
    while not is_done:
        with writing():
            before = db.session.scalar(_CHANGES)
            db.session.execute(_MERGE, {"pages": pages})
            is_done = db.session.scalar(_CHANGES) - before < 2  # as its documentation says
        pages = MERGED


_MERGE = text("insert into search_index(search_index, rank) values ('merge', :pages)")
_CHANGES = text("select total_changes()")


def clear() -> None:
    """Empty the index; on PostgreSQL as new files, because what is filled anew among deleted rows is twice as slow."""
    models = (SearchTrigram, SearchWord, SearchEntry)
    with writing():
        _begin()
        if db.session.get_bind().dialect.name == "postgresql":
            db.session.execute(text(f"TRUNCATE {', '.join(model.__tablename__ for model in models)}"))
            return
        for model in models:
            db.session.execute(delete(model))


def _catch_up(query: Select[*tuple[Any, ...]], is_missing: ColumnElement[bool], number: Any, entry_of: EntryOf) -> int:
    """Put in what is missing, a batch at a time; like a decision, it holds its rows before it takes its turn."""
    total, missing = 0, query.where(is_missing).with_only_columns(number).limit(BATCH)
    while True:
        with writing():
            numbers = db.session.scalars(missing.with_for_update(read=True, key_share=True, of=number.class_)).all()
            _begin()
            rows = db.session.execute(query.where(is_missing, number.in_(numbers))).all()
            _put(rows, entry_of)
        total += len(rows)
        if len(numbers) < BATCH:
            return total


def _begin() -> None:
    """Take one's turn: a word is counted, or found to be gone, by one at a time."""
    db.session.flush()
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(LOCK)))


def _replies() -> Select[Reply, str, str, int]:
    """Return the query for public replies with the wording that is shown, whatever the session holds of it."""
    return (
        select(Reply, Revision.html, Revision.words, Revision.stemmer)
        .join(Revision, Revision.id == Reply.shown_revision_id)
        .where(is_counted(Reply))
        .options(*map(joinedload, NAMED))
    )


def _passages() -> Select[Passage, int, str]:
    return (
        select(Passage, ArticleRevision.debate_id, Debate.language)
        .join(ArticleRevision, ArticleRevision.id == Passage.revision_id)
        .join(Debate, Debate.id == ArticleRevision.debate_id)
    )


def _entry_of_reply(reply: Reply, html: str, words: str, stemmer: int) -> tuple[Row, dict[str, str]]:
    """Return the entry of a public reply, and its words with the main stem of each."""
    if reply.published_at is None:
        raise ValueError(f"reply {reply.id} is not public")
    told = {"d": reply.debate_id, "s": reply.stance.value, "l": reply.language, "n": fold(reply.page_name or "")}
    told = {kind: value for kind, value in told.items() if value}
    place = places.of_reply(to_user_timezone(reply.published_at).date(), reply.id)
    of = {"reply_id": reply.id, "revision_id": reply.shown_revision_id, "passage_id": None}
    return _entry(_words(html, words, stemmer), reply.language, told, {"place": place, **of})


def _entry_of_passage(passage: Passage, debate_id: int, language: str) -> tuple[Row, dict[str, str]]:
    """Return the entry of a passage, and its words with the main stem of each."""
    place = places.of_passage(passage.revision_id, passage.position)
    of = {"reply_id": None, "revision_id": None, "passage_id": passage.id}
    return _entry(_words(passage.html), language, {"d": debate_id, "s": ARTICLE, "l": language}, {"place": place, **of})


def _words(html: str, words: str = "", stemmer: int | None = None) -> str:
    """Return the words of a text: as they were stored with it, or made now if that was not done, or otherwise."""
    return words if stemmer == STEMMER else prepared(plain(html))


def _entry(words: str, language: str, told: dict[str, Any], row: Row) -> tuple[Row, dict[str, str]]:
    mains, stems = read(words, language)
    filters = [filter_of(kind, value) for kind, value in told.items()]
    return row | {"stemmer": STEMMER, "stems": " ".join([*filters, *sorted(stems)])}, mains


def _put(rows: Iterable[Any], entry_of: EntryOf) -> None:
    entries, counts, stems = [], Counter[str](), dict[str, str]()
    for row in rows:
        entry, said = entry_of(*row)
        entries.append(entry)
        counts.update(said.keys())
        stems |= said
    if entries:
        db.session.execute(insert(SearchEntry), entries)
        vocabulary.add(counts, stems)


def _take_out(entries: ColumnElement[bool]) -> None:
    """Take entries out, and their words. A wording never changes, so its words are those that were put in."""
    query = (
        select(SearchEntry.place, Passage.html, Revision.html, Revision.words, Revision.stemmer)
        .outerjoin(Revision, Revision.id == SearchEntry.revision_id)
        .outerjoin(Passage, Passage.id == SearchEntry.passage_id)
    )
    for place, of_passage, *of_reply in db.session.execute(query.where(entries)).all():
        said, _stems = read(_words(*of_reply) if of_passage is None else _words(of_passage), "")
        vocabulary.remove(said.keys())
        db.session.execute(delete(SearchEntry).where(SearchEntry.place == place))
