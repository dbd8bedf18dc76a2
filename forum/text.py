"""Text from people: normal form, safe Markdown, the first words."""

import re
import unicodedata
from functools import cache
from html import unescape
from typing import TYPE_CHECKING

import nh3

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

RENDERER = 1  # raise it when the same Markdown would give other HTML; stored beside each rendering

RECOGNISED = ("en", "ru", "kk")  # the languages that `language_of` tells apart
_DAMAGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
# What makes a text more than paragraphs of plain words, or may do so: then Markdown is asked.
_MARK = re.compile(r"[*_\[\]<>`\\\xa0\r\0]")
_ENTITY = re.compile(r"&(?:#|\w+;)")
_ITEM = re.compile(r"[-+]|[0-9]+[.)]")  # of a list, at the beginning of a line
_TAG = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>')  # of safe HTML, where no text has a bare `<`
_TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code"}
# The Kazakh alphabet, which has the Russian one in its order within it; by number ё, ә and others would stand last.
_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_IN_ORDER = {ord(letter): chr(ord("а") + place) for place, letter in enumerate(_ALPHABET)}
_PAGE_TAGS = _TAGS | {"h1", "h2", "h3", "hr"}


def normal(text: str) -> str:
    """Return `text` as the forum counts and stores it: LF line ends, NFC, no space at either end."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def is_storable(text: str) -> bool:
    """Say whether every character arrived whole: no NUL, no control character, no broken encoding."""
    return _DAMAGE.search(text) is None


def render(markdown: str) -> str:
    """Return a member's Markdown as safe HTML; only http and https links survive.

    Most texts have no mark in them, and come to the same without a parser and without being cleaned.
    """
    if not _may_be_marked(markdown):
        parts = re.split(r"\n{2,}", markdown.replace("&", "&amp;").strip("\n"))
        return "".join(f"<p>{part}</p>\n" for part in parts if part)
    return render_marked(markdown)


def _may_be_marked(markdown: str) -> bool:
    """Say whether a text may be more than paragraphs of plain words; questions alone are quicker than one for all."""
    return bool(
        _MARK.search(markdown)
        or "//" in markdown
        or "mailto:" in markdown.lower()
        or ("&" in markdown and _ENTITY.search(markdown))
        or any(line != line.strip() or _ITEM.match(line) for line in markdown.split("\n"))
    )


def render_marked(markdown: str) -> str:
    """Return the same with all that Markdown knows."""
    return _clean(_of_members().render(markdown), _TAGS)


def render_page(markdown: str, root: str = "") -> str:
    """Return an operator's Markdown as safe HTML: headings too; links within the site begin with `root`."""
    html = _of_pages().render(markdown).replace('href="/', f'href="{root}/')
    return _clean(html, _PAGE_TAGS, link_rel="noreferrer")


# Readers see what was rendered when it was written: Markdown is loaded where somebody writes, not in 30 ms of a start.


@cache
def _of_members() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    # No images, headings, tables or raw HTML: a reply is an argument, not a page.
    made = MarkdownIt("zero", {"linkify": True}).enable(
        ["emphasis", "link", "autolink", "linkify", "list", "blockquote", "backticks", "newline", "escape", "entity"]
    )
    made.validateLink = lambda url: url.startswith(("http://", "https://"))  # type: ignore[method-assign]
    assert made.linkify is not None  # noqa: S101
    made.linkify.set({"fuzzy_link": False, "fuzzy_email": False})  # only what was written as an address becomes a link
    return made


@cache
def _of_pages() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {}).disable(["html_block", "html_inline"])


def _clean(html: str, tags: set[str], link_rel: str = "nofollow noreferrer ugc") -> str:
    return nh3.clean(
        html,
        tags=tags,
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https"},
        link_rel=link_rel,
    )


def as_read(html: str) -> str:
    """Return the words of safe HTML as they are read, each paragraph, line and point of a list on a line of its own."""
    lines = re.sub(r"<br ?/?>|</(?:p|li|blockquote)>", "\n", html.replace("\n", " ")).split("\n")
    return "\n\n".join(line for line in map(plain, lines) if line)


def plain(html: str) -> str:
    """Return the words of safe HTML as they are read: in normal form, on one line, with single spaces."""
    return one_line(unescape(_TAG.sub("", html)))


def one_line(text: str) -> str:
    """Return `text` in normal form, with single spaces for every space and line end."""
    return " ".join(normal(text).split())


def first_words(text: str, length: int = 120) -> str:
    """Return the beginning of `text` on one line, cut at a word, with an ellipsis where it was cut."""
    line = re.sub(r"\s+", " ", text).strip()
    if len(line) <= length:
        return line
    cut = line[:length].rsplit(" ", 1)[0].rstrip(",;:.–-") or line[:length]
    return f"{cut} …"


LONGEST_ENTITY = 40  # characters, more than any has


def snippet(html: str, length: int = 120) -> str:
    """Return the first words of safe HTML as they are read, for a list: no tag, no mark of Markdown."""
    beginning = plain(html[: 8 * length])
    if len(beginning) < length + LONGEST_ENTITY:  # what was cut through might show
        beginning = plain(html)
    return first_words(beginning, length)


def language_of(text: str, otherwise: str = "en", chosen: str | None = None) -> str:
    """Return the language of `text`: as its author says, else Kazakh and Russian by their letters.

    Latin letters tell nothing more here: then it is `otherwise`, or English if that is a Cyrillic language.
    """
    if chosen:
        return chosen
    text = text.casefold()
    letters = [c for c in text if c.isalpha()] if _CYRILLIC.search(text) else []
    cyrillic = [c for c in letters if "\u0400" <= c <= "\u04ff"]
    if len(cyrillic) * 2 <= len(letters):
        return "en" if otherwise in {"ru", "kk"} else otherwise
    return "kk" if set(cyrillic) & set("әғқңөұүһі") else "ru"


def fold(text: str) -> str:
    """Return the form under which two names or words count as the same.

    Unicode's compatibility caseless match (core specification, 3.13, D146).
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", text).casefold()).casefold()
    return unicodedata.normalize("NFKC", folded)


def place_of(name: str) -> tuple[str, str]:
    """Return by what a name is sorted among others: letters of any case in the order of the alphabet.

    Databases know other orders, each its own.
    """
    return fold(name).translate(_IN_ORDER), name
