"""Staying in touch as a member: who answered, what is new in what one follows, whom one would rather not read."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine

from forum.db import writing
from forum.debates import articles, mutes, queries, visits
from forum.debates.models import Stance
from forum.moderation.models import Action
from forum.notifications import follows
from forum.notifications.follow_models import Follow
from forum.notifications.models import Notification
from tests.world import DEBATE, SLUG, Visitor, World

TEXT = "A permit that shows an address helps whoever looks for one, and nobody else."
NOON = datetime(2030, 5, 14, 12, tzinfo=UTC)


def news(visitor: Visitor) -> list[str]:
    """Return how much is new in each thing that somebody follows, as the page of notices says."""
    page = visitor.get("/notifications").text
    listed = page[page.find("What you follow") : page.find("To you")]
    return re.findall(r"<span>(\d+ new|nothing new)</span>", listed)


def told(visitor: Visitor) -> list[str]:
    """Return who is said to have answered."""
    return re.findall(r"<b>(\w+ answered your reply \d+)</b>", visitor.get("/notifications").text)


def unread(visitor: Visitor) -> int:
    """Return the number beside “Notices” in the menu."""
    found = re.search(
        r'href="/notifications"[^>]*>Notices(?: <span class="n">(\d+)</span>)?', visitor.get("/rules").text
    )
    return int(found[1] or 0)


def test_who_is_answered_learns_it_when_the_answer_is_public_and_not_before(world: World) -> None:
    aigerim, first = world.visitor("aigerim"), world.published("aigerim")
    answer = world.reply("boris", Stance.ANTI, TEXT, parent=first)
    assert told(aigerim) == []
    world.decide(answer, Action.PUBLISH)
    assert told(aigerim) == [f"boris answered your reply {first}"]
    assert TEXT in unescape(aigerim.get("/notifications").text)
    assert unread(aigerim) == 2  # with the decision on the own one
    aigerim.post("/notifications/read")
    assert unread(aigerim) == 0
    world.reword(answer), world.decide(answer, Action.PUBLISH)
    assert told(aigerim) == [f"boris answered your reply {first}"], "another wording is no second answer"
    assert told(world.visitor("boris")) == []


def test_at_the_third_level_the_one_beside_is_told(world: World) -> None:
    first = world.published("aigerim")
    second = world.published("boris", parent=first)
    third = world.published("aigerim", parent=second)
    fourth = world.published("dana", parent=third)
    world.published("saule", parent=fourth)
    assert told(world.visitor("dana")) == [f"saule answered your reply {fourth}"]
    assert told(world.visitor("aigerim")) == [
        f"dana answered your reply {third}",
        f"boris answered your reply {first}",
    ]


@pytest.mark.parametrize("how", ["removed", "withdrawn", "undone"])
def test_a_notice_of_an_answer_goes_with_the_answer_and_comes_back_with_it(world: World, how: str) -> None:
    aigerim, first = world.visitor("aigerim"), world.published("aigerim")
    answer = world.reply("boris", text=TEXT, parent=first)
    decision = world.decide(answer, Action.PUBLISH)
    if how == "removed":
        world.decide(answer, Action.REMOVE)
    elif how == "withdrawn":
        world.withdraw(answer)
    else:
        world.undo(decision)
    assert told(aigerim) == []
    assert TEXT not in unescape(aigerim.get("/notifications").text)
    if how != "withdrawn":
        world.decide(answer, Action.RESTORE if how == "removed" else Action.PUBLISH)
        assert told(aigerim) == [f"boris answered your reply {first}"]


def test_own_answers_and_those_of_muted_members_are_not_told(world: World) -> None:
    first = world.published("aigerim")
    world.mute("boris", by="aigerim")
    world.published("aigerim", parent=first), world.published("boris", parent=first)
    assert told(world.visitor("aigerim")) == []


def test_a_member_follows_a_debate_and_a_thread_and_sees_how_much_is_new(world: World) -> None:
    dana, first = world.visitor("dana"), world.published("aigerim")
    assert dana.post(f"{DEBATE}/follow", follow="1").status_code == 303
    assert dana.post(f"/replies/{first}/follow", follow="1").status_code == 303
    assert dana.post(f"/replies/{first}/follow", follow="1").status_code == 303, "twice is once"
    assert news(dana) == ["nothing new"] * 2
    world.published("boris", Stance.ANTI), world.published("boris", parent=first), world.reply("aigerim")
    assert news(dana) == ["1 new", "2 new"]
    assert unread(dana) == 2
    own = world.published("dana")
    assert news(dana) == ["1 new", "2 new"], "own replies are no news"
    gone = world.published("aigerim", parent=first)
    assert news(dana) == ["2 new", "3 new"]
    world.decide(gone, Action.REMOVE)
    assert news(dana) == ["1 new", "2 new"]
    dana.post("/notifications/read")
    assert (news(dana), unread(dana)) == (["nothing new"] * 2, 0)
    dana.post(f"{DEBATE}/follow", follow="0"), dana.post(f"/replies/{first}/follow", follow="0")
    assert "What you follow" not in dana.get("/notifications").text
    assert dana.get(f"{DEBATE}/replies/{own}").text.count("Follow this thread") == 1


def test_only_what_everybody_sees_can_be_followed_and_not_without_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana, waiting = world.visitor("dana"), world.reply("aigerim")
    first = world.published("aigerim")
    below = world.published("boris", parent=first)
    assert [dana.post(f"/replies/{n}/follow", follow="1").status_code for n in (waiting, below, 999)] == [404] * 3
    assert [dana.post(f"{DEBATE}/follow", **sent).status_code for sent in ({}, {"follow": "2"})] == [422] * 2
    monkeypatch.setattr(follows, "MOST", 1)
    dana.post(f"/replies/{first}/follow", follow="1")
    assert "as much as one can follow" in dana.post(f"{DEBATE}/follow", follow="1").text
    assert world.count(Follow) == 1


def test_what_is_followed_can_be_let_go_of_in_the_list_also_when_it_is_gone(world: World) -> None:
    dana, first = world.visitor("dana"), world.published("aigerim", text=TEXT)
    dana.post(f"{DEBATE}/follow", follow="1"), dana.post(f"/replies/{first}/follow", follow="1")
    world.decide(first, Action.REMOVE)
    with world.at_work(), writing():
        articles.close(queries.by_slug(SLUG), "All has been said.")
    page = dana.get("/notifications").text
    assert page.count("Follow it no longer") == page.count("the debate is closed") == 2
    assert page.count("no longer public") == 1
    assert f"{DEBATE}/replies/{first}" not in page
    for action in re.findall(r'<form method="post" action="([^"]+/follow)">', page):
        answer = dana.post(action, follow="0", next="/notifications")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/notifications")
    assert world.count(Follow) == 0
    assert dana.post(f"/replies/{first}/follow", follow="0").status_code == 404, "of a stranger's it does not tell"


def test_as_many_names_can_be_muted_as_a_page_can_list(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutes, "MOST", 1)
    world.mute("boris", by="aigerim")
    world.person("dana")
    aigerim = world.visitor("aigerim")
    refused = aigerim.post("/people/dana/mute", mute="1")
    assert refused.status_code == 422
    assert "You have muted as many names as one can." in refused.text
    aigerim.post("/people/boris/mute", mute="0")
    assert aigerim.post("/people/dana/mute", mute="1").status_code == 303


def test_muted_words_fold_for_one_member_alone(world: World) -> None:
    dana, reply = world.visitor("dana"), world.published("boris", text=TEXT)
    assert "Mute boris" in dana.get("/people/boris").text
    assert "Mute" not in world.visitor("boris").get("/people/boris").text
    dana.post("/people/boris/mute", mute="1", next="/people/boris")
    page = dana.get(DEBATE).text
    assert "<summary>boris, whom you have muted</summary>" in page
    assert TEXT in unescape(page), "folded, not hidden"
    assert f'id="reply-{reply}"' in page
    for other in ("aigerim", "boris", ""):
        assert "muted" not in world.visitor(other).get(DEBATE).text
    assert "Unmute" in dana.get("/accounts/settings").text
    dana.post("/people/boris/mute", mute="0")
    assert "muted" not in dana.get(DEBATE).text
    assert dana.post("/people/dana/mute", mute="1").status_code == 422
    assert dana.post("/people/boris/mute").status_code == 422
    assert dana.post("/people/nobody/mute", mute="1").status_code == 404


def test_a_member_sees_what_is_new_since_the_last_visit_and_a_look_writes_no_row(world: World) -> None:
    with time_machine.travel(NOON, tick=False):
        world.published("aigerim", text="It was here before the visit.")
        dana = world.visitor("dana")
        assert "last visit" not in dana.get(DEBATE).text
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        world.published("boris", Stance.ANTI, text=TEXT)
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        world.published("aigerim", parent=1), world.published("dana", text="Her own one, no news to her.")
        before = world.everything()
        page = dana.get(DEBATE).text
        said = " ".join(re.search(r"Since your last visit:(.*?)</p>", page, re.DOTALL)[1].split())
        assert said == "For legalisation 0 new replies, Against legalisation 1 new reply, 1 new answer."
        assert page.count('<span class="n">new</span>') == 2
        assert world.everything() == before
    with time_machine.travel(NOON + timedelta(hours=2, minutes=20), tick=False):
        assert dana.get(DEBATE).text.count('<span class="n">new</span>') == 2, "still the same visit"
    with time_machine.travel(NOON + timedelta(hours=4), tick=False):
        assert "last visit" not in dana.get(DEBATE).text
        assert "last visit" not in world.visitor().get(DEBATE).text


def test_the_cookie_stays_small_however_many_debates_are_read(world: World) -> None:
    with world.app.test_request_context():
        from flask import session

        for number in range(visits.MOST + 20):
            with time_machine.travel(NOON + timedelta(minutes=number), tick=False):
                visits.last_visit(number)
        assert len(session["visits"]) == visits.MOST
        assert str(visits.MOST + 19) in session["visits"]


def test_following_much_costs_a_page_no_more_queries(world: World) -> None:
    dana, threads = world.visitor("dana"), [world.published("aigerim") for _number in range(5)]
    costs = []
    for some in (threads[:1], threads[1:]):
        for thread in some:
            world.follow("dana", thread), world.published("boris", parent=thread)
        with world.counted_queries() as sent:
            dana.get("/notifications"), dana.get(f"{DEBATE}?sort=oldest")
        costs.append(len(sent))
    assert costs[0] == costs[1]
    assert world.count(Notification) == len(threads) + len(threads) + len(threads)
