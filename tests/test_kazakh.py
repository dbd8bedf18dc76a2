"""Kazakh letters, capital and small: a name is found, a word is found, and a list runs as the alphabet does."""

import re

import pytest

from forum.text import place_of
from tests.world import PASSWORD, World

ALPHABET = "А Ә Б В Г Ғ Д Е Ё Ж З И Й К Қ Л М Н Ң О Ө П Р С Т У Ұ Ү Ф Х Һ Ц Ч Ш Щ Ъ Ы І Ь Э Ю Я".split()
WORDS = ["Әке", "Ғалам", "Қыз", "Өмір", "Ұлт", "Үміт", "Іні", "Қаһарман", "Таңғы"]  # Ң begins no word
NAME = "Әлқоңырғөмүһіұ"


def test_a_list_runs_as_the_kazakh_alphabet_does_whatever_the_case() -> None:
    small = [letter.lower() for letter in ALPHABET]
    assert sorted(set(ALPHABET), key=place_of) == ALPHABET
    assert sorted(set(small), key=place_of) == small
    assert sorted(["яна", "Үміт", "Ёлка", "ұлт", "ерік", "Zoe", "іні", "ән", "Аян"], key=place_of) == [
        *("Zoe", "Аян", "ән", "ерік", "Ёлка", "ұлт", "Үміт", "іні", "яна"),
    ]


def test_the_names_that_one_has_muted_stand_in_the_order_of_the_alphabet(world: World) -> None:
    names = ["Айгүл", "әсел", "Ғани", "дана", "Қуат", "нұрлан", "Өмір_ай", "Ұлан", "үміт", "Ырыс", "Ілияс", "яна"]
    for name in reversed(names):
        world.person(name)
        world.mute(name, by="boris")
    page = world.visitor("boris").get("/kk/accounts/settings").text
    assert re.findall(r"<bdi>([^<]+)</bdi> <button name=\"mute\"", page) == names


@pytest.mark.parametrize("typed", [NAME, NAME.upper(), NAME.lower()])
def test_a_name_with_kazakh_letters_is_found_in_any_case(world: World, typed: str) -> None:
    number = world.published(NAME, text="Zebras wait at the border for their papers, day by day.")
    reader = world.visitor()
    assert reader.post("/accounts/sign-in", name=typed, password=PASSWORD).status_code == 303
    assert NAME in world.visitor("maria").get(f"/moderation/people?name={typed}").text
    assert reader.get(f"/people/{typed}", follow_redirects=True).status_code == 200
    found = world.visitor().get(f"/search?q=zebras&person={typed}").text
    assert f'aria-labelledby="by-{number}"' in found
    taken = world.visitor().post("/accounts/sign-up", name=typed, password=PASSWORD)
    assert taken.status_code == 422


@pytest.mark.parametrize("word", WORDS)
def test_a_word_with_kazakh_letters_is_found_in_any_case(world: World, word: str) -> None:
    numbers = {
        world.published("aigerim", text=f"Бұл жерде жазылған сөз мынау: {written} деп оқылады.")
        for written in (word, word.lower(), word.upper())
    }
    for typed in (word, word.lower(), word.upper()):
        page = world.visitor().get(f"/kk/search?q={typed}").text
        assert {int(n) for n in re.findall(r'aria-labelledby="by-(\d+)"', page)} == numbers, typed
        assert len(re.findall(f"(?i)<mark>{word}</mark>", page)) == 3
