"""One article in several languages: each passage has its twin, and everybody sees who made the translation."""

import re
from pathlib import Path

import pytest

from forum.db import db, writing
from forum.debates import article_files, translations
from forum.debates.models import ArticleTranslation, TranslatedPassage, TranslatedVoice
from forum.errors import Refused
from forum.start import TRANSLATIONS
from tests.debates.test_articles import CONTENT, publish
from tests.world import DEBATE, World, the_article

RUSSIAN = next(file for file in TRANSLATIONS if file.name.endswith(".ru.md"))
FIRST = "Лариса, Женя и Саша"
SECOND = "Проституцию надо легализовать"


def translate(world: World, *changes: tuple[str, str], file: Path = RUSSIAN, folder: Path | None = None) -> None:
    """Import a translation that is shipped, with some words changed."""
    content = file.read_text(encoding="utf-8")
    for words, instead in changes:
        assert words in content
        content = content.replace(words, instead)
    changed = (folder or file.parent) / file.name
    if changes:
        changed.write_text(content, encoding="utf-8")
    with world.at_work(), writing():
        translations.publish(article_files.read_translation(changed))


def figures(text: str) -> list[str]:
    """Return the numbers in a text, 10,000 and 10 000 alike."""
    return re.findall(r"\d+", re.sub(r"(?<=\d)[,\s](?=\d{3})", "", text))


@pytest.mark.parametrize("file", TRANSLATIONS, ids=lambda file: file.suffixes[0])
def test_each_of_the_26_passages_and_six_voices_has_its_twin(world: World, file: Path) -> None:
    translate(world, file=file)
    seed = article_files.read_translation(file)
    original = the_article()
    assert seed.facts["provenance"].value == "unofficial"
    with world.at_work():
        assert world.count(ArticleTranslation) == 1
        passages = db.session.query(TranslatedPassage).order_by(TranslatedPassage.number).all()
        assert [passage.number for passage in passages] == list(range(1, 27))
        voices = db.session.query(TranslatedVoice).order_by(TranslatedVoice.id).all()
        assert [(voice.stance, voice.passage) for voice in voices] == [
            (voice["stance"], voice["passage"]) for voice in original.voices
        ]
        texts = {passage.number: passage.text for passage in passages}
        assert all(voice.exact in texts[voice.passage] for voice in voices)
    for ours, theirs in zip(original.paragraphs, seed.paragraphs, strict=True):
        assert 0.6 < len(theirs.text) / len(ours.text) < 1.6, theirs.text
        assert figures(theirs.text) == figures(ours.text)


def test_a_reader_gets_article_motion_sides_and_voices_in_the_language_of_the_page(world: World) -> None:
    translate(world)
    page = world.visitor().get("/ru" + DEBATE).text
    for words in ("Проституция в Казахстане: насилие и риск</h1>", "За легализацию", FIRST, "«" + SECOND):
        assert words in page, words
    assert "Larisa, Zhenya" not in page
    assert "Неофициальный перевод" in page
    assert f'href="http://localhost{DEBATE}#story" hreflang="en"' in page
    original = world.visitor().get(DEBATE).text
    assert "Larisa, Zhenya" in original
    assert FIRST not in original
    assert "Неофициальный" not in original


def test_where_there_is_no_translation_the_original_is_marked_as_what_it_is(world: World) -> None:
    page = world.visitor().get("/kk" + DEBATE).text
    assert '<div lang="en" dir="auto"><p>Larisa, Zhenya' in page
    assert '<h1 lang="en">' in page
    assert '<span lang="en">For legalisation</span>' in page


def test_a_page_of_a_passage_shows_its_twin_and_the_original_beneath(world: World) -> None:
    translate(world)
    page = world.visitor().get(f"/ru{DEBATE}/passages/1").text
    assert page.index(FIRST) < page.index("Larisa, Zhenya")
    assert 'lang="ru" dir="auto"><p>' + FIRST in page
    assert "Перепечатано без изменений" in page
    assert "Its original" not in world.visitor().get(f"{DEBATE}/passages/1").text


def test_a_passage_that_has_changed_since_is_shown_in_the_original_until_it_is_translated_anew(
    world: World, tmp_path: Path
) -> None:
    translate(world)
    changed = CONTENT.replace("blonde who sports red glasses", "blonde who sports green glasses")
    assert changed != CONTENT
    publish(world, changed, tmp_path)
    page = world.visitor().get("/ru" + DEBATE).text
    assert "green glasses" in page
    assert "блондинка в красных очках" not in page
    assert FIRST in page
    assert "Изменённые с тех пор абзацы показаны в оригинале." in page
    translate(world, ("блондинка в красных очках", "блондинка в зелёных очках"), folder=tmp_path)
    page = world.visitor().get("/ru" + DEBATE).text
    assert "блондинка в зелёных очках" in page
    assert "green glasses" not in page
    assert "показаны в оригинале" not in page
    assert world.count(ArticleTranslation) == 1


def test_a_kept_page_is_stale_with_a_new_translation(world: World, tmp_path: Path) -> None:
    reader = world.visitor()
    assert FIRST not in reader.get("/ru" + DEBATE).text
    translate(world)
    assert FIRST in reader.get("/ru" + DEBATE).text
    translate(world, ("Лариса, Женя и Саша, а вместе", "Саша, Лариса и Женя, а вместе"), folder=tmp_path)
    assert "Саша, Лариса и Женя" in reader.get("/ru" + DEBATE).text


WRONG = [
    ("\n\nНесмотря на неодобрение общества", "\n\nЕщё одно.\n\nНесмотря на неодобрение общества", "27"),
    ("* * *\n\nЖенщины говорят, что работать", "Женщины говорят, что работать", "3"),
    ("{stance: pro, passage: 10", "{stance: anti, passage: 10", "voices"),
    ("{passage: 8, text", "{passage: 9, text", "notes"),
    ("translation_of: prostitution-in-kazakhstan", "translation_of: another-debate", "another-debate"),
    ("language: ru", "language: en", "language of the original"),
]


@pytest.mark.parametrize(("words", "instead", "why"), WRONG)
def test_what_does_not_stand_beside_the_original_is_refused_and_changes_nothing(
    world: World, tmp_path: Path, words: str, instead: str, why: str
) -> None:
    translate(world)
    with pytest.raises(Refused) as refusal:
        translate(world, (words, instead), folder=tmp_path)
    assert why in str(refusal.value)
    assert FIRST in world.visitor().get("/ru" + DEBATE).text


@pytest.mark.parametrize(
    ("words", "instead", "key"),
    [
        ("translation: unofficial", "translation: perfect", "translation"),
        ("slug", "slug", "slug"),
        ("title:", "headline:", "headline"),
        ('exact: "Легализация –', 'exact: "Узаконивание –', r"voices\[3\]\.exact"),
    ],
)
def test_a_wrong_file_of_a_translation_is_refused_with_line_and_key(
    world: World, tmp_path: Path, words: str, instead: str, key: str
) -> None:
    if key == "slug":
        words, instead = "language: ru", "language: ru\nslug: other"
    with pytest.raises(article_files.BadArticle, match=rf"line \d+, {key}: "):
        translate(world, (words, instead), folder=tmp_path)


def test_an_operator_imports_either_with_one_command(world: World) -> None:
    outcome = world.app.test_cli_runner().invoke(args=["debates", "import", str(RUSSIAN)])
    assert outcome.exit_code == 0
    assert "26" in outcome.output
    assert FIRST in world.visitor().get("/ru" + DEBATE).text
