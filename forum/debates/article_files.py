"""The seed article as a file: Markdown with front matter, checked with the line and key of what is wrong."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from flask import current_app

from forum.debates.models import Provenance, Stance
from forum.debates.seeds import Paragraph, Seed, SeedTranslation
from forum.terminal import _
from forum.text import is_storable, normal

SECTION_BREAK = re.compile(r"^(\*[ \t]*){3,}$|^(-[ \t]*){3,}$")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TEXT_KEYS = {"title": 300, "source": 300, "motion": 300}  # needed, with the longest that is stored
AROUND = {"language", "published_by", "stances", "voices", "notes"}
OTHER_KEYS = AROUND | {"slug", "date", "opens", "closes"}
OF_TRANSLATION = AROUND | {"translation_of", "translation"}


class BadArticle(Exception):
    """The file cannot be imported; the message names file, line and key."""


def read(path: Path) -> Seed:
    """Read an article file; raise `BadArticle` at the first thing that is wrong."""
    return _reader(path).seed()


def read_translation(path: Path) -> SeedTranslation:
    """Read the file of a translation; raise `BadArticle` at the first thing that is wrong."""
    return _reader(path).translation()


def is_translation(path: Path) -> bool:
    """Say whether a file is that of a translation; raise `BadArticle` where it has no front matter."""
    return "translation_of" in _reader(path).front


def _reader(path: Path) -> "_Reader":
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = _("%(file)s: cannot be read as UTF-8 text (%(error)s).", file=path, error=type(error).__name__)
        raise BadArticle(said) from error
    return _Reader(path, content.replace("\r\n", "\n"))


class _Loader(yaml.SafeLoader):
    """Makes the value of one node."""

    def __init__(self, node: yaml.Node) -> None:
        super().__init__("")
        self.node = node

    def construct(self) -> Any:
        """Return the value; plain data only."""
        return self.construct_document(self.node)


class _Reader:
    """Reads one file and knows on which line each key stands."""

    def __init__(self, path: Path, content: str) -> None:
        self.path = path
        match = re.match(r"---\n(.*?\n)---\n(.*)", content, re.DOTALL)
        if match is None:
            raise self.at(1, _("the file must begin with front matter between two lines of “---”"))
        self.body = match[2]
        self.body_line = match[1].count("\n") + 3
        try:
            root = yaml.compose(match[1], Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise self.at(mark.line + 2 if mark else 2, _("not valid YAML")) from error
        if not isinstance(root, yaml.MappingNode):
            raise self.wrong((), _("the front matter must be a list of keys"))
        self.root = root
        self.front: dict[Any, Any] = {}
        for key, value in root.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.at(key.start_mark.line + 2, _("a key must be a word"))
            if key.value in self.front:
                raise self.at(key.start_mark.line + 2, _("this key stands here twice"), key.value)
            self.front[key.value] = self.value(key, value)

    def value(self, key: yaml.Node, value: yaml.Node) -> Any:
        """Return what stands under one key."""
        try:
            return _Loader(value).construct()
        except (yaml.YAMLError, ValueError) as error:  # a date such as 2026-02-30
            raise self.at(key.start_mark.line + 2, _("not a possible value"), key.value) from error

    def at(self, line: int, why: str, name: str = "") -> BadArticle:
        """Return the error for a line, and the key in it."""
        places = {"file": self.path, "line": line, "name": name, "why": why}
        if name:
            return BadArticle(_("%(file)s, line %(line)s, %(name)s: %(why)s.", **places))
        return BadArticle(_("%(file)s, line %(line)s: %(why)s.", **places))

    def wrong(self, keys: tuple[str | int, ...], why: str) -> BadArticle:
        """Return the error for a key, named as `voices[2].exact`, with its line."""
        node: Any = getattr(self, "root", None)
        line = node.start_mark.line + 2 if node else 2
        for key in keys:
            if isinstance(node, yaml.MappingNode):
                found = [(k, v) for k, v in node.value if k.value == key]
                if not found:
                    break
                line, node = found[0][0].start_mark.line + 2, found[0][1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
                node = node.value[key]
                line = node.start_mark.line + 2
        name = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")
        return self.at(line, why, name or _("front matter"))

    def seed(self) -> Seed:
        """Check everything and return it."""
        parts = self.parts(OTHER_KEYS)
        return Seed(self.facts(), *parts)

    def translation(self) -> SeedTranslation:
        """Check everything of a translation and return it."""
        parts = self.parts(OF_TRANSLATION)
        facts = self.words() | {"language": self.text(("language",), 8)}
        kinds = [kind.value for kind in Provenance]
        if self.front.get("translation") not in kinds:
            raise self.wrong(("translation",), _("say who made it: %(kinds)s", kinds=", ".join(kinds)))
        facts["provenance"] = Provenance(self.front["translation"])
        return SeedTranslation(self.text(("translation_of",), 80), facts, *parts)

    def parts(self, keys: set[str]) -> tuple[list[Paragraph], list[dict[str, Any]], list[dict[str, Any]]]:
        """Return paragraphs, voices and notes; refuse a key that such a file does not have."""
        for key in self.front:
            if key not in TEXT_KEYS.keys() | keys:
                raise self.wrong((str(key),), _("there is no such key"))
        paragraphs = self.paragraphs()
        voices = [self.voice(n, paragraphs) for n in range(len(self.entries("voices")))]
        notes = [self.note(n, paragraphs) for n in range(len(self.entries("notes")))]
        return paragraphs, voices, notes

    def facts(self) -> dict[str, Any]:
        """Return the columns of the debate."""
        facts = self.words()
        facts["slug"] = self.text(("slug",), 80, default=self.path.stem)
        if not SLUG.fullmatch(facts["slug"]):
            raise self.wrong(("slug",), _("use small letters a to z, digits and single hyphens"))
        facts["language"] = self.text(("language",), 8, default="en")
        facts["dated"] = self.text(("date",), 40, default="") or None
        facts["opens_at"], facts["closes_at"] = self.moment("opens"), self.moment("closes")
        if facts["closes_at"] and facts["opens_at"] and facts["closes_at"] <= facts["opens_at"]:
            raise self.wrong(("closes",), _("it must be later than “opens”"))
        return facts

    def words(self) -> dict[str, Any]:
        """Return the words of the debate itself."""
        facts: dict[str, Any] = {key: self.text((key,), most) for key, most in TEXT_KEYS.items()}
        facts["published_by"] = self.text(("published_by",), 300, default="") or None
        stances = self.front.get("stances")
        if not isinstance(stances, dict) or set(stances) != {"pro", "anti"}:
            raise self.wrong(("stances",), _("give both sides, “pro” and “anti”, each with a label and a gist"))
        for side in ("pro", "anti"):
            facts[f"{side}_label"] = self.text(("stances", side, "label"), 80)
            facts[f"{side}_gist"] = self.text(("stances", side, "gist"), 300)
        return facts

    def text(self, keys: tuple[str | int, ...], most: int, default: str | None = None) -> str:
        """Return the text at a path of keys, checked for its length."""
        value: Any = self.front
        for key in keys:
            if isinstance(value, dict):
                value = value.get(key)
            else:
                value = value[key] if isinstance(value, list) and isinstance(key, int) else None
        if value is None and default is not None:
            return default
        if isinstance(value, date):
            value = value.isoformat()
        if not isinstance(value, str) or not normal(value):
            raise self.wrong(keys, _("a text is needed here"))
        if len(normal(value)) > most or not is_storable(value):
            raise self.wrong(keys, _("at most %(most)s characters, all of them printable", most=most))
        return normal(value)

    def moment(self, key: str) -> datetime | None:
        """Return a date (its first minute in the forum's time zone) or a time."""
        value = self.front.get(key)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 (the zone follows)
        if not isinstance(value, datetime):
            needed = _("a date like 2026-05-14 or a time like 2026-05-14T09:00:00+05:00 is needed")
            raise self.wrong((key,), needed)
        return value if value.tzinfo else value.replace(tzinfo=ZoneInfo(current_app.config["TIMEZONE"]))

    def entries(self, key: str) -> list[Any]:
        """Return the list at `key`."""
        value = self.front.get(key) or []
        if not isinstance(value, list):
            raise self.wrong((key,), _("a list is needed here"))
        for n, entry in enumerate(value):
            if not isinstance(entry, dict):
                raise self.wrong((key, n), _("an entry has keys"))
        return value

    def passage(self, key: str, n: int, paragraphs: list[Paragraph]) -> int:
        """Return the number of a paragraph of this file, counted from 1."""
        number = self.front[key][n].get("passage")
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= len(paragraphs):
            needed = _("a passage from 1 to %(last)s is needed", last=len(paragraphs))
            raise self.wrong((key, n, "passage"), needed)
        return number

    def voice(self, n: int, paragraphs: list[Paragraph]) -> dict[str, Any]:
        """Return one voice; its exact words must stand in its passage."""
        self.only(("voices", n), {"stance", "passage", "speaker", "exact"})
        passage = self.passage("voices", n, paragraphs)
        stance, exact = self.front["voices"][n].get("stance"), self.text(("voices", n, "exact"), 1000)
        if stance not in {"pro", "anti"}:
            raise self.wrong(("voices", n, "stance"), _("“pro” or “anti” is needed"))
        if exact not in paragraphs[passage - 1].text:
            raise self.wrong(
                ("voices", n, "exact"), _("these words do not stand in passage %(number)s", number=passage)
            )
        speaker = self.text(("voices", n, "speaker"), 200)
        return {"stance": Stance(stance), "passage": passage, "speaker": speaker, "exact": exact}

    def note(self, n: int, paragraphs: list[Paragraph]) -> dict[str, Any]:
        """Return one note of the editor."""
        self.only(("notes", n), {"passage", "text"})
        return {"passage": self.passage("notes", n, paragraphs), "text": self.text(("notes", n, "text"), 2000)}

    def only(self, keys: tuple[str, int], known: set[str]) -> None:
        """Refuse a key that an entry does not have."""
        for key in self.front[keys[0]][keys[1]]:
            if key not in known:
                raise self.wrong((*keys, str(key)), _("there is no such key"))

    def paragraphs(self) -> list[Paragraph]:
        """Return the body as paragraphs; a line of three stars or dashes begins a section."""
        result: list[Paragraph] = []
        begins = False
        for match in re.finditer(r"(?:^(?![ \t]*$).*\n?)+", self.body, re.MULTILINE):
            text, line = normal(match[0]), self.body_line + self.body[: match.start()].count("\n")
            if SECTION_BREAK.match(text):
                begins = bool(result)
                continue
            if text.startswith("#"):
                raise self.at(line, _("headings are not shown; use “* * *” between sections"))
            if not is_storable(text):
                raise self.at(line, _("a character cannot be stored"))
            result.append(Paragraph(text, begins))
            begins = False
        if not result:
            raise self.at(self.body_line, _("the article has no text"))
        return result
