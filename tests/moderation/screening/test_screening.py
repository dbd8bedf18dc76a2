"""Screening as a whole: pure, in order, within bounds, linear; its examples work."""

import doctest
import importlib
import json
import pkgutil
import time
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from forum import create_app
from forum.moderation import screening
from forum.moderation.screening import (
    PHASES,
    Flag,
    OperatorWords,
    Severity,
    content_flags,
    fingerprint,
    history_flags,
    screen,
    screen_reading,
)
from forum.moderation.screening.reading import Reading
from forum.moderation.screening.words import FOR_AUTHORS, FOR_MODERATORS

MODULES = [f"{screening.__name__}.{module.name}" for module in pkgutil.iter_modules(screening.__path__)]
PIECES = st.sampled_from(
    "8 701 123-45-67|семьсот|жеті|@|.|com|ru|собака|мне|15|лет|ул.|дом|Анна|работает|в|школе|№12|http://|[a.com](|)|тг|"
    "KZ86|4400 |\u20e3|\ufe0f|8️⃣|７|и\u0306|ﬁ|İ|\n|!!!|AAA|\u200b|한|😀|I am|im|услуги|x_1|#1234|43.238, 76.889".split(
        "|"
    )
)


def codes(text: str) -> list[str]:
    return [flag.code for flag in content_flags(text)]


@pytest.mark.parametrize("name", MODULES)
def test_the_example_of_each_phase_works(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_each_phase_says_its_code_an_example_and_its_severity() -> None:
    for phase in PHASES:
        assert phase.__doc__ is not None
        assert f"Code `{phase.__name__}`" in phase.__doc__
        assert ">>>" in phase.__doc__
        assert "everity" in phase.__doc__
        assert phase.__name__ in FOR_AUTHORS
        assert phase.__name__ in FOR_MODERATORS


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200), st.lists(PIECES, max_size=30).map(" ".join), st.lists(PIECES, max_size=30).map("".join)
    )
)
def test_any_text_can_be_screened(text: str) -> None:
    flags = screen(text, recent=[0, 2**64 - 1])
    assert flags == sorted(flags)
    assert all(0 <= flag.start < flag.end <= len(text) for flag in flags)
    assert flags == screen(text, recent=[0, 2**64 - 1])
    for one, other in pairwise(flags):
        assert one.code != other.code or one.end <= other.start


@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.__name__)
def test_a_phase_changes_nothing(phase: screening.Phase) -> None:
    reading = Reading("Звоните 8 701 123 45 67, мне 15 лет, ул. Абая 15, aika@mail.ru, t.me/aika")
    before = (reading.text, reading.plain, list(reading.words), list(reading.starts))
    assert phase(reading) == phase(reading)
    assert before == (reading.text, reading.plain, reading.words, reading.starts)


