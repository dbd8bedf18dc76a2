"""What the search keeps: an entry for each public text, and the words of all of them.

An engine keeps its own index beside the entries, by itself: triggers of SQLite fill `search_index` (FTS5), and on
PostgreSQL `search_entries.search_index` (a tsvector) is computed from `stems`.
"""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.db import Bare, Base

LONG = BigInteger().with_variant(Integer, "sqlite")  # there it is the number by which FTS5 knows the row


class SearchEntry(Bare):
    """A public reply in its shown wording, or a passage of a shown article. It is never changed, only replaced."""

    __tablename__ = "search_entries"
    __table_args__ = (
        CheckConstraint("(reply_id IS NULL) <> (passage_id IS NULL)", name="of_one_text"),
        CheckConstraint("(reply_id IS NULL) = (revision_id IS NULL)", name="in_one_wording"),
    )

    place: Mapped[int] = mapped_column(LONG, primary_key=True, autoincrement=False)  # `places`: the largest first
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"), unique=True)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"), unique=True)
    passage_id: Mapped[int | None] = mapped_column(ForeignKey("passages.id"), unique=True)
    stemmer: Mapped[int]
    stems: Mapped[str] = mapped_column(Text)


class SearchWord(Base):
    """A word of public texts, and in how many entries it stands; with the last of them it goes."""

    __tablename__ = "search_words"

    word: Mapped[str] = mapped_column(String(40), unique=True)
    stem: Mapped[str] = mapped_column(String(40), index=True)
    entries: Mapped[int]


class SearchTrigram(Bare):
    """Three letters that stand side by side in a word: words that share many are spelt alike."""

    __tablename__ = "search_trigrams"
    __table_args__ = (Index(None, "word_id"),)

    trigram: Mapped[str] = mapped_column(String(3), primary_key=True)
    word_id: Mapped[int] = mapped_column(ForeignKey("search_words.id", ondelete="CASCADE"), primary_key=True)
