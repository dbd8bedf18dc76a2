"""What changed between two wordings, and the page that shows it."""

import re

import time_machine
from hypothesis import given
from hypothesis import strategies as st

from forum.debates.differences import MOST, Change, differences
from forum.debates.queries import WORDINGS
from forum.moderation.models import Action
from tests.world import World

TEXTS = st.text(st.sampled_from("ab, \n"), max_size=60)


def brief(old: str, new: str) -> str:
    """Return the differences in one line: [what is gone], {what is new}."""
    signs = {Change.SAME: "{}", Change.GONE: "[{}]", Change.NEW: "{{{}}}"}
    return "".join(signs[piece.change].format(piece.text) for piece in differences(old, new))


def test_words_are_compared_not_letters() -> None:
    assert brief("The clinic asks for a name.", "The clinic asks for no name.") == "The clinic asks for [a ]{no }name."
    assert brief("One two three.", "One three.") == "One [two ]three."
    assert brief("One.", "One. Two.") == "One. {Two.}"
    assert brief("Same words,\nother lines.", "Same words, other lines.") == "Same words, other lines."
    assert brief("Бір сөз.", "Бір басқа сөз.") == "Бір {басқа }сөз."


@given(TEXTS, TEXTS)
def test_the_pieces_are_the_new_text_and_hold_the_words_of_the_old_one(old: str, new: str) -> None:
    pieces = differences(old, new)
    assert "".join(piece.text for piece in pieces if piece.change is not Change.GONE) == new
    assert " ".join(piece.text for piece in pieces if piece.change is not Change.NEW).split() == old.split()


def test_a_change_that_is_too_long_to_compare_is_shown_as_a_whole() -> None:
    old, new = (f"Begin {' '.join(word * MOST)} {word} end." for word in "ab")
    assert [piece.change for piece in differences(old, new)] == ["same", "gone", "new", "same"]
    assert [piece.text.split()[0] for piece in differences(old, new)] == ["Begin", "a", "b", "end."]


def test_hostile_texts_cost_no_more_than_a_page_can_bear() -> None:
    """No seconds are measured here: what is too long is not compared at all."""
    hundred = [f"w{number % 100}" for number in range(20_000)]
    assert len(differences(" ".join(hundred), " ".join(reversed(hundred)))) == 2


def test_the_history_shows_what_was_public_and_the_day_but_nothing_else(world: World) -> None:
    with time_machine.travel("2030-05-14T12:34Z"):
        reply = world.published("aigerim", text="The clinic asks for a name at the first visit, says the ministry.")
    reader = world.visitor()
    assert "see the history" not in reader.get(f"/debates/prostitution-in-kazakhstan/replies/{reply}").text
    world.reword(reply, "Words that were returned and that nobody is to read here.")
    world.decide(reply, Action.RETURN)
    with time_machine.travel("2030-05-15T12:34Z"):
        world.reword(reply, "The clinic asks for no name at the first visit, says the ministry.")
        world.decide(reply, Action.PUBLISH)
    world.reword(reply, "Words that wait and that nobody is to read here either.")
    page = reader.get(f"/replies/{reply}/history").text
    main = re.sub(r"<[^>]*>", "", page[page.index("<main") :])
    assert "that nobody is to read" not in page
    assert "asks for [taken out:] a [end] [put in:] no [end] name" in main
    assert main.index("15 May 2030, and now") < main.index("14 May 2030") < main.index("asks for a name")
    assert "12:34" not in page
    assert f'href="/replies/{reply}/history"' in reader.get(f"/debates/prostitution-in-kazakhstan/replies/{reply}").text


def test_a_reply_that_is_no_longer_public_has_no_history(world: World) -> None:
    reader = world.visitor()
    for status in ("pending", "returned", "rejected", "removed", "withdrawn"):
        reply = world.reply_that_is(status)
        assert reader.get(f"/replies/{reply}/history").status_code == 404
        assert world.visitor("aigerim").get(f"/replies/{reply}/history").status_code == 404
    assert reader.get(f"/replies/{world.published('boris')}/history").status_code == 200


def test_a_long_history_has_pages_and_each_wording_its_language(world: World) -> None:
    reply = world.published("aigerim", text="Беседы о законе начинаются с того, кто его исполняет, и с кем.")
    world.app.config["EDITS_PER_HOUR"] = 100
    for n in range(WORDINGS):
        world.reword(reply, f"A conversation on the law begins with those who carry it out, time {n}.")
        world.decide(reply, Action.PUBLISH)
    reader, address = world.visitor(), f"/replies/{reply}/history"
    page = reader.get(address).text
    assert page.count("<section") == WORDINGS
    assert page.count(", and now</h2>") == 1
    assert '<del lang="ru">' in page
    assert 'class="changes" lang="ru"' not in page
    older = re.search(r'rel="next" href="([^"]*)"', page)[1]
    page = reader.get(older).text
    assert page.count("<section") == 1
    assert '<div class="text" lang="ru" dir="auto"><p>Беседы о законе' in page
    assert ", and now" not in page
    assert "To the newest" in page
    for wrong in ("1", "0", "-1", "x", "9" * 30):
        assert reader.get(f"{address}?before={wrong}").status_code == 404