HOSTILE = [
    "8 ", "87011234567 ", "a@", "a.", ".com", "[a.b](a", "a at b dot ", "i am ", "мне 15 ", "ул. абая 1 ", "дом 1 ",
    "!?", "AAA ", "8️⃣", "aб", "Анна Ахметова работает в школе ", "4400 ", "kz12 ", "тг ", "o1", "(", "\n", "школа 5 ",
    "услуги недорого ", "+7", "9 класс ", "собака ", "٣", "telegram: a_1 ", "seven ", "не", "a-", "1.234, ", "xn--",
    '" a b ', "«а б", "İ", "vote no ", "на Абая 8/2 ", "x@a.b, c ", "x[a]y[b]com ", "бц Аб офис 5 ", "d o t com ",
    "детдом на Абая девочек вечером ", "as a tenth grader i ", "в 14 мне столько ", "010000 Аб ", "село Аб 5 ",
    "продам диплом недорого, пишите. ", "<a href=",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_twice_the_length_takes_about_twice_the_time(piece: str) -> None:
    """Four times the length may take eight times as long on a busy machine; a square would take sixteen times."""
    seconds = {}
    for length in (10_000, 40_000):
        text = (piece * length)[:length]
        seconds[length] = min(_seconds(text) for _ in range(3))
    assert seconds[40_000] < 8 * seconds[10_000] + 0.02


def _seconds(text: str) -> float:
    start = time.process_time()
    content_flags(text)
    return time.process_time() - start


def test_only_the_gravest_hold() -> None:
    held = {
        flag.code
        for flag in content_flags("Мне 15 лет, ИИН 900101300123, карта 4111 1111 1111 1111")
        if flag.severity is Severity.HOLD
    }
    assert held == {"minor", "id_number", "card"}


def test_offsets_are_those_of_the_original() -> None:
    text = "ﬁрма\u200b «А»: ８７０１\u200b１２３ ４５６７!"
    flag = next(flag for flag in content_flags(text) if flag.code == "phone")
    assert text[flag.start : flag.end] == "８７０１\u200b１２３ ４５６７"


def test_a_number_is_one_thing() -> None:
    assert codes("Her card is 4111 1111 1111 1111, everybody may know it").count("card") == 1
    assert "phone" not in codes("Her card is 4111 1111 1111 1111, everybody may know it")
    assert "link" not in codes("Write to aika собака mail точка ru if you want to know more")


def test_the_operators_words_are_whole_words_of_one_language() -> None:
    words = OperatorWords(hold={"ru": ["сутен*"], "": ["krysha"]}, mention={"ru": ["рейд"]})
    text = "Сутенёры и рейды, рейд и Krysha"
    assert [
        (f.code, text[f.start : f.end], f.severity) for f in screen(text, "ru", words=words) if f.code == "word"
    ] == [
        ("word", "Сутенёры", Severity.HOLD),
        ("word", "рейд", Severity.NOTE),
        ("word", "Krysha", Severity.HOLD),
    ]
    assert [text[f.start : f.end] for f in screen(text, "en", words=words) if f.code == "word"] == ["Krysha"]


def test_a_text_that_was_there_before_is_noticed() -> None:
    first = "The women say they would prefer to pay taxes than to pay a pimp, and I see no reason to doubt it."
    second = first.replace("doubt", "question")
    other = "Sweden punishes those who buy, not those who sell, and street prostitution fell by half in ten years."
    assert any(flag.code == "repeat" for flag in screen(second, recent=[fingerprint(first)]))
    assert not any(flag.code == "repeat" for flag in screen(other, recent=[fingerprint(first)]))


def test_what_an_author_was_told_before_is_not_looked_for_again_and_nothing_of_it_is_lost() -> None:
    text = "No no no no no no! Мне 15 лет, call the krysha: 8 701 123-45-67 or anna.k@example.com, I'm waiting there."
    words = OperatorWords(hold={"en": ["krysha"]}, mention={"ru": ["call"]})
    before = [fingerprint(text)]

    anew = screen(text, "en", words=words, recent=before)
    after_hints = screen_reading(Reading(text, "en", words, before), content_flags(text))

    assert after_hints == anew
    assert {"minor", "phone", "email", "word", "repeat"} <= {flag.code for flag in anew}


def test_history_is_kept_apart() -> None:
    assert history_flags({}) == ["new_here"]
    assert history_flags({"published": 9, "rejected": 1, "waiting": 5}) == ["many_waiting"]
    assert history_flags({"published": 1, "rejected": 2, "removed": 1}) == ["often_rejected"]


@pytest.mark.parametrize(
    "text",
    [
        "Vera Sergunina works at the Women’s Rights Center in Almaty.",
        "Марат Айтмагамбетов работает в МВД в Караганде.",
        "Zhenya lives in Karaganda and has no rights.",
        "Minister Askar Omarov works in Astana.",
        "Vladimir Putin said in Moscow that family comes first.",
        "Қасым-Жомарт Тоқаев Астанада қабылдау өткізді.",
        "Ольга Скороходова в Алматы написала об этом книгу.",
    ],
)
def test_people_of_the_article_and_offices_may_be_named(text: str) -> None:
    assert "person" not in codes(text)


@pytest.fixture
def app(tmp_path: object) -> Flask:
    return create_app({"FORUM_INSTANCE": str(tmp_path)})


def test_the_command_answers_line_by_line(app: Flask) -> None:
    asked = '{"id": 7, "text": "Звоните: 8 701 123 45 67, объясню"}\n\n{"id": "b", "text": ""}\n'
    result = app.test_cli_runner().invoke(args=["screen"], input=asked)
    assert result.exit_code == 0
    first, second = map(json.loads, result.stdout.splitlines())
    assert first["id"] == 7
    assert {"code": "phone", "start": 9, "end": 24} in first["flags"]
    assert second == {"id": "b", "flags": []}


@pytest.mark.parametrize("line", ["no json", "[]", '{"id": 1}', '{"id": 1, "text": 5}', '"text"', "null", "\ufffd{"])
def test_the_command_names_a_bad_line(app: Flask, line: str) -> None:
    result = app.test_cli_runner().invoke(args=["screen"], input='{"id": 1, "text": "a"}\n' + line + "\n")
    assert result.exit_code == 2
    assert result.stderr.startswith("Line 2 ")
    assert len(result.stdout.splitlines()) == 1


def test_flags_are_ordered_by_their_place() -> None:
    assert sorted([Flag(5, 6, "a", Severity.NOTE), Flag(1, 2, "b", Severity.HOLD)])[0].code == "b"
