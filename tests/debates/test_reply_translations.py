"""Translations of replies: moderated like replies, shown beside their original, and no replies of the debate."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from forum.db import db
from forum.debates import reply_translations
from forum.debates.draft_models import Draft
from forum.debates.models import Reply, Revision
from forum.errors import Refused
from forum.moderation.models import Action
from forum.notifications.models import Notification
from forum.search.models import SearchEntry
from forum.settings import ROOT
from tests.debates.test_columns import column, shown
from tests.world import DEBATE, PASSWORD, SLUG, WHY, Visitor, World, hidden_field, typed

ENGLISH = "A licence that nobody checks is a sheet of paper. Begin with those who do the checking."
RUSSIAN = "Лицензия, которую никто не проверяет, остаётся листом бумаги. Начните с проверяющих."
OTHER = "Разрешение без проверки – просто бумага. Начинать надо с тех, кто проверяет на месте."
KAZAKH = "Ешкім тексермейтін лицензия – жай қағаз. Тексерушілерден бастау керек, содан кейін заң."
NEW = f"{DEBATE}/replies/new"
STALE = "The original was changed after this translation"


def offer(visitor: Visitor, original: int, text: str = RUSSIAN, **fields: object) -> int:
    """Fill in and send the form of a translation; return the status of the answer."""
    page = visitor.get(f"{NEW}?original={original}").text
    sent = {name: hidden_field(page, name) for name in ("original", "wording", "key")}
    return visitor.post(f"{DEBATE}/replies", **({"text": text, "language": "ru"} | sent | fields)).status_code


def place(reply: int) -> str:
    return f"{DEBATE}/replies/{reply}"


def card(page: str) -> str:
    """Return a page from its first reply on."""
    return page[page.index('<article class="reply') :]


# What readers see


def test_the_page_of_a_debate_offers_to_translate_what_is_in_another_language_and_that_of_a_reply_always(
    world: World,
) -> None:
    original, reader = world.published("aigerim", text=ENGLISH), world.visitor()
    link = f'replies/new?original={original}"'
    assert link not in reader.get(DEBATE).text
    assert link in reader.get(f"/ru{DEBATE}").text
    for language in ("", "/ru"):
        assert link in reader.get(language + place(original)).text


def test_a_translation_is_read_by_a_moderator_and_then_stands_beside_its_original(world: World) -> None:
    original, boris = world.published("aigerim", text=ENGLISH), world.visitor("boris")
    assert "Translate" in world.visitor().get(place(original)).text
    page = boris.get(f"{NEW}?original={original}").text
    assert f'lang="en" dir="auto"><p>{ENGLISH}' in page
    assert "Your translation" in page
    assert offer(boris, original) == 303
    translation = original + 1
    assert RUSSIAN not in world.visitor().get(place(original)).text
    assert RUSSIAN not in world.visitor("aigerim").get(place(original)).text
    own = boris.get("/accounts/replies").text
    assert RUSSIAN in own
    assert "Your translation (into: Russian)" in own
    desk = world.visitor("maria").get(f"/moderation/replies/{translation}").text
    assert f"It is a translation of reply {original} into Russian; the original is in English" in desk
    assert f'<blockquote class="text" lang="en" dir="auto"><p>{ENGLISH}' in desk
    assert f'<div class="text" lang="ru" dir="auto"><p>{RUSSIAN}' in desk
    assert f"a translation of reply {original}" in world.visitor("maria").get("/moderation").text
    world.decide(translation, Action.PUBLISH)
    page = card(world.visitor().get(place(original)).text)
    assert page.index(ENGLISH) < page.index('<details class="translation">') < page.index(RUSSIAN)
    assert re.search(r"Translation into Russian by <a [^>]*>boris</a>; the original is in English\.", page)
    assert f'href="/replies/{translation}/report"' in page
    assert STALE not in page


def test_who_reads_in_its_language_meets_the_translation_first_and_is_told_so(world: World) -> None:
    original = world.published("aigerim", text=ENGLISH)
    world.translated(original, text=RUSSIAN)
    page = card(world.visitor().get(f"/ru{place(original)}").text)
    assert page.index("Перевод: русский") < page.index(RUSSIAN) < page.index("Оригинал") < page.index(ENGLISH)
    kazakh = card(world.visitor().get(f"/kk{place(original)}").text)
    assert kazakh.index(ENGLISH) < kazakh.index(RUSSIAN)
    world.reword(original), world.decide(original, Action.PUBLISH)
    page = card(world.visitor().get(f"/ru{place(original)}").text)
    assert page.index("The same in other words") < page.index(RUSSIAN), "what is stale is not first"


def test_it_is_stale_once_its_original_has_changed_and_current_again_once_it_was_compared(world: World) -> None:
    original = world.published("aigerim", text=ENGLISH)
    translation, boris = world.translated(original, text=RUSSIAN), world.visitor("boris")
    world.reword(original)
    assert STALE not in world.visitor().get(place(original)).text, "the new wording waits"
    decision = world.decide(original, Action.PUBLISH)
    assert STALE in world.visitor().get(place(original)).text
    world.undo(decision)
    assert STALE not in world.visitor().get(place(original)).text
    world.decide(original, Action.PUBLISH)
    page = boris.get(f"/replies/{translation}/edit").text
    assert "If the translation still says the same, send it as it is" in page
    fields = {name: hidden_field(page, name) for name in ("revision", "state", "translated", "language")}
    assert boris.post(f"/replies/{translation}/edit", text=RUSSIAN, **fields).status_code == 303
    world.decide(translation, Action.PUBLISH)
    assert STALE not in world.visitor().get(place(original)).text


def test_a_translation_is_not_seen_where_its_original_is_not_public(world: World) -> None:
    original = world.published("aigerim", text=ENGLISH)
    translation = world.translated(original, text=RUSSIAN)
    world.published("dana", parent=original)  # so that its place is kept
    addresses = [place(original), DEBATE, f"/replies/{translation}/history", f"/replies/{translation}/report"]
    assert "translated your reply" in world.visitor("aigerim").get("/notifications").text
    removal = world.decide(original, Action.REMOVE)
    for address in addresses:
        assert RUSSIAN not in world.visitor().get(address).text, address
    assert "translated your reply" not in world.visitor("aigerim").get("/notifications").text
    assert world.visitor().get(place(translation)).status_code == 404
    assert world.visitor().get(f"/replies/{translation}/history").status_code == 404
    assert world.visitor().post(f"/replies/{translation}/report", reason="respect", key="k").status_code in {404, 409}
    world.judge(world.appeal(removal), "decision_reversed")
    assert all(RUSSIAN in world.visitor().get(address).text for address in addresses)
    world.withdraw(original)
    assert RUSSIAN not in world.visitor().get(DEBATE).text


def test_its_own_address_leads_to_it_beside_the_original(world: World) -> None:
    original = world.published("dana", parent=world.published("aigerim", text=ENGLISH), text=ENGLISH)
    translation = world.translated(original, text=RUSSIAN)
    answer = world.visitor().get(place(translation))
    assert answer.status_code == 302
    assert answer.location == f"{place(original)}#reply-{translation}"
    assert f'id="reply-{translation}"' in world.visitor().get(place(original)).text


# What it never is


def without_translations(page: str) -> str:
    page = re.sub(r'<details class="translation">.*?</details>', "", page, flags=re.DOTALL)
    page = re.sub(r'"translations":\[.*?\]', "", page)
    return re.sub(r'nonce="[^"]*"|value="[^"]*"|\?v=\w+|hour=[^"&]*', "", page)


def test_nothing_counts_lists_or_finds_a_translation_as_a_reply(world: World) -> None:
    original = world.published("aigerim", text=ENGLISH)
    answer = world.published("dana", parent=original, text=ENGLISH)
    world.published("boris", text=f"{ENGLISH} The same.")
    for follower in ("dana", "erlan"):
        world.follow(follower), world.follow(follower, thread=original)
    addresses = [DEBATE, f"{DEBATE}?sort=newest", f"{DEBATE}?language=en", place(original), "/", "/people/boris"]
    addresses += ["/feeds/debates.atom", f"/feeds/debates/{SLUG}.atom", "/feeds/people/boris.atom", "/sitemap.xml"]
    addresses += [f"/api/v1/debates/{SLUG}", f"/api/v1/debates/{SLUG}/replies", "/search?q=paper", "/search?q=бумаги"]
    addresses += ["/search?person=boris"]
    members = [f"{DEBATE}", "/notifications"]

    def seen() -> dict[str, str]:
        found = {path: without_translations(world.visitor().get(path).text) for path in addresses}
        erlan = world.visitor("erlan")
        return found | {f"erlan {path}": without_translations(erlan.get(path).text) for path in members}

    before = seen()
    made = [world.translated(number, text=RUSSIAN) for number in (original, answer)]
    assert column(shown(world), "pro") != []
    after = seen()
    told = [path for path in before if tidy(before[path]) != tidy(after[path])]
    assert told == []
    with world.at_work():
        assert db.session.get_one(Reply, original).public_answers == 1
        assert not set(made) & set(db.session.scalars(select(SearchEntry.reply_id)))
    for number in made:
        assert world.visitor().get(f"/api/v1/replies/{number}").status_code == 404
        assert world.visitor("dana").post(f"/replies/{number}/vote", well_argued="1").status_code == 404
        assert world.visitor("dana").post(f"/replies/{number}/follow", follow="1").status_code == 404
        assert world.visitor().get(f"{NEW}?parent={number}").status_code == 404
        assert world.visitor().get(f"{NEW}?original={number}").status_code == 404


def tidy(page: str) -> str:
    """Leave out what a translation beside an original changes in its card, and the dates of feeds."""
    return re.sub(r"<updated>[^<]*</updated>|\s+", "", page)


def statements() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "forum").rglob("*.py")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield str(file.relative_to(ROOT / "forum")), line


def test_every_question_for_public_replies_says_whether_it_means_translations() -> None:
    """Who asks the database for what is published asks `is_counted`, or stands here with a reason."""
    asks = re.compile(r"status\s*==\s*ReplyStatus\.PUBLISHED")
    found = {name for name, line in statements() if asks.search(line)}
    assert found == {
        "debates/models/replies.py",  # `is_counted` itself
        "debates/places.py",  # top level, where no translation is; in a thread they are told apart
        "debates/queries.py",  # top level
        "debates/reply_translations.py",  # of translations
        "debates/thread_queries.py",  # which wording is shown; and what is one's own, where no translation is
    }


# Who may offer what


def test_a_reader_writes_first_and_signs_in_afterwards(world: World) -> None:
    original, reader = world.published("aigerim", text=ENGLISH), world.visitor()
    world.person("boris")
    page = reader.get(f"{NEW}?original={original}&language=kk").text
    assert '<option value="kk" selected>' in page
    fields = {name: hidden_field(page, name) for name in ("original", "wording", "key")}
    asked = reader.post(f"{DEBATE}/replies", text=KAZAKH, language="kk", **fields)
    assert asked.status_code == 401
    page = reader.post(
        "/accounts/sign-in", name="boris", password=PASSWORD, carried=hidden_field(asked.text, "carried")
    ).text
    assert typed(page) == KAZAKH
    assert '<option value="kk" selected>' in page
    assert hidden_field(page, "original") == str(original)
    assert world.count(Reply) == 1


def test_a_draft_of_a_translation_is_kept_and_tells_when_the_original_has_changed_since(world: World) -> None:
    original, boris = world.published("aigerim", text=ENGLISH), world.visitor("boris")
    page = boris.get(f"{NEW}?original={original}").text
    fields = {name: hidden_field(page, name) for name in ("original", "wording", "key")}
    assert boris.post(f"{DEBATE}/replies/draft", text=RUSSIAN, language="ru", **fields).status_code == 200
    own = boris.get("/accounts/replies").text
    assert f"A translation of reply {original}" in own
    assert f'href="{NEW}?original={original}"' in own
    world.reword(original), world.decide(original, Action.PUBLISH)
    page = boris.get(f"{NEW}?original={original}").text
    assert typed(page) == RUSSIAN
    assert hidden_field(page, "wording") == fields["wording"]
    sent = {name: hidden_field(page, name) for name in ("original", "wording", "key", "draft")}
    answer = boris.post(f"{DEBATE}/replies", text=RUSSIAN, language="ru", **sent)
    assert answer.status_code == 409
    assert "The original has been changed since you opened it" in answer.text
    assert typed(answer.text) == RUSSIAN
    sent = {name: hidden_field(answer.text, name) for name in ("original", "wording", "key", "draft")}
    assert boris.post(f"{DEBATE}/replies", text=RUSSIAN, language="ru", **sent).status_code == 303
    assert world.count(Draft) == 0


@pytest.mark.parametrize(
    ("language", "status", "said"),
    [
        ("", 422, "Choose the language of your translation"),
        ("en", 422, "The reply is in this language already"),
        ("tlh", 422, "Choose one of the languages in the list"),
        ("kk", 303, ""),
    ],
)
def test_it_has_a_language_of_its_own(world: World, language: str, status: int, said: str) -> None:
    original, boris = world.published("aigerim", text=ENGLISH), world.visitor("boris")
    page = boris.get(f"{NEW}?original={original}").text
    fields = {name: hidden_field(page, name) for name in ("original", "wording", "key")}
    answer = boris.post(f"{DEBATE}/replies", text=KAZAKH, language=language, **fields)
    assert answer.status_code == status
    assert said in answer.text
    assert status == 303 or typed(answer.text) == KAZAKH


def test_one_translation_for_each_language_is_public_until_it_is_stale_or_gone(world: World) -> None:
    original = world.published("aigerim", text=ENGLISH)
    first, second = (world.translation(original, by, text) for by, text in (("boris", RUSSIAN), ("dana", OTHER)))
    world.decide(first, Action.PUBLISH)
    with pytest.raises(Refused, match="public already"):
        world.decide(second, Action.PUBLISH)
    maria = world.visitor("maria")
    answer = maria.post(f"/moderation/replies/{second}/decisions", action="publish", revision=world.wording(second))
    assert answer.status_code == 422
    assert "Another translation of this reply into the same language is public already" in answer.text
    assert offer(world.visitor("erlan"), original, OTHER) == 422
    world.reword(original), world.decide(original, Action.PUBLISH)
    third = world.translated(original, by="erlan", text=KAZAKH.replace("Ешкім", "Никто"))
    page = world.visitor().get(place(original)).text
    assert f'id="reply-{third}"' in page
    assert RUSSIAN not in page, "the stale one gives way"
    world.decide(third, Action.REMOVE)
    page = world.visitor().get(place(original)).text
    assert RUSSIAN in page
    assert STALE in page


def test_nobody_translates_what_is_not_public_or_in_a_closed_debate(world: World) -> None:
    waiting, removed = world.reply("aigerim", text=ENGLISH), world.reply_that_is("removed", text=ENGLISH)
    boris = world.visitor("boris")
    for number in (waiting, removed, 999):
        assert boris.get(f"{NEW}?original={number}").status_code == 404
        answer = boris.post(
            f"{DEBATE}/replies", original=number, wording=1, text=RUSSIAN, language="ru", key=f"k{number}"
        )
        assert answer.status_code == 422
        assert typed(answer.text) == RUSSIAN


# What follows from it


def test_the_author_of_the_original_is_told_and_no_more_once_it_is_gone(world: World) -> None:
    original = world.published("aigerim", text=ENGLISH)
    translation = world.translated(original, text=RUSSIAN)
    page = world.visitor("aigerim").get("/notifications").text
    assert f"boris translated your reply {original} (into: Russian)" in page
    assert RUSSIAN in page
    world.decide(translation, Action.REMOVE)
    assert RUSSIAN not in world.visitor("aigerim").get("/notifications").text
    world.translated(original, by="aigerim", text=OTHER)
    with world.at_work():
        assert (
            db.session.scalars(select(Notification.event).where(Notification.event == "reply_translated")).all() == []
        )


def test_it_is_restricted_appealed_and_reported_like_a_reply(world: World) -> None:
    original, boris = world.published("aigerim", text=ENGLISH), world.visitor("boris")
    rejected = world.translation(original, text=RUSSIAN)
    decision = world.decide(rejected, Action.REJECT)
    assert WHY in boris.get("/accounts/replies").text
    world.judge(world.appeal(decision), "decision_reversed")
    assert RUSSIAN in world.visitor().get(place(original)).text
    aigerim = world.visitor("aigerim")
    assert RUSSIAN in aigerim.get(f"/replies/{rejected}/report").text
    answer = aigerim.post(f"/replies/{rejected}/report", reason="respect", explanation=WHY, key="k")
    assert answer.status_code == 303
    assert f"/moderation/replies/{rejected}" in world.visitor("maria").get("/moderation/reports").text
    world.undo(world.decide(rejected, Action.REMOVE, by="timur"), by="timur")
    assert RUSSIAN in world.visitor().get(place(original)).text
    assert world.visitor().get("/log").status_code == 200


def test_the_words_of_an_erased_reply_go_from_its_translations_too(world: World) -> None:
    original, other = (world.published("aigerim", text=f"{ENGLISH} {n}") for n in "ab")
    translation, spared = (
        world.translated(original, text=RUSSIAN),
        world.translated(world.published("dana"), text=OTHER),
    )
    own = world.translation(other, by="aigerim", text=KAZAKH, language="kk")
    world.erase_words("aigerim")
    with world.at_work():
        texts = dict(db.session.execute(select(Revision.reply_id, Revision.text)).all())
        erased = db.session.get_one(Reply, translation).erased_at
    assert (texts[original], texts[translation], texts[own], texts[spared]) == ("", "", "", OTHER)
    assert erased is not None


def test_an_account_that_goes_leaves_translations_of_what_stays(world: World) -> None:
    original = world.published("aigerim", text=ENGLISH)
    world.translated(original, text=RUSSIAN)
    world.leave("aigerim")
    page = world.visitor().get(place(original)).text
    assert ENGLISH in page
    assert RUSSIAN in page
    world.leave("boris")
    assert "Translation into Russian by former member" in world.visitor().get(place(original)).text


def test_programs_get_the_translations_of_what_is_public_with_their_originals(world: World) -> None:
    original = world.published("aigerim", text=ENGLISH)
    world.translated(original, text=RUSSIAN)
    for address, find in (("/api/v1/replies/1", dict), (f"/api/v1/debates/{SLUG}/replies", lambda it: it["items"][0])):
        (told,) = find(world.visitor().get(address).json)["translations"]
        assert (told["language"], told["author"], told["text"], told["is_current"]) == ("ru", "boris", RUSSIAN, True)
    world.reword(original), world.decide(original, Action.PUBLISH)
    assert not world.visitor().get("/api/v1/replies/1").json["translations"][0]["is_current"]
    world.published("dana", parent=original), world.withdraw(original)
    assert world.visitor().get("/api/v1/replies/1").json["translations"] == []


def test_translations_cost_a_page_no_statement_of_their_own(world: World) -> None:
    originals = [world.published("aigerim", text=f"{ENGLISH} {n}") for n in range(3)]
    answers = [world.published("dana", parent=originals[0], text=f"{ENGLISH} {n}") for n in range(2)]

    def cost() -> list[int]:
        found = []
        for address in (DEBATE, place(originals[0])):
            with world.counted_queries() as sent:
                assert world.visitor().get(address).status_code == 200
            found.append(len(sent))
        return found

    before = cost()
    for number in [*originals, *answers]:
        world.translated(number)
    assert cost() == before


def test_of_equal_translations_the_first_is_shown_and_what_is_current_comes_before_what_is_stale() -> None:
    class It:
        def __init__(self, number: int, language: str, translated_id: int) -> None:
            self.id, self.language, self.translated_id = number, language, translated_id

    found = [It(1, "ru", 5), It(2, "ru", 9), It(3, "ru", 9), It(4, "kk", 5), It(5, "kk", 7), It(6, "en", 4)]
    assert [it.id for it in reply_translations.chosen(9, found)] == [2, 5, 6]
