"""What is erased goes from what others have begun to translate of it, too, and they are told why."""

import pytest

from forum.debates.draft_models import Draft
from forum.moderation.models import Action
from forum.privacy.models import Erased, Export
from tests.debates.test_reply_translations import ENGLISH, KAZAKH, NEW, OTHER, RUSSIAN
from tests.world import DEBATE, Visitor, World, hidden_field, typed

ERASED = "This reply was erased, so nothing more is kept of it."
WITH_ORIGINAL = "Erased together with its original"


def begin(visitor: Visitor, original: int, text: str = RUSSIAN) -> dict[str, str]:
    """Begin to translate a reply and keep it; return the fields of the window, which stays open."""
    page = visitor.get(f"{NEW}?original={original}").text
    fields = {name: hidden_field(page, name) for name in ("original", "wording", "key")} | {"language": "ru"}
    answer = visitor.post(f"{DEBATE}/replies/draft", text=text, **fields)
    assert answer.status_code == 200
    return fields | {"draft": hidden_field(answer.text, "draft")}


@pytest.fixture
def original(world: World) -> int:
    return world.published("aigerim", text=ENGLISH)


@pytest.mark.parametrize("way", ["two leads erase the words", "the account goes with its words"])
def test_a_draft_of_a_translation_goes_with_what_it_translates(world: World, original: int, way: str) -> None:
    boris, spared = world.visitor("boris"), world.published("dana")
    begin(boris, original), begin(boris, spared, OTHER)
    world.draft("boris", text="My answer is my own.", place=f"reply-{original}")
    if way.startswith("two"):
        world.erase_words("aigerim")
    else:
        world.leave("aigerim", Erased.ACCOUNT_AND_WORDS)
    own = boris.get("/accounts/replies").text
    assert RUSSIAN not in own
    assert OTHER in own
    assert "My answer is my own." in own
    assert world.count(Draft) == 2


def test_a_new_wording_that_was_begun_of_a_translation_goes_too(world: World, original: int) -> None:
    translation = world.translated(original, text=RUSSIAN)
    world.draft("boris", text=OTHER, place=f"edit-{translation}")
    world.erase_words("aigerim")
    assert world.count(Draft) == 0


def test_a_new_wording_that_was_begun_of_what_is_erased_goes_too(world: World, original: int) -> None:
    world.draft("aigerim", text=OTHER, place=f"edit-{original}")
    world.erase_words("aigerim")
    assert world.count(Draft) == 0


def test_what_stays_public_leaves_the_drafts_of_its_translations(world: World, original: int) -> None:
    begin(world.visitor("boris"), original)
    world.leave("aigerim")
    assert RUSSIAN in world.visitor("boris").get("/accounts/replies").text


def test_an_archive_with_such_a_draft_goes(world: World, original: int) -> None:
    begin(world.visitor("boris"), original)
    world.export("boris")
    world.erase_words("aigerim")
    assert world.count(Export) == 0


@pytest.mark.parametrize("way", ["keep", "keep by the script", "send"])
def test_a_window_that_is_still_open_keeps_no_draft_of_it_and_gives_the_text_back(
    world: World, original: int, way: str
) -> None:
    boris = world.visitor("boris")
    fields = begin(boris, original)
    world.erase_words("aigerim")
    address = f"{DEBATE}/replies" if way == "send" else f"{DEBATE}/replies/draft"
    headers = {"Accept": "application/json"} if "script" in way else {}
    sent = {"csrf_token": boris.token(), "text": RUSSIAN, **fields}
    answer = boris.client.post(address, data=sent, headers=headers)
    assert answer.status_code == 422
    if "script" in way:
        assert ERASED in answer.json["said"]
    else:
        assert typed(answer.text) == RUSSIAN
        assert ("no longer public" if way == "send" else ERASED) in answer.text
    assert world.count(Draft) == 0


def test_a_window_with_a_new_wording_of_a_translation_keeps_none_either(world: World, original: int) -> None:
    translation, boris = world.translated(original, text=RUSSIAN), world.visitor("boris")
    page = boris.get(f"/replies/{translation}/edit").text
    fields = {name: hidden_field(page, name) for name in ("revision", "state", "translated")}
    world.erase_words("aigerim")
    answer = boris.post(f"/replies/{translation}/edit/draft", text=OTHER, language="ru", **fields)
    assert answer.status_code == 422
    assert OTHER in answer.text
    assert world.count(Draft) == 0


@pytest.mark.parametrize("is_published", [True, False])
def test_its_translator_is_told_that_it_went_with_its_original(world: World, original: int, is_published: bool) -> None:
    translation, boris = world.translation(original, text=RUSSIAN), world.visitor("boris")
    if is_published:
        world.decide(translation, Action.PUBLISH)
    assert f'href="{DEBATE}/replies/{original}' in boris.get("/accounts/replies").text
    world.erase_words("aigerim")
    own = boris.get("/accounts/replies").text
    assert WITH_ORIGINAL in own
    assert "because those of the original were" in own
    assert "Taken back by you" not in own
    assert f'href="{DEBATE}/replies/{original}' not in own, "there is nothing to see"


def test_who_took_a_translation_back_is_told_so(world: World, original: int) -> None:
    world.withdraw(world.translated(original, text=KAZAKH, language="kk"))
    own = world.visitor("boris").get("/accounts/replies").text
    assert "Taken back by you" in own
    assert WITH_ORIGINAL not in own


def test_whose_own_words_two_leads_have_erased_is_not_told_that_they_took_them_back(
    world: World, original: int
) -> None:
    world.translated(original, text=RUSSIAN)
    world.erase_words("boris")
    own = world.visitor("boris").get("/accounts/replies").text
    assert "Taken back by you" not in own
    assert WITH_ORIGINAL not in own
    assert "Its words were erased on" in own
    world.erase_words("aigerim")  # the original goes later, and is no reason
    assert WITH_ORIGINAL not in world.visitor("boris").get("/accounts/replies").text


def test_the_desk_says_that_words_were_erased_not_that_their_author_took_them_back(world: World, original: int) -> None:
    translation = world.translation(original, text=RUSSIAN)
    world.erase_words("aigerim")
    for number in (original, translation):
        page = world.visitor("maria").get(f"/moderation/replies/{number}").text
        assert "Its words were erased; nobody can read them any more." in page
        assert "took this reply back" not in page
    taken_back = world.reply_that_is("withdrawn")
    assert "Its author took this reply back" in world.visitor("maria").get(f"/moderation/replies/{taken_back}").text
