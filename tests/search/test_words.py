"""What is found under what: the words of three languages, their stems, and any string at all."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.kazakh import stem
from forum.search import questions, snippets
from forum.search.snippets import Cutter
from forum.words import LONGEST, keys_in, main_stem, prepared, read, stems_of, words

GOLDEN = Path(__file__).with_name("kazakh.txt").read_text(encoding="utf-8").splitlines()
LINES = [line.split() for line in GOLDEN if line and not line.startswith("#")]
ENDS = ["sations", "zations", "sing", "zed", "cly", "sational", "sness", "tions"]
ANY = st.text(st.characters(codec="utf-8") | st.sampled_from("'\"*()-:^\0 ’§"))


@pytest.mark.parametrize("forms", LINES, ids=lambda forms: forms[0])
def test_the_forms_of_a_kazakh_word_come_to_one_stem(forms: list[str]) -> None:
    assert {stem(form) for form in forms} == {stem(forms[0])}


def test_searches_at_once_do_not_mix_up_their_words() -> None:
    keys = [f"{begin}{end}" for begin in ("legali", "organi", "decrimin", "publi", "conver") for end in ENDS]
    alone = {key: main_stem.__wrapped__(key) for key in keys}
    gate = Barrier(4)

    def stem_all(shift: int) -> list[str]:
        gate.wait()
        turned = keys[shift:] + keys[:shift]
        return [key for _ in range(10) for key in turned if main_stem.__wrapped__(key) != alone[key]]

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(stem_all, range(4))) == [[]] * 4
    finally:
        sys.setswitchinterval(before)


def test_different_kazakh_words_come_to_different_stems() -> None:
    stems = [stem(forms[0]) for forms in LINES]
    assert len(stems) > 45
    assert sorted(stems) == sorted(set(stems))


@pytest.mark.parametrize(
    ("typed", "text", "language"),
    [
        ("legalising", "It was legalised.", "en"),
        ("legalization", "legalisation", "en"),
        ("decriminalised", "decriminalizing", "en"),
        ("CAFÉ’S", "two cafes", "en"),
        ("проституцией", "Проституция – не выбор.", "ru"),
        ("женщинам", "женщины", "ru"),
        ("елка", "ёлки", "ru"),
        ("полицией", "полицияға", "kk"),  # a loan with a Kazakh ending
        ("полиция", "полицияның", "kk"),
        ("казакстан", "Қазақстанда", "kk"),  # on a Russian keyboard
        ("құқық", "құқықтары", "kk"),
        ("ｆｕｌｌ", "full", "en"),
        ("2024", "in 2024", "en"),
        ("東京", "東京", "en"),
    ],
)
def test_a_word_is_found_in_another_form(typed: str, text: str, language: str) -> None:
    asked = next(words(typed)).stems
    assert any(asked & word.stems for word in words(text, language))


@given(st.text(), st.sampled_from(["en", "ru", "kk", ""]))
def test_stored_words_say_what_the_text_says(text: str, language: str) -> None:
    mains, stems = read(prepared(text), language)
    assert set(mains) == keys_in(text)
    assert stems == {stem for key in mains for stem in stems_of(key, language)}
    assert all(main == main_stem(key) for key, main in mains.items())


@pytest.mark.parametrize(("typed", "text"), [("legal", "illegal"), ("суд", "судьба"), ("заң", "заман")])
def test_another_word_is_not(typed: str, text: str) -> None:
    assert not next(words(typed)).stems & next(words(text)).stems


@given(ANY)
def test_of_any_string_only_letters_and_digits_are_looked_for(typed: str) -> None:
    for word in words(typed):
        assert 0 < len(word.key) <= LONGEST
        assert typed[word.start : word.stop].strip()
        assert main_stem(word.key) in word.stems
        assert all(stem.isalnum() for stem in word.stems), word
        assert stems_of(word.key, "ru") <= word.stems


@given(ANY)
def test_the_words_of_a_question_are_few_and_different(typed: str) -> None:
    keys = questions.keys(typed * 50)
    assert len(keys) == len(set(keys)) <= questions.MOST


def test_common_words_count_only_where_there_are_no_others() -> None:
    assert questions.keys("Is the LAW on their side? the law!") == ["law", "their", "side"]
    assert questions.keys("и не для") == ["и", "не", "для"]
    assert questions.keys('"-*:() \0 😀') == []


def test_a_snippet_shows_where_the_most_words_stand_together() -> None:
    text = (
        "The law is old. " + "Nothing is said of it here. " * 20 + "Police and law meet <b>here</b>. " + "More. " * 90
    )
    parts = Cutter([frozenset({"law"}), frozenset({"polic"})]).cut(text, "en")
    assert [part.text for part in parts if part.is_hit] == ["Police", "law"]
    assert parts[0].text == parts[-1].text.strip() + " " == "… "
    assert "<b>here</b>" in "".join(part.text for part in parts)


@given(ANY, ANY, st.integers(1, 60))
def test_a_snippet_is_a_stretch_of_the_text_itself(text: str, asked: str, times: int) -> None:
    text *= times
    parts = Cutter([word.stems for word in words(asked)]).cut(text, "")
    whole = "".join(part.text for part in parts)
    assert whole.removeprefix("… ").removesuffix(" …") in text
    assert len(whole) <= snippets.LENGTH + 4
