"""A language in which nobody speaks: what a page says in other letters than its was never marked for translation."""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from sqlalchemy import String, select

from forum.catalogues import catalogue_of
from forum.db import Base, db

# It rides on Greek: a language that is not shipped, whose dates, months and numbers are Greek, too.
CODE = "el"
LONGER = 0.4  # as much as a translation of a label can be longer than the English
KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|</?[a-z][^>]*>|&#?\w+;)")  # places, tags, signs
LETTERS = "αβςδεφγηιϳκλμνοπϟρστυϋωχψζ"
SPOKEN = str.maketrans("abcdefghijklmnopqrstuvwxyz", LETTERS) | str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ", LETTERS.replace("ς", "σ").upper()
)
FOREIGN = re.compile(r"[^\u0370-\u03ff⟦⟧]+")
LETTER = re.compile(r"[^\W\d_]")
READ_ALOUD = {"aria-label", "aria-description", "aria-roledescription", "title", "placeholder", "alt", "label"}
FOR_MACHINES = {"viewport", "color-scheme", "referrer", "robots", "og:type", "og:url"}
UNSEEN = {"script", "style", "textarea", "template"}  # a text area holds what somebody types
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "path", "source", "use", "wbr"}
BETWEEN = re.compile(r" – |…|https?://\S+|\S*@\S+|\d{4}-\d\d-\d\dT\S+")
CODES = re.compile(r"[a-z_-]+")  # what the database calls a state is no word for people


def spoken(text: str) -> str:
    """Return a message in the other letters, marked at both ends and longer; places and tags stay."""
    parts = KEPT.split(text)
    if not any(LETTER.search(part) for part in parts[::2]):
        return text  # signs alone, like quotation marks
    said = "".join(part if n % 2 else part.translate(SPOKEN) for n, part in enumerate(parts))
    more = "ω" * round(sum(len(part) for part in parts[::2]) * LONGER + 0.5)
    rest = more if " " not in text.strip() else " " + " ".join(more[n : n + 6] for n in range(0, len(more), 6))
    return f"⟦{said}{rest}⟧"


def write_catalogue(folder: Path) -> None:
    """Write the catalogue of the language that nobody speaks, from the messages of one that is shipped."""
    with catalogue_of("ru").open("rb") as file:
        shipped = read_po(file, locale="ru")
    catalogue = Catalog(locale=CODE)
    for message in shipped:
        if message.id:
            forms = [message.id] if isinstance(message.id, str) else message.id
            said = tuple(map(spoken, forms))
            catalogue.add(message.id, said[0] if isinstance(message.id, str) else said)
    file = folder / CODE / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    with file.open("wb") as to:
        write_po(to, catalogue, width=0)


class Whose(Enum):
    """Whose words may stand at a place of a page."""

    SITES = "the site's alone"
    BEGUN = "also the beginning of somebody's: a title, which holds nothing that could say whose it is"
    PEOPLES = "also any of somebody's: the page says so, by their own direction or language"
    CODE = "a machine's"


class Visible(HTMLParser):
    """Collects what a person sees or hears on a page: where, the words, and whose they may be."""

    def __init__(self) -> None:
        super().__init__()
        self.above = list[tuple[str, Whose]]()
        self.found = list[tuple[str, str, Whose]]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go down into an element, and hear what it says of itself."""
        said = dict(attrs)
        heard = set(READ_ALOUD)
        if tag == "meta" and said.get("name", said.get("property")) not in FOR_MACHINES and "http-equiv" not in said:
            heard.add("content")
        if tag == "input" and said.get("type") in {"submit", "button"}:
            heard.add("value")
        self.found += [(f"{tag} {name}", said[name] or "", Whose.BEGUN) for name in sorted(heard & said.keys())]
        if tag not in VOID:
            self.above.append((tag, self._whose(tag, said)))

    def _whose(self, tag: str, said: dict[str, str | None]) -> Whose:
        if tag in {"code", "kbd"}:
            return Whose.CODE
        if said.get("dir") == "auto" or tag == "bdi" or said.get("lang", CODE) != CODE:
            return Whose.PEOPLES
        return Whose.BEGUN if tag in {"title", "option"} else self.above[-1][1] if self.above else Whose.SITES

    def handle_endtag(self, tag: str) -> None:
        """Come up again, also out of elements that end without saying so."""
        if tag in [above for above, _whose in self.above]:
            while self.above.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Read a text."""
        tags = [tag for tag, _whose in self.above]
        if tags and not UNSEEN & set(tags):
            self.found.append((" ".join(tags[-3:]), data, self.above[-1][1]))


def letters(text: str) -> str:
    """Return the letters of a text alone: whatever Markdown, tags and lines do with it, they stay."""
    return "".join(c for c in unescape(re.sub(r"<[^>]*>", " ", text)) if c.isalpha())


class Content:
    """What a forum holds that people have written, and what is data and no sentence."""

    def __init__(self, data: Iterable[str]) -> None:
        texts = list(dict.fromkeys(stored()))
        self.data = {*map(letters, data), *(letters(text) for text in texts if not CODES.fullmatch(text))}
        self.texts = "".join(f"\n{letters(text)}" for text in texts)

    def unmarked(self, page: str) -> list[str]:
        """Return what stands on a page in letters that are neither the language's nor anybody’s."""
        visible = Visible()
        visible.feed(page)
        visible.close()
        found = ((place, part, whose) for place, words, whose in visible.found for part in foreign(words))
        return [f"{place}: {part}" for place, part, whose in found if not self.holds(letters(part), whose)]

    def is_fine(self, title: str) -> bool:
        """Say whether nothing in a title is bare."""
        return not self.unmarked(f"<title>{title}</title>")

    def holds(self, part: str, whose: Whose) -> bool:
        """Say whether these letters are data, or people’s where the page says that people's words stand there."""
        if whose is Whose.CODE or part in self.data:
            return True
        return (part if whose is Whose.PEOPLES else f"\n{part}") in self.texts and whose is not Whose.SITES


def foreign(words: str) -> list[str]:
    """Return the parts of a text that are not in the letters of the language."""
    parts = [" ".join(part.split()) for run in FOREIGN.findall(words) for part in BETWEEN.split(run)]
    return [part for part in parts if LETTER.search(part)]


def stored() -> Iterator[str]:
    """Give every text that stands in the database."""
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if isinstance(column.type, String)]
        for row in db.session.execute(select(*columns)) if columns else ():
            yield from (text for text in row if text)
