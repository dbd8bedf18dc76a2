"""The desk: what waits, in the order in which it came, without names and sides; and for moderators only."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from forum.accounts import signin
from forum.db import db, writing
from forum.debates import queries, replies
from forum.debates.models import Outcome, ReplyStatus, Revision, Stance
from forum.moderation.models import Action
from tests.world import SLUG, WHY, Visitor, World, most_queries

NOON = datetime(2031, 5, 3, 12, tzinfo=UTC)
LONG = [  # longer than the list shows, and unlike one another
    "Ask first who pays for the inspectors, then who pays for the courts, and only then for the paper and the ink.",
    "A clinic without a queue is a rumour; what we have are three nurses, one door, and a bell that nobody hears.",
    "My uncle drove lorries for thirty winters, and no officer on his road ever asked whether the brakes worked.",
    "Between a ban that sleeps and a permit that is sold lies a third way: publish every fine, and why, on Fridays.",
]


def listed(page: str) -> list[int]:
    """Return the numbers of the replies in the list of a page, in their order."""
    return [int(number) for number in re.findall(r'<li><a href="/moderation/replies/(\d+)["?#](?! lang=)', page)]


def step(page: str, way: str) -> str:
    """Return the address of the next page or the one before, nothing where there is none."""
    match = re.search(rf'href="(/moderation\?{way}=[0-9-]+)"', page)
    return match[1] if match else ""


def queue(page: str) -> str:
    """Return the list alone."""
    return page[page.index('<ol class="queue">') : page.index("</ol>", page.index('<ol class="queue">'))]


def edit(world: World, reply: int, words: str) -> None:
    with world.at_work(), writing():
        found = queries.reply_to_change(reply)
        replies.edit(found, replies.wording(words), by=found.author, stance=found.stance)


def test_all_that_waits_is_listed_the_oldest_first_and_nothing_else(world: World) -> None:
    for status in ("published", "returned", "rejected", "removed", "withdrawn"):
        world.reply_that_is(status)
    waiting = [world.reply("boris"), world.reply("aigerim"), world.reply("boris"), world.reply("timur")]
    assert listed(world.visitor("maria").get("/moderation").text) == waiting
    edit(world, waiting[0], "A new wording goes to the end of the queue.")
    page = world.visitor("maria").get("/moderation").text
    assert listed(page) == [*waiting[1:], waiting[0]]
    assert "wording 2" in page
    assert "<title>4 replies waiting" in page


def test_an_answer_waits_as_a_reply_does(world: World) -> None:
    answer = world.reply("boris", parent=world.published("aigerim"))
    assert listed(world.visitor("maria").get("/moderation").text) == [answer]


def test_the_list_shows_ages_and_first_words(world: World) -> None:
    ages = (timedelta(days=2), timedelta(hours=6, minutes=10), timedelta(minutes=5), timedelta(seconds=20))
    for age, text in zip(ages, LONG, strict=True):
        with time_machine.travel(NOON - age, tick=False):
            world.reply("boris", text=text + " So I say, and so would you if you had been there.")
    with time_machine.travel(NOON, tick=False):
        page = world.visitor("maria").get("/moderation").text
    assert re.findall(r'<span class="(n|n over)">([^<]*)</span> <span>', page) == [
        *(("n over", "2 days, over 6 h"), ("n over", "6 h 10 min, over 6 h")),
        *(("n", "5 min"), ("n", "less than a minute")),
    ]
    snippets = re.findall(r'<span class="snippet" lang="en" dir="auto">([^<]*)</span>', page)
    assert len(snippets) == 4
    assert all(text.startswith(cut[:60]) and cut.endswith(" …") for text, cut in zip(LONG, snippets, strict=True))
    assert "2031" not in page


def test_the_list_shows_no_side_and_no_name_not_even_in_its_markup(world: World) -> None:
    top = world.published("aigerim", Stance.ANTI)
    numbers = [world.reply("aigerim", stance) for stance in (Stance.PRO, Stance.ANTI)]
    numbers.append(world.reply("boris", Stance.NEITHER, parent=top))
    maria = world.visitor("maria")
    for address in ("/moderation", *(f"/moderation/replies/{number}" for number in numbers)):
        part = queue(maria.get(address).text)
        assert sorted(listed(part)) == numbers
        for hint in ("stance", "pro", "anti", "neither", "For ", "Against", "legalisation", "aigerim", "boris"):
            assert hint not in re.sub(r'<span class="snippet".*?</span>', "", part)


def test_the_list_has_fifty_on_a_page(world: World) -> None:
    world.app.config.update(REPLIES_PER_HOUR=1000, WAITING_PER_MEMBER=1000)
    world.person("aigerim")
    with world.at_work(), writing():
        debate, author = queries.by_slug(SLUG), signin.find("aigerim")
        for number in range(101):
            said = replies.wording(f"Argument {number} of its own here.")  # too few words to be a near-repeat
            replies.post(debate, said, author=author, stance=Stance.PRO)
    maria = world.visitor("maria")
    pages = [maria.get("/moderation").text]
    for _step in range(2):
        pages.append(maria.get(step(pages[-1], "after")).text)
    assert [len(listed(page)) for page in pages] == [50, 50, 1]
    assert [number for page in pages for number in listed(page)] == list(range(1, 102))
    assert [(step(page, "before") != "", step(page, "after") != "") for page in pages] == [
        *((False, True), (True, True), (True, False)),
    ]
    assert listed(maria.get(step(pages[2], "before")).text) == listed(pages[1])
    assert listed(maria.get(step(pages[1], "before")).text) == listed(pages[0])
    assert step(maria.get(step(pages[1], "before")).text, "before") == ""
    for nowhere in ("4", "0", "-1", "two", "", "1-2-3", "9" * 30 + "-1", "1-"):
        assert maria.get(f"/moderation?after={nowhere}").status_code == 404
    assert listed(maria.get(f"/moderation?after={'9' * 18}-1").text) == []


def test_an_empty_desk_says_so(world: World) -> None:
    page = world.visitor("maria").get("/moderation")
    assert page.status_code == 200
    assert "Nothing waits. Every reply has been read." in page.text


def test_the_number_that_waits_is_in_the_menu_of_moderators_only(world: World) -> None:
    for _ in range(3):
        world.reply("aigerim")
    for name in ("maria", "zarina"):
        assert '<a href="/moderation">Desk <span class="n">3</span></a>' in world.visitor(name).get("/rules").text
    for name in ("", "aigerim", "boris"):
        assert "/moderation" not in world.visitor(name).get("/rules").text
    world.decide(1, Action.PUBLISH)
    assert '<span class="n">2</span>' in world.visitor("maria").get("/rules").text


def test_the_desk_is_closed_to_members_and_readers(world: World) -> None:
    reply = world.reply("aigerim")
    for address in ("/moderation", f"/moderation/replies/{reply}"):
        assert world.visitor("boris").get(address).status_code == 403
        assert world.visitor("aigerim").get(address).status_code == 403
        assert world.visitor().get(address).status_code == 401


def test_a_reply_is_shown_beside_what_it_answers(world: World) -> None:
    on_passage = world.reply("aigerim", Stance.ANTI, passage=5)
    parent = world.published("aigerim", Stance.ANTI, text="The parent says that the police is the problem.")
    answer = world.reply("boris", Stance.NEITHER, text="Which police do you mean, that of the town?", parent=parent)
    maria = world.visitor("maria")
    page = maria.get(f"/moderation/replies/{on_passage}").text
    assert "It answers passage 5:" in page
    assert "they would prefer to pay taxes than to pay a pimp" in page
    assert '<div class="reply" data-stance="anti">' in page
    page = maria.get(f"/moderation/replies/{answer}").text
    assert f"It answers reply {parent}:" in page
    assert "The parent says that the police is the problem." in page
    assert '<div class="reply" data-stance="neither">' in page
    world.withdraw(parent)
    page = maria.get(f"/moderation/replies/{answer}").text
    assert "That reply is no longer public." in page
    assert "The parent says" not in page
    assert maria.get("/moderation/replies/999").status_code == 404


def test_a_number_beyond_any_row_is_no_page(world: World) -> None:
    maria = world.visitor("maria")
    for number in (999, 2**31 - 1, 2**31, 2**53, 2**64):
        for address in ("/debates/{}/replies/{}", "/moderation/replies/{1}", "/replies/{1}/edit"):
            assert maria.get(address.format(SLUG, number)).status_code == 404
        assert maria.post(f"/moderation/replies/{number}/decisions", action="publish", revision=1).status_code == 404


def test_the_desk_says_in_which_language_the_author_reads(world: World) -> None:
    reply = world.reply("aigerim")
    with world.at_work(), writing():
        signin.find("aigerim").language = "kk"
    assert "the author reads Kazakh" in world.visitor("maria").get(f"/moderation/replies/{reply}").text


def test_the_desk_offers_what_can_be_done(world: World) -> None:
    timur, found = world.visitor("timur"), {}
    for status in ReplyStatus:
        page = timur.get(f"/moderation/replies/{world.reply_that_is(status.value)}").text
        found[status.value] = re.findall(r'<button name="action" value="(\w+)"', page)
        assert ("There is nothing to decide now." in page) == (not found[status.value])
    assert found == {
        "pending": ["publish", "return", "reject"],
        "published": ["remove"],
        "removed": ["restore"],
        "returned": [],
        "rejected": [],
        "withdrawn": [],
    }


def test_colleagues_read_the_decisions_so_far_with_names_and_reasons(world: World) -> None:
    reply = world.reply_that_is("removed")
    page = world.visitor("timur").get(f"/moderation/replies/{reply}").text
    assert page.count("<dd>maria</dd>") == 2
    assert "The second sentence speaks of the author." in page


def test_a_reworded_reply_shows_word_by_word_what_has_changed_since_it_was_returned(world: World) -> None:
    reply = world.reply("aigerim", text="The author lies in the second passage.")
    world.decide(reply, Action.RETURN)
    assert "was returned: underlined" not in world.visitor("maria").get(f"/moderation/replies/{reply}").text
    edit(world, reply, "The author errs in the second passage.")
    page = world.visitor("maria").get(f"/moderation/replies/{reply}").text
    assert "since wording 1 was returned" in page
    assert re.search(r"<del>.*lies.*</del>", page)
    assert re.search(r"<ins>.*errs.*</ins>", page)


def cost(world: World, visitor: Visitor, address: str) -> int:
    with world.counted_queries() as sent:
        assert visitor.get(address).status_code == 200
    return len(sent)


def test_the_desk_takes_as_many_queries_for_sixty_as_for_two(world: World) -> None:
    reply = world.reply("aigerim", parent=world.published("boris"))
    other = world.reply("aigerim", passage=3)
    maria = world.visitor("maria")
    addresses = ["/moderation", f"/moderation/replies/{reply}", f"/moderation/replies/{other}"]
    maria.get("/moderation")  # which keeps the titles of the debates
    few = [cost(world, maria, address) for address in addresses]
    world.app.test_cli_runner().invoke(args=["generate", "--replies", "1700"])
    with world.at_work():
        assert db.session.scalar(select(func.count()).where(Revision.outcome == Outcome.WAITING)) > 60
    many = [cost(world, maria, address) for address in addresses]
    assert few == many
    assert all(sent <= most_queries(address) for sent, address in zip(many, addresses, strict=True))


def test_own_replies_take_as_many_queries_for_twelve_as_for_one(world: World) -> None:
    world.app.config.update(REPLIES_PER_HOUR=1000, WAITING_PER_MEMBER=1000)
    world.reply_that_is("returned", "boris")
    for status in ("published", "returned", "rejected", "removed", "withdrawn", "pending") * 2:
        world.reply_that_is(status, "aigerim")
    few, many = (cost(world, world.visitor(name), "/accounts/replies") for name in ("boris", "aigerim"))
    assert few == many <= 12


def test_who_reads_appeals_goes_on_along_them(world: World) -> None:
    first, middle, last = (world.appeal(world.decide(world.published("aigerim"), Action.REMOVE)) for _ in range(3))
    timur = world.visitor("timur")

    def steps(appeal: int) -> dict[str, str]:
        page = timur.get(f"/moderation/appeals/{appeal}").text
        assert '<a href="/moderation/appeals" aria-current="true">' in page
        return {key: link for link, key in re.findall(r'<a class="quiet" href="([^"]*)" aria-keyshortcuts="(.)"', page)}

    address = "/moderation/appeals/{}#item-title".format
    assert steps(first) == {"J": address(middle)}
    world.judge(middle)
    assert steps(middle) == {"J": address(last), "K": address(first)}, "also beside the one that was just decided"
    assert steps(last) == {"J": "/moderation/appeals", "K": address(first)}


def test_staff_read_of_their_own_reply_what_any_author_reads(world: World) -> None:
    reply = world.published("timur", text="The figures of the town are public, and anybody can add them up.")
    world.report(reply, "boris", explanation="zq words of a report")
    timur, zarina = world.visitor("timur"), world.visitor("zarina")
    address = f"/moderation/replies/{reply}"
    assert zarina.post(f"{address}/notes", note="zq a remark").status_code == 303
    page = zarina.get(address).text
    for words in ("zq words of a report", "zq a remark", "<dd>maria</dd>", "Reported by 1 member"):
        assert words in page, words
    own, listed = timur.get(address).text, timur.get("/moderation/reports").text
    assert "zq words of a report" in zarina.get("/moderation/reports").text
    for words in ("zq words", "zq a remark", "maria", "Reported by"):
        assert words not in own, words
        assert words not in listed, words
    assert re.search(r"<dd>Moderator \d+</dd>", own)
    assert "what colleagues remark on it is for them alone" in own


def test_staff_do_not_see_who_has_their_own_reply_open_nor_a_reason_that_was_undone(world: World) -> None:
    reply = world.reply("timur")
    maria, timur = world.visitor("maria"), world.visitor("timur")
    assert maria.post(f"/moderation/replies/{reply}/claim").status_code == 303
    world.undo(world.decide(reply, Action.REJECT))
    assert maria.post(f"/moderation/replies/{reply}/claim").status_code == 303
    zarina = world.visitor("zarina").get(f"/moderation/replies/{reply}").text
    assert "open with maria" in zarina
    assert WHY in zarina
    own = timur.get(f"/moderation/replies/{reply}").text
    assert "maria" not in own
    assert WHY not in own
    assert "it counts for nothing" in own


@pytest.mark.parametrize(
    ("outcome", "words", "head"),
    [
        ("decision_reversed", "Reversed on appeal by timur", "Published"),
        ("decision_stands", "Stands after appeal, decided by timur", "Rejected"),
    ],
)
def test_the_desk_says_beside_a_decision_what_came_of_its_appeal(
    world: World, outcome: str, words: str, head: str
) -> None:
    reply = world.reply("aigerim")
    appeal = world.appeal(world.decide(reply, Action.REJECT))
    maria = world.visitor("maria")
    assert "The second look" not in maria.get(f"/moderation/replies/{reply}").text
    world.judge(appeal, outcome)
    page = maria.get(f"/moderation/replies/{reply}").text
    assert words in page
    assert re.search(rf'<span class="hint">\s*{head}</span>', page)
