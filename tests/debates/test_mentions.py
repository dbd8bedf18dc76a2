"""Replies that name others of their debate by address show the first words of those, as long as they are public."""

import pytest

from forum.debates.mentions import MOST, named
from forum.moderation.models import Action
from tests.world import DEBATE, SLUG, World

SITES = ["https://forum.example", "http://localhost/", ""]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (f"/debates/{SLUG}/replies/7", [7]),
        (f"(https://forum.example/debates/{SLUG}/replies/7#reply-7)", [7]),
        (f"http://localhost/kk/debates/{SLUG}/replies/8.", [8]),
        (f"https://elsewhere.example/debates/{SLUG}/replies/7", []),
        (f"https://forum.example.net/debates/{SLUG}/replies/7", []),
        ("/debates/another/replies/7", []),
        (f"/debates/{SLUG}/replies/7/edit /debates/{SLUG}/replies/07 /debates/{SLUG}/replies/{'9' * 30}", []),
        (f"/debates/{SLUG}/replies/7 " * 3, [7]),
        (" ".join(f"/debates/{SLUG}/replies/{n}" for n in range(1, 40)), list(range(1, MOST + 1))),
    ],
)  # fmt: skip
def test_addresses_of_this_site_and_debate_are_known(text: str, numbers: list[int]) -> None:
    assert named(text, SLUG, SITES) == numbers


def test_the_first_words_are_those_of_now_and_gone_with_the_reply(world: World) -> None:
    other = world.published("boris", text="The clinic asks for *no* name at all.")
    waiting = world.reply("boris", text="Words that wait and that nobody is to read.")
    text = f"Against http://localhost{DEBATE}/replies/{other} and {DEBATE}/replies/{waiting} I say: look at the source."
    reply = world.published("aigerim", text=text)
    reader = world.visitor()
    for address in (DEBATE, f"{DEBATE}/replies/{reply}"):
        page = reader.get(address).text
        assert f"No. {other} by boris</a> <q" in page
        assert ">The clinic asks for no name at all.</q>" in page
        assert "nobody is to read" not in page
        assert f"No. {waiting} by" not in page
    world.reword(other, "The ministry counts visits, and no names.")
    world.decide(other, Action.PUBLISH)
    assert ">The ministry counts visits, and no names.</q>" in reader.get(f"{DEBATE}/replies/{reply}").text
    world.decide(other, Action.REMOVE)
    page = reader.get(f"{DEBATE}/replies/{reply}").text
    assert "counts visits" not in page
    assert "Named here" not in page
