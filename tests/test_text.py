"""Text from people: safe whatever is typed, unchanged where it is plain, counted as people count."""

import unicodedata
from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.text import first_words, fold, is_storable, language_of, normal, render, render_marked, render_page, snippet

TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code"}
REL = {"nofollow", "noreferrer", "ugc"}
HTML = ["<script>", "</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<style>p{}</style>", "<a "]
ADDRESSES = ["javascript:alert(1)", "JaVaScRiPt:", "java\tscript:", "&#106;avascript:", "data:text/html,", "vbscript:"]
ADDRESSES += ["file:///etc", "//host.kz", "/moderation", "#reply-1", "https://a.kz/", "http://a.kz/?q=<b>", "<http://"]
SIGNS = ["](", "[", ")", "![x](", "[x]: ", "' onmouseover='", '" onclick="', "style=", "<!--", "-->", "<![CDATA["]
SIGNS += ["<?php", "`", "```", "~~~", "\\", "*", "**", "_", "\n# ", "\n---\n", "\n===\n", "\n> ", "\n1. ", "\n- "]
CHARACTERS = ["\n    ", "|a|b|\n", "\r\n", "\n\n", "\0", "\u202e", "\u200b", "\ufeff", "\ufffd", "&lt;", "é", "🙂", "қ"]
HOSTILE = HTML + ADDRESSES + SIGNS + CHARACTERS
pieces = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8))
links = st.builds("[{}]({})".format, pieces, pieces)
texts = st.lists(st.one_of(pieces, links), max_size=14).map("".join)
words = st.text(st.sampled_from("abcdefgh éқяЖ,;?'\"<&>")).map(lambda typed: " ".join(f"So {typed}".split()))


