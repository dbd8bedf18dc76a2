"""The seed article: read exactly, numbered once and for ever, refused with file, line and key."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from forum import create_app
from forum.db import db, writing
from forum.debates import article_files, articles, queries
from forum.debates.article_files import BadArticle
from forum.debates.models import ArticleRevision, Debate, Passage, Stance
from forum.debates.seeds import Paragraph
from forum.start import SEED
from tests.world import DEBATE, SLUG, World

CONTENT = SEED.read_text(encoding="utf-8")
BODY = CONTENT.split("---\n", 2)[2].strip()
BARE = CONTENT.split("---\n", 2)[1].split("notes:")[0]  # without what stands at passages
PARAGRAPHS = [part for part in BODY.split("\n\n") if part != "* * *"]
NEW = "Nobody asked the neighbours, the nurses or the tax office what they would make of it."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("articles")


@pytest.fixture(scope="module")
def reader(folder: Path) -> Iterator[Flask]:
    """Return a forum without tables: enough to read a file."""
    app = create_app({"FORUM_INSTANCE": str(folder), "FORUM_SECRET_KEY": "for tests only"})
    with app.app_context():
        yield app


def publish(world: World, content: str, folder: Path) -> bool:
    """Import a file with `content`; return whether the article has a new wording."""
    file = folder / "article.md"
    file.write_text(content, encoding="utf-8")
    with world.at_work(), writing():
        return articles.publish(article_files.read(file))[1]


def article_of(parts: list[str]) -> str:
    return f"---\n{BARE}---\n" + "\n\n".join(parts) + "\n"


def numbers(world: World) -> dict[str, int]:
    """Return the number of each passage, in the order of the page."""
    with world.at_work():
        return {p.text: p.number for p in queries.article(queries.by_slug(SLUG)).passages}


# Reading


def test_the_seed_article_is_stored_word_for_word(world: World) -> None:
    with world.at_work():
        article = queries.article(queries.by_slug(SLUG))
        passages = article.passages
        assert [p.number for p in passages] == [p.position for p in passages] == list(range(1, 27))
        assert [p.number for p in passages if p.begins_section] == [3, 14, 21]
        words = ["* * *\n\n" * p.begins_section + p.text for p in passages]
        assert "\n\n".join(words) == BODY
        assert {voice.stance for voice in article.voices} == {Stance.PRO, Stance.ANTI}
        assert [(v.stance.value, v.passage) for v in article.voices] == [
            *(("pro", 2), ("pro", 4), ("pro", 10)),
            *(("anti", 12), ("anti", 16), ("anti", 19)),
        ]
        assert all(voice.exact in passages[voice.passage - 1].text for voice in article.voices)
        assert [note.passage for note in article.notes] == [1, 8, 14]


def test_the_page_shows_passages_breaks_notes_and_voices_as_quotations(world: World) -> None:
    page = world.visitor().get(DEBATE).text
    assert re.findall(r'id="passage-(\d+)"', page) == [str(n) for n in range(1, 27)]
    assert page.count("<hr>") == 3
    assert page.count("Editor’s note.") == 3
    assert page.count('<figure class="voice">') == 6
    assert '<article class="reply' not in page, "a voice is never a member's reply"
    assert "“Legalization is the only solution”" in page
    assert page.index("Voices from the article") < page.index("Replies from members")


def test_an_unchanged_file_makes_no_new_wording(world: World, tmp_path: Path) -> None:
    with world.at_work():
        before = [(p.id, p.number) for p in queries.article(queries.by_slug(SLUG)).passages]
    assert not publish(world, CONTENT, tmp_path)
    assert not publish(world, CONTENT.replace("\n", "\r\n"), tmp_path)
    with world.at_work():
        assert [(p.id, p.number) for p in queries.article(queries.by_slug(SLUG)).passages] == before
    assert world.count(ArticleRevision) == world.count(Debate) == 1


# Numbers


def test_passages_keep_their_numbers_when_others_come_go_and_move(world: World, tmp_path: Path) -> None:
    first = numbers(world)
    parts = [part for part in BODY.split("\n\n") if part != PARAGRAPHS[4]]  # one goes
    parts.remove(PARAGRAPHS[6])
    parts.append(PARAGRAPHS[6])  # one moves to the end
    parts[0] = parts[0].replace("Larisa", "Laura")  # one is corrected
    parts.insert(3, NEW)  # one comes
    assert publish(world, article_of(parts), tmp_path)
    second = numbers(world)
    assert second[NEW] == 27
    assert second[parts[0]] == 1
    assert list(second.values())[-1] == first[PARAGRAPHS[6]]
    assert all(second[words] == number for words, number in first.items() if words in second)
    assert first[PARAGRAPHS[4]] not in second.values()

    parts.remove(NEW)
    publish(world, article_of(parts), tmp_path)
    parts.append("Quite another paragraph, with a number of its own: twenty-seven belongs to words that went.")
    publish(world, article_of(parts), tmp_path)
    assert numbers(world)[parts[-1]] == 28, "the number of a passage that went is never given again"


def test_voices_and_notes_follow_their_passages(world: World, tmp_path: Path) -> None:
    moved = re.sub(r"passage: (\d+)", lambda match: f"passage: {int(match[1]) + 1}", CONTENT.split("---\n", 2)[1])
    assert publish(world, f"---\n{moved}---\n{NEW}\n\n{BODY}\n", tmp_path)
    with world.at_work():
        article = queries.article(queries.by_slug(SLUG))
        assert [p.number for p in article.passages] == [27, *range(1, 27)]
        assert [voice.passage for voice in article.voices] == [2, 4, 10, 12, 16, 19]
        assert [note.passage for note in article.notes] == [1, 8, 14]
    page = world.visitor().get(DEBATE).text
    assert page.index('id="passage-27"') < page.index('id="passage-1"')
    assert 'href="#passage-19"' in page


def test_voices_can_change_without_a_new_wording_of_the_article(world: World, tmp_path: Path) -> None:
    assert not publish(world, CONTENT.replace('speaker: "Sasha"', 'speaker: "S."'), tmp_path)
    with world.at_work():
        article = queries.article(queries.by_slug(SLUG))
        assert (article.number, len(article.voices), article.voices[0].speaker) == (1, 6, "S.")


def test_replies_stay_at_their_passage_through_a_new_wording(world: World, tmp_path: Path) -> None:
    reply = world.published("aigerim", passage=5)
    publish(world, article_of([NEW, *PARAGRAPHS[:4], *PARAGRAPHS[5:]]), tmp_path)
    page = world.visitor().get(f"{DEBATE}/replies/{reply}").text
    assert "passage 5</a>, which is no longer in the text" in page
    reply = world.published("aigerim", passage=6)
    assert "Replies to passage 6: 1 for" in world.visitor().get(DEBATE).text
    item = world.visitor("maria").get(f"/moderation/replies/{reply}").text
    assert "Vera Sergunina, director of the Women’s Rights Center" in item


def test_a_debate_without_a_slug_is_named_after_its_file(world: World, folder: Path) -> None:
    file = folder / "another-question.md"
    file.write_text(BASE.replace("slug: a-title\n", ""), encoding="utf-8")
    result = world.app.test_cli_runner().invoke(args=["debates", "import", str(file)])
    assert result.exit_code == 0
    assert world.visitor().get("/debates/another-question").status_code == 200


class Article:
    """An article that an editor works on; it remembers which paragraph is which."""

    def __init__(self) -> None:
        self.paragraphs = list(enumerate(PARAGRAPHS, start=1))
        self.known = {n: n for n, _words in self.paragraphs}  # paragraph → its number
        self.next_free = 27
        self.fresh = iter(range(1000, 2000))

    def change(self, what: str, place: int, other: int) -> None:
        """Do one thing to the paragraph at `place`."""
        place, other = place % len(self.paragraphs), other % len(self.paragraphs)
        which, words = self.paragraphs[place]
        if what == "insert":
            which = next(self.fresh)
            self.paragraphs.insert(place, (which, " ".join(str(which * n) for n in range(1, 40))))
        elif what == "delete" and len(self.paragraphs) > 1:
            del self.paragraphs[place]
        elif what == "move":
            self.paragraphs.insert(other, self.paragraphs.pop(place))
        elif what == "correct" and len(words) > 150:
            parts = words.split(" ")
            parts[other % len(parts)] = "indeed"
            self.paragraphs[place] = (which, " ".join(parts))

    def check(self, before: list[tuple[int, str]]) -> None:
        """Number the article anew and hold the numbers to what is known."""
        passages = [Passage(number=self.known[which], text=words) for which, words in before]
        after = [Paragraph(words, begins_section=False) for _which, words in self.paragraphs]
        given = articles.number_passages(passages, after, self.next_free)
        for (which, _words), number in zip(self.paragraphs, given, strict=True):
            if which not in self.known:
                assert number == self.next_free, "a new paragraph gets the next free number"
                self.known[which] = number
                self.next_free += 1
            assert number == self.known[which]


CHANGE = st.tuples(st.sampled_from(["insert", "delete", "move", "correct"]), st.integers(0, 1000), st.integers(0, 1000))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(CHANGE, min_size=1, max_size=4), min_size=1, max_size=4))
def test_a_number_belongs_to_the_same_words_whatever_an_editor_does(imports: list[list[tuple[str, int, int]]]) -> None:
    article = Article()
    for changes in imports:
        before = list(article.paragraphs)
        for change in changes:
            article.change(*change)
        article.check(before)


# What is refused

BASE = """\
---
title: A title
slug: a-title
source: A paper
motion: This should be so
stances:
  pro: {label: For, gist: Yes to it.}
  anti: {label: Against, gist: No to it.}
