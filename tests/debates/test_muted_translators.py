"""What a muted member has translated folds like what they have written, for one reader and for nobody else."""

import re

import pytest

from tests.debates.test_reply_translations import ENGLISH, KAZAKH, RUSSIAN, card, place
from tests.world import DEBATE, Visitor, World

FOLDED = re.compile(r"<details>\s*<summary>([^<]*)</summary>(.*?)</details>", re.DOTALL)


@pytest.fixture
def translated(world: World) -> World:
    """Return a forum with a reply of Aigerim that Boris has translated into Russian."""
    world.translated(world.published("aigerim", text=ENGLISH), text=RUSSIAN)
    return world


def read(reader: Visitor, prefix: str = "", original: int = 1) -> str:
    return card(reader.get(prefix + place(original)).text)


@pytest.mark.parametrize("prefix", ["", "/ru"])
@pytest.mark.parametrize("where", [place(1), DEBATE, f"{DEBATE}?sort=newest"])
def test_a_translation_by_a_muted_member_folds_under_their_name(translated: World, prefix: str, where: str) -> None:
    translated.mute("boris", by="dana")
    page = card(translated.visitor("dana").get(prefix + where).text)
    (folded,) = FOLDED.findall(page)
    assert folded[0].startswith("boris")
    assert RUSSIAN in folded[1]
    assert page.count(RUSSIAN) == 1
    assert ENGLISH not in folded[1]


def test_the_original_is_open_where_the_translation_before_it_folds(translated: World) -> None:
    translated.mute("boris", by="dana")
    for who, attribute in (("dana", " open"), ("timur", ""), ("aigerim", "")):
        page = read(translated.visitor(who), "/ru")
        assert f'<details class="translation"{attribute}><summary>Оригинал' in page, who


def test_nobody_else_has_it_folded(translated: World) -> None:
    before = read(translated.visitor(), "/ru")
    translated.mute("boris", by="dana")
    for reader in (translated.visitor(), translated.visitor("timur")):
        assert not FOLDED.search(read(reader, "/ru"))
    assert read(translated.visitor(), "/ru") == before


def test_of_two_translations_the_one_by_a_muted_member_folds(translated: World) -> None:
    translated.translated(1, by="timur", text=KAZAKH, language="kk")
    translated.mute("boris", by="dana")
    (folded,) = FOLDED.findall(read(translated.visitor("dana")))
    assert RUSSIAN in folded[1]
    assert KAZAKH not in folded[1]


def test_within_the_folded_words_of_a_muted_author_the_translation_of_another_is_open(translated: World) -> None:
    translated.mute("aigerim", by="dana")
    page = read(translated.visitor("dana"), "/ru")
    assert page.count("<details>") == 1, "the card as a whole, and nothing in it once more"
    assert page.index("<details>") < page.index(RUSSIAN) < page.index("Оригинал")
    translated.mute("boris", by="dana")
    page = read(translated.visitor("dana"), "/ru")
    assert page.count("<details>") == 2, "each under its own name"
    assert page.index("aigerim") < page.index("boris") < page.index(RUSSIAN)


def test_who_translates_their_own_words_is_folded_once(world: World) -> None:
    world.translated(world.published("aigerim", text=ENGLISH), by="aigerim", text=RUSSIAN)
    world.mute("aigerim", by="dana")
    page = read(world.visitor("dana"), "/ru")
    assert page.count("<details>") == 1
    assert '<details class="translation"><summary>Оригинал' in page


def test_a_name_for_one_debate_is_muted_by_itself(world: World) -> None:
    world.take_name("Moth", "boris")
    original = world.published("aigerim", text=ENGLISH)
    world.translated(original, text=RUSSIAN)
    world.mute("boris", by="dana")
    assert not FOLDED.search(read(world.visitor("dana"), original=original)), "that would tell whose it is"
    world.mute("Moth", by="dana")
    assert FOLDED.search(read(world.visitor("dana"), original=original))[1].startswith("Moth")