class Found(HTMLParser):
    """All tags and links of a piece of HTML, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_is_safe(html: str) -> None:
    for tag, attributes in Found(html).tags:
        assert tag in TAGS
        assert set(attributes) <= {"a": {"href", "rel"}, "ol": {"start"}}.get(tag, set())
        if tag == "a":
            assert set((attributes["rel"] or "").split()) >= REL
            assert (attributes.get("href") or "https:").split(":")[0].lower() in {"http", "https"}


@given(texts)
def test_whatever_a_member_types_becomes_safe_html(text: str) -> None:
    assert_is_safe(render(text))


def test_each_hostile_piece_is_safe_by_itself_and_in_a_link() -> None:
    for piece in HOSTILE:
        links = (f"[x]({piece})", f"[x](<{piece}>)", f"<{piece}>", f"![x]({piece})", f"[x]: {piece}\n\n[x]")
        for typed in (piece, *links):
            assert_is_safe(render(typed))


@given(words)
def test_plain_words_stand_as_they_were_typed(text: str) -> None:
    html = render(text)
    assert html == f"<p>{escape(text, quote=False)}</p>\n"
    assert render(Found(html).text.strip()) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*so* and **so**", "<p><em>so</em> and <strong>so</strong></p>"),
        ("one\ntwo", "<p>one\ntwo</p>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("`x < y`", "<p><code>x &lt; y</code></p>"),
        ("# no heading", "<p># no heading</p>"),
        ("no\n===", "<p>no\n===</p>"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "<p>| a | b |\n|---|---|\n| 1 | 2 |</p>"),
        ("<b>no</b>", "<p>&lt;b&gt;no&lt;/b&gt;</p>"),
        ("a & b &amp; c", "<p>a &amp; b &amp; c</p>"),
        ("example.com and a@b.kz stay words", "<p>example.com and a@b.kz stay words</p>"),
    ],
)
def test_markdown_without_pictures_headings_tables_and_html(text: str, html: str) -> None:
    assert render(text) == html + "\n"


@pytest.mark.parametrize("text", ["see https://a.kz/x?y=1&z=2", "[see](https://a.kz/x?y=1&z=2)"])
def test_an_address_that_was_written_as_one_becomes_a_link_that_says_nothing_of_the_reader(text: str) -> None:
    links = [attributes for tag, attributes in Found(render(text)).tags if tag == "a"]
    assert [link["href"] for link in links] == ["https://a.kz/x?y=1&z=2"]
    assert set(links[0]["rel"].split()) >= REL


@given(texts)
def test_an_operators_page_is_safe_too(text: str) -> None:
    for tag, attributes in Found(render_page(text)).tags:
        assert tag in TAGS | {"h1", "h2", "h3", "hr"}
        assert set(attributes) <= {"href", "rel", "start"}


@given(texts)
def test_normal_form_is_final(text: str) -> None:
    once = normal(text)
    assert normal(once) == once
    assert "\r" not in once
    assert once == once.strip()
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    ("text", "form"),
    [("a\r\nb\rc\nd", "a\nb\nc\nd"), ("e\u0301", "é"), ("и\u0306", "й"), (" \n a \t", "a"), ("a  b", "a  b"), ("", "")],
)
def test_what_normal_form_changes(text: str, form: str) -> None:
    assert normal(text) == form


def test_a_damaged_character_cannot_be_stored() -> None:
    for character in "\0\x07\x1b\x7f\x85\ud800\ufffd":
        assert not is_storable(f"before {character} after")


@pytest.mark.parametrize("text", ["a\tb\nc\r\n", "🙂👩‍⚕️", "қазақша", "“quoted” – and …", "\u00ad\u200d"])
def test_every_other_character_can_be_stored(text: str) -> None:
    assert is_storable(text)


def test_a_list_shows_the_first_words_as_they_are_read_without_marks_or_tags() -> None:
    typed = "**Bold**, _set apart_ and [a link](https://a.kz/x)\n\n> quoted <b>\n\n- one & `two`\n- three"
    assert snippet(render(typed)) == "Bold, set apart and a link quoted <b> one & two three"
    assert snippet(render(typed), 20) == "Bold, set apart and …"


@given(texts, st.integers(1, 200))
def test_the_first_words_are_one_line_of_whole_words(text: str, length: int) -> None:
    line = " ".join(text.split())
    first = first_words(text, length)
    assert "\n" not in first
    if len(line) <= length:
        assert first == line
    else:
        kept = first.removesuffix(" …")
        assert first.endswith(" …")
        assert line.startswith(kept)
        assert len(kept) <= length


@pytest.mark.parametrize(
    ("text", "length", "first"),
    [
        ("One two three", 13, "One two three"),
        ("One two three", 12, "One two …"),
        ("One, two", 7, "One …"),
        ("One\n\ntwo  three", 9, "One two …"),
        ("Unbreakable", 4, "Unbr …"),
        ("", 10, ""),
    ],
)
def test_where_the_first_words_are_cut(text: str, length: int, first: str) -> None:
    assert first_words(text, length) == first


@pytest.mark.parametrize(
    ("text", "otherwise", "language"),
    [
        ("The law protects nobody.", "en", "en"),
        ("Закон никого не защищает.", "en", "ru"),
        ("Заң ешкімді қорғамайды.", "en", "kk"),
        ("ЗАҢ ЕШКІМДІ ҚОРҒАМАЙДЫ.", "en", "kk"),
        ("Закон (law) никого не защищает", "en", "ru"),
        ("The word закон means law.", "en", "en"),
        ("The law protects nobody.", "ru", "en"),
        ("The law protects nobody.", "kk", "en"),
        ("Das Gesetz schützt niemanden.", "de", "de"),
        ("12 345 … 🙂", "en", "en"),
    ],
)
def test_the_language_is_told_by_its_letters(text: str, otherwise: str, language: str) -> None:
    assert language_of(text, otherwise) == language


@given(texts)
def test_folding_is_final(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(
    texts
    | st.lists(
        st.sampled_from([*CHARACTERS, "a", "1.", "1", "-", "+", ")", ":", " ", "b\n", "#", "&", ";", '"']), max_size=9
    ).map("".join)
)
def test_what_has_no_mark_in_it_comes_to_the_same_without_a_parser(typed: str) -> None:
    assert render(typed) == render_marked(typed)
