"""Who a text speaks to, of and as: readers of the forum, public people, an adult who remembers, a pupil of today."""

from datetime import date

import pytest

from forum.moderation.screening import content_flags, screen


def codes(text: str) -> set[str]:
    return {flag.code for flag in content_flags(text)}


@pytest.mark.parametrize(
    "text",
    [
        "@above: you have not read the third passage.",
        "@выше: там сказано обратное.",
        "@барлығына: бұл дұрыс емес.",
    ],
)
def test_who_addresses_the_others_gives_no_handle(text: str) -> None:
    assert "handle" not in codes(text)


def test_a_name_behind_the_sign_is_a_handle() -> None:
    assert "handle" in codes("write to @aigerim_k")
    assert "handle" in codes("пиши @nochnaya")


@pytest.mark.parametrize(
    "text",
    [
        "The ombudsman Elvira Azimova works in Astana and has said so.",
        "Соня Мармеладова живёт в Петербурге, и Достоевский не спрашивает, сама ли она выбрала.",
        "Депутат Айгүл Нұркина Қостанайда тұрады, осы заңды қорғады.",
    ],
)
def test_public_people_and_those_of_books_may_be_named(text: str) -> None:
    assert "person" not in codes(text)


def test_a_street_that_is_called_after_an_author_hides_nobody() -> None:
    assert "person" in codes("Ольга Петренко живёт в доме на Пушкина и работает в школе.")


@pytest.mark.parametrize(
    "text",
    [
        "Я в девятом классе прочёл Куприна и запомнил на всю жизнь.",
        "Мой отец прочёл Куприна в девятом классе.",
        "My teacher in 9th grade told us about Sonya Marmeladova.",
        "Тоғызыншы сыныпта оқып жүргенде естігенмін.",
        "Мен он алты жасымда ауылдан қалаға келдім.",
    ],
)
def test_an_adult_who_remembers_is_no_minor(text: str) -> None:
    assert "minor" not in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Я в девятом классе, и у нас об этом говорят.",
        "I am in 9th grade and I have read Kuprin.",
        "Биыл 10-сыныпқа көштім.",
    ],
)
def test_a_pupil_who_speaks_of_now_is_one(text: str) -> None:
    assert "minor" in codes(text)


def test_an_advert_that_is_only_quoted_is_none() -> None:
    advert = "Cheap loans without papers, free visas, easy work abroad, call now"
    assert "advertising" in codes(f"{advert}.")
    assert "advertising" not in codes(f"'{advert}': my nephew fell for it, and they took his passport.")


@pytest.mark.parametrize(
    ("text", "written", "is_minor"),
    [
        ("I was born in 2009 and I can vote.", date(2026, 11, 29), True),
        ("I was born in 2009 and I can vote.", date(2028, 1, 1), False),
        ("Я 2014 года рождения.", date(2031, 12, 31), True),
        ("Я 2014 года рождения.", date(2033, 1, 1), False),
        ("Я родилась 12.12.2008 в Таразе.", date(2026, 11, 29), True),
        ("Я родилась 12.12.2008 в Таразе.", date(2026, 12, 12), False),
        ("I was born in 2025.", date(2026, 11, 29), False),
    ],
)
def test_who_was_born_less_than_eighteen_years_before_the_text_is_a_minor(
    text: str, written: date, is_minor: bool
) -> None:
    assert ("minor" in {flag.code for flag in screen(text, on=written)}) is is_minor


@pytest.mark.parametrize(
    "text",
    [
        "A room costs 15 thousand, a fine costs 50. Do the maths, who is afraid of the fine?",
        "Doctors give out free tests at the station every Friday, and the police take them as evidence.",
        "Массаж – нормальная услуга, у меня диплом, и мне обидно, когда салоны путают с притонами.",
        "Пишите депутатам, а не друг другу, это бесплатно и займёт пять минут.",
        "Орталықта заңгер тегін, психолог тегін. Бірақ айына екі адам келеді.",
    ],
)
def test_who_speaks_of_prices_and_trades_advertises_nothing(text: str) -> None:
    assert "advertising" not in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "They argue about the law. Massage, discreet, downtown, from 15,000 tenge an hour.",
        "Спорьте дальше. Окна установим за два дня, замер бесплатно, звоните.",
        "Заң туралы дауласа берсін. Диплом, реферат жазып беремін, тез, арзан.",
    ],
)
def test_who_offers_within_an_argument_advertises(text: str) -> None:
    assert "advertising" in codes(text)


def test_a_few_marks_in_a_calm_text_is_no_shouting() -> None:
    assert "shouting" not in codes("Time zones!!! I still wake up in the dark.")
    assert "shouting" in codes("Time zones!!!!! Enough!!!!! I still wake up in the dark.")
    assert "shouting" in codes("THIS IS AN OUTRAGE!!!")


def test_a_street_with_a_persons_name_is_nobody() -> None:
    assert "person" not in codes("I remember Almaty in the nineties, Raiymbek avenue, cars lined up in the evening.")


def test_a_link_in_html_is_a_link() -> None:
    assert "link" in codes("<a href='//primer.example/?id=7'>the report</a> has forty pages")


def test_who_counts_the_years_until_they_are_18_is_a_minor() -> None:
    assert "minor" in codes("Two more years till I'm 18, then I will vote")
    assert "minor" in codes("9th grader here, we have a debate about it")
    assert "minor" not in codes("I was 18 when the law came, two years ago")


@pytest.mark.parametrize(
    "text",
    [
        "In 2019 there were 1 240 cases, in 2020 there were 980, in 2021 again 1 300.",
        "В 2019 году 1 240 дел, в 2020-м 980, в 2021-м опять 1 300.",
        "My former classmate works in Dubai, nobody asks as what.",
        "Бұрынғы сыныптасым Дубайда істейді, кім болып екенін ешкім сұрамайды.",
    ],
)
def test_figures_and_former_classmates_are_let_through(text: str) -> None:
    assert codes(text) == set()
