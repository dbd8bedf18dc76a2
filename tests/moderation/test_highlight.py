"""What screening found is marked where the moderator reads it; nothing that was typed becomes a tag."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.moderation.desk_models import RevisionFlag
from forum.moderation.highlight import Found, highlight
from forum.text import render


def marked(text: str, *words: str) -> tuple[str, list[Found]]:
    """Return the rendering of `text` in which each of `words` was flagged, and what was found."""
    flags = [RevisionFlag(start=text.index(one), stop=text.index(one) + len(one)) for one in words]
    return highlight(text, render(text), flags)


def test_a_flag_is_marked_with_its_letter() -> None:
    html, found = marked("Ask her: +7 700 000 00 00, or at Hotel Kosmos.", "+7 700 000 00 00", "Hotel Kosmos")
    assert html == (
        "<p>Ask her: <mark>+7 700 000 00 00<sup>a</sup></mark>, or at <mark>Hotel Kosmos<sup>b</sup></mark>.</p>\n"
    )
    assert [(one.letter, one.typed) for one in found] == [("a", ""), ("b", "")]


A, PLACE = "<sup>a</sup></mark>", "Almaty, 5th street"
BOLD = f"<mark>8 </mark><strong><mark>701</mark></strong><mark> 5{A}"
LINKED = "See [this](https://t.me/somebody) now"


@pytest.mark.parametrize(
    ("text", "flagged", "html", "typed"),
    [
        ("*Call* 8 **701** 5", "8 **701** 5", BOLD, True),
        (LINKED, "https://t.me/somebody", "", True),
        (LINKED, "[this](https://t.me/somebody)", f"<mark>this{A}", True),
        (f"Almaty is big. I am from {PLACE}.", PLACE, f"from <mark>{PLACE}{A}.", False),
        ("> quoted 87015550000\n> here", "87015550000", f"<mark>87015550000{A}", False),
        ("1 < 2 & <b>87015550000</b>", "87015550000", f"&lt;b&gt;<mark>87015550000{A}&lt;/b&gt;", False),
        ("Write to\nme@example.org", "to\nme@example.org", f"<mark>to\nme@example.org{A}", False),
    ],
)
def test_markdown_does_not_move_a_mark(text: str, flagged: str, html: str, typed: bool) -> None:
    found_html, (found,) = marked(text, flagged)
    assert html in found_html
    assert ("<mark>" in found_html) == bool(html)
    assert found.typed == (flagged if typed else "")


def test_what_is_said_of_the_whole_text_is_not_marked() -> None:
    html, (found,) = marked("Nonsense!", "Nonsense!")
    assert html == "<p>Nonsense!</p>\n"
    assert found.is_whole


def test_two_flags_on_the_same_words_share_the_mark() -> None:
    html, _found = marked("I am Aigul from Abay 5 there", "Aigul from Abay", "Abay 5")
    assert "<mark>Aigul from </mark><mark>Abay<sup>a</sup></mark><mark> 5<sup>b</sup></mark>" in html


def tags(html: str) -> list[str]:
    return re.findall(r"<[^>]*>", html)


PIECES = [*"<>&\"'/=*_`[]()\n >-1.aбқ😀\\#!", "<script>", "onerror=", "](http://a.b/", "<a href=x>"]
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@settings(max_examples=300, deadline=None, database=None)
@given(text=HOSTILE, data=st.data())
def test_marking_adds_no_tag_but_marks_and_changes_no_word(text: str, data: st.DataObject) -> None:
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    flags = [RevisionFlag(start=a, stop=b) for a, b in data.draw(st.lists(spans, max_size=5))]
    html = render(text)
    result, found = highlight(text, html, flags)
    assert [tag for tag in tags(result) if tag not in {"<mark>", "</mark>", "<sup>", "</sup>"}] == tags(html)
    without = re.sub(r"<sup>[a-z ]+</sup>|</?mark>", "", result)
    assert re.sub("&#34;", '"', re.sub("&#39;", "'", without)) == re.sub("&quot;", '"', html)
    assert len(found) == len(flags)


def test_a_long_hostile_text_is_marked_in_time() -> None:
    text = "a " * 750
    html, _found = highlight(text, render(text), [RevisionFlag(start=10, stop=500)])
    assert html.count("<mark>") == 1