notes:
  - {passage: 1, text: A note.}
voices:
  - {stance: pro, passage: 1, speaker: Sasha, exact: the first}
  - {stance: anti, passage: 2, speaker: Zhenya, exact: the second}
opens: 2026-05-14
closes: 2026-06-14
---

This is the first paragraph.

This is the second one.
"""
WRONG = [  # (words, in their place, line, key, why)
    ("---\ntitle", "title", 1, "", "must begin with front matter"),
    ("title: A title", "title: [A title", 3, "", "not valid YAML"),
    ("title: A title\n", "", 2, "title", "a text is needed"),
    ("title: A title", "title: ''", 2, "title", "a text is needed"),
    ("title: A title", "title: 7", 2, "title", "a text is needed"),
    ("title: A title", "title: " + "x" * 301, 2, "title", "at most 300 characters"),
    ("title: A title", 'title: "A NUL \\0"', 2, "title", "printable"),
    ("slug: a-title", "slug: A Title", 3, "slug", "small letters"),
    ("slug: a-title", "slug: a--title", 3, "slug", "single hyphens"),
    ("source: A paper\n", "", 2, "source", "a text is needed"),
    ("motion: This should be so\n", "", 2, "motion", "a text is needed"),
    ("motion:", "motto: x\nmotion:", 5, "motto", "no such key"),
    ("slug: a-title", "language: [en]", 3, "language", "a text is needed"),
    ("slug: a-title", "published_by: {}", 3, "published_by", "a text is needed"),
    ("  anti: {label: Against, gist: No to it.}\n", "", 6, "stances", "give both sides"),
    ("gist: Yes to it.", "gust: Yes", 7, "stances.pro.gist", "a text is needed"),
    ("label: Against", "label: " + "x" * 81, 8, "stances.anti.label", "at most 80"),
    ("{label: For, gist: Yes to it.}", "For", 7, "stances.pro.label", "a text is needed"),
    ("  - {passage: 1, text: A note.}", "  passage: 1", 9, "notes", "a list is needed"),
    ("  - {passage: 1, text: A note.}", "  - A note.", 10, "notes[1]", "an entry has keys"),
    ("{passage: 1, text: A note.}", "{passage: 3, text: A note.}", 10, "notes[1].passage", "a passage from 1 to 2"),
    ("{passage: 1, text: A note.}", "{passage: true, text: A}", 10, "notes[1].passage", "a passage from 1 to 2"),
    ("{passage: 1, text: A note.}", "{passage: 1}", 10, "notes[1].text", "a text is needed"),
    ("{passage: 1, text: A note.}", "{passage: 1, text: A, by: B}", 10, "notes[1].by", "no such key"),
    ("stance: anti", "stance: neither", 13, "voices[2].stance", "“pro” or “anti”"),
    ("passage: 2,", "passage: 0,", 13, "voices[2].passage", "a passage from 1 to 2"),
    ("passage: 2,", "", 13, "voices[2].passage", "a passage from 1 to 2"),
    ("speaker: Zhenya, ", "", 13, "voices[2].speaker", "a text is needed"),
    ("exact: the second", "exact: the third", 13, "voices[2].exact", "do not stand in passage 2"),
    ("exact: the first", "exact: the second", 12, "voices[1].exact", "do not stand in passage 1"),
    ("exact: the second", "exact: the second, mood: sad", 13, "voices[2].mood", "no such key"),
    ("opens: 2026-05-14", "opens: soon", 14, "opens", "a date like"),
    ("opens: 2026-05-14", "opens: 2026-02-30", 14, "opens", ""),
    ("title: A title", "title: A title\ndate: 2026-13-01", 3, "date", ""),
    ("closes: 2026-06-14", "closes: 7", 15, "closes", "a date like"),
    ("closes: 2026-06-14", "closes: 2026-05-14", 15, "closes", "later than “opens”"),
    ("title: A title", "title: A title\ntitle: Another title", 3, "title", ""),
    ("This is the first", "# This is the first", 18, "", "headings are not shown"),
    ("This is the second", "This \0 is the second", 20, "", "cannot be stored"),
    ("This is the first paragraph.\n\nThis is the second one.\n", "* * *\n", 17, "", "has no text"),
]


@pytest.mark.parametrize(("words", "instead", "line", "key", "why"), WRONG)
def test_a_file_that_is_wrong_is_refused_with_line_and_key(
    reader: Flask, folder: Path, words: str, instead: str, line: int, key: str, why: str
) -> None:
    file = folder / "wrong.md"
    assert words in BASE
    content = BASE.replace(words, instead, 1)
    if why == "has no text":
        content = content.replace(BASE[BASE.index("notes:") : BASE.index("opens:")], "")
        line -= 5
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BadArticle) as refusal:
        article_files.read(file)
    assert str(refusal.value).startswith(f"{file}, line {line}{key and ', ' + key}: ")
    assert why in str(refusal.value)


@pytest.mark.parametrize("key", ["? [a, b]\n: c", "? {a: b}\n: c"])
def test_a_key_that_is_no_word_is_refused_with_its_line(reader: Flask, folder: Path, key: str) -> None:
    file = folder / "wrong.md"
    file.write_text(BASE.replace("source: A paper", f"{key}\nsource: A paper"), encoding="utf-8")
    with pytest.raises(BadArticle, match=r"wrong\.md, line \d"):
        article_files.read(file)


def test_the_file_from_which_the_wrong_ones_are_made_is_right(reader: Flask, folder: Path) -> None:
    file = folder / "right.md"
    file.write_text(BASE, encoding="utf-8")
    assert len(article_files.read(file).paragraphs) == 2


def test_a_file_that_is_no_text_is_refused(reader: Flask, folder: Path) -> None:
    file = folder / "picture.md"
    with pytest.raises(BadArticle, match="cannot be read as UTF-8 text"):
        article_files.read(file)
    file.write_bytes(b"\x89PNG\xff")
    with pytest.raises(BadArticle, match="cannot be read as UTF-8 text"):
        article_files.read(file)


def test_a_refused_import_says_so_in_one_line_and_changes_nothing(world: World, folder: Path) -> None:
    file = folder / "refused.md"
    file.write_text(CONTENT.replace('motion: "', 'motion: "' + "x" * 300), encoding="utf-8")
    before = world.everything()
    result = world.app.test_cli_runner().invoke(args=["debates", "import", str(file)])
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [f"{file}, line 7, motion: at most 300 characters, all of them printable."]
    assert world.everything() == before


def test_only_the_latest_wording_is_shown_and_the_former_ones_are_kept(world: World, tmp_path: Path) -> None:
    publish(world, CONTENT.replace("Larisa, Zhenya, and Sasha", "Laura, Zhenya, and Sasha"), tmp_path)
    page = world.visitor().get(DEBATE).text
    assert "Laura, Zhenya, and Sasha" in page
    assert "Larisa, Zhenya, and Sasha, along" not in page
    with world.at_work():
        texts = list(db.session.scalars(select(Passage.text).where(Passage.number == 1).order_by(Passage.id)))
    assert [words.split(",")[0] for words in texts] == ["Larisa", "Laura"]
