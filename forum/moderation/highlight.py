"""Marks in a rendered wording: what screening found in the source is shown where the reader sees it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html.parser import HTMLParser
from itertools import pairwise
from typing import Protocol

from markupsafe import Markup, escape

_TOKEN = re.compile(r"\w+|[^\w\s]")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Span(Protocol):
    """A stretch of the source text, `stop` excluded."""

    @property
    def start(self) -> int:
        """The first code point."""

    @property
    def stop(self) -> int:
        """The one behind the last."""


@dataclass(frozen=True)
class Found:
    """One thing that screening found: its letter, and the words as typed where the page does not show them so."""

    letter: str
    flag: Span
    typed: str = ""
    is_whole: bool = False  # the whole text: there is nothing to point at


def highlight(text: str, html: str, flags: Sequence[Span]) -> tuple[Markup, list[Found]]:
    """Return `html`, the safe rendering of `text`, with a mark and a letter at each flag; and the flags by letter.

    Markdown shows less than was typed: signs are dropped and the target of a link is hidden. The words of
    both are laid side by side, so that a mark stands where the flagged words are seen. What is not seen is
    given back as it was typed.
    """
    if not flags:
        return Markup(html), []  # noqa: S704 (the safe rendering)
    parser = _Texts()
    parser.feed(html)
    parser.close()
    shown = "".join(parser.texts())
    places = _places(text, shown)
    found, marks = [], []
    for number, flag in enumerate(flags):
        letter = _letter(number)
        if not text[: flag.start].strip() and not text[flag.stop :].strip():
            found.append(Found(letter, flag, is_whole=True))
            continue
        typed = text[flag.start : flag.stop]
        seen = [place for place in (places.get(index) for index in range(flag.start, flag.stop)) if place is not None]
        if seen:
            marks.append((min(seen), max(seen) + 1, letter))
        is_seen = bool(seen) and _bare(shown[min(seen) : max(seen) + 1]) == _bare(typed)
        found.append(Found(letter, flag, typed="" if is_seen else typed))
    return Markup(parser.marked(marks)), found  # noqa: S704 (tags of the safe rendering, texts escaped anew)


def _letter(number: int) -> str:
    """Return a, b … z, then a2, b2 and so on."""
    turn = number // len(_LETTERS)
    return _LETTERS[number % len(_LETTERS)] + (str(turn + 1) if turn else "")


def _bare(words: str) -> str:
    return "".join(words.split())


def _places(text: str, shown: str) -> dict[int, int]:
    """Return where each code point of the source is seen, for those that are."""
    typed, seen = list(_TOKEN.finditer(text)), list(_TOKEN.finditer(shown))
    matcher = SequenceMatcher(None, [one[0] for one in typed], [one[0] for one in seen], autojunk=False)
    places: dict[int, int] = {}
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            source, target = typed[block.a + offset], seen[block.b + offset]
            places |= {source.start() + n: target.start() + n for n in range(len(source[0]))}
    return places


class _Texts(HTMLParser):
    """Takes a rendering apart into tags and texts, and puts it together with marks in the texts."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[tuple[bool, str]] = []  # whether it is text, and what stands there

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append((False, self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        self.parts.append((False, f"</{tag}>"))

    def handle_data(self, data: str) -> None:
        self.parts.append((True, data))

    def texts(self) -> list[str]:
        """Return the texts in their order."""
        return [part for is_text, part in self.parts if is_text]

    def marked(self, marks: Sequence[tuple[int, int, str]]) -> str:
        """Return the whole with marks; a mark ends where a tag begins, and goes on behind it."""
        out, place = [], 0
        for is_text, part in self.parts:
            out.append(_with_marks(part, place, marks) if is_text else part)
            place += len(part) if is_text else 0
        return "".join(out)


def _with_marks(part: str, place: int, marks: Sequence[tuple[int, int, str]]) -> str:
    """Return a text that begins at `place` of the whole, escaped, with the marks that touch it."""
    here = [mark for mark in marks if mark[0] < place + len(part) and mark[1] > place]
    cuts = {max(place, min(place + len(part), cut)) for start, stop, _letter in here for cut in (start, stop)}
    edges = sorted({place, place + len(part)} | cuts)
    out = []
    for begin, end in pairwise(edges):
        piece = escape(part[begin - place : end - place])
        covering = [mark for mark in here if mark[0] <= begin and mark[1] >= end]
        if not covering or not piece.strip():
            out.append(str(piece))
            continue
        letters = [letter for _start, stop, letter in covering if stop == end]
        note = f"<sup>{' '.join(letters)}</sup>" if letters else ""
        out.append(f"<mark>{piece}{note}</mark>")
    return "".join(out)
