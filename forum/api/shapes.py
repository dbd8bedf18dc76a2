"""What the API answers and what it can be asked: answers, checks and the description of it are made from these models.

Their names and descriptions are part of the description in `openapi.json`; they are for programmers, in English.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from forum.debates.models import Stance
from forum.extensions import written_languages
from forum.forms import LARGEST_ID
from forum.moderation.rules import all_rules
from forum.transparency.models import LogAction

MOST = 100  # items of one answer


def _whole(value: object) -> object:
    """Let through a whole number as it is written in an address, and nothing that Python would take for one."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 11 else None


def _known_rule(code: str) -> str:
    if code not in all_rules():
        raise ValueError("unknown rule")
    return code


def _written_language(code: str) -> str:
    if code not in written_languages():
        raise ValueError("no language of replies")
    return code


class _WrittenLanguages:
    """Describes a language of replies: which ones there are is a setting, read when the description is made."""

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": "string", "enum": written_languages()}


Row = Annotated[int, Field(ge=1, le=LARGEST_ID)]
AskedRow = Annotated[Row, BeforeValidator(_whole)]
RuleCode = Annotated[str, AfterValidator(_known_rule), WithJsonSchema({"type": "string", "enum": list(all_rules())})]
WrittenLanguage = Annotated[str, AfterValidator(_written_language), _WrittenLanguages()]
Slug = Annotated[str, Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


class Shape(BaseModel):
    """An object that has these fields and no others."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Asked(Shape):
    """What an address that gives a list can be asked."""

    after: AskedRow | None = Field(None, description="Give what comes after this item of the list.")
    limit: Annotated[int, Field(ge=1, le=MOST), BeforeValidator(_whole)] = Field(
        50, description="How many items to give at most."
    )


class RepliesAsked(Asked):
    """What the replies of a debate can be asked."""

    side: Stance | None = Field(None, description="Only those of this side.")
    language: WrittenLanguage | None = Field(
        None,
        description="Only those that are written in this language, whatever they are translated into. "
        "The counts of a debate are of all languages.",
    )


class LogAsked(Asked):
    """What the log can be asked."""

    debate: Slug | None = Field(None, description="Only entries about this debate.")
    side: Stance | None = Field(None, description="Only entries about replies of this side.")
    rule: RuleCode | None = Field(None, description="Only entries under this rule.")
    action: LogAction | None = Field(None, description="Only entries of this kind.")
    moderator: AskedRow | None = Field(None, description="Only entries of this moderator.")


class Side(Shape):
    """A side of a debate, in its own words."""

    side: Literal["pro", "anti"]
    label: str
    gist: str
    replies: int = Field(description="Public replies at top level, in all languages; answers are counted apart.")


class DebateInList(Shape):
    """A debate."""

    slug: str
    url: str
    page: str = Field(description="The page for people.")
    title: str
    language: str
    motion: str
    sides: list[Side]
    state: Literal["planned", "open", "closed"]
    opens_on: date
    closes_on: date | None
    closed_on: date | None
    closed_reason: str | None


class Passage(Shape):
    """A paragraph of the article; its number stays with it for ever."""

    number: int
    begins_section: bool
    text: str = Field(description="As it was written, in Markdown.")
    html: str


class Note(Shape):
    """What the editor remarks at a passage."""

    passage: int
    text: str


class Voice(Shape):
    """Words said in the article itself, at the head of a side."""

    side: Literal["pro", "anti"]
    passage: int
    speaker: str
    exact: str


class Article(Shape):
    """The article that opens a debate, in the wording that is shown."""

    revision: int
    changed_on: date
    source: str
    published_by: str | None
    dated: str | None = Field(description="The date that the original gives.")
    passages: list[Passage]
    notes: list[Note]
    voices: list[Voice]


class Estimate(Shape):
    """A share, and its 95 % interval."""

    share: float
    low: float
    high: float


class Moved(Estimate):
    """Those who moved one way, by one step or more."""

    people: int


class Positions(Shape):
    """Where they stood at one time."""

    pro: int
    undecided: int
    anti: int
    strongly_pro: int | None = Field(description="Of `pro`; null where nobody is, or too few to be told apart.")
    strongly_anti: int | None = Field(description="Of `anti`; null where nobody is, or too few to be told apart.")


class ShownShift(Shape):
    """How members moved between the article and the replies; not a poll. Changes five answers or more at a time."""

    people: int = Field(description="Members who answered before reading and after it.")
    towards: Literal["pro", "anti"] | None = Field(description="Null where no shift at all would also fit.")
    net: Estimate = Field(description="The share that moved towards pro less the share that moved towards anti.")
    pro: Moved | None = Field(description="Who moved towards pro; null where one to four moved one way.")
    anti: Moved | None = Field(description="Who moved towards anti; null where one to four moved one way.")
    before: Positions | None = Field(description="Null where one to four stand at one of the points.")
    after: Positions | None = Field(description="Null where one to four stand at one of the points.")
    movements: list[list[int]] = Field(
        description="A row for each position before, a column for each after, both from strongly pro to strongly anti; "
        "to the nearest five, and 0 for fewer than five.",
    )


class Debate(DebateInList):
    """A debate with its article."""

    answers: int = Field(description="Public answers to replies.")
    shift: ShownShift | None = Field(
        description="Null while the debate is open, and where fewer than five answered both times."
    )
    replies_url: str
    article: Article


class Quote(Shape):
    """Words of the article that a reply answers, as a W3C TextQuoteSelector."""

    passage: int
    prefix: str
    exact: str
    suffix: str
    is_in_text: bool = Field(description="Whether the article still has these words.")


class Readers(Shape):
    """How many readers of a side find a reply well argued."""

    yes: int
    of: int


class WellArgued(Shape):
    """What readers of either side say; null below five of a side. Counts are renewed five answers at a time."""

    pro: Readers | None
    anti: Readers | None


class Translation(Shape):
    """A reply in another language, as a member has translated it."""

    language: str
    author: str | None = Field(description="Who translated it.")
    is_current: bool = Field(description="Whether the reply still is as it was translated.")
    published_on: date
    text: str = Field(description="As it was written, in Markdown.")
    html: str


class Reply(Shape):
    """A public reply; or, without its words, the place that is kept of one because it has public answers."""

    id: int
    url: str
    page: str = Field(description="The page for people, which never moves.")
    debate: str
    side: Stance
    state: Literal["published", "removed", "withdrawn"]
    removed_under: str | None = Field(description="The rule under which it was removed.")
    author: str | None
    language: str
    parent: int | None = Field(description="The reply below which it stands.")
    answers_to: int | None = Field(description="The reply that it answers; at the deepest level one beside it.")
    passage: int | None = Field(description="The passage of the article at which it stands now.")
    quote: Quote | None
    published_on: date
    edited_on: date | None = Field(description="When the wording that is shown replaced another one.")
    text: str | None = Field(description="As it was written, in Markdown.")
    html: str | None
    translations: list[Translation] = Field(description="One for each language at most.")
    answers: int = Field(description="Public answers below it.")
    well_argued: WellArgued | None = Field(description="Null until this wording was counted.")


class LogEntry(Shape):
    """An entry of the public log, as it is hashed; docs/log.md says how the chain is checked."""

    id: int
    hour: str
    debate: str | None
    side: str | None
    rule: str | None
    action: str
    moderator: int | None
    commitment: str | None
    about_id: int | None
    previous_hash: str
    hash: str


class Debates(Shape):
    """Debates, the oldest first."""

    items: list[DebateInList]
    next: str | None = Field(description="The address of what comes after these; null at the end.")


class Replies(Shape):
    """Public replies and answers of a debate, the first one published first."""

    items: list[Reply]
    next: str | None = Field(description="The address of what comes after these; null at the end.")


class Log(Shape):
    """Entries of the log, the oldest first."""

    items: list[LogEntry]
    next: str | None = Field(description="The address of what comes after these; null at the end.")


class Problem(Shape):
    """Why there is no answer, as RFC 9457 writes it."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str
    parameter: str | None = Field(None, description="The parameter that cannot be used.")
