"""What is argued: debates, the article in numbered passages, and the replies of both sides."""

from forum.debates.models.articles import ArticleRevision, Debate, Note, Passage, Voice
from forum.debates.models.marks import HourlyScores, ReplyMarks
from forum.debates.models.names import Byline, DebateName, MutedName
from forum.debates.models.quotes import LONGEST_QUOTE, Quote
from forum.debates.models.replies import COLUMN, MAX_DEPTH, NAMED, WAITS, Reply, Revision, is_counted
from forum.debates.models.states import MOVES, SIDES, UNDO_MOVES, Outcome, ReplyStatus, Stance
from forum.debates.models.translations import (
    ArticleTranslation,
    Provenance,
    TranslatedNote,
    TranslatedPassage,
    TranslatedVoice,
)

__all__ = [
    "COLUMN",
    "LONGEST_QUOTE",
    "MAX_DEPTH",
    "MOVES",
    "NAMED",
    "SIDES",
    "UNDO_MOVES",
    "WAITS",
    "ArticleRevision",
    "ArticleTranslation",
    "Byline",
    "Debate",
    "DebateName",
    "HourlyScores",
    "MutedName",
    "Note",
    "Outcome",
    "Passage",
    "Provenance",
    "Quote",
    "Reply",
    "ReplyMarks",
    "ReplyStatus",
    "Revision",
    "Stance",
    "TranslatedNote",
    "TranslatedPassage",
    "TranslatedVoice",
    "Voice",
    "is_counted",
]
